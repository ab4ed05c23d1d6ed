"""Changes of params.yaml, and what is none."""

from typing import Any

import pytest

from latentlab.core.errors import ParamsError
from studies.seeds import settings
from tests import presets

VALUES: dict[str, Any] = {"seed": 1, "threads": None, "gan": {"dropout": 0.0, "filters": [1]}}


def test_values_are_yaml_and_the_rest_stays() -> None:
    changed = settings.apply(VALUES, ["gan.filters=[2, 3]", "threads=2", "gan.dropout=0.4"])
    assert changed == {"seed": 1, "threads": 2, "gan": {"dropout": 0.4, "filters": [2, 3]}}
    assert VALUES["gan"] == {"dropout": 0.0, "filters": [1]}


@pytest.mark.parametrize(
    "change", ["gan.dropout", "gan.drop=1", "vae.dropout=1", "gan.dropout.x=1", "=1", ""]
)
def test_what_names_no_key_is_refused(change: str) -> None:
    with pytest.raises(ParamsError, match=r"SET: expected section\.key=value with a key of params\.yaml"):
        settings.apply(VALUES, [change])


def test_a_value_that_is_no_yaml_is_refused() -> None:
    with pytest.raises(ParamsError, match=r"with a value in YAML, got 'gan\.dropout=\['"):
        settings.apply(VALUES, ["gan.dropout=["])


@pytest.mark.parametrize(
    ("change", "told"),
    [
        ("vae.epochs=ten", r"SET: change these keys.*\n  vae\.epochs: expected a valid integer, got 'ten'"),
        ("gan.batch_size=0", r"gan\.batch_size: expected greater than or equal to 4, got 0"),
        ("data.size=256", "autoencoder|gan|vae"),
    ],
)
def test_what_no_stage_would_take_is_refused(change: str, told: str) -> None:
    values = presets.values("default")
    settings.require_possible(values)
    with pytest.raises(ParamsError, match=told):
        settings.require_possible(settings.apply(values, [change]))


def test_the_seed_is_no_setting() -> None:
    with pytest.raises(ParamsError, match="the seed is what varies"):
        settings.apply(VALUES, ["seed=3"])
