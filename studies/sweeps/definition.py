"""What a sweep varies: a small YAML file, checked before anything is run."""

import itertools
import math
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Discriminator, Field, Tag, ValidationError, model_validator
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from latentlab.core.errors import ParamsError
from latentlab.core.settings import flatten
from latentlab.families import params
from latentlab.scoring.metrics.directions import SCORES
from studies.seeds import settings

FOLDER = Path("sweeps")
SEED = "seed"
MOST_AXES = 2

Value = bool | int | float | str
Values = Annotated[list[Value], Field(min_length=1)]


class Range(BaseModel):
    """What a search may choose of a key of numbers.

    Attributes:
        low, high: its ends, both included; where both are integers, integers alone.
        log: whether each order of magnitude is as likely as any other; needs ``low`` above 0.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    low: int | float
    high: int | float
    log: bool = False

    @property
    def is_integer(self) -> bool:
        """Whether it is one of integers."""
        return isinstance(self.low, int) and isinstance(self.high, int)

    @model_validator(mode="after")
    def _has_an_inside(self) -> "Range":
        if not self.low < self.high or not math.isfinite(self.high - self.low):
            raise ValueError(f"expected low below high, got {self.low} and {self.high}")
        if self.log and self.low <= 0:
            raise ValueError(f"expected low above 0 where log is true, got {self.low}")
        return self


# By their form in YAML, so that an error speaks of the one that was meant.
RANGE, VALUES = "as a range", "as a list"
Axis = Annotated[
    Annotated[Range, Tag(RANGE)] | Annotated[Values, Tag(VALUES)],
    Discriminator(lambda given: RANGE if isinstance(given, Mapping | Range) else VALUES),
]


class Cell(NamedTuple):
    """One experiment of a sweep.

    Attributes:
        values: what each key that is varied has, without ``seed``.
        seed: the training seed.
    """

    values: dict[str, Value]
    seed: int

    @property
    def settings(self) -> tuple[str, ...]:
        """Its changes of params.yaml, as ``section.key=value``."""
        return tuple(f"{key}={_as_yaml(value)}" for key, value in self.values.items())


class Sweep(BaseModel):
    """The content of a sweep's file.

    Attributes:
        title: of the figure.
        metric: where the score that is compared stands in metrics.json, as ``model.score``; None to show all,
            which a sweep of seeds alone can.
        vary: the values of each key, or in a search its range; those of ``seed`` repeat each combination.
        trials: how many combinations a search tries; None to try all.
        batch: how many of them are chosen at a time, each batch by what those before it gave.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    title: str
    metric: str | None = None
    vary: Annotated[dict[str, Axis], Field(min_length=1)]
    trials: Annotated[int, Field(ge=2)] | None = None
    batch: Annotated[int, Field(ge=1)] = 4

    @property
    def axes(self) -> dict[str, Values | Range]:
        """What is varied but for the seed."""
        return {key: axis for key, axis in self.vary.items() if key != SEED}

    def seeds(self, seed: int) -> list[int]:
        """Those of each combination: that of params.yaml where none are varied."""
        axis = self.vary.get(SEED, [seed])
        return [] if isinstance(axis, Range) else [int(value) for value in axis]

    def cells(self, seed: int) -> list[Cell]:
        """All experiments of a grid; of a search the corners of what it may choose."""
        products = itertools.product(*map(_ends, self.axes.values()))
        combinations = [dict(zip(self.axes, chosen, strict=True)) for chosen in products]
        return [Cell(values, number) for values in combinations for number in self.seeds(seed)]

    def num_experiments(self, seed: int) -> int:
        """How many it runs."""
        return len(self.cells(seed)) if self.trials is None else self.trials * len(self.seeds(seed))

    @model_validator(mode="after")
    def _is_a_grid_or_a_search(self) -> "Sweep":
        ranges = [key for key, axis in self.vary.items() if isinstance(axis, Range)]
        if self.trials is None and ranges:
            raise ValueError(f"trials: expected how many to try of {', '.join(ranges)}, got nothing")
        if self.trials is None and len(self.axes) > MOST_AXES:
            raise ValueError(
                f"vary: expected up to {MOST_AXES} keys beside seed, or trials, got {', '.join(self.axes)}"
            )
        if self.trials is not None and not (self.axes and self.metric):
            raise ValueError("trials: expected metric, and a key beside seed to vary, got less")
        return self

    @model_validator(mode="after")
    def _fits_a_figure(self) -> "Sweep":
        for key, axis in self.vary.items():
            if isinstance(axis, list) and len(set(map(_as_yaml, axis))) < len(axis):
                raise ValueError(f"vary.{key}: expected each value once, got {axis}")
        if not all(type(value) is int for value in self.vary.get(SEED, [])):
            raise ValueError(f"vary.{SEED}: expected integers, got {self.vary[SEED]}")
        if self.metric is None and (self.axes or len(self.seeds(0)) < 2):
            raise ValueError(
                "metric: expected model.score, unless vary has several of seed alone, got nothing"
            )
        if self.metric is not None and self.metric.rpartition(".")[2] not in SCORES:
            raise ValueError(f"metric: expected model.score, one of {', '.join(SCORES)}, got {self.metric!r}")
        return self


def load(name: str, committed: Mapping[str, Any]) -> Sweep:
    """Read a sweep by name, and hold each of its experiments against what params.yaml may be.

    Args:
        name: of a file in ``sweeps/``, without its suffix.
        committed: all of params.yaml.

    Raises:
        ParamsError: there is no such file, it is none of a sweep, or a value is impossible.
    """
    path = FOLDER / f"{name}.yaml"
    try:
        sweep = Sweep.model_validate(YAML(typ="safe", pure=True).load(path))
    except FileNotFoundError as error:
        known = ", ".join(sorted(file.stem for file in FOLDER.glob("*.yaml"))) or "none"
        raise ParamsError(f"SWEEP: expected one of {known}, got {name!r}.") from error
    except (OSError, YAMLError, ValueError) as error:
        raise ParamsError(f"{path}: change these keys and run again: {_told(error)}") from error
    for cell in sweep.cells(int(committed[SEED])):
        require_possible(name, cell, committed)
    return sweep


def require_possible(name: str, cell: Cell, committed: Mapping[str, Any]) -> None:
    """Hold one experiment of a sweep against what params.yaml may be.

    Raises:
        ParamsError: it names no key of params.yaml, or a value or their combination is impossible.
    """
    path = FOLDER / f"{name}.yaml"
    unknown = set(cell.values) - set(flatten(committed))
    if unknown:
        raise ParamsError(f"{path}: vary: expected keys of params.yaml, got {', '.join(sorted(unknown))}.")
    changed = settings.apply(dict(committed), cell.settings) | {SEED: cell.seed}
    try:
        params.require_fit(params.schema().model_validate(changed))
    except (ValidationError, ParamsError) as error:
        said = ", ".join([*cell.settings, f"{SEED}={cell.seed}"])
        raise ParamsError(f"{path}: vary: {said} is not possible: {_told(error)}") from error


def _told(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    problems = error.errors()
    places = [
        ".".join(str(part) for part in problem["loc"] if part not in (RANGE, VALUES)) for problem in problems
    ]
    told = [problem["msg"].removeprefix("Value error, ") for problem in problems]
    return "; ".join(f"{place}: {said}" if place else said for place, said in zip(places, told, strict=True))


def _ends(axis: Values | Range) -> list[Value]:
    return [axis.low, axis.high] if isinstance(axis, Range) else axis


def _as_yaml(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
