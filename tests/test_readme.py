"""The README and CONTRIBUTING are short and true: their maps, links and commands, and what they promise."""

import json
import re
import subprocess
from pathlib import Path
from typing import Any

import pytest

from scripts import fill_pages
from tests.imports import ROOT

README, CONTRIBUTING = ((ROOT / name).read_text() for name in ("README.md", "CONTRIBUTING.md"))
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
MAP = README.split("## Where things are")[1].split("```")[1]


def test_it_is_read_in_five_minutes() -> None:
    assert len(README.splitlines()) <= 160
    assert len(MAP.strip().splitlines()) <= 25
    assert len(CONTRIBUTING.splitlines()) <= 80


def test_the_map_names_each_room_of_the_library() -> None:
    mapped = set(re.findall(r"^  ([a-z_]+)/ ", MAP, re.MULTILINE))
    assert mapped == {path.parent.name for path in (ROOT / "src" / "latentlab").glob("*/__init__.py")}


def test_the_map_names_what_lies_at_the_top() -> None:
    named = re.findall(r"^([a-z_./]+?)/? ", MAP, re.MULTILINE)
    assert len(named) > 5
    assert [name for name in named if not (ROOT / name).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    for link, anchor in re.findall(r"\]\((?!http)([^)#]+)(?:#([^)]+))?\)", text_of(page)):
        assert (page.parent / link).exists(), link
        headings = re.findall(r"^#+ (.*)", text_of(page.parent / link), re.MULTILINE) if anchor else []
        assert anchor in ("", *(heading.lower().replace(" ", "-") for heading in headings)), link


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    named = re.findall(
        r"`((?:src/latentlab|stages|scripts|benchmarks|presets|sweeps|tests)/[a-z_./-]+)`", text_of(page)
    )
    assert [name for name in named if not (ROOT / name).exists()] == []


def test_every_page_is_linked() -> None:
    linked = {Path(link).name for page in PAGES for link in re.findall(r"\]\(([^)#]+\.md)", text_of(page))}
    assert {page.name for page in PAGES} == linked


@pytest.mark.parametrize("text", [README, CONTRIBUTING], ids=["README", "CONTRIBUTING"])
def test_make_targets_exist(text: str) -> None:
    makefile = (ROOT / "Makefile").read_text()
    targets = set(re.findall(r"(?:^|`)make ([a-z-]+)", text, re.MULTILINE))
    assert {"repro", "test"} <= targets
    assert [target for target in targets if not re.search(rf"^{target}:", makefile, re.MULTILINE)] == []


def test_presets_are_all_named() -> None:
    named = set(re.findall(r"^\| `([a-z0-9-]+)` \|", README, re.MULTILINE))
    assert named == {"default", *(path.stem for path in (ROOT / "presets").glob("*.yaml"))}


@pytest.mark.slow
def test_the_default_run_keeps_its_promises(tmp_path: Path) -> None:
    """Runs the default pipeline in a clean clone: about four minutes."""
    subprocess.run(["git", "clone", "--quiet", ROOT, tmp_path / "clone"], check=True)
    subprocess.run(["dvc", "repro"], cwd=tmp_path / "clone", check=True)
    metrics = json.loads((tmp_path / "clone" / fill_pages.METRICS).read_text())
    promised = json.loads(fill_pages.DEFAULT.read_text())
    references = metrics["references"]
    for model in ("vae", "gan"):
        assert metrics[model]["classes_covered"] == 10
        assert metrics[model]["frechet_distance"] < references["one_class"]["frechet_distance"]
        assert metrics[model]["frechet_distance"] < references["untrained"]["frechet_distance"] / 4
    assert metrics["vae"]["kl_nats"] > 2
    assert metrics["features"]["test_accuracy"] >= 0.95
    assert distances(promised) == {
        "vae": pytest.approx(metrics["vae"]["frechet_distance"], rel=0.1),
        "gan": pytest.approx(metrics["gan"]["frechet_distance"], rel=0.25),
        "real": pytest.approx(references["real"]["frechet_distance"], rel=0.2),
        "one_class": pytest.approx(references["one_class"]["frechet_distance"], rel=0.1),
        "untrained": pytest.approx(references["untrained"]["frechet_distance"], rel=0.1),
    }


def distances(metrics: dict[str, Any]) -> dict[str, float]:
    """The Frechet distances that the README states, by set of images."""
    sets = metrics | metrics["references"]
    return {name: sets[name]["frechet_distance"] for name in ("vae", "gan", "real", "one_class", "untrained")}


def text_of(page: Path) -> str:
    return page.read_text(encoding="utf-8")
