"""Equal numbers of threads give equal bits, also on fewer processors."""

import os
import subprocess
import sys

import pytest

from latentlab import provenance
from tests.imports import ROOT

# Images of a real size, because threads share out work of some size alone.
TRAIN = """
import hashlib, os, sys
threads, processors = map(int, sys.argv[1:])
if processors:
    os.sched_setaffinity(0, range(processors))
from latentlab import model_files
model_files.use_threads(threads)
import numpy as np
from latentlab import gan
from latentlab.optimizers import adam
shape = (28, 28, 1)
learner = gan.Gan(
    generator=gan.build_generator(latent_dim=10, filters=16, batch_norm=True, image_shape=shape, seed=1),
    discriminator=gan.build_discriminator(filters=16, dropout=0.4, image_shape=shape, seed=1),
    generator_optimizer=adam(0.001),
    discriminator_optimizer=adam(0.001),
    share_fakes=True,
    average_decay=0.9,
    seed=1,
)
learner.train(np.random.default_rng(0).integers(0, 256, (8, 32, *shape), dtype=np.uint8))
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
