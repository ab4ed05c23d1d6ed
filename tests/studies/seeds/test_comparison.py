"""Two settings side by side, and when they are not put there."""

import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from latentlab.core.errors import EvaluationError
from studies.seeds import comparison
from tests.imports import ROOT


def content(*values: float, extractor: str = "a", split: str = "b", settings: Any = ()) -> dict[str, Any]:
    """Of a seeds.json."""
    summary = {"mean": sum(values) / len(values), "values": {str(n): v for n, v in enumerate(values)}}
    return {
        "settings": list(settings),
        "seeds": list(range(len(values))),
        "conditions": {
            "vae": {"num_samples": 10},
            "gan": {"num_samples": 10},
            "features": {"sha256": extractor},
            "protocol": {"test_split_sha256": split},
        },
        "models": {"vae": {"recall": summary}},
    }


def test_each_score_is_b_less_a() -> None:
    a, b = content(0, 0, 0, 0, 0), content(2, 2, 2, 2, 2)
    [(name, difference)] = comparison.compare(a, b).items()
    assert name == ("vae", "recall")
    assert difference.interval == (2, 2)


def test_a_model_that_one_side_lacks_is_left_out() -> None:
    a, b = content(1, 2), content(1, 2)
    b["models"] = {}
    assert comparison.compare(a, b) == comparison.compare(b, a) == {}


@pytest.mark.parametrize(
    ("other", "reason"),
    [
        (content(1, 2, extractor="x"), "different classifiers"),
        (content(1, 2, split="x"), "different test images"),
    ],
)
def test_what_was_measured_otherwise_is_never_subtracted(other: Any, reason: str) -> None:
    with pytest.raises(EvaluationError, match=f"cannot be compared or subtracted: .*{reason}"):
        comparison.compare(content(1, 2), other)


def test_the_script_says_which_settings_differ_or_that_they_cannot_be_compared(tmp_path: Path) -> None:
    files = {
        "a": content(1, 1, 1, 1, 1),
        "b": content(3, 3, 3, 3, 3, settings=["gan.dropout=0.4"]),
        "c": content(3, 3, extractor="x"),
    }
    for name, value in files.items():
        (tmp_path / name).write_text(json.dumps(value))

    def call(first: str, second: str) -> "subprocess.CompletedProcess[str]":
        command = [sys.executable, "-m", "scripts.compare", first, second]
        environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT / "src"), str(ROOT)])}
        return subprocess.run(command, cwd=tmp_path, env=environment, capture_output=True, text=True)

    done = call("a", "b")
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == [
        "A: params.yaml as committed; seeds 0, 1, 2, 3, 4",
        "B: gan.dropout=0.4; seeds 0, 1, 2, 3, 4",
        "B - A, with the 95 % interval of its mean:",
        "  vae recall: 1, 3: +2 (+2 to +2), n = 5: differs",
        "Where nothing differs, one interval in twenty misses 0 by chance.",
    ]
    refused = call("a", "c")
    assert refused.returncode == 1
    assert "error: these scores cannot be compared" in refused.stderr
    (tmp_path / "metrics").write_text('{"conditions": {}, "models": {}}')
    refused = call("a", "metrics")
    assert refused.returncode == 1
    assert "error: FILE: expected one that make seeds wrote, got metrics, which is another." in refused.stderr
