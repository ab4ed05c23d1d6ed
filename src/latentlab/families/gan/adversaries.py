"""What the history of a GAN's training says of the balance between its two networks."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

History = Sequence[Mapping[str, float]]

ACCURACIES = {
    "accuracy_real": "discriminator_accuracy_real",
    "accuracy_generated": "discriminator_accuracy_generated",
}
LOSSES = ("generator_loss", "discriminator_loss")
# The objective whose losses are cross-entropies.
IN_NATS = "non_saturating"
# Nats at which a network gives the right answer a probability of 0.7 %, as the geometric mean over images.
LOST = 5.0


def summarise(history: History, objective: str) -> dict[str, Any]:
    """The discriminator's accuracy at the end, where it is heading, and the epoch where training diverged.

    Args:
        history: a record for each epoch, 1 or more, with the keys of ``ACCURACIES`` and ``LOSSES``.
        objective: what was trained, as ``gan.objective`` names it.

    Returns:
        objective: as given.
        accuracy_real, accuracy_generated: the share of images judged right, the mean of the last tenth of
            the epochs.
        accuracy_real_trend, accuracy_generated_trend: its change an epoch, the slope of a least-squares line
            through the last half of the epochs; None of a single epoch.
        diverged_epoch: see :func:`diverged_epoch`; None where the losses are not in nats.
    """
    accuracies = {name: _column(history, key) for name, key in ACCURACIES.items()}
    ends = {name: float(values[-_tenth(history) :].mean()) for name, values in accuracies.items()}
    trends = {f"{name}_trend": _slope(values) for name, values in accuracies.items()}
    diverged = diverged_epoch(history) if objective == IN_NATS else None
    return {"objective": objective, **ends, **trends, "diverged_epoch": diverged}


def diverged_epoch(history: History) -> int | None:
    """The epoch from which on one network has lost for good, or None if it never came to that.

    That is the first epoch from which the generator's loss, or the discriminator's, stays above 5 nats to
    the end, for the last tenth of the epochs at least. Healthy losses lie below 2 nats or so; at the
    equilibrium of the game each is log 2, or 0.69.
    """
    epochs = [_first_of_last_run(_column(history, key) > LOST) for key in LOSSES]
    found = [epoch for epoch in epochs if epoch <= len(history) - _tenth(history)]
    return int(history[min(found)]["epoch"]) if found else None


def _first_of_last_run(lost: npt.NDArray[np.bool_]) -> int:
    """The index from which on all are true; their number where the last is not."""
    return len(lost) - int(np.logical_and.accumulate(lost[::-1]).sum())


def _tenth(history: History) -> int:
    return -(-len(history) // 10)


def _slope(values: npt.NDArray[np.float64]) -> float | None:
    if len(values) == 1:
        return None
    half = values[-max(2, -(-len(values) // 2)) :]
    return float(np.polyfit(np.arange(len(half)), half, 1)[0])


def _column(history: History, key: str) -> npt.NDArray[np.float64]:
    return np.array([record[key] for record in history], np.float64)
