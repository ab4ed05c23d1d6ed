"""Training steps in bfloat16 round maps and products, and nothing else."""

import zipfile
from pathlib import Path
from typing import Any

import keras
import numpy as np
import pytest
import tensorflow as tf
from keras import layers

from latentlab.learning import precision
from latentlab.learning.graph import before_activation, forward
from latentlab.trained import model_files
from tests.plain_keras import Array, chain, images, results
from tests.tiny_learners import BATCH_SIZE, build_gan, build_vae, stack
from tests.tiny_learners import images as pixels

pytestmark = pytest.mark.usefixtures("every_width_is_fast")

# A bfloat16 has 8 significant bits, so that rounding moves a number by its 2^-9 at most.
ROUNDING = 2**-9


def row(*values: float) -> Array:
    return np.array([values], np.float32)


def dense(*kernel: float) -> layers.Dense:
    """One unit with weights set by hand."""
    initial = keras.initializers.Constant(np.reshape(kernel, (-1, 1)))
    return layers.Dense(1, use_bias=False, kernel_initializer=initial)


def in_training(x: Array, *chained: layers.Layer) -> Array:
    with precision.computing_in("bfloat16"):
        output: Array = forward(
            keras.Sequential([layers.Input(x.shape[1:]), *chained]), x, training=True
        ).numpy()
    return output


def test_rounding_by_hand() -> None:
    """1 + 2^-8 lies halfway between two numbers and becomes 1, the even one; so does 1 + 2^-9, the sum."""
    kernel = (1 + 2**-8, 2**-9)
    assert in_training(row(1, 1), dense(*kernel), layers.Identity()) == 1
    assert in_training(row(1 + 2**-8, 1), dense(1, 0), layers.Identity()) == 1
    assert in_training(row(1 + 2**-7, 1), dense(1, 0), layers.Identity()) == 1 + 2**-7


def test_an_output_is_not_rounded() -> None:
    """As it would matter where it is compared, far from 0."""
    assert in_training(row(1000, 1), dense(1, 1 / 4)) == 1000.25


def test_the_output_of_a_critic_is_not_rounded_though_a_layer_without_weights_comes_last() -> None:
    critic = keras.Sequential([layers.Input((2,)), dense(1, 1 / 4), layers.Activation("linear")])
    with precision.computing_in("bfloat16"):
        scores = forward(before_activation(critic, "linear"), row(1000, 1), training=True)
    assert scores.numpy() == 1000.25


def test_products_are_added_up_in_float32() -> None:
    """Next to 256 lies 258, so ones that were added one by one would all be lost."""
    assert in_training(row(*[1] * 3), dense(256, 1, 1), layers.Identity()) == 258


def test_a_doubled_image_is_rounded_by_hand() -> None:
    """A grey image under a kernel with one tap stays grey in the middle; 1 + 2^-8 becomes 1 at first."""
    kernel = np.zeros((3, 3, 1, 1), np.float32)
    kernel[1, 1] = 3
    convolution = layers.Conv2D(1, 3, padding="same", kernel_initializer=keras.initializers.Constant(kernel))
    x = np.full((1, 2, 2, 1), 1 + 2**-8, np.float32)
    output = in_training(x, layers.Identity(), layers.UpSampling2D(), convolution, layers.Identity())
    assert output.shape == (1, 4, 4, 1)
    assert (output == 3).all()


def networks() -> dict[str, tuple[Array, list[layers.Layer]]]:
    """The kinds of layers that the families' networks have, each with what it is tried on."""
    convolution = layers.Conv2D(8, 3, padding="same")
    return {
        "dense": (images(8, 6), [layers.Dense(5), layers.LeakyReLU(0.2), layers.Dense(3)]),
        "doubled": (
            images(8, 4, 4, 8),
            [
                layers.UpSampling2D(),
                layers.Conv2D(8, 4, padding="same"),
                layers.LeakyReLU(0.2),
                layers.Flatten(),
            ],
        ),
        "halved": (
            images(8, 8, 8, 3),
            [layers.Conv2D(8, 3, 2, padding="same"), layers.ReLU(), layers.Flatten()],
        ),
        "normalised": (images(8, 5, 5, 3), [convolution, layers.BatchNormalization(), layers.Flatten()]),
        "pooled": (images(8, 4, 4, 3), [layers.AveragePooling2D(2), layers.MaxPooling2D(), layers.Flatten()]),
        "one channel": (
            images(8, 5, 5, 8),
            [layers.ReLU(), layers.Conv2D(1, 7, padding="same"), layers.Activation("sigmoid")],
        ),
    }


