"""What would stop the project on macOS or Windows stays out of it, as far as it can be seen in the code.

Nothing is run there: docs/systems.md says so. Tests and benchmarks may want Linux.
"""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from latentlab.core.errors import TrainingError
from studies.experiments import engine
from tests.imports import ROOT, imported_names

FOLDERS = ("src", "stages", "studies", "scripts", "examples")
# Of benchmarks, what scripts import.
SHARED = [ROOT / "benchmarks" / "machine.py"]
FILES = sorted([*SHARED, *(file for folder in FOLDERS for file in (ROOT / folder).rglob("*.py"))])
# By what Python's documentation says of their availability, or of what Windows makes of them.
MODULES = {"curses", "fcntl", "grp", "posix", "pty", "pwd", "resource", "syslog", "termios", "tty"}
OF_OS = {
    *("chown", "chroot", "fchmod", "fchown", "fork", "forkpty", "getegid", "geteuid", "getgid", "getloadavg"),
    *("getpgid", "getpgrp", "getppid", "getpriority", "getsid", "getuid", "killpg", "lchown", "mkfifo"),
    *(
        "mknod",
        "nice",
        "pidfd_open",
        "popen",
        "posix_fadvise",
        "posix_spawn",
        "pread",
        "pwrite",
        "sched_getaffinity",
    ),
    *(
        "sched_setaffinity",
        "sendfile",
        "setpgid",
        "setpriority",
        "setsid",
        "setuid",
        "statvfs",
        "sync",
        "system",
    ),
    *("sysconf", "tcgetpgrp", "ttyname", "uname", "wait", "wait3", "wait4", "waitid"),
    # Windows ends the process, or lets go of its terminal; or has no such rename onto a file that is there.
    *("abort", "execl", "execle", "execlp", "execv", "execve", "execvp", "execvpe", "kill", "link", "rename"),
    *("renames", "startfile", "symlink"),
}
OF_SIGNAL = {
    *("SIGALRM", "SIGCHLD", "SIGCONT", "SIGHUP", "SIGKILL", "SIGPIPE", "SIGQUIT", "SIGSTOP", "SIGTSTP"),
    *("SIGUSR1", "SIGUSR2", "alarm", "pause", "pthread_kill", "pthread_sigmask", "setitimer", "sigpending"),
    *("sigtimedwait", "sigwait", "sigwaitinfo"),
}
OF_PATHS = {"group", "hardlink_to", "is_mount", "owner", "rename", "symlink_to"}
OPTIONS = {"pass_fds", "preexec_fn", "process_group", "shell", "start_new_session", "user", "umask"}
TOOLS = {
    *("awk", "bash", "cat", "chmod", "cp", "env", "exec", "grep", "head", "kill", "ln", "make", "mv", "nice"),
    *("pkill", "rm", "sed", "sh", "tail", "timeout", "touch", "which", "xargs"),
}
PLACES = re.compile(r"/(bin|dev|etc|home|lib|opt|proc|root|sys|tmp|usr|var)\b")
# What stays, and why it stops nothing there.
ALLOWED = {
    (
        "src/latentlab/core/provenance.py",
        "os.sched_getaffinity",
    ): "where it is there; else all processors count",
    ("src/latentlab/core/starter.py", "os.getppid"): "Windows has it, but names a parent for ever",
    (
        "src/latentlab/core/starter.py",
        "/proc/",
    ): "where it is missing, only DVC itself is watched",
    (
        "src/latentlab/learning/precision.py",
        "/proc/",
    ): "where it is missing, the message says that it is not known",
    ("benchmarks/machine.py", "os.sysconf"): "where it is there; else memory is not known",
    ("benchmarks/machine.py", "/proc/"): "where it is missing, Python names the processor",
    ("scripts/serve.py", "os.execve"): "Windows takes another way",
    (
        "scripts/reproduce.py",
        ".symlink_to",
    ): "for images outside of Git; Windows may want a right to it",
    ("studies/experiments/engine.py", "/tmp/"): "of sweeps and seeds, which refuse Windows",
    ("studies/machines/launcher.py", "os.killpg"): "of several machines, which must not be Windows",
    ("studies/machines/launcher.py", "signal.SIGKILL"): "the same",
    ("studies/machines/launcher.py", "[sh]"): "the same",
    ("studies/machines/launcher.py", "start_new_session="): "the same",
}
# Made to kill processes as POSIX does.
POSIX = {"scripts/stress.py"}


def unportable(text: str) -> Iterator[str]:
    """Names what of a module's text is not the same on Linux, macOS and Windows."""
    tree = ast.parse(text)
    docstrings = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        yield from unportable_names(node)
        if isinstance(node, ast.Call):
            yield from unportable_call(node)
        elif isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings:
            yield from unportable_words(node.value)


def unportable_names(node: ast.AST) -> Iterator[str]:
    """What of the standard library is named that not every system has, or a tool that is run."""
    match node:
        case ast.Attribute(value=ast.Name(id="os"), attr=name) if name in OF_OS:
            yield f"os.{name}"
        case ast.Attribute(value=ast.Name(id="signal"), attr=name) if name in OF_SIGNAL:
            yield f"signal.{name}"
        case ast.ImportFrom(module="os" | "signal" as module, names=names):
            yield from (f"{module}.{each.name}" for each in names if each.name in OF_OS | OF_SIGNAL)
        case ast.Call(func=ast.Attribute(value=value, attr=name)) if name in OF_PATHS:
            if ast.unparse(value) != "os":
                yield f".{name}"
        case ast.List(elts=[ast.Constant(value=str(tool)), *_]) if tool in TOOLS:
            yield f"[{tool}]"


