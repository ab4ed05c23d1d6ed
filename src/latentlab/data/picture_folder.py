"""Reads a folder of image files: a subfolder for each class, or none for images without labels."""

import sys
import warnings
from collections import Counter
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing, contextmanager
from functools import partial
from pathlib import Path
from typing import NamedTuple, cast

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from latentlab.core import provenance
from latentlab.core.arrays import Images
from latentlab.core.errors import DataError
from latentlab.data import geometry, layout, pictures
from latentlab.data.labelled import Labelled
from latentlab.data.npz import MAX_CLASSES
from latentlab.data.tree import Tree, printable

# Read at a time; of the largest images allowed they take 50 MB.
FILES_PER_BLOCK = 256
MOST_SHAPES_NAMED = 5

# What a file shows, or why it cannot be read.
Read = pictures.Picture | str


class Folder(NamedTuple):
    """What was read of a folder.

    Attributes:
        parts: the images for train, and for validation and test where they are there; one part, train, of a
            folder without parts. Labels are in the order of ``classes``; all 0 where there are no classes.
        classes: names of the classes that have an image.
        skipped: what was left out, by name, and why.
    """

    parts: dict[str, Labelled]
    classes: list[str]
    skipped: dict[str, str]


class Reader:
    """Reads files in their order, several at once, and notes what they are.

    Attributes:
        kept: names of the files that were read.
        bad: the others, and why.
        shapes: how many images had each height and width.
        all_grey: whether every file was grey.
    """

    def __init__(self, size: int | None, channels: int) -> None:
        """Read images as ``pictures.read`` does."""
        self._read = partial(_try_to_read, size=size, channels=channels)
        self.kept: list[str] = []
        self.bad: dict[str, str] = {}
        self.shapes: Counter[tuple[int, int]] = Counter()
        self.all_grey = True

    def blocks(self, tree: Tree) -> Iterator[Images]:
        """The images in all files that have the shape of the first, some at a time."""
        with (
            _quiet_pillow(),
            ThreadPoolExecutor(provenance.threads(None)) as pool,
            tqdm(total=len(tree.files), unit="file", disable=not sys.stderr.isatty()) as bar,
        ):
            for start in range(0, len(tree.files), FILES_PER_BLOCK):
                names = tree.files[start : start + FILES_PER_BLOCK]
                paths = [tree.root / name for name in names]
                # Closed, so that after a refusal none is read, and held, that was not begun.
                with closing(cast("Generator[Read]", pool.map(self._read, paths))) as read:
                    pixels = [
                        found
                        for name, one in zip(names, read, strict=True)
                        if (found := self._note(name, one))
                    ]
                bar.update(len(names))
                if pixels:
                    yield np.stack([picture.pixels for picture in pixels])

    def _note(self, name: str, read: Read) -> pictures.Picture | None:
        if isinstance(read, str):
            self.bad[printable(name)] = read
            return None
        height, width, _ = read.pixels.shape
        self.shapes[height, width] += 1
        self.all_grey &= read.grey
        self.kept.append(name)
        geometry.require_sides(height, width)
        return read if len(self.shapes) == 1 else None


def load(
    tree: Tree,
    *,
    size: int | None,
    channels: int | None,
    skip_bad: bool,
    keep: Callable[[Iterable[Images]], Images],
) -> Folder:
    """All images of a folder.

    Args:
        tree: its files.
        size: pixels of each side; None where all images have one size.
        channels: 1 or 3; None for 1 where every file is grey, else 3.
        skip_bad: whether files that cannot be read are left out; else they are refused.
        keep: what becomes of images, which come in blocks.

    Raises:
        DataError: some file or class is unfit, all of which are named, or nothing is left.
    """
    layout.require(tree)
    reader = Reader(size, channels or 3)
    images = keep(reader.blocks(tree))
    labels, classes = _label(tree.classes, reader.kept)
    used = {file.rpartition("/")[0] for file in reader.kept}
    empty = [folder for folder in tree.folders if folder not in used]
    bad = {printable(name): why for name, why in tree.misplaced.items()} | reader.bad
    bad |= {printable(name): "is a class without an image that can be read" for name in empty}
    _report(tree, bad, skip_bad)
    _require_one_shape(tree, reader.shapes)
    if not tree.parts:
        _name_singles(classes, labels)
    one_channel = channels is None and reader.all_grey
    whole = Labelled(images[..., :1] if one_channel else images, labels)
    return Folder(_part(whole, tree.parts, reader.kept), list(map(printable, classes)), bad)


def _try_to_read(path: Path, size: int | None, channels: int) -> Read:
    try:
        return pictures.read(path, size, channels)
    except pictures.BadImageError as error:
        return str(error)


@contextmanager
def _quiet_pillow() -> Iterator[None]:
    """Without Pillow's warnings of damage that it can do without, such as in a camera's notes."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", module="PIL")
        yield


def _label(classes: list[str], files: list[str]) -> tuple[npt.NDArray[np.uint8], list[str]]:
    """The label of each file, and the classes that have one."""
    if not classes:
        return np.zeros(len(files), np.uint8), []
    of_files = [file.split("/")[-2] for file in files]
    used = set(of_files)
    found = [name for name in classes if name in used]
    if len(found) > MAX_CLASSES:
        raise DataError(f"data.path: expected at most {MAX_CLASSES} folders of classes, got {len(found)}.")
    number = {name: label for label, name in enumerate(found)}
    return np.array([number[name] for name in of_files], np.uint8), found


def _part(whole: Labelled, parts: dict[str, str], files: list[str]) -> dict[str, Labelled]:
    """The images of each part, which lie in the order of the parts."""
    if not parts:
        return {"train": whole}
    of_files = [file.partition("/")[0] for file in files]
    ends = np.cumsum([of_files.count(name) for name in parts.values()])
    images, labels = np.split(whole.images, ends), np.split(whole.labels, ends)
    found = {split: Labelled(*both) for split, *both in zip(parts, images, labels, strict=False)}
    return {split: part for split, part in found.items() if split == "train" or len(part.labels)}


def _report(tree: Tree, bad: dict[str, str], skip_bad: bool) -> None:
    """Name what is unfit, and stop unless it shall be left out."""
    lines = "".join(f"\n  {name} {why}" for name, why in bad.items())
    if bad and not skip_bad:
        raise DataError(
            f"{tree.root}: expected images alone, got {len(bad)} that cannot be used:{lines}\nMend or remove "
            "them, or set data.skip_bad_files: true in params.yaml to go on without them."
        )
    if bad:
        print(f"{tree.root}: {len(bad)} left out (data.skip_bad_files):{lines}", flush=True)


def _require_one_shape(tree: Tree, shapes: Counter[tuple[int, int]]) -> None:
    if not shapes:
        raise DataError(f"{tree.root}: expected images, got none. Correct data.path in params.yaml.")
    if len(shapes) > 1:
        common = shapes.most_common(MOST_SHAPES_NAMED)
        named = ", ".join(f"{count} of {width} x {height}" for (height, width), count in common)
        raise DataError(
            f"{tree.root}: expected images of one size, because data.size is null; got {len(shapes)} sizes: "
            f"{named}{' and others' if len(shapes) > len(common) else ''}. Set data.size in params.yaml."
        )


def _name_singles(classes: list[str], labels: npt.NDArray[np.uint8]) -> None:
    for name, count in zip(classes, np.bincount(labels), strict=False):
        if count == 1:
            print(f"class {printable(name)} has one image, which is for training alone", flush=True)
