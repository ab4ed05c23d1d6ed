"""dvc.yaml, the scripts, params.yaml and the imports say the same."""

import subprocess
import sys
from fnmatch import fnmatch
from pathlib import Path

import pytest
from dvc.repo import Repo
from dvc.repo.reproduce import plan_repro

from latentlab.families import params, roster
from tests.imports import ROOT, loaded_parts, used_modules, used_packages
from tests.pipeline import COMMITTED, MADE, STAGES, code, families, inputs, outputs, script

LIBRARY = ROOT / "src" / "latentlab"
SCRIPTS = {path.stem: path for path in sorted((ROOT / "stages").glob("*.py"))}
TRAININGS = [name for name in STAGES if name.startswith("train_")]
SCORINGS = [name for name in STAGES if name.startswith("score_")]
# Read by Keras, so that no import shows it.
KERAS = ROOT / "src" / "latentlab" / "core" / "keras" / "keras.json"
EVERY_TIME = ["source", "track"]
WITHOUT_TENSORFLOW = ["source", "prepare", "evaluate", "figures", "explorer", "report", "track"]

# What stages import that decides nothing of what they make, and so stands in nobody's deps.
DECIDES_NOTHING = {
    "*/__init__.py": "says what a folder holds",
    "core/*": "reads, writes, names and explains",
    "*/settings.py": "params are dependencies by value",
    "families/*/family.py": "the record of a family, whose command and params name it",
    "families/roster.py": "finds the family that the command names",
}
FOR_TRAININGS = {
    "data/duplicates.py": "tells what was trained on, for scorings to refuse",
    "families/latents/*": "draws on the way; the weights are the same without",
    "tracking/*": "only watches",
    "trained/*": "writes files of finished models, and draws with them on the way",
}
FOR_SCORINGS = {
    "data/catalogue.py": "names files of sources that are long read",
    "data/duplicates.py": "refuses images that were trained on",
    "data/folder.py": "finds the file of Inception's weights, whose digest is a dependency",
    "families/arrays.py": "names files of arrays",
    "families/entry.py": "a pair of what the family's own file makes",
}
FOR_OTHERS = {
    "__init__.py": "tells TensorFlow how to compute, which these do not load",
}
EXCUSES = [
    (DECIDES_NOTHING, list(STAGES)),
    (FOR_TRAININGS, TRAININGS),
    (FOR_SCORINGS, SCORINGS),
    (FOR_OTHERS, [name for name in STAGES if name not in (*TRAININGS, *SCORINGS)]),
]


def excused(stage: str) -> list[str]:
    """Patterns of modules that a stage need not name."""
    return [pattern for patterns, stages in EXCUSES if stage in stages for pattern in patterns]


def own_modules(stage: str) -> dict[str, Path]:
    """The modules that a stage imports, directly or not, by their path in the library."""
    used = used_modules(script(stage), *families(stage))
    return {path.relative_to(LIBRARY).as_posix(): path for path in used}


def is_named(path: Path, stage: str) -> bool:
    """Whether a file, or a folder that it lies in, is among a stage's deps."""
    return any(path.is_relative_to(ROOT / dep) for dep in code(stage))


def test_imports_are_followed_everywhere(tmp_path: Path) -> None:
    written = tmp_path / "script.py"
    written.write_text(
        "import numpy.typing\n"
        "from latentlab.scoring.metrics import frechet\n"
        "def main(family):\n"
        "    import latentlab.learning.randomness\n"
        "    load('latentlab.tracking.addresses')\n"
        "    roster.part(family, 'settings')\n"
    )
    first, second, *_ = [family.name for family in roster.FAMILIES]
    names = {path.relative_to(LIBRARY).as_posix() for path in used_modules(written, first)}
    assert names >= {
        "__init__.py",
        "scoring/__init__.py",
        "scoring/metrics/frechet.py",
        "learning/randomness.py",
        "tracking/addresses.py",
        f"families/{first}/settings.py",
        "core/settings.py",
    }
    assert f"families/{second}/settings.py" not in names
    assert "tracking/store.py" not in names
    assert f"latentlab.families.{second}.settings" in loaded_parts(written)
    assert used_packages(written) >= {"numpy", "scipy", "hashlib", "pydantic"}
    assert "keras" not in used_packages(written)


def test_stages_are_scripts_of_the_same_name_or_one_script_for_each_family() -> None:
    for name, stage in STAGES.items():
        verb, _, family = name.partition("_")
        told = f"{verb}.py {family}" if roster_has(family) else f"{name}.py"
        assert stage["cmd"] == f"python stages/{told}"
    assert {script(name) for name in STAGES} == set(SCRIPTS.values())
    for verb in ("train", "score"):
        assert {f"{verb}_{family.name}" for family in roster.FAMILIES} <= set(STAGES)


def roster_has(name: str) -> bool:
    return name in [family.name for family in roster.FAMILIES]


@pytest.mark.parametrize("name", SCRIPTS)
def test_scripts_run_the_library_beside_them(name: str) -> None:
    """A queued or temporary experiment must run its own snapshot, which an editable install would hide."""
    text = SCRIPTS[name].read_text()
    before, _, after = text.partition('import sys\n\nsys.path.insert(0, "src")')
    assert after
    assert "import" not in before.rpartition('"""')[2]


@pytest.mark.parametrize("name", [name for name in STAGES if name not in EVERY_TIME])
def test_deps_cover_every_module_that_decides_something(name: str) -> None:
    unnamed = [module for module, path in own_modules(name).items() if not is_named(path, name)]
    missing = [module for module in unnamed if not any(fnmatch(module, pattern) for pattern in excused(name))]
    assert sorted(missing) == []


