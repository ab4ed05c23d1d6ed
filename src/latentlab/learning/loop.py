"""The one training loop: epochs, steps, histories, checkpoints and progress; it knows no model."""

import math
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from types import MappingProxyType
from typing import Any, NamedTuple, Protocol

import numpy as np
import numpy.typing as npt
from tqdm import tqdm

from latentlab.core.errors import TrainingError
from latentlab.learning import checkpoints, devices
from latentlab.learning.batches import Arrays, Feed, stacks
from latentlab.learning.checkpoints import Checkpoint, History, Progress, Record, Samples

# Enough for each call into the compiled code to be cheap, few enough for a lively progress bar.
STEPS_PER_CALL = 8


class Learner(Protocol):
    """What the loop needs from a model in training."""

    @property
    def remedy(self) -> str:
        """What to do in params.yaml once a metric is not finite, such as ``lower features.learning_rate``."""

    @property
    def variables(self) -> list[Any]:
        """All Keras variables that training changes, random state included, in a fixed order."""

    def train(self, *batches: npt.NDArray[Any]) -> dict[str, npt.NDArray[np.float32]]:
        """Train one step for each batch of arrays (steps, batch, ...); each metric has shape (steps,)."""

    def validate(self, *arrays: npt.NDArray[Any]) -> dict[str, float]:
        """Metrics on validation data (n, ...)."""


class Schedule(NamedTuple):
    """How long to train, and what to draw and keep after which epochs.

    Attributes:
        epochs: in all.
        draw: by epoch, what draws samples of the model, arrays by name.
        keep: by epoch, what writes a snapshot of the model to a file.
    """

    epochs: int
    draw: Mapping[int, Callable[[], Samples]] = MappingProxyType({})
    keep: Mapping[int, Callable[[Path], None]] = MappingProxyType({})


# What is told of a training while it goes on.
Report = Callable[[History], None]
Show = Callable[[int, Samples], None]


def fit(
    learner: Learner,
    feed: Feed,
    validation: Arrays,
    schedule: Schedule,
    *,
    checkpoint: Checkpoint,
    report: Report,
    show: Show = lambda epoch, samples: None,
) -> Progress:
    """Train until all epochs are done, going on from the checkpoint if it holds any.

    Args:
        learner: what is trained, in place.
        feed: training data.
        validation: validation data; may be empty.
        schedule: total epochs, those of the checkpoint included.
        checkpoint: saved after each epoch.
        report: called with the whole history so far, at the start and after each epoch.
        show: called with an epoch and its samples once they are drawn.

    Returns:
        The history, one record for each epoch with ``epoch``, counted from 1, and the mean of each
        metric; and the samples kept.

    Raises:
        TrainingError: a metric or a weight is no longer finite.
    """
    progress = _begun(checkpoint, learner.variables)
    report(progress.history)
    with _progress_bar(feed, schedule.epochs, done=len(progress.history)) as bar:
        for epoch in range(len(progress.history) + 1, schedule.epochs + 1):
            record = _train_epoch(learner, feed, epoch, bar, progress.history)
            record |= learner.validate(*validation)
            # Once an epoch, since it reads all weights: none that is bad gets into a checkpoint.
            largest = {"the largest weight": _largest(learner.variables)}
            _check_finite(learner, record | largest, f"after epoch {epoch}", progress.history)
            progress.history.append({"epoch": epoch, **record})
            if epoch in schedule.draw:
                progress.samples.append(schedule.draw[epoch]())
                show(epoch, progress.samples[-1])
            if epoch in schedule.keep:
                checkpoint.take_snapshot(epoch, schedule.keep[epoch])
            checkpoint.save(learner.variables, progress)
            report(progress.history)
            _announce(progress.history[-1], schedule.epochs, bar)
    return progress


def _begun(checkpoint: Checkpoint, variables: list[Any]) -> Progress:
    """What a checkpoint holds; on all machines that share the training, what the first one's does."""
    progress = checkpoint.restore(variables)
    if devices.alone():
        return progress
    return checkpoints.unpack(devices.from_first(checkpoints.pack(variables, progress)), variables)


def _train_epoch(learner: Learner, feed: Feed, epoch: int, bar: Any, history: History) -> Record:
    records: History = []
    for batches in stacks(feed, epoch, STEPS_PER_CALL):
        metrics = learner.train(*batches)
        for values in zip(*metrics.values(), strict=True):
            record = dict(zip(metrics, map(float, values), strict=True))
            _check_finite(learner, record, f"in epoch {epoch}, step {len(records) + 1}", records or history)
            records.append(record)
        bar.update(len(batches[0]))
    return {name: float(np.mean([record[name] for record in records])) for name in records[0]}


def _check_finite(learner: Learner, record: Record, where: str, good: History) -> None:
    bad = [f"{name} became {value}" for name, value in record.items() if not math.isfinite(value)]
    if bad:
        last = {name: round(value, 4) for name, value in good[-1].items()} if good else "none"
        raise TrainingError(
            f"{' and '.join(bad)} {where}, so training stopped. Last good values: {last}. "
            f"To go on, {learner.remedy} in params.yaml and run again."
        )


def _largest(variables: list[Any]) -> float:
    """The largest absolute value, which is NaN where any value is."""
    return float(np.max([np.max(np.abs(np.asarray(variable))) for variable in variables]))


def _progress_bar(feed: Feed, epochs: int, done: int) -> Any:
    steps = len(feed.order(1))
    return tqdm(
        desc="training",
        total=epochs * steps,
        initial=done * steps,
        unit="step",
        disable=not sys.stderr.isatty(),
        dynamic_ncols=True,
    )


def _announce(record: Record, epochs: int, bar: Any) -> None:
    values = "  ".join(f"{name} {value:.4f}" for name, value in record.items() if name != "epoch")
    if bar.disable:
        print(f"epoch {record['epoch']}/{epochs}  {values}", flush=True)
    else:
        bar.set_description(f"epoch {record['epoch']}/{epochs}")
        bar.set_postfix_str(values)
