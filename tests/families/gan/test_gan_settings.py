"""The section ``gan`` refuses what no GAN can be."""

from typing import Any

import pytest

from latentlab.families.gan.settings import SECONDS_PER_IMAGE, Settings
from tests import presets
from tests.refusals import refused


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        (
            "objective",
            "wgan",
            "'non_saturating', 'least_squares', 'hinge', 'wasserstein_gp' or 'relativistic', got 'wgan'",
        ),
        ("blocks", "dense", "'plain', 'residual' or 'sngan', got 'dense'"),
        ("r1", "-1", "greater than or equal to 0, got -1"),
        ("dropout", "1", "less than 1, got 1"),
        ("batch_size", "21", "a multiple of 2, got 21"),
        ("batch_size", "2", "greater than or equal to 4, got 2"),
        ("batch_norm", "1", "a valid boolean, got 1"),
        ("sample_epochs", "[2, 1]", "rising epochs up to gan.epochs, which is 2, got [2, 1]"),
        ("sample_epochs", "[1, 1]", "rising epochs up to gan.epochs, which is 2, got [1, 1]"),
        ("sample_epochs", "[1, 3]", "rising epochs up to gan.epochs, which is 2, got [1, 3]"),
        ("snapshot_every", "0", "greater than or equal to 1, got 0"),
    ],
)
def test_an_impossible_value_is_one_line(key: str, value: str, expected: str) -> None:
    assert refused("gan", Settings, **{key: value}) == [f"gan.{key}: expected {expected}"]


@pytest.mark.parametrize(
    ("changes", "images"),
    [
        # Three epochs of the whole batches in 200 images; of steps that are set; of twice the filters.
        ({}, 3 * 12 * 16),
        ({"steps_per_epoch": 5}, 3 * 5 * 16),
        ({"generator_filters": (4, 64)}, 2 * 3 * 12 * 16),
    ],
)
def test_a_training_takes_as_long_as_its_steps_and_widest_maps(changes: dict[str, Any], images: int) -> None:
    usual = {"epochs": 3, "batch_size": 16, "steps_per_epoch": None, "generator_filters": (32,)}
    own = presets.load("tiny").gan.model_copy(update=usual | changes)
    assert own.seconds(200) == pytest.approx(images * SECONDS_PER_IMAGE)
