"""What is asked of arguments of the public interface, before anything is computed with them."""

from typing import SupportsIndex

import numpy as np
import numpy.typing as npt

from latentlab.core.arrays import Images, Latents
from latentlab.core.errors import RequestError


def integer(name: str, value: SupportsIndex, least: int, most: int) -> int:
    """An integer between two bounds, both included.

    Raises:
        RequestError: it is none, or lies outside of them.
    """
    # NumPy's integers are integers as well; a float is none, and True is a mistake.
    number = value.__index__() if hasattr(value, "__index__") and not isinstance(value, bool) else None
    if number is None or not least <= number <= most:
        raise RequestError(f"{name}: expected an integer from {least} to {most}, got {value!r}.")
    return number


def images(array: npt.ArrayLike, shape: tuple[int, ...]) -> Images:
    """Images of pixels from 0 to 255: uint8 (n, height, width, channels).

    Raises:
        RequestError: they are of another type, or of another shape (height, width, channels).
    """
    found = np.asarray(array)
    if found.dtype != np.uint8 or found.ndim != 4 or not len(found) or found.shape[1:] != shape:
        expected = ", ".join(map(str, shape))
        raise RequestError(
            f"images: expected pixels from 0 to 255, uint8 (n, {expected}), got {found.dtype} {found.shape}. "
            "Of floats in [0, 1] pixels are np.uint8(np.rint(255 * images)); one image is image[np.newaxis]."
        )
    return found


def latents(array: npt.ArrayLike, latent_dim: int) -> Latents:
    """Latents, float32 (n, latent_dim), of finite floats in any precision.

    Raises:
        RequestError: they are something else.
    """
    found = np.asarray(array)
    if found.dtype.kind != "f" or found.ndim != 2 or not len(found) or found.shape[1] != latent_dim:
        raise RequestError(
            f"latents: expected floats in the shape (n, {latent_dim}), got {found.dtype} {found.shape}."
        )
    return _finite("latents", found)


def latent(name: str, array: npt.ArrayLike, latent_dim: int) -> Latents:
    """One latent, float32 (latent_dim,), of finite floats in any precision.

    Raises:
        RequestError: it is something else.
    """
    found = np.asarray(array)
    if found.dtype.kind != "f" or found.shape != (latent_dim,):
        raise RequestError(
            f"{name}: expected floats in the shape ({latent_dim},), got {found.dtype} {found.shape}."
        )
    return _finite(name, found)


def _finite(name: str, array: npt.NDArray[np.floating]) -> Latents:
    with np.errstate(over="ignore"):
        rounded: Latents = array.astype(np.float32)
    if not np.isfinite(rounded).all():
        raise RequestError(f"{name}: expected finite numbers, got infinity or NaN.")
    return rounded
