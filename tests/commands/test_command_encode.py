import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from latentlab.core import artifacts
from latentlab.trained import inference
from tests.commands.workspace import arrays, network, refusal
from tests.tiny_learners import images

Run = Callable[..., Path]


def save_pictures(folder: Path, count: int) -> list[Path]:
    """The first of the images as PNG files, by number."""
    folder.mkdir()
    paths = [folder / f"{number}.png" for number in range(count)]
    for path, image in zip(paths, images(count), strict=True):
        Image.fromarray(image[..., 0]).save(path)
    return paths


def test_test_images_by_index(plain: Path, run: Run) -> None:
    made = arrays(run("encode", "test", "--index", 3, 0, "--model", "vae"))
    chosen = artifacts.load_images("test")[[3, 0]]
    means, log_vars = inference.predict(network("vae", "encoder"), chosen)
    np.testing.assert_array_equal(made["latents"], means)
    np.testing.assert_array_equal(made["z_log_var"], log_vars)
    assert made["labels"].tolist() == [1, 0]


def test_the_same_images_give_the_same_bytes(plain: Path, run: Run) -> None:
    first, second = (run("encode", "test", "--model", "vae", out=name) for name in ("a.npz", "b.npz"))
    assert first.read_bytes() == second.read_bytes()
    assert len(arrays(first)["latents"]) == 6


def test_files_a_folder_and_an_archive_of_the_same_images_are_the_same(
    plain: Path, run: Run, tmp_path: Path
) -> None:
    files = save_pictures(tmp_path / "pictures", 4)
    np.savez(tmp_path / "images.npz", images=images(4), more=images(2)[..., 0])
    sources = [files, [tmp_path / "pictures"], [tmp_path / "images.npz"]]
    made = [arrays(run("encode", *source, "--model", "autoencoder"))["latents"] for source in sources]
    expected = inference.predict(network("autoencoder", "encoder"), images(4))
    for latents in made:
        np.testing.assert_array_equal(latents, expected)
    other = run("encode", tmp_path / "images.npz", "--array", "more", "--model", "autoencoder")
    np.testing.assert_allclose(arrays(other)["latents"], expected[:2], atol=1e-6)


def test_images_of_another_size_and_in_colour_are_made_to_fit(plain: Path, run: Run, tmp_path: Path) -> None:
    """Each pixel four times and a border left and right, in three equal channels."""
    large = np.repeat(np.repeat(images(1)[0, ..., 0] // 50 * 50, 2, axis=0), 2, axis=1)
    wide = np.repeat(np.pad(large, ((0, 0), (3, 3)))[..., np.newaxis], 3, axis=-1)
    Image.fromarray(wide).save(tmp_path / "wide.png")
    np.savez(tmp_path / "wide.npz", images=wide[np.newaxis])
    made = [
        arrays(run("encode", tmp_path / name, "--model", "autoencoder"))["latents"]
        for name in ("wide.png", "wide.npz")
    ]
    np.testing.assert_array_equal(made[0], made[1])
    exact = inference.predict(network("autoencoder", "encoder"), images(1) // 50 * 50)
    np.testing.assert_allclose(made[0], exact, atol=0.1)


def test_what_sample_wrote_can_be_encoded(plain: Path, run: Run) -> None:
    samples = run("sample", "--model", "vae", "--count", 3, out="samples.npz")
    made = arrays(run("encode", samples, "--model", "vae"))
    expected, _ = inference.predict(network("vae", "encoder"), arrays(samples)["images"])
    np.testing.assert_array_equal(made["latents"], expected)


def test_a_conditional_encoder_is_told_own_labels_or_the_class_asked_for(
    conditional: Path, run: Run, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    encoder, chosen = network("vae", "encoder"), artifacts.load_images("test")[:2]
    own = arrays(run("encode", "test", "--index", 0, 1, "--model", "vae"))
    asked = arrays(run("encode", "test", "--index", 0, 1, "--model", "vae", "--class", 1))
    for made, labels in ((own, [0, 1]), (asked, [1, 1])):
        assert made["labels"].tolist() == labels
        expected, _ = inference.predict(encoder, chosen, np.array(labels))
        np.testing.assert_array_equal(made["latents"], expected)
    (path,) = save_pictures(tmp_path / "pictures", 1)
    told = refusal(["encode", path, "--model", "vae"], capsys)
    assert "for each image, because this model is told the class; got none." in told
    np.savez(tmp_path / "images.npz", images=images(2), labels=[0, 2])
    told = refusal(["encode", tmp_path / "images.npz", "--model", "vae"], capsys)
    assert "expected a class from 0 to 1, which are all that are known, got 2" in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["absent.png"], "absent.png: expected a file or a folder of images, got nothing of this name"),
        (["test", "--index", "6"], "expected the index of a test image, from 0 to 5, got 6"),
        (["nothing.png", "--index", "0"], "--index: expected IMAGES to be `test`, got nothing.png"),
        (["test", "--class", "1"], "expected no class, because this model is not told the class; got 1"),
        (["test", "--out", "x.png"], "expected a name that ends in .npz, got 'x.png'"),
    ],
)
def test_refuses(plain: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str) -> None:
    assert told in refusal(["encode", *words, "--model", "vae"], capsys)


def test_files_that_are_no_images_are_all_named(
    plain: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    good, *_ = save_pictures(tmp_path / "pictures", 2)
    (tmp_path / "pictures" / "text.png").write_text("text")
    (tmp_path / "pictures" / "cut.png").write_bytes(good.read_bytes()[:50])
    out = tmp_path / "out.npz"
    told = refusal(["encode", tmp_path / "pictures", "--model", "vae", "--out", out], capsys)
    assert "expected images alone, got 2 that cannot be used" in told
    assert "\n  text.png is no image that can be read" in told
    assert "\n  cut.png cannot be read" in told
    assert not out.exists()
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "empty: expected images, got none" in refusal(["encode", empty, "--model", "vae"], capsys)


@pytest.mark.parametrize(
    ("array", "told"),
    [
        ({"x_train": images(1)}, "expected an array images; got x_train"),
        ({"images": images(1) / 255}, "images of type uint8, 0 to 255.*; got float64"),
        ({"images": images(0)}, r"got uint8 \(0, 8, 8, 1\)"),
        ({"images": np.array(None)}, "images of plain numbers"),
        ({"images": images(2), "labels": [0]}, "labels of integers, 2 of them; got int64"),
        ({"images": images(2)[..., [0, 0]]}, r"1 or 3 channels last; got uint8 \(2, 8, 8, 2\)"),
    ],
)
def test_refuses_archives_of_something_else(
    plain: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], array: dict[str, Any], told: str
) -> None:
    path = tmp_path / "images.npz"
    np.savez(path, **array)
    message = refusal(["encode", path, "--model", "vae"], capsys)
    assert re.search(told, message)
    assert message.startswith(f"\nerror: {path}: expected ")
    assert message.endswith("Mend it, or name another file or --array.")
