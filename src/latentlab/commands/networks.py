"""The networks of a model, and its fitted samplers: from the workspace, or from MLflow."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import keras

from latentlab.commands import lookup
from latentlab.core import artifacts
from latentlab.core.errors import CommandError
from latentlab.families import roster
from latentlab.families.latents import fitted
from latentlab.families.latents.samplers import Mixture
from latentlab.trained import model_files


def load(model: str, names: Sequence[str], origin: str | None) -> list[keras.Model]:
    """Networks of a model by their names.

    Args:
        model: whose they are.
        names: which ones, of :func:`names_of`.
        origin: an alias or a run in MLflow; None for the workspace.

    Raises:
        ArtifactError: a file is missing or damaged.
        CommandError: this is no workspace, or MLflow has no such networks.
    """
    family, kept = roster.models()[model]
    if origin is None:
        _require_workspace()
        return [model_files.load_model(kept.folder / f"{name}.keras") for name in names]
    places = lookup.find(origin, model, names, family.generative)
    with TemporaryDirectory() as folder:
        files = [lookup.download_network(places[name], Path(folder) / name) for name in names]
        return [model_files.load_model(file) for file in files]


def load_generative(model: str, origin: str | None) -> keras.Model:
    """The network of a model that makes images; arguments and errors as of ``load``."""
    return load(model, names_of(model)[-1:], origin)[0]


def load_encoder(model: str, origin: str | None) -> keras.Model:
    """The network of a model that encodes images; arguments and errors as of ``load``."""
    return load(model, names_of(model)[:1], origin)[0]


def load_samplers(model: str, origin: str | None) -> Mapping[str, Mixture]:
    """What was fitted to the encodings of a model with an encoder, by its way; else as ``load``."""
    family, _ = roster.models()[model]
    if origin is None:
        _require_workspace()
        return fitted.load(artifacts.scores_folder(family.name) / fitted.FILE)
    place = lookup.find_scored(origin, family.name, fitted.FILE)
    with TemporaryDirectory() as folder:
        return fitted.load(lookup.download(place, Path(folder)))


def names_of(model: str) -> list[str]:
    """The networks of a model: its encoder, if it has one, and then the one that makes images."""
    family, _ = roster.models()[model]
    return [*filter(None, [family.encoder]), family.generative]


def has_encoder(model: str) -> bool:
    """Whether images can be encoded by a model."""
    return len(names_of(model)) > 1


def image_shape(encoder: keras.Model) -> tuple[int, int, int]:
    """Height, width and channels of the images that an encoder takes."""
    height, width, channels = encoder.inputs[0].shape[1:]
    return height, width, channels


def _require_workspace() -> None:
    if not artifacts.MODELS.is_dir():
        raise CommandError(
            f"expected the folder {artifacts.MODELS} in {Path.cwd()}, got none. Go to the root of the "
            "repository and run `dvc repro`, which makes it, or take a model from MLflow by --from."
        )
