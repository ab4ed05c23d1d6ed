"""What an experiment of `make seeds` costs where nothing is left to train: all comes from DVC's run cache."""

import os
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

from benchmarks import machine, pipeline
from benchmarks.results import rounded
from latentlab.core import provenance

COUNT = 3
# For Git, which else asks who commits.
IDENTITY = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@localhost")


def measure() -> dict[str, Any]:
    """Seconds of an experiment, one after the other, Ray's start and end and all else included."""
    with pipeline.clean_clone() as (clone, _):
        pipeline.write_params(clone, "tiny", {})
        run(clone, "git", *IDENTITY, "commit", "--quiet", "--all", "--message", "Take the preset tiny")
        seeds = (sys.executable, "-m", "scripts.seeds", str(COUNT))
        run(clone, *seeds)
        run(clone, "dvc", "exp", "remove", "--all-commits")
        start = time.perf_counter()
        run(clone, *seeds)
        return {
            "commit": provenance.git_revision(),
            "machine": machine.describe(),
            "count": COUNT,
            "seconds": rounded((time.perf_counter() - start) / COUNT),
        }


def run(clone: Path, *command: str) -> None:
    """Run a command as a user does, but for MLflow, whose store is the clone's own."""
    plain = {name: value for name, value in os.environ.items() if not name.startswith(("DVC_", "RAY_"))}
    paths = os.pathsep.join([str(Path(sys.executable).parent), plain["PATH"]])
    own = {"PATH": paths, "PYTHONPATH": "src", "MLFLOW_TRACKING_URI": f"sqlite:///{clone / 'mlflow.db'}"}
    subprocess.run(command, cwd=clone, env=plain | own, check=True)
