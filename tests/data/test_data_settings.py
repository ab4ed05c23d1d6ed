"""The section ``data`` refuses what no source can be."""

import pytest

from latentlab.data.settings import LOCAL, Data
from tests import presets
from tests.refusals import refused


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        (
            "source",
            "cifar",
            "'mnist_sample', 'mnist', 'fashion_mnist', 'idx', 'npz' or 'folder', got 'cifar'",
        ),
        ("path", "images", "null, because data.source is mnist_sample, which has no path, got 'images'"),
        ("path", "''", "at least 1 character, got ''"),
        ("size", "7", "greater than or equal to 8, got 7"),
        ("size", "257", "less than or equal to 256, got 257"),
        ("channels", "2", "1 or 3, got 2"),
        ("limit", "29", "greater than or equal to 30, got 29"),
    ],
)
def test_an_impossible_value_is_one_line(key: str, value: str, expected: str) -> None:
    assert refused("data", Data, **{key: value}) == [f"data.{key}: expected {expected}"]


@pytest.mark.parametrize("source", LOCAL)
def test_files_of_ones_own_need_a_path(source: str) -> None:
    """The mistake shows at the key that is missing its value."""
    line = f"data.path: expected a path, because data.source is {source}, got null"
    assert refused("data", Data, source=source) == [line]
    assert Data(**presets.values("tiny")["data"] | {"source": source, "path": "images"}).path == "images"


def test_a_path_is_not_held_against_a_source_that_is_wrong_itself() -> None:
    [line] = refused("data", Data, source="cifar", path="images")
    assert line.startswith("data.source: ")
