"""The section ``autoencoder`` refuses what no training can be."""

import pytest

from latentlab.families.autoencoder.settings import SECONDS_PER_IMAGE, Settings
from tests import presets
from tests.refusals import refused


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("learning_rate", "0", "greater than 0, got 0"),
        ("batch_size", "1", "greater than or equal to 2, got 1"),
        ("epochs", "1.5", "a valid integer, got 1.5"),
    ],
)
def test_an_impossible_value_is_one_line(key: str, value: str, expected: str) -> None:
    assert refused("autoencoder", Settings, **{key: value}) == [f"autoencoder.{key}: expected {expected}"]


def test_a_training_takes_as_long_as_its_images_in_all_epochs() -> None:
    own = presets.load("tiny").autoencoder.model_copy(update={"epochs": 3})
    assert own.seconds(200) == pytest.approx(600 * SECONDS_PER_IMAGE)
