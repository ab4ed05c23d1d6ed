"""A params file is refused at the door, or right: one clear line for each key that is wrong."""

import re
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError, ValidationInfo, field_validator
from ruamel.yaml import YAML

from latentlab.core import settings
from latentlab.core.errors import ParamsError
from latentlab.core.settings import Count, Counts, Rate, Section, Seed, Share, Weight

TEXT = """\
seed: 1

model:
  kl_weight: 0.002
  filters: [4, 8]
  epochs: 2
  drawn: [1, 2]
"""
# Aliases of aliases: a few lines that stand for 9^30 values.
BOMB = "".join(f"a{n}: &a{n} [{', '.join([f'*a{n - 1}'] * 9)}]\n" for n in range(1, 31))


class Model(Section):
    kl_weight: Weight
    filters: Counts
    epochs: Count
    drawn: Counts

    @field_validator("drawn")
    @classmethod
    def _rise(cls, drawn: tuple[int, ...], earlier: ValidationInfo) -> tuple[int, ...]:
        return settings.require_rising_epochs(drawn, "model", earlier)


class Whole(Section):
    seed: Seed
    model: Model


class Part(Section):
    seed: Seed


def write(text: str | bytes, folder: Path) -> Path:
    path = folder / "params.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return path


def refusal(text: str | bytes, folder: Path, schema: type[Section] = Whole) -> str:
    """What a file of this text is refused with."""
    with pytest.raises(ParamsError) as caught:
        settings.load(schema, write(text, folder))
    return str(caught.value)


def edited(old: str, new: str) -> str:
    assert old in TEXT
    return TEXT.replace(old, new, 1)


def test_values_arrive_with_their_types_and_cannot_be_changed(tmp_path: Path) -> None:
    loaded = settings.load(Whole, write(TEXT, tmp_path))
    assert loaded == Whole(seed=1, model=Model(kl_weight=0.002, filters=(4, 8), epochs=2, drawn=(1, 2)))
    assert isinstance(loaded.model.filters, tuple)
    with pytest.raises(ValidationError, match="frozen"):
        loaded.model.epochs = 3


def test_a_part_is_loaded_whatever_else_is_there(tmp_path: Path) -> None:
    path = write(edited("epochs: 2", "epochs: two"), tmp_path)
    assert settings.load_part(Part, path) == Part(seed=1)
    with pytest.raises(ParamsError, match=r"model\.epochs: expected a valid integer, got 'two'"):
        settings.load(Whole, path)


@pytest.mark.parametrize(("text", "came"), [("seed: -1", "0, got -1"), ("other: 1", "a value, got nothing")])
def test_a_part_is_checked_like_the_whole(text: str, came: str, tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match=rf"\n  seed: expected .*{came}$"):
        settings.load_part(Part, write(text, tmp_path))


def test_a_part_of_what_has_no_keys_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match="the whole file: expected a section of keys, got 'text'"):
        settings.load_part(Part, write("text", tmp_path))


def test_all_mistakes_are_named_at_once_with_the_file_to_mend(tmp_path: Path) -> None:
    text = edited("kl_weight: 0.002", "kl_weights: 0.002").replace("seed: 1", "seed: -1")
    assert refusal(text, tmp_path).splitlines() == [
        f"{tmp_path / 'params.yaml'}: change these keys and run again:",
        "  seed: expected greater than or equal to 0, got -1",
        "  model.kl_weight: expected a value, got nothing",
        "  model.kl_weights: expected no such key, got 0.002",
    ]


def test_items_of_lists_are_named_by_their_place(tmp_path: Path) -> None:
    message = refusal(edited("[4, 8]", "[8, 0, a]"), tmp_path)
    assert "  model.filters.1: expected greater than or equal to 1, got 0\n" in message
    assert "  model.filters.2: expected a valid integer, got 'a'" in message


@pytest.mark.parametrize("drawn", ["[2, 1]", "[1, 1]", "[1, 3]"])
def test_epochs_rise_up_to_the_last(drawn: str, tmp_path: Path) -> None:
    line = f"  model.drawn: expected rising epochs up to model.epochs, which is 2, got {drawn}"
    assert refusal(edited("drawn: [1, 2]", f"drawn: {drawn}"), tmp_path).endswith(f"\n{line}")


def test_epochs_are_held_against_no_number_that_is_wrong_itself(tmp_path: Path) -> None:
    _, *lines = refusal(edited("epochs: 2", "epochs: 0").replace("[1, 2]", "[1, 9]"), tmp_path).splitlines()
    assert lines == ["  model.epochs: expected greater than or equal to 1, got 0"]


