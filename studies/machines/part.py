"""What a machine does of a training beside the first: the same stage, with its share of the devices.

It needs nothing of the library, since Ray sends it to machines that may have another version of it.
"""

import os
import socket
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

from studies.experiments.task import HIDDEN, TOLD_LINES

SCRIPT = Path("stages", "train.py")


def run(name: str, port: int, told: Mapping[str, str]) -> str:
    """Train a family's models to the end; what was said last, where that is not a good one.

    Args:
        name: of the family.
        port: where this machine will listen.
        told: variables of the environment.
    """
    if trouble := taken(port):
        return trouble
    if not SCRIPT.exists():
        return f"expected Ray to have been started in a clone of the repository, got {Path.cwd()}"
    kept = {key: value for key, value in os.environ.items() if not key.startswith(HIDDEN)}
    done = subprocess.run(
        [sys.executable, str(SCRIPT), name],
        env={**kept, **told},
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
    )
    said = done.stdout.rpartition("\nerror: ")[2].strip().splitlines()[-TOLD_LINES:]
    return "\n".join([f"exit code {done.returncode}", *said]) if done.returncode else ""


def taken(port: int) -> str:
    """Why a port cannot be used, which TensorFlow would share with what listens there; empty if it can."""
    try:
        socket.create_server(("", port)).close()
    except OSError as error:
        return f"port {port} cannot be used: {error}"
    return ""
