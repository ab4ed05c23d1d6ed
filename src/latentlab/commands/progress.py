"""How far a command is, for whoever waits."""

from collections.abc import Iterable, Iterator
from typing import Any

import numpy.typing as npt
from tqdm import tqdm

# Fewer images are there before a bar could be read.
LEAST_SHOWN = 2000


def over(blocks: Iterable[npt.NDArray[Any]], count: int) -> Iterator[npt.NDArray[Any]]:
    """Blocks of so many images in all; with a bar where they are many, and a terminal to show it."""
    # Of None tqdm makes its own look for a terminal.
    with tqdm(total=count, unit="image", disable=None if count >= LEAST_SHOWN else True) as bar:
        for block in blocks:
            yield block
            bar.update(len(block))
