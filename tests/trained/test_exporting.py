"""Models in other runtimes compute what they compute in Keras."""

import importlib.util
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest

from latentlab.commands import export, parser
from latentlab.core.errors import ArtifactError, ExportError
from latentlab.families.autoencoder.model import learner as autoencoder
from latentlab.families.gan.model.networks import build_generator
from latentlab.families.vae.family import VAE
from latentlab.families.vae.model.networks import Architecture, build_decoder, build_encoder
from latentlab.trained import exporting, model_files, runtimes
from latentlab.trained.exporting import Format
from tests import presets

FORMATS = [
    pytest.param(
        name,
        marks=pytest.mark.skipif(
            any(importlib.util.find_spec(package) is None for package in packages),
            reason=f"the extra `export` is not installed, of which {name} needs {' and '.join(packages)}",
        ),
    )
    for name, packages in exporting.PACKAGES.items()
]
NUM_CLASSES = 3
# Sides that doubling cannot make, which are cropped, and colours.
ODD = (10, 11, 3)


def lecture_networks() -> dict[str, keras.Model]:
    """The networks of the lecture, untrained."""
    settings = presets.load("lecture")
    sizes = settings.vae.latent_dim, settings.vae.filters, settings.vae.dense_units, (28, 28, 1)
    return {
        "encoder": build_encoder(Architecture(*sizes), 1),
        "decoder": build_decoder(Architecture(*sizes), 2),
        "generator": build_generator(
            latent_dim=settings.gan.latent_dim,
            filters=settings.gan.generator_filters,
            batch_norm=settings.gan.batch_norm,
            image_shape=(28, 28, 1),
            seed=3,
        ),
    }


def odd_networks() -> dict[str, keras.Model]:
    """Small networks that are told the class of images whose sides are odd, and an autoencoder's encoder."""
    shape = Architecture(2, (3,), 4, ODD, num_classes=NUM_CLASSES)
    return {
        "encoder": build_encoder(shape, 1),
        "decoder": build_decoder(shape, 2),
        "generator": build_generator(
            latent_dim=4, filters=(3, 3), batch_norm=True, image_shape=ODD, seed=3, num_classes=NUM_CLASSES
        ),
        "autoencoder": autoencoder.build_encoder(Architecture(2, (3,), 4, ODD), 1),
    }


def small_decoder(seed: int = 1) -> keras.Model:
    return build_decoder(Architecture(2, (3,), 4, (8, 8, 1)), seed)


def inputs_of(model: keras.Model, count: int) -> dict[str, npt.NDArray[np.float32]]:
    """So many random inputs by name, with the class one-hot."""
    random = np.random.default_rng(5)
    inputs = {tensor.name: random.random((count, *tensor.shape[1:]), np.float32) for tensor in model.inputs}
    if "y" in inputs:
        inputs["y"] = np.eye(NUM_CLASSES, dtype=np.float32)[np.arange(count) % NUM_CLASSES]
    return inputs


def by_keras(model: keras.Model, inputs: dict[str, npt.NDArray[np.float32]]) -> list[npt.NDArray[Any]]:
    arrays = list(inputs.values())
    outputs = model(arrays if len(arrays) > 1 else arrays[0], training=False)
    return [np.asarray(output) for output in (outputs if isinstance(outputs, list) else [outputs])]


@pytest.mark.parametrize("file_format", FORMATS)
@pytest.mark.parametrize("networks", [lecture_networks, odd_networks])
def test_files_compute_what_keras_computes(networks: Any, file_format: Format, tmp_path: Path) -> None:
    """On batches of any size, with the names of the network's inputs and outputs."""
    outputs = {
        "encoder": ["z_mean", "z_log_var"],
        "decoder": ["image"],
        "generator": ["image"],
        "autoencoder": ["z_mean"],
    }
    for name, model in networks().items():
        path = tmp_path / f"{name}{exporting.SUFFIXES[file_format]}"
        exporting.export(path, model, file_format)
        run = runtimes.load(path)
        for count in (1, 7):
            inputs = inputs_of(model, count)
            found = run(inputs)
            assert set(found) == set(outputs[name])
            for output, expected in zip(outputs[name], by_keras(model, inputs), strict=True):
                assert found[output].shape == expected.shape
                np.testing.assert_allclose(found[output], expected, rtol=0, atol=1e-5)
        assert exporting.verify(path, model) < 1e-5
    assert not list(tmp_path.glob(".*"))


@pytest.mark.parametrize("file_format", FORMATS)
def test_a_file_of_other_weights_is_told(file_format: Format, tmp_path: Path) -> None:
    path = tmp_path / f"decoder{exporting.SUFFIXES[file_format]}"
    exporting.export(path, small_decoder(seed=1), file_format)
    with pytest.raises(
        ExportError, match=r"decoder\.\w+: expected outputs within 1e-05 of Keras', got a diff"
    ):
        exporting.verify(path, small_decoder(seed=2))


@pytest.mark.parametrize("file_format", FORMATS[1:])
def test_litert_runs_no_decoder_whose_upsampling_hides_its_shape(file_format: Format, tmp_path: Path) -> None:
    """So the layer that tells it is needed for as long as this test passes."""
    decoder = build_decoder(Architecture(2, (3, 4), 4, (8, 8, 1)), 1)
    path = tmp_path / "decoder.tflite"
    decoder.export(path, format=file_format, verbose=False)
    with pytest.raises(RuntimeError, match="FlexConv2D"):
        runtimes.load(path)(inputs_of(decoder, 1))


@pytest.mark.parametrize(("file_format", "package"), [("onnx", "tf2onnx"), ("litert", "ai_edge_litert")])
def test_a_missing_package_is_named(
    file_format: Format, package: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(ExportError, match=rf"{file_format}: .*none of the name {package}\. Run `pip install"):
        exporting.export(tmp_path / "decoder", small_decoder(), file_format)


@pytest.mark.parametrize("file_format", FORMATS[1:])
def test_the_command_writes_each_network_of_a_model(
    file_format: Format, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    VAE.folder.mkdir(parents=True)
    typed = parser.build().parse_args(["export", "--model", "vae", "--format", file_format, "--out", "to"])
    with pytest.raises(ArtifactError, match=r"models/vae/decoder\.keras is missing"):
        export.run(typed)
    shape = Architecture(2, (3,), 4, (8, 8, 1))
    for name, model in (("encoder", build_encoder(shape, 1)), ("decoder", build_decoder(shape, 2))):
        model_files.save_model(VAE.folder / f"{name}.keras", model)
    export.run(typed)
    assert {path.name for path in Path("to").iterdir()} == {"vae-encoder.tflite", "vae-decoder.tflite"}
    assert "to/vae-decoder.tflite: within " in capsys.readouterr().out
