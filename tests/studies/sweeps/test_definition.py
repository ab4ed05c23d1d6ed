"""What a sweep's file may say, and what is refused before anything runs."""

import re
from pathlib import Path
from typing import Any

import pytest

from latentlab.core.errors import ParamsError
from latentlab.families import params
from studies.seeds import settings
from studies.sweeps import definition
from tests.imports import ROOT

VALUES: dict[str, Any] = params.load(ROOT / "params.yaml").model_dump(mode="json")


@pytest.fixture
def write(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Writes sweeps/mine.yaml in the working directory."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "sweeps").mkdir()
    return (tmp_path / "sweeps" / "mine.yaml").write_text


READY = {"kl_weight": 12, "gan_objective": 12, "gan_search": 24, "seeds": 5}


@pytest.mark.parametrize(("name", "number"), READY.items())
def test_the_ready_ones_are_possible(name: str, number: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    assert definition.load(name, VALUES).num_experiments(1) == number
    assert {path.stem for path in (ROOT / "sweeps").glob("*.yaml")} == set(READY)


PAGE = (ROOT / "docs" / "sweeps.md").read_text(encoding="utf-8")
EXAMPLES = dict(zip((9, 48), re.findall(r"^```yaml\n(.*?)^```$", PAGE, re.M | re.S), strict=True))


@pytest.mark.parametrize(("number", "text"), EXAMPLES.items())
def test_the_page_s_own_are_possible(number: int, text: str, write: Any) -> None:
    write(text)
    assert definition.load("mine", VALUES).num_experiments(1) == number


def test_cells_are_all_combinations_each_with_all_seeds(write: Any) -> None:
    write(
        "title: t\nmetric: gan.recall\nvary: {gan.share_fakes: [true, false], seed: [3, 4], vae.epochs: [70]}"
    )
    cells = definition.load("mine", VALUES).cells(seed=1)
    assert [(cell.settings, cell.seed) for cell in cells] == [
        (("gan.share_fakes=true", "vae.epochs=70"), 3),
        (("gan.share_fakes=true", "vae.epochs=70"), 4),
        (("gan.share_fakes=false", "vae.epochs=70"), 3),
        (("gan.share_fakes=false", "vae.epochs=70"), 4),
    ]


def test_without_seeds_the_one_of_params_is_taken(write: Any) -> None:
    write("title: t\nmetric: vae.recall\nvary: {vae.latent_dim: [2, 3]}")
    assert [cell.seed for cell in definition.load("mine", VALUES).cells(seed=7)] == [7, 7]


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("", "sweeps/mine.yaml: change these keys"),
        ("title: [", "sweeps/mine.yaml: change these keys"),
        ("title: t\nvary: {}", "vary: .*at least 1"),
        ("title: t\nvary: {vae.latent_dim: []}", "vary.vae.latent_dim: .*at least 1"),
        ("title: t\nvary: {vae.latent_dim: 2}", "vary.vae.latent_dim: .*list"),
        ("title: t\nvary: {seed: [1, 2]}\nfigure: map", "figure: Extra inputs"),
        ("title: t\nvary: {seed: [1]}", "metric: expected model.score"),
        ("title: t\nvary: {vae.latent_dim: [2, 3]}", "metric: expected model.score, .*got nothing"),
        ("title: t\nmetric: vae.loss\nvary: {seed: [1, 2]}", "metric: expected .*got 'vae.loss'"),
        ("title: t\nmetric: vae.recall\nvary: {vae.latent_dim: [2, 2]}", "expected each value once"),
        (
            "title: t\nmetric: vae.recall\nvary: {vae.latent_dim: [2], vae.epochs: [60], gan.dropout: [0.0]}",
            "expected up to 2 keys beside seed",
        ),
        (
            "title: t\nmetric: vae.recall\nvary: {vae.latent: [2]}",
            "vary: expected keys of params.yaml, got vae.latent",
        ),
        (
            "title: t\nmetric: vae.recall\nvary: {vae.latent_dim: [2, 0]}",
            r"vary: vae.latent_dim=0, seed=1 is not possible: vae.latent_dim: .*1",
        ),
        (
            "title: t\nmetric: vae.recall\nvary: {vae.kl_weight: {low: 0.1, high: 0.2}}",
            "trials: expected how many",
        ),
        (
            "title: t\nmetric: vae.recall\ntrials: 4\nvary: {vae.kl_weight: {low: 0.2, high: 0.2}}",
            "vary.vae.kl_weight: expected low below high, got 0.2 and 0.2",
        ),
        (
            "title: t\nmetric: vae.recall\ntrials: 4\nvary: {vae.kl_weight: {low: 0, high: 1, log: true}}",
            "vary.vae.kl_weight: expected low above 0 where log is true, got 0",
        ),
        (
            "title: t\nmetric: vae.recall\ntrials: 4\nvary: {vae.kl_weight: {low: 0.1}}",
            "vary.vae.kl_weight.high: Field required",
        ),
        (
            "title: t\nmetric: vae.recall\ntrials: 4\nvary: {vae.kl_weight: {low: -0.1, high: 0.2}}",
            r"vary: vae.kl_weight=-0.1, seed=1 is not possible: vae.kl_weight: .*0",
        ),
        ("title: t\nmetric: vae.recall\ntrials: 1\nvary: {vae.kl_weight: [0.1, 0.2]}", "trials: .*2"),
        ("title: t\nmetric: vae.recall\ntrials: 4\nbatch: 0\nvary: {vae.kl_weight: [0.1]}", "batch: .*1"),
        ("title: t\ntrials: 4\nvary: {seed: [1, 2]}", "trials: expected metric, and a key beside seed"),
        (
            "title: t\nmetric: vae.recall\ntrials: 4\nvary: {seed: {low: 1, high: 2}, vae.epochs: [60]}",
            "seed: .*integers",
        ),
        (
            "title: t\nmetric: vae.recall\nvary: {gan.batch_size: [30], devices: [4]}",
            "vary: gan.batch_size=30, devices=4, seed=1 is not possible: .*expected a multiple of",
        ),
        ("title: t\nvary: {seed: [1, -2]}", "vary: seed=-2 is not possible: seed: .*0"),
        ("title: t\nvary: {seed: [1, one]}", "vary.seed: expected integers"),
    ],
)
def test_what_makes_no_sense_is_refused(text: str, reason: str, write: Any) -> None:
    write(text)
    with pytest.raises(ParamsError, match=reason):
        definition.load("mine", VALUES)


