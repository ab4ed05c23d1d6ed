"""The content of files and folders in one word: the project's own, and DVC's."""

import hashlib
import json
from functools import cache
from pathlib import Path
from typing import Any

from latentlab.core.errors import ArtifactError


def sha256(path: Path) -> str:
    """SHA-256 of a file's content, or of all names and contents in a folder, as 64 hexadecimal digits.

    Raises:
        ArtifactError: there is no such file or folder.
    """
    if path.is_dir():
        return of_json([(name, sha256(file)) for name, file in _files(path).items()])
    return _file_digest(path, "sha256")


def of_json(content: Any) -> str:
    """SHA-256 of what JSON can say, whatever the order of its keys, as 64 hexadecimal digits."""
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()


def dvc(path: Path) -> str:
    """What DVC calls the content of a file or folder: an MD5, and of a folder ``.dir`` after it.

    Raises:
        ArtifactError: there is no such file or folder.
    """
    if path.is_dir():
        content = [{"md5": dvc(file), "relpath": name} for name, file in _files(path).items()]
        return f"{hashlib.md5(json.dumps(content).encode()).hexdigest()}.dir"
    return _file_digest(path, "md5")


def _files(folder: Path) -> dict[str, Path]:
    """The files below a folder by their names in it, in order, but for what Python compiles."""
    files = [file for file in folder.rglob("*") if file.is_file() and "__pycache__" not in file.parts]
    return dict(sorted((file.relative_to(folder).as_posix(), file) for file in files))


def _file_digest(path: Path, algorithm: str) -> str:
    if not path.exists():
        raise ArtifactError(f"{path} is missing. Run `dvc repro`, which makes it or names what does.")
    return _digest_once(path.resolve(), path.stat().st_mtime_ns, algorithm)


@cache
def _digest_once(path: Path, modified_ns: int, algorithm: str) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, algorithm).hexdigest()
