import re
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from latentlab.core import artifacts
from latentlab.families.latents import fitted
from latentlab.families.latents.samplers import Mixture
from latentlab.interface import draws
from latentlab.trained import inference
from tests.commands import workspace
from tests.commands.workspace import arrays, network, refusal

Run = Callable[..., Path]


@pytest.mark.parametrize("model", ["vae", "gan", "gan_best", "autoencoder"])
def test_the_same_seed_gives_the_same_bytes(plain: Path, run: Run, model: str) -> None:
    """Without one it is 1."""
    for suffix in ("png", "npz"):
        made = [run("sample", "--model", model, "--seed", seed, out=f"{seed}.{suffix}") for seed in (1, 2)]
        again = run("sample", "--model", model, "--seed", 1, out=f"again.{suffix}")
        unsaid = run("sample", "--model", model, out=f"unsaid.{suffix}")
        assert unsaid.read_bytes() == again.read_bytes() == made[0].read_bytes() != made[1].read_bytes()


def test_an_archive_has_images_and_the_latents_that_they_come_from(plain: Path, run: Run) -> None:
    made = arrays(run("sample", "--model", "gan", "--count", 7))
    assert {name: (array.dtype.name, array.shape) for name, array in made.items()} == {
        "images": ("uint8", (7, 8, 8, 1)),
        "latents": ("float32", (7, 3)),
    }
    expected = inference.generate(network("gan", "generator"), made["latents"])
    np.testing.assert_array_equal(made["images"], expected)


def test_what_is_made_first_does_not_depend_on_how_many_follow(
    plain: Path, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(draws, "BLOCK", 3)
    few, many = (arrays(run("sample", "--model", "gan", "--count", count)) for count in (5, 7))
    assert len(few["images"]) == 5
    np.testing.assert_array_equal(few["latents"], many["latents"][:5])
    assert len(np.unique(many["latents"], axis=0)) == 7


def test_a_picture_is_about_as_wide_as_high(
    plain: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    path = run("sample", "--model", "vae", "--count", 5, out="five.png")
    with Image.open(path) as picture:
        # Three columns and two rows of 8 pixels, one pixel apart; white where the sixth would be.
        assert picture.size == (26, 17)
        assert picture.getpixel((25, 16)) == (255, 255, 255)
    assert capsys.readouterr().out == f"{path}: 5 images\n"


@pytest.mark.parametrize("model", ["vae", "autoencoder"])
def test_a_class_of_a_model_that_is_not_told_it_is_drawn_from_its_own_gaussian(
    plain: Path, run: Run, model: str
) -> None:
    made = arrays(run("sample", "--model", model, "--class", 1, "--count", 40))
    assert set(made["labels"]) == {1}
    encoded = workspace.encode(network(model, "encoder"))[1::2]
    assert np.all(np.abs(made["latents"].mean(axis=0) - encoded.mean(axis=0)) < encoded.std(axis=0))


def test_samplers_are_those_that_the_scoring_fitted(
    changed: Path, run: Run, capsys: pytest.CaptureFixture[str]
) -> None:
    far = Mixture(np.ones(1), np.array([[100.0, -100]]), np.eye(2)[np.newaxis])
    fitted.save(artifacts.scores_folder("vae"), {"gaussian": far})
    made = arrays(run("sample", "--model", "vae", "--sampler", "gaussian", "--count", 50))
    np.testing.assert_allclose(made["latents"].mean(axis=0), [100, -100], atol=1)
    np.testing.assert_allclose(made["latents"].std(axis=0), 1, atol=0.4)
    told = refusal(["sample", "--model", "vae", "--sampler", "mixture"], capsys)
    assert "expected prior or one that was fitted (gaussian), got mixture" in told
    assert "Add it to evaluate.samplers in params.yaml and run `dvc repro`" in told
    fitted.save(artifacts.scores_folder("vae"), {})
    assert "was fitted (none), got" in refusal(["sample", "--model", "vae", "--class", 1], capsys)
    (artifacts.scores_folder("vae") / fitted.FILE).unlink()
    told = refusal(["sample", "--model", "vae", "--class", 1], capsys)
    assert "reports/scores/vae/samplers.npz is missing. Run `dvc repro`" in told


@pytest.mark.parametrize("sampler", ["gaussian", "mixture", "per_class"])
def test_each_sampler(plain: Path, run: Run, sampler: str) -> None:
    made = arrays(run("sample", "--model", "vae", "--sampler", sampler, "--count", 4))
    prior = arrays(run("sample", "--model", "vae", "--sampler", "prior", "--count", 4))
    assert not np.array_equal(made["latents"], prior["latents"])
    assert ("labels" in made) == (sampler == "per_class")


@pytest.mark.parametrize("model", ["vae", "gan"])
def test_classes_of_a_conditional_model_come_in_turn_or_as_asked(
    conditional: Path, run: Run, model: str
) -> None:
    part = network(model, "decoder" if model == "vae" else "generator")
    for words, expected in (([], [0, 1, 0, 1, 0]), (["--class", 1], [1] * 5)):
        made = arrays(run("sample", "--model", model, "--count", 5, *words))
        assert made["labels"].tolist() == expected
        np.testing.assert_array_equal(
            made["images"], inference.generate(part, made["latents"], made["labels"])
        )
    with Image.open(run("sample", "--model", model, "--count", 6, out="out.png")) as picture:
        assert picture.size == (2 * 9 - 1, 3 * 9 - 1)  # A column for each class.


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--model", "gan", "--class", 1], "expected no class, because this model is not told the class"),
        (["--model", "gan", "--sampler", "mixture"], "expected prior, because gan encodes no images"),
        (["--model", "vae", "--class", 1, "--sampler", "prior"], "expected per_class, .* got prior"),
        (["--model", "vae", "--class", 2], "expected one of the classes of the training images, 0, 1; got 2"),
        (["--model", "vae", "--count", 10**8], "expected images of at most .* Write them as .npz"),
    ],
)
def test_refuses(plain: Path, capsys: pytest.CaptureFixture[str], words: list[str], told: str) -> None:
    assert re.search(told, refusal(["sample", *words, "--out", "never.png"], capsys))
    assert not (plain / "never.png").exists()


def test_a_class_that_a_conditional_model_does_not_know(
    conditional: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    told = refusal(["sample", "--model", "gan", "--class", 2], capsys)
    assert "expected a class from 0 to 1, which are all that are known, got 2" in told


def test_images_without_labels_have_no_classes_to_ask_for(
    changed: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    latents = workspace.encode(network("vae", "encoder"))
    workspace.write_samplers(changed, "vae", latents, np.zeros(len(latents), np.uint8))
    told = refusal(["sample", "--model", "vae", "--class", 0], capsys)
    assert "expected labelled training images" in told
    assert "Set data.source" in told


def test_missing_models(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    told = refusal(["sample", "--model", "vae"], capsys)
    assert f"expected the folder models in {tmp_path}, got none. Go to the root" in told
    Path("models").mkdir()
    told = refusal(["sample", "--model", "vae"], capsys)
    assert told == "\nerror: models/vae/decoder.keras is missing. Run `dvc repro`, which makes it."
