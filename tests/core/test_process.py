"""How a stage ends: with its code, and one message where the user can do something."""

import gc
import importlib
import json
import os
import re
import select
import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from typing import IO

import pytest

from latentlab.core import process
from latentlab.core.errors import (
    ArtifactError,
    DataError,
    EvaluationError,
    LatentlabError,
    ParamsError,
    TrainingError,
)
from tests.imports import ROOT

RUN = """
import errno
from latentlab.core import process
from latentlab.core.errors import DataError
from tests.imports import ROOT
def main():
    {body}
process.run(main)
"""


def run(body: str) -> tuple[int, str, str]:
    """Code, output and errors of a stage with this body."""
    code = RUN.format(body=body)
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, env={"PYTHONPATH": str(ROOT / "src")}
    )
    return done.returncode, done.stdout, done.stderr


def test_a_good_end_says_nothing() -> None:
    assert run("print('made')") == (0, "made\n", "")


def test_a_mistake_of_the_users_is_its_message_alone() -> None:
    assert run("raise DataError('the folder is missing')") == (1, "", "\nerror: the folder is missing\n")


@pytest.mark.parametrize(
    ("body", "told"),
    [
        ("raise MemoryError", "memory ran out. Set data.limit"),
        ("raise type('ResourceExhaustedError', (Exception,), {})('OOM')", "memory ran out. Set data.limit"),
        (
            "raise OSError(errno.ENOSPC, 'No space left on device', 'models/vae')",
            "the disk is full: [Errno 28] No space left on device: 'models/vae'",
        ),
        (
            "raise OSError(errno.EROFS, 'Read-only file system', 'models/vae')",
            "a file cannot be used: [Errno 30] Read-only file system: 'models/vae'",
        ),
    ],
)
def test_what_the_machine_lacks_is_one_line(body: str, told: str) -> None:
    code, _, errors = run(body)
    assert (code, errors.count("\n")) == (1, 2)
    assert errors.startswith(f"\nerror: {told}")


@pytest.mark.parametrize(
    "error", ["ValueError('wrong')", "OSError(errno.EIO, 'wrong')", "AssertionError('wrong')"]
)
def test_a_defect_keeps_its_traceback(error: str) -> None:
    code, _, errors = run(f"raise {error}")
    assert code == 1
    assert errors.startswith("Traceback")
    assert "wrong" in errors


def test_an_interrupt_is_told_by_its_code() -> None:
    assert run("raise KeyboardInterrupt") == (130, "", "")


def test_an_interrupt_that_a_library_turns_into_an_error_stays_one() -> None:
    body = """
    import signal
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        raise RuntimeError("wrong")
"""
    assert run(body.strip()) == (130, "", "")


def test_letters_that_a_terminal_lacks_stop_nothing() -> None:
    code = RUN.format(body="print('Fréchet')")
    environment = {"PYTHONPATH": str(ROOT / "src"), "PYTHONIOENCODING": "ascii"}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=environment)
    assert (done.returncode, done.stdout, done.stderr) == (0, "Fr?chet\n", "")


IMPORT = """
from latentlab.core import process
with process.imports():
    {import_}
"""
IMPORT_INSIDE = """
from latentlab.core import process
from latentlab.tracking import store
process.run(store.load_mlflow)
"""


@pytest.mark.parametrize(
    ("code", "module"),
    [
        (IMPORT.format(import_="import numpy"), "numpy._core"),
        (
            IMPORT.format(import_="import latentlab.families.vae.model.learner"),
            "tensorflow.python.framework.ops",
        ),
        (IMPORT.format(import_="import latentlab.families.vae.model.learner"), "keras.src.layers"),
        (IMPORT_INSIDE, "mlflow.entities"),
    ],
    ids=["numpy", "tensorflow", "keras", "mlflow"],
)
def test_an_interrupt_while_modules_load_is_told_by_its_code_alone(code: str, module: str) -> None:
    with subprocess.Popen(
        [sys.executable, "-X", "importtime", "-c", code],
        stderr=subprocess.PIPE,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src")},
    ) as process:
        assert process.stderr
        for line in process.stderr:
            if re.search(rf"\| +{module}\b", line):
                break
        process.send_signal(signal.SIGINT)
        said = [line for line in process.stderr if not line.startswith("import time:")]
    assert (process.returncode, said) == (130, [])


def test_imports_of_other_threads_leave_signals_alone() -> None:
    before = signal.getsignal(signal.SIGINT)
    with ThreadPoolExecutor() as pool:
        assert pool.submit(lambda: process.interruptible().__enter__()).result() is None
    with process.interruptible():
        assert signal.getsignal(signal.SIGINT) is not before
    assert signal.getsignal(signal.SIGINT) is before


WRITE = """
import os
from latentlab.core import process
with process.imports():
    os.write(2, b"WARNING: All log messages before absl::InitializeLog() is called are written to STDERR\\n")
    for kind in ("I0000", "W0000", "E0000", "F0000"):
        os.write(2, f"{kind} 00:00:1795628929.339616    6142 port.cc:153] told\\n".encode())
    {end}
os.write(2, b"I0000 later\\n")
"""


@pytest.mark.parametrize(
    ("level", "end", "kinds"),
    [
        ("3", "", ["W0000", "E0000", "F0000", "I0000"]),
        ("3", "os.abort()", ["W0000", "E0000", "F0000"]),
        ("0", "os.abort()", ["WARNING:", "I0000", "W0000", "E0000", "F0000"]),
    ],
)
def test_no_more_than_greetings_is_kept_from_the_error_stream(level: str, end: str, kinds: list[str]) -> None:
    done = subprocess.run(
        [sys.executable, "-c", WRITE.replace("{end}", end)],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src"), "TF_CPP_MIN_LOG_LEVEL": level},
    )
    assert done.returncode == (-signal.SIGABRT if end else 0)
    assert [line.split()[0] for line in done.stderr.splitlines()] == kinds


