"""Turns latents into images."""

from argparse import Namespace

from latentlab.commands import classes, inputs, networks, outputs
from latentlab.commands.points import Points
from latentlab.trained.inference import latent_dim


def run(typed: Namespace) -> None:
    """Write the images of latents; an archive also has the latents, and the classes that a model was told."""
    decoder = networks.load_generative(typed.model, typed.origin)
    latents, own = inputs.latents(typed.latents, typed.array, latent_dim(decoder))
    told = classes.told(decoder, len(latents), typed.label, own)
    outputs.save_images(typed.out, decoder, Points(latents, told))
