import base64
import io

import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from latentlab.showing.explorer import sheets

PREFIX = "data:image/png;base64,"


def content(uri: str) -> bytes:
    assert uri.startswith(PREFIX)
    return base64.b64decode(uri.removeprefix(PREFIX), validate=True)


@pytest.mark.parametrize("channels", [1, 3])
def test_a_sheet_holds_each_image_in_a_row(channels: int) -> None:
    images = np.random.default_rng(0).integers(0, 256, (5, 3, 4, channels), dtype=np.uint8)
    read: npt.NDArray[np.uint8] = np.asarray(Image.open(io.BytesIO(content(sheets.data_uri(images)))))
    assert np.array_equal(read.reshape(images.shape), images)


def test_images_too_large_for_a_row_of_a_canvas_take_several() -> None:
    images = np.random.default_rng(0).integers(0, 256, (2, 256, 200, 1), dtype=np.uint8)
    with Image.open(io.BytesIO(content(sheets.data_uri(images)))) as sheet:
        assert sheet.size == (128 * 200, 4)
        assert np.array_equal(np.asarray(sheet).reshape(images.shape), images)


def test_a_sheet_says_nothing_but_pixels() -> None:
    """Chunks of a PNG: a length of four bytes, a name of four, the content, a checksum of four."""
    data, names, position = content(sheets.data_uri(np.zeros((2, 3, 4, 1), np.uint8))), [], 8
    while position < len(data):
        names.append(data[position + 4 : position + 8])
        position += 12 + int.from_bytes(data[position : position + 4])
    assert names == [b"IHDR", b"IDAT", b"IEND"]
