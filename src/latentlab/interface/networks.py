"""The networks of a model as arrays see them, and how they are loaded."""

from contextlib import suppress
from pathlib import Path
from tempfile import TemporaryDirectory

import keras
import numpy as np
import numpy.typing as npt

from latentlab.core import provenance, settings
from latentlab.core.arrays import Images, Labels, Latents
from latentlab.interface.model import Model
from latentlab.interface.opening import Found
from latentlab.learning import threads
from latentlab.learning.conditioning import num_classes_of
from latentlab.trained import inference, model_files


class Decoder:
    """The network that makes images of latents: a decoder or a generator.

    Attributes:
        name: of its file.
        keras: the network itself.
        latent_dim: dimensions of a latent.
        image_shape: height, width and channels of an image.
        num_classes: how many classes it is told apart; 0 for one that is told none.
    """

    def __init__(self, name: str, network: keras.Model) -> None:
        """Take a network and its name."""
        self.name, self.keras = name, network
        self.latent_dim = inference.latent_dim(network)
        self.image_shape: tuple[int, int, int] = network.output_shape[1:]
        self.num_classes = num_classes_of(network)

    def draw_prior(self, count: int, seed: int) -> Latents:
        """Draws from N(0, I): float32 (count, latent_dim)."""
        return inference.draw_latents(count, self.latent_dim, seed)

    def generate(self, latents: Latents, labels: Labels | None) -> Images:
        """Images of latents (n, latent_dim) and their classes (n,): uint8 (n, height, width, channels)."""
        return inference.generate(self.keras, latents, labels)


class Encoder:
    """The network that makes latents of images.

    Attributes:
        name: of its file.
        keras: the network itself.
        image_shape: height, width and channels of an image.
        num_classes: how many classes it is told apart; 0 for one that is told none.
        gives_variances: whether it gives a Gaussian of each image rather than a point.
    """

    def __init__(self, name: str, network: keras.Model) -> None:
        """Take a network and its name."""
        self.name, self.keras = name, network
        self.image_shape: tuple[int, int, int] = network.inputs[0].shape[1:]
        self.num_classes = num_classes_of(network)
        self.gives_variances = len(network.outputs) > 1

    def encode(self, images: Images, labels: Labels | None) -> list[npt.NDArray[np.float32]]:
        """Latents of images, float32 (n, latent_dim): points, or means and then logarithms of variances."""
        made = inference.predict(self.keras, images, labels)
        return made if isinstance(made, list) else [made]


def open_found(found: Found) -> Model:
    """Open a model, the first one with as many threads as params.yaml says, on which the last bits depend.

    Raises:
        ArtifactError: a file is missing or damaged.
        ParamsError: params.yaml cannot be read.
        RequestError: MLflow cannot be used.
    """
    # TensorFlow takes no other number once it has computed anything.
    with suppress(RuntimeError):
        threads.use(provenance.threads(_threads()))
    with TemporaryDirectory() as folder:
        files = found.origin.networks(Path(folder))
        loaded = {name: model_files.load_model(path) for name, path in files.items()}
    family = found.family
    decoder = Decoder(family.generative, loaded[family.generative])
    # One that MLflow has lost is not there.
    encoder = Encoder(family.encoder, loaded[family.encoder]) if family.encoder in loaded else None
    return Model(found.name, decoder, encoder, found.origin)


def _threads() -> int | None:
    return settings.load_part(provenance.Threads).threads if settings.PARAMS.exists() else None
