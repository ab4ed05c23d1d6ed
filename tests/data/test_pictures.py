"""Every kind of image comes out as it is meant to be seen, and any other file as one clear reason."""

import io
import os
import tempfile
import warnings
import zlib
from contextlib import suppress
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from latentlab.data import pictures
from tests.png_files import png

# Top left, top right, bottom left, bottom right; 3 wide and 2 high.
GREY = np.array([[0, 50, 100], [150, 200, 250]], np.uint8)
COLOUR = np.stack([GREY, GREY[::-1], 255 - GREY], axis=-1)


def pixels(path: Path, channels: int = 3, size: int | None = None) -> npt.NDArray[np.uint8]:
    return pictures.read(path, size, channels).pixels


@pytest.mark.parametrize("suffix", [".png", ".bmp", ".tiff", ".TIF", ".webp"])
def test_formats_without_loss(tmp_path: Path, suffix: str) -> None:
    path = tmp_path / f"bild_ä_画像{suffix}"
    Image.fromarray(COLOUR).save(path, lossless=True)
    np.testing.assert_array_equal(pixels(path), COLOUR)
    assert not pictures.read(path, None, 3).grey


def test_jpeg_and_grey(tmp_path: Path) -> None:
    Image.fromarray(np.full((8, 8), 77, np.uint8)).save(tmp_path / "a.jpg")
    picture = pictures.read(tmp_path / "a.jpg", None, 1)
    assert picture.grey
    assert np.unique(picture.pixels).tolist() == [77]
    assert pixels(tmp_path / "a.jpg").shape == (8, 8, 3)


def test_sixteen_bits_are_scaled_and_not_cut_off(tmp_path: Path) -> None:
    values = np.array([[0, 128, 129], [257 * 7, 257 * 254, 65535]], np.uint16)
    for name in ("a.png", "a.tif"):
        Image.fromarray(values).save(tmp_path / name)
        assert pixels(tmp_path / name, 1)[..., 0].tolist() == [[0, 0, 1], [7, 254, 255]]


def test_palettes_give_their_colours(tmp_path: Path) -> None:
    image = Image.fromarray(GREY // 50, "P")
    image.putpalette([10, 20, 30, 40, 50, 60] + [0] * 762)
    image.save(tmp_path / "a.png")
    assert pixels(tmp_path / "a.png")[0, :2].tolist() == [[10, 20, 30], [40, 50, 60]]
    image.save(tmp_path / "b.png", transparency=1)
    assert pixels(tmp_path / "b.png")[0, :2].tolist() == [[10, 20, 30], [255, 255, 255]]


def test_transparency_lies_on_white(tmp_path: Path) -> None:
    alpha = np.array([[0, 255, 51], [0, 0, 255]], np.uint8)
    Image.merge("LA", [Image.fromarray(GREY), Image.fromarray(alpha)]).save(tmp_path / "grey.png")
    grey = pictures.read(tmp_path / "grey.png", None, 1)
    assert grey.grey
    # 51 of 255 is a fifth: 100 / 5 + 255 * 4 / 5 = 224.
    assert grey.pixels[..., 0].tolist() == [[255, 50, 224], [255, 255, 250]]
    Image.fromarray(np.dstack([COLOUR, alpha])).save(tmp_path / "colour.png")
    assert pixels(tmp_path / "colour.png")[0].tolist() == [[255] * 3, COLOUR[0, 1].tolist(), [224, 254, 235]]


@pytest.mark.parametrize("mode", ["1", "L", "CMYK", "YCbCr", "RGBA"])
def test_other_modes(tmp_path: Path, mode: str) -> None:
    black_and_white = np.array([[0, 255, 255], [255, 0, 255]], np.uint8)
    Image.fromarray(black_and_white).convert(mode).save(tmp_path / "a.tif")
    assert pixels(tmp_path / "a.tif", 1)[..., 0].tolist() == black_and_white.tolist()


@pytest.mark.parametrize(
    ("orientation", "turned"), [(3, np.rot90(GREY, 2)), (6, np.rot90(GREY, -1)), (8, np.rot90(GREY))]
)
def test_the_rotation_that_a_camera_notes_is_applied(
    tmp_path: Path, orientation: int, turned: npt.NDArray[np.uint8]
) -> None:
    exif = Image.Exif()
    exif[0x0112] = orientation
    for name in ("a.png", "a.webp", "a.tif"):
        Image.fromarray(GREY).save(tmp_path / name, exif=exif, lossless=True)
        np.testing.assert_array_equal(pixels(tmp_path / name, 1)[..., 0], turned)


def test_the_middle_square_is_resized_without_aliases(tmp_path: Path) -> None:
    """Stripes one pixel wide become their mean; the outer thirds are cut off."""
    stripes = np.tile(np.array([0, 255], np.uint8), (64, 96))
    stripes[:, :60], stripes[:, -60:] = 9, 9
    Image.fromarray(stripes).save(tmp_path / "a.png")
    small = pixels(tmp_path / "a.png", 1, size=8)
    assert small.shape == (8, 8, 1)
    assert np.abs(small[:, 1:-1].astype(int) - 127).max() <= 2


LARGE = np.random.default_rng(0).bytes(3 * 2**19).hex().encode()  # 3 MB, which is half as much compressed


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("tEXt", b"workflow\0" + LARGE),
        ("zTXt", b"workflow\0\0" + zlib.compress(LARGE)),
        ("iTXt", b"workflow\0\1\0\0\0" + zlib.compress(LARGE)),
        ("iTXt", b"workflow\0\0\0\0\0" + LARGE),
        ("iCCP", b"profile\0\0" + zlib.compress(LARGE)),
    ],
)
def test_long_texts_and_profiles_are_no_hindrance(tmp_path: Path, name: str, content: bytes) -> None:
    (tmp_path / "a.png").write_bytes(png(2, 1, rows=b"\0\7\x09", more={name: content}))
    assert pixels(tmp_path / "a.png", 1)[..., 0].tolist() == [[7, 9]]


