"""Mixtures of Gaussians whose means and covariances can be worked out."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from latentlab.core.arrays import Labels, Latents
from latentlab.families.latents import samplers

# Mean (1, 2); deviations of the first coordinate -1, 1, -1, 1, of the second -2, -2, 2, 2.
SQUARE = np.array([[0, 0], [2, 0], [0, 4], [2, 4]], np.float32)


def clusters(*centres: list[float], each: int = 200) -> tuple[Latents, Labels]:
    """Points around each centre with a deviation of 1/10, and which centre each is of, in turn."""
    labels = np.arange(each * len(centres)) % len(centres)
    noise = np.random.default_rng(0).normal(0, 0.1, (len(labels), len(centres[0])))
    return (np.array(centres)[labels] + noise).astype(np.float32), labels


def draws(fitted: samplers.Mixture, count: int) -> Latents:
    return fitted.draw(fitted.draw_components(count, seed=1), seed=2)


def test_a_gaussian_by_hand() -> None:
    fitted = samplers.gaussian(SQUARE)
    assert_array_equal(fitted.weights, [1])
    assert_array_equal(fitted.means, [[1, 2]])
    assert_array_equal(fitted.covariances, [[[1, 0], [0, 4]]])


def test_a_gaussian_knows_how_coordinates_go_together() -> None:
    """(-1, -3) and (1, 3): variances 1 and 9, covariance 3."""
    assert_array_equal(
        samplers.gaussian(np.array([[-1, -3], [1, 3]], np.float32)).covariances, [[[1, 3], [3, 9]]]
    )


def test_each_class_has_its_gaussian_and_its_share() -> None:
    labels = np.array([7, 2, 7, 2])
    fitted = samplers.per_class(SQUARE + np.array([[0, 0], [10, 0], [0, 0], [10, 0]], np.float32), labels)
    assert_array_equal(fitted.classes, [2, 7])
    assert_array_equal(fitted.weights, [0.5, 0.5])
    assert_array_equal(fitted.means, [[12, 2], [0, 2]])
    assert_array_equal(fitted.covariances, [[[0, 0], [0, 4]]] * 2)
    three_to_one = samplers.per_class(SQUARE, np.array([0, 0, 0, 1]))
    assert_array_equal(three_to_one.weights, [0.75, 0.25])


def test_a_class_of_one_image_is_that_image() -> None:
    fitted = samplers.per_class(SQUARE, np.array([0, 0, 0, 5]))
    assert_array_equal(fitted.draw(np.array([1, 1, 1]), seed=0), [[2, 4]] * 3)


def test_draws_have_the_mean_and_covariance_of_their_component() -> None:
    """20,000 draws: five standard errors of the mean are 0.07 and 0.11, of the covariance 0.3."""
    covariances = np.array([[[4, 3], [3, 9]], np.eye(2)])
    fitted = samplers.Mixture(np.array([0.9, 0.1]), np.array([[5.0, -5], [0, 0]]), covariances)
    latents = fitted.draw(np.zeros(20_000, int), seed=0)
    assert latents.dtype == np.float32
    assert_allclose(latents.mean(axis=0), [5, -5], atol=0.11)
    assert_allclose(np.cov(latents.T), covariances[0], atol=0.45)


def test_components_are_drawn_by_their_weights_and_seed() -> None:
    fitted = samplers.Mixture(np.array([0.2, 0.8]), np.zeros((2, 1)), np.ones((2, 1, 1)))
    components = fitted.draw_components(10_000, seed=0)
    assert components.mean() == pytest.approx(0.8, abs=0.02)
    assert_array_equal(components, fitted.draw_components(10_000, seed=0))
    assert (components != fitted.draw_components(10_000, seed=1)).any()
    assert_array_equal(fitted.draw(components, seed=3), fitted.draw(components, seed=3))


def test_a_mixture_finds_clusters() -> None:
    latents, _ = clusters([-4, 0], [4, 0], [0, 50])
    fitted = samplers.mixture(latents, [3], seed=0)
    order = np.argsort(fitted.means[:, 0])
    assert_allclose(fitted.means[order], [[-4, 0], [0, 50], [4, 0]], atol=0.05)
    assert_allclose(fitted.weights, 1 / 3, atol=0.01)
    assert_allclose(fitted.covariances, np.tile(0.01 * np.eye(2), (3, 1, 1)), atol=0.003)
    assert fitted.classes is None


def test_the_criterion_takes_as_many_components_as_there_are_clusters() -> None:
    latents, _ = clusters([-4, 0], [4, 0], [0, 4], [0, -4], each=60)
    assert len(samplers.mixture(latents, [1, 2, 4, 8], seed=0).weights) == 4


def test_components_stay_within_different_latents() -> None:
    latents = np.repeat(np.array([[0, 0], [3, 3]], np.float32), 5, axis=0)
    fitted = samplers.mixture(latents, [10], seed=0)
    assert_allclose(np.sort(fitted.means, axis=0), [[0, 0], [3, 3]], atol=1e-6)


@pytest.mark.parametrize("components", ["classes", "bic"])
def test_a_collapsed_dimension_stays_where_it_is(components: str) -> None:
    latents, labels = clusters([-4, 0], [4, 0], each=40)
    latents[:, 1] = 3
    ways = ("gaussian", "mixture", "per_class")
    fitted = samplers.fit(latents, labels, ways=ways, mixture_components=components, seed=0)
    assert tuple(fitted) == ways
    for way in fitted.values():
        drawn = draws(way, 200)
        assert_allclose(drawn[:, 1], 3, atol=0.01)
        assert drawn[:, 0].std() > 3


def test_latents_that_are_all_the_same_are_drawn_again() -> None:
    latents, labels = np.full((20, 3), 2, np.float32), np.arange(20) % 4
    ways = ("gaussian", "mixture", "per_class")
    for way in samplers.fit(latents, labels, ways=ways, mixture_components="classes", seed=0).values():
        assert_allclose(draws(way, 10), 2, atol=0.01)


def test_only_the_ways_that_are_wanted_are_fitted() -> None:
    latents, labels = clusters([-4, 0], [4, 0], [0, 4], each=30)
    fitted = samplers.fit(latents, labels, ways=["mixture"], mixture_components="classes", seed=0)
    assert list(fitted) == ["mixture"]
    assert len(fitted["mixture"].weights) == 3
    assert samplers.fit(latents, labels, ways=[], mixture_components="bic", seed=0) == {}
