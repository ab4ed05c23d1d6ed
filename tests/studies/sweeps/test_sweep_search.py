"""What a search asks next depends on the sweep, its seed and the scores, and on nobody's pace."""

import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from latentlab.core.errors import EvaluationError
from studies.sweeps import search, summary
from studies.sweeps.definition import Cell, Range, Sweep

pytest.importorskip("optuna")

AXES: dict[str, Any] = {
    "gan.dropout": Range(low=0.0, high=0.9),
    "gan.latent_dim": Range(low=2, high=64, log=True),
    "gan.objective": ["hinge", "least_squares"],
}


def sweep(metric: str = "gan.kernel_distance", trials: int = 12, **axes: Any) -> Sweep:
    return Sweep(title="t", metric=metric, vary=axes or AXES, trials=trials, batch=4)


def metrics(value: float) -> dict[str, Any]:
    scores = {"num_samples": 10, "kernel_distance": value, "sharpness": value, "recall": value}
    return {"gan": scores, "features": {"sha256": "a"}, "protocol": {"test_split_sha256": "b"}}


def score(cell: Cell) -> float:
    """Best at a dropout of 0.3."""
    return abs(float(cell.values["gan.dropout"]) - 0.3) + 0.001 * cell.seed


def at_once(cells: Sequence[Cell]) -> list[Any]:
    return [metrics(score(cell)) for cell in cells]


class Machines:
    """So many at a time, each experiment of its own random duration."""

    def __init__(self, number: int, seed: int) -> None:
        """Take so many machines."""
        self.number, self.chance = number, random.Random(seed)
        self.ended: list[Cell] = []

    def __call__(self, cells: Sequence[Cell]) -> list[Any]:
        with ThreadPoolExecutor(self.number) as pool:
            return list(pool.map(self._run, cells))

    def _run(self, cell: Cell) -> Any:
        time.sleep(self.chance.uniform(0, 0.02))
        self.ended.append(cell)
        return metrics(score(cell))


def asked(given: Sweep, evaluate: search.Evaluate = at_once, seed: int = 1) -> list[Cell]:
    return [cell for cell, _ in search.explore(given, seed, evaluate)]


def test_any_number_of_machines_is_asked_the_same_settings() -> None:
    expected = asked(sweep())
    orders = set()
    for number in (1, 2, 4):
        machines = Machines(number, seed=number)
        assert asked(sweep(), machines) == expected
        orders.add(tuple(cell.settings for cell in machines.ended))
    # They did end in another order.
    assert len(orders) > 1


def test_scores_and_the_seed_decide_what_is_asked() -> None:
    first = asked(sweep())
    other = asked(sweep(), lambda cells: [metrics(-score(cell)) for cell in cells])
    assert other[:4] == first[:4]
    assert other[8:] != first[8:]
    assert asked(sweep(), seed=2)[0] != first[0]


def test_a_search_stays_in_its_ranges_and_gets_nearer() -> None:
    cells = asked(sweep(trials=40))
    assert len(cells) == 40
    for cell in cells:
        assert 0 <= float(cell.values["gan.dropout"]) <= 0.9
        assert isinstance(cell.values["gan.latent_dim"], int)
        assert 2 <= cell.values["gan.latent_dim"] <= 64
        assert cell.values["gan.objective"] in AXES["gan.objective"]
    early, late = cells[:16], cells[-16:]
    assert sum(map(score, late)) < 0.6 * sum(map(score, early))


@pytest.mark.parametrize(("metric", "best"), [("gan.recall", 0.9), ("gan.sharpness", 0.6)])
def test_it_goes_where_the_score_is_good_whichever_way_that_points(metric: str, best: float) -> None:
    """Scores rise with dropout: of recall more is better, of sharpness 1, which is at 0.6."""

    def evaluate(cells: Sequence[Cell]) -> list[Any]:
        return [metrics(float(cell.values["gan.dropout"]) + 0.4) for cell in cells]

    cells = asked(sweep(metric, 40, **{"gan.dropout": Range(low=0.0, high=0.9)}), evaluate)
    late = [abs(float(cell.values["gan.dropout"]) - best) for cell in cells[-12:]]
    assert sum(late) / len(late) < 0.12


def test_each_trial_has_all_seeds_and_their_mean_counts() -> None:
    axes: dict[str, Any] = {"gan.dropout": Range(low=0.0, high=0.9), "seed": [3, 4]}
    cells = asked(sweep(trials=5, **axes))
    assert [cell.seed for cell in cells] == [3, 4] * 5
    assert all(one.values == two.values for one, two in zip(cells[::2], cells[1::2], strict=True))


def test_batches_are_whole_and_the_last_one_is_the_rest() -> None:
    sizes: list[int] = []

    def evaluate(cells: Sequence[Cell]) -> list[Any]:
        sizes.append(len(cells))
        return at_once(cells)

    asked(sweep(trials=10), evaluate)
    assert sizes == [4, 4, 2]


def test_an_absent_metric_ends_the_search() -> None:
    with pytest.raises(EvaluationError, match=r"such as gan\.kernel_distance, .*got 'gan\.coverage'"):
        asked(sweep("gan.coverage"))


def test_a_grid_is_one_batch() -> None:
    grid = Sweep(title="t", metric="gan.recall", vary={"gan.dropout": [0.1, 0.2], "seed": [1, 2]})
    assert asked(grid) == grid.cells(1)


def test_a_summary_has_the_trials_in_the_order_asked() -> None:
    results = search.explore(sweep(), 1, at_once)
    content = summary.summarise(sweep(), results)
    assert (content["trials"], content["batch"]) == (12, 4)
    assert content["vary"]["gan.dropout"] == {"low": 0.0, "high": 0.9, "log": False}
    assert [point["set"] for point in content["points"]] == [cell.values for cell, _ in results]
    best = content["points"][summary.best(content)]["set"]
    assert best == min((cell for cell, _ in results), key=score).values
