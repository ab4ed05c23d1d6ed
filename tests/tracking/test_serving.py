"""What a served model makes of examples, and what it refuses."""

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
from keras import layers

from latentlab.tracking import serving, store
from latentlab.tracking.serving import MOST_EXAMPLES, Predictor

Latents = npt.NDArray[np.float32]


@pytest.fixture
def refusal() -> Any:
    """What a server answers with, of an MLflow that is set up as the pipeline does it."""
    return store.load_mlflow().exceptions.MlflowException


@pytest.fixture(scope="module")
def generator() -> keras.Model:
    z = layers.Input((2,), name="z")
    return keras.Model(z, layers.Reshape((2, 3, 1))(layers.Dense(6, "sigmoid")(z)))


@pytest.fixture(scope="module")
def predictor(generator: keras.Model) -> Predictor:
    return Predictor(generator)


@pytest.fixture(scope="module")
def told() -> Predictor:
    """A decoder that is told the class: y times the first of z."""
    z, y = layers.Input((2,), name="z"), layers.Input((3,), name="y")
    return Predictor(keras.Model([z, y], z[:, :1] * y))


def latents(count: int) -> Latents:
    return np.random.default_rng(count).standard_normal((count, 2), dtype=np.float32)


def test_many_threads_get_what_keras_gives(predictor: Predictor, generator: keras.Model) -> None:
    asked = [latents(count) for count in range(1, 41)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(predictor.predict, asked))
    for z, answer in zip(asked, answers, strict=True):
        assert isinstance(answer, np.ndarray)
        assert answer.dtype == np.float32
        np.testing.assert_allclose(answer, generator(z), atol=1e-6)


def test_several_inputs_are_taken_by_name(told: Predictor) -> None:
    y = np.eye(3, dtype=np.float32)[[2, 0]]
    z = np.array([[0.5, 9], [0.25, 9]], np.float32)
    # In any order of names.
    answer = told.predict({"y": y, "z": z})
    assert isinstance(answer, np.ndarray)
    assert answer.tolist() == [[0, 0, 0.5], [0.25, 0, 0]]


def test_several_outputs_are_named() -> None:
    x = layers.Input((2,))
    heads = [layers.Identity(name=name)(output) for name, output in (("z_mean", x), ("z_log_var", -x))]
    given = Predictor(keras.Model(x, heads)).predict(np.ones((1, 2), np.float32))
    assert isinstance(given, dict)
    assert {name: value.tolist() for name, value in given.items()} == {
        "z_mean": [[1, 1]],
        "z_log_var": [[-1, -1]],
    }


@pytest.mark.parametrize(
    ("examples", "reason"),
    [
        (latents(0), "expected 1 to 256 examples at once, got 0"),
        (latents(MOST_EXAMPLES + 1), "expected 1 to 256 examples at once, got 257"),
        (np.zeros((1, 3)), r"expected z of shape \(-1, 2\), got \(1, 3\)"),
        (np.zeros(2), r"expected z of shape \(-1, 2\), got \(2,\)"),
        (np.zeros(()), r"expected z of shape \(-1, 2\), got \(\)"),
        (np.array([[0, np.nan]]), "expected finite numbers in z"),
        (np.array([[-np.inf, 0]]), "expected finite numbers in z"),
        ({"x": latents(1)}, "expected the inputs z by name, got x"),
    ],
)
def test_what_does_not_fit_is_refused(
    predictor: Predictor, examples: Latents | dict[str, Latents], reason: str, refusal: Any
) -> None:
    with pytest.raises(refusal, match=reason) as caught:
        predictor.predict(examples)
    assert caught.value.get_http_status_code() == 400


def test_as_many_examples_as_promised_are_taken(predictor: Predictor) -> None:
    assert len(predictor.predict(latents(MOST_EXAMPLES))) == MOST_EXAMPLES


def test_a_file_that_brings_code_is_not_loaded(generator: keras.Model, tmp_path: Path) -> None:
    z = layers.Input((2,), name="z")
    for name, model in (("own", generator), ("foreign", keras.Model(z, layers.Lambda(lambda x: 2 * x)(z)))):
        model.save(tmp_path / f"{name}.keras")
    images = serving._load_pyfunc(tmp_path / "own.keras").predict(latents(3))
    assert isinstance(images, np.ndarray)
    assert images.shape == (3, 2, 3, 1)
    with pytest.raises(ValueError, match="safe_mode"):
        serving._load_pyfunc(tmp_path / "foreign.keras")


@pytest.mark.parametrize(
    ("examples", "reason"),
    [
        (latents(1), "expected the inputs z, y by name, got z"),
        ({"z": latents(1)}, "expected the inputs z, y by name, got z"),
        (
            {"z": latents(2), "y": np.eye(3, dtype=np.float32)},
            r"expected as many of each of z, y, got \[2, 3\]",
        ),
    ],
)
def test_inputs_that_lack_one_another_are_refused(
    told: Predictor, examples: Latents | dict[str, Latents], reason: str, refusal: Any
) -> None:
    with pytest.raises(refusal, match=reason):
        told.predict(examples)
