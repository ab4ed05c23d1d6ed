"""What a model makes of the classes that it is told."""

import keras
import numpy as np
import numpy.typing as npt

from latentlab.learning.conditioning import num_classes_of
from latentlab.trained import inference

# Images of each class that pictures show.
NUM_COLUMNS = 10


def by_class(model: keras.Model, seed: int) -> npt.NDArray[np.uint8]:
    """Images of each class in a row, from the same latents in all rows.

    Returns:
        uint8 (num_classes, 10, height, width, channels).
    """
    num_classes = num_classes_of(model)
    latents = inference.draw_latents(NUM_COLUMNS, inference.latent_dim(model), seed)
    labels = np.repeat(np.arange(num_classes), NUM_COLUMNS)
    images = inference.generate(model, np.tile(latents, (num_classes, 1)), labels)
    return images.reshape(num_classes, NUM_COLUMNS, *images.shape[1:])
