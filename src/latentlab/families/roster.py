"""The one list of all families: a new one is a folder beside this file, and a line in it."""

import importlib
from typing import Any

from latentlab.core.errors import ParamsError
from latentlab.core.family import Family, Model
from latentlab.families.autoencoder.family import AUTOENCODER
from latentlab.families.gan.family import GAN
from latentlab.families.vae.family import VAE

# In the order in which pages tell of them.
FAMILIES: tuple[Family, ...] = (AUTOENCODER, VAE, GAN)


def named(name: str) -> Family:
    """The family of a name.

    Raises:
        ParamsError: there is none.
    """
    known = {family.name: family for family in FAMILIES}
    if name not in known:
        raise ParamsError(f"expected a family of models, one of {', '.join(known)}, got {name!r}.")
    return known[name]


def models() -> dict[str, tuple[Family, Model]]:
    """All models by name, each with its family, in the order of ``FAMILIES``."""
    return {model.name: (family, model) for family in FAMILIES for model in family.models}


def part(family: Family, name: str) -> Any:
    """A module of a family, such as ``scores``; all have files of the same names, see docs/extend.md.

    Imported by name and only where it is used: what draws loads no TensorFlow.
    """
    return importlib.import_module(f"latentlab.families.{family.name}.{name}")
