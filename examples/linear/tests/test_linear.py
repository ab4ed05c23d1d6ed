import keras
import numpy as np
import pytest
import scipy.stats

from latentlab.core.arrays import Floats, Images, Latents
from latentlab.core.errors import ParamsError
from latentlab.families.linear import scores
from latentlab.families.linear.model import closed_form
from latentlab.families.linear.model.closed_form import Ppca, fit, rows
from latentlab.families.linear.model.networks import build_decoder, build_encoder, read_back

SHAPE = (1, 3, 1)
# Half the sides of a box around grey level 110, so that the covariance has their squares as eigenvalues.
HALVES = np.array([100, 50, 10])


def corners() -> Images:
    """The eight corners of the box, an image of three pixels each."""
    signs = np.stack(np.meshgrid(*[[-1, 1]] * 3), axis=-1).reshape(-1, 3)
    return (110 + signs * HALVES).astype(np.uint8).reshape(-1, *SHAPE)


def noisy(count: int = 60) -> Images:
    """Images of 4 x 3 pixels that vary in three directions, and a little in all."""
    rng = np.random.default_rng(0)
    varied = rng.normal(size=(count, 3)) @ rng.normal(0, 20, (3, 12)) + rng.normal(0, 5, (count, 12))
    return np.clip(np.rint(128 + varied), 0, 255).astype(np.uint8).reshape(count, 4, 3, 1)


def as_rows(images: Images) -> Floats:
    return np.concatenate(list(rows(images)))


def mean_likelihood(model: Ppca, images: Images) -> float:
    return float(model.log_likelihood(as_rows(images)).mean())


def assert_same(found: Ppca, expected: Ppca, rtol: float) -> None:
    np.testing.assert_allclose(found.mean, expected.mean, rtol, atol=1e-12)
    np.testing.assert_allclose(found.weights, expected.weights, rtol, atol=1e-12)
    np.testing.assert_allclose(found.noise_variance, expected.noise_variance, rtol)


def test_parameters_worked_out_by_hand() -> None:
    """Eigenvalues 10000, 2500 and 100 over 255^2: sigma^2 = 1300 / 255^2 and |W|^2 = 8700 / 255^2."""
    found = fit(corners(), 1)
    np.testing.assert_allclose(found.mean, [0.431373] * 3, rtol=1e-5)
    assert found.noise_variance == pytest.approx(0.0199923, rel=1e-5)
    np.testing.assert_allclose(found.weights, np.array([[0.365780], [0], [0]]), atol=1e-6)
    # -1/2 (3 log 2 pi + log 10000 / 255^2 + 2 log 1300 / 255^2), where no square adds to it.
    assert found.log_likelihood(found.mean[np.newaxis])[0] == pytest.approx(2.091685, rel=1e-5)


def test_the_likelihood_is_that_of_the_covariance_written_out() -> None:
    images, found = noisy(), fit(noisy(), 2)
    covariance = found.weights @ found.weights.T + found.noise_variance * np.eye(12)
    expected = scipy.stats.multivariate_normal(found.mean, covariance).logpdf(as_rows(images))
    np.testing.assert_allclose(found.log_likelihood(as_rows(images)), expected, rtol=1e-9)


def test_no_parameters_near_by_are_likelier() -> None:
    images, found, rng = noisy(), fit(noisy(), 3), np.random.default_rng(1)
    others = [
        Ppca(
            found.mean + rng.normal(0, scale, found.mean.shape),
            found.weights + rng.normal(0, scale, found.weights.shape),
            found.noise_variance * float(np.exp(rng.normal(0, scale))),
        )
        for scale in (1e-3, 1e-2)
        for _ in range(20)
    ]
    assert max(mean_likelihood(other, images) for other in others) < mean_likelihood(found, images)


def test_more_components_are_likelier() -> None:
    likelihoods = [mean_likelihood(fit(noisy(), latent_dim), noisy()) for latent_dim in (1, 2, 3)]
    assert likelihoods == sorted(likelihoods)


