"""What each degradation takes from images, and what it leaves."""

import numpy as np
import pytest

from latentlab.core.arrays import Images
from latentlab.scoring.yardstick import degradations


def photographs(count: int = 40, side: int = 16) -> Images:
    """Smooth coloured surfaces, whose neighbouring pixels are alike."""
    rng = np.random.default_rng(0)
    coarse = rng.uniform(40, 215, (count, side // 4, side // 4, 3))
    return degradations.blurred(coarse.repeat(4, 1).repeat(4, 2).astype(np.uint8), 1 / side)


def test_blur_spreads_a_point_and_keeps_its_light_within_the_image_and_channel() -> None:
    image = np.zeros((2, 28, 28, 2), np.uint8)
    image[0, 14, 14, 0] = 255
    made = degradations.blurred(image, 1 / 14)
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
    made = degradations.noisy(grey, 0.3, seed=0)
    assert made.dtype == np.uint8
    # A normal variable cut off at c = 127.5 / 76.5 deviations has the variance
    # 2 P(c) - 1 - 2 c p(c) + 2 c^2 (1 - P(c)) = 0.840.
    assert abs(made.std() - 0.840**0.5 * 76.5) < 1
    assert np.array_equal(made, degradations.noisy(grey, 0.3, seed=0))
    assert not np.array_equal(made, degradations.noisy(grey, 0.3, seed=1))


def test_the_range_of_noise_is_that_from_black_to_white() -> None:
    """A tenth of 255 is 25.5, and rounding adds the variance 1/12; known to 0.1 % of a million pixels."""
    made = degradations.noisy(np.full((100, 100, 100, 1), 128, np.uint8), 0.1, seed=0)
    assert made.std() == pytest.approx((25.5**2 + 1 / 12) ** 0.5, rel=0.002)


def test_white_noise_keeps_the_mean_and_deviation_of_each_channel_and_nothing_else() -> None:
    images = photographs(200)
    made = degradations.white_noise(images, seed=0)
    axes = (0, 1, 2)
    np.testing.assert_allclose(made.mean(axes), images.mean(axes), atol=1)
    np.testing.assert_allclose(made.std(axes), images.std(axes), rtol=0.03)
    assert abs(_with_neighbour(made)) < 0.05 < 0.5 < _with_neighbour(images)


def test_spectrum_noise_has_the_mean_power_spectrum_and_the_colours() -> None:
    """Its pixels are as alike to their neighbours, and its channels vary together, as those of the images."""
    images = photographs(200)
    made = degradations.mixed_with_spectrum_noise(images, 1.0, seed=0)
    np.testing.assert_allclose(made.mean((0, 1, 2)), images.mean((0, 1, 2)), atol=4)
    power, wanted = (_mean_power(part) for part in (made, images))
    assert np.corrcoef(np.log(power).ravel(), np.log(wanted).ravel())[0, 1] > 0.95
    for one, other in ((0, 1), (1, 2)):
        colours = [
            np.corrcoef(part[..., one].ravel(), part[..., other].ravel())[0, 1] for part in (made, images)
        ]
        assert abs(colours[0] - colours[1]) < 0.1


def test_a_share_of_spectrum_noise_leaves_the_rest_of_each_image() -> None:
    images = photographs()
    likeness = [
        np.corrcoef(degradations.mixed_with_spectrum_noise(images, share, 0).ravel(), images.ravel())[0, 1]
        for share in (0.0, 1 / 3, 2 / 3, 1.0)
    ]
    assert likeness[0] > 0.999
    assert likeness == sorted(likeness, reverse=True)


def test_phase_scrambling_keeps_each_images_power_and_takes_its_structure() -> None:
    """Around grey, where nothing is cut off."""
    images = (128 + (photographs().astype(float) - 128) / 3).astype(np.uint8)
    made = degradations.phase_scrambled(images, 1.0, seed=0)
    for one, before in zip(made, images, strict=True):
        np.testing.assert_allclose(
            _mean_power(one[np.newaxis]), _mean_power(before[np.newaxis]), rtol=0.5, atol=1e4
        )
    assert abs(np.corrcoef(made.ravel(), images.ravel())[0, 1]) < 0.7
    assert np.array_equal(degradations.phase_scrambled(images, 0.0, seed=0), images)


def test_shuffled_patches_by_hand() -> None:
    """Of a 5 x 5 image the patches of 2 x 2 move as wholes; what is left over stays."""
    image = np.arange(25, dtype=np.uint8).reshape(1, 5, 5, 1)
    made = degradations.shuffled(np.repeat(image, 30, 0), 2, seed=0)
    patches = {(0, 1, 5, 6), (2, 3, 7, 8), (10, 11, 15, 16), (12, 13, 17, 18)}
    for one in made[..., 0]:
        found = {tuple(one[y : y + 2, x : x + 2].ravel().tolist()) for y in (0, 2) for x in (0, 2)}
        assert found == patches
        assert one[4].tolist() == [20, 21, 22, 23, 24]
    assert len({one.tobytes() for one in made}) > 10


def test_a_checkerboard_by_hand() -> None:
    grey = np.full((1, 2, 3, 1), 100, np.uint8)
    made = degradations.checkered(grey, 0.1)[0, ..., 0]
    assert made.tolist() == [[126, 74, 126], [74, 126, 74]]


def test_a_third_of_a_turn_of_the_hue_exchanges_the_channels_and_leaves_greys() -> None:
    images = np.array([[[[200, 100, 100], [90, 90, 90]]]], np.uint8)
    assert degradations.hue_turned(images, 120)[0, 0].tolist() == [[100, 200, 100], [90, 90, 90]]


@pytest.mark.parametrize("channels", [1, 3])
def test_all_leave_the_form_and_images_themselves_alone(channels: int) -> None:
    images = photographs(5)[..., :channels].copy()
    before = images.copy()
    for made in (
        degradations.blurred(images, 1 / 7),
        degradations.noisy(images, 0.3, 0),
        degradations.white_noise(images, 0),
        degradations.mixed_with_spectrum_noise(images, 1.0, 0),
        degradations.phase_scrambled(images, 1.0, 0),
        degradations.shuffled(images, 4, 0),
        degradations.checkered(images, 0.3),
    ):
        assert (made.shape, made.dtype) == (images.shape, np.uint8)
        assert (made != images).any()
    assert np.array_equal(images, before)


def _with_neighbour(images: Images) -> float:
    """The correlation of pixels with those to their right."""
    return float(np.corrcoef(images[:, :, :-1].ravel(), images[:, :, 1:].ravel())[0, 1])


def _mean_power(images: Images) -> np.ndarray:
    values = images[..., 0].astype(float)
    return np.mean(np.abs(np.fft.rfft2(values - values.mean())) ** 2, axis=0)[1:, 1:] + 1
