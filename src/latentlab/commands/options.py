"""The options of each command, and which of them cannot go together."""

from argparse import ArgumentParser, Namespace
from pathlib import Path

from latentlab.commands import arguments as args
from latentlab.commands.arguments import integer
from latentlab.families import roster
from latentlab.interface.limits import MOST_IMAGES, MOST_STEPS

GENERATING = tuple(roster.models())
ENCODING = tuple(name for name, (family, _) in roster.models().items() if family.encoder)
SAMPLERS = ("prior", "gaussian", "mixture", "per_class")
PATHS = ("linear", "spherical", "both")
FORMATS = ("onnx", "litert")
# Names in archives that commands write.
IMAGES, LATENTS, LABELS = "images", "latents", "labels"
# Stands for the pipeline's test images.
TEST = "test"


def add_sample(parser: ArgumentParser) -> None:
    """What ``sample`` is told."""
    args.add_model(parser, GENERATING)
    parser.add_argument(
        "--count",
        type=integer(1, MOST_IMAGES),
        default=64,
        metavar="N",
        help="how many images (default: %(default)s)",
    )
    args.add_class(parser, "of all images; without it, the classes of a conditional model come in turn")
    parser.add_argument(
        "--sampler",
        choices=SAMPLERS,
        help="where latents are drawn from: N(0, I), or Gaussians fitted to the encodings of the training "
        "images, which only models with an encoder have: one, several, or one for each class (default: "
        "prior; per_class where --class is asked of a model that is not conditional)",
    )
    args.add_seed(parser)
    args.add_out(parser, "samples.png", ".png", ".npz")


def add_encode(parser: ArgumentParser) -> None:
    """What ``encode`` is told."""
    parser.add_argument(
        "images",
        nargs="+",
        metavar="IMAGES",
        help="image files, or a folder of them, or an .npz file, or `test`, the pipeline's test images; what "
        "is not of the model's size becomes so as with data.size and data.channels",
    )
    args.add_model(parser, ENCODING)
    parser.add_argument(
        "--index",
        nargs="+",
        type=integer(0, MOST_IMAGES),
        metavar="I",
        help="which of the images of `test`, counted from 0 (default: all)",
    )
    args.add_array(parser, IMAGES)
    args.add_class(parser, "that a conditional model is told of images that come without labels")
    args.add_out(parser, "latents.npz", ".npz")


def add_decode(parser: ArgumentParser) -> None:
    """What ``decode`` is told."""
    parser.add_argument("latents", metavar="LATENTS", help="an .npz file, as encode and sample write it")
    args.add_model(parser, GENERATING)
    args.add_array(parser, LATENTS)
    args.add_class(parser, "that a conditional model is told of latents that come without labels")
    args.add_out(parser, "images.png", ".png", ".npz")


def add_interpolate(parser: ArgumentParser) -> None:
    """What ``interpolate`` is told."""
    args.add_model(parser, GENERATING)
    parser.add_argument(
        "--between",
        nargs=2,
        metavar=("START", "END"),
        help="two images, each a file or the index of a test image; a model without an encoder takes none, "
        "and goes from one latent to another that are drawn by the seed",
    )
    parser.add_argument(
        "--steps",
        type=integer(2, MOST_STEPS),
        default=11,
        metavar="N",
        help="images on each path, both ends included (default: %(default)s)",
    )
    parser.add_argument(
        "--path",
        choices=PATHS,
        default="both",
        help="a line, an arc, or a row of each (default: %(default)s)",
    )
    args.add_class(parser, "that a conditional model is told")
    args.add_seed(parser)
    args.add_out(parser, "interpolation.png", ".png", ".npz")


def add_export(parser: ArgumentParser) -> None:
    """What ``export`` is told."""
    args.add_model(parser, GENERATING)
    parser.add_argument(
        "--format", nargs="+", choices=FORMATS, default=FORMATS, help="for which runtimes (default: both)"
    )
    parser.add_argument(
        "--out",
        type=Path,
        default="exports",
        metavar="FOLDER",
        help="where to, overwriting what is there (default: %(default)s)",
    )


def add_preset(parser: ArgumentParser) -> None:
    """What ``preset`` is told."""
    parser.add_argument(
        "name",
        nargs="?",
        metavar="NAME",
        help="a file in presets/, which says what differs from params.yaml as committed; `default` for "
        "nothing (default: all are listed)",
    )
    parser.add_argument(
        "--force", action="store_true", help="overwrite changes of params.yaml that are not committed"
    )


def problem_of_sample(options: Namespace) -> str | None:
    """A sampler that the model cannot have."""
    if options.model not in ENCODING and options.sampler not in (None, "prior"):
        reason = f"{options.model} encodes no images to fit to"
        return f"--sampler: expected prior, because {reason}; got {options.sampler}"
    return None


def problem_of_encode(options: Namespace) -> str | None:
    """An index into what has none."""
    if options.index is not None and options.images != [TEST]:
        return f"--index: expected IMAGES to be `{TEST}`, got {' '.join(options.images)}"
    return None


def problem_of_interpolate(options: Namespace) -> str | None:
    """Ends that the model cannot have."""
    if options.model in ENCODING and options.between is None:
        return f"--between: expected two images for {options.model}, got none: try --between 0 1"
    if options.model not in ENCODING and options.between is not None:
        return f"--between: expected none, because {options.model} encodes no images; give a --seed instead"
    return None
