"""The README is true: its file map, its commands, and the numbers that it promises."""

import json
import re
import subprocess
from pathlib import Path

import pytest

from tests.imports import ROOT

README = (ROOT / "README.md").read_text()


def test_the_map_names_each_module_of_the_library() -> None:
    mapped = set(re.findall(r"^  ([a-z_]+(?:\.py|/)) ", README, re.MULTILINE))
    library = ROOT / "src" / "latentlab"
    files = {path.name for path in library.glob("*.py") if path.name != "__init__.py"}
    folders = {f"{path.parent.name}/" for path in library.glob("*/__init__.py")}
    assert mapped == files | folders


def test_linked_files_exist() -> None:
    links = re.findall(r"\]\((?!http)([^)#]+)\)", README)
    assert links
    assert [link for link in links if not (ROOT / link).exists()] == []


def test_make_targets_exist() -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"`?make ([a-z-]+)", README))
    assert {"repro", "test", "ui"} <= targets
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_presets_are_all_named() -> None:
    named = set(re.findall(r"^\| `([a-z-]+)` \|", README, re.MULTILINE))
    assert named >= {path.stem for path in (ROOT / "presets").glob("*.yaml")}


@pytest.mark.slow
def test_the_default_run_keeps_its_promises(tmp_path: Path) -> None:
    """Runs the default pipeline in a clean clone: about four minutes."""
    subprocess.run(["git", "clone", "--quiet", ROOT, tmp_path / "clone"], check=True)
    subprocess.run(["dvc", "repro"], cwd=tmp_path / "clone", check=True)
    metrics = json.loads((tmp_path / "clone" / "reports" / "metrics.json").read_text())
    references = metrics["references"]
    for model in ("vae", "gan"):
        assert metrics[model]["classes_covered"] == 10
        assert metrics[model]["frechet_distance"] < references["one_class"]["frechet_distance"]
        assert metrics[model]["frechet_distance"] < references["untrained"]["frechet_distance"] / 4
    assert metrics["vae"]["kl_nats"] > 2
    assert metrics["features"]["test_accuracy"] >= 0.95
    assert promised_distances() == {
        "VAE samples": pytest.approx(metrics["vae"]["frechet_distance"], rel=0.1),
        "GAN samples": pytest.approx(metrics["gan"]["frechet_distance"], rel=0.25),
        "real images": pytest.approx(references["real"]["frechet_distance"], rel=0.2),
        "one class alone": pytest.approx(references["one_class"]["frechet_distance"], rel=0.1),
        "untrained generator": pytest.approx(references["untrained"]["frechet_distance"], rel=0.1),
    }


def promised_distances() -> dict[str, float]:
    """The Frechet distances of the README's table, by row."""
    _, table = README.split("| images | Fréchet distance |")
    rows = re.findall(r"^\| ([A-Za-z ]+?)(?: \([^|]*)? \| ([\d.]+) \|", table, re.MULTILINE)
    return {name: float(value) for name, value in rows}
