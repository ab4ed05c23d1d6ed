"""The learners on networks of residual blocks, which are no chains, against plain Keras."""

from collections.abc import Callable
from functools import partial
from types import ModuleType
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf
from keras import layers

from latentlab.families.autoencoder.model import learner as autoencoder_learner
from latentlab.families.gan.model import accumulation
from latentlab.families.gan.model import learner as gan_learner
from latentlab.families.gan.model.objectives import OBJECTIVES
from latentlab.families.vae.model import learner as vae_learner
from latentlab.families.vae.model.objectives import Objective, bernoulli
from latentlab.families.vae.model.sampler import Sampler
from latentlab.learning import layers as fast
from latentlab.learning.conditioning import tell
from latentlab.learning.descent import adam
from tests.plain_keras import plain, randomised
from tests.tiny_learners import NUM_CLASSES, SHAPE, build_gan, images, labels, stack

LATENT_DIM = 2
FILTERS = 4


def block(x: Any) -> Any:
    """Two convolutions beside which x goes on."""
    inner = layers.Conv2D(FILTERS, 3, padding="same")(layers.BatchNormalization()(layers.ReLU()(x)))
    return x + layers.Conv2D(FILTERS, 3, padding="same")(layers.LeakyReLU()(inner))


def up_block(x: Any) -> Any:
    """A block that doubles the image on both ways."""
    inner = layers.Conv2D(FILTERS, 3, padding="same")(layers.UpSampling2D()(layers.ReLU()(x)))
    skip = layers.Conv2D(FILTERS, 3, padding="same")(layers.UpSampling2D()(x))
    return layers.BatchNormalization()(layers.ReLU()(layers.Add()([inner, skip])))


def to_images(name: str, width: int) -> keras.Model:
    """A decoder or generator."""
    z = layers.Input((width,), name="z")
    x = up_block(layers.Reshape((4, 4, FILTERS))(layers.Dense(16 * FILTERS)(z)))
    logits = layers.Conv2D(1, 7, padding="same")(block(x))
    return keras.Model(z, layers.Activation("sigmoid", name="image")(logits), name=name)


def of_images(name: str, channels: int, *heads: layers.Layer, activation: str = "linear") -> keras.Model:
    """An encoder or discriminator, with a head for each output."""
    image = layers.Input((*SHAPE[:2], channels), name="image")
    x = layers.Concatenate()([image, layers.Conv2D(FILTERS - channels, 3, padding="same")(image)])
    x = layers.Dropout(0.3, seed=2)(layers.Flatten()(layers.MaxPooling2D()(block(x))))
    outputs = [layers.Activation(activation)(head(x)) for head in heads]
    return keras.Model(image, outputs if len(outputs) > 1 else outputs[0], name=name)


def told(model: keras.Model, num_classes: int) -> keras.Model:
    return randomised(tell(model, num_classes))


def vae(num_classes: int) -> vae_learner.Vae:
    heads = [layers.Dense(LATENT_DIM, name=name) for name in ("z_mean", "z_log_var")]
    return vae_learner.Vae(
        encoder=told(of_images("encoder", 1 + num_classes, *heads), num_classes),
        sampler=Sampler(1.0, seed=4),
        decoder=told(to_images("decoder", LATENT_DIM + num_classes), num_classes),
        optimizer=adam(0.01),
        objective=Objective(0.1),
    )


def autoencoder(_: int) -> autoencoder_learner.Autoencoder:
    return autoencoder_learner.Autoencoder(
        encoder=told(of_images("encoder", 1, layers.Dense(LATENT_DIM)), 0),
        decoder=told(to_images("decoder", LATENT_DIM), 0),
        optimizer=adam(0.01),
        reconstruction=bernoulli,
    )


