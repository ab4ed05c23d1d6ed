"""dvc.yaml, the scripts, params.yaml and the imports say the same."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from latentlab.families import params
from tests.imports import ROOT, used_modules, used_packages

STAGES: dict[str, Any] = YAML(typ="safe").load(ROOT / "dvc.yaml")["stages"]
SCRIPTS = {path.stem: path for path in sorted((ROOT / "stages").glob("*.py"))}
TRAININGS = [name for name in STAGES if name.startswith("train_")]
WITHOUT_TENSORFLOW = ["source", "prepare", "judge", "figures", "explorer", "report", "track"]


def outputs(stage: dict[str, Any]) -> list[str]:
    """The paths that a stage writes."""
    entries = [entry for kind in ("outs", "metrics", "plots") for entry in stage.get(kind, [])]
    return [next(iter(entry)) if isinstance(entry, dict) else entry for entry in entries]


def test_imports_are_followed_everywhere(tmp_path: Path) -> None:
    script = tmp_path / "script.py"
    script.write_text(
        "import numpy.typing\n"
        "from latentlab.scoring.metrics import frechet\n"
        "def main():\n"
        "    import latentlab.core.randomness\n"
        "    load('latentlab.tracking.serving')\n"
    )
    names = {path.relative_to(ROOT / "src" / "latentlab").as_posix() for path in used_modules(script)}
    assert names == {
        "__init__.py",
        "metrics/__init__.py",
        "metrics/frechet.py",
        "randomness.py",
        "serving.py",
    }
    assert used_packages(script) >= {"numpy", "scipy", "hashlib"}
    assert "keras" not in used_packages(script)


def test_stages_are_scripts_of_the_same_name() -> None:
    assert set(STAGES) == set(SCRIPTS)
    for name, stage in STAGES.items():
        # A queued or temporary experiment must run its own snapshot of the library, and no shell may stand
        # between a stage and DVC.
        assert stage["cmd"] == f"exec env PYTHONPATH=src python stages/{name}.py"


@pytest.mark.parametrize("name", STAGES)
def test_deps_name_the_script_and_every_module_that_it_uses(name: str) -> None:
    script, *code = [ROOT / dep for dep in STAGES[name]["deps"] if dep.startswith(("stages/", "src/"))]
    assert script == SCRIPTS[name]
    assert code == sorted(code)
    used = used_modules(script)
    named = {path for dep in code for path in (dep.glob("*.py") if dep.is_dir() else [dep])}
    assert used <= named
    # A stage that runs every time may name modules that it does not use; one that does not, may not.
    assert named == used or STAGES[name].get("always_changed")


def test_trainings_have_a_section_a_folder_and_no_part_in_each_other() -> None:
    for name in TRAININGS:
        model = name.removeprefix("train_")
        assert model in params.Params.model_fields
        assert model in STAGES[name]["params"]
        assert outputs(STAGES[name]) == [f"models/{model}"]
        assert not [dep for dep in STAGES[name]["deps"] if dep.startswith("models/")]


def test_every_section_belongs_to_a_stage() -> None:
    fields = params.Params.model_fields
    sections = {name for name in fields if name not in ("seed", "threads")}
    assert sections == {"data", "evaluate"} | {name.removeprefix("train_") for name in TRAININGS}


def test_only_what_must_run_every_time_does() -> None:
    assert {name for name, stage in STAGES.items() if stage.get("always_changed")} == {"source", "track"}


def test_every_dep_is_made_by_an_earlier_stage_and_every_output_is_cached_and_ignored() -> None:
    made: set[str] = set()
    for stage in STAGES.values():
        data = {dep for dep in stage["deps"] if dep.startswith(("data/", "models/", "reports/"))}
        assert all(any(dep == path or dep.startswith(f"{path}/") for path in made) for dep in data)
        assert not made & set(outputs(stage))
        made |= set(outputs(stage))
        # An entry with settings, such as `cache: false`, is a mapping.
        assert all(isinstance(entry, str) for kind in ("outs", "metrics") for entry in stage.get(kind, []))
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {f"/{path.partition('/')[0]}/" for path in made} <= set(ignored)


@pytest.mark.parametrize("name", STAGES)
def test_tensorflow_and_mlflow_are_where_they_belong(name: str) -> None:
    used = used_packages(SCRIPTS[name])
    assert bool(used & {"tensorflow", "keras"}) == (name not in WITHOUT_TENSORFLOW)
    assert ("mlflow" in used) == (name in [*TRAININGS, "track"])


@pytest.mark.parametrize("name", WITHOUT_TENSORFLOW)
def test_light_stages_start_without_tensorflow_and_mlflow(name: str) -> None:
    code = f"import sys; import stages.{name}; print({{'tensorflow', 'keras', 'mlflow'}} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"


def test_library_keeps_its_layers() -> None:
    """The contracts of pyproject.toml, which `make lint` checks as well."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
