"""``import latentlab``: what it offers, and what it loads when."""

import subprocess
import sys
from pathlib import Path

import pytest

import latentlab
from latentlab.interface import public
from tests.imports import ROOT

HEAVY = "{'numpy', 'pydantic', 'tensorflow', 'keras', 'mlflow', 'matplotlib'}"
LOOK = f"""
import sys
import latentlab
print(sorted({HEAVY} & set(sys.modules)))
from latentlab import *
try:
    latentlab.open_model(latentlab.models()[0])
except latentlab.LatentlabError as error:
    print(error)
print(sorted({HEAVY} & set(sys.modules)))
"""


def test_it_loads_nothing_until_it_is_asked_and_tensorflow_only_for_a_model(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOOK],
        capture_output=True,
        text=True,
        check=True,
        cwd=tmp_path,
        env={"PYTHONPATH": str(ROOT / "src")},
    )
    first, refused, second = done.stdout.splitlines()
    assert (first, second, done.stderr) == ("[]", "['numpy', 'pydantic']", "")
    assert refused.startswith(f"expected the folder models in {tmp_path}, got none. Go to the root")


def test_it_offers_what_the_interface_has() -> None:
    assert latentlab.__all__ == public.__all__
    assert set(latentlab.__all__) <= set(dir(latentlab))
    assert all(getattr(latentlab, name) is getattr(public, name) for name in latentlab.__all__)
    with pytest.raises(AttributeError, match="module 'latentlab' has no attribute 'train'"):
        _ = vars(latentlab)["__getattr__"]("train")


@pytest.mark.parametrize("name", latentlab.__all__)
def test_all_of_it_is_documented(name: str) -> None:
    found = getattr(public, name)
    methods = [method for key, method in vars(found).items() if not key.startswith("_")]
    assert all(each.__doc__ for each in (found, *filter(callable, methods)))
