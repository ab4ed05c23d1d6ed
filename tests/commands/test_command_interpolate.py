from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from latentlab.core import artifacts
from latentlab.families.latents import paths
from latentlab.trained import inference
from tests.commands.workspace import arrays, network, refusal
from tests.tiny_learners import images

Run = Callable[..., Path]


@pytest.mark.parametrize("model", ["vae", "autoencoder"])
def test_paths_lead_from_one_encoding_to_the_other(plain: Path, run: Run, model: str) -> None:
    made = arrays(run("interpolate", "--model", model, "--between", 0, 3, "--steps", 3))
    encoded = arrays(run("encode", "test", "--index", 0, 3, "--model", model, out="ends.npz"))["latents"]
    start, end = encoded
    shares = np.array([0, 0.5, 1], np.float32)
    arc = paths.spherical(start, end, shares)
    np.testing.assert_allclose(made["latents"][:3], [start, (start + end) / 2, end], atol=1e-6)
    np.testing.assert_allclose(made["latents"][3:], arc, atol=1e-6)
    expected = inference.generate(network(model, "decoder"), made["latents"])
    np.testing.assert_array_equal(made["images"], expected)


def test_one_path_is_one_row(plain: Path, run: Run) -> None:
    words = ("interpolate", "--model", "vae", "--between", 0, 1, "--steps", 5)
    both, line, arc = (
        arrays(run(*words, *more))["latents"] for more in ([], ["--path", "linear"], ["--path", "spherical"])
    )
    np.testing.assert_array_equal(both, [*line, *arc])
    for more, rows in (([], 2), (["--path", "linear"], 1)):
        with Image.open(run(*words, *more, out="path.png")) as picture:
            assert picture.size == (5 * 9 - 1, rows * 9 - 1)


def test_ends_may_be_files(plain: Path, run: Run, tmp_path: Path) -> None:
    files = [tmp_path / "0.png", tmp_path / "1.png"]
    for file, image in zip(files, artifacts.load_images("test")[:2], strict=True):
        Image.fromarray(image[..., 0]).save(file)
    by_file = run("interpolate", "--model", "vae", "--between", *files, out="file.npz")
    by_index = run("interpolate", "--model", "vae", "--between", 0, 1, out="index.npz")
    assert by_file.read_bytes() == by_index.read_bytes()


def test_a_gan_goes_between_latents_of_a_seed(plain: Path, run: Run) -> None:
    one, again, other = (
        run("interpolate", "--model", "gan", "--seed", seed, out=name)
        for seed, name in ((1, "a.npz"), (1, "b.npz"), (2, "c.npz"))
    )
    assert one.read_bytes() == again.read_bytes() != other.read_bytes()
    latents = arrays(one)["latents"]
    assert latents.shape == (22, 3)
    np.testing.assert_array_equal(latents[[0, 10]], latents[[11, 21]])


def test_a_conditional_model_is_told_one_class_on_the_way(
    conditional: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    words = ["interpolate", "--model", "vae", "--between", 0, 3, "--steps", 2]
    made = arrays(run(*words, "--class", 1))
    assert made["labels"].tolist() == [1] * 4
    chosen = artifacts.load_images("test")[[0, 3]]
    expected, _ = inference.predict(network("vae", "encoder"), chosen, np.array([0, 1]))
    np.testing.assert_allclose(made["latents"][:2], expected, atol=1e-6)
    assert "told the class; got none." in refusal(words, capsys)


def test_refuses(plain: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    several = tmp_path / "several.npz"
    np.savez(several, images=images(2))
    for words, told in (
        (["vae"], "--between: expected two images for vae, got none: try --between 0 1"),
        (["gan", "--between", "0", "1"], "expected none, because gan encodes no images"),
        (["vae", "--between", "0", "6"], "expected the index of a test image, from 0 to 5, got 6"),
        (["vae", "--between", "0", several], f"expected files of one image each, got {several} with 2"),
        (
            ["vae", "--between", "0", "-1"],
            "-1: expected a file or a folder of images, got nothing of this name",
        ),
        (["gan", "--steps", "1"], "expected an integer from 2 to 1000, got '1'"),
        (["gan", "--class", "1"], "expected no class, because this model is not told the class; got 1"),
    ):
        assert told in refusal(["interpolate", "--model", *words], capsys)
