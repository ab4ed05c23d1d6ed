"""What several commands are told alike: kinds of values, which are refused at the door, and options."""

from argparse import ArgumentParser, ArgumentTypeError
from collections.abc import Callable, Sequence
from pathlib import Path

from latentlab.interface.limits import LARGEST_SEED

LARGEST_CLASS = 255


def integer(least: int, most: int) -> Callable[[str], int]:
    """Reads an integer between two bounds, both included."""

    def read(text: str) -> int:
        # Not by int() alone, which takes blanks, underscores and the digits of every script.
        number = int(text) if text.isascii() and text.isdigit() and len(text) < 20 else None
        if number is None or not least <= number <= most:
            raise ArgumentTypeError(f"expected an integer from {least} to {most}, got {text!r}")
        return number

    return read


def output(*suffixes: str) -> Callable[[str], Path]:
    """Reads the name of a file that can be written, with one of some suffixes."""

    def read(text: str) -> Path:
        path = Path(text)
        if path.suffix not in suffixes:
            raise ArgumentTypeError(f"expected a name that ends in {' or '.join(suffixes)}, got {text!r}")
        if path.is_dir():
            raise ArgumentTypeError(f"expected the name of a file, got {text!r}, which is a folder")
        if not path.parent.is_dir():
            raise ArgumentTypeError(
                f"expected a file in a folder that is there, got {text!r}: make the folder "
                f"{str(path.parent)!r} first"
            )
        return path

    return read


def add_model(parser: ArgumentParser, models: Sequence[str]) -> None:
    """Which model, and where it comes from."""
    parser.add_argument("--model", choices=models, required=True, help="the model that is used")
    parser.add_argument(
        "--from",
        dest="origin",
        metavar="ALIAS_OR_RUN",
        help="take the model from MLflow: an alias of the registered model, such as champion, or a run's id "
        "or name, of a row or of a training (default: the workspace's folder models/)",
    )


def add_class(parser: ArgumentParser, meaning: str) -> None:
    """A class, which ends its sentence with what it means to this command."""
    parser.add_argument(
        "--class",
        dest="label",
        type=integer(0, LARGEST_CLASS),
        metavar="C",
        help=f"the class, counted from 0, {meaning}",
    )


def add_seed(parser: ArgumentParser) -> None:
    """What draws are decided by."""
    parser.add_argument(
        "--seed",
        type=integer(0, LARGEST_SEED),
        default=1,
        metavar="S",
        help="decides all draws: the same seed gives the same bytes (default: %(default)s)",
    )


def add_array(parser: ArgumentParser, default: str) -> None:
    """Which array of an archive is read."""
    parser.add_argument(
        "--array",
        default=default,
        metavar="NAME",
        help="the array of the .npz file that is read (default: %(default)s)",
    )


def add_out(parser: ArgumentParser, default: str, *suffixes: str) -> None:
    """Where the result is written."""
    parser.add_argument(
        "--out",
        type=output(*suffixes),
        default=default,
        metavar="FILE",
        help=f"where to, overwriting what is there: {' or '.join(suffixes)} (default: %(default)s)",
    )
