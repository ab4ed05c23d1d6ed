"""All images of a source, whichever it is, in one size and with one number of channels."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any, NamedTuple

from latentlab.core import mapped
from latentlab.core.arrays import Images
from latentlab.data import catalogue, download, folder, geometry, idx, mnist_sample, npz, picture_folder, tree
from latentlab.data.labelled import Labelled


class Loaded(NamedTuple):
    """What a source has.

    Attributes:
        train: its training part, or all of it.
        test: its test part, or None.
        notes: what else is to be said of it, for JSON.
        validation: its part for validation, or None.
    """

    train: Labelled
    test: Labelled | None
    notes: dict[str, Any]
    validation: Labelled | None = None


def load(
    source: str,
    path: str | None,
    *,
    size: int | None,
    channels: int | None,
    skip_bad_files: bool,
    workspace: Path,
) -> Loaded:
    """Read a source; see the section ``data`` of params.yaml.

    Args:
        workspace: a folder on a disk with room for all images, which are not kept in memory.

    Raises:
        DataError: something of the source is missing, damaged or unfit.
    """

    def keep(blocks: Iterable[Images]) -> Images:
        if size is not None or channels is not None:
            blocks = geometry.conform(blocks, size, channels)
        return mapped.spool(blocks, workspace)

    match source:
        case "folder":
            found = picture_folder.load(
                tree.scan(path),
                size=size,
                channels=channels,
                skip_bad=skip_bad_files,
                keep=lambda blocks: mapped.spool(blocks, workspace),
            )
            parts = found.parts
            notes = {"class_names": found.classes, "skipped": found.skipped}
            loaded = Loaded(parts["train"], parts.get("test"), notes, parts.get("validation"))
        case "npz":
            loaded = Loaded(*npz.load(path, keep), {})
        case "mnist_sample":
            loaded = _in_memory(mnist_sample.load(), None, keep if size or channels else None)
        case _:
            both = idx.load(_find_idx_files(source, path))
            loaded = _in_memory(*both, keep if size or channels else None)
    geometry.require_sides(*loaded.train.images.shape[1:3])
    return loaded


def _in_memory(
    train: Labelled, test: Labelled | None, keep: Callable[[Iterable[Images]], Images] | None
) -> Loaded:
    """Images that are small enough to be in memory, and go to disk only if they must be changed."""

    def kept(part: Labelled) -> Labelled:
        return part._replace(images=keep(mapped.blocks(part.images))) if keep else part

    return Loaded(kept(train), kept(test) if test else None, {})


def _find_idx_files(source: str, path: str | None) -> dict[str, Path]:
    """The user's own, or the published ones."""
    if source == "idx":
        return folder.locate(path)
    return download.fetch(catalogue.MD5[source], catalogue.HOMES[source], download.cache_folder() / source)
