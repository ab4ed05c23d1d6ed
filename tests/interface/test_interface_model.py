"""Trained models from Python; much of what they do is tested by the commands, which are built on it."""

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import latentlab
from latentlab.core import artifacts
from latentlab.core.errors import ArtifactError, RequestError
from latentlab.families.latents import paths
from latentlab.trained import inference
from tests.commands.workspace import arrays, network
from tests.tiny_learners import images

Run = Callable[..., Path]


@pytest.mark.parametrize(
    ("words", "asked"),
    [
        (["--count", 7, "--seed", 3], {"count": 7, "seed": 3}),
        (["--count", 5, "--class", 1], {"count": 5, "label": 1}),
        (["--count", 5, "--sampler", "mixture"], {"count": 5, "sampler": "mixture"}),
    ],
)
def test_samples_are_those_of_the_command(
    plain: Path, run: Run, words: list[Any], asked: dict[str, Any]
) -> None:
    made = latentlab.open_model("vae").sample(**asked)
    expected = arrays(run("sample", "--model", "vae", *words))
    assert {name for name, array in made._asdict().items() if array is not None} == set(expected)
    for name, array in expected.items():
        np.testing.assert_array_equal(getattr(made, name), array)


def test_a_model_says_what_it_is(plain: Path) -> None:
    vae, gan = latentlab.open_model("vae"), latentlab.open_model("gan")
    assert (vae.name, vae.latent_dim, vae.image_shape, vae.num_classes) == ("vae", 2, (8, 8, 1), 0)
    assert (vae.has_encoder, vae.has_posterior, gan.has_encoder, gan.has_posterior) == (
        True,
        True,
        False,
        False,
    )
    assert not latentlab.open_model("autoencoder").has_posterior
    assert (list(vae.networks), list(gan.networks)) == (["encoder", "decoder"], ["generator"])
    assert repr(gan) == "<gan: 3 latents, images (8, 8, 1)>"


def test_images_become_latents_and_these_images(plain: Path) -> None:
    vae, made = latentlab.open_model("vae"), images(4)
    mean, log_variance = vae.posterior(made)
    expected = inference.predict(network("vae", "encoder"), made)
    np.testing.assert_array_equal([mean, log_variance], expected)
    np.testing.assert_array_equal(vae.encode(made), mean)
    np.testing.assert_array_equal(
        vae.decode(mean.astype(np.float64)), inference.generate(network("vae", "decoder"), mean)
    )


def test_paths_lead_from_one_latent_to_the_other(plain: Path) -> None:
    gan = latentlab.open_model("gan")
    start, end = gan.sample(2).latents
    for path, way in paths.WAYS.items():
        made = gan.interpolate(start, end, steps=3, path=path)
        np.testing.assert_array_equal(made.latents, way(start, end, np.array([0, 0.5, 1], np.float32)))
        np.testing.assert_array_equal(made.images, gan.decode(made.latents))
        assert made.labels is None


def test_a_conditional_model_is_told_a_class_of_each_or_one_of_all(conditional: Path) -> None:
    vae, made = latentlab.open_model("vae"), images(3)
    assert vae.num_classes == 2
    assert repr(vae).endswith("told one of 2 classes>")
    one, each = vae.encode(made, 1), vae.encode(made, [0, 1, 1])
    np.testing.assert_array_equal(one, vae.encode(made, np.array([1, 1, 1])))
    np.testing.assert_allclose(each[1:], one[1:], atol=1e-6)
    assert not np.allclose(each[0], one[0])
    np.testing.assert_array_equal(vae.sample(3, label=1).labels, [1, 1, 1])
    np.testing.assert_array_equal(vae.interpolate(each[0], each[1], 2, label=0).labels, [0, 0])


def test_a_model_that_is_open_stays_what_it_is(changed: Path) -> None:
    artifacts.save_json(artifacts.METRICS, {"vae": {"kernel_distance": 0.5}})
    vae = latentlab.open_model("vae")
    before = vae.sample(5, sampler="mixture")
    for folder in ("models", "reports"):
        shutil.rmtree(folder)
    np.testing.assert_array_equal(vae.sample(5, sampler="mixture").images, before.images)
    vae.encode(images(2))
    assert vae.scores() == {"kernel_distance": 0.5}


