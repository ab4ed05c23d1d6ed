from pathlib import Path

import numpy as np
import pytest

from latentlab.core.errors import TrainingError
from latentlab.learning import loop
from latentlab.learning.batches import Drawn, Shuffled
from latentlab.learning.checkpoints import Checkpoint, History, Progress
from latentlab.learning.loop import Schedule
from tests.counting_learner import CountingLearner

NUMBERS = np.arange(1, 46, dtype=np.uint8)
# 23 steps: two calls of eight and one of seven.
FEED = Shuffled((NUMBERS,), batch_size=2, seed=1)


class Interrupted(Exception):
    """Stands for a kill."""


def fit(
    learner: CountingLearner, folder: Path, epochs: int = 3, stop_after: int | None = None
) -> tuple[Progress, list[History]]:
    """Train, drawing after epochs 1 and 3; what was reported comes with the progress."""
    reported: list[History] = []

    def report(history: History) -> None:
        reported.append(list(history))
        if len(history) == stop_after:
            raise Interrupted

    schedule = Schedule(epochs, dict.fromkeys([1, 3], learner.draw))
    validation = (np.array([1, 2, 6]),)
    progress = loop.fit(learner, FEED, validation, schedule, checkpoint=Checkpoint(folder), report=report)
    return progress, reported


def test_history_and_samples(tmp_path: Path) -> None:
    learner = CountingLearner()
    progress, reported = fit(learner, tmp_path)
    means = [float(NUMBERS[FEED.order(epoch)].mean()) for epoch in (1, 2, 3)]
    assert progress.history == [
        {"epoch": epoch, "loss": pytest.approx(mean), "steps": 1.0, "validation_3": 3.0}
        for epoch, mean in enumerate(means, start=1)
    ]
    assert len(progress.samples) == 2
    assert np.array_equal(progress.samples[-1]["samples"], learner.draw()["samples"])
    assert [len(history) for history in reported] == [0, 1, 2, 3]


def test_images_are_seen_in_the_order_of_the_feed(tmp_path: Path) -> None:
    learner, by_hand = CountingLearner(), CountingLearner()
    fit(learner, tmp_path)
    for epoch in (1, 2, 3):
        by_hand.train(NUMBERS[FEED.order(epoch)])
    assert learner.total.value == by_hand.total.value


@pytest.mark.parametrize("stop_after", [1, 2])
def test_interrupted_training_goes_on_as_if_nothing_had_been(tmp_path: Path, stop_after: int) -> None:
    straight, interrupted, resumed = CountingLearner(), CountingLearner(), CountingLearner()
    expected, _ = fit(straight, tmp_path / "straight")
    with pytest.raises(Interrupted):
        fit(interrupted, tmp_path / "killed", stop_after=stop_after)
    progress, reported = fit(resumed, tmp_path / "killed")
    assert resumed.total.value == straight.total.value != interrupted.total.value
    assert np.array_equal(resumed.weights.value, straight.weights.value)
    assert progress.history == expected.history
    assert [sample["samples"].tobytes() for sample in progress.samples] == [
        sample["samples"].tobytes() for sample in expected.samples
    ]
    assert [len(history) for history in reported] == list(range(stop_after, 4))


@pytest.mark.parametrize("stop_after", [None, 2])
def test_snapshots_are_of_their_epochs_whether_or_not_training_was_killed(
    tmp_path: Path, stop_after: int | None
) -> None:
    def snapshots_of(learner: CountingLearner, stop_after: int | None = None) -> dict[str, int]:
        def write(path: Path) -> None:
            path.parent.mkdir(exist_ok=True)
            path.write_text(str(learner.total.value))

        def report(history: History) -> None:
            if len(history) == stop_after:
                raise Interrupted

        schedule = Schedule(5, keep=dict.fromkeys([2, 4], write))
        loop.fit(learner, FEED, (), schedule, checkpoint=Checkpoint(tmp_path), report=report)
        return {path.stem: int(path.read_text()) for path in (tmp_path / "snapshots").iterdir()}

    if stop_after:
        with pytest.raises(Interrupted):
            snapshots_of(CountingLearner(), stop_after)
        assert [path.stem for path in (tmp_path / "snapshots").iterdir()] == ["epoch_002"]
    by_hand, totals = CountingLearner(), []
    for epoch in (1, 2, 3, 4):
        by_hand.train(NUMBERS[FEED.order(epoch)])
        totals.append(int(by_hand.total.value))
    assert snapshots_of(CountingLearner()) == {"epoch_002": totals[1], "epoch_004": totals[3]}


