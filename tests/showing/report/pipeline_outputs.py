"""What the earlier stages of a small pipeline would have written, made up."""

import io
import zipfile
from pathlib import Path
from typing import Any

import h5py
import numpy as np
from PIL import Image
from ruamel.yaml import YAML

from latentlab.core import artifacts, origin
from latentlab.families import arrays, roster
from latentlab.families.gan import figures as gan
from latentlab.families.vae import figures as vae
from latentlab.scoring.metrics import directions
from tests import presets

EPOCHS = [1, 3, 12]
FIGURES = (
    "vae_curves",
    "vae_samples",
    "gan_curves",
    "gan_samples_epoch_001",
    "gan_snapshots",
    "comparison",
    "yardstick",
)
NUM_IMAGES = 20
WITHHELD = {"precision": "gives <destroyed> images 1, real ones 0.98"}
MODELS = [model for _, model in roster.models().values()]


def write(**changes: Any) -> None:
    """Write everything that the report reads into the working directory.

    Args:
        changes: values of the section ``gan`` of params.yaml that are not the default's.
    """
    _write_params(changes)
    splits = {split: {"count": 1200, "sha256": "ab" * 32} for split in artifacts.SPLITS}
    data = {"source": "idx", "shape": [6, 6, 1], "classes": 10, "splits": splits}
    artifacts.save_json(artifacts.DATA_INFO, data)
    artifacts.save_json(artifacts.METRICS, metrics())
    artifacts.save_json(artifacts.VERDICT, verdict())
    artifacts.save_json(artifacts.YARDSTICK, yardstick())
    _write_models()
    _write_images()


def metrics() -> dict[str, Any]:
    """Scores of three models and of every reference, each greater than the one before."""
    names = ("vae", "gan", "gan_best")
    content: dict[str, Any] = {name: _scores(0.5 + 0.1 * index) for index, name in enumerate(names)}
    content["vae"] |= {"kl_nats": 5.25, "latent": {"active_units": 2}}
    content["gan"]["snapshots"] = [{"epoch": epoch, "distance": 1 / epoch} for epoch in (4, 8, 12)]
    content["gan_best"]["epoch"] = 8
    order = ["real", *sorted(directions.BROKEN), "copied"]
    content["references"] = {name: _scores(float(index)) for index, name in enumerate(order)}
    content["protocol"] = {"headline": "kernel_distance", "num_test": 200}
    content["features"] = {
        "network": "classifier",
        "test_accuracy": 0.97,
        "sha256": "cd" * 32,
        "trusted": True,
        "withheld": WITHHELD,
    }
    return content


def yardstick() -> dict[str, Any]:
    """Of two networks that were tried the second can be trusted; one of its scores cannot."""
    ladders = {name: [{"strength": 1.0, **_scores(1.0)}] * 3 for name in ("blur", "white noise", "copies")}
    tried = {"real": _scores(0.0), "ladders": ladders}
    refused = {"ratio": 1.5, "trusted": False, "because": "It sees <nothing>."}
    chosen = {"ratio": 30.6, "trusted": True, "because": "It sees all.", "withheld": WITHHELD}
    found = {key: chosen[key] for key in ("trusted", "because", "withheld")}
    return {
        "network": "classifier",
        **found,
        "networks": {"imagenet": refused | tried, "classifier": chosen | tried},
    }


def distrust() -> None:
    """Write anew what tells of features that cannot be trusted, with no Fréchet distance and no classes."""
    unknown = {"frechet_distance", *directions.OF_CLASSES}
    content = _without(unknown, metrics())
    withheld = WITHHELD | {"kernel_distance": "takes worse images for better"}
    content["features"] = {
        "network": "imagenet",
        "sha256": "cd" * 32,
        "trusted": False,
        "withheld": withheld,
        "left_out": sorted(directions.OF_CLASSES),
        "left_out_because": "the images have no labels",
    }
    artifacts.save_json(artifacts.METRICS, content)
    found = {"network": "imagenet", "trusted": False, "because": "It sees <nothing>.", "withheld": withheld}
    artifacts.save_json(artifacts.YARDSTICK, _without(unknown, yardstick()) | found)