def gan(num_classes: int, share_fakes: bool, generator: keras.Model | None = None) -> gan_learner.Gan:
    judge = of_images("discriminator", 1 + num_classes, layers.Dense(1), activation="sigmoid")
    return gan_learner.Gan(
        generator=generator or told(to_images("generator", LATENT_DIM + num_classes), num_classes),
        discriminator=told(judge, num_classes),
        optimizers=(adam(0.01), adam(0.01)),
        game=gan_learner.Game(OBJECTIVES["non_saturating"], share_fakes),
        average_decay=0.9,
        seed=1,
    )


@pytest.fixture
def gradients(monkeypatch: pytest.MonkeyPatch) -> list[npt.NDArray[np.float32]]:
    """What optimizers are handed from now on, with which they do nothing."""
    handed: list[npt.NDArray[np.float32]] = []
    monkeypatch.setattr(
        keras.optimizers.Adam, "apply", lambda _, given, to: handed.extend(map(np.array, given))
    )
    return handed


LEARNERS = [
    (vae_learner, vae, 0),
    (vae_learner, vae, NUM_CLASSES),
    (autoencoder_learner, autoencoder, 0),
    (gan_learner, partial(gan, share_fakes=True), 0),
    (gan_learner, partial(gan, share_fakes=False), NUM_CLASSES),
]


@pytest.mark.parametrize("rounding", [0, 3e-4])
@pytest.mark.parametrize(("module", "build", "num_classes"), LEARNERS)
def test_a_step_has_the_gradients_of_plain_keras(
    module: ModuleType,
    build: Callable[[int], Any],
    num_classes: int,
    rounding: float,
    gradients: list[npt.NDArray[np.float32]],
    monkeypatch: pytest.MonkeyPatch,
    eagerly: None,
) -> None:
    """And the same averages and random states: to the bit with no fast way, and up to rounding with all.

    Each fast way rounds to 1e-5, and a whole step has many, one after the other.
    """
    monkeypatch.setattr(fast, "FEWEST_CHANNELS", 1)
    if not rounding:
        monkeypatch.setattr(fast, "compute", lambda *_: None)
    learner, batch = build(num_classes), (images(6), labels(6))[: 1 + bool(num_classes)]
    step = getattr(learner, "_descent", learner).train_steps.step
    before = [variable.numpy() for variable in learner.variables]
    after = []
    for forward in (module.forward, plain):
        monkeypatch.setattr(module, "forward", forward)
        step(*map(tf.constant, batch))
        after.append(gradients + [variable.numpy() for variable in learner.variables])
        gradients.clear()
        for variable, value in zip(learner.variables, before, strict=True):
            variable.assign(value)
    assert len(after[0]) == len(before) + sum(map(len, trained(learner)))
    for mine, other in zip(*after, strict=True):
        np.testing.assert_allclose(mine, other, rtol=0, atol=rounding * np.abs(other).max())


def trained(learner: Any) -> list[list[Any]]:
    """The weights of a learner's two networks."""
    names = ("encoder", "decoder", "generator", "discriminator")
    return [getattr(learner, name).trainable_variables for name in names if hasattr(learner, name)]


def test_the_average_of_a_residual_generator_is_one_too() -> None:
    learner = gan(0, share_fakes=True)
    z = np.ones((1, LATENT_DIM), np.float32)
    assert learner.averaged is not learner.generator
    np.testing.assert_allclose(learner.averaged(z), learner.generator(z), rtol=1e-6)


@pytest.mark.parametrize("batch_norm", [True, False])
def test_batches_stay_whole_where_the_discriminator_alone_normalises_too(
    batch_norm: bool, monkeypatch: pytest.MonkeyPatch, eagerly: None
) -> None:
    generator = build_gan(batch_norm=batch_norm, conditional=True).generator
    learner, sizes = gan(NUM_CLASSES, share_fakes=False, generator=generator), set()
    monkeypatch.setattr(accumulation, "PART", 2)

    def forward(model: keras.Model, *inputs: Any, training: bool) -> Any:
        sizes.add(len(inputs[0]))
        return plain(model, *inputs, training=training)

    monkeypatch.setattr(gan_learner, "forward", forward)
    learner.train(*stack(images(6), labels(6)))
    assert sizes == {6, 12}