def test_a_snapshot_is_taken_before_the_state_of_its_epoch_is_saved(tmp_path: Path) -> None:
    """A kill between the two costs an epoch; the other way round it would cost the snapshot."""

    def fail(path: Path) -> None:
        raise Interrupted

    schedule = Schedule(3, keep={2: fail})
    with pytest.raises(Interrupted):
        loop.fit(
            CountingLearner(), FEED, (), schedule, checkpoint=Checkpoint(tmp_path), report=lambda _: None
        )
    assert len(Checkpoint(tmp_path).restore(CountingLearner().variables).history) == 1


def test_finished_training_is_not_repeated(tmp_path: Path) -> None:
    expected, _ = fit(CountingLearner(), tmp_path)
    progress, reported = fit(CountingLearner(), tmp_path)
    assert progress.history == expected.history
    assert len(reported) == 1


class Failing(CountingLearner):
    """A learner whose loss is bad in one step, counted over all epochs of 23."""

    def __init__(self, bad_step: int, value: float) -> None:
        super().__init__()
        self.bad_step, self.value, self.step = bad_step, value, 0

    def train(self, *batches: np.ndarray) -> dict[str, np.ndarray]:
        metrics = super().train(*batches)
        steps = range(self.step + 1, self.step + 1 + len(batches[0]))
        self.step = steps[-1]
        metrics["loss"] = np.array([self.value if step == self.bad_step else step for step in steps])
        return metrics


@pytest.mark.parametrize(
    ("bad_step", "value", "place", "last"),
    [
        (1, np.nan, "loss became nan in epoch 1, step 1", "none"),
        (20, np.inf, "loss became inf in epoch 1, step 20", "'loss': 19.0, 'steps': 1.0"),
        (24, -np.inf, "loss became -inf in epoch 2, step 1", "'epoch': 1, 'loss': 12.0"),
        (46, np.nan, "loss became nan in epoch 2, step 23", "'loss': 45.0"),
    ],
)
def test_a_loss_that_is_not_finite_stops_training(
    tmp_path: Path, bad_step: int, value: float, place: str, last: str
) -> None:
    with pytest.raises(TrainingError) as caught:
        fit(Failing(bad_step, value), tmp_path)
    message = str(caught.value)
    assert place in message
    assert f"Last good values: {last}" in message or f"Last good values: {{{last}" in message
    assert "lower counting.learning_rate in params.yaml" in message


def test_a_bad_validation_stops_training_and_is_not_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    fit(CountingLearner(), tmp_path, epochs=1)
    monkeypatch.setattr(CountingLearner, "validate", lambda *_: {"validation_loss": np.nan})
    with pytest.raises(TrainingError, match=r"validation_loss became nan after epoch 2.*'epoch': 1"):
        fit(CountingLearner(), tmp_path)
    assert len(Checkpoint(tmp_path).restore(CountingLearner().variables).history) == 1


def test_bad_weights_stop_training_though_the_last_loss_was_good(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    learner = CountingLearner()
    fit(learner, tmp_path, epochs=1)

    def validate(*_: object) -> dict[str, float]:
        learner.weights.value[0, 0] = np.nan
        return {}

    monkeypatch.setattr(learner, "validate", validate)
    with pytest.raises(TrainingError, match="the largest weight became nan after epoch 2"):
        fit(learner, tmp_path)
    assert len(Checkpoint(tmp_path).restore(CountingLearner().variables).history) == 1


def test_a_log_has_one_line_an_epoch(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    fit(CountingLearner(), tmp_path)
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 3
    assert lines[1].startswith("epoch 2/3  loss ")
    assert lines[1].endswith("  steps 1.0000  validation_3 3.0000")


def test_a_terminal_has_a_bar_with_the_time_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    fit(CountingLearner(), tmp_path, epochs=1)
    capsys.readouterr()
    monkeypatch.setattr("sys.stderr.isatty", lambda: True)
    fit(CountingLearner(), tmp_path)
    captured = capsys.readouterr()
    last = captured.err.split("\r")[-1]
    assert "epoch 3/3" in last
    assert "69/69" in last
    assert "23/69" in captured.err
    assert "loss" in last
    assert captured.out.count("epoch") == 1  # "Going on after epoch 1" alone


def test_an_epoch_may_be_a_single_step(tmp_path: Path) -> None:
    feed = Drawn((NUMBERS,), batch_size=3, steps=1, seed=1)
    learner = CountingLearner()
    progress = loop.fit(
        learner, feed, (), Schedule(2), checkpoint=Checkpoint(tmp_path), report=lambda _: None
    )
    assert [list(record) for record in progress.history] == [["epoch", "loss", "steps"]] * 2
    assert progress.samples == []
