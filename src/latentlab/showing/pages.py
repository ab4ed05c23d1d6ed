"""What pages of HTML have in common: templates, and files that lie inside of a page."""

import base64
import io
from collections.abc import Mapping
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from PIL import Image

PNG = "image/png"


def environment(package: str, folder: str) -> Environment:
    """The templates in a folder of a package; what they are given is escaped, and nothing may be missing."""
    return Environment(
        loader=PackageLoader(package, folder),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )


def warning(yardstick: Mapping[str, Any]) -> str:
    """What a page says first if scores cannot be believed, by ``reports/yardstick.json``; else nothing."""
    return "" if yardstick["trusted"] else f"There is no verdict on quality here. {yardstick['because']}"


def png(image: Image.Image) -> bytes:
    """A picture as a PNG of few bytes, the same for the same pixels."""
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()


def data_uri(content: bytes, media_type: str) -> str:
    """An address that holds its own content."""
    return f"data:{media_type};base64,{base64.b64encode(content).decode()}"