@pytest.mark.parametrize(
    ("kind", "good", "bad"),
    [
        (Seed, [0, 2**32 - 1], [-1, 2**32, 1.0, True, None]),
        (Count, [1], [0, 1.5, "1"]),
        (Rate, [1e-9, 1], [0, 1.1, float("nan"), "0.1"]),
        (Weight, [0, 1e9], [-0.1, float("nan"), float("inf")]),
        (Share, [0, 0.999], [1, -0.1]),
        (Counts, [[1], [3, 2]], [[], [0], 3, [1.5]]),
    ],
)
def test_kinds_of_values(kind: Any, good: list[Any], bad: list[Any], tmp_path: Path) -> None:
    schema = type("One", (Section,), {"__annotations__": {"value": kind}})
    path = tmp_path / "params.yaml"
    for value in good:
        loaded: Any = settings.check(schema, {"value": value}, path)
        assert loaded.value == (tuple(value) if isinstance(value, list) else value)
    for value in bad:
        with pytest.raises(ParamsError, match=r"value(\.0)?: expected"):
            settings.check(schema, {"value": value}, path)


def test_sections_are_flattened_to_dotted_keys() -> None:
    nested = {"a": {"b": {"c": 1, "d": [2, 3]}, "e": None}, "f": "g"}
    assert settings.flatten(nested) == {"a.b.c": 1, "a.b.d": [2, 3], "a.e": None, "f": "g"}
    assert settings.flatten({}) == {}


@pytest.mark.parametrize(
    ("numbers", "expected"), [((1, 2, 5), True), ((3,), True), ((1, 1), False), ((2, 1), False)]
)
def test_rising_numbers(numbers: tuple[int, ...], expected: bool) -> None:
    assert settings.rise(numbers) is expected


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        (edited("kl_weight: 0.002", "kl_weight: 0.002\n  kl_weight: 3"), 'duplicate key "kl_weight"'),
        (edited("seed: 1", "seed: [1"), r"expected ',' or '\]'.* line \d+"),
        (edited("seed: 1", "seed: !!python/object:os.system 1"), "could not determine a constructor"),
        (edited("seed: 1", "seed: *unknown"), "undefined alias"),
        (edited("seed: 1", "seed: \xe9").encode("latin-1"), "unacceptable character"),
        (b"\xff\xfe\x00", "truncated data"),
        ("a\0b", "unacceptable character"),
        ("[" * 5000, "recursion"),
        (edited("seed: 1", "seed: " + "9" * 5000), "4300 digits"),
        (edited("seed: 1", "seed: 0x" + "f" * 5000), "4300 digits"),
    ],
    ids=["duplicate", "syntax", "tag", "alias", "latin-1", "utf-16", "binary", "deep", "digits", "hex"],
)
def test_what_is_not_yaml_is_refused_with_its_place(text: str | bytes, reason: str, tmp_path: Path) -> None:
    message = refusal(text, tmp_path)
    assert message.startswith(
        f"{tmp_path / 'params.yaml'}: expected a readable YAML file of parameters, got: "
    )
    assert re.search(reason, message)


@pytest.mark.parametrize(("text", "came"), [("", "null"), ("- 1", r"\[1\]"), ("text", "'text'")])
def test_what_is_no_mapping_is_refused(text: str, came: str, tmp_path: Path) -> None:
    assert re.search(f"the whole file: expected a section of keys, got {came}$", refusal(text, tmp_path))
    section = edited("\nmodel:\n", f"\nmodel: {text.replace('- 1', '[1]')}\nleft_over:\n")
    assert re.search(f"  model: expected a section of keys, got {came}", refusal(section, tmp_path))


def test_a_few_aliases_cannot_exhaust_memory(tmp_path: Path) -> None:
    bomb = edited("filters: [4, 8]", "filters: *a30")
    message = refusal(f"a0: &a0 [1]\n{BOMB}{bomb}", tmp_path)
    assert "model.filters.0: expected a valid integer, got [" in message
    assert len(message) < 20_000
    assert "seed: expected a valid integer, got [" in refusal(edited("seed: 1", "seed: &a [*a]"), tmp_path)


def test_a_folder_and_an_absent_file_are_refused(tmp_path: Path) -> None:
    with pytest.raises(ParamsError, match=r"expected a readable YAML file of parameters, got: .*directory"):
        settings.load(Whole, tmp_path)
    with pytest.raises(ParamsError, match=r"absent\.yaml: expected a readable YAML file .* No such file"):
        settings.read(tmp_path / "absent.yaml")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.dates() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.fuzz
@given(value=VALUES, key=st.sampled_from(list(Model.model_fields)) | st.text(max_size=5))
def test_any_value_in_any_place_is_taken_or_refused(
    value: Any, key: str, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = YAML(typ="safe", pure=True).load(TEXT)
    content["model"][key] = value
    path = tmp_path_factory.getbasetemp() / "any_value.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(content, file)
    with suppress(ParamsError):
        settings.load(Whole, path)


@pytest.mark.fuzz
@given(text=st.binary(max_size=60) | st.text("&*[]{}:!-?|>%@`\"'#, \n\ta1.<=", max_size=40).map(str.encode))
def test_any_text_is_refused(text: bytes, tmp_path_factory: pytest.TempPathFactory) -> None:
    path = tmp_path_factory.getbasetemp() / "any_text.yaml"
    path.write_bytes(text)
    with pytest.raises(ParamsError):
        settings.load(Whole, path)
