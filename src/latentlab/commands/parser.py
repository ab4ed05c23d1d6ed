"""What can be typed after ``latentlab``, and what is said about it; loads no library until all is read."""

import importlib
from argparse import ArgumentParser, Namespace, RawDescriptionHelpFormatter
from collections.abc import Callable, Sequence
from typing import NamedTuple

from latentlab.commands import options
from latentlab.core import process
from latentlab.families import roster

# Whose examples are shown: one model that encodes, and one that does not, where there are such.
ENCODER = options.ENCODING[-1]
DRAWER = next((family.name for family in roster.FAMILIES if not family.encoder), ENCODER)


class Command(NamedTuple):
    """What the parser knows of a command.

    Attributes:
        summary: what it does.
        examples: of what can be typed.
        add: adds its options to its parser.
        problem: says which of the options do not go together; None where all do.
    """

    summary: str
    examples: list[str]
    add: Callable[[ArgumentParser], None]
    problem: Callable[[Namespace], str | None] = lambda typed: None


COMMANDS = {
    "sample": Command(
        "Make images of latents that are drawn.",
        [
            f"latentlab sample --model {ENCODER} --class 3 --count 16 --out threes.png",
            f"latentlab sample --model {DRAWER} --from champion --count 10000 --out samples.npz",
        ],
        options.add_sample,
        options.problem_of_sample,
    ),
    "encode": Command(
        "Turn images into latents.",
        [
            f"latentlab encode test --index 0 1 2 --model {ENCODER} --out latents.npz",
            f"latentlab encode my-digits/ --model {ENCODER} --out latents.npz",
        ],
        options.add_encode,
        options.problem_of_encode,
    ),
    "decode": Command(
        "Turn latents into images.",
        [f"latentlab decode latents.npz --model {ENCODER} --out images.png"],
        options.add_decode,
    ),
    "interpolate": Command(
        "Make the images on the way from one latent to another.",
        [
            f"latentlab interpolate --model {ENCODER} --between 3 17 --steps 12",
            f"latentlab interpolate --model {DRAWER} --seed 5 --path spherical --out path.npz",
        ],
        options.add_interpolate,
        options.problem_of_interpolate,
    ),
    "export": Command(
        "Write networks as ONNX and LiteRT, for programs without Keras.",
        [
            f"latentlab export --model {ENCODER}",
            f"latentlab export --model {DRAWER} --from champion --format onnx --out elsewhere",
        ],
        options.add_export,
    ),
    "preset": Command(
        "Write params.yaml with the values of a preset, or list the presets.",
        ["latentlab preset", "latentlab preset tiny", "latentlab preset default --force"],
        options.add_preset,
    ),
}


def main(words: Sequence[str] | None = None) -> None:
    """Run one command and exit as a stage does, or with 2 where what was typed makes no sense.

    Args:
        words: what was typed after ``latentlab``; None for that of this process.
    """
    typed = build().parse_args(words)
    if problem := COMMANDS[typed.command].problem(typed):
        typed.refuse(problem)
    with process.imports():
        command = importlib.import_module(f"latentlab.commands.{typed.command}")
    process.run(lambda: command.run(typed))


def build() -> ArgumentParser:
    """The parser of all commands."""
    parser = ArgumentParser(
        prog="latentlab",
        description="Use trained models, those of the workspace or any that MLflow has; or take a preset. To "
        "be run at the root of the repository.",
        epilog="`latentlab COMMAND --help` says more of each.",
        allow_abbrev=False,
    )
    parsers = parser.add_subparsers(dest="command", required=True, metavar="COMMAND")
    for name, command in COMMANDS.items():
        one = parsers.add_parser(
            name,
            help=command.summary,
            description=command.summary,
            epilog="\n  ".join(["examples:", *command.examples]),
            formatter_class=RawDescriptionHelpFormatter,
            allow_abbrev=False,
        )
        one.set_defaults(refuse=one.error)
        command.add(one)
    return parser
