"""What a sweep runs next: all combinations at once, or batches that Optuna chooses by the scores so far."""

import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from statistics import fmean
from typing import TYPE_CHECKING, Any

from latentlab.core.errors import TrainingError
from latentlab.scoring.metrics.directions import shortfall
from studies.sweeps import summary
from studies.sweeps.definition import Cell, Range, Sweep, Values

if TYPE_CHECKING:
    import optuna

# Chosen at random before the sampler trusts what it has seen, as a share of all.
RANDOM_SHARE = 0.4

Metrics = Mapping[str, Any]
Result = tuple[Cell, Metrics]
# Runs experiments, and gives all of metrics.json of each, in their order.
Evaluate = Callable[[Sequence[Cell]], Sequence[Metrics]]


def explore(sweep: Sweep, seed: int, evaluate: Evaluate) -> list[Result]:
    """Run a sweep to its end; each experiment and its metrics, in the order in which they were chosen.

    Args:
        sweep: what is varied.
        seed: the training seed of params.yaml, for where none is varied.
        evaluate: runs experiments.
    """
    if sweep.trials is None:
        cells = sweep.cells(seed)
        return list(zip(cells, evaluate(cells), strict=True))
    return [result for batch in _batches(sweep, seed, evaluate) for result in batch]


def _batches(sweep: Sweep, seed: int, evaluate: Evaluate) -> Iterator[list[Result]]:
    """Whole batches, told in the order asked, so that what is chosen depends on no machine's pace.

    The sampler is the tree-structured Parzen estimator (Bergstra et al. 2011); trials that were asked and not
    yet told count as bad ones, which keeps a batch from trying one place many times.
    """
    assert sweep.trials
    study = _study(sweep, seed)
    distributions = {key: _distribution(axis) for key, axis in sweep.axes.items()}
    for start in range(0, sweep.trials, sweep.batch):
        count = min(sweep.batch, sweep.trials - start)
        print(f"trials {start + 1} to {start + count} of {sweep.trials}", flush=True)
        trials = [study.ask(distributions) for _ in range(count)]
        cells = [Cell(dict(trial.params), number) for trial in trials for number in sweep.seeds(seed)]
        results = list(zip(cells, evaluate(cells), strict=True))
        for trial in trials:
            study.tell(
                trial, _shortfall(sweep, [row for cell, row in results if cell.values == trial.params])
            )
        yield results


def _study(sweep: Sweep, seed: int) -> "optuna.Study":
    try:
        import optuna
    except ModuleNotFoundError as error:
        raise TrainingError(
            "expected Optuna, which searches: `make sweep` installs it, or `pip install -e '.[cluster]'`."
        ) from error
    optuna.logging.set_verbosity(optuna.logging.WARNING)
    startup = max(1, round(RANDOM_SHARE * (sweep.trials or 0)))
    with warnings.catch_warnings():
        # Of `constant_liar`, whose interface may change; the extra holds Optuna to versions that have it.
        warnings.simplefilter("ignore", optuna.exceptions.ExperimentalWarning)
        sampler = optuna.samplers.TPESampler(
            seed=sweep.seeds(seed)[0], n_startup_trials=startup, constant_liar=True
        )
    return optuna.create_study(sampler=sampler, direction="minimize")


def _distribution(axis: Values | Range) -> Any:
    from optuna import distributions

    if not isinstance(axis, Range):
        return distributions.CategoricalDistribution(axis)
    if axis.is_integer:
        return distributions.IntDistribution(int(axis.low), int(axis.high), log=axis.log)
    return distributions.FloatDistribution(float(axis.low), float(axis.high), log=axis.log)


def _shortfall(sweep: Sweep, rows: Sequence[Metrics]) -> float:
    """How much the mean over seeds lacks, whichever way the score points."""
    assert sweep.metric
    return shortfall(sweep.metric.rpartition(".")[2], fmean(summary.value(sweep.metric, row) for row in rows))