def test_large_images_have_the_same_components(monkeypatch: pytest.MonkeyPatch) -> None:
    small = fit(noisy(), 3)
    monkeypatch.setattr(closed_form, "MOST_PIXELS", 11)
    assert_same(fit(noisy(), 3), small, rtol=1e-9)
    # Of as many images as are taken, and of no other.
    monkeypatch.setattr(closed_form, "MOST_VALUES", 12 * 40)
    few = fit(noisy(), 3)
    monkeypatch.setattr(closed_form, "MOST_PIXELS", 12)
    assert_same(few, fit(noisy()[:40], 3), rtol=1e-9)


@pytest.mark.parametrize(("images", "latent_dim"), [(corners(), 3), (noisy(4), 3), (noisy(4), 4)])
def test_components_that_leave_no_noise_are_refused(images: Images, latent_dim: int) -> None:
    with pytest.raises(ParamsError, match=rf"linear\.latent_dim: expected fewer .* got {latent_dim}\. Lower"):
        fit(images, latent_dim)


def test_images_that_are_all_alike_are_refused() -> None:
    with pytest.raises(ParamsError, match=r"linear\.latent_dim"):
        fit(np.full((8, 4, 3, 1), 9, np.uint8), 1)


def test_the_networks_are_the_model() -> None:
    images, found = noisy(), fit(noisy(), 2)
    x = as_rows(images)
    encoder, decoder = build_encoder(found, images.shape[1:]), build_decoder(found, images.shape[1:])
    z = encoder(images / np.float32(255))
    np.testing.assert_allclose(z, (x - found.mean) @ found.posterior.T, rtol=1e-4, atol=1e-5)
    expected = np.clip(z @ found.weights.T + found.mean, 0, 1).reshape(images.shape)
    np.testing.assert_allclose(decoder(z), expected, rtol=1e-5, atol=1e-6)
    far = np.asarray(decoder(100 * np.ones((1, 2), np.float32)))
    assert (far.min(), far.max()) == (0, 1)
    assert_same(read_back(decoder, found.noise_variance), found, rtol=1e-6)


def test_draws_of_latents_are_as_wide_as_the_prior() -> None:
    """The posterior means have a covariance of I - sigma^2 M^-1, and each posterior has the rest."""
    found = fit(noisy(), 2)
    z = (as_rows(noisy()) - found.mean) @ found.posterior.T
    rest = found.noise_variance * np.linalg.inv(found.precision)
    np.testing.assert_allclose(z.T @ z / len(z) + rest, np.eye(2), atol=1e-9)


def test_scores_of_the_mean_image() -> None:
    """Of z = 0 the squared error is the pixels' variance, and the KL that of a narrower normal variable."""
    found, images = fit(corners(), 1), corners()
    scored = scores.score(found, images, np.zeros((8, 1), np.float32))
    assert scored["reconstruction_squared_error"] == pytest.approx(12600 / 3 / 255**2)
    # 1/2 (s - 1 - log s) with s = sigma^2 / M = 1300 / 10000.
    assert scored["kl_nats"] == pytest.approx(0.585110, rel=1e-5)
    assert scored["latent"]["kl_per_dimension_nats"] == [scored["kl_nats"]]
    expected = found.log_likelihood(as_rows(images)).mean() / 3
    assert scored["log_likelihood_nats_per_pixel"] == pytest.approx(expected)


def test_encodings_come_back_better_than_the_mean_image() -> None:
    images, found = noisy(), fit(noisy(), 2)
    z: Latents = keras.ops.convert_to_numpy(build_encoder(found, images.shape[1:])(images / np.float32(255)))
    errors = [scores.score(found, images, of)["reconstruction_squared_error"] for of in (z, 0 * z)]
    assert errors[0] < errors[1] / 2
