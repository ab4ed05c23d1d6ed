"""What a class is asked to do works: what docs/lecture.md names, and the commands of the README.

`make lecture-commands` runs the page's commands for real, on the tiny preset.
"""

import re
import shlex
from copy import deepcopy
from pathlib import Path
from shutil import copy, copytree, ignore_patterns
from typing import Any

import pytest
from dvc.cli import DvcParserError, parse_args
from ruamel.yaml import YAML

from latentlab.core.settings import flatten
from latentlab.families import params
from tests.dvc_project import Project
from tests.imports import ROOT
from tests.outputs import ANIMATIONS, SOMETIMES, pictures

YAML_SAFE = YAML(typ="safe")
DEFAULT: dict[str, Any] = YAML_SAFE.load(ROOT / "params.yaml")
MAKEFILE = (ROOT / "Makefile").read_text()
PAGE, README = ((ROOT / name).read_text() for name in ("docs/lecture.md", "README.md"))


def commands(text: str) -> list[str]:
    """The lines of all fenced blocks, without their comments."""
    blocks = re.findall(r"^```\w*\n(.*?)^```$", text, re.MULTILINE | re.DOTALL)
    lines = [line.split(" #")[0].strip() for block in blocks for line in block.splitlines()]
    return [line for line in lines if line]


def exercises() -> list[str]:
    """Each exercise, from its heading to the next."""
    return re.split(r"^## Exercise ", PAGE, flags=re.MULTILINE)[1:]


ALL = [*commands(PAGE), *commands(README)]
DVC = [line for line in ALL if line.startswith("dvc ")]
MAKE = [line for line in ALL if line.startswith("make ")]
SETTING = [line for line in ALL if " -S " in line or " SET=" in line]


def settings(line: str) -> dict[str, str]:
    """The changes of params.yaml that a command asks for, by key."""
    words = shlex.split(line)
    changes = [words[place + 1] for place, word in enumerate(words) if word == "-S"]
    changes += [word for given in words if given.startswith("SET=") for word in given[4:].split()]
    return dict(change.split("=", 1) for change in changes)


def test_there_are_five_exercises_each_with_commands_and_an_answer() -> None:
    assert len(exercises()) == 5
    for exercise in exercises():
        assert commands(exercise)
        assert exercise.count("<details>") == exercise.count("</details>") == 1
        assert "**Look at**" in exercise


def test_every_command_is_of_a_kind_that_is_checked() -> None:
    others = {line for line in commands(PAGE) if line not in DVC + MAKE}
    assert others == {"git restore params.yaml && dvc repro"}


@pytest.mark.parametrize("line", DVC)
def test_dvc_understands_its_commands(line: str) -> None:
    assert parse_args(shlex.split(line)[1:]).func


def test_a_command_that_dvc_does_not_have_would_be_noticed() -> None:
    with pytest.raises(DvcParserError):
        parse_args(["exp", "walk"])


@pytest.mark.parametrize("line", SETTING)
def test_each_setting_is_another_value_that_params_allow(line: str) -> None:
    values, flat = deepcopy(DEFAULT), flatten(DEFAULT)
    for key, text in settings(line).items():
        *sections, name = key.split(".")
        value = YAML_SAFE.load(text)
        assert key in flat
        assert value != flat[key]
        section = values
        for each in sections:
            section = section[each]
        section[name] = value
    assert settings(line)
    params.schema().model_validate(values)


@pytest.mark.parametrize("line", MAKE)
def test_make_has_its_targets_and_variables(line: str) -> None:
    _, target, *variables = shlex.split(line)
    assert re.search(rf"^{target}:", MAKEFILE, re.MULTILINE)
    assert all(f"$({variable.split('=')[0]})" in MAKEFILE for variable in variables)


def test_each_figure_is_one_that_the_pipeline_draws() -> None:
    drawn = pictures(DEFAULT["gan"]["sample_epochs"]) | ANIMATIONS | SOMETIMES
    named = set(re.findall(r"`(\w+)\.(?:png|gif)`", PAGE))
    assert len(named) > 15
    assert named <= drawn


def test_linked_files_exist() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", PAGE)
    assert links
    assert [link for link in links if not (ROOT / "docs" / link).exists()] == []


@pytest.fixture(scope="module")
def project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """A project after its first run, with what `make` needs."""
    made = Project(tmp_path_factory.mktemp("lecture") / "latentlab")
    for name in ("Makefile", "requirements.lock", "pyproject.toml"):
        copy(ROOT / name, made.folder)
    for name in ("scripts", "studies"):
        copytree(ROOT / name, made.folder / name, ignore=ignore_patterns("__pycache__"))
    # So that `make` finds the environment set up.
    for mark in ("ready", "ray"):
        (made.folder / ".venv" / mark).touch()
    made.repro()
    made.commit()
    return made


@pytest.mark.slow
@pytest.mark.parametrize("number", range(1, 6))
def test_the_commands_of_an_exercise_run_and_make_what_it_names(project: Project, number: int) -> None:
    """In the order of the page, since each goes on from the one before; of seeds, two rather than five."""
    exercise = exercises()[number - 1]
    for line in commands(exercise):
        project.run("bash", "-c", line.replace("N=5", "N=2"))
    for path in named_files(exercise):
        assert (project.folder / path).exists(), path
    known = flatten(DEFAULT).keys() | flatten(project.metrics()).keys()
    named = set(re.findall(r"`((?:vae|gan|gan_best|autoencoder|samplers)\.[a-z_.]+)`", exercise))
    assert named <= known


def named_files(exercise: str) -> list[Path]:
    """The figures and reports that an exercise names."""
    figures = re.findall(r"`(\w+\.(?:png|gif))`", exercise)
    return [Path("reports/figures") / name for name in figures] + [
        Path(name) for name in re.findall(r"`(reports/[\w.=/-]+\.\w+)`", exercise)
    ]
