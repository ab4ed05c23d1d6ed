"""Whether what a verdict finds is right of a set with a known trouble."""

import numpy as np
import pytest

from latentlab.core import artifacts
from latentlab.core.errors import EvaluationError
from studies.failures import judging
from studies.failures.judging import is_right
from studies.failures.sets import Failure


@pytest.mark.parametrize(
    ("finding", "found", "right"),
    [
        ("mode collapse", ["mode collapse"], True),
        ("mode collapse", ["low diversity", "mode collapse"], True),
        ("mode collapse", [], False),
        ("mode collapse", ["low diversity"], False),
        ("mode collapse", ["mode collapse", "memorisation"], False),
        (None, [], True),
        (None, ["memorisation"], False),
    ],
)
def test_what_must_be_found_is_and_nothing_but_what_may_be(
    finding: str | None, found: list[str], right: bool
) -> None:
    failure = Failure(
        "a set", lambda held: np.zeros((1, 8, 8, 1), np.uint8), finding, frozenset({"low diversity"})
    )
    assert is_right(failure, found) == right


@pytest.mark.parametrize("count", [200, 500, 519])
def test_validation_images_that_the_yardstick_needs_for_itself_are_too_few(
    count: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(artifacts, "load_images", lambda split: np.zeros((count, 8, 8, 1), np.uint8))
    monkeypatch.setattr(artifacts, "load_labels", lambda split: np.zeros(count, np.uint8))
    with pytest.raises(EvaluationError, match=f"expected 520 validation images or more, .* got {count}"):
        judging._held_out(100)
