"""Records what torch-fidelity's Inception network makes of some images, for a test without PyTorch.

The weights are random, by a rule, so that none need be kept. Run it in an environment of its own, from the
repository's root:

    python -m venv /tmp/fidelity && /tmp/fidelity/bin/pip install torch==2.13.0 torch-fidelity==0.4.0
    PYTHONPATH=. /tmp/fidelity/bin/python scripts/torch_fidelity_inception.py \\
        > tests/scoring/inception/torch_fidelity.json
"""

import importlib
import json
import tempfile
from importlib.metadata import version
from typing import Any, NamedTuple

import numpy as np
import numpy.typing as npt

from scripts.torch_fidelity_scores import define_torchvision_operators

# Height, width and channels: grey digits, small photographs, and what must be made smaller.
SHAPES = [(28, 28, 1), (32, 20, 3), (310, 350, 3)]
# Of the 2,048 features, each so manieth is kept.
EVERY = 64
# The convolutions of each block in the published graph, in the order in which torch-fidelity defines its own.
BLOCKS = {
    "mixed mixed_1 mixed_2": "conv tower/conv tower/conv_1 tower_1/conv tower_1/conv_1 tower_1/conv_2 "
    "tower_2/conv",
    "mixed_3": "conv tower/conv tower/conv_1 tower/conv_2",
    "mixed_4 mixed_5 mixed_6 mixed_7": "conv tower/conv tower/conv_1 tower/conv_2 tower_1/conv "
    "tower_1/conv_1 tower_1/conv_2 tower_1/conv_3 tower_1/conv_4 tower_2/conv",
    "mixed_8": "tower/conv tower/conv_1 tower_1/conv tower_1/conv_1 tower_1/conv_2 tower_1/conv_3",
    "mixed_9 mixed_10": "conv tower/conv tower/mixed/conv tower/mixed/conv_1 tower_1/conv tower_1/conv_1 "
    "tower_1/mixed/conv tower_1/mixed/conv_1 tower_2/conv",
}
SCOPES = ["conv", "conv_1", "conv_2", "conv_3", "conv_4"] + [
    f"{block}/{part}"
    for blocks, parts in BLOCKS.items()
    for block in blocks.split()
    for part in parts.split()
]


class Weights(NamedTuple):
    """Of a convolution (height, width, inputs, channels) and of its batch normalisation, (channels,) each."""

    kernel: npt.NDArray[np.float32]
    gamma: npt.NDArray[np.float32]
    beta: npt.NDArray[np.float32]
    moving_mean: npt.NDArray[np.float32]
    moving_variance: npt.NDArray[np.float32]


def make_weights(scope: str, shape: tuple[int, ...]) -> Weights:
    """Random weights of one of the network's convolutions, which keep the scale of what passes through.

    Raw numbers of a bit generator are what NumPy promises never to change.
    """
    size, channels = int(np.prod(shape)), shape[-1]
    raw = np.random.PCG64(SCOPES.index(scope)).random_raw(size + 4 * channels)
    uniform = (raw / 2.0**63 - 1).astype(np.float32)  # in [-1, 1], of variance 1/3
    spread = np.float32(np.sqrt(6 * channels / size))  # so that a rectifier keeps the mean square
    gamma, beta, mean, variance = uniform[size:].reshape(4, channels) / np.float32(4)
    return Weights(
        kernel=spread * uniform[:size].reshape(shape),
        gamma=np.float32(1) + gamma,
        beta=beta,
        moving_mean=mean,
        moving_variance=np.float32(1) + variance,
    )


def make_image(shape: tuple[int, int, int]) -> npt.NDArray[np.uint8]:
    """One image, uint8 (1, height, width, channels), random as well."""
    raw = np.random.PCG64(shape[1]).random_raw(int(np.prod(shape)))
    return (raw >> np.uint64(56)).astype(np.uint8).reshape(1, *shape)


def main() -> None:
    torch = importlib.import_module("torch")
    define_torchvision_operators(torch)
    network = build(torch)
    found: dict[str, Any] = {"torch-fidelity": version("torch-fidelity"), "torch": version("torch")}
    print(json.dumps(found | {"features": [look(torch, network, shape) for shape in SHAPES]}, indent=1))


def build(torch: Any) -> Any:
    """Their network, in double precision, which insists on weights from a file and gets ours instead."""
    theirs = importlib.import_module("torch_fidelity.feature_extractor_inceptionv3")

    class RandomInception(theirs.FeatureExtractorInceptionV3):  # type: ignore[name-defined]
        def load_state_dict(self, _: Any) -> None:
            convolutions = [part for part in self.modules() if isinstance(part, theirs.BasicConv2d)]
            for scope, part in zip(SCOPES, convolutions, strict=True):
                part.load_state_dict(state(torch, scope, part.conv))

    with tempfile.NamedTemporaryFile() as file:
        torch.save({}, file.name)
        return RandomInception(
            "fid",
            ["2048"],
            feature_extractor_weights_path=file.name,
            feature_extractor_internal_dtype="float64",
        )


def state(torch: Any, scope: str, convolution: Any) -> dict[str, Any]:
    """The weights of one convolution and its batch normalisation in their layout."""
    shape = (*convolution.kernel_size, convolution.in_channels, convolution.out_channels)
    weights = make_weights(scope, shape)
    arrays = {
        "conv.weight": weights.kernel.transpose(3, 2, 0, 1).copy(),
        "bn.weight": weights.gamma,
        "bn.bias": weights.beta,
        "bn.running_mean": weights.moving_mean,
        "bn.running_var": weights.moving_variance,
        "bn.num_batches_tracked": np.array(0),
    }
    return {name: torch.from_numpy(array) for name, array in arrays.items()}


def look(torch: Any, network: Any, shape: tuple[int, int, int]) -> list[float]:
    """Some features of one image; a grey one is repeated, as torch-fidelity's users do."""
    image = make_image(shape)
    coloured = np.broadcast_to(image, (*image.shape[:3], 3)).transpose(0, 3, 1, 2)
    features = network(torch.from_numpy(coloured.copy()))[0]
    return features[0, ::EVERY].tolist()


if __name__ == "__main__":
    main()
