"""What commands read of a user's: images and latents, by the readers that the pipeline has."""

import math
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from latentlab.commands import progress
from latentlab.commands.options import LABELS, TEST
from latentlab.core import artifacts, mapped
from latentlab.core.arrays import Images, Labels
from latentlab.core.errors import RequestError
from latentlab.data import archive, geometry, npz, picture_folder, tree
from latentlab.data.archive import Archive
from latentlab.data.tree import Tree

ADVICE = "Mend it, or name another file or --array."

Shape = tuple[int, int, int]


class Block(NamedTuple):
    """Some images, uint8 (n, height, width, channels), and their labels, (n,); None where they have none."""

    images: Images
    labels: Labels | None


def images(names: Sequence[str], index: Sequence[int] | None, array: str, shape: Shape) -> Iterator[Block]:
    """The images that are named, in a model's shape (height, width, channels), block by block.

    Args:
        names: files, or one folder, one archive, or ``test``.
        index: which of the test images; None for all.
        array: of an archive.
        shape: what other sizes and colours become, as with ``data.size`` and ``data.channels``; sides of
            different lengths are never changed.

    Raises:
        ArtifactError: the test images are missing.
        RequestError: something named is missing or unfit.
        DataError: a file is damaged or unfit.
    """
    if list(names) == [TEST]:
        return _test_images(index, shape)
    if missing := [name for name in names if not Path(name).exists()]:
        raise RequestError(f"{missing[0]}: expected a file or a folder of images, got nothing of this name.")
    if len(names) == 1 and Path(names[0]).suffix == ".npz":
        return _archived_images(Path(names[0]), array, shape)
    if len(names) == 1 and Path(names[0]).is_dir():
        return _labelled(_pictures(tree.scan(names[0]), shape), None)
    return _labelled(_pictures(Tree(Path(), [], list(names), {}, {}), shape), None)


def latents(name: str, array: str, latent_dim: int) -> tuple[npt.NDArray[np.float32], Labels | None]:
    """Latents of an archive, float32 (n, latent_dim), and its labels (n,), if it has any.

    Raises:
        RequestError: there is no such file.
        DataError: it is damaged or unfit.
    """
    if not Path(name).is_file():
        raise RequestError(f"{name}: expected an .npz file, got no file of this name.")
    with archive.opened(Path(name), ADVICE) as found:
        found.require(array)
        read = _read_latents(found, array, latent_dim)
        return read, _labels(found, len(read))


def _test_images(index: Sequence[int] | None, shape: Shape) -> Iterator[Block]:
    found, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    chosen = np.arange(len(found)) if index is None else np.array(index)
    if chosen.max() >= len(found):
        raise RequestError(
            f"expected the index of a test image, from 0 to {len(found) - 1}, got {chosen.max()}. Correct "
            "--index or --between."
        )
    blocks = progress.over(mapped.blocks(found, chosen), len(chosen))
    return _labelled(_conform(blocks, shape), labels[chosen])


def _archived_images(path: Path, array: str, shape: Shape) -> Iterator[Block]:
    with archive.opened(path, ADVICE) as found:
        found.require(array)
        count = next(iter(found.header(array).shape), 0)
        labels = _labels(found, count)

    def blocks() -> Iterator[Images]:
        with archive.opened(path, ADVICE) as found:
            yield from npz.read_images(found, array)

    return _labelled(_conform(progress.over(blocks(), count), shape), labels)


def _labelled(blocks: Iterator[Images], labels: Labels | None) -> Iterator[Block]:
    start = 0
    for block in blocks:
        yield Block(block, None if labels is None else labels[start : start + len(block)])
        start += len(block)


def _labels(found: Archive, count: int) -> Labels | None:
    return npz.read_labels(found, LABELS, count) if LABELS in found.names and count else None


def _conform(blocks: Iterator[Images], shape: Shape) -> Iterator[Images]:
    for block in blocks:
        if block.shape[1:] == shape:
            yield block
        else:
            for changed in geometry.conform([block], _side(shape), shape[2]):
                yield _require(changed, shape)


def _pictures(files: Tree, shape: Shape) -> Iterator[Images]:
    reader = picture_folder.Reader(_side(shape), shape[2])
    for block in reader.blocks(files):
        yield _require(block, shape)
    if len(reader.shapes) > 1:
        raise RequestError(f"expected images of one size, got {len(reader.shapes)} sizes. Resize them.")
    if bad := files.misplaced | reader.bad:
        lines = "".join(f"\n  {name} {why}" for name, why in bad.items())
        raise RequestError(f"expected images alone, got {len(bad)} that cannot be used:{lines}")
    if not reader.kept:
        raise RequestError(f"{files.root}: expected images, got none.")


def _require(block: Images, shape: Shape) -> Images:
    if block.shape[1:] != shape:
        raise RequestError(
            f"expected images of (height, width, channels) {shape}, as the model was trained on, got "
            f"{block.shape[1:]}; only for a square model are they cropped and resized."
        )
    return block


def _side(shape: Shape) -> int | None:
    """What images are resized to: the side of a square model, and nothing for others."""
    return shape[0] if shape[0] == shape[1] else None


def _read_latents(found: Archive, name: str, latent_dim: int) -> npt.NDArray[np.float32]:
    with found.array(name) as array:
        shape, dtype = array.header
        if dtype.kind != "f" or len(shape) != 2 or shape[1] != latent_dim or not shape[0]:
            raise found.unfit(f"{name} of floats, in the shape (n, {latent_dim})", f"{dtype} {shape}")
        read = np.frombuffer(array.read(math.prod(shape) * dtype.itemsize), dtype).reshape(shape)
    with np.errstate(over="ignore"):
        read = read.astype(np.float32)
    if not np.isfinite(read).all():
        raise found.unfit(f"{name} of finite numbers", "infinity or NaN")
    return read
