from pathlib import Path

import numpy as np
import pytest

from latentlab.core.errors import ArtifactError
from latentlab.families import arrays


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_arrays_lie_in_the_scoring_of_their_models_family(root: Path) -> None:
    arrays.save("gan_best", {"a": np.arange(3), "b": np.zeros((2, 1))})
    assert (root / "reports/scores/gan/gan_best/a.npy").exists()
    np.testing.assert_array_equal(arrays.load("gan_best", "a"), [0, 1, 2])
    assert arrays.load("gan_best", "b").shape == (2, 1)


def test_some_are_not_written() -> None:
    assert not arrays.exists("vae", "traversals")
    with pytest.raises(ArtifactError, match=r"reports/scores/vae/vae/traversals\.npy is missing"):
        arrays.load("vae", "traversals")
    arrays.save("vae", {"traversals": np.zeros(1)})
    assert arrays.exists("vae", "traversals")
    assert not arrays.exists("autoencoder", "traversals")


def test_a_model_that_is_told_classes_shows_them() -> None:
    assert not arrays.is_conditional("vae")
    assert arrays.first_class("vae") == ""
    arrays.save("vae", {"told_classes": np.zeros(1)})
    assert arrays.is_conditional("vae")
    assert arrays.first_class("vae") == ", all told class 0"
    assert not arrays.is_conditional("gan_best")


def test_latents_tell_their_dimensions() -> None:
    arrays.save("autoencoder", {"latents": np.zeros((5, 3))})
    assert arrays.latent_dim("autoencoder") == 3
