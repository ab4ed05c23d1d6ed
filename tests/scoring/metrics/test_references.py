"""Sets of images that are broken on purpose."""

import numpy as np

from latentlab.scoring.metrics import references


def test_blur_spreads_a_point_and_keeps_its_light_within_the_image_and_channel() -> None:
    image = np.zeros((2, 28, 28, 2), np.uint8)
    image[0, 14, 14, 0] = 255
    made = references.blurred(image)
    assert made.shape == image.shape
    assert made.dtype == np.uint8
    # A Gaussian of two pixels has 1 / (8 pi) of its volume in the middle one.
    assert made[0, 14, 14, 0] == round(255 / (8 * np.pi))
    assert made[0, 14, 16, 0] == made[0, 12, 14, 0] > 0
    assert abs(made[0, ..., 0].sum() - 255.0) < 40
    assert not made[1].any()
    assert not made[..., 1].any()


def test_noise_has_its_deviation_and_its_seed() -> None:
    grey = np.full((20, 28, 28, 1), 128, np.uint8)
    made = references.noisy(grey, seed=0)
    assert made.dtype == np.uint8
    # A normal variable cut off at c = 127.5 / 76.5 deviations has the variance
    # 2 P(c) - 1 - 2 c p(c) + 2 c^2 (1 - P(c)) = 0.840.
    assert abs(made.std() - 0.840**0.5 * 76.5) < 1
    assert np.array_equal(made, references.noisy(grey, seed=0))
    assert not np.array_equal(made, references.noisy(grey, seed=1))


def test_one_class_is_the_most_frequent_alone() -> None:
    images = np.arange(6, dtype=np.uint8).reshape(6, 1, 1, 1)
    labels = np.array([1, 2, 0, 2, 1, 2], np.uint8)
    assert references.one_class(images, labels, 2).ravel().tolist() == [1, 3]
    assert references.one_class(images, labels, 100).ravel().tolist() == [1, 3, 5]
