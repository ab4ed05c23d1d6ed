"""Turns latents into images."""

from argparse import Namespace

from latentlab.commands import inputs, models, outputs
from latentlab.interface import classes
from latentlab.interface.points import Points


def run(typed: Namespace) -> None:
    """Write the images of latents; an archive also has the latents, and the classes that a model was told."""
    model = models.opened(typed)
    latents, own = inputs.latents(typed.latents, typed.array, model.latent_dim)
    labels = classes.told(model.num_classes, len(latents), models.chosen(model, typed.label, own))
    outputs.save_images(typed.out, model, Points(latents, labels))
