"""The sections ``features`` and ``evaluate`` refuse what no scoring can be."""

from pathlib import Path

import pytest

from latentlab.core.settings import load_part
from latentlab.scoring.settings import Evaluate, Features, Scoring
from tests import presets
from tests.refusals import refused


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("width", "65", "less than or equal to 64, got 65"),
        ("shift", ".nan", "less than or equal to 0.5, got nan"),
        ("shift", "2020-01-01", "a valid number, got datetime.date(2020, 1, 1)"),
    ],
)
def test_an_impossible_feature_space_is_one_line(key: str, value: str, expected: str) -> None:
    assert refused("features", Features, **{key: value}) == [f"features.{key}: expected {expected}"]


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("inception_weights", "''", "at least 1 character, got ''"),
        ("inception_weights", "3", "a valid string, got 3"),
        ("num_samples", "19", "greater than or equal to 20, got 19"),
        ("minimum_accuracy", ".nan", "less than or equal to 1, got nan"),
        ("importance_samples", "[50, 1]", "rising numbers, got [50, 1]"),
        ("importance_samples", "[]", "a list of one item or more, got []"),
        ("samplers", "[mixture, mixture]", "each name once, got ['mixture', 'mixture']"),
        ("samplers", "normal", "a list, got 'normal'"),
        ("mixture_components", "3", "'classes' or 'bic', got 3"),
        ("importance_images", "0", "greater than or equal to 1, got 0"),
    ],
)
def test_an_impossible_scoring_is_one_line(key: str, value: str, expected: str) -> None:
    assert refused("evaluate", Evaluate, **{key: value}) == [f"evaluate.{key}: expected {expected}"]


def test_a_scoring_reads_its_part_of_params(tmp_path: Path) -> None:
    read = load_part(Scoring, presets.write("tiny", tmp_path / "params.yaml"))
    assert (read.seed, read.threads, read.features.filters) == (1, None, (16, 32))
    assert read.evaluate.samplers == ("gaussian", "mixture", "per_class")
