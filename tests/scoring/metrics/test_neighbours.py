"""Neighbourhoods: worked out by hand, equal to another implementation, and pointing the right way."""

import numpy as np
import prdc
import pytest

from latentlab.scoring.metrics import neighbours
from latentlab.scoring.metrics.pairs import Members, Vectors


def everything(points: Vectors) -> Members:
    return np.ones((1, len(points)), bool)


def scores(
    real: Vectors, samples: Vectors, real_members: Members, members: Members
) -> dict[str, list[float]]:
    real_balls = neighbours.balls(real, real_members)
    in_real, in_samples = neighbours.overlaps(real_balls, neighbours.balls(samples, members))
    return {
        "precision": neighbours.precision(in_real, members).tolist(),
        "recall": neighbours.precision(in_samples, real_members).tolist(),
        "density": neighbours.density(in_real, members).tolist(),
        "coverage": neighbours.coverage(in_real, real_members).tolist(),
    }


def test_radii_on_a_line_by_hand() -> None:
    """Points 0 to 6: the 5th neighbour of the ends is 5 away, of their neighbours 4, and so on inwards."""
    line = np.arange(7.0)[:, np.newaxis]
    half = np.array([[True] * 7, [True, True, False, False, False, False, True]])
    radii = neighbours.balls(line, half).squared_radii
    assert radii[0].tolist() == [25, 16, 9, 9, 9, 16, 25]
    # Fewer than five others: to the farthest of them; nothing around points that are no members.
    assert radii[1].tolist() == [36, 25, 0, 0, 0, 0, 36]


def test_scores_on_a_line_by_hand() -> None:
    """Real points 0 to 6 have balls of radius 5, 4, 3, 3, 3, 4, 5, without their ends.

    Sample 0 lies in those of 0, 1 and 2, since that of 3 ends there; 8 in those of 5 and 6; 30 in none. The
    samples' balls reach to the farthest other sample, so that all real points but one are in that of 0.
    """
    real, samples = np.arange(7.0)[:, np.newaxis], np.array([[0.0], [8.0], [30.0]])
    found = scores(real, samples, everything(real), everything(samples))
    assert found == {
        "precision": [pytest.approx(2 / 3)],
        "recall": [1.0],
        "density": [pytest.approx(5 / 15)],
        "coverage": [pytest.approx(5 / 7)],
    }


def test_every_subset_is_what_another_implementation_makes_of_it_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    rng = np.random.default_rng(0)
    real = rng.normal(size=(600, 8)).astype(np.float32)
    samples = rng.normal(0.4, 0.8, size=(600, 8)).astype(np.float32)
    real_members, members = (np.array([np.full(600, True), rng.permutation(600) < 300]) for _ in range(2))
    ours = scores(real, samples, real_members, members)
    for subset in range(2):
        theirs = prdc.compute_prdc(real[real_members[subset]], samples[members[subset]], neighbours.NEAREST)
        assert {name: values[subset] for name, values in ours.items()} == pytest.approx(theirs, rel=1e-6)


def test_a_real_set_scores_about_one_and_a_far_one_nothing() -> None:
    rng = np.random.default_rng(1)
    real, fresh = rng.normal(size=(2, 500, 3))
    alike = scores(real, fresh, everything(real), everything(fresh))
    assert all(value[0] > 0.9 for value in alike.values())
    far = scores(real, fresh + 100, everything(real), everything(fresh))
    assert all(value == [0] for value in far.values())


def test_a_collapse_keeps_precision_and_loses_recall_and_coverage() -> None:
    rng = np.random.default_rng(2)
    real, fresh = rng.normal(size=(2, 500, 3))
    collapsed = scores(real, 0.05 * fresh, everything(real), everything(fresh))
    assert collapsed["precision"] == [1]
    assert collapsed["recall"][0] < 0.1
    assert collapsed["coverage"][0] < 0.3
    assert collapsed["density"][0] > 1


def test_copies_of_one_point_have_no_neighbourhood() -> None:
    """Their balls have no radius and no inside."""
    rng = np.random.default_rng(3)
    real, same = rng.normal(size=(50, 2)), np.zeros((50, 2))
    assert scores(real, same, everything(real), everything(same))["recall"] == [0]


@pytest.mark.parametrize("shape", [(1, 3), (4,)])
def test_too_few_or_misshapen_points_are_refused(shape: tuple[int, ...]) -> None:
    with pytest.raises(ValueError, match=r"expected at least 2 points \(n, d\), got"):
        neighbours.balls(np.zeros(shape), np.ones((1, shape[0]), bool))
