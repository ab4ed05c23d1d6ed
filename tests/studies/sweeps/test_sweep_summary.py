"""All results of a sweep in one place."""

from typing import Any

import pytest

from latentlab.core.errors import EvaluationError
from studies.sweeps import summary
from studies.sweeps.definition import Cell, Sweep


def metrics(recall: float, digest: str = "a") -> dict[str, Any]:
    scores = {"num_samples": 10, "recall": recall}
    protocol = {"test_split_sha256": "b"}
    return {"vae": scores, "gan": scores, "features": {"sha256": digest}, "protocol": protocol}


def sweep(metric: str | None = "gan.recall") -> Sweep:
    return Sweep(title="t", metric=metric, vary={"gan.dropout": [0.1, 0.2], "seed": [1, 2]})


def results(*recalls: float) -> list[tuple[Cell, dict[str, Any]]]:
    return [(cell, metrics(recall)) for cell, recall in zip(sweep().cells(seed=1), recalls, strict=True)]


def test_seeds_of_a_combination_are_put_together() -> None:
    content = summary.summarise(sweep(), results(0.25, 0.75, 1.0, 1.0))
    assert [point["set"] for point in content["points"]] == [{"gan.dropout": 0.1}, {"gan.dropout": 0.2}]
    first, second = summary.compared(content)
    assert (first["mean"], first["values"]) == (0.5, {"1": 0.25, "2": 0.75})
    assert (second["mean"], second["standard_deviation"]) == (1.0, 0.0)
    assert content["vary"] == {"gan.dropout": [0.1, 0.2], "seed": [1, 2]}


def test_one_seed_has_no_spread() -> None:
    alone = Sweep(title="t", metric="gan.recall", vary={"gan.dropout": [0.1]})
    content = summary.summarise(alone, [(Cell({"gan.dropout": 0.1}, 1), metrics(0.5))])
    assert summary.compared(content)[0]["standard_deviation"] is None


def test_an_absent_metric_is_told_those_that_are_there() -> None:
    with pytest.raises(EvaluationError, match=r"such as vae\.recall, gan\.recall, got 'gan\.coverage'"):
        summary.summarise(sweep("gan.coverage"), results(1, 1, 1, 1))


def test_a_metric_that_is_withheld_is_none_to_compare_by() -> None:
    doubted = metrics(1.0)
    doubted["features"]["withheld"] = {"recall": "takes worse images for better"}
    with pytest.raises(EvaluationError, match="expected one that all experiments have and none withholds"):
        summary.value("gan.recall", doubted)
    assert summary.value("gan.recall", metrics(0.5)) == 0.5


def test_what_was_measured_otherwise_is_not_put_together() -> None:
    mixed = results(1, 1, 1, 1)
    mixed[2] = (mixed[2][0], metrics(1, "other"))
    with pytest.raises(EvaluationError, match="the features come from different classifiers"):
        summary.summarise(sweep(), mixed)
