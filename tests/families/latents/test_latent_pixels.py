from pathlib import Path

import pytest

from latentlab.core.errors import ArtifactError
from latentlab.families.latents import pixels


def test_a_sigma_is_known_or_was_saved(tmp_path: Path) -> None:
    assert pixels.load_sigma(tmp_path, "bernoulli") is None
    assert pixels.load_sigma(tmp_path, "gaussian") == 0.2
    pixels.save_sigma(tmp_path, 1 / 7)
    assert pixels.load_sigma(tmp_path, "gaussian_optimal") == 1 / 7
    assert pixels.load_sigma(tmp_path, "gaussian") == 0.2


def test_one_that_was_not_saved_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"pixels\.json is missing"):
        pixels.load_sigma(tmp_path, "gaussian_optimal")


def test_scores_say_it_where_there_is_one() -> None:
    assert pixels.described(0.25) == {"pixel_sigma": 0.25}
    assert pixels.described(None) == {}
