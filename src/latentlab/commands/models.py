"""The model that a command uses."""

from argparse import Namespace

from latentlab.core.arrays import Labels
from latentlab.interface import networks, opening
from latentlab.interface.model import Model


def opened(typed: Namespace) -> Model:
    """The model that was typed; errors as of ``latentlab.open_model``."""
    return networks.open_found(opening.find(typed.model, typed.origin))


def chosen(model: Model, label: int | None, own: Labels | None) -> Labels | int | None:
    """What a model is told: the class that is asked for; else those that came along, if it is told any."""
    return own if label is None and model.num_classes else label
