"""The README's table of the benchmark, from its results."""

from collections.abc import Mapping, Sequence
from typing import Any

BEGIN, END = "<!-- benchmark -->", "<!-- /benchmark -->"
STEPS = {"vae_step": "VAE, 128 images", "gan_step": "GAN, 256 images"}
DEFAULT_STEPS = {"default_vae_step": "VAE", "default_gan_step": "GAN"}
HEADINGS = (
    "step",
    "latentlab",
    "slides (oneDNN off)",
    "PyTorch",
    "slides / latentlab",
    "oneDNN off / latentlab",
    "PyTorch / latentlab",
    "share of peak",
    "peak memory (slides)",
    "first step",
)
LIMIT_HEADINGS = ("step", "multiplications, additions", "memory moved", "at the machine's rates", "taken")


def replace(text: str, results: Mapping[str, Any]) -> str:
    """The text of a README with what stands between its marks made new."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{render(results)}\n{END}{after}"


def render(results: Mapping[str, Any]) -> str:
    """The tables, the sentence that says what they were measured on, and those on the default."""
    steps = {name: results[key] for key, name in STEPS.items()}
    parts = [
        _table(HEADINGS, [_cells(name, step) for name, step in steps.items()]),
        _machine(results["machine"], results["rounds"]),
        _table(LIMIT_HEADINGS, [_limit(name, step) for name, step in steps.items()]),
        _defaults(results),
    ]
    optional = {"pipeline": _pipeline, "evaluation": _evaluation}
    return "\n\n".join([*parts, *(say(results[key]) for key, say in optional.items() if key in results)])


def _table(headings: Sequence[str], rows: Sequence[Sequence[str]]) -> str:
    lines = [headings, ["---"] * len(headings), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)


def _cells(name: str, step: Mapping[str, Any]) -> Sequence[str]:
    return [
        name,
        f"{step['milliseconds']:.0f} ms",
        f"{step['lecture_milliseconds']:.0f} ms ({step['lecture_without_onednn_milliseconds']:.0f} ms)",
        f"{step['pytorch_milliseconds']:.0f} ms ({step['pytorch_variant']})",
        _ratio(step, "lecture"),
        _ratio(step, "lecture_without_onednn"),
        _ratio(step, "pytorch"),
        f"{step['share_of_matrix_product_rate']:.0%}",
        f"{step['peak_memory_mb']:.0f} MB ({step['lecture_peak_memory_mb']:.0f} MB)",
        f"{step['first_step_seconds']:.1f} s",
    ]


def _limit(name: str, step: Mapping[str, Any]) -> Sequence[str]:
    multiplying, moving = step["multiplying_milliseconds"], step["moving_milliseconds"]
    return [
        name,
        f"{step['gigaflop']:.3g} GFLOP",
        f"{step['gigabytes']:.2g} GB",
        f"{multiplying:.0f} + {moving:.0f} = {multiplying + moving:.0f} ms",
        f"{step['milliseconds']:.0f} ms",
    ]


def _ratio(step: Mapping[str, Any], other: str) -> str:
    least, largest = step[f"speedup_over_{other}_range"]
    return f"{step[f'speedup_over_{other}']:.2f} ({least:.2f} to {largest:.2f})"


def _machine(machine: Mapping[str, Any], rounds: int) -> str:
    return (
        f"Medians of {rounds} rounds, with the least and the largest ratio of a round, on {machine['cores']} "
        f"cores of an {machine['processor']} with {machine['memory_gb']} GB, which multiplies matrices at "
        f"{machine['matrix_product_gflops']:.0f} GFLOP/s and copies memory at "
        f"{machine['copy_gb_per_second']:.0f} GB/s; Python {machine['python']}, TensorFlow "
        f"{machine['tensorflow']}, Keras {machine['keras']}, PyTorch {machine['pytorch']}."
    )


def _defaults(results: Mapping[str, Any]) -> str:
    steps = [f"{results[key]['milliseconds']:.1f} ms ({name})" for key, name in DEFAULT_STEPS.items()]
    return f"With the default's sizes and batches, a step takes {' and '.join(steps)}."


def _pipeline(pipeline: Mapping[str, Any]) -> str:
    return (
        f"The default `dvc repro` takes {pipeline['total_seconds'] / 60:.1f} minutes in a clean clone, "
        f"{pipeline['overhead_share']:.0%} of them outside of training, evaluation and drawing."
    )


def _evaluation(evaluation: Mapping[str, Any]) -> str:
    count = f"{evaluation['num_samples']:,}"
    return (
        f"Scoring {count} samples of each model, and all references, against {count} test images of MNIST "
        f"takes {evaluation['seconds']:.0f} s and {evaluation['peak_memory_mb']:.0f} MB, generation and "
        "features included, importance weighting aside."
    )
