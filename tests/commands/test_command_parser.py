import importlib.util
import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path
from typing import get_args

import pytest

from latentlab.commands import options, parser, progress
from latentlab.scoring import settings
from tests.commands.workspace import REPOSITORY, refusal
from tests.tiny_learners import images

LOOK = """
import sys
from latentlab.commands.parser import main
try:
    main(["sample", "--help"])
finally:
    heavy = {"numpy", "pydantic", "ruamel", "tensorflow", "keras", "mlflow", "matplotlib"}
    print(sorted(heavy & set(sys.modules)), file=sys.stderr)
"""


def test_help_loads_no_library() -> None:
    environment = {"PYTHONPATH": str(REPOSITORY / "src")}
    done = subprocess.run([sys.executable, "-c", LOOK], capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stderr) == (0, "[]\n")
    assert "latentlab sample --model vae --class 3" in done.stdout


def test_each_sampler_that_can_be_fitted_can_be_asked_for() -> None:
    assert set(options.SAMPLERS) == {"prior", *get_args(settings.Way)}


def test_the_command_is_installed_by_its_name() -> None:
    scripts = tomllib.loads((REPOSITORY / "pyproject.toml").read_text())["project"]["scripts"]
    module, name = scripts["latentlab"].split(":")
    assert getattr(importlib.import_module(module), name) is parser.main


@pytest.mark.parametrize("name", parser.COMMANDS)
def test_examples_can_be_typed(name: str) -> None:
    assert parser.COMMANDS[name].examples
    for example in parser.COMMANDS[name].examples:
        program, *words = shlex.split(example)
        typed = parser.build().parse_args(words)
        assert (program, typed.command) == ("latentlab", name)
        assert parser.COMMANDS[name].problem(typed) is None
        assert importlib.util.find_spec(f"latentlab.commands.{name}")


def test_the_documentation_can_be_typed() -> None:
    text = "".join((REPOSITORY / name).read_text() for name in ("README.md", "docs/use.md"))
    lines = re.findall(r"^latentlab .*$", text, re.MULTILINE)
    assert {line.split()[1] for line in lines} == set(parser.COMMANDS)
    for line in lines:
        typed = parser.build().parse_args(shlex.split(line, comments=True)[1:])
        assert parser.COMMANDS[typed.command].problem(typed) is None


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], "the following arguments are required: COMMAND"),
        (["paint"], "invalid choice: 'paint'"),
        (["sample"], "the following arguments are required: --model"),
        (["sample", "--model", "dall-e"], "invalid choice: 'dall-e'"),
        (["sample", "--model", "vae", "--count", "0"], "expected an integer from 1 to 100000000, got '0'"),
        (
            ["sample", "--model", "vae", "--count", "1e3"],
            "expected an integer from 1 to 100000000, got '1e3'",
        ),
        (["sample", "--model", "vae", "--count", "٣"], "expected an integer from 1 to 100000000, got '٣'"),
        (["sample", "--model", "vae", "--seed", "-1"], "expected an integer from 0 to 4294967295, got '-1'"),
        (["sample", "--model", "vae", "--class", "three"], "expected an integer from 0 to 255, got 'three'"),
        (["sample", "--model", "vae", "--out", "a.jpg"], "a name that ends in .png or .npz, got 'a.jpg'"),
        (["sample", "--model", "vae", "--out", "png"], "a name that ends in .png or .npz, got 'png'"),
        (["sample", "--model", "vae", "--out", "no/a.png"], "make the folder 'no' first"),
        (["sample", "--model", "vae", "--out", "folder.png"], "got 'folder.png', which is a folder"),
        (["encode", "test", "--model", "gan"], "invalid choice: 'gan'"),
        (["decode", "--model", "vae"], "the following arguments are required: LATENTS"),
    ],
)
def test_what_makes_no_sense_is_refused_at_once(
    words: list[str],
    told: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "folder.png").mkdir()
    message = refusal(words, capsys)
    assert told in message
    assert message.startswith("usage: latentlab")


@pytest.mark.parametrize(
    ("option", "name", "bounds"),
    [
        ("--count", "count", (1, 100_000_000)),
        ("--seed", "seed", (0, 4_294_967_295)),
        ("--class", "label", (0, 255)),
    ],
)
def test_both_bounds_of_a_number_are_taken(option: str, name: str, bounds: tuple[int, int]) -> None:
    for bound in bounds:
        typed = parser.build().parse_args(["sample", "--model", "vae", option, str(bound)])
        assert getattr(typed, name) == bound


def test_a_bar_is_for_many_images_in_a_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    blocks = [images(3), images(2)]
    assert [len(block) for block in progress.over(blocks, 2000)] == [3, 2]
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    list(progress.over(blocks, 1999))
    assert capsys.readouterr().err == ""
    list(progress.over(blocks, 2000))
    assert "5/2000" in capsys.readouterr().err
