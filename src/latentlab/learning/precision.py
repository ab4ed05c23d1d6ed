"""In which precision training steps compute: float32, or with maps and products in bfloat16.

In bfloat16, a layer rounds its inputs, its weights and the map that it gives to 8 significant bits; products
add up in float32. Weights, optimiser, statistics of normalisation, outputs and losses stay in float32
(Micikevicius et al. 2018). Gradients need no scaling, for the range is float32's (Kalamkar et al. 2019).
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from contextvars import ContextVar
from pathlib import Path

import keras

from latentlab.core.settings import Precision

# The layers with weights that compute in bfloat16, by ``layers``: of others, in Keras' way, the gradients of
# biases would be added up in it.
WEIGHTED = (keras.layers.Dense, keras.layers.Conv2D, keras.layers.BatchNormalization)
# Instructions for products in bfloat16, as Linux names them, and where it does.
INSTRUCTIONS = {"amx_bf16", "avx512_bf16"}
CPUINFO = Path("/proc/cpuinfo")
# See docs/speed.md.
SLOWER = "without them, on an AMD EPYC held to AVX-512, a step took 1.8 times as long as in float32"

_chosen: ContextVar[Precision] = ContextVar("precision", default="float32")


@contextmanager
def computing_in(precision: Precision) -> Iterator[None]:
    """Let the steps that are traced meanwhile, which is when they are first taken, compute in a precision."""
    token = _chosen.set(precision)
    try:
        yield
    finally:
        _chosen.reset(token)


@contextmanager
def rounding(layers: Sequence[keras.layers.Layer]) -> Iterator[None]:
    """Let layers compute in the chosen precision meanwhile; their weights stay float32."""
    changed = [layer for layer in layers if _may_round(layer)] if _chosen.get() == "bfloat16" else []
    try:
        for layer in changed:
            layer.dtype_policy = "mixed_bfloat16"
        yield
    finally:
        for layer in changed:
            layer.dtype_policy = "float32"


def rounds(layer: keras.layers.Layer) -> bool:
    """Whether a layer computes in bfloat16 because that is chosen."""
    return _chosen.get() == "bfloat16" and layer.compute_dtype == "bfloat16"


def warn(precision: Precision, cpuinfo: Path = CPUINFO) -> None:
    """Say so in one line if the processor has, or may have, no instructions for a precision."""
    if precision == "bfloat16" and (missing := _missing(cpuinfo)):
        print(f"precision: bfloat16, {missing}; {SLOWER}.", flush=True)


def _may_round(layer: keras.layers.Layer) -> bool:
    """Not what the user gave another type, nor what draws numbers, which would be multiples of 1 / 128."""
    is_known = not layer.weights or type(layer) in WEIGHTED
    # Of channels that come first, processors convolve none.
    is_usual = getattr(layer, "data_format", "channels_last") == "channels_last"
    draws = hasattr(layer, "seed_generator")
    return layer.dtype_policy.name == "float32" and is_known and is_usual and not draws


def _missing(cpuinfo: Path) -> str:
    """What is missing, or may be; empty where nothing is."""
    if not cpuinfo.exists():
        return "and whether this processor has instructions for it is not known"
    has_one = INSTRUCTIONS & set(cpuinfo.read_text(encoding="utf-8").split())
    return (
        "" if has_one else f"for which this processor has no instructions ({', '.join(sorted(INSTRUCTIONS))})"
    )
