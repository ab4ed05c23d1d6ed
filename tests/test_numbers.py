"""What pages say of results is what the files of results hold."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
from jinja2 import UndefinedError

from latentlab.core import digests
from latentlab.core.errors import EvaluationError
from latentlab.scoring.protocol import comparable
from scripts import fill_pages

RESULTS = fill_pages.load_results()
PAGES = {page.stem: page.read_text(encoding="utf-8") for page in fill_pages.PAGES}
TEMPLATES = sorted(path.stem for path in (fill_pages.ROOT / "docs" / "templates").glob("*.jinja"))
# A cell of a table that begins with a number with a point.
MEASURED = re.compile(r"^\|.*\| (-?\d+\.\d[^|]*) \|", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES)
def test_a_page_says_what_the_results_hold(page: str) -> None:
    assert fill_pages.fill(page, PAGES[page], RESULTS) == PAGES[page], "Run `make numbers`."


@pytest.mark.parametrize("page", PAGES)
def test_marks_come_in_pairs(page: str) -> None:
    marks = re.findall(r"<!-- (/?)numbers\b.*-->", PAGES[page])
    assert marks == ["", "/"] * (len(marks) // 2)
    assert len(marks) == 2 * len(fill_pages.BLOCK.findall(PAGES[page]))


@pytest.mark.parametrize("page", TEMPLATES)
def test_all_of_a_template_stands_in_its_page(page: str) -> None:
    template = fill_pages.TEMPLATES.get_template(f"{page}.jinja").make_module(RESULTS)
    macros = {name for name, value in vars(template).items() if callable(value) and not name.startswith("_")}
    assert macros
    assert {name for _, name, _ in fill_pages.BLOCK.findall(PAGES[page])} == macros


def test_the_default_is_the_run_of_the_committed_lock() -> None:
    """To the byte, so no number of it can be typed by hand."""
    assert digests.dvc(fill_pages.DEFAULT) == fill_pages.locked_digest(), (
        "Run `make repro` and `make numbers`."
    )


def test_each_other_file_says_which_commit_stated_it() -> None:
    measured = {name: found for name, found in RESULTS.items() if name not in ("default", "benchmark")}
    assert measured
    for name, found in measured.items():
        commits = found["commits"].values() if "commits" in found else [found["commit"]]
        assert all(re.match(r"[0-9a-f]{7}\b", commit) for commit in commits), name


@pytest.mark.parametrize("page", sorted(PAGES.keys() - {"speed"}))
def test_no_table_of_scores_is_typed_by_hand(page: str) -> None:
    """But for what was tried for speed on another day, and not kept."""
    assert MEASURED.findall(fill_pages.BLOCK.sub("", PAGES[page])) == []


def test_a_table_that_is_typed_by_hand_would_be_noticed() -> None:
    assert MEASURED.findall("| images | distance |\n| --- | --- |\n| VAE | 5.7 | 10 |\n") == ["5.7"]


def test_a_number_that_changed_changes_the_page() -> None:
    changed = RESULTS | {
        "default": RESULTS["default"] | {"gan": RESULTS["default"]["gan"] | {"classes_covered": 7}}
    }
    filled = fill_pages.fill("README", PAGES["README"], changed)
    [row] = re.findall(r"^\| GAN \| .* \|$", PAGES["README"], re.MULTILINE)
    assert row.endswith("| 10 |")
    assert filled == PAGES["README"].replace(row, row.replace("| 10 |", "| 7 |"))


def test_a_number_that_no_file_has_is_an_error() -> None:
    with pytest.raises(UndefinedError, match="seeds"):
        fill_pages.render("numbers", "seed_scores", {"default": RESULTS["default"]})


def test_scores_over_seeds_are_said_in_few_words() -> None:
    score = {"mean": 2.0, "standard_deviation": 0.125, "values": {"1": 3, "2": 10, "3": 9}}
    template = fill_pages.TEMPLATES.from_string("{{ a | spread(2) }}, {{ a | range }}, {{ b | range }}")
    assert template.render(a=score, b={"values": {"1": 7.0, "2": 7.0}}) == "2.00 ± 0.12, 3 to 10, 7"


def test_what_rounds_to_zero_has_no_sign() -> None:
    template = fill_pages.TEMPLATES.from_string("{{ -0.0004 | fixed(3) }}, {{ -0.0006 | fixed(3) }}")
    assert template.render() == "0.000, -0.001"


def over_seeds(scale: int, classifier: str) -> dict[str, Any]:
    """What `make seeds` might give: a distance of each seed that is its number, times the scale."""
    values = {str(seed): seed * scale for seed in range(5)}
    conditions = {"features": {"sha256": classifier}, "protocol": {}}
    return {"conditions": conditions, "models": {"gan": {"frechet_distance": {"values": values}}}}


def test_two_settings_are_compared_seed_by_seed() -> None:
    template = fill_pages.TEMPLATES.from_string('{{ difference(a, b, "gan", "frechet_distance") }}')
    # The differences, 0 to 4, have a standard deviation of 1.58, so 2.776 * 1.58 / sqrt(5) to each side of 2.
    told = template.render(a=over_seeds(1, "4dfb"), b=over_seeds(2, "4dfb"))
    assert told == "+2 (+0.0368 to +3.96), n = 5: differs"


def test_scores_by_two_classifiers_are_not_subtracted() -> None:
    with pytest.raises(EvaluationError, match="different classifiers"):
        fill_pages.difference(over_seeds(1, "4dfb"), over_seeds(2, "a517"), "gan", "frechet_distance")


@pytest.mark.parametrize("pattern", ["lecture*", "exercise_*"])
def test_what_one_table_shows_was_measured_alike(pattern: str) -> None:
    known = RESULTS["mnist"]["metrics"] if pattern == "lecture*" else RESULTS["default"]
    names = [path.stem for path in fill_pages.RESULTS.glob(f"{pattern}.json")]
    assert names
    for name in names:
        assert comparable(known, RESULTS[name]["metrics"]) == [], name


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A repository with a committed params.yaml, scores, and a lock of them."""
    (tmp_path / "params.yaml").write_text("seed: 1\n")
    for command in (("init", "--quiet"), ("add", "params.yaml"), ("commit", "--quiet", "-m", "Start")):
        identity = ("-c", "user.name=a", "-c", "user.email=a@example.org")
        subprocess.run(["git", *identity, *command], cwd=tmp_path, check=True)
    scores = tmp_path / fill_pages.METRICS
    scores.parent.mkdir()
    scores.write_text("{}")
    lock: dict[str, Any] = {"outs": [{"path": fill_pages.METRICS, "md5": digests.dvc(scores)}]}
    (tmp_path / "dvc.lock").write_text(f"stages:\n  evaluate: {lock}\n")
    monkeypatch.setattr(fill_pages, "ROOT", tmp_path)
    return tmp_path


def test_a_run_of_the_committed_params_is_the_default(workspace: Path) -> None:
    assert fill_pages.why_not_default() is None


def test_no_other_run_is_taken_for_the_default(workspace: Path) -> None:
    (workspace / "params.yaml").write_text("seed: 2\n")
    assert "params.yaml with changes" in str(fill_pages.why_not_default())
    (workspace / "dvc.lock").write_text("stages: {}\n")
    assert "not of the run that dvc.lock notes" in str(fill_pages.why_not_default())
    (workspace / fill_pages.METRICS).unlink()
    assert "there is no reports/metrics.json" in str(fill_pages.why_not_default())
