"""Fitted samplers, from the scoring that fits them to whoever samples."""

from pathlib import Path

import numpy as np
import pytest

from latentlab.core import artifacts, settings
from latentlab.core.errors import ArtifactError
from latentlab.families.latents import fitted, samplers
from latentlab.families.latents import scores as latents
from latentlab.scoring.settings import Scoring
from tests import presets

ENCODED = np.random.default_rng(1).normal(size=(40, 2)).astype(np.float32)
LABELS = np.repeat([2, 7], 20).astype(np.uint8)


def test_what_is_loaded_is_what_was_saved_to_the_last_bit(tmp_path: Path) -> None:
    saved = samplers.fit(ENCODED, LABELS, ways=("mixture", "per_class"), mixture_components="classes", seed=1)
    fitted.save(tmp_path, saved)
    loaded = fitted.load(tmp_path / fitted.FILE)
    assert list(loaded) == ["mixture", "per_class"]
    for way, mixture in loaded.items():
        for array, expected in zip(mixture, saved[way], strict=True):
            assert getattr(array, "dtype", None) == getattr(expected, "dtype", None)
            np.testing.assert_array_equal(array, expected)


def test_none_is_a_file_too(tmp_path: Path) -> None:
    fitted.save(tmp_path, {})
    assert fitted.load(tmp_path / fitted.FILE) == {}
    with pytest.raises(ArtifactError, match=r"absent\.npz is missing"):
        fitted.load(tmp_path / "absent.npz")


def test_the_scoring_writes_what_it_fits_to_the_encodings_of_training_images(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    artifacts.save_array(artifacts.labels_path("train"), LABELS)
    read = settings.load_part(Scoring, presets.write("default", tmp_path / "params.yaml"))
    found = latents.fit_samplers("vae", ENCODED, read)
    written = fitted.load(artifacts.scores_folder("vae") / fitted.FILE)
    assert list(written) == list(found) == ["gaussian", "mixture", "per_class"]
    assert written["per_class"].classes is not None
    assert written["per_class"].classes.tolist() == [2, 7]
    means = [ENCODED[:20].mean(axis=0), ENCODED[20:].mean(axis=0)]
    np.testing.assert_allclose(written["per_class"].means, means, atol=1e-6)
