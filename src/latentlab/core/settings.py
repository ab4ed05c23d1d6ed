"""How params.yaml is read and checked, all or a part of it, and kinds of values that sections share."""

import re
import reprlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, TypeVar

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, ValidationError, ValidationInfo
from ruamel.yaml import YAML, YAMLError
from ruamel.yaml.error import MarkedYAMLError

from latentlab.core.errors import ParamsError

PARAMS = Path("params.yaml")

Seed = Annotated[int, Field(ge=0, le=2**32 - 1)]
Count = Annotated[int, Field(ge=1)]
Rate = Annotated[float, Field(gt=0, le=1, allow_inf_nan=False)]
Weight = Annotated[float, Field(ge=0, allow_inf_nan=False)]
# Images that are scored, against as many of the test: of fewer, scores would say nothing.
FEWEST_COMPARED = 20
Compared = Annotated[int, Field(ge=FEWEST_COMPARED)]
Share = Annotated[float, Field(ge=0, lt=1, allow_inf_nan=False)]
# Of maps and products in training steps.
Precision = Literal["float32", "bfloat16"]


def _round_alike(devices: int, earlier: ValidationInfo) -> int:
    """Several devices take turns at a layer, and find it as the one before them left it."""
    if devices > 1 and earlier.data.get("precision") == "bfloat16":
        raise ValueError("expected 1 with precision: bfloat16, in which several do not train yet")
    return devices


# That share a batch, and alike any part of it that is taken at once; to be named after the precision.
Devices = Annotated[Literal[1, 2, 4, 8, 16], AfterValidator(_round_alike)]
# YAML has lists, and a list can be changed; what is in them stays strict.
Counts = Annotated[tuple[Count, ...], Field(min_length=1, strict=False)]
# What pydantic's errors of these types mean to a reader of YAML.
EXPECTED = {
    "missing": "a value",
    "extra_forbidden": "no such key",
    "model_type": "a section of keys",
    "tuple_type": "a list",
    "too_short": "a list of one item or more",
}


class Section(BaseModel):
    """What all sections share: no unknown key, no change after loading, no coercion of types."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    # Keys whose values have a number for each halving of the images.
    halvings: ClassVar[tuple[str, ...]] = ()
    # Into how many equal parts a step takes `batch_size` images.
    parts_of_batch: ClassVar[int] = 1


S = TypeVar("S", bound=Section)


def load(schema: type[S], path: Path = PARAMS) -> S:
    """All of a params file.

    Args:
        schema: has a field for each key of the file.
        path: the file.

    Raises:
        ParamsError: the file cannot be read, a key is unknown or missing, or a value has the wrong type or
            lies out of range; all such keys are named at once.
    """
    return check(schema, read(path), path)


def load_part(schema: type[S], path: Path = PARAMS) -> S:
    """What a schema names of a params file, whatever else is there; errors as of :func:`load`."""
    content = read(path)
    named = content if not isinstance(content, Mapping) else _only(content, schema)
    return check(schema, named, path)


def read(path: Path = PARAMS) -> Any:
    """The values of a params file as they stand there.

    Raises:
        ParamsError: it cannot be read.
    """
    with _explaining(path):
        return YAML(typ="safe", pure=True).load(path)


def check(schema: type[S], content: Any, path: Path) -> S:
    """Values as the schema types them; errors as of :func:`load`, with the file in which to mend them."""
    try:
        return schema.model_validate(content)
    except ValidationError as error:
        with _explaining(path):  # A number may have more digits than Python writes.
            problems = [f"  {_describe(problem)}" for problem in error.errors()]
        raise ParamsError("\n".join([f"{path}: change these keys and run again:", *problems])) from error


def flatten(values: Mapping[str, Any], prefix: str = "") -> dict[str, Any]:
    """Nested sections as one level of dotted keys: ``{"data": {"size": 2}}`` as ``{"data.size": 2}``."""
    flat: dict[str, Any] = {}
    for key, value in values.items():
        flat |= flatten(value, f"{prefix}{key}.") if isinstance(value, Mapping) else {f"{prefix}{key}": value}
    return flat


def rise(numbers: tuple[int, ...]) -> bool:
    """Whether each number is greater than the one before."""
    return list(numbers) == sorted(set(numbers))


def require_rising_epochs(epochs: tuple[int, ...], section: str, earlier: ValidationInfo) -> tuple[int, ...]:
    """Epochs of a section as they are, if they rise and end by its ``epochs``, which is checked before them.

    Raises:
        ValueError: they do not.
    """
    last = earlier.data.get("epochs", epochs[-1])
    if not rise(epochs) or epochs[-1] > last:
        raise ValueError(f"expected rising epochs up to {section}.epochs, which is {last}")
    return epochs


def _only(content: Mapping[str, Any], schema: type[Section]) -> dict[str, Any]:
    return {key: value for key, value in content.items() if key in schema.model_fields}


@contextmanager
def _explaining(path: Path) -> Iterator[None]:
    try:
        yield
    except (OSError, YAMLError, TypeError, ValueError, RecursionError) as error:
        # Of a mistake in YAML, the place and the problem; the rest is advice for programmers.
        reason = f"{error.problem}{error.problem_mark}" if isinstance(error, MarkedYAMLError) else error
        raise ParamsError(f"{path}: expected a readable YAML file of parameters, got: {reason}") from error


def _describe(problem: Any) -> str:
    """One problem as its key, what was expected and what came."""
    key = ".".join(str(part) for part in problem["loc"]) or "the whole file"
    plain = re.sub(r"^(Value error, expected |\w+ should (be|have) )", "", problem["msg"])
    came = "nothing" if problem["type"] == "missing" else _as_yaml.repr(problem["input"])
    return f"{key}: expected {EXPECTED.get(problem['type'], plain)}, got {came}"


class _AsYaml(reprlib.Repr):
    """Values as params.yaml writes them, cut short: aliases can make a small file a giant value."""

    def repr_NoneType(self, value: None, level: int) -> str:
        return "null"

    def repr_bool(self, value: bool, level: int) -> str:
        return str(value).lower()


_as_yaml = _AsYaml()
_as_yaml.maxlevel = 1
