"""The file of the network's weights: where the user has it, and what identifies its content.

Stage ``source`` writes this on every run, and ``evaluate`` depends on it: that is how DVC notices a change in
a file that lies outside the repository. Imports stay light, because every run waits for them.
"""

import hashlib
from pathlib import Path

from latentlab.core.errors import EvaluationError
from latentlab.data import folder

# Of the archive inception-2015-12-05.tgz.
NAME = "classify_image_graph_def.pb"


def sha256(path: str | None) -> str | None:
    """SHA-256 of the content of the weights' file, or None without one.

    Args:
        path: absolute or relative to the root of the repository.

    Raises:
        EvaluationError: the file is missing or cannot be read.
    """
    return None if path is None else hashlib.sha256(read(path)).hexdigest()


def read(path: str) -> bytes:
    """The content of the weights' file.

    Args:
        path: absolute or relative to the root of the repository.

    Raises:
        EvaluationError: the file is missing or cannot be read.
    """
    try:
        return folder.resolve(path).read_bytes()
    except OSError as error:
        raise unfit(path, str(error)) from error


def unfit(path: Path | str, came: str) -> EvaluationError:
    """The refusal of a file that is not the one expected."""
    return EvaluationError(
        f"evaluate.inception_weights: expected {NAME} of the archive inception-2015-12-05.tgz, got {path}: "
        f"{came}. Correct the path in params.yaml (a relative one starts at the root of the repository), or "
        "set it to null, which leaves the Inception distance out."
    )
