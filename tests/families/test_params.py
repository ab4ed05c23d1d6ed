"""params.yaml is refused at the door, or right: one clear line for each key that is wrong."""

import re
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError
from ruamel.yaml import YAML

from latentlab.core import settings
from latentlab.core.errors import ParamsError
from latentlab.families import params
from tests import presets
from tests.imports import ROOT

TEXT = presets.text("tiny")


def load(text: str | bytes, folder: Path) -> Any:
    """Load a file of this text."""
    path = folder / "params.yaml"
    path.write_bytes(text.encode() if isinstance(text, str) else text)
    return params.load(path)


def refusal(text: str | bytes, folder: Path) -> str:
    with pytest.raises(ParamsError) as caught:
        load(text, folder)
    return str(caught.value)


@pytest.mark.parametrize("key", ["generator_filters", "discriminator_filters"])
def test_networks_must_fit_a_size_that_is_set(key: str, tmp_path: Path) -> None:
    """Of 32 pixels, two halvings leave eight and four leave two; without a size nobody knows yet."""
    values = settings.read(ROOT / "params.yaml")
    values["gan"][key] = [4, 4, 4, 4]
    path = tmp_path / "params.yaml"
    for size in (32, None):
        values["data"]["size"] = size
        YAML().dump(values, path)
        loaded = params.load(path)
        if size is None:
            params.require_fit(loaded)
        else:
            with pytest.raises(ParamsError, match=rf"gan\.{key}: .* makes maps of 2 of images of 32\."):
                params.require_fit(loaded)


@pytest.mark.parametrize(
    ("key", "size", "expected"),
    [
        ("vae", 6, r"vae\.batch_size: expected a multiple of 4, which 4 devices share evenly, got 6\."),
        ("gan", 12, r"gan\.batch_size: expected a multiple of 8, which 4 devices share evenly, got 12\."),
        ("vae", 8, None),
        ("gan", 16, None),
    ],
)
def test_devices_must_share_batches_evenly(key: str, size: int, expected: str | None, tmp_path: Path) -> None:
    """The GAN's discriminator sees half a batch of each kind."""
    values = settings.read(ROOT / "params.yaml") | {"devices": 4}
    values[key]["batch_size"] = size
    YAML().dump(values, tmp_path / "params.yaml")
    loaded = params.load(tmp_path / "params.yaml")
    if expected is None:
        params.require_fit(loaded)
    else:
        with pytest.raises(ParamsError, match=expected):
            params.require_fit(loaded)


def edited(old: str, new: str) -> str:
    assert TEXT.count(old) >= 1, f"the tiny preset no longer has {old!r}"
    return TEXT.replace(old, new, 1)


def with_value(dotted_key: str, value: str) -> str:
    """The text with another value, as it would be typed, of one key."""
    *section, key = dotted_key.split(".")
    start = TEXT.index(f"\n{section[0]}:\n") if section else 0
    head, tail = TEXT[:start], TEXT[start:]
    changed, count = re.subn(rf"^( *{key}:).*$", rf"\1 {value}", tail, count=1, flags=re.MULTILINE)
    assert count == 1
    return head + changed


def test_values_arrive_with_their_types(tmp_path: Path) -> None:
    loaded = load(TEXT, tmp_path)
    assert loaded.seed == 1
    assert loaded.threads is None
    assert loaded.data.source == "mnist_sample"
    assert loaded.vae.filters == (4, 4)
    assert loaded.gan.batch_norm is True
    assert load(with_value("vae.kl_weight", "1e-05"), tmp_path).vae.kl_weight == 1e-5
    # A whole number is a number.
    assert load(with_value("vae.kl_weight", "0"), tmp_path).vae.kl_weight == 0


def test_plain_values_are_what_the_file_says(tmp_path: Path) -> None:
    assert params.values(presets.write("tiny", tmp_path / "params.yaml")) == presets.values("tiny")


def test_nothing_can_be_changed_after_loading(tmp_path: Path) -> None:
    loaded = load(TEXT, tmp_path)
    with pytest.raises(ValidationError, match="frozen"):
        loaded.seed = 2
    with pytest.raises(ValidationError, match="frozen"):
        loaded.vae.kl_weight = 0.5
    assert isinstance(loaded.vae.filters, tuple)


@pytest.mark.parametrize(
    ("key", "value", "expected"),
    [
        ("seed", "-1", "greater than or equal to 0, got -1"),
        ("seed", "4294967296", "less than or equal to 4294967295, got 4294967296"),
        ("seed", "1.0", "a valid integer, got 1.0"),
        ("seed", "true", "a valid integer, got true"),
        ("seed", "null", "a valid integer, got null"),
        ("threads", "0", "greater than or equal to 1, got 0"),
        ("devices", "3", "1, 2, 4, 8 or 16, got 3"),
        ("data.limit", "29", "greater than or equal to 30, got 29"),
        ("vae.filters", "[]", "a list of one item or more, got []"),
    ],
)
def test_an_impossible_value_is_one_line(key: str, value: str, expected: str, tmp_path: Path) -> None:
    message = refusal(with_value(key, value), tmp_path)
    assert (
        message
        == f"{tmp_path / 'params.yaml'}: change these keys and run again:\n  {key}: expected {expected}"
    )


