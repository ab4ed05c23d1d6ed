"""The Inception distance of sets of images, on networks that see little, and who gets one."""

import json
from pathlib import Path

import keras
import numpy as np
import pytest
from tqdm import tqdm

from latentlab.core.arrays import Images
from latentlab.scoring.contenders import Contender, Sample
from latentlab.scoring.inception import cost, distance, weights
from latentlab.scoring.inception.extractor import InceptionExtractor
from scripts.torch_fidelity_inception import make_image


@pytest.fixture(scope="module")
def mean_network() -> keras.Model:
    """Its features are the means of the colours, from -1 to 1."""
    return keras.Sequential([keras.Input((299, 299, 3)), keras.layers.GlobalAveragePooling2D()])


def grey(*values: int) -> Images:
    """Images of 2 x 2 pixels, each of one value."""
    return np.array(values, np.uint8)[:, None, None, None] * np.ones((1, 2, 2, 1), np.uint8)


def contender(name: str, images: Images, *, in_full: bool = True) -> Contender:
    return Contender(name, lambda count: Sample(images[:count]), in_full)


def test_distance_by_hand(mean_network: keras.Model, capsys: pytest.CaptureFixture[str]) -> None:
    """Means of colours are 64 / 128 apart in three of them, and within a set all images are the same."""
    real, samples = grey(*[64] * 6), grey(*[128] * 5)
    contenders = [contender("vae", samples), contender("references.real", real)]
    scores = distance.score_all(mean_network, contenders, real, 5, seed=0)
    assert list(scores) == ["vae.inception", "references.real.inception"]
    assert scores["vae.inception"] == {
        "frechet_distance": pytest.approx(3 * 0.5**2, rel=1e-5),
        "num_samples": 5,
        "intervals": {"frechet_distance": pytest.approx([0.75, 0.75], rel=1e-5)},
    }
    assert scores["references.real.inception"]["frechet_distance"] == pytest.approx(0, abs=1e-6)
    first, *others = capsys.readouterr().out.splitlines()
    assert first == "Inception features of 15 images: about 1 min on two cores"
    assert others == [
        "Inception distance of vae: 5 images",
        "Inception distance of references.real: 5 images",
    ]


def test_the_cost_by_hand() -> None:
    """Of two sets and the real one 1,000 images each, and of two sets the distance and those of 20 halves."""
    expected = 3000 * cost.SECONDS_PER_IMAGE + 42 * cost.SECONDS_PER_DISTANCE
    assert cost.seconds(1000, 2) == pytest.approx(expected)


def test_sets_are_compared_with_as_many_real_images(
    mean_network: keras.Model, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Fewer validation images, and no more than published values take."""
    real = grey(*[0] * 8, *[255] * 4)
    monkeypatch.setattr(distance, "NUM_CLASSIC", 8)
    contenders = [contender("vae", grey(*[0] * 12)), contender("references.real", grey(0, 0, 0, 0))]
    scores = distance.score_all(mean_network, contenders, real, 12, seed=0)
    assert [part["num_samples"] for part in scores.values()] == [8, 4]
    assert [part["frechet_distance"] for part in scores.values()] == pytest.approx([0, 0], abs=1e-6)


def test_the_number_lies_in_its_interval_and_is_the_same_each_time(mean_network: keras.Model) -> None:
    rng = np.random.default_rng(0)
    real, samples = (grey(*rng.integers(0, 256, 40)) for _ in range(2))
    contenders = [contender("vae", samples)]
    scores = distance.score_all(mean_network, contenders, real, 40, seed=0)
    [part] = scores.values()
    low, high = part["intervals"]["frechet_distance"]
    assert 0 <= low < part["frechet_distance"] < high
    assert distance.score_all(mean_network, contenders, real, 40, seed=0) == scores
    json.dumps(scores, allow_nan=False)


def test_contenders_and_real_images_are_scored_and_broken_references_are_not() -> None:
    names = ["vae", "gan", "gan_best", "references.real", "references.blurred", "references.untrained"]
    contenders = [contender(name, grey(0)) for name in names]
    contenders.append(contender("vae.samplers.prior", grey(0), in_full=False))
    scored = [part.name for part in contenders if distance.is_scored(part)]
    assert scored == ["vae", "gan", "gan_best", "references.real"]


def test_darker_images_are_farther(graph_path: Path) -> None:
    """From a file to a distance, in the first 32 of 2,048 dimensions, which would take minutes."""
    extractor = InceptionExtractor(weights.load(str(graph_path)))
    noise = make_image((28, 28, 1))
    images = np.concatenate([np.roll(noise, shift, axis=1) for shift in range(4)])
    with tqdm(disable=True) as bar:
        bright, dark = (extractor.extract(part, bar)[:, :32] for part in (images, images // 4))
    near, far = (distance.score(part, bright, seed=0)["frechet_distance"] for part in (bright, dark))
    assert near == pytest.approx(0, abs=1e-3)
    assert far > 0.1
