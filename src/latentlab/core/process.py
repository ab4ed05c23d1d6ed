"""The frame around every stage: how its process starts and ends, whatever a user or a machine does to it."""

import errno
import gc
import io
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

from latentlab.core import starter
from latentlab.core.errors import LatentlabError

INTERRUPTED = 130
# What Keras loads where it is installed, for estimators and galleries that no training uses: a second of the
# four that Keras and TensorFlow take.
KERAS_EXTRAS = ("matplotlib", "sklearn")
# How names of variables start by which a user may tune TensorFlow, NumPy, SciPy and scikit-learn for other
# programs: they change how results are rounded, or stop what they do not suit.
TUNING = ("TF_", "XLA_", "ONEDNN_", "DNNL_", "NPY_", "SCIPY_", "SKLEARN_")
HEEDED = ("TF_CPP_", "TF_ENABLE_ONEDNN_OPTS", "TF_FORCE_GPU_ALLOW_GROWTH", "TF_GPU_")
# Where a process of a training finds the others, as in TF_CONFIG, which may be meant for other programs.
MACHINES = "LATENTLAB_MACHINES"
# Leaves out TensorFlow's information, unlike its warnings and errors, and what it says of the log itself. An
# interrupt, which a terminal sends to all of its processes, is the stage's to answer.
FILTER = """
import signal, sys
signal.signal(signal.SIGINT, signal.SIG_IGN)
for line in sys.stdin.buffer:
    if not line.startswith((b"I0000 ", b"WARNING: All log messages before absl::InitializeLog")):
        sys.stdout.buffer.write(line)
        sys.stdout.flush()
"""
FULL = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
FORBIDDEN = {errno.EACCES, errno.EPERM, errno.EROFS}


@contextmanager
def imports(hidden: Sequence[str] = ()) -> Iterator[None]:
    """Around what a stage imports: quick, quiet, and ended at once by an interrupt.

    Modules stay to the end, so no search for garbage among them is worth its time, which for TensorFlow is a
    second of four.

    Args:
        hidden: packages that seem not to be installed meanwhile, such as ``KERAS_EXTRAS``.
    """
    _leave_out_tuning()
    gc.disable()
    try:
        with _explaining_absence(), interruptible(), without_greetings(), _hiding(hidden):
            yield
        if matplotlib := sys.modules.get("matplotlib"):
            matplotlib.rcdefaults()  # Instead of what it read of the user's matplotlibrc.
    finally:
        gc.freeze()
        gc.enable()


@contextmanager
def interruptible() -> Iterator[None]:
    """Around imports, which take seconds: an interrupt ends the process at once, with 130.

    As an exception it would get lost in half-made modules, or come out of them as a traceback.
    """
    with _at_interrupt(lambda *_: os._exit(INTERRUPTED)):
        yield


@contextmanager
def without_greetings() -> Iterator[None]:
    """Keep from the error stream what TensorFlow writes there before it heeds TF_CPP_MIN_LOG_LEVEL.

    By another process, so that what a crash says is not lost with the one that crashes.
    """
    if os.environ["TF_CPP_MIN_LOG_LEVEL"] == "0":
        yield
        return
    stream = os.dup(2)
    # Isolated, so that it loads nothing of the user's.
    command = [sys.executable, "-I", "-S", "-c", FILTER]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=stream) as rest:
        assert rest.stdin
        os.dup2(rest.stdin.fileno(), 2)
        try:
            yield
        finally:
            os.dup2(stream, 2)
            os.close(stream)


def run(main: Callable[[], None]) -> None:
    """Run a stage and exit with a code that makes DVC stop where it failed.

    An error of the project's own kind, want of memory, a full disk and a folder that cannot be written
    print one message alone and exit with 1, an interrupt exits with 130. Anything else is a defect of
    the program and keeps its traceback. A stage of DVC's ends when DVC is killed.
    """
    if isinstance(
        sys.stdout, io.TextIOWrapper
    ):  # In a terminal that knows few letters, é is a question mark.
        sys.stdout.reconfigure(errors="replace")
    if "DVC_STAGE" in os.environ:
        threading.Thread(target=_end_with_dvc, daemon=True).start()
    interrupts: list[int] = []

    def interrupt(number: int, _: Any) -> None:
        interrupts.append(number)
        raise KeyboardInterrupt

    try:
        with _at_interrupt(interrupt):
            main()
    except KeyboardInterrupt:
        sys.exit(INTERRUPTED)
    except Exception as error:
        if interrupts:  # A library turned it into an error of its own.
            sys.exit(INTERRUPTED)
        message = _explain(error)
        if message is None:
            raise
        sys.exit(f"\nerror: {message}")


def _leave_out_tuning() -> None:
    """Keep from the libraries what a user has set for other programs, before they read it."""
    for name in [name for name in os.environ if name.startswith(TUNING) and not name.startswith(HEEDED)]:
        del os.environ[name]
    # A notebook's own, which `!dvc repro` inherits, draws nothing elsewhere.
    os.environ["MPLBACKEND"] = "agg"


@contextmanager
def _explaining_absence() -> Iterator[None]:
    """End with a message if a package is missing, as it is in another environment than the project's."""
    try:
        yield
    except ModuleNotFoundError as error:
        if not error.name or error.name.startswith("latentlab"):
            raise
        sys.exit(
            f"\nerror: {sys.executable} has no module {error.name}. Expected the project's own environment: "
            "run `make repro`, or `source .venv/bin/activate` before `dvc repro`."
        )


@contextmanager
def _hiding(packages: Sequence[str]) -> Iterator[None]:
    """Let some packages seem not to be installed."""
    modules: dict[str, Any] = sys.modules
    imported = {package: modules[package] for package in packages if package in modules}
    modules.update(dict.fromkeys(packages))
    try:
        yield
    finally:
        for package in packages:
            del modules[package]
        modules.update(imported)


@contextmanager
def _at_interrupt(handler: Callable[[int, Any], Any]) -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():  # Signals are the main thread's alone.
        yield
        return
    previous = signal.signal(signal.SIGINT, handler)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, previous)


def _end_with_dvc() -> None:
    """Wait until DVC is no more, and end as a kill would: what trained on would do so beside the next run."""
    while starter.lives():
        time.sleep(0.5)
    try:
        print("\nDVC was killed, so this stage stops; the next `dvc repro` goes on.", file=sys.stderr)
    finally:  # DVC's terminal may be gone as well.
        os._exit(1)


def _explain(error: Exception) -> str | None:
    """What to say of an error that the user can mend; None of a defect."""
    if isinstance(error, LatentlabError):
        return str(error)
    # TensorFlow has an error of its own; by name, because most stages do not import TensorFlow.
    if isinstance(error, MemoryError) or type(error).__name__ == "ResourceExhaustedError":
        return "memory ran out. Set data.limit, smaller batches or smaller models in params.yaml."
    number = error.errno if isinstance(error, OSError) else None
    if number in FULL:
        return f"the disk is full: {error}. Free some of it, and run again."
    if number in FORBIDDEN:
        return f"a file cannot be used: {error}. Mend the rights of its folder, and run again."
    return None