def test_an_interrupt_of_all_processes_of_a_terminal_leaves_the_filter_alone() -> None:
    command = [sys.executable, "-I", "-S", "-c", process.FILTER]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as rest:
        assert rest.stdin is not None
        assert rest.stdout is not None
        rest.stdin.write(b"before\n")
        rest.stdin.flush()
        assert rest.stdout.readline() == b"before\n"
        rest.send_signal(signal.SIGINT)
        assert rest.communicate(b"after\n", timeout=30) == (b"after\n", b"")


def test_what_tunes_libraries_for_other_programs_is_left_out(monkeypatch: pytest.MonkeyPatch) -> None:
    left_out = ("TF_XLA_FLAGS", "TF_NEW", "XLA_FLAGS", "ONEDNN_VERBOSE", "NPY_DISABLE_CPU_FEATURES")
    heeded = ("TF_CPP_MIN_LOG_LEVEL", "TF_ENABLE_ONEDNN_OPTS", "OPENBLAS_CORETYPE", "MPLCONFIGDIR")
    for name in (*left_out, *heeded, "MPLBACKEND"):
        monkeypatch.setenv(name, "0")
    with process.imports():
        assert not [name for name in left_out if name in os.environ]
    assert [os.environ[name] for name in heeded] == ["0"] * 4
    assert os.environ["MPLBACKEND"] == "agg"


def test_figures_are_drawn_by_defaults_of_matplotlib(monkeypatch: pytest.MonkeyPatch) -> None:
    import matplotlib

    monkeypatch.setitem(matplotlib.rcParams, "savefig.dpi", 31)
    with process.imports():
        pass
    assert matplotlib.rcParams["savefig.dpi"] == matplotlib.rcParamsDefault["savefig.dpi"]


def test_garbage_is_collected_again_after_the_imports() -> None:
    gc.unfreeze()
    with process.imports():
        assert not gc.isenabled()
    assert gc.isenabled()
    assert gc.get_freeze_count() > 0
    gc.unfreeze()


def test_a_missing_package_is_told_with_what_to_do() -> None:
    with (
        pytest.raises(SystemExit, match=r"has no module not_there.*source \.venv/bin/activate"),
        process.imports(),
    ):
        importlib.import_module("not_there")


def test_a_missing_module_of_the_project_is_a_defect() -> None:
    with pytest.raises(ModuleNotFoundError), process.imports():
        importlib.import_module("latentlab.not_there")


def test_hidden_packages_can_be_imported_again_afterwards() -> None:
    """One that was imported before is the same as before, one that was not is loaded when it is wanted."""
    sys.modules.pop("this", None)
    with process.imports(hidden=["json", "this"]):
        for package in ("json", "this"):
            with pytest.raises(ImportError, match=package):
                importlib.import_module(package)
    assert importlib.import_module("json") is json
    assert "this" not in sys.modules
    assert importlib.import_module("this").d


def test_training_loads_nothing_of_what_only_keras_extras_need() -> None:
    """Which would be half a second for each training stage; what is asked for later is there."""
    code = """
import sys
from latentlab.core import process
with process.imports(hidden=process.KERAS_EXTRAS):
    import latentlab.families.vae.model.learner
print([name for name in process.KERAS_EXTRAS if name in sys.modules])
import sklearn
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src"), "TF_CPP_MIN_LOG_LEVEL": "2"},
        check=True,
    )
    assert done.stdout == "[]\n"


def test_tensorflow_loads_without_a_word() -> None:
    done = subprocess.run(
        [sys.executable, "-c", IMPORT.format(import_="import latentlab.families.vae.model.learner")],
        capture_output=True,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src")},
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, "", "")


SLEEP = """
import time
from latentlab.core import process
def main():
    print("started", flush=True)
    time.sleep(60)
process.run(main)
"""
START = "import subprocess, sys; subprocess.run([sys.executable, '-c', sys.argv[1]])"


def start_under_another_process(**environment: str) -> tuple["subprocess.Popen[str]", IO[str]]:
    """The process that started a stage, in a group of its own, and what the stage says, once it runs."""
    process = subprocess.Popen(
        [sys.executable, "-c", START, SLEEP],
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={"PYTHONPATH": str(ROOT / "src"), **environment},
        start_new_session=True,
    )
    assert process.stdout
    assert process.stdout.readline() == "started\n"
    return process, process.stdout


def test_a_stage_ends_when_its_dvc_is_killed() -> None:
    process, output = start_under_another_process(DVC_STAGE="train_vae")
    process.kill()
    process.wait()
    said = output.read()  # which ends with the last process that could write to it
    output.close()
    assert said == "\nDVC was killed, so this stage stops; the next `dvc repro` goes on.\n"


def test_a_stage_that_was_started_by_hand_outlives_its_terminal() -> None:
    process, output = start_under_another_process()
    process.kill()
    process.wait()
    assert select.select([output], [], [], 1.5)[0] == []
    os.killpg(process.pid, signal.SIGKILL)
    output.close()


@pytest.mark.parametrize("kind", [ParamsError, DataError, ArtifactError, TrainingError, EvaluationError])
def test_all_errors_of_the_project_are_the_users(kind: type[Exception]) -> None:
    def main() -> None:
        raise kind("what to do")

    assert issubclass(kind, LatentlabError)
    with pytest.raises(SystemExit, match="error: what to do"):
        process.run(main)
