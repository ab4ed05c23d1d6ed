"""All of params.yaml, checked: what concerns everybody, and a section for each family."""

from functools import cache
from pathlib import Path
from typing import Any

from pydantic import create_model

from latentlab.core import settings
from latentlab.core.errors import ParamsError
from latentlab.core.settings import Devices, Precision
from latentlab.data.settings import Data
from latentlab.families import roster
from latentlab.learning import halvings
from latentlab.scoring.settings import Scoring


class Shared(Scoring):
    """What concerns all families."""

    precision: Precision
    devices: Devices
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
    """See that devices share batches evenly, and that networks fit images of a size that is known already.

    Raises:
        ParamsError: they do not; see also ``learning.halvings.require_fit``.
    """
    for family in roster.FAMILIES:
        _require_even(family.name, getattr(params, family.name), params.devices)
    if params.data.size is None:
        return
    for family in roster.FAMILIES:
        section = getattr(params, family.name)
        for key in section.halvings:
            halvings.require_fit(f"{family.name}.{key}", getattr(section, key), [params.data.size] * 2)


def _require_even(name: str, section: settings.Section, devices: int) -> None:
    size, unit = getattr(section, "batch_size", 0), devices * section.parts_of_batch
    if devices > 1 and size % unit:
        raise ParamsError(
            f"params.yaml: {name}.batch_size: expected a multiple of {unit}, which {devices} devices share "
            f"evenly, got {size}. Change it, or devices."
        )


def values(path: Path = settings.PARAMS) -> dict[str, Any]:
    """The same as plain values by section, as JSON takes them, in the order of the file."""
    checked = load(path).model_dump(mode="json")
    return {name: checked[name] for name in settings.read(path)}
