"""Stage `figures`: from the files of earlier stages to PNGs that are the same bytes every time."""

import struct
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from ruamel.yaml import YAML

from latentlab.core import artifacts
from latentlab.core.errors import ArtifactError
from latentlab.families import arrays, roster
from latentlab.families.autoencoder import figures as autoencoder
from latentlab.families.gan import figures as gan
from latentlab.families.together import figures as together
from latentlab.families.together import story as together_story
from latentlab.families.vae import figures as vae
from latentlab.showing.figures import comparison
from latentlab.showing.report import story
from latentlab.showing.report import yardstick as report_yardstick
from stages import figures
from tests.imports import ROOT
from tests.outputs import pictures

EPOCHS = [1, 3, 12]
NAMES = pictures(EPOCHS)
CHAPTERS = [
    *(roster.part(family, "story").CHAPTER for family in roster.FAMILIES),
    together_story.CHAPTER,
    report_yardstick.CHAPTER,
]


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with all that earlier stages write, made up."""
    monkeypatch.chdir(tmp_path)
    content = YAML().load(ROOT / "params.yaml")
    content["gan"] |= {"sample_epochs": EPOCHS, "epochs": EPOCHS[-1]}
    content["vae"] |= {"sample_epochs": EPOCHS, "epochs": EPOCHS[-1]}
    YAML().dump(content, Path("params.yaml"))
    generator = np.random.default_rng(0)
    image = (6, 6, 1)

    def images(*counts: int) -> np.ndarray:
        return generator.integers(0, 256, (*counts, *image), dtype=np.uint8)

    artifacts.save_array(artifacts.images_path("validation"), images(40))
    artifacts.save_array(artifacts.labels_path("validation"), np.arange(40, dtype=np.uint8) % 10)
    artifacts.save_array(artifacts.MODELS / "vae" / "manifolds.npy", images(len(EPOCHS), 4, 4))
    planes = generator.normal(size=(len(EPOCHS), 30, 2)).astype(np.float32)
    artifacts.save_array(artifacts.MODELS / "vae" / "planes.npy", planes)
    artifacts.save_array(artifacts.labels_path("test"), np.arange(40, dtype=np.uint8) % 10)
    artifacts.save_array(artifacts.MODELS / "gan" / "samples.npy", images(len(EPOCHS), 100))
    steps = np.linspace(-15, 15, 15, dtype=np.float32)
    plane = generator.normal(size=(40, 2)).astype(np.float32)
    for model in ("autoencoder", "vae"):
        encoded = {
            "latents": plane,
            "plane": plane,
            "reconstructions": images(2, 20),
            "samples": images(100),
            "samples_per_class": images(100),
            "inside": images(24),
            "inside_plane": plane[:24],
            "outside": images(24),
            "outside_plane": 3 * plane[:24],
            "by_class": images(3, 12),
            "classes": np.array([0, 3, 4], np.uint8),
        }
        arrays.save(model, encoded)
    drawn = {
        "interpolations": images(6, 4),
        "manifold": images(15, 15),
        "manifold_axes": np.stack([steps, steps]),
        "manifold_used": images(15, 15),
        "manifold_used_axes": np.stack([steps, steps]) / 5,
    }
    arrays.save("vae", drawn)
    arrays.save("gan", {"samples": images(100)})
    arrays.save("gan_best", {"samples": images(100), "interpolations": images(6, 4)})
    for family in roster.FAMILIES:
        artifacts.save_json(family.folder / "history.json", history(roster.part(family, "figures").PANELS))
    scores = {
        "kernel_distance": 0.5,
        "frechet_distance": 1.5,
        "classes_covered": 9,
        "class_histogram": [10] * 10,
    }
    snapshots = [{"epoch": epoch, "distance": abs(epoch - 8) + 0.5} for epoch in (4, 8, 12)]
    metrics = {
        "autoencoder": scores,
        "vae": scores,
        "samplers": {model: {"per_class": scores} for model in ("autoencoder", "vae")},
        "gan": scores | {"snapshots": snapshots},
        "gan_best": scores | {"epoch": 8},
        "references": {"real": scores},
        "protocol": {"headline": "kernel_distance"},
    }
    artifacts.save_json(artifacts.METRICS, metrics)
    near, far = (
        {"kernel_distance": value, "intervals": {"kernel_distance": [value, value]}} for value in (0, 1)
    )
    rungs = [near | {"strength": 0.5}, far | {"strength": 1.0}]
    ladders = dict.fromkeys(("blur", "white noise", "spectrum noise", "phases", "copies"), rungs)
    measured = {"real": near | {"intervals": {"kernel_distance": [-0.1, 0.1]}}, "ladders": ladders}
    found = {"network": "classifier", "trusted": True, "networks": {"classifier": measured}}
    artifacts.save_json(artifacts.YARDSTICK, found)
    drawn = {name: images(2, 6) for name in ladders if name != "copies"}
    artifacts.save_arrays(artifacts.ladders_path(), drawn)
    return tmp_path


def test_the_real_images_shown_are_those_that_are_scored(monkeypatch: pytest.MonkeyPatch) -> None:
    """Which `evaluate` holds against the test images."""
    columns: list[comparison.Column] = []
    monkeypatch.setattr(comparison, "comparison", lambda drawn, num_classes: columns.extend(drawn))
    list(together.figures())
    assert [column.name for column in columns] == ["Real validation images", "VAE samples", "GAN samples"]
    assert np.array_equal(columns[0].images, artifacts.load_images("validation"))


def history(panels: Any) -> list[dict[str, float]]:
    """Two epochs with every key that the panels show."""
    return [{"epoch": epoch, **{key: 0.5 for panel in panels for key in panel.lines}} for epoch in (1, 2)]


def saved() -> dict[str, bytes]:
    """The bytes of every figure by its name."""
    return {path.stem: path.read_bytes() for path in artifacts.FIGURES.glob("*.png")}


def test_every_figure_is_a_png_of_fair_size_without_versions() -> None:
    figures.main()
    assert set(saved()) == NAMES
    for content in saved().values():
        assert content.startswith(b"\x89PNG")
        assert min(struct.unpack(">II", content[16:24])) >= 300
        assert b"Software" not in content
    # And each has its place in the report's story.
    assert story.REST not in [chapter for chapter, _ in story.place(NAMES, CHAPTERS)]


def test_trainings_are_animated_in_the_same_bytes_every_time() -> None:
    figures.main()
    first = {path.name: path.read_bytes() for path in artifacts.FIGURES.glob("*.gif")}
    assert set(first) == {"gan_training.gif", "vae_training.gif"}
    frames = {f"{name}.gif": drawn for family in (gan, vae) for name, drawn in family.animations()}
    for name, content in first.items():
        with Image.open(artifacts.FIGURES / name) as animation:
            assert getattr(animation, "n_frames", 1) == len(EPOCHS)
            assert max(animation.size) <= 700
        artifacts.save_animation(Path("again.gif"), frames[name])
        assert Path("again.gif").read_bytes() == content


def test_a_second_run_changes_the_bytes_of_what_changed_alone() -> None:
    figures.main()
    first = saved()
    arrays.save("gan", {"samples": 255 - arrays.load("gan", "samples")})
    figures.main()
    assert {name for name, content in saved().items() if content != first[name]} == {
        "comparison",
        "gan_best",
    }


def test_what_only_some_models_have_is_drawn_where_it_is() -> None:
    tell_classes()
    arrays.save("vae", {"traversals": arrays.load("vae", "interpolations")})
    metrics = artifacts.load_json(artifacts.METRICS)
    metrics["vae"] |= {"latent": {"kl_per_dimension_nats": [0.5] * 6}}
    artifacts.save_json(artifacts.METRICS, metrics)
    for model in ("autoencoder", "vae"):
        (artifacts.scores_folder(model) / model / "by_class.npy").unlink()
    drawn = {name for gallery in (autoencoder, vae, gan) for name, _ in gallery.figures()}
    assert drawn >= {"vae_traversals", "vae_told_classes", "vae_styles", "gan_told_classes"}
    assert not [name for name in drawn if name.endswith("_by_class")]
    assert story.REST not in [chapter for chapter, _ in story.place(drawn, CHAPTERS)]


def test_what_is_decoded_as_one_class_alone_says_so() -> None:
    assert told_one_class() == set()
    tell_classes()
    assert told_one_class() == {
        "gan_interpolations",
        "latent_regions",
        "vae_interpolations",
        "vae_manifold",
        "vae_manifold_used",
        "vae_progress",
    }


def tell_classes() -> None:
    """Write what scorings write of models that are told the class."""
    images = arrays.load("vae", "interpolations")
    arrays.save("vae", {"told_classes": images, "styles": images})
    arrays.save("gan_best", {"told_classes": images})


def told_one_class() -> set[str]:
    """The figures with that in a title."""
    figures = [pair for gallery in (autoencoder, vae, gan, together) for pair in gallery.figures()]
    titles = {
        name: [figure.get_suptitle(), *(axes.get_title() for axes in figure.axes)] for name, figure in figures
    }
    return {name for name, found in titles.items() if any("told class 0" in title for title in found)}


def test_latents_drawn_from_the_prior_alone_are_shown_too() -> None:
    metrics = artifacts.load_json(artifacts.METRICS)
    del metrics["samplers"]
    artifacts.save_json(artifacts.METRICS, metrics)
    figure = dict(together.figures())["sampler_scores"]
    names = [label.get_text() for label in figure.axes[0].get_yticklabels()]
    assert names == [
        "real images",
        "Autoencoder: N(0, I)",
        "VAE: N(0, I)",
        "GAN: last epoch",
        "GAN: best epoch",
    ]


def test_results_without_the_frechet_distance_and_classes_are_drawn() -> None:
    """As they are in features of many dimensions, of images without labels."""
    metrics = artifacts.load_json(artifacts.METRICS)
    for scores in (*metrics.values(), *metrics["samplers"].values(), *metrics["references"].values()):
        for name in ("frechet_distance", "classes_covered", "class_histogram"):
            scores.pop(name, None)
    artifacts.save_json(artifacts.METRICS, metrics)
    titles = [axes.get_title() for axes in dict(together.figures())["comparison"].axes]
    assert titles[1] == "VAE samples\nkernel distance 0.5"


def test_scores_that_are_withheld_are_drawn_nowhere() -> None:
    metrics = artifacts.load_json(artifacts.METRICS)
    metrics["features"] = {"withheld": dict.fromkeys(("kernel_distance", "frechet_distance"), "is wrong")}
    artifacts.save_json(artifacts.METRICS, metrics)
    drawn = dict(together.figures())
    assert "sampler_scores" not in drawn
    assert drawn["comparison"].axes[1].get_title() == "VAE samples\n9 of 10 classes"
    # Neither is an epoch that is the best by such a score.
    assert {"gan_snapshots", "gan_best"} <= NAMES - dict(gan.figures()).keys()


def test_a_family_that_comes_later_is_drawn_beside_the_others(monkeypatch: pytest.MonkeyPatch) -> None:
    """One that encodes and has a prior, as the VAE does, and no epochs."""
    later = replace(roster.named("vae"), name="later", title="Later")
    monkeypatch.setattr(roster, "FAMILIES", (*roster.FAMILIES, later))
    names = ("latents", "plane", "inside", "inside_plane", "outside", "outside_plane")
    for name in (*names, "reconstructions", "samples", "samples_per_class"):
        arrays.save("later", {name: arrays.load("vae", name)})
    metrics = artifacts.load_json(artifacts.METRICS)
    metrics["later"], metrics["samplers"]["later"] = metrics["vae"], metrics["samplers"]["vae"]
    artifacts.save_json(artifacts.METRICS, metrics)
    drawn = dict(together.figures())
    last = {
        name: drawn[name].axes[-1].get_title().splitlines()[0] for name in ("comparison", "latent_samplers")
    }
    assert last == {"comparison": "Later samples", "latent_samplers": "Later"}
    assert drawn["latent_regions"].axes[2].get_title() == "Later"
    rows = [label.get_text() for label in drawn["reconstructions"].axes[0].get_yticklabels()]
    assert rows == ["test image", "Autoencoder", "VAE", "Later"]
    bars = [label.get_text() for label in drawn["sampler_scores"].axes[0].get_yticklabels()]
    assert bars[-2:] == ["Later: N(0, I)", "Later: per class"]


def test_a_missing_array_ends_in_a_clear_error() -> None:
    (artifacts.scores_folder("vae") / "vae" / "samples.npy").unlink()
    with pytest.raises(ArtifactError, match=r"vae/samples\.npy is missing"):
        figures.main()


def test_neither_tensorflow_nor_mlflow_nor_pyplot_is_imported() -> None:
    names = "{'tensorflow', 'keras', 'mlflow', 'matplotlib.pyplot'}"
    parts = "[roster.part(family, 'figures') for family in roster.FAMILIES]"
    code = (
        f"import sys; from stages.figures import roster; {parts}; print(sorted({names} & set(sys.modules)))"
    )
    path = {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    ran = subprocess.run([sys.executable, "-c", code], env=path, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"
