"""What a stage's outputs come from: its key, the machine's share in it, and where the code stands in Git."""

import os
import subprocess
from functools import cache
from importlib.metadata import version
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from latentlab.core import digests, settings
from latentlab.core.settings import Count, Section

# Their versions decide bits of a trained model, and no file of the repository says which is installed.
PACKAGES = ("tensorflow", "keras", "numpy")
# What decides results. DVC rewrites dvc.lock as it runs, so that says nothing about the code.
SOURCES = ("dvc.yaml", "params.yaml", "src", "stages")


class Threads(Section):
    """The one value of params.yaml that means something else on each machine."""

    threads: Count | None


def dvc_root() -> Path:
    """The folder of the main repository, also in a temporary or queued experiment, which runs in a copy."""
    if root := os.environ.get("DVC_ROOT"):
        return Path(root)
    here = Path.cwd()
    return next((folder for folder in (here, *here.parents) if (folder / ".dvc").is_dir()), here)


def threads(setting: int | None) -> int:
    """The number of threads that ``threads`` of params.yaml means: None is all that a process may use."""
    if setting is not None:
        return setting
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def state_folder() -> Path:
    """Where checkpoints, locks and markers lie: in the main repository, outside of DVC's outputs."""
    folder = dvc_root() / ".latentlab"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def training_stages() -> list[str]:
    """The names of all stages ``train_X`` of dvc.yaml, in its order; ``train_X`` writes ``models/X``."""
    return [name for name in _stages() if name.startswith("train_")]


def script(stage: str) -> str:
    """The script of a stage of dvc.yaml, with what it is told: ``stages/train.py NAME``."""
    return str(_stages()[stage]["cmd"]).removeprefix("python ")


def stage_key(stage: str, used_threads: int | None = None) -> str:
    """A hash over all that dvc.yaml says decides a stage's outputs, so that equal keys mean equal trainings.

    It covers the stage's command, its params, the content of its dependencies, the versions of TensorFlow,
    Keras and NumPy, and the number of threads where that is left to the machine.

    Args:
        stage: a name in dvc.yaml of the working directory.
        used_threads: see ``stage_params``.

    Returns:
        64 hexadecimal digits.

    Raises:
        ArtifactError: a dependency is missing.
        ParamsError: params.yaml cannot be read, or its ``threads`` is unfit.
    """
    definition = _stages()[stage]
    parts = {
        "cmd": definition["cmd"],
        "params": stage_params(stage, used_threads),
        "deps": {dep: digests.sha256(Path(dep)) for dep in definition.get("deps", [])},
        "packages": {name: version(name) for name in PACKAGES},
    }
    return digests.of_json(parts)


def stage_params(stage: str, used_threads: int | None = None) -> dict[str, Any]:
    """The values that a stage's ``params:`` name, by dotted key, with ``threads`` as a number.

    Args:
        stage: a name in dvc.yaml of the working directory.
        used_threads: how many the stage ran with, here or elsewhere; None for as many as it would take here.

    Raises:
        ParamsError: params.yaml cannot be read, or its ``threads`` is unfit.
    """
    usual = threads(settings.load_part(Threads).threads)
    values = settings.read() | {"threads": used_threads or usual}
    return {key: _look_up(values, key) for key in _stages()[stage].get("params", [])}


def is_noted(stage: str) -> bool:
    """Whether dvc.lock has an end of a stage as it would run now: its command, params and dependencies.

    Raises:
        ArtifactError: a dependency is missing.
    """
    return locked_inputs(stage) == _inputs(stage)


def locked_inputs(stage: str) -> dict[str, Any] | None:
    """What dvc.lock says that a stage was last run with; None if it has nothing of it.

    Returns:
        ``cmd``; ``params`` by dotted key; ``deps``, the digest by path, as ``digests.dvc`` gives it.
    """
    lock = Path("dvc.lock")
    stages = _parse(lock.read_text(encoding="utf-8"))["stages"] if lock.exists() else {}
    if stage not in stages:
        return None
    return {
        "cmd": stages[stage]["cmd"],
        "params": stages[stage].get("params", {}).get("params.yaml", {}),
        "deps": {dep["path"]: dep["md5"] for dep in stages[stage].get("deps", [])},
    }


def git_revision() -> str | None:
    """The commit that is checked out, or None outside Git."""
    return _git("rev-parse", "HEAD")


def git_dirty() -> bool | None:
    """Whether anything that decides results differs from the commit, untracked files included.

    None where Git does not tell: it is missing, or this is no repository, or one of another owner's.
    """
    changes = _git("status", "--porcelain", "--untracked-files=normal", "--", *SOURCES)
    return None if changes is None else bool(changes)


def committed(path: Path) -> str | None:
    """The text of one of DVC's outputs as of the last commit, or None where it cannot be had."""
    lock = _git("show", "HEAD:./dvc.lock")
    if lock is None:
        return None
    if digests.dvc(path) in lock:
        return path.read_text(encoding="utf-8")
    # Here, because their import takes half a second that no other stage needs.
    import dvc.api
    from dvc.exceptions import DvcException

    try:
        return dvc.api.read(path.as_posix(), rev="HEAD")
    except (DvcException, OSError):  # From neither the cache nor a remote.
        return None


def dvc_stage() -> str | None:
    """The stage that DVC is running, or None when a script was started by hand."""
    return os.environ.get("DVC_STAGE")


def dvc_experiment() -> str | None:
    """The name of the DVC experiment that is running, or None outside ``dvc exp run``."""
    return os.environ.get("DVC_EXP_NAME")


def applied_experiment() -> str | None:
    """The name of the DVC experiment that ended with the very dvc.lock that lies here, if there is any.

    Thus the results that `dvc exp apply` brings, from wherever, are known for what they are.
    """
    lock = _git("hash-object", "dvc.lock")
    listing = ("--sort=creatordate", "--format=%(objectname) %(refname)", "refs/exps/*/*/*")
    for line in (_git("for-each-ref", *listing) or "").splitlines():
        commit, _, reference = line.partition(" ")
        if lock and _git("rev-parse", f"{commit}:./dvc.lock") == lock:
            return reference.rpartition("/")[2]
    return None


def _inputs(stage: str) -> dict[str, Any]:
    """What ``locked_inputs`` would say had the stage just been run."""
    definition = _stages()[stage]
    values = _parse(Path("params.yaml").read_text(encoding="utf-8"))
    return {
        "cmd": definition["cmd"],
        "params": {key: _look_up(values, key) for key in definition.get("params", [])},
        "deps": {dep: digests.dvc(Path(dep)) for dep in definition.get("deps", [])},
    }


def _stages() -> dict[str, Any]:
    return _parse(Path("dvc.yaml").read_text(encoding="utf-8"))["stages"]


@cache
def _parse(text: str) -> dict[str, Any]:
    return YAML(typ="safe").load(text)


def _look_up(values: Any, dotted_key: str) -> Any:
    for part in dotted_key.split("."):
        values = values[part]
    return values


def _git(*arguments: str) -> str | None:
    try:
        done = subprocess.run(["git", *arguments], capture_output=True, encoding="utf-8", check=True)
    except (OSError, subprocess.CalledProcessError):
        return None
    return done.stdout.strip()
