"""The learners at their smallest, and images for them, for the tests of all that trains."""

import itertools
from typing import Any

import numpy as np
import numpy.typing as npt

from latentlab.families.autoencoder.model import learner as autoencoder
from latentlab.families.gan.model.learner import Game, Gan
from latentlab.families.gan.model.networks import Blocks, build_discriminator, build_generator
from latentlab.families.gan.model.objectives import OBJECTIVES
from latentlab.families.vae.model.learner import Vae
from latentlab.families.vae.model.networks import Architecture, build_decoder, build_encoder
from latentlab.families.vae.model.networks import Blocks as VaeBlocks
from latentlab.families.vae.model.objectives import Objective as VaeObjective
from latentlab.families.vae.model.objectives import bernoulli
from latentlab.families.vae.model.sampler import Sampler
from latentlab.learning.descent import adam
from latentlab.scoring import features

SHAPE = (8, 8, 1)
NUM_CLASSES = 2
BATCH_SIZE = 6


def labels(count: int) -> npt.NDArray[np.uint8]:
    """0 and 1 in turn."""
    return np.resize(np.array([0, 1], np.uint8), count)


def images(count: int, seed: int = 0) -> npt.NDArray[np.uint8]:
    """Images whose left half is bright in class 0 and right half in class 1, with noise."""
    noise = np.random.default_rng(seed).integers(0, 56, (count, *SHAPE), dtype=np.uint8)
    bright = np.zeros((2, *SHAPE), np.uint8)
    bright[0, :, :4] = bright[1, :, 4:] = 200
    return noise + bright[labels(count)]


def build_vae(
    *,
    epsilon_sigma: float = 1.0,
    kl_weight: float = 0.01,
    learning_rate: float = 0.01,
    objective: VaeObjective | None = None,
    conditional: bool = False,
    blocks: VaeBlocks = "plain",
    seed: int = 1,
) -> Vae:
    """A VAE of one block of three channels and two latent dimensions."""
    shape = Architecture(
        latent_dim=2,
        filters=(3,),
        dense_units=5,
        image_shape=SHAPE,
        blocks=blocks,
        num_classes=NUM_CLASSES * conditional,
    )
    return Vae(
        encoder=build_encoder(shape, seed),
        sampler=Sampler(epsilon_sigma, seed),
        decoder=build_decoder(shape, seed + 100),
        optimizer=adam(learning_rate),
        objective=objective or VaeObjective(kl_weight),
    )


def build_autoencoder(*, learning_rate: float = 0.01, seed: int = 1) -> autoencoder.Autoencoder:
    """An autoencoder of the same sizes."""
    shape = Architecture(latent_dim=2, filters=(3,), dense_units=5, image_shape=SHAPE)
    return autoencoder.Autoencoder(
        encoder=autoencoder.build_encoder(shape, seed),
        decoder=build_decoder(shape, seed + 100),
        optimizer=adam(learning_rate),
        reconstruction=bernoulli,
    )


def build_gan(
    *,
    batch_norm: bool = True,
    dropout: float = 0.4,
    rates: tuple[float, float] = (0.01, 0.01),
    average_decay: float = 0.9,
    conditional: bool = False,
    blocks: Blocks = "plain",
    **game: Any,
) -> Gan:
    """A GAN of three latent dimensions and channels; ``rates``: the generator's, the discriminator's."""
    played = build_game(**game)
    alike: dict[str, Any] = {
        "filters": (3, 3),
        "image_shape": SHAPE,
        "seed": 1,
        "blocks": blocks,
        "num_classes": NUM_CLASSES * conditional,
    }
    return Gan(
        generator=build_generator(latent_dim=3, batch_norm=batch_norm, **alike),
        discriminator=build_discriminator(dropout=dropout, activation=played.objective.activation, **alike),
        optimizers=(adam(rates[0], 0.5), adam(rates[1], 0.5)),
        game=played,
        average_decay=average_decay,
        seed=1,
    )


def build_game(
    *,
    objective: str = "non_saturating",
    share_fakes: bool = True,
    r1: float = 0.0,
    r2: float = 0.0,
    **others: Any,
) -> Game:
    """The lecture's game, unless told otherwise."""
    return Game(OBJECTIVES[objective]._replace(r1=r1, r2=r2), share_fakes, **others)


def build_classifier(
    *, dropout: float = 0.4, shift: float = 0.1, learning_rate: float = 0.01, seed: int = 1
) -> features.Classifier:
    """A classifier of one convolution of three channels and five features."""
    model = features.build_classifier(
        filters=(3,),
        width=5,
        dropout=dropout,
        shift=shift,
        num_classes=NUM_CLASSES,
        image_shape=SHAPE,
        seed=seed,
    )
    return features.Classifier(model, adam(learning_rate))


def stack(*arrays: npt.NDArray[Any], steps: int = 1) -> tuple[npt.NDArray[Any], ...]:
    """Arrays (steps * batch, ...) as a learner takes them, (steps, batch, ...)."""
    return tuple(array.reshape(steps, -1, *array.shape[1:]) for array in arrays)


def state(learner: Any) -> list[bytes]:
    """The bytes of all that training changes."""
    return [np.asarray(variable).tobytes() for variable in learner.variables]


def changed(learner: Any, before: list[bytes]) -> set[str]:
    """The names of the variables that differ from an earlier state."""
    pairs = zip(learner.variables, before, state(learner), strict=True)
    return names(learner, [variable for variable, old, new in pairs if old != new])


def names(learner: Any, *variables: list[Any]) -> set[str]:
    """Names of some of a learner's variables: path and place among all, for networks share paths."""
    places = {id(variable): place for place, variable in enumerate(learner.variables)}
    return {f"{variable.path} {places[id(variable)]}" for variable in itertools.chain(*variables)}
