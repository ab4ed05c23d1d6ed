"""Changes of params.yaml, and what is none."""

from typing import Any

import pytest

from latentlab.core.errors import ParamsError
from studies.seeds import settings

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


def test_the_seed_is_no_setting() -> None:
    with pytest.raises(ParamsError, match="the seed is what varies"):
        settings.apply(VALUES, ["seed=3"])
