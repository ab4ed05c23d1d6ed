import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from latentlab.interface import points
from latentlab.trained import inference
from tests.commands.workspace import arrays, network, refusal

Run = Callable[..., Path]


def test_what_encode_wrote_can_be_decoded(plain: Path, run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(points, "BLOCK", 4)
    encoded = run("encode", "test", "--model", "vae", out="latents.npz")
    made = arrays(run("decode", encoded, "--model", "vae"))
    latents = arrays(encoded)["latents"]
    np.testing.assert_array_equal(made["latents"], latents)
    np.testing.assert_array_equal(made["images"], inference.generate(network("vae", "decoder"), latents))
    assert "labels" not in made


def test_what_sample_drew_is_decoded_to_its_own_images(conditional: Path, run: Run) -> None:
    samples = run("sample", "--model", "gan", "--count", 5, out="samples.npz")
    decoded = run("decode", samples, "--model", "gan")
    assert decoded.read_bytes() == samples.read_bytes()
    other = arrays(run("decode", samples, "--model", "gan", "--class", 1))
    assert other["labels"].tolist() == [1] * 5
    assert not np.array_equal(other["images"], arrays(samples)["images"])


def test_latents_of_higher_precision_are_rounded(plain: Path, run: Run, tmp_path: Path) -> None:
    path, exact = tmp_path / "latents.npz", np.array([[1 / 3, 2], [0, 1]])
    np.savez(path, found=exact)
    made = arrays(run("decode", path, "--array", "found", "--model", "vae"))
    np.testing.assert_array_equal(made["latents"], exact.astype(np.float32))


@pytest.mark.parametrize(
    ("array", "told"),
    [
        ({"z": np.zeros((1, 2))}, "expected an array latents; got z"),
        ({"latents": np.zeros((1, 3))}, r"floats, in the shape \(n, 2\); got float64 \(1, 3\)"),
        ({"latents": np.zeros(2)}, r"floats, in the shape \(n, 2\); got float64 \(2,\)"),
        ({"latents": np.zeros((0, 2))}, r"got float64 \(0, 2\)"),
        ({"latents": np.zeros((1, 2), int)}, r"got int64 \(1, 2\)"),
        ({"latents": np.array([[1e300, 0]])}, "finite numbers; got infinity or NaN"),
        ({"latents": np.array([[np.nan, 0]])}, "finite numbers; got infinity or NaN"),
        ({"latents": np.array([[None, 0]])}, "latents of plain numbers"),
        ({"latents": np.zeros((2, 2)), "labels": [1, 2, 3]}, "labels of integers, 2 of them"),
    ],
)
def test_refuses(
    plain: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str], array: dict[str, Any], told: str
) -> None:
    path = tmp_path / "latents.npz"
    np.savez(path, **array)
    message = refusal(["decode", path, "--model", "vae"], capsys)
    assert re.search(told, message)
    assert message.startswith(f"\nerror: {path}: expected ")


def test_refuses_what_is_no_archive(plain: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "latents.npz"
    path.write_text("text")
    told = refusal(["decode", path, "--model", "vae"], capsys)
    assert "expected a whole archive as np.savez writes it" in told
    for absent in (tmp_path / "absent.npz", tmp_path):
        told = refusal(["decode", absent, "--model", "vae"], capsys)
        assert f"{absent}: expected an .npz file, got no file of this name" in told


def test_a_class_is_asked_for_or_comes_along(
    conditional: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "latents.npz"
    np.savez(path, latents=np.zeros((1, 2)))
    assert "told the class; got none." in refusal(["decode", path, "--model", "vae"], capsys)
