"""Writes params.yaml with what a preset changes, or lists the presets."""

from argparse import Namespace
from collections.abc import Iterator, Mapping
from contextlib import suppress

from latentlab.core import artifacts, origin, presets, settings
from latentlab.core.errors import ParamsError, RequestError
from latentlab.core.settings import PARAMS
from latentlab.families import params


def run(typed: Namespace) -> None:
    """Say what there is, or write one and say what that changed.

    Raises:
        RequestError: there is no such preset, or params.yaml has changes that would be lost.
        ParamsError: the preset has a key that is unknown, or makes a value impossible; or params.yaml cannot
            be read, and shall not be overwritten.
    """
    names = presets.names()
    if typed.name is None:
        width = max(map(len, names))
        print("\n".join(f"{name:{width}}  {presets.summary(name)}" for name in names))
    elif typed.name in names:
        _write(typed.name, typed.force)
    else:
        raise RequestError(f"NAME: expected one of {', '.join(names)}, got {typed.name!r}.")


def _write(name: str, force: bool) -> None:
    # What is to be overwritten need not be text.
    before = PARAMS.read_text(encoding="utf-8", errors="replace") if PARAMS.exists() else ""
    base = presets.committed()
    if base is None:
        print(f"There is no committed {PARAMS}, so the preset changes the file as it lies here.")
        base = before
    elif before and not force:
        _require_nothing_lost(before, base)
    text = presets.apply(name, base)
    with artifacts.replacing(PARAMS) as temporary:
        temporary.write_text(text, encoding="utf-8", newline="\n")
        wrong = PARAMS if name == presets.DEFAULT else presets.file(name)
        settings.check(params.schema(), settings.read(temporary), wrong)
    lines = list(_changes(before, text))
    print("\n".join([f"{PARAMS} is the preset {name} now: {len(lines) or 'no'} changes.", *lines]))


def _require_nothing_lost(before: str, base: str) -> None:
    """Refuse changes that are neither committed nor another preset's, which a command would bring back."""
    for name in presets.names():
        # One that a user has not finished is no reason to stop.
        with suppress(ParamsError):
            if presets.apply(name, base) == before:
                return
    values = settings.read(PARAMS)
    if not isinstance(values, Mapping):
        raise ParamsError(f"{PARAMS}: expected sections of keys, got none. Overwrite it with --force.")
    own = origin.of(values, origin.committed() or {})
    raise RequestError(
        f"{PARAMS}: expected no changes of your own that are not committed, got "
        f"{', '.join(own.changes) or 'other comments'} in the preset {own.preset}. Commit them, or overwrite "
        "them with --force."
    )


def _changes(before: str, text: str) -> Iterator[str]:
    """A line for each value that is another now."""
    old: dict[str, presets.Leaf] = {}
    with suppress(ParamsError):  # What was forced away need not be readable.
        old = presets.leaves(before)
    for key, leaf in presets.leaves(text).items():
        was = old[key].text if key in old else "nothing"
        if leaf.text != was:
            yield f"  {key}: {leaf.text}, was {was}"
