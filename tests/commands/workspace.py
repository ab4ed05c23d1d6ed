"""A repository's root after the pipeline, with untrained models at their smallest."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest

from latentlab.commands.parser import main
from latentlab.core import artifacts
from latentlab.core.arrays import Labels, Latents
from latentlab.families import roster
from latentlab.families.latents import fitted, samplers
from latentlab.trained import inference, model_files
from tests import presets
from tests.imports import ROOT
from tests.tiny_learners import build_autoencoder, build_gan, build_vae, images, labels

REPOSITORY = ROOT
NUM_TRAINING, NUM_TEST = 12, 6


def build(root: Path, *, conditional: bool) -> Path:
    """Write all that commands read, into a folder."""
    vae, gan, plain = (
        build_vae(conditional=conditional),
        build_gan(conditional=conditional),
        build_autoencoder(),
    )
    networks = {
        "vae": {"encoder": vae.encoder, "decoder": vae.decoder},
        "autoencoder": {"encoder": plain.encoder, "decoder": plain.decoder},
        "gan": {"generator": gan.generator},
        "gan_best": {"generator": gan.generator},
    }
    for model, parts in networks.items():
        for name, network in parts.items():
            model_files.save_model(root / roster.models()[model][1].folder / f"{name}.keras", network)
    for split, count in (("train", NUM_TRAINING), ("test", NUM_TEST)):
        artifacts.save_array(root / artifacts.PREPARED / f"{split}_images.npy", images(count))
        artifacts.save_array(root / artifacts.PREPARED / f"{split}_labels.npy", labels(count))
    presets.write("tiny", root / "params.yaml")
    for model, encoder in (("vae", vae.encoder), ("autoencoder", plain.encoder)):
        write_samplers(root, model, encode(encoder), labels(NUM_TRAINING))
    return root


def encode(encoder: keras.Model) -> Latents:
    """The latents of the training images, the means where the encoder gives distributions."""
    made = inference.predict(encoder, images(NUM_TRAINING), labels(NUM_TRAINING))
    latents: Latents = made[0] if isinstance(made, list) else made
    return latents


def write_samplers(root: Path, model: str, latents: Latents, known: Labels) -> None:
    """Fit all samplers, and write them where the scoring does."""
    ways = ("gaussian", "mixture", "per_class")
    found = samplers.fit(latents, known, ways=ways, mixture_components="classes", seed=1)
    fitted.save(root / artifacts.scores_folder(model), found)


def refusal(words: Sequence[object], capsys: pytest.CaptureFixture[str]) -> str:
    """What a command says that is refused: by the parser, with 2, or by the command itself."""
    with pytest.raises(SystemExit) as caught:
        main([str(word) for word in words])
    if isinstance(caught.value.code, str):
        return caught.value.code
    assert caught.value.code == 2
    return capsys.readouterr().err


def arrays(path: Path) -> dict[str, npt.NDArray[Any]]:
    """What an archive holds."""
    with np.load(path, allow_pickle=False) as archive:
        return dict(archive)


def network(model: str, name: str) -> keras.Model:
    """A network of the working directory."""
    return model_files.load_model(roster.models()[model][1].folder / f"{name}.keras")
