"""What commands write: a picture of a grid of images, or an archive of arrays; equal content, equal bytes."""

import math
import zipfile
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt
from PIL import Image

from latentlab.commands import models, progress
from latentlab.commands.options import IMAGES, LABELS, LATENTS
from latentlab.core import artifacts
from latentlab.core.errors import RequestError
from latentlab.data.pictures import MAX_PIXELS
from latentlab.interface.model import Model
from latentlab.interface.points import Points
from latentlab.showing.figures import grids


class Rows(NamedTuple):
    """An array that is written block by block, of which one at a time is in memory.

    Attributes:
        shape: of the whole.
        dtype: of its elements.
        blocks: its rows, in order.
    """

    shape: tuple[int, ...]
    dtype: npt.DTypeLike
    blocks: Iterable[npt.NDArray[Any]]


def whole(array: npt.NDArray[Any]) -> Rows:
    """An array that is in memory."""
    return Rows(array.shape, array.dtype, [array])


def decoded(model: Model, points: Iterable[Points], count: int) -> Rows:
    """The images of so many latents, made while they are written; a bar shows how many are done."""
    images = (model.decode(latents, models.chosen(model, None, labels)) for latents, labels in points)
    return Rows((count, *model.image_shape), np.uint8, progress.over(images, count))


def save_images(path: Path, model: Model, points: Points, num_columns: int = 0) -> None:
    """Write the images of latents as ``save`` does; an archive also has the latents, and classes if any."""
    arrays = {
        IMAGES: decoded(model, points.blocks(), len(points.latents)),
        LATENTS: whole(points.latents),
    }
    if points.labels is not None:
        arrays[LABELS] = whole(points.labels)
    save(path, arrays, num_columns)


def save(path: Path, arrays: Mapping[str, Rows], num_columns: int = 0) -> None:
    """Write arrays as ``.npz``, or the images among them as ``.png``.

    Args:
        path: ends in either.
        arrays: by name.
        num_columns: images in a row of the picture; 0 for about as many as rows.

    Raises:
        ArtifactError: the file cannot be written.
        RequestError: the picture would be too large.
    """
    if path.suffix == ".png":
        images = arrays[IMAGES]
        _save_picture(path, images, num_columns or math.ceil(math.sqrt(images.shape[0])))
    else:
        _save_archive(path, arrays)
    first, *others = [IMAGES] if path.suffix == ".png" else arrays
    print(f"{path}: {arrays[first].shape[0]} {first}{' with ' * bool(others)}{', '.join(others)}")


def _save_picture(path: Path, images: Rows, num_columns: int) -> None:
    count, height, width, _ = images.shape
    num_pixels = math.ceil(count / num_columns) * num_columns * height * width
    if num_pixels > MAX_PIXELS:
        raise RequestError(
            f"{path}: expected images of at most {MAX_PIXELS} pixels in one picture, got {num_pixels}. Write "
            "them as .npz, or ask for fewer."
        )
    grid = grids.in_rows(np.concatenate(list(images.blocks)), num_columns)
    with artifacts.replacing(path) as temporary:
        Image.fromarray(grids.mosaic(grid, grids.gap_of(grid))).save(temporary, "PNG")


def _save_archive(path: Path, arrays: Mapping[str, Rows]) -> None:
    with artifacts.replacing(path) as temporary, zipfile.ZipFile(temporary, "w") as archive:
        for name, rows in arrays.items():
            # The size is not known to the archive before the end, so it must leave room for a large one.
            with archive.open(
                zipfile.ZipInfo(f"{name}.npy", artifacts.FIXED_TIME), "w", force_zip64=True
            ) as file:
                descr = np.lib.format.dtype_to_descr(np.dtype(rows.dtype))
                header = {"descr": descr, "fortran_order": False, "shape": rows.shape}
                np.lib.format.write_array_header_1_0(file, header)
                for block in rows.blocks:
                    file.write(np.ascontiguousarray(block, rows.dtype).data)