def unportable_words(words: str) -> Iterator[str]:
    """The place of one system that a string begins with."""
    if found := PLACES.match(words):
        yield f"{found[0]}/"


def unportable_call(call: ast.Call) -> Iterator[str]:
    """What a call asks for: options of processes, or text in the letters and line ends of a machine."""
    options = {option.arg: option.value for option in call.keywords}
    name = call.func.attr if isinstance(call.func, ast.Attribute) else getattr(call.func, "id", "")
    if name in ("Popen", "run", "call", "check_call", "check_output"):
        if call.args and isinstance(call.args[0], ast.Constant):
            yield "a command of a shell"
        yield from (f"{option}=" for option in options if option in OPTIONS)
        if {"text", "universal_newlines"} & set(options) and "encoding" not in options:
            yield "text without encoding"
    if name in ("read_text", "write_text") or opens_text(call, name, options):
        if "encoding" not in options:
            yield f"{name} without encoding"
        if name == "write_text" and "newline" not in options:
            yield "write_text without newline"


def opens_text(call: ast.Call, name: str, options: dict[str | None, ast.expr]) -> bool:
    """Whether a call opens a file as text, as far as its mode says."""
    if name not in ("open", "fdopen", "NamedTemporaryFile", "TemporaryFile"):
        return False
    place = 1 if name == "fdopen" or (name == "open" and isinstance(call.func, ast.Name)) else 0
    given = options.get("mode", call.args[place] if len(call.args) > place else None)
    if given is None:
        return name == "fdopen" or (name == "open" and len(call.args) == place)
    mode = given.value if isinstance(given, ast.Constant) else ""
    return bool(re.fullmatch(r"[rwxa]\+?t?\+?", str(mode)))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("len(os.sched_getaffinity(0))", ["os.sched_getaffinity"]),
        ("from os import fork, getpid", ["os.fork"]),
        ("from signal import SIGKILL", ["signal.SIGKILL"]),
        ("process.send_signal(signal.SIGHUP)", ["signal.SIGHUP"]),
        ("signal.signal(signal.SIGINT, stop)", []),
        ("os.rename(a, b)", ["os.rename"]),
        ("os.replace(a, b)", []),
        ("path.symlink_to(other)", [".symlink_to"]),
        ("Path('/dev/shm')", ["/dev/"]),
        ("Path(f'/proc/{pid}')", ["/proc/"]),
        ("Path('/versions')", []),
        ("'''/tmp is named in a docstring'''", []),
        ("run(['grep', '-v', 'I0000'])", ["[grep]"]),
        ("run('exec env dvc repro', shell=True)", ["a command of a shell", "shell="]),
        ("Popen(command, start_new_session=True)", ["start_new_session="]),
        ("run(command, text=True)", ["text without encoding"]),
        ("run(command, encoding='utf-8')", []),
        ("path.read_text()", ["read_text without encoding"]),
        ("path.write_text(words, encoding='utf-8')", ["write_text without newline"]),
        ("path.write_text(words, encoding='utf-8', newline='\\n')", []),
        ("open(path)", ["open without encoding"]),
        ("open(path, 'w')", ["open without encoding"]),
        ("path.open()", ["open without encoding"]),
        ("path.open('a')", ["open without encoding"]),
        ("path.open(mode='w', encoding='utf-8')", []),
        ("path.open('rb')", []),
        ("Image.open(path)", []),
        ("archive.open(name, 'w')", []),
        ("NamedTemporaryFile('w')", ["NamedTemporaryFile without encoding"]),
        ("NamedTemporaryFile()", []),
    ],
)
def test_what_is_not_portable_is_seen(text: str, found: list[str]) -> None:
    assert sorted(unportable(text)) == sorted(found)


def test_the_code_has_nothing_that_would_stop_it_elsewhere() -> None:
    names = {file: file.relative_to(ROOT).as_posix() for file in FILES}
    assert len(names) > 150
    found = {
        (name, what)
        for file, name in names.items()
        if name not in POSIX
        for what in unportable(file.read_text(encoding="utf-8"))
    }
    assert found == set(ALLOWED)


def test_no_module_is_imported_that_one_system_lacks() -> None:
    found = {file.name: imported_names(file) & MODULES for file in FILES}
    assert {name: modules for name, modules in found.items() if modules} == {}


def test_what_only_posix_can_do_is_named_where_systems_are() -> None:
    page = (ROOT / "docs" / "systems.md").read_text(encoding="utf-8")
    for file in POSIX:
        assert Path(file).name in page
    # Of each target of `make`, the page has what to type without it.
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    commands = set(re.findall(r"python (?:-m )?(scripts[./]\w+(?:\.py)?|benchmarks)", makefile))
    commands |= set(re.findall(r"pytest (-m slow \S+)", makefile))
    assert len(commands) > 5
    assert [command for command in sorted(commands) if command not in page] == []


def test_commands_of_stages_need_no_shell() -> None:
    commands = re.findall(r"cmd: (.*)", (ROOT / "dvc.yaml").read_text(encoding="utf-8"))
    assert commands
    assert [command for command in commands if re.search(r"[|&;<>$`'\"*()]", command)] == []


def test_code_has_the_same_bytes_on_every_system() -> None:
    """As dvc.lock knows it by them, and Git on Windows would end lines otherwise."""
    assert "* text=auto eol=lf" in (ROOT / ".gitattributes").read_text(encoding="utf-8").splitlines()


def test_sweeps_and_seeds_refuse_windows(monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setattr(os, "name", "nt")
        with pytest.raises(TrainingError, match=r"expected Linux or macOS, got Windows.*dvc exp run -S"):
            engine.started("abc", 1, None).__enter__()
