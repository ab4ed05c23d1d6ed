"""Finds and opens trained models; TensorFlow is loaded when the first is opened."""

from typing import NamedTuple

from latentlab.core import process
from latentlab.core.errors import RequestError
from latentlab.core.family import Family
from latentlab.families import roster
from latentlab.interface.model import Model
from latentlab.interface.origins import Origin, Record, Workspace


class Found(NamedTuple):
    """A trained model that is there: its name, its family, and where it comes from."""

    name: str
    family: Family
    origin: Origin


def open_model(name: str, origin: str | None = None) -> Model:
    """Open a trained model of the workspace, or of MLflow.

    It stays what it is: a training that ends later, or an alias that moves, changes none that is open. The
    scores of MLflow's are those of the training's latest row when they are first asked for.

    Args:
        name: one of :func:`latentlab.models`.
        origin: an alias of the registered model ``latentlab-NAME`` in MLflow, such as ``"champion"``; or the
            id or the name of a run, of a row in ``pipeline`` or of a training in ``stages``. None for the
            model in ``models/`` of the working directory, which must be the root of the repository.

    Returns:
        The model, see :class:`latentlab.Model`.

    Raises:
        ArtifactError: a file of the workspace is missing or damaged.
        RequestError: there is no such model, alias or run, this is no workspace, or MLflow cannot be used.

    Example:
        >>> import latentlab
        >>> model = latentlab.open_model(latentlab.models()[0])
        >>> model.image_shape
        (28, 28, 1)
    """
    found = find(name, origin)
    with process.without_greetings():
        from latentlab.interface import networks
    return networks.open_found(found)


def models() -> list[str]:
    """The names of all models that the pipeline trains.

    Example:
        >>> import latentlab
        >>> len(latentlab.models()) > 2
        True
    """
    return list(roster.models())


def find(name: str, origin: str | None) -> Found:
    """The model that ``open_model`` opens; arguments and errors as there."""
    known = roster.models()
    if name not in known:
        raise RequestError(f"expected a model, one of {', '.join(known)}, got {name!r}.")
    family, model = known[name]
    source = Workspace(family, model) if origin is None else Record(origin, family, model)
    return Found(name, family, source)
