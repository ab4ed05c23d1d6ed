"""The networks of photographs of other sides than the preset's, and how long each is measured."""

from collections.abc import Mapping, Sequence
from typing import Any

PRESET = "photos-32"
CHANNELS = 3
# As many as fill the largest batch twice; the pipeline's lie on disk, so more here would count as its memory.
NUM_IMAGES = 128
# How many steps a round takes of images of each side.
STEPS = {16: 8, 32: 8, 64: 4, 128: 2, 256: 1}
# Of the preset's innermost maps, in pixels.
INNERMOST = 4
NARROWEST = 8


def system(side: int) -> str:
    """What `child` calls our trainings of images of so many pixels, in float32."""
    return f"ours_{side}_pixels"


def sections(preset: Mapping[str, Any], side: int) -> dict[str, Any]:
    """The preset's ``vae`` and ``gan``, with networks for images of another side."""
    vae, gan = preset["vae"], preset["gan"]
    return {
        "vae": {**vae, "filters": _inwards(vae["filters"], side)},
        "gan": {
            **gan,
            "generator_filters": filters(gan["generator_filters"], side),
            "discriminator_filters": _inwards(gan["discriminator_filters"], side),
        },
    }


def filters(preset: Sequence[int], side: int) -> list[int]:
    """Channels of each doubling: the preset's, then half as many for each further one, at the least 8.

    Args:
        preset: channels from the smallest maps on, which stay of 4 pixels.
        side: of the images, in pixels; 4 times a power of 2.

    Returns:
        As many as there are doublings, in the same order.
    """
    widths, doublings = list(preset), (side // INNERMOST).bit_length() - 1
    while len(widths) < doublings:
        widths.append(max(NARROWEST, widths[-1] // 2))
    return widths[:doublings]


def _inwards(preset: Sequence[int], side: int) -> list[int]:
    """The same for channels that are listed from the image inwards."""
    return filters(preset[::-1], side)[::-1]
