import threading
import time
from functools import partial

import pytest

from latentlab.core.errors import ArtifactError
from latentlab.tracking import background
from latentlab.tracking.background import Background


def fail() -> None:
    raise OSError("could not reach http://me:secret@host/api\nsecond line")


def test_calls_are_made_in_order_and_give_their_results() -> None:
    calls = Background("Advice.")
    made: list[int] = []
    results = [calls.submit(partial(made.append, number)) for number in range(5)]
    assert calls.wait(calls.submit(lambda: "result")) == "result"
    assert made == [0, 1, 2, 3, 4]
    assert all(result.done() for result in results)
    calls.close()


def test_after_the_first_failure_none_is_made_and_one_warning_says_why(
    capsys: pytest.CaptureFixture[str],
) -> None:
    calls = Background("Advice.")
    made: list[int] = []
    assert calls.wait(calls.submit(fail)) is None
    assert calls.wait(calls.submit(lambda: made.append(1))) is None
    assert calls.wait(calls.submit(fail), bounded=False) is None
    assert not made
    message = capsys.readouterr().err
    assert message == ("warning: MLflow cannot be used: OSError: could not reach http://host/api. Advice.\n")
    calls.close()


@pytest.mark.parametrize(
    "told",
    [
        '(psycopg.errors.UniqueViolation) duplicate key value violates unique constraint "dataset_pk"',
        "(sqlite3.IntegrityError) UNIQUE constraint failed: tags.key, tags.run_uuid",
        "API request failed: RESOURCE_ALREADY_EXISTS: Registered Model (name=latentlab-one) already exists",
    ],
)
@pytest.mark.parametrize("races", [1, background.ATTEMPTS])
def test_what_another_was_quicker_with_is_tried_again(
    told: str, races: int, capsys: pytest.CaptureFixture[str]
) -> None:
    lost: list[int] = []

    def write() -> str:
        if len(lost) < races:
            lost.append(1)
            raise RuntimeError(told)
        return "written"

    calls = Background("Advice.")
    result = calls.wait(calls.submit(write))
    calls.close()
    assert result == ("written" if races < background.ATTEMPTS else None)
    assert len(lost) == races
    assert capsys.readouterr().err.count("warning") == (result is None)


def test_no_other_failure_is_tried_again() -> None:
    made: list[int] = []

    def write() -> None:
        made.append(1)
        fail()

    calls = Background("Advice.")
    assert calls.wait(calls.submit(write)) is None
    calls.close()
    assert made == [1]


def test_patience_is_for_all_waits_together(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(background, "PATIENCE_SECONDS", 0.3)
    calls, answer = Background("Advice."), threading.Event()
    started = time.monotonic()
    hanging = calls.submit(answer.wait)
    for _ in range(20):
        assert calls.wait(hanging) is None
    assert 0.3 <= time.monotonic() - started < 3
    assert capsys.readouterr().err.count("warning") == 1
    answer.set()
    assert calls.wait(calls.submit(lambda: "late"), bounded=False) is None
    calls.close()


def test_an_unbounded_wait_outlasts_patience(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(background, "PATIENCE_SECONDS", 0.0)
    calls = Background("Advice.")
    assert calls.wait(calls.submit(partial(sum, range(10**6))), bounded=False) == 499999500000
    calls.close()


def test_a_mistake_on_this_side_is_raised_without_a_warning(capsys: pytest.CaptureFixture[str]) -> None:
    def miss() -> None:
        raise ArtifactError("history.json is missing")

    calls = Background("Advice.")
    with pytest.raises(ArtifactError, match="is missing"):
        calls.wait(calls.submit(miss))
    assert not capsys.readouterr().err
    calls.close()