def test_a_search_may_choose_within_its_corners(write: Any) -> None:
    write(
        "title: t\nmetric: vae.recall\ntrials: 9\nvary: {vae.kl_weight: {low: 1e-4, high: 1.0, log: true}, "
        "vae.latent_dim: {low: 2, high: 8}, gan.share_fakes: [true, false], seed: [1, 2, 3]}"
    )
    sweep = definition.load("mine", VALUES)
    assert (sweep.trials, sweep.batch, sweep.num_experiments(seed=1)) == (9, 4, 27)
    assert len(sweep.cells(seed=1)) == 2 * 2 * 2 * 3
    kl_weight, dimensions = sweep.axes["vae.kl_weight"], sweep.axes["vae.latent_dim"]
    assert isinstance(kl_weight, definition.Range)
    assert isinstance(dimensions, definition.Range)
    assert (kl_weight.is_integer, dimensions.is_integer) == (False, True)


def test_numbers_keep_their_value_on_the_way_to_params() -> None:
    for value in (1e-05, 5.718740867244332e-05, 0.1, 3, True, "hinge"):
        [change] = definition.Cell({"gan.dropout": value}, 1).settings
        changed = settings.apply({"gan": {"dropout": 0.0}}, [change])
        assert changed["gan"]["dropout"] == value


def test_an_unknown_sweep_is_told_those_that_are_there(write: Any) -> None:
    write("title: t\nvary: {seed: [1, 2]}")
    with pytest.raises(ParamsError, match=r"SWEEP: expected one of mine, got 'other'\."):
        definition.load("other", VALUES)
