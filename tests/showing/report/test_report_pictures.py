import base64
import io

import numpy as np
import pytest
from PIL import Image

from latentlab.showing.report import pictures


def decode(picture: pictures.Picture) -> Image.Image:
    kind, _, content = picture.source.partition(";base64,")
    assert kind == "data:image/png"
    return Image.open(io.BytesIO(base64.b64decode(content)))


def png(pixels: np.ndarray) -> bytes:
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", compress_level=0)
    return file.getvalue()


@pytest.mark.parametrize("num_colours", [2, 256, 257])
def test_no_pixel_changes_and_few_colours_take_a_palette(num_colours: int) -> None:
    numbers = np.arange(40 * 50).reshape(40, 50) % num_colours
    pixels = np.stack([numbers % 256, numbers // 256, 7 * numbers % 256], axis=-1).astype(np.uint8)
    content = png(pixels)
    picture = pictures.of_file(content, ".png")
    assert (picture.width, picture.height, picture.moves) == (50, 40, False)
    assert np.array_equal(np.asarray(decode(picture).convert("RGB")), pixels)
    assert (decode(picture).mode == "P") == (num_colours <= 256)
    assert len(picture.source) < len(content)


def test_what_is_clear_stays_clear() -> None:
    pixels = np.zeros((5, 5, 4), np.uint8)
    pixels[2:, :, 3] = 255
    assert np.array_equal(np.asarray(decode(pictures.of_file(png(pixels), ".png")).convert("RGBA")), pixels)


def test_animations_keep_their_bytes() -> None:
    file = io.BytesIO()
    frames = [Image.new("L", (4, 3), shade) for shade in (0, 90)]
    frames[0].save(file, "GIF", save_all=True, append_images=frames[1:])
    picture = pictures.of_file(file.getvalue(), ".gif")
    assert base64.b64decode(picture.source.removeprefix("data:image/gif;base64,")) == file.getvalue()
    assert (picture.width, picture.height, picture.moves) == (4, 3, True)


def test_other_suffixes_are_refused() -> None:
    with pytest.raises(ValueError, match=r"expected one of \.png, \.gif, \.webp, got \.svg"):
        pictures.of_file(b"", ".svg")


def test_a_grid_has_each_image_in_its_place() -> None:
    images = np.array([10, 20, 30], np.uint8).reshape(3, 1, 1, 1)
    levels, clear = np.moveaxis(np.asarray(decode(pictures.of_grid(images, num_columns=2, gap=1))), -1, 0)
    assert levels.tolist() == [[10, 0, 20], [0, 0, 0], [30, 0, 0]]
    assert clear.tolist() == [[255, 0, 255], [0, 0, 0], [255, 0, 0]]


def test_a_grid_of_colours_keeps_them() -> None:
    image = decode(pictures.of_grid(np.array([[[[1, 2, 3]]]], np.uint8), num_columns=1))
    assert image.getpixel((0, 0)) == (1, 2, 3, 255)
