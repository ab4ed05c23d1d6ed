"""What a section of params.yaml says of values that it refuses, for the tests of each section."""

from pathlib import Path
from typing import Any

import pytest
from pydantic import create_model
from ruamel.yaml import YAML

from latentlab.core import settings
from latentlab.core.errors import ParamsError
from latentlab.core.settings import Section
from tests import presets


def refused(name: str, section: type[Section], **typed: str) -> list[str]:
    """The lines that refuse the tiny preset's section with some values as they would be typed."""
    yaml = YAML(typ="safe", pure=True)
    values = presets.values("tiny")[name] | {key: yaml.load(value) for key, value in typed.items()}
    fields: Any = {name: (section, ...)}
    whole = create_model("Whole", __base__=Section, **fields)
    with pytest.raises(ParamsError) as caught:
        settings.check(whole, {name: values}, Path("params.yaml"))
    first, *lines = str(caught.value).splitlines()
    assert first == "params.yaml: change these keys and run again:"
    return [line.removeprefix("  ") for line in lines]
