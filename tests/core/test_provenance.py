import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from latentlab.core import digests, provenance
from latentlab.core.errors import ArtifactError, ParamsError
from tests.imports import ROOT

REPOSITORY = ROOT
STAGES = """
stages:
  prepare:
    cmd: python stages/prepare.py
  train_vae:
    cmd: python stages/train.py vae
    params: [seed, vae, gan.sample_epochs]
    deps: [code.py, data]
  train_gan:
    cmd: python stages/train.py gan
    params: [threads, gan]
    deps: [code.py]
"""


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A project of two trainings, on the committed params, as the working directory."""
    monkeypatch.chdir(tmp_path)
    shutil.copy(REPOSITORY / "params.yaml", tmp_path)
    set_param(None, "threads", None)
    (tmp_path / "dvc.yaml").write_text(STAGES)
    (tmp_path / "code.py").write_text("first = 1\n")
    (tmp_path / "data" / "inner").mkdir(parents=True)
    (tmp_path / "data" / "inner" / "images.npy").write_bytes(b"images")
    monkeypatch.delenv("DVC_ROOT", raising=False)
    return tmp_path


def edit(path: str, old: str, new: str) -> None:
    text = Path(path).read_text()
    assert old in text
    Path(path).write_text(text.replace(old, new, 1))


def set_param(section: str | None, key: str, value: Any) -> None:
    yaml, path = YAML(typ="safe", pure=True), Path("params.yaml")
    content = yaml.load(path)
    (content[section] if section else content)[key] = value
    yaml.dump(content, path)


def test_key_is_the_same_for_the_same_inputs(project: Path) -> None:
    first = provenance.stage_key("train_vae")
    with Path("params.yaml").open("a") as file:
        file.write("# A comment.\n")
    Path("data/__pycache__").mkdir()
    Path("data/__pycache__/left.pyc").write_bytes(b"behind")
    assert provenance.stage_key("train_vae") == first
    assert len(first) == 64
    assert set(first) <= set("0123456789abcdef")


CHANGES: dict[str, Callable[[], Any]] = {
    "command": lambda: edit("dvc.yaml", "stages/train.py vae", "stages/train.py vae --again"),
    "section": lambda: set_param("vae", "kl_weight", 0.0123),
    "granular key": lambda: set_param("gan", "sample_epochs", [1, 2]),
    "code": lambda: edit("code.py", "first", "other"),
    "data": lambda: Path("data/inner/images.npy").write_bytes(b"other images"),
    "renamed file": lambda: Path("data/inner/images.npy").rename("data/images.npy"),
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_key_follows_all_that_decides_the_outputs(change: Callable[[], None]) -> None:
    first = provenance.stage_key("train_vae")
    change()
    assert provenance.stage_key("train_vae") != first


def test_key_ignores_what_the_stage_does_not_use() -> None:
    first = provenance.stage_key("train_vae")
    set_param("gan", "generator_filters", 123)
    set_param(None, "threads", 3)
    assert provenance.stage_key("train_vae") == first


def test_key_follows_the_cores_where_threads_is_null(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance.os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    three = provenance.stage_key("train_gan")
    monkeypatch.setattr(provenance.os, "sched_getaffinity", lambda _: {0}, raising=False)
    one = provenance.stage_key("train_gan")
    set_param(None, "threads", 3)
    assert provenance.stage_key("train_gan") == three != one


def test_a_key_can_be_asked_for_as_of_another_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(provenance.os, "sched_getaffinity", lambda _: {0, 1, 2}, raising=False)
    there = provenance.stage_key("train_gan")
    monkeypatch.setattr(provenance.os, "sched_getaffinity", lambda _: {0}, raising=False)
    assert provenance.stage_key("train_gan", 3) == there != provenance.stage_key("train_gan")
    assert provenance.stage_params("train_gan", 3)["threads"] == 3


def test_key_follows_the_installed_versions(monkeypatch: pytest.MonkeyPatch) -> None:
    first = provenance.stage_key("train_vae")
    monkeypatch.setattr(provenance, "version", lambda package: "0.0")
    assert provenance.stage_key("train_vae") != first


def test_a_missing_dependency_is_named() -> None:
    Path("code.py").unlink()
    with pytest.raises(ArtifactError, match=r"code\.py is missing"):
        provenance.stage_key("train_vae")


@pytest.mark.parametrize("threads", [0, "many"])
def test_unfit_threads_and_params_that_cannot_be_read_are_named(threads: Any) -> None:
    set_param(None, "threads", threads)
    with pytest.raises(ParamsError, match=rf"threads: expected .*, got '?{threads}"):
        provenance.stage_key("train_vae")
    Path("params.yaml").write_text("seed: [1")
    with pytest.raises(ParamsError, match=r"params\.yaml: expected a readable YAML file"):
        provenance.stage_params("train_vae")


def test_a_stage_has_the_values_that_it_names() -> None:
    set_param(None, "threads", 3)
    values = YAML(typ="safe").load(Path("params.yaml"))
    assert provenance.stage_params("prepare") == {}
    assert provenance.stage_params("train_gan") == {"threads": 3, "gan": values["gan"]}
    assert list(provenance.stage_params("train_vae")) == ["seed", "vae", "gan.sample_epochs"]


def test_a_script_is_named_with_what_it_is_told() -> None:
    assert provenance.script("train_vae") == "stages/train.py vae"
    assert provenance.script("prepare") == "stages/prepare.py"


def test_an_experiment_is_known_by_its_lock(project: Path) -> None:
    def git(*arguments: str) -> str:
        identity = ("-c", "user.name=t", "-c", "user.email=t@localhost")
        done = subprocess.run(["git", *identity, *arguments], capture_output=True, text=True, check=True)
        return done.stdout.strip()

    assert provenance.applied_experiment() is None
    git("init", "--quiet")
    for name, lock in (("plain-owl", "first"), ("bold-fox", "second"), ("late-owl", "first")):
        Path("dvc.lock").write_text(lock)
        git("add", ".")
        git("commit", "--quiet", "--message", name, "--date", "2020-01-01T00:00")
        git("update-ref", f"refs/exps/ab/cdef/{name}", "HEAD")
    Path("dvc.lock").write_text("second")
    assert provenance.applied_experiment() == "bold-fox"
    Path("dvc.lock").write_text("first")
    assert provenance.applied_experiment() in {"plain-owl", "late-owl"}
    Path("dvc.lock").write_text("another")
    assert provenance.applied_experiment() is None


def test_training_stages_are_those_of_dvc_yaml() -> None:
    assert provenance.training_stages() == ["train_vae", "train_gan"]


def write_lock() -> None:
    """What DVC notes of the stage `train_vae` when it has run on what lies here."""
    values = YAML(typ="safe").load(Path("params.yaml"))
    params = {
        "seed": values["seed"],
        "vae": values["vae"],
        "gan.sample_epochs": values["gan"]["sample_epochs"],
    }
    deps = [{"path": name, "hash": "md5", "md5": digests.dvc(Path(name))} for name in ("code.py", "data")]
    stage = {"cmd": "python stages/train.py vae", "deps": deps, "params": {"params.yaml": params}}
    YAML(typ="safe").dump({"stages": {"train_vae": stage}}, Path("dvc.lock"))


def test_what_dvc_has_noted() -> None:
    assert not provenance.is_noted("train_vae")
    write_lock()
    assert provenance.is_noted("train_vae")
    assert not provenance.is_noted("train_gan")
    set_param("gan", "generator_filters", 123)
    assert provenance.is_noted("train_vae")


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_what_has_changed_is_not_noted(change: Callable[[], None]) -> None:
    write_lock()
    change()
    assert not provenance.is_noted("train_vae")


def test_what_is_not_in_the_stage_any_more_is_no_reason_to_take_it_for_noted() -> None:
    write_lock()
    edit("dvc.yaml", "[code.py, data]", "[code.py]")
    assert not provenance.is_noted("train_vae")


def test_root_is_the_main_repository_also_below_it_and_in_experiments(
    project: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert provenance.dvc_root() == project
    (project / ".dvc").mkdir()
    monkeypatch.chdir(project / "data" / "inner")
    assert provenance.dvc_root() == project
    monkeypatch.setenv("DVC_ROOT", "/main")
    assert provenance.dvc_root() == Path("/main")


def test_git_state(project: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert provenance.git_revision() is None
    assert provenance.git_dirty() is None

    def git(*arguments: str) -> None:
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
        subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)

    git("init")
    git("add", ".")
    git("commit", "-m", "Start")
    revision = provenance.git_revision()
    assert revision is not None
    assert len(revision) == 40
    Path("dvc.lock").write_text("what DVC writes while it runs")
    assert provenance.git_dirty() is False
    set_param("vae", "kl_weight", 0.0123)
    assert provenance.git_dirty() is True
    git("checkout", "params.yaml")
    git("config", "status.showUntrackedFiles", "no")
    Path("src").mkdir(exist_ok=True)
    Path("src", "new.py").touch()
    assert provenance.git_dirty() is True
    # As in a container: Git refuses to look, and what it does not tell is not made up.
    monkeypatch.setenv("GIT_TEST_ASSUME_DIFFERENT_OWNER", "1")
    assert provenance.git_dirty() is None
    assert provenance.git_revision() is None


def test_an_output_as_of_the_commit(project: Path) -> None:
    """What dvc.lock names is what lies here; anything else is for DVC to find, which knows nothing here."""
    output = Path("metrics.json")
    output.write_text("{}")
    assert provenance.committed(output) is None
    Path("dvc.lock").write_text(f"md5: {digests.dvc(output)}")
    for arguments in (["init"], ["add", "dvc.lock"], ["commit", "--message", "Start"]):
        identity = ["-c", "user.name=a", "-c", "user.email=a@b.example"]
        subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)
    assert provenance.committed(output) == "{}"
    output.write_text("changed")
    assert provenance.committed(output) is None


def test_import_stays_light() -> None:
    heavy = "{'mlflow', 'tensorflow', 'numpy'}"
    code = f"import sys; from latentlab.core import provenance; print({heavy} & set(sys.modules))"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, cwd=REPOSITORY
    )
    assert done.stdout.strip() == "set()"
