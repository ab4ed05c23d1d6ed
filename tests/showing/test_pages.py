"""What pages are made of."""

import base64
import io

import numpy as np
import pytest
from jinja2 import UndefinedError
from PIL import Image

from latentlab.showing import pages


def test_an_address_holds_its_picture() -> None:
    pixels = np.arange(12, dtype=np.uint8).reshape(3, 4)
    address = pages.data_uri(pages.png(Image.fromarray(pixels)), pages.PNG)
    start, _, content = address.partition(",")
    assert start == "data:image/png;base64"
    assert np.array_equal(np.asarray(Image.open(io.BytesIO(base64.b64decode(content)))), pixels)


def test_pages_warn_of_scores_that_cannot_be_believed_alone() -> None:
    assert pages.warning({"trusted": True, "because": "It sees all."}) == ""
    said = pages.warning({"trusted": False, "because": "It sees nothing."})
    assert said == "There is no verdict on quality here. It sees nothing."


def test_templates_escape_what_they_are_given_and_miss_what_they_are_not() -> None:
    template = pages.environment("latentlab.showing.report", "templates").from_string("{{ name }}")
    assert template.render(name="<b>") == "&lt;b&gt;"
    with pytest.raises(UndefinedError):
        template.render()