def verdict() -> dict[str, Any]:
    """A problem of the VAE's, and a note on both models."""
    note = {"kind": "note", "name": "too few samples to tell", "sentence": "Few.", "key": "data.source"}
    problem = {
        "kind": "problem",
        "name": "posterior collapse",
        "sentence": "<KL> & co.",
        "key": "vae.kl_weight",
    }
    return {
        "vae": {"verdict": "VAE: bad.", "findings": [problem, note], "withheld": []},
        "gan": {"verdict": "GAN: good.", "findings": [note], "withheld": ["frechet_distance"]},
    }


def write_figure(name: str) -> None:
    """A small picture under a file name."""
    artifacts.FIGURES.mkdir(parents=True, exist_ok=True)
    Image.new("RGB", (40, 30), "white").save(artifacts.FIGURES / name)


def write_network(path: Path, **arrays: np.ndarray) -> None:
    """What a ``.keras`` file holds of its weights."""
    path.parent.mkdir(parents=True, exist_ok=True)
    weights = io.BytesIO()
    with h5py.File(weights, "w") as file:
        for name, array in arrays.items():
            file[f"layers/{name}/vars/0"] = array
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("model.weights.h5", weights.getvalue())


def _write_params(changes: dict[str, Any]) -> None:
    default = presets.values()
    content = default | {"gan": default["gan"] | {"sample_epochs": EPOCHS, "epochs": EPOCHS[-1]} | changes}
    YAML().dump(content, Path("params.yaml"))
    artifacts.save_json(artifacts.PRESET, origin.of(content, default, presets.FOLDER)._asdict())


def _write_models() -> None:
    """Two with epochs, and one without any."""
    artifacts.save_json(artifacts.MODELS / "autoencoder" / "history.json", [])
    for model, panels in (("vae", vae.PANELS), ("gan", gan.PANELS)):
        folder = artifacts.MODELS / model
        keys = [key for panel in panels for key in panel.lines]
        history = [
            {"epoch": epoch, **{key: (position + 1) / epoch for position, key in enumerate(keys)}}
            for epoch in range(1, EPOCHS[-1] + 1)
        ]
        artifacts.save_json(folder / "history.json", history)
        artifacts.save_json(folder / "threads.json", 2)
    networks = {"vae": "encoder", "autoencoder": "encoder", "gan": "generator", "gan_best": "generator"}
    folders = {model.name: model.folder for model in MODELS} | {"features": artifacts.MODELS / "features"}
    for model, network in (networks | {"features": "classifier"}).items():
        write_network(folders[model] / f"{network}.keras", dense=np.zeros((10, 123), np.float32))


def _write_images() -> None:
    generator = np.random.default_rng(0)

    def images(*counts: int) -> np.ndarray:
        return generator.integers(0, 256, (*counts, 6, 6, 1), dtype=np.uint8)

    artifacts.save_array(artifacts.images_path("validation"), images(NUM_IMAGES))
    artifacts.save_array(artifacts.MODELS / "gan" / "samples.npy", images(len(EPOCHS), NUM_IMAGES))
    for model in ("vae", "gan"):
        arrays.save(model, {"samples": images(NUM_IMAGES)})
    for name in FIGURES:
        write_figure(f"{name}.png")


def _scores(value: float) -> dict[str, Any]:
    content: dict[str, Any] = dict.fromkeys(directions.SCORES, value)
    content["intervals"] = {name: [value - 0.25, value + 0.25] for name in directions.SCORES}
    return content | {"class_histogram": [0.1] * 10, "num_samples": 200}


def _without(names: set[str], content: dict[str, Any]) -> dict[str, Any]:
    """Sections without some keys, however deep."""
    return {
        key: _without(names, value) if isinstance(value, dict) else value
        for key, value in content.items()
        if key not in names
    }