def test_several_devices_train_in_float32_alone(tmp_path: Path) -> None:
    rounded = edited("precision: float32", "precision: bfloat16")
    assert load(rounded, tmp_path).devices == 1
    assert refusal(rounded.replace("devices: 1", "devices: 2"), tmp_path).splitlines()[1:] == [
        "  devices: expected 1 with precision: bfloat16, in which several do not train yet, got 2"
    ]


def test_all_mistakes_are_named_at_once(tmp_path: Path) -> None:
    message = refusal(
        edited("kl_weight: 0.002", "kl_weights: 0.002").replace("seed: 1", "seed: -1"), tmp_path
    )
    assert message.splitlines()[1:] == [
        "  seed: expected greater than or equal to 0, got -1",
        "  vae.kl_weight: expected a value, got nothing",
        "  vae.kl_weights: expected no such key, got 0.002",
    ]


@pytest.mark.parametrize("name", list(params.schema().model_fields))
def test_every_section_is_demanded(name: str, tmp_path: Path) -> None:
    content = YAML(typ="safe").load(TEXT)
    del content[name]
    with (tmp_path / "partial.yaml").open("w") as file:
        YAML(typ="safe").dump(content, file)
    with pytest.raises(ParamsError, match=rf"\n  {name}: expected a value, got nothing$"):
        params.load(tmp_path / "partial.yaml")


VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.dates() | st.binary(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=5,
)


@pytest.mark.fuzz
@given(data=st.data())
def test_any_value_in_any_place_is_taken_or_refused(
    data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = YAML(typ="safe", pure=True).load(TEXT)
    section = content[
        data.draw(st.sampled_from(["data", "features", "autoencoder", "vae", "gan", "evaluate"]))
    ]
    place = data.draw(st.sampled_from([content, section]))
    place[data.draw(st.sampled_from(sorted(place)) | st.text(max_size=5))] = data.draw(VALUES)
    path = tmp_path_factory.getbasetemp() / "any_value.yaml"
    with path.open("w", encoding="utf-8") as file:
        YAML(typ="safe", pure=True).dump(content, file)
    with suppress(ParamsError):
        params.load(path)


def comments(text: str) -> Iterator[tuple[str, str]]:
    """Each dotted key with the comment above it; keys without a comment in between share one."""
    section, comment, ended = "", "", True
    for line in text.splitlines():
        if line.lstrip().startswith("#"):
            comment = (comment if not ended else "") + line.strip("# ") + " "
            ended = False
        elif not line:
            comment = ""
        elif line.endswith(":"):
            section = f"{line[:-1]}."
        else:
            ended = True
            key = line.strip().partition(":")[0]
            yield (section if line.startswith(" ") else "") + key, comment


def bounds(schema: dict[str, Any]) -> set[str]:
    """The numbers that limit a value, as a comment would write them."""
    names = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
    own = {
        f"{schema[name]:g}" if schema[name] < 1e5 else str(schema[name]) for name in names if name in schema
    }
    parts = [*schema.get("anyOf", []), *([schema["items"]] if "items" in schema else [])]
    return own.union(*(bounds(part) for part in parts))


def schemas() -> dict[str, dict[str, Any]]:
    """The JSON schema of each value, by dotted key."""
    whole = params.schema().model_json_schema()
    found: dict[str, dict[str, Any]] = {}
    for name, schema in whole["properties"].items():
        if "$ref" in schema:
            inner = whole["$defs"][schema["$ref"].rsplit("/", 1)[1]]["properties"]
            found |= {f"{name}.{key}": value for key, value in inner.items()}
        else:
            found[name] = schema
    return found


def test_the_comment_above_each_value_states_its_range() -> None:
    stated = dict(comments((ROOT / "params.yaml").read_text()))
    assert stated.keys() == schemas().keys()
    assert list(stated) == list(settings.flatten(params.values(ROOT / "params.yaml")))
    for key, schema in schemas().items():
        limits, comment = bounds(schema), stated[key]
        numbers = set(re.findall(r"\d+(?:\.\d+)?", comment))
        assert limits <= numbers, f"{key}: the comment should name {limits}: {comment}"
        parts = (schema, *schema.get("anyOf", []), schema.get("items", {}))
        choices = [one for part in parts for one in part.get("enum", [])]
        assert all(str(choice) in comment for choice in choices), f"{key}: {comment}"
        assert limits or choices or re.search(r"^Whether|null unless", comment), f"{key}: {comment}"
        if {"type": "null"} in schema.get("anyOf", []):
            assert "null" in comment, f"{key}: what does null mean? {comment}"