@pytest.mark.parametrize("name", STAGES)
def test_deps_name_the_script_and_no_code_that_is_not_used(name: str) -> None:
    first, *rest = [ROOT / dep for dep in code(name)]
    assert first == script(name)
    used = [*own_modules(name).values(), KERAS]
    assert [dep for dep in rest if not any(path.is_relative_to(dep) for path in used)] == []


@pytest.mark.parametrize("name", STAGES)
def test_who_depends_on_what_sets_keras_up_depends_on_what_it_is_told(name: str) -> None:
    deps = [ROOT / dep for dep in code(name)]
    assert (KERAS in deps) == (ROOT / "src" / "latentlab" / "__init__.py" in deps)


@pytest.mark.parametrize(("patterns", "stages"), EXCUSES)
def test_each_excuse_is_needed(patterns: dict[str, str], stages: list[str]) -> None:
    used = [(name, module, path) for name in stages for module, path in own_modules(name).items()]
    unnamed = {module for name, module, path in used if not is_named(path, name)}
    assert [pattern for pattern in patterns if not any(fnmatch(module, pattern) for module in unnamed)] == []


def test_trainings_have_a_section_a_folder_and_no_part_in_each_other() -> None:
    for name in TRAININGS:
        model = name.removeprefix("train_")
        assert model in params.schema().model_fields
        assert any(key.partition(".")[0] == model for key in STAGES[name]["params"])
        assert outputs(name) == [f"models/{model}"]
        assert not [dep for dep in inputs(name) if dep.startswith(("models/", "reports/"))]


def test_scorings_know_one_training_and_its_features_alone() -> None:
    """So the models of one family are not scored again when another's change."""
    for name in SCORINGS:
        scored = families(name)
        own = f"reports/scores/{name.removeprefix('score_')}"
        models = {dep for dep in inputs(name) if dep.startswith(("models", "reports"))}
        # What the references find of the features, all others go by.
        given = {"reports/yardstick.json"}
        assert outputs(name) == [own, *given] if name == "score_references" else [own]
        used = set() if name == "score_references" else given
        assert models == {"models/features", *used, *(f"models/{family}" for family in scored)}


@pytest.mark.filterwarnings("ignore:_NoneStep.value:DeprecationWarning")  # Of DVC's own index.
def test_what_scores_are_worth_is_known_before_the_trainings() -> None:
    """DVC runs stages that do not depend on each other in the order in which dvc.yaml has them."""
    repo = Repo(str(ROOT))
    planned = [stage.name for stage in plan_repro(repo.index.graph)]
    trainings = [planned.index(f"train_{family.name}") for family in roster.FAMILIES]
    assert planned.index("score_references") < min(trainings)


def test_every_section_belongs_to_a_stage() -> None:
    alone = ("seed", "threads", "precision", "devices")
    sections = {name for name in params.schema().model_fields if name not in alone}
    assert sections == {"data", "evaluate"} | {name.removeprefix("train_") for name in TRAININGS}


def test_only_what_must_run_every_time_does() -> None:
    assert [name for name, stage in STAGES.items() if stage.get("always_changed")] == EVERY_TIME


def test_every_dep_is_made_by_earlier_stages() -> None:
    made: set[str] = set()
    for name in STAGES:
        for dep in inputs(name):
            inside = [path for path in made if path.startswith(f"{dep}/")]
            assert inside or any(dep == path or dep.startswith(f"{path}/") for path in made), dep
        assert not made & set(outputs(name))
        made |= set(outputs(name))


@pytest.mark.parametrize("name", STAGES)
def test_no_stage_depends_on_a_folder_that_is_the_users_too(name: str) -> None:
    """Images of their own lie in data, by docs/data.md, and would change dvc.lock."""
    assert "data" not in inputs(name)


def test_every_output_is_in_the_cache_or_in_git() -> None:
    entries = [
        entry for stage in STAGES.values() for kind in ("outs", "metrics") for entry in stage.get(kind, [])
    ]
    uncached = [path for entry in entries if isinstance(entry, dict) for path in entry]
    assert uncached == COMMITTED
    ignored = (ROOT / ".gitignore").read_text().splitlines()
    assert {"/data/*", "/models/", "/reports/"} <= set(ignored)
    assert [line for line in ignored if line.startswith("!")] == [f"!/{path}" for path in COMMITTED]
    assert {path.partition("/")[0] for name in STAGES for path in outputs(name)} == set(MADE)


@pytest.mark.parametrize("name", STAGES)
def test_tensorflow_and_mlflow_are_where_they_belong(name: str) -> None:
    used = used_packages(script(name))
    assert bool(used & {"tensorflow", "keras"}) == (name not in WITHOUT_TENSORFLOW)
    assert ("mlflow" in used) == (name in [*TRAININGS, "track"])


@pytest.mark.parametrize("name", WITHOUT_TENSORFLOW)
def test_light_stages_start_without_tensorflow_and_mlflow(name: str) -> None:
    """With all that they load of families by name."""
    program = (
        f"import sys, importlib, stages.{name}\n"
        f"for part in {loaded_parts(script(name))}: importlib.import_module(part)\n"
        "print({'tensorflow', 'keras', 'mlflow'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "set()"


def test_library_keeps_its_layers() -> None:
    """The contracts of pyproject.toml, which `make lint` checks as well."""
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-cache"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
