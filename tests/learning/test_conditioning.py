from pathlib import Path

import keras
import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from latentlab.core.errors import DataError
from latentlab.learning.conditioning import chain_of, count_classes, given, num_classes_of, tell
from latentlab.trained import inference, model_files
from tests.tiny_learners import build_vae, images, labels


def chain(shape: tuple[int, ...], num_outputs: int = 1) -> keras.Model:
    """A sum over all that comes in, times 1, and times 2 where there are two outputs."""
    x = keras.layers.Input(shape, name="x")
    flat = keras.layers.Flatten()(x)
    outputs = [
        keras.layers.Dense(
            1, use_bias=False, kernel_initializer=keras.initializers.Constant(n), name=f"by_{n}"
        )(flat)
        for n in range(1, num_outputs + 1)
    ]
    return keras.Model(x, outputs if num_outputs > 1 else outputs[0], name="chain")


def test_without_a_class_nothing_is_told() -> None:
    model = chain((3,))
    assert tell(model, 0) is chain_of(model) is given(model, 1) is model
    assert num_classes_of(model) == 0


def test_a_network_that_takes_the_class_by_itself_is_its_own_chain() -> None:
    x, y = keras.layers.Input((3,)), keras.layers.Input((3,))
    model = keras.Model([x, y], x * y)
    assert chain_of(model) is model
    assert num_classes_of(model) == 3


@pytest.mark.parametrize("shape", [(5,), (2, 3, 5)])
def test_a_class_is_joined_to_a_latent_as_it_is_and_to_an_image_as_maps(shape: tuple[int, ...]) -> None:
    plain = chain(shape)
    told = tell(plain, 2)
    x = np.random.default_rng(0).random((4, *shape[:-1], 3), np.float32)
    y = np.eye(2, dtype=np.float32)[[0, 1, 1, 0]]
    maps = np.broadcast_to(y.reshape(4, *[1] * (len(shape) - 1), 2), (4, *shape[:-1], 2))
    assert_allclose(told([x, y]), plain(np.concatenate([x, maps], -1)), rtol=1e-6)
    assert chain_of(told) is plain
    assert num_classes_of(told) == 2


def test_outputs_keep_their_names_and_the_model_is_saved_whole(tmp_path: Path) -> None:
    told = tell(chain((4,), num_outputs=2), 2)
    assert told.output_names == ["by_1", "by_2"]
    model_files.save_model(tmp_path / "told.keras", told)
    loaded = model_files.load_model(tmp_path / "told.keras")
    assert num_classes_of(loaded) == 2
    assert [float(output[0, 0]) for output in loaded([np.ones((1, 2)), np.ones((1, 2))])] == [4, 8]


def test_a_class_given_once_for_all_is_that_of_each_image() -> None:
    learner = build_vae(conditional=True)
    z = inference.draw_latents(3, 2, seed=0)
    of_one = inference.generate(learner.decoder, z, np.ones(3, int))
    assert_array_equal(inference.generate(given(learner.decoder, 1), z), of_one)
    assert not np.array_equal(inference.generate(given(learner.decoder, 0), z), of_one)


def test_labels_reach_models_that_are_told_them_alone() -> None:
    told, plain = build_vae(conditional=True), build_vae()
    seen, classes = images(4), labels(4)
    as_told = inference.predict(told.encoder, seen, classes)[0]
    assert not np.array_equal(as_told, inference.predict(told.encoder, seen, 1 - classes)[0])
    alone = inference.predict(plain.encoder, seen)[0]
    assert_array_equal(inference.predict(plain.encoder, seen, classes)[0], alone)
    assert inference.latent_dim(told.decoder) == inference.latent_dim(plain.decoder) == 2


def test_images_without_classes_are_refused() -> None:
    assert count_classes(np.array([0, 2, 1], np.uint8), "vae.conditional") == 3
    with pytest.raises(DataError, match=r"labels of two classes or more, and got 1: .* set gan\.conditional"):
        count_classes(np.zeros(3, np.uint8), "gan.conditional")
