"""All of params.yaml, checked: what concerns everybody, and a section for each family."""

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import create_model

from latentlab.core import settings
from latentlab.core.settings import Precision
from latentlab.data.settings import Data
from latentlab.families import roster
from latentlab.learning import halvings
from latentlab.scoring.settings import Scoring


class Shared(Scoring):
    """What concerns all families."""

    precision: Precision
    data: Data


@cache
def schema() -> type[Shared]:
    """The keys of params.yaml and what each may be."""
    sections: Any = {
        family.name: (roster.part(family, "settings").Settings, ...) for family in roster.FAMILIES
    }
    return create_model("Params", __base__=Shared, **sections)


def load(path: Path = settings.PARAMS) -> Shared:
    """Read and check a params file.

    Raises:
        ParamsError: see ``core.settings.load``.
    """
    return settings.load(schema(), path)


def require_fit(params: Shared) -> None:
    """See that networks fit the images, where these are made of a size that is known before they are read.

    Raises:
        ParamsError: see ``learning.halvings.require_fit``.
    """
    if params.data.size is None:
        return
    for family in roster.FAMILIES:
        section = getattr(params, family.name)
        for key in section.halvings:
            halvings.require_fit(f"{family.name}.{key}", getattr(section, key), [params.data.size] * 2)


def values(path: Path = settings.PARAMS) -> dict[str, Any]:
    """The same as plain values by section, as JSON takes them, in the order of the file."""
    checked = load(path).model_dump(mode="json")
    return {name: checked[name] for name in settings.read(path)}
