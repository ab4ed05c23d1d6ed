import math

import numpy as np
import pytest
import tensorflow as tf

from latentlab.families.vae.model.sigma import fit_sigma
from latentlab.learning import descent
from latentlab.learning.tensors import Tensor


def grey(images: Tensor, *_: Tensor) -> Tensor:
    """Logits of p = 1/2 for every pixel."""
    return tf.zeros(tf.shape(images))


def test_sigma_is_the_root_of_the_mean_over_all_pixels(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two images of errors 1/2 and one of 0.1, in parts of two and one: sigma^2 = (2/4 + 0.01) / 3."""
    monkeypatch.setattr(descent, "PART", 2)
    images = np.array([0, 255, 153], np.uint8).reshape(3, 1, 1, 1)
    assert fit_sigma(grey, images) == pytest.approx(math.sqrt(0.51 / 3), rel=1e-6)


def test_sigma_is_a_grey_level_at_least() -> None:
    assert (
        fit_sigma(lambda images: 99 * tf.ones(tf.shape(images)), np.full((2, 1, 1, 1), 255, np.uint8))
        == 1 / 255
    )
