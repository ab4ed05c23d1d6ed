"""Stage `report`: from the files of earlier stages to one page that is the same bytes every time."""

import re
import shutil
from pathlib import Path
from typing import Any

import pytest
from PIL import Image
from ruamel.yaml import YAML

from latentlab.core import artifacts
from latentlab.core.errors import ArtifactError
from stages import report
from tests.imports import ROOT
from tests.showing.report import pipeline_outputs

STAGE: dict[str, Any] = YAML(typ="safe").load(ROOT / "dvc.yaml")["stages"]["report"]


@pytest.fixture(autouse=True)
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The working directory, with what the stage may read and nothing else."""
    (tmp_path / "all").mkdir()
    monkeypatch.chdir(tmp_path / "all")
    pipeline_outputs.write(dropout=0.25)
    (tmp_path / "project").mkdir()
    for dep in STAGE["deps"]:
        if not dep.startswith(("stages/", "src/")):
            target = tmp_path / "project" / dep
            target.parent.mkdir(parents=True, exist_ok=True)
            Path(dep).rename(target)
    monkeypatch.chdir(tmp_path / "project")
    return tmp_path / "project"


def page() -> str:
    report.main()
    return artifacts.REPORT.read_text()


def test_the_page_is_the_same_bytes_every_time(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    first = page()
    elsewhere = root.with_name("elsewhere")
    shutil.copytree(root, elsewhere)
    monkeypatch.chdir(elsewhere)
    assert page() == first


def test_the_page_asks_for_nothing() -> None:
    """The explorer, which lies beside it, is opened by a click alone."""
    text = page()
    assert re.findall(r'(?:src|href)="(?!data:image/|#)[^"]*', text) == ['href="explorer.html']
    assert "@import" not in text
    assert "url(" not in text


def test_what_was_run_is_there() -> None:
    text = page()
    assert 'preset default, <a href="#params">3 parameters changed</a>' in text
    assert "<td><mark>0.25</mark></td><td>0.0</td>" in text
    assert "latentlab preset default\n" in text
    assert "-S 'gan.dropout=0.25'" in text
    assert "-S 'gan.sample_epochs=[1, 3, 12]'" in text
    assert text.count("ab" * 32) == 3
    assert text.count("1,230") == 5
    assert "2 (VAE), 2 (GAN)" in text
    assert "Classifier for the scores" in text


def test_verdicts_are_told_and_escaped() -> None:
    text = page()
    assert "Posterior collapse" in text
    assert "&lt;KL&gt; &amp; co." in text
    assert text.count("No problem found") == 1
    assert text.count("Few.") == 1


def test_every_figure_is_there_and_an_unknown_one_by_its_file_name() -> None:
    assert "Further figures" not in page()
    pipeline_outputs.write_figure("quite_new.png")
    text = page()
    assert "Further figures" in text
    assert "This figure is quite_new.png." in text
    # In the story's order.
    places = [
        text.index(f'id="{key}"')
        for key in ("verdict", "scores", "yardstick", "vae", "gan", "comparison", "rest", "run")
    ]
    assert places == sorted(places)


def test_what_is_withheld_is_shown_as_such() -> None:
    text = page()
    assert "no verdict on quality" not in text
    [card] = re.findall(r'<table class="card withheld">.*?</table>', text, re.DOTALL)
    assert "Withheld: gives &lt;destroyed&gt; images 1, real ones 0.98." in card
    assert '<tr class="withheld"><th scope="row"><code>vae.precision</code></th><td>0.5 (withheld)' in text
    assert '<tr><th scope="row"><code>vae.recall</code></th><td>0.5</td>' in text
    assert "withheld</a>: fréchet distance." in text


def test_features_that_cannot_be_trusted_are_told_first() -> None:
    pipeline_outputs.distrust()
    text = page()
    opening, _, rest = text.partition("</header>")
    assert "There is no verdict on quality here. It sees &lt;nothing&gt;." in opening
    assert "No problem found" not in rest
    assert "No verdict on quality" in rest
    assert 'class="scale"' not in rest
    assert "read first" not in rest
    assert "Scores of classes are left out, because the images have no labels." in rest
    assert "Fréchet distance</span>" not in rest


def test_images_without_labels_are_in_no_classes() -> None:
    assert "in 10 classes" in page()
    artifacts.save_json(artifacts.DATA_INFO, artifacts.load_json(artifacts.DATA_INFO) | {"classes": 1})
    assert "in 1 classes" not in page()


def test_an_animation_waits_to_be_played() -> None:
    frames = [Image.new("L", (40, 30), shade) for shade in (0, 90)]
    frames[0].save(artifacts.FIGURES / "gan_training.gif", save_all=True, append_images=frames[1:])
    [moving] = re.findall(r'<details class="moving">(.*?)</details>', page(), re.DOTALL)
    assert "data:image/gif" in moving


def test_every_epoch_has_its_grid_and_curves_their_values() -> None:
    text = page()
    assert re.findall(r'data-name="([^"]*)"', text) == ["epoch 1", "epoch 3", "epoch 12"]
    assert text.count("<polyline") == 3 * 2 + 2 * 2 + 1
    assert 'data-values="1 0.5 0.333 0.25' in text


def test_a_missing_output_is_named() -> None:
    artifacts.VERDICT.unlink()
    with pytest.raises(ArtifactError, match=r"verdict\.json is missing"):
        report.main()
