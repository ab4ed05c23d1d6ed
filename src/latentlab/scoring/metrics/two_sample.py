"""A classifier two-sample test: how well a fixed classifier tells new samples from new real images."""

import numpy as np
import scipy.linalg
import scipy.special

from latentlab.scoring.metrics.pairs import Values, Vectors

# On half the squared weights of standardised features, beside the mean loss. With a tenth of it, a thousand
# features of a thousand images are learnt by heart, and real images score well below 0.
RIDGE = 1.0
NEWTON_STEPS = 6
# Two to fit and two to hold out.
LEAST_IMAGES = 4


def held_out_gain(real: Vectors, samples: Vectors, seed: int) -> float:
    """What a logistic regression on features knows of which images are samples, in nats an image.

    It is fitted to a half of each set. The gain is by how much its mean log-loss on the other halves lies
    below that of one who knows only how many samples they hold. (The test of Lopez-Paz and Oquab 2017,
    section 3, takes the accuracy in its place, which says less of few images.) Being linear, it sees that
    features differ in their means, and not that they differ in their spread. It detects and does not rank:
    whatever differs at all in many features is near log 2.

    Args:
        real: features of real images, (n, d), n of 4 or more.
        samples: features of samples, (m, d), m of 4 or more.
        seed: of the halves.

    Returns:
        About 0, or slightly below, where nothing tells the sets apart; up to log 2 = 0.69, for n = m, where
        everything does. The ridge keeps it below, the more so the fewer features tell.
    """
    if real.ndim != 2 or min(len(real), len(samples)) < LEAST_IMAGES or real.shape[1:] != samples.shape[1:]:
        raise ValueError(
            f"expected features of at least {LEAST_IMAGES} real images (n, d) and samples (m, d), "
            f"got {real.shape} and {samples.shape}"
        )
    rng = np.random.default_rng(seed)
    real, samples = (part[rng.permutation(len(part))].astype(np.float64) for part in (real, samples))
    fitted, are_samples = _labelled(real[: len(real) // 2], samples[: len(samples) // 2])
    held_out, held_are_samples = _labelled(real[len(real) // 2 :], samples[len(samples) // 2 :])
    mean, deviation = fitted.mean(axis=0), fitted.std(axis=0)
    scale = np.where(deviation > 0, deviation, 1)
    weights, bias = logistic_regression((fitted - mean) / scale, are_samples)
    logits = (held_out - mean) / scale @ weights + bias
    share = held_are_samples.mean()
    loss = np.logaddexp(0, (1 - 2 * held_are_samples) * logits).mean()
    return float(scipy.special.entr(share) + scipy.special.entr(1 - share) - loss)


def logistic_regression(features: Vectors, labels: Values) -> tuple[Values, float]:
    """The weights (d,) and the bias of log odds, by Newton's method from 0 and in a fixed number of steps.

    The mean loss of the labels 0 or 1 (n,) given features (n, d), plus half the squared weights.
    """
    rows = np.column_stack([features, np.ones(len(features))])
    penalty = np.append(np.full(features.shape[1], RIDGE), 0)
    solution = np.zeros(len(penalty))
    for _ in range(NEWTON_STEPS):
        odds = scipy.special.expit(rows @ solution)
        gradient = rows.T @ (odds - labels) / len(rows) + penalty * solution
        weighted = rows * np.sqrt(odds * (1 - odds) / len(rows))[:, np.newaxis]
        # As a product with itself it takes half the time.
        hessian = weighted.T @ weighted + np.diag(penalty)
        solution -= scipy.linalg.solve(hessian, gradient, assume_a="pos")
    return solution[:-1], float(solution[-1])


def _labelled(real: Values, samples: Values) -> tuple[Values, Values]:
    return np.concatenate([real, samples]), np.repeat([0.0, 1.0], [len(real), len(samples)])
