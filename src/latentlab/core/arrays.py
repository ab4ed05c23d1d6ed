"""What arrays are called in annotations all over the library."""

import numpy as np
import numpy.typing as npt

# Pixels from 0 to 255: (..., height, width, channels).
Images = npt.NDArray[np.uint8]
# Classes counted from 0: (n,).
Labels = npt.NDArray[np.integer]
# Points of a latent space: (..., latent_dim).
Latents = npt.NDArray[np.float32]
# Numbers of any precision.
Floats = npt.NDArray[np.floating]
