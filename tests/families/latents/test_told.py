import numpy as np
from numpy.testing import assert_array_equal

from latentlab.families.latents import told
from latentlab.trained import inference
from tests.families import halves
from tests.tiny_learners import SHAPE, build_vae


def test_rows_are_classes_and_columns_latents() -> None:
    decoder = build_vae(conditional=True).decoder
    rows = told.by_class(decoder, seed=3)
    assert rows.shape == (2, 10, *SHAPE)
    latents = inference.draw_latents(10, 2, seed=3)
    assert_array_equal(rows[1], inference.generate(decoder, latents, np.ones(10, int)))
    assert_array_equal(rows[0], inference.generate(decoder, latents, np.zeros(10, int)))


def test_each_row_shows_its_class() -> None:
    rows = told.by_class(halves.build_decoder(), seed=0)
    assert (rows[0, :, :, :4] > 200).all()
    assert (rows[1, :, :, :4] < 50).all()
