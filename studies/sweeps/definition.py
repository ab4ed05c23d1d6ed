"""What a sweep varies: a small YAML file, checked before anything is run."""

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, NamedTuple

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator
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
        vary: the values of each key; those of ``seed`` repeat each combination of the others.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True)

    title: str
    metric: str | None = None
    vary: Annotated[dict[str, Values], Field(min_length=1)]

    @property
    def axes(self) -> dict[str, list[Value]]:
        """What is varied but for the seed."""
        return {key: values for key, values in self.vary.items() if key != SEED}

    def cells(self, seed: int) -> list[Cell]:
        """All experiments, with the seed of params.yaml where none are varied."""
        seeds = [int(value) for value in self.vary.get(SEED, [seed])]
        products = itertools.product(*self.axes.values())
        combinations = [dict(zip(self.axes, chosen, strict=True)) for chosen in products]
        return [Cell(values, number) for values in combinations for number in seeds]

    @model_validator(mode="after")
    def _fits_a_figure(self) -> "Sweep":
        if len(self.axes) > MOST_AXES:
            raise ValueError(f"vary: expected up to {MOST_AXES} keys beside seed, got {', '.join(self.axes)}")
        for key, values in self.vary.items():
            if len(set(map(_as_yaml, values))) < len(values):
                raise ValueError(f"vary.{key}: expected each value once, got {values}")
        if not all(type(value) is int for value in self.vary.get(SEED, [])):
            raise ValueError(f"vary.{SEED}: expected integers, got {self.vary[SEED]}")
        if self.metric is None and (self.axes or len(self.vary[SEED]) < 2):
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
        _require_possible(path, cell, committed)
    return sweep


def _require_possible(path: Path, cell: Cell, committed: Mapping[str, Any]) -> None:
    unknown = set(cell.values) - set(flatten(committed))
    if unknown:
        raise ParamsError(f"{path}: vary: expected keys of params.yaml, got {', '.join(sorted(unknown))}.")
    changed = settings.apply(dict(committed), cell.settings) | {SEED: cell.seed}
    try:
        params.schema().model_validate(changed)
    except ValidationError as error:
        said = ", ".join([*cell.settings, f"{SEED}={cell.seed}"])
        raise ParamsError(f"{path}: vary: {said} is not possible: {_told(error)}") from error


def _told(error: Exception) -> str:
    if not isinstance(error, ValidationError):
        return str(error)
    problems = error.errors()
    places = [".".join(map(str, problem["loc"])) for problem in problems]
    told = [problem["msg"].removeprefix("Value error, ") for problem in problems]
    return "; ".join(f"{place}: {said}" if place else said for place, said in zip(places, told, strict=True))


def _as_yaml(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
