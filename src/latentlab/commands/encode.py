"""Turns images into latents."""

from argparse import Namespace

from latentlab.commands import encodings, inputs, models, outputs


def run(typed: Namespace) -> None:
    """Write the latents of images, and their labels if they have any."""
    model = models.opened(typed)
    blocks = inputs.images(typed.images, typed.index, typed.array, model.image_shape)
    arrays = encodings.encode(model, blocks, typed.label)
    outputs.save(typed.out, {name: outputs.whole(array) for name, array in arrays.items()})
