"""Writes the networks of a model for other runtimes."""

from argparse import Namespace

from latentlab.commands import models
from latentlab.trained import exporting


def run(typed: Namespace) -> None:
    """Write each network in each format, and hold it against Keras in its own runtime."""
    for name, network in models.opened(typed).networks.items():
        for file_format in typed.format:
            path = typed.out / f"{typed.model}-{name}{exporting.SUFFIXES[file_format]}"
            exporting.export(path, network, file_format)
            print(f"{path}: within {exporting.verify(path, network):.0e} of Keras", flush=True)