def test_a_text_that_unpacks_to_no_end_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pictures.PngImagePlugin, "MAX_TEXT_CHUNK", 2**20)
    bomb = png(2, 1, rows=b"\0\7\x09", more={"zTXt": b"a\0\0" + zlib.compress(bytes(2**21))})
    (tmp_path / "a.png").write_bytes(bomb)
    with pytest.raises(pictures.BadImageError, match="Decompressed data too large"):
        pixels(tmp_path / "a.png")


def whole_png() -> bytes:
    file = io.BytesIO()
    Image.fromarray(np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)).save(file, "PNG")
    return file.getvalue()


def float_tiff() -> bytes:
    file = io.BytesIO()
    Image.fromarray(GREY.astype(np.float32)).save(file, "TIFF")
    return file.getvalue()


def gif() -> bytes:
    file = io.BytesIO()
    Image.fromarray(GREY).save(file, "GIF")
    return file.getvalue()


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.png", b"", "is no image that can be read"),
        ("a.png", b"A text file, and a long one at that." * 9, "is no image that can be read"),
        ("a.png", gif(), "is no image that can be read"),
        ("a.png", whole_png()[:1000], "cannot be read: .*truncated"),
        ("a.png", png(60_000, 60_000), "has 60000 x 60000 pixels, more than 67108864"),
        ("a.tif", float_tiff(), "pixels of 32 bits"),
        ("a.txt", whole_png(), "is no image by its name"),
    ],
)
def test_what_is_no_image_is_refused(tmp_path: Path, name: str, content: bytes, told: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(pictures.BadImageError, match=told) as caught:
        pixels(tmp_path / name)
    assert str(tmp_path) not in str(caught.value)
    assert "0x" not in str(caught.value)


def test_what_is_no_file_is_refused_at_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    os.mkfifo(tmp_path / "pipe.png")
    with pytest.raises(pictures.BadImageError, match="is no regular file"):
        pixels(tmp_path / "pipe.png")
    with pytest.raises(pictures.BadImageError, match="cannot be read: No such file"):
        pixels(tmp_path / "absent.png")
    (tmp_path / "a.png").write_bytes(whole_png())
    monkeypatch.setattr(pictures, "MAX_FILE_BYTES", 100)
    with pytest.raises(pictures.BadImageError, match="bytes, more than 100"):
        pixels(tmp_path / "a.png")


def test_as_many_bytes_and_pixels_as_are_allowed_are_read(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "a.png"
    Image.fromarray(COLOUR).save(path)
    allowed = {"MAX_FILE_BYTES": path.stat().st_size, "MAX_PIXELS": 6}
    for name, value in allowed.items():
        monkeypatch.setattr(pictures, name, value)
    np.testing.assert_array_equal(pixels(path), COLOUR)
    for name, value in allowed.items():
        with monkeypatch.context() as less:
            less.setattr(pictures, name, value - 1)
            with pytest.raises(pictures.BadImageError, match=f"more than {value - 1}"):
                pixels(path)


def encode(kind: str, image: Image.Image) -> bytes:
    file = io.BytesIO()
    image.save(file, kind)
    return file.getvalue()


FILES = [
    encode(kind, Image.fromarray(COLOUR).convert(mode))
    for kind in pictures.FORMATS
    for mode in ("RGB", "L", "P", "RGBA")
    if (kind, mode) not in {("JPEG", "P"), ("JPEG", "RGBA")}
]
DAMAGE = st.lists(st.tuples(st.integers(0, 400), st.integers(0, 255)), min_size=1, max_size=4)


@pytest.mark.fuzz
@given(
    content=st.sampled_from(FILES),
    damage=DAMAGE,
    cut=st.none() | st.integers(0, 400),
    size=st.sampled_from([None, 8]),
)
def test_any_file_gives_an_image_or_a_reason(
    content: bytes, damage: list[tuple[int, int]], cut: int | None, size: int | None
) -> None:
    damaged = bytearray(content)
    for position, value in damage:
        damaged[position % len(damaged)] = value
    with tempfile.TemporaryDirectory() as place, warnings.catch_warnings(), suppress(pictures.BadImageError):
        warnings.simplefilter("ignore")
        path = Path(place, "a.png")
        path.write_bytes(damaged[:cut])
        found = pixels(path, 3, size)
        assert found.dtype == np.uint8
        assert found.shape[2] == 3
        assert size is None or found.shape[:2] == (size, size)
