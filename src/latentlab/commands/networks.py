"""The networks of a model: from the workspace, or from MLflow."""

from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory

import keras

from latentlab.commands import lookup
from latentlab.core import artifacts
from latentlab.core.errors import CommandError
from latentlab.tracking import registry
from latentlab.trained import model_files

# The network of each model that makes images.
GENERATIVE = {**registry.PARTS, "gan_best": registry.PARTS["gan"]}


def load(model: str, names: Sequence[str], origin: str | None) -> list[keras.Model]:
    """Networks of a model by their names, such as ``encoder``.

    Args:
        model: whose they are.
        names: which ones.
        origin: an alias or a run in MLflow; None for the workspace.

    Raises:
        ArtifactError: a file is missing or damaged.
        CommandError: this is no workspace, or MLflow has no such networks.
    """
    if origin is None:
        return [model_files.load_model(_workspace() / model / f"{name}.keras") for name in names]
    found = lookup.find(origin, model, names, GENERATIVE[model])
    with TemporaryDirectory() as folder:
        return [model_files.load_model(lookup.download(found, name, Path(folder))) for name in names]


def load_generative(model: str, origin: str | None) -> keras.Model:
    """The network of a model that makes images; arguments and errors as of ``load``."""
    return load(model, [GENERATIVE[model]], origin)[0]


def image_shape(encoder: keras.Model) -> tuple[int, int, int]:
    """Height, width and channels of the images that an encoder takes."""
    height, width, channels = encoder.inputs[0].shape[1:]
    return height, width, channels


def has_encoder(model: str) -> bool:
    """Whether images can be encoded by a model."""
    return GENERATIVE[model] == "decoder"


def require_trained_on(digest: str, model: str, origin: str | None) -> None:
    """Refuse a model of MLflow's that was trained on other images than those with a digest.

    Raises:
        CommandError: as said.
    """
    if origin is None:
        return
    trained_on = lookup.find(origin, model, [], GENERATIVE[model]).training_digest
    if trained_on != digest:
        raise CommandError(
            f"--from {origin!r}: expected a model of the training images in {artifacts.PREPARED}, to which "
            f"the sampler is fitted ({digest}), got one of {trained_on or 'others that are not known'}. Take "
            "--sampler prior, or `git checkout` the run's commit and `dvc repro`."
        )


def _workspace() -> Path:
    if not artifacts.MODELS.is_dir():
        raise CommandError(
            f"expected the folder {artifacts.MODELS} in {Path.cwd()}, got none. Go to the root of the "
            "repository and run `dvc repro`, which makes it, or take a model from MLflow by --from."
        )
    return artifacts.MODELS
