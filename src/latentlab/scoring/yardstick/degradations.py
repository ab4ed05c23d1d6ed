"""Real images that are worse by a known amount: uint8 (n, height, width, channels) in and out.

Strengths are shares of the image's side, of the range from black to white, or of what is replaced.
"""

from collections.abc import Callable

import numpy as np
import numpy.typing as npt
import scipy.ndimage
from scipy.spatial.transform import Rotation

from latentlab.core import mapped
from latentlab.core.arrays import Images

Values = npt.NDArray[np.float32]
RANGE = np.float32(255)
# Height and width.
PLANE = (1, 2)


def blurred(images: Images, share: float) -> Images:
    """Blurred by a Gaussian whose deviation is a share of their height and width."""
    _, height, width, _ = images.shape
    sigma = (0, share * height, share * width, 0)
    return _by_blocks(images, lambda values: scipy.ndimage.gaussian_filter(values, sigma))


def noisy(images: Images, sigma: float, seed: int) -> Images:
    """With white Gaussian noise of a deviation that is a share of their range, cut off there."""
    rng, scale = np.random.default_rng(seed), np.float32(255 * sigma)
    return _by_blocks(
        images, lambda values: values + scale * rng.standard_normal(values.shape, dtype=np.float32)
    )


def white_noise(images: Images, seed: int) -> Images:
    """White Gaussian noise alone, with the mean and the deviation of each channel."""
    mean, deviation = (found.astype(np.float32) for found in _moments(images))
    rng = np.random.default_rng(seed)
    return _by_blocks(
        images,
        lambda values: mean + deviation * rng.standard_normal(values.shape, dtype=np.float32),
    )


def mixed_with_spectrum_noise(images: Images, share: float, seed: int) -> Images:
    """Of their variance, a share replaced by Gaussian noise with the mean power spectrum of all.

    Channels keep their covariance at each frequency, so that the noise has the images' colours, and nothing
    of their structure.
    """
    mean, _ = _moments(images)
    roots = _spectrum_roots(images, mean)
    rng, keep, add = np.random.default_rng(seed), np.sqrt(1 - share), np.sqrt(share)

    def mix(values: Values) -> Values:
        white = np.fft.rfft2(rng.standard_normal(values.shape, dtype=np.float32), axes=PLANE)
        coloured = np.einsum("hwcd,nhwd->nhwc", roots, white)
        noise = np.fft.irfft2(coloured, s=values.shape[1:3], axes=PLANE)
        mixed: Values = mean + keep * (values - mean) + add * noise
        return mixed

    return _by_blocks(images, mix)


def phase_scrambled(images: Images, share: float, seed: int) -> Images:
    """With phases of their Fourier transform turned at random, by a share of all angles.

    Each image keeps its power spectrum, and its colours, since all channels are turned alike; with all angles
    nothing is left of its structure (Oppenheim and Lim 1981, "The importance of phase in signals").
    """
    rng = np.random.default_rng(seed)

    def scramble(values: Values) -> Values:
        shape = (*values.shape[:3], 1)
        # The phases of real noise have the symmetry that keeps the images real.
        noise = rng.standard_normal(shape, dtype=np.float32)
        turns = np.angle(np.fft.rfft2(noise, axes=PLANE))
        turns[:, 0, 0] = 0  # The mean stays.
        spectrum = np.fft.rfft2(values, axes=PLANE) * np.exp(1j * share * turns)
        scrambled = np.fft.irfft2(spectrum, s=values.shape[1:3], axes=PLANE)
        return np.asarray(scrambled, np.float32)

    return _by_blocks(images, scramble)


def shuffled(images: Images, patches: int, seed: int) -> Images:
    """Cut into so many patches a side, each image's in an order of its own; what is left over stays."""
    _, height, width, channels = images.shape
    rows, columns = height // patches, width // patches
    rng = np.random.default_rng(seed)

    def shuffle(values: Values) -> Values:
        grid = values[:, : rows * patches, : columns * patches]
        cut = grid.reshape(len(values), patches, rows, patches, columns, channels).swapaxes(2, 3)
        pieces = cut.reshape(len(values), patches**2, rows, columns, channels)
        order = np.argsort(rng.random((len(values), patches**2)), axis=1)
        moved = np.take_along_axis(pieces, order[:, :, None, None, None], axis=1)
        whole = moved.reshape(len(values), patches, patches, rows, columns, channels).swapaxes(2, 3)
        values[:, : rows * patches, : columns * patches] = whole.reshape(grid.shape)
        return values

    return _by_blocks(images, shuffle)


def checkered(images: Images, amplitude: float) -> Images:
    """With a checkerboard of single pixels added, which transposed convolutions are known for.

    Odena et al. 2016, "Deconvolution and checkerboard artifacts".
    """
    _, height, width, _ = images.shape
    signs = (-1.0) ** np.add.outer(np.arange(height), np.arange(width))
    pattern = (amplitude * RANGE * signs[:, :, np.newaxis]).astype(np.float32)
    return _by_blocks(images, lambda values: values + pattern)


def hue_turned(images: Images, degrees: float) -> Images:
    """With each colour turned around the axis of greys; (n, height, width, 3)."""
    rotation = Rotation.from_rotvec(np.full(3, degrees / np.sqrt(3)), degrees=True).as_matrix()
    return _by_blocks(images, lambda values: values @ rotation.T.astype(np.float32))


def _by_blocks(images: Images, change: Callable[[Values], Values]) -> Images:
    """Change images as float32 a few at a time, round them, and cut them off at black and white."""
    parts = (change(block.astype(np.float32)) for block in mapped.blocks(images))
    return np.concatenate([np.rint(np.clip(part, 0, 255)).astype(np.uint8) for part in parts])


def _moments(images: Images) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """The mean and the deviation of each channel: (channels,)."""
    sums = np.zeros((2, images.shape[-1]))
    for block in mapped.blocks(images):
        values = block.reshape(-1, images.shape[-1]).astype(np.float64)
        sums += values.sum(axis=0), np.square(values).sum(axis=0)
    mean, square = sums / np.prod(images.shape[:3])
    return mean, np.sqrt(np.maximum(square - mean**2, 0))


def _spectrum_roots(images: Images, mean: npt.NDArray[np.float64]) -> npt.NDArray[np.complex128]:
    """The root of the channels' mean covariance at each frequency: (h, w // 2 + 1, channels, channels)."""
    _, height, width, channels = images.shape
    covariance = np.zeros((height, width // 2 + 1, channels, channels), np.complex128)
    for block in mapped.blocks(images):
        spectrum = np.fft.rfft2(block - mean, axes=PLANE)
        covariance += np.einsum("nhwc,nhwd->hwcd", spectrum, spectrum.conj())
    # White noise of one pixel's variance has a power of height x width.
    values, vectors = np.linalg.eigh(covariance / (len(images) * height * width))
    # The Hermitian root, because it alone keeps the symmetry of a real image's spectrum.
    scaled = vectors * np.sqrt(np.maximum(values, 0))[..., np.newaxis, :]
    root: npt.NDArray[np.complex128] = scaled @ vectors.conj().swapaxes(-1, -2)
    return root
