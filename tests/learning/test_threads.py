"""Equal numbers of threads give equal bits, also on fewer processors."""

import os
import subprocess
import sys

import pytest

from latentlab.core import provenance
from tests.imports import ROOT

# Images of a real size, because threads share out work of some size alone.
TRAIN = """
import hashlib, os, sys
threads, processors = map(int, sys.argv[1:])
if processors:
    os.sched_setaffinity(0, range(processors))
from latentlab.learning import threads as compute
compute.use(threads)
import numpy as np
from latentlab.scoring import features
from latentlab.learning.descent import adam
model = features.build_classifier(
    filters=(16, 32), width=64, dropout=0.4, shift=0.1, num_classes=10, image_shape=(28, 28, 1), seed=1
)
learner = features.Classifier(model, adam(0.001))
rng = np.random.default_rng(0)
learner.train(
    rng.integers(0, 256, (8, 64, 28, 28, 1), dtype=np.uint8), rng.integers(0, 10, (8, 64), dtype=np.uint8)
)
state = b"".join(np.asarray(variable).tobytes() for variable in learner.variables)
print(hashlib.sha256(state).hexdigest())
"""


def train(threads: int, processors: int = 0) -> str:
    """The hash of all that training changes, in a process on so many processors, or on all of them."""
    done = subprocess.run(
        [sys.executable, "-c", TRAIN, str(threads), str(processors)],
        env=os.environ | {"PYTHONPATH": str(ROOT / "src")},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


@pytest.mark.skipif(not hasattr(os, "sched_setaffinity"), reason="processors can be chosen on Linux alone")
def test_equal_numbers_of_threads_give_equal_bits_however_many_processors() -> None:
    assert train(threads=2) == train(threads=2, processors=1)


def test_the_default_is_what_the_process_may_use(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(os, "sched_getaffinity", lambda process: {1, 5, 6}, raising=False)
    assert provenance.threads(None) == 3
    assert provenance.threads(2) == 2
