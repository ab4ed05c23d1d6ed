"""What is transparent, and blocks of images in another size and with other channels."""

import io
import struct

import numpy as np
import pytest
from PIL import Image

from latentlab.core import mapped
from latentlab.core.arrays import Images
from latentlab.core.errors import DataError
from latentlab.data import geometry
from tests.png_files import png

RGB = np.random.default_rng(0).integers(0, 256, (5, 12, 8, 3), np.uint8)


def conform(images: Images, size: int | None, channels: int | None) -> Images:
    return np.concatenate(list(geometry.conform([images], size, channels)))


def test_16_bits_are_rounded_to_8() -> None:
    """A step of 8 bits is one of 257: up to 128 is nearer to 0, from 129 on nearer to 1."""
    values = np.array([[0, 128, 129, 257 + 128, 65535 - 129, 65535]], np.uint16)
    assert np.asarray(geometry.upright(Image.fromarray(values))).tolist() == [[0, 0, 1, 1, 254, 255]]


@pytest.mark.parametrize(
    ("depth", "kind", "row", "transparent", "expected"),
    [
        (16, 0, struct.pack(">2H", 1000, 1001), (1000,), [4, 4]),
        (8, 0, b"\5\4", (5,), [5, 4]),
        (4, 0, b"\x34", (3,), [51, 68]),
        (2, 0, b"\x90", (2,), [170, 85]),
        (1, 0, b"\x80", (1,), [255, 0]),
        (16, 2, struct.pack(">6H", 65280, 65280, 256, 0, 0, 0), (65280, 65280, 256), [226, 0]),
        (8, 2, bytes([1, 2, 3, 4, 4, 4]), (1, 2, 3), [2, 4]),
    ],
)
def test_a_transparent_value_is_white_at_every_depth(
    depth: int, kind: int, row: bytes, transparent: tuple[int, ...], expected: list[int]
) -> None:
    """Of two pixels the first has it; without it both are what they are, in grey."""
    for more in ({}, {"tRNS": struct.pack(f">{len(transparent)}H", *transparent)}):
        image = Image.open(io.BytesIO(png(2, 1, depth, kind, b"\0" + row, more)))
        upright = geometry.upright(image)
        assert geometry.is_grey(image) == (upright.mode == "L") == (kind == 0)
        assert np.asarray(upright.convert("L")).tolist() == [[255 if more else expected[0], expected[1]]]


def test_the_middle_square_in_its_own_size_is_left_as_it_is() -> None:
    np.testing.assert_array_equal(conform(RGB, 8, None), RGB[:, 2:10])


def test_grey_and_rgb_by_hand() -> None:
    pixel = np.array([10, 100, 200], np.uint8).reshape(1, 1, 1, 3)
    assert conform(pixel, None, 1).ravel().tolist() == [round(0.299 * 10 + 0.587 * 100 + 0.114 * 200)]
    assert conform(np.full((1, 2, 2, 1), 7, np.uint8), None, 3).tolist() == np.full((1, 2, 2, 3), 7).tolist()


def test_means_are_kept_when_images_get_smaller() -> None:
    small = conform(np.random.default_rng(0).integers(0, 256, (1, 128, 128, 1), np.uint8), 8, None)
    assert small.shape == (1, 8, 8, 1)
    assert small.std() < 20
    assert small.mean() == pytest.approx(127.5, abs=3)


def test_larger_images_come_in_smaller_blocks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mapped, "BLOCK_BYTES", 2 * 32 * 32 * 3)
    parts = list(geometry.conform([RGB], 32, 3))
    assert [len(part) for part in parts] == [2, 2, 1]


@pytest.mark.parametrize("shape", [(7, 8), (8, 257)])
def test_sides_out_of_range_are_refused(shape: tuple[int, int]) -> None:
    geometry.require_sides(8, 256)
    with pytest.raises(DataError, match=rf"8 to 256 pixels, got {shape[1]} x {shape[0]}. Set data.size"):
        geometry.require_sides(*shape)