@pytest.mark.parametrize("name", networks())
def test_outputs_and_gradients_are_those_of_float32_up_to_rounding(name: str) -> None:
    """A dozen roundings on the way there and back add up as their root, to 2 ROUNDING or so.

    So much of an activation's input switches the units whose input is nearer to 0, 0.4 % of them, with all
    of their gradients: a difference of the root of 0.4 %, 0.06, of which twice is allowed.
    """
    x, chained = networks()[name]
    model = chain(x, *chained)
    exact = results(forward, model, x)
    with precision.computing_in("bfloat16"):
        rounded = results(forward, model, x)
    # All gradients as one vector, for those of biases before a normalisation are nothing but rounding.
    (output, *gradients), (other_output, *others) = rounded, exact
    assert ROUNDING / 100 < difference(output, other_output) < 4 * ROUNDING
    assert ROUNDING / 4 < difference(flat(gradients), flat(others)) < 0.12


def flat(arrays: list[Array]) -> Array:
    return np.concatenate([array.ravel() for array in arrays])


def difference(one: Array, other: Array) -> float:
    """As a share of the other."""
    return float(np.linalg.norm(one - other) / np.linalg.norm(other))


@pytest.mark.parametrize(
    "chained",
    [
        [layers.Conv2D(2, 3, padding="same")],
        [layers.Dense(2)],
        [layers.UpSampling2D(), layers.Conv2D(2, 3, padding="same"), layers.ReLU()],
        [layers.UpSampling2D(), layers.Conv2D(2, 5, padding="same"), layers.ReLU()],
        [layers.Conv2D(1, 3, padding="same")],
        [layers.BatchNormalization()],
    ],
    ids=lambda chained: chained[-2 if len(chained) == 3 else -1].name,
)
def test_the_gradient_of_a_bias_is_added_up_in_float32(chained: list[layers.Layer]) -> None:
    """Of some thousand ones; added one by one in bfloat16, they would stay at 256."""
    x = np.ones((4, 32, 32, 2), np.float32)
    model = keras.Sequential([layers.Input(x.shape[1:]), layers.Identity(), *chained, layers.Identity()])
    [bias] = [weight for weight in model.trainable_variables if weight.name in ("bias", "beta")]
    bias.assign(bias + 100)  # So that every unit is on.
    with precision.computing_in("bfloat16"), tf.GradientTape() as tape:
        output = forward(model, x + images(*x.shape) / 100, training=True)
    gradient = tape.gradient(output, bias.value, tf.ones_like(output))
    assert (gradient.numpy() == np.prod(output.shape[:3])).all()


class Spy(layers.Layer):
    """Hands its input on, and notes its type."""

    def call(self, inputs: Any) -> Any:
        self.seen = inputs.dtype.name
        return inputs


def test_maps_between_layers_are_bfloat16() -> None:
    spies = [Spy() for _ in range(3)]
    x = images(2, 4, 4, 2)
    doubled = [layers.UpSampling2D(), layers.Conv2D(2, 4, padding="same"), layers.ReLU()]
    in_training(x, spies[0], *doubled, spies[1], layers.BatchNormalization(), spies[2], layers.Flatten())
    assert [spy.seen for spy in spies] == ["bfloat16"] * 3


