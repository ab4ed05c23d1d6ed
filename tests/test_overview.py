"""The picture of several kinds of images, from strips that runs leave."""

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from latentlab.core import artifacts
from latentlab.families import arrays
from latentlab.showing.figures import grids
from scripts import overview


@pytest.fixture
def run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder in which the pipeline seems to have run: every set of images has a grey of its own."""
    monkeypatch.setattr(overview, "IMAGES", tmp_path)
    monkeypatch.chdir(tmp_path)
    for number, family in enumerate(overview.families()):
        for name, grey in (("samples", 50), (overview.WAY, 100)):
            arrays.save(family.name, {name: np.full((20, 4, 6, 1), grey + number, np.uint8)})
    real = np.arange(20, dtype=np.uint8).reshape(-1, 1, 1, 1)
    artifacts.save_array(artifacts.images_path("validation"), np.broadcast_to(real, (20, 4, 6, 1)))
    return tmp_path


def test_a_strip_is_kept_pixel_for_pixel(run: Path) -> None:
    overview.save_strip(run, "mnist")
    strip = overview.load_strip("mnist")
    assert strip.shape == (3, 16, 4, 6, 3)
    assert strip[0, :, 0, 0, 0].tolist() == list(range(16))
    encoding = [family.encoder is not None for family in overview.families()]
    expected = [100 + n if encodes else 50 + n for n, encodes in enumerate(encoding)]
    assert [int(row.max()) for row in strip[1:]] == expected
    assert set(encoding) == {True, False}


def test_rows_are_real_images_and_those_of_models_whose_prior_is_known(run: Path) -> None:
    overview.save_strip(run, "mnist")
    overview.save_strip(run, "photos-32")
    figure = overview.draw()
    assert [axes.get_title() for axes in figure.axes] == ["Digits", "Photographs"]
    for axes in figure.axes:
        assert [label.get_text() for label in axes.get_yticklabels()] == ["real", "VAE", "GAN"]
    drawn = np.asarray(figure.axes[0].images[0].get_array())
    assert drawn.shape == grids.mosaic(overview.load_strip("mnist"), 1).shape


def test_a_strip_takes_as_many_pixels_as_its_images(run: Path) -> None:
    overview.save_strip(run, "mnist")
    with Image.open(run / "strips" / "mnist.png") as picture:
        assert picture.size == (16 * 6, 3 * 4)
