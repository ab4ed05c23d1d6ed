"""The section ``vae`` refuses what no VAE can be."""

import pytest

from latentlab.families.vae.settings import SECONDS_PER_IMAGE, Settings
from tests import presets
from tests.refusals import refused


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("kl_weight", "-0.1", "greater than or equal to 0, got -0.1"),
        ("kl_weight", ".nan", "a finite number, got nan"),
        ("kl_weight", ".inf", "a finite number, got inf"),
        ("kl_weight", "'0.1'", "a valid number, got '0.1'"),
        ("kl_weight", "yes", "a valid number, got 'yes'"),
        ("reconstruction", "poisson", "'bernoulli', 'gaussian' or 'gaussian_optimal', got 'poisson'"),
        ("batch_size", "1", "greater than or equal to 2, got 1"),
        ("free_bits", "-1", "greater than or equal to 0, got -1"),
        ("kl_warmup_epochs", "-1", "greater than or equal to 0, got -1"),
        ("kl_warmup_epochs", "2", "less than vae.epochs, which is 2, to reach the weight, got 2"),
        ("epsilon_sigma", "0", "greater than 0, got 0"),
        ("epsilon_sigma", ".inf", "a finite number, got inf"),
        ("learning_rate", "1.5", "less than or equal to 1, got 1.5"),
        ("cooldown", "1.5", "less than or equal to 1, got 1.5"),
        ("cooldown", "-0.1", "greater than or equal to 0, got -0.1"),
        ("filters", "8", "a list, got 8"),
        ("filters", "[]", "a list of one item or more, got []"),
        ("sample_epochs", "[1, 3]", "rising epochs up to vae.epochs, which is 2, got [1, 3]"),
    ],
)
def test_an_impossible_value_is_one_line(key: str, value: str, expected: str) -> None:
    assert refused("vae", Settings, **{key: value}) == [f"vae.{key}: expected {expected}"]


@pytest.mark.parametrize(("key", "value"), [("free_bits", "0.1"), ("kl_warmup_epochs", "1")])
def test_what_shapes_a_kl_of_no_weight_is_refused(key: str, value: str) -> None:
    reason = "0, because vae.kl_weight is 0: no KL to free or warm up"
    line = f"vae.{key}: expected {reason}, got {value}"
    assert refused("vae", Settings, kl_weight="0", **{key: value}) == [line]


def test_all_that_is_wrong_is_named_at_once_and_nothing_besides() -> None:
    lines = refused("vae", Settings, kl_weight="-1", free_bits="0.1", epochs="0", kl_warmup_epochs="5")
    assert [line.partition(":")[0] for line in lines] == ["vae.kl_weight", "vae.epochs"]


def test_a_training_takes_as_long_as_its_images_in_all_epochs() -> None:
    own = presets.load("tiny").vae.model_copy(update={"epochs": 3})
    assert own.seconds(200) == pytest.approx(600 * SECONDS_PER_IMAGE)
