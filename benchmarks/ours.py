"""Our own trainings of a preset, called as the training loop calls them: stacks of steps from a feed."""

import math
import time
from collections.abc import Sequence
from typing import Any
from unittest.mock import patch

import numpy as np
import numpy.typing as npt
from ruamel.yaml import YAML

from benchmarks import sides, sizes
from benchmarks.child import Training
from benchmarks.costs import Cost, count
from latentlab.core import presets
from latentlab.core.settings import PARAMS, Precision
from latentlab.families.gan.model import accumulation
from latentlab.families.gan.model.learner import Gan
from latentlab.families.gan.settings import Settings as GanSettings
from latentlab.families.gan.train import build_learner
from latentlab.families.vae.model.learner import Vae
from latentlab.families.vae.model.networks import Architecture, build_decoder, build_encoder
from latentlab.families.vae.model.objectives import RECONSTRUCTIONS, Objective, weight_of_kl
from latentlab.families.vae.model.sampler import Sampler
from latentlab.families.vae.settings import Settings as VaeSettings
from latentlab.learning.batches import Drawn, stacks
from latentlab.learning.descent import adam
from latentlab.learning.loop import STEPS_PER_CALL
from latentlab.learning.precision import computing_in
from latentlab.learning.steps import Steps
from latentlab.learning.threads import use as use_threads

IMAGE_SHAPE = (sizes.IMAGE_SIDE, sizes.IMAGE_SIDE, 1)
Shape = tuple[int, int, int]


def build(
    network: str, threads: int, *, preset: str, precision: Precision, side: int | None = None
) -> Training:
    """The training of ``vae`` or ``gan`` by a preset, on as many random images as MNIST has.

    With a side it is on a few images in colour, and its networks are made for them.
    """
    use_threads(threads)
    sections = load_preset(preset)
    count, shape = sizes.NUM_IMAGES, IMAGE_SHAPE
    if side:
        sections = sides.sections(sections, side)
        count, shape = sides.NUM_IMAGES, (side, side, sides.CHANNELS)
    images = np.random.default_rng(0).integers(0, 256, (count, *shape), dtype=np.uint8)
    # Counting traces the step once more, and steps of other sides are not held to the machine's rates.
    counted = side is None
    if network == "vae":
        of_vae = VaeSettings.model_validate(sections["vae"])
        return OurTraining(build_vae(of_vae, shape), images, of_vae.batch_size, precision, counted)
    of_gan = GanSettings.model_validate(sections["gan"])
    return OurTraining(build_gan(of_gan, shape), images, of_gan.batch_size // 2, precision, counted)


def load_preset(name: str) -> dict[str, Any]:
    """All sections of params.yaml with a preset laid over what is committed."""
    base = presets.committed() or PARAMS.read_text(encoding="utf-8")
    values: dict[str, Any] = YAML(typ="safe").load(presets.apply(name, base))
    return values


class OurTraining:
    """A learner of the library, fed as the training loop feeds it."""

    def __init__(
        self,
        learner: Vae | Gan,
        images: npt.NDArray[np.uint8],
        batch_size: int,
        precision: Precision = "float32",
        counted: bool = True,
    ) -> None:
        """Train on uint8 images, and count what a step costs if asked to."""
        self.learner, self._images, self._batch_size = learner, images, batch_size
        self._calls, self._precision, self._counted = 0, precision, counted
        self.num_parameters = count_parameters(learner)
        self.cost = Cost()

    def train(self, steps: int) -> float:
        """Train so many steps; the seconds that they took, those of gathering the batches included."""
        self._calls += 1
        with computing_in(self._precision):
            start = time.perf_counter()
            for batches in stacks(
                Drawn((self._images,), self._batch_size, steps, 0), self._calls, STEPS_PER_CALL
            ):
                self.learner.train(*batches)
            seconds = time.perf_counter() - start
            if self._counted and not any(self.cost):
                self.cost = self._count(batches)
        return seconds

    def _count(self, batches: Sequence[npt.NDArray[Any]]) -> Cost:
        """The cost of a step, with the batch in one part, since of a loop only one pass is counted."""
        descent: Any = getattr(self.learner, "_descent", self.learner)
        steps = descent.train_steps
        with patch.object(accumulation, "PART", 2 * self._batch_size):
            return count(Steps(steps.step, steps.names).compiled(*batches))


def build_vae(settings: VaeSettings, image_shape: Shape = IMAGE_SHAPE) -> Vae:
    """The VAE in training, as its stage builds it."""
    shape = Architecture(
        settings.latent_dim, settings.filters, settings.dense_units, image_shape, settings.blocks
    )
    return Vae(
        encoder=build_encoder(shape, 0),
        sampler=Sampler(settings.epsilon_sigma, 0),
        decoder=build_decoder(shape, 0),
        optimizer=adam(settings.learning_rate),
        objective=Objective(
            weight_of_kl(settings.kl_weight, math.prod(image_shape)), RECONSTRUCTIONS[settings.reconstruction]
        ),
    )


def build_gan(settings: GanSettings, image_shape: Shape = IMAGE_SHAPE) -> Gan:
    """The GAN in training, as its stage builds it."""
    return build_learner(settings, 0, image_shape, num_classes=0)


def count_parameters(learner: Vae | Gan) -> int:
    """How many numbers gradients change."""
    networks: list[Any] = (
        [learner.encoder, learner.decoder]
        if isinstance(learner, Vae)
        else [learner.generator, learner.discriminator]
    )
    return sum(int(np.prod(weight.shape)) for net in networks for weight in net.trainable_variables)