def test_statistics_of_normalisation_are_those_of_all_digits() -> None:
    """The mean of 1 and 1 + 2^-7, which has one bit more than either."""
    normalisation = layers.BatchNormalization(momentum=0.0)
    in_training(
        np.reshape(row(1, 1 + 2**-7), (2, 1, 1, 1)), layers.Identity(), normalisation, layers.Flatten()
    )
    assert normalisation.moving_mean.numpy() == 1 + 2**-8


def test_what_is_dropped_is_the_same_in_both_precisions() -> None:
    def kept() -> Array:
        model = keras.Sequential([layers.Input((1000,)), layers.Dropout(0.1, seed=1), layers.Identity()])
        return forward(model, np.ones((1, 1000), np.float32), training=True).numpy() > 0

    exact = kept()
    with precision.computing_in("bfloat16"):
        assert (kept() == exact).all()


def test_out_of_training_all_is_float32() -> None:
    x, chained = networks()["doubled"]
    model = chain(x, *chained)
    exact = forward(model, x, training=False).numpy()
    with precision.computing_in("bfloat16"):
        assert np.array_equal(forward(model, x, training=False).numpy(), exact)


def test_layers_are_as_they_were_also_after_an_error() -> None:
    model = chain(images(2, 3), layers.Dense(2), layers.ReLU(dtype="float64"), layers.Dense(1))

    def fail() -> None:
        with precision.computing_in("bfloat16"), precision.rounding(model.layers):
            assert [layer.compute_dtype for layer in model.layers] == ["bfloat16", "float64", "bfloat16"]
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        fail()
    assert [layer.dtype_policy.name for layer in model.layers] == ["float32", "float64", "float32"]


@pytest.mark.parametrize("build", [build_vae, build_gan])
def test_weights_and_moments_keep_all_their_digits(build: Any) -> None:
    learner = build()
    with precision.computing_in("bfloat16"):
        learner.train(*stack(pixels(BATCH_SIZE)))
    floats = [tf.convert_to_tensor(v) for v in learner.variables if v.dtype.startswith(("float", "bfloat"))]
    assert {value.dtype for value in floats} == {tf.float32}
    finer = [tf.reduce_any(tf.cast(tf.cast(value, tf.bfloat16), tf.float32) != value) for value in floats]
    assert sum(map(bool, finer)) > len(floats) / 2


def test_saved_models_are_plain_float32(tmp_path: Path) -> None:
    """What is saved between steps differs from what any other training saves in its weights alone."""
    configs = {}
    for chosen in ("float32", "bfloat16"):
        with precision.computing_in(chosen):
            learner = build_gan()
            learner.train(*stack(pixels(BATCH_SIZE // 2)))
            learner.save_snapshot(tmp_path / f"{chosen}.keras")
        with zipfile.ZipFile(tmp_path / f"{chosen}.keras") as archive:
            configs[chosen] = archive.read("config.json")
    assert configs["bfloat16"] == configs["float32"]
    assert b"bfloat16" not in configs["bfloat16"]
    model = model_files.load_model(tmp_path / "bfloat16.keras")
    assert {weight.dtype for weight in model.weights} == {"float32"}


def test_a_processor_without_instructions_is_told_so_in_one_line(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listing = tmp_path / "cpuinfo"
    listing.write_text("flags\t\t: fpu avx512f avx512_vnni\n")
    precision.warn("bfloat16", listing)
    said = capsys.readouterr().out
    assert said.startswith("precision: bfloat16, for which this processor has no instructions")
    assert said.count("\n") == 1


@pytest.mark.parametrize("flag", ["amx_bf16", "avx512_bf16"])
def test_a_processor_with_instructions_is_told_nothing(
    flag: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    listing = tmp_path / "cpuinfo"
    listing.write_text(f"flags\t\t: fpu {flag} avx512f\n")
    precision.warn("bfloat16", listing)
    assert capsys.readouterr().out == ""


def test_an_unknown_processor_is_told_that_it_is_not_known(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    precision.warn("bfloat16", tmp_path / "missing")
    assert "not known" in capsys.readouterr().out


def test_float32_is_never_slower(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    precision.warn("float32", tmp_path / "missing")
    assert capsys.readouterr().out == ""
