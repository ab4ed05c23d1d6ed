"""Records what torch-fidelity makes of some features, for a test that must not install PyTorch.

Run it in an environment of its own, from the repository's root:

    python -m venv /tmp/fidelity && /tmp/fidelity/bin/pip install torch==2.13.0 torch-fidelity==0.4.0
    /tmp/fidelity/bin/python scripts/torch_fidelity_scores.py > tests/scoring/metrics/torch_fidelity.json
"""

import importlib
import json
from importlib.metadata import version
from typing import Any

import numpy as np
import numpy.typing as npt

NUM_IMAGES = 500
DIMENSIONS = 16
NEAREST = 5


def make_features() -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Features of samples and of real images: float64 (500, 16) each, the same everywhere.

    Samples are shifted and narrower. No generator of random numbers has a part in it, since their streams
    may change; sines of large numbers are as good here.
    """
    numbers = np.arange(1, 2 * NUM_IMAGES * DIMENSIONS + 1, dtype=np.float64)
    spread = np.sin(numbers**2 % 6283).reshape(2, NUM_IMAGES, DIMENSIONS)
    return 0.25 + 0.8 * spread[0], spread[1]


def define_torchvision_operators(torch: Any) -> None:
    """Let torch-fidelity import torchvision, whose own operators do not load beside PyTorch for CPUs.

    None of them is used here, but two must be known by name.
    """
    for name in ("nms", "qnms"):
        torch.library.define(f"torchvision::{name}", "(Tensor boxes, Tensor scores, float least) -> Tensor")


def main() -> None:
    torch = importlib.import_module("torch")
    define_torchvision_operators(torch)
    fid, kid, prc = (
        importlib.import_module(f"torch_fidelity.metric_{name}") for name in ("fid", "kid", "prc")
    )
    samples, real = (torch.from_numpy(part) for part in make_features())
    statistics = [fid.fid_features_to_statistics(part) for part in (samples, real)]
    one_subset = {"kid_subsets": 1, "kid_subset_size": NUM_IMAGES, "verbose": False}
    found: dict[str, Any] = {
        "torch-fidelity": version("torch-fidelity"),
        "torch": version("torch"),
        **fid.fid_statistics_to_metric(*statistics, verbose=False),
        **kid.kid_features_to_metric(samples, real, **one_subset),
        **prc.prc_features_to_metric(samples, real, prc_neighborhood=NEAREST, verbose=False),
    }
    print(json.dumps(found, indent=2))


if __name__ == "__main__":
    main()
