"""What the benchmark says of how cost grows, and the networks that it grows."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks import growth, many_images, ours, pipeline, sides
from benchmarks.child import PRECISIONS, SYSTEMS
from benchmarks.costs import Cost
from benchmarks.rounds import NETWORKS, STEPS, Measurement, Task
from latentlab.core import mapped, presets
from latentlab.core.settings import Section
from latentlab.data import npz, splits
from latentlab.families import params
from latentlab.families.gan.settings import Settings as GanSettings
from latentlab.families.vae.settings import Settings as VaeSettings
from latentlab.learning.halvings import require_fit
from scripts import fill_pages
from tests.imports import ROOT

PRESET = ours.load_preset(sides.PRESET)
# By hand: at 32 pixels the preset's own, and from there half as many at the image's side, at the least 8.
BY_HAND = {
    16: {"vae": [32, 64], "generator": [128, 64], "discriminator": [128, 128]},
    32: {"vae": [16, 32, 64], "generator": [128, 64, 32], "discriminator": [64, 128, 128]},
    64: {"vae": [8, 16, 32, 64], "generator": [128, 64, 32, 16], "discriminator": [32, 64, 128, 128]},
    256: {
        "vae": [8, 8, 8, 16, 32, 64],
        "generator": [128, 64, 32, 16, 8, 8],
        "discriminator": [8, 16, 32, 64, 128, 128],
    },
}


@pytest.mark.parametrize("side", BY_HAND)
def test_networks_grow_at_the_images_side(side: int) -> None:
    found = sides.sections(PRESET, side)
    assert found["vae"]["filters"] == BY_HAND[side]["vae"]
    assert found["gan"]["generator_filters"] == BY_HAND[side]["generator"]
    assert found["gan"]["discriminator_filters"] == BY_HAND[side]["discriminator"]


def test_nothing_else_of_the_preset_changes() -> None:
    """Neither do its own values, by way of the lists that are changed."""
    before = json.dumps(PRESET)
    found = sides.sections(PRESET, 32)
    assert found == {network: PRESET[network] for network in NETWORKS}
    assert sides.sections(PRESET, 256)["gan"]["batch_size"] == PRESET["gan"]["batch_size"]
    assert json.dumps(PRESET) == before


@pytest.mark.parametrize("side", sides.STEPS)
def test_the_networks_of_every_side_fit_its_images(side: int) -> None:
    found = sides.sections(PRESET, side)
    vae, gan = VaeSettings.model_validate(found["vae"]), GanSettings.model_validate(found["gan"])
    for settings in (vae, gan):
        assert isinstance(settings, Section)
        for key in settings.halvings:
            require_fit(key, getattr(settings, key), (side, side, sides.CHANNELS))


@pytest.mark.parametrize("side", [16, 64])
def test_networks_that_have_grown_take_and_make_such_images(side: int) -> None:
    shape, found = (side, side, sides.CHANNELS), sides.sections(PRESET, side)
    vae = ours.build_vae(VaeSettings.model_validate(found["vae"]), shape)
    gan = ours.build_gan(GanSettings.model_validate(found["gan"]), shape)
    for network in (vae.encoder, gan.discriminator):
        assert network.input_shape[1:] == shape
    for network in (vae.decoder, gan.generator):
        assert network.output_shape[1:] == shape


def test_every_side_can_be_measured_in_both_precisions() -> None:
    systems = {sides.system(side) + suffix for side in sides.STEPS for suffix in PRECISIONS.values()}
    assert systems <= set(SYSTEMS)
    assert {Task(system, network) for system in systems for network in NETWORKS} <= set(STEPS)
    assert SYSTEMS["ours_64_pixels_bfloat16"][1] == {
        "preset": "photos-32",
        "side": 64,
        "precision": "bfloat16",
    }


def test_a_step_is_described_by_its_median_and_its_memory() -> None:
    measured = Measurement([10.0, 40.0, 30.00049], 3.0, 512.34, 7, Cost())
    assert growth.describe(measured) == {"milliseconds": 30, "peak_memory_mb": 512.3}


def test_an_epoch_is_told_for_each_image_and_the_first_does_not_count() -> None:
    """A second for 1,000 images is one millisecond each, and 3 seconds for 2,000 are 1.5."""
    stages = [
        {"stage": "prepare", "epoch_seconds": [], "peak_memory_mb": 9_000},
        {"stage": "train_vae", "epoch_seconds": [9.0, 1.1, 0.9], "peak_memory_mb": 1_000},
        {"stage": "train_vae", "epoch_seconds": [99.0, 3.0, 3.0], "peak_memory_mb": 1_100.04},
    ]
    assert many_images.summarise((1_000, 2_000), stages) == [
        {"images": 1_000, "milliseconds_an_image": 1, "peak_memory_mb": 1_000},
        {"images": 2_000, "milliseconds_an_image": 1.5, "peak_memory_mb": 1_100},
    ]


def test_a_training_that_is_missing_is_an_error() -> None:
    with pytest.raises(ValueError, match="shorter"):
        many_images.summarise((1_000,), [])


def test_as_many_images_are_for_training_as_are_said(tmp_path: Path) -> None:
    many_images.write_images(tmp_path / "images.npz", 100)
    train, test = npz.load(str(tmp_path / "images.npz"), lambda parts: np.concatenate(list(parts)))
    assert test
    found = splits.of_official(train, test, seed=0, limit=None).splits
    counts = {name: part.shape[0] for name, part in found.items()}
    assert counts == {"train": 100, "validation": 20, "test": many_images.NUM_TEST}
    assert found["train"].shape[1:] == (32, 32, 3)


def test_each_count_is_of_images_alike_held_out_and_the_last_is_given_back() -> None:
    """The most that validation takes is not reached, and pages are given back of the last array alone."""
    num_bytes = [count * many_images.SIDE**2 * many_images.CHANNELS for count in many_images.COUNTS]
    assert [size > mapped.LARGE_BYTES for size in num_bytes] == [False, False, True]
    assert many_images.COUNTS[-1] // 5 <= splits.OFFICIAL_VALIDATION
    assert [count // many_images.COUNTS[0] for count in many_images.COUNTS] == [1, 4, 16]


def test_trainings_on_many_images_have_valid_params(tmp_path: Path) -> None:
    (tmp_path / "presets").symlink_to(ROOT / "presets")
    (tmp_path / "params.yaml").write_text((ROOT / "params.yaml").read_text())
    data = {"source": "npz", "path": "images.npz"}
    pipeline.write_params(tmp_path, presets.DEFAULT, {"data": data, **many_images.CHANGES})
    values: Any = params.load(tmp_path / "params.yaml")
    assert (values.data.source, values.data.path) == ("npz", "images.npz")
    require_fit("vae.filters", values.vae.filters, (many_images.SIDE, many_images.SIDE))
    assert (values.vae.epochs, values.evaluate.num_samples) == (many_images.EPOCHS, many_images.NUM_TEST)


def test_growth_is_said_in_two_tables_with_its_own_commit() -> None:
    step = {"milliseconds": 12.34, "peak_memory_mb": 900.4}
    columns = {f"{network}{suffix}": step for network in NETWORKS for suffix in PRECISIONS.values()}
    columns["gan_bfloat16"] = {"milliseconds": 2345.0, "peak_memory_mb": 4321.0}
    found = {
        "commit": "0123456789",
        "machine": {
            "processor": "Abacus",
            "cores": 3,
            "memory_gb": 8,
            "python": "3.13.1",
            "tensorflow": "2.21.0",
            "keras": "3.15.1",
        },
        "sides": [{"side": 16, **columns}, {"side": 32, **columns}],
        "images": [{"images": 24_000, "milliseconds_an_image": 0.567, "peak_memory_mb": 1_100.0}],
    }
    text = fill_pages.render("speed", "growth", {"benchmark": {"growth": found}})
    cells = "12 ms, 900 MB | 12 ms, 900 MB | 12 ms, 900 MB | 2345 ms, 4321 MB"
    assert f"| --- |\n| 16 x 16 | {cells} |\n| 32 x 32 | {cells} |\n\n" in text
    assert "\n\n| training images |" in text
    assert "| --- |\n| 24,000 | 0.57 ms | 1100 MB |\n\n" in text
    assert "Measured on commit 0123456, on 3 cores of an Abacus with 8 GB" in text


def test_a_page_without_growth_says_how_to_measure_it() -> None:
    text = fill_pages.render("speed", "growth", {"benchmark": {}})
    assert text == "Not measured yet; `python -m benchmarks --only growth` measures it."