@pytest.mark.parametrize(
    ("name", "use", "told"),
    [
        ("vae", lambda model: model.encode(images(2) / 255), r"uint8 \(n, 8, 8, 1\), got float64"),
        ("vae", lambda model: model.encode(images(2)[0]), r"uint8 \(8, 8, 1\)\. .* one image is image"),
        ("vae", lambda model: model.encode(images(2)[:, :4]), r"got uint8 \(2, 4, 8, 1\)"),
        ("vae", lambda model: model.encode(images(0)), r"got uint8 \(0, 8, 8, 1\)"),
        ("vae", lambda model: model.encode(images(2), 1), "expected no class, .* got 1. Leave it out"),
        ("vae", lambda model: model.decode(np.zeros((1, 2)), [0, 1]), "expected no class, .* got 2 labels"),
        ("gan", lambda model: model.encode(images(2)), "expected a model with an encoder, got gan"),
        ("gan", lambda model: model.posterior(images(2)), "expected a model with an encoder, got gan"),
        ("vae", lambda model: model.decode(np.zeros((2, 3))), r"floats .* \(n, 2\), got float64 \(2, 3\)"),
        ("vae", lambda model: model.decode(np.zeros(2)), r"got float64 \(2,\)"),
        ("vae", lambda model: model.decode([[0, 1]]), r"got int64 \(1, 2\)"),
        ("vae", lambda model: model.decode([[1e300, 0]]), "expected finite numbers, got infinity"),
        ("vae", lambda model: model.interpolate([0.0, 1], [0.0]), r"end: .* \(2,\), got float64 \(1,\)"),
        (
            "vae",
            lambda model: model.interpolate([0.0, 1], [1.0, 0], path="arc"),
            "linear, spherical, got 'arc'",
        ),
        ("vae", lambda model: model.interpolate([0.0, 1], [1.0, 0], 1), "integer from 2 to 1000, got 1"),
        ("vae", lambda model: model.sample(0), "count: expected an integer from 1 to 100000000, got 0"),
        ("vae", lambda model: model.sample(2.0), "count: expected an integer .*, got 2.0"),
        ("vae", lambda model: model.sample(2, seed=-1), "seed: expected an integer from 0 .*, got -1"),
        ("vae", lambda model: model.sample(2, sampler="best"), "prior or one that was fitted .*, got best"),
        ("vae", lambda model: model.sample(2, sampler="prior", label=1), "expected per_class, .* got prior"),
        ("vae", lambda model: model.sample(2, label=2), "classes of the training images, 0, 1; got 2"),
        (
            "gan",
            lambda model: model.sample(2, sampler="mixture"),
            "because gan has no encoder",
        ),
        ("gan", lambda model: model.sample(2, label=1), "expected no class"),
    ],
)
def test_refuses(plain: Path, name: str, use: Callable[[latentlab.Model], object], told: str) -> None:
    with pytest.raises(RequestError, match=told):
        use(latentlab.open_model(name))


def test_points_have_no_variances(plain: Path) -> None:
    with pytest.raises(RequestError, match="whose encoder gives Gaussians, got autoencoder"):
        latentlab.open_model("autoencoder").posterior(images(2))


@pytest.mark.parametrize(
    ("labels", "told"),
    [
        (None, "expected a class from 0 to 1 for each image, because this model is told the class; got none"),
        (2, "expected a class from 0 to 1, which are all that are known, got 2"),
        ([0, -1], "got -1"),
        ([0], r"integers \(2,\), or one class of all; got int64 \(1,\)"),
        (0.5, "got float64"),
    ],
)
def test_refuses_classes(conditional: Path, labels: Any, told: str) -> None:
    vae = latentlab.open_model("vae")
    for use in (lambda: vae.encode(images(2), labels), lambda: vae.decode(np.zeros((2, 2)), labels)):
        with pytest.raises(RequestError, match=told):
            use()


def test_what_is_not_there(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    with pytest.raises(RequestError, match=r"expected a model, one of .*vae.*, got 'dall-e'"):
        latentlab.open_model("dall-e")
    with pytest.raises(RequestError, match=r"expected the folder models in .* Go to the root"):
        latentlab.open_model("vae")
    Path("models").mkdir()
    with pytest.raises(ArtifactError, match=r"models/vae/decoder\.keras is missing"):
        latentlab.open_model("vae")


def test_what_was_not_scored(changed: Path) -> None:
    shutil.rmtree("reports/scores/vae")
    vae = latentlab.open_model("vae")
    with pytest.raises(ArtifactError, match=r"reports/scores/vae/samplers\.npz is missing"):
        vae.sample(2, sampler="mixture")
    with pytest.raises(ArtifactError, match=r"reports/metrics\.json is missing"):
        vae.scores()
