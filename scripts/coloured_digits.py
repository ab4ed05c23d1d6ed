"""Writes the folders for the presets rgb-folder and unlabelled: MNIST digits, coloured and placed.

Each of the 5,000 digits that come with a package lies at a random place of a 32 x 32 image, in a random
bright colour on a random dark one, in one folder a digit. Unlabelled ones stay grey and lie in one folder.
The same files come out every time.

    python scripts/coloured_digits.py data/coloured_digits
    python scripts/coloured_digits.py data/grey_digits --unlabelled
"""

import argparse
import colorsys
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from latentlab.data import mnist_sample

SIDE, MNIST_SIDE = 32, 28
# Digits of MNIST have a margin of 4 pixels, so they stay whole when their image is moved by as much.
MOST_SHIFT = 4
DARKEST, BRIGHTEST_GROUND = 0.8, 0.3


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    parser.add_argument("--unlabelled", action="store_true", help="grey, in one folder")
    options = parser.parse_args()
    rng = np.random.default_rng(0)
    for number, (digit, label) in enumerate(zip(*mnist_sample.load(), strict=True)):
        placed = place(digit[..., 0], rng)
        folder = options.folder if options.unlabelled else options.folder / str(label)
        folder.mkdir(parents=True, exist_ok=True)
        Image.fromarray(placed if options.unlabelled else colour(placed, rng)).save(
            folder / f"{number:04}.png"
        )


def place(digit: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """A digit, uint8 (28, 28), moved by up to 4 pixels each way: uint8 (32, 32)."""
    canvas = np.zeros((SIDE + 2 * MOST_SHIFT,) * 2, np.uint8)
    top, left = (SIDE - MNIST_SIDE) // 2 + rng.integers(0, 2 * MOST_SHIFT + 1, 2)
    canvas[top : top + MNIST_SIDE, left : left + MNIST_SIDE] = digit
    return canvas[MOST_SHIFT:-MOST_SHIFT, MOST_SHIFT:-MOST_SHIFT]


def colour(digit: npt.NDArray[np.uint8], rng: np.random.Generator) -> npt.NDArray[np.uint8]:
    """A digit in a bright colour on a dark one, each of a random hue: uint8 (32, 32, 3)."""
    ink = colorsys.hsv_to_rgb(rng.random(), 0.8, rng.uniform(DARKEST, 1))
    ground = colorsys.hsv_to_rgb(rng.random(), 0.8, rng.uniform(0, BRIGHTEST_GROUND))
    share = digit[..., np.newaxis] / 255
    return np.rint(255 * (share * ink + (1 - share) * ground)).astype(np.uint8)


if __name__ == "__main__":
    main()
