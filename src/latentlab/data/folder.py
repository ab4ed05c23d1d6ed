"""Finds the files that a user names in data.path."""

import os
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path

from latentlab.core.errors import DataError
from latentlab.data import catalogue

ADVICE = (
    "Correct data.path in params.yaml (a relative path starts at the root of the repository), or bring the "
    "files there. Results that were pulled can do without: docs/sharing.md."
)


def resolve(path: str) -> Path:
    """The place of a path that is absolute or relative to the root of the repository.

    A temporary or queued experiment runs in a copy elsewhere; DVC names the true root in DVC_ROOT. A ``~`` of
    nobody stays what it is, so that who looks there says that there is nothing.
    """
    place = Path(path)
    with suppress(RuntimeError):
        place = place.expanduser()
    return Path(os.environ.get("DVC_ROOT", "."), place)


def locate(path: str | None) -> dict[str, Path]:
    """Where each of the four files lies, raw or as ``.gz``; the raw one counts where both are there.

    Args:
        path: the folder, absolute or relative to the root of the repository.

    Raises:
        DataError: the folder or one of its files is missing.
    """
    if path is None:
        raise DataError(
            "data.path: expected the folder of the four IDX files, got null. Set it in params.yaml."
        )
    folder = resolve(path)
    if not folder.is_dir():
        raise _unfit(path, f"{folder.absolute()}, which is no folder")
    found = {file: _raw_or_compressed(folder / file) for file in catalogue.FILES}
    missing = [file for file, place in found.items() if place is None]
    if missing:
        raise _unfit(path, f"{folder.absolute()}, where {', '.join(missing)} cannot be found")
    return {file: place for file, place in found.items() if place is not None}


def find_archive(path: str | None) -> Path:
    """Where the archive that ``path`` names lies, absolute or relative to the root of the repository.

    Raises:
        DataError: there is no such file.
    """
    return require(path, "an .npz file", "file", Path.is_file)


def require(path: str | None, expected: str, kind: str, fits: Callable[[Path], bool]) -> Path:
    """What lies at ``path``, absolute or relative to the root of the repository, if it fits.

    Raises:
        DataError: it does not, or nothing lies there; says what was expected, and of which kind it is not.
    """
    place = resolve(path) if path else None
    if place is None or not fits(place):
        raise DataError(
            f"data.path: expected {expected}, got {path!r}"
            f"{f', that is {place.absolute()}, which is no {kind}' if place else ''}. "
            f"{ADVICE}"
        )
    return place


def _raw_or_compressed(path: Path) -> Path | None:
    return next((place for place in (path, path.with_name(f"{path.name}.gz")) if place.is_file()), None)


def _unfit(path: str, came: str) -> DataError:
    return DataError(
        f"data.path: expected a folder with the files {', '.join(catalogue.FILES)}, each raw or .gz; "
        f"got {path!r}, that is {came}. {ADVICE}"
    )
