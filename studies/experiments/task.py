"""What a machine does for one experiment: a clone of its own, `dvc exp run`, and the result handed over.

It needs nothing of the library, since Ray sends it to machines that may have another version of it.
"""

import os
import shlex
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import NamedTuple

from filelock import FileLock, Timeout

# Of a command that failed, what is told.
TOLD_LINES = 25
# What Ray, or an outer DVC, set for themselves and not for a stage.
HIDDEN = ("DVC_", "RAY_", "OMP_NUM_THREADS", "TF_USE_LEGACY_KERAS", "PYTHONBREAKPOINT")
# DVC tells its stages that the clone is the main repository, and runs them in the shell that it is told: one
# that knows better, so that checkpoints and MLflow's store outlive the clone.
SHELL = '#!/bin/sh\nDVC_ROOT={home}\nexport DVC_ROOT\nexec /bin/sh "$@"\n'
# In quotes, without which a `#` or a comma in the name of a folder would end it.
CONFIG = '[core]\n    site_cache_dir = "{clone}/.dvc/tmp/site"\n[cache]\n    dir = "{cache}"\n'


class Job(NamedTuple):
    """One experiment, and how to come by its commit; see ``exchange.Exchange``.

    Attributes:
        ref: of Git's, under which the result is kept; DVC's name of the experiment is its last part.
        changes: of params.yaml, as ``section.key=value``.
    """

    ref: str
    changes: Sequence[str]
    revision: str
    origin: str
    home: str
    cache: str
    has_remote: bool
    environment: Mapping[str, str]

    @property
    def name(self) -> str:
        """As DVC has it."""
        return self.ref.rpartition("/")[2]


class Outcome(NamedTuple):
    """How an experiment ended.

    Attributes:
        machine: where it ran.
        seconds: that it took, all included.
        trouble: why there is no result; empty where there is one.
        warnings: lines in which its stages warned.
    """

    machine: str
    seconds: float
    trouble: str
    warnings: Sequence[str] = ()


def run(job: Job) -> Outcome:
    """Run an experiment and hand its result over; what fails is told, not raised."""
    start = time.monotonic()
    trouble, said = "", ""
    try:
        if not _is_there(job):
            with _clone(job) as clone:
                said = _experiment(job, clone)
                _hand_over(job, clone)
    except subprocess.CalledProcessError as error:
        last = "\n".join(error.output.strip().splitlines()[-TOLD_LINES:])
        trouble = f"`{' '.join(error.cmd)}` failed:\n{last}"
    except OSError as error:
        trouble = f"{error}"
    warnings = [line for line in said.splitlines() if line.startswith("warning: ")]
    return Outcome(socket.gethostname(), time.monotonic() - start, trouble, warnings)


def _is_there(job: Job) -> bool:
    """Whether the result was handed over meanwhile, by another caller or by one that was then killed."""
    return job.ref in _call(job, Path(), "git", "ls-remote", job.origin, job.ref)


@contextmanager
def _clone(job: Job) -> Iterator[Path]:
    """A clone with the commit checked out, which is deleted in the end."""
    folder = Path(job.home).expanduser() / ".latentlab" / "clones"
    folder.mkdir(parents=True, exist_ok=True)
    with _own_folder(folder) as clone:
        named = ["--origin", "origin"]  # Whatever a user's settings call it.
        _call(job, folder, "git", "clone", "--quiet", "--no-checkout", *named, job.origin, str(clone))
        _call(job, clone, "git", "checkout", "--quiet", "--detach", job.revision)
        cache = Path(job.cache).expanduser()
        config = CONFIG.format(clone=clone, cache=cache)
        (clone / ".dvc" / "config.local").write_text(config, encoding="utf-8", newline="\n")
        yield clone


@contextmanager
def _own_folder(folder: Path) -> Iterator[Path]:
    """A new folder that is this process's alone; those of processes that were killed are deleted."""
    own = Path(tempfile.mkdtemp(dir=folder))
    lock = FileLock(own.with_suffix(".lock"))
    with FileLock(folder / "folders"):
        for other in folder.glob("*.lock"):
            with suppress(Timeout), FileLock(other, timeout=0):
                _delete(other)
        lock.acquire()
    try:
        yield own
    finally:
        _delete(Path(lock.lock_file))
        lock.release()


def _delete(lock: Path) -> None:
    shutil.rmtree(lock.with_suffix(""), ignore_errors=True)
    lock.unlink(missing_ok=True)


def _experiment(job: Job, clone: Path) -> str:
    """Run it; all that its stages printed."""
    home = shlex.quote(str(Path(job.home).expanduser()))
    shell = clone / ".dvc" / "tmp" / "sh"
    shell.parent.mkdir(parents=True, exist_ok=True)
    shell.write_text(SHELL.format(home=home), encoding="utf-8", newline="\n")
    shell.chmod(0o700)
    known = ["--pull"] if job.has_remote else []
    changes = [f"--set-param={change}" for change in job.changes]
    return _call(job, clone, "dvc", "exp", "run", f"--name={job.name}", *known, *changes, SHELL=str(shell))


def _hand_over(job: Job, clone: Path) -> None:
    """Files first, since who sees the experiment expects them; Git refuses a name that is taken."""
    if job.has_remote:
        _call(job, clone, "dvc", "push", "--quiet", "--run-cache")
    _call(job, clone, "git", "push", "--quiet", "origin", job.ref)


def _call(job: Job, folder: Path, *command: str, **variables: str) -> str:
    """Run a command to its good end; all that it printed.

    Raises:
        CalledProcessError: it failed; ``output`` is all that it printed until then.
    """
    kept = {name: value for name, value in os.environ.items() if not name.startswith(HIDDEN)}
    path = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
    environment = {**kept, "PATH": path, **job.environment, **variables}
    done = subprocess.run(
        command,
        cwd=folder,
        env=environment,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
        errors="replace",
        check=True,
    )
    return done.stdout
