"""Several processes of one training on this machine, at loopback addresses that act as separate machines."""

import json
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from pathlib import Path
from shutil import copy, copytree

import numpy as np
from ruamel.yaml import YAML

from latentlab.core import artifacts
from latentlab.core.process import MACHINES
from tests import presets
from tests.imports import ROOT

STAGE = ("stages/train.py", "gan")
EPOCHS = 12
HOSTS = ("127.0.0.2", "127.0.0.3")


def addresses() -> list[str]:
    """One for each machine, at ports that are free."""
    with ExitStack() as stack:
        sockets = [stack.enter_context(socket.create_server((host, 0))) for host in HOSTS]
        return [f"{host}:{one.getsockname()[1]}" for host, one in zip(HOSTS, sockets, strict=True)]


def started(
    commands: Sequence[Sequence[str]], folders: Sequence[Path], known: Sequence[str]
) -> "list[subprocess.Popen[str]]":
    """A process a machine, with what it prints in a pipe.

    Args:
        commands: what Python is told, for each that is started; others that are known never come.
        folders: where each works.
        known: the addresses of all.
    """
    return [
        subprocess.Popen(
            [sys.executable, *command],
            cwd=folder,
            env=os.environ
            | {"PYTHONPATH": f"{ROOT / 'src'}{os.pathsep}{ROOT}", MACHINES: _told(known, place)},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        for place, (command, folder) in enumerate(zip(commands, folders, strict=True))
    ]


def _told(known: Sequence[str], place: int) -> str:
    return json.dumps({"cluster": {"worker": known}, "task": {"type": "worker", "index": place}})


def clone(folder: Path) -> Path:
    """The code, params with two devices, and prepared images."""
    for name in ("src", "stages"):
        copytree(ROOT / name, folder / name)
    copy(ROOT / "dvc.yaml", folder)
    presets.write("tiny", folder / "params.yaml")
    set_params(folder, EPOCHS)
    rng = np.random.default_rng(0)
    for split in artifacts.SPLITS:
        images = rng.integers(0, 256, (60, 8, 8, 1), dtype=np.uint8)
        artifacts.save_array(folder / artifacts.images_path(split), images)
        artifacts.save_array(folder / artifacts.labels_path(split), (np.arange(60) % 10).astype(np.uint8))
    return folder


def set_params(folder: Path, epochs: int) -> None:
    """Let two devices share a small training of so many epochs."""
    yaml, path = YAML(), folder / "params.yaml"
    content = yaml.load(path)
    content |= {"devices": 2, "threads": 1}
    content["gan"] |= {"epochs": epochs, "steps_per_epoch": 20, "snapshot_every": 5, "batch_size": 16}
    content["gan"] |= {"generator_filters": [4], "discriminator_filters": [4], "sample_epochs": [1, epochs]}
    yaml.dump(content, path)


def written(folder: Path) -> dict[str, bytes]:
    """The files of the training's outputs."""
    models = folder / "models" / "gan"
    files = [path for path in models.rglob("*") if path.is_file()]
    return {path.relative_to(models).as_posix(): path.read_bytes() for path in files}
