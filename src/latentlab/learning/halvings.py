"""How often networks halve images, or double maps to images: once for each of their numbers of channels."""

import itertools
from collections.abc import Sequence

from latentlab.core.errors import ParamsError

# Sides of the innermost maps. Smaller ones are mostly border; with larger ones a dense layer must know where
# things are, and its weights grow with their area.
SMALLEST, LARGEST = 4, 8


def halved(side: int, times: int) -> int:
    """What is left of a side of so many pixels, each time rounded up."""
    return -(-side // 2**times)


def require_fit(key: str, filters: Sequence[int], image_shape: Sequence[int]) -> None:
    """See that halvings leave maps of 4 to 8 pixels along the shorter side, which is 8 or more itself.

    Args:
        key: of params.yaml.
        filters: its value, one number of channels a halving.
        image_shape: height and width, and whatever follows.

    Raises:
        ParamsError: they do not; names a value that would.
    """
    side = min(image_shape[:2])
    innermost = halved(side, len(filters))
    if not SMALLEST <= innermost <= LARGEST:
        raise ParamsError(
            f"{key}: expected a number for each halving or doubling between images and maps of {SMALLEST} to "
            f"{LARGEST} pixels, got {list(filters)}, which makes maps of {innermost} of images of {side}. "
            f"Set it to {_fitting(filters, side)} or the like."
        )


def _fitting(filters: Sequence[int], side: int) -> list[int]:
    """The same widths for as few halvings as fit; the last one is repeated where there are too few."""
    times = next(times for times in itertools.count(1) if halved(side, times) <= LARGEST)
    return [*filters, *itertools.repeat(filters[-1], times)][:times]
