"""Where every random number comes from: seeds derived by purpose, never shared."""

import hashlib


def derive_seed(seed: int, *purpose: str) -> int:
    """A seed for one purpose, so that a change in one place shifts no randomness elsewhere.

    Args:
        seed: the seed of params.yaml that the purpose belongs to.
        purpose: words that name the use, such as ``"features", "batches"``.

    Returns:
        An integer in [0, 2^31), a pure function of the arguments.
    """
    text = "\n".join([str(seed), *purpose])
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4]) >> 1
