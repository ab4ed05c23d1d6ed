"""Turns images into latents."""

from argparse import Namespace

from latentlab.commands import encodings, inputs, networks, outputs


def run(typed: Namespace) -> None:
    """Write the latents of images, and their labels if they have any."""
    encoder = networks.load_encoder(typed.model, typed.origin)
    blocks = inputs.images(typed.images, typed.index, typed.array, networks.image_shape(encoder))
    arrays = encodings.encode(encoder, blocks, typed.label)
    outputs.save(typed.out, {name: outputs.whole(array) for name, array in arrays.items()})
