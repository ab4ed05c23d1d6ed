"""Several devices train as one does; on parts of a CPU, in processes of their own."""

import json
import os
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any

import keras
import numpy as np
import numpy.typing as npt
import pytest
import tensorflow as tf

from latentlab.core.errors import ParamsError, TrainingError
from latentlab.core.process import MACHINES
from latentlab.learning import devices
from latentlab.learning.descent import adam
from latentlab.learning.graph import forward
from tests.imports import ROOT
from tests.learning.on_devices import COMPILED, PLAIN

Found = dict[str, npt.NDArray[Any]]
# Where rounding is more than 100. On one device the autoencoder differs from itself by 70 to 272 with rows in
# another order, and the residual VAE by 87 if the last place of its first kernel alone is another.
ULPS = {"autoencoder": 300, "residual vae": 400}


def run(number: int, path: Path) -> Found:
    """What a process on so many devices writes."""
    command = [sys.executable, "-m", "tests.learning.on_devices", str(number), str(path)]
    subprocess.run(command, env=os.environ | {"PYTHONPATH": "src:."}, cwd=ROOT, check=True)
    with np.load(path) as file:
        return dict(file)


@pytest.fixture(scope="module")
def one(tmp_path_factory: pytest.TempPathFactory) -> Found:
    return run(1, tmp_path_factory.mktemp("devices") / "one.npz")


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> Found:
    return run(2, tmp_path_factory.mktemp("devices") / "two.npz")


def of_case(found: Found, case: str) -> Found:
    """By variable; of second moments the roots, which are multiples of gradients as the first ones are."""
    own = {key: value for key, value in found.items() if key.startswith(f"{case}/")}
    return {key: np.sqrt(value) if key.endswith("velocity") else value for key, value in own.items()}


def kind_of(key: str) -> str:
    """Of variables whose terms are of one size."""
    return next((kind for kind in ("momentum", "velocity") if key.endswith(kind)), "value")


@pytest.mark.parametrize("case", [*COMPILED, *PLAIN])
def test_a_first_step_is_that_of_one_device(case: str, one: Found, two: Found) -> None:
    """In units in the last place of the largest number of a kind; counters and random states are equal."""
    expected, found = of_case(one, case), of_case(two, case)
    assert list(found) == list(expected)
    largest: dict[str, float] = defaultdict(float)
    for key, value in expected.items():
        if value.dtype == np.float32:
            largest[kind_of(key)] = max(largest[kind_of(key)], float(np.max(np.abs(value))))
    for key, value in expected.items():
        if value.dtype == np.float32:
            difference = np.max(np.abs(found[key].astype(np.float64) - value))
            allowed = ULPS.get(case, 100) * np.spacing(np.float32(largest[kind_of(key)]))
            assert difference <= allowed, key
        else:
            assert np.array_equal(found[key], value), key


@pytest.mark.parametrize("case", COMPILED)
def test_the_same_devices_give_the_same_bits_also_from_a_checkpoint(case: str, two: Found) -> None:
    assert len(set(two[f"digests of {case}"])) == 1


def test_fewer_gpus_than_asked_for_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["a", "b", "c"])
    with (
        pytest.raises(ParamsError, match=r"devices: expected at most the 3 GPUs .*, got 4\. Lower it"),
        devices.using(4),
    ):
        pass


def test_gpus_are_taken_before_the_cpu(monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[Any] = []

    class Refused(Exception):
        """Stands for devices that this machine lacks."""

    def strategy(names: list[str]) -> None:
        asked.append(names)
        raise Refused

    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["a", "b", "c"])
    monkeypatch.setattr(tf.distribute, "MirroredStrategy", strategy)
    with pytest.raises(Refused), devices.using(2):
        pass
    assert asked == [["GPU:0", "GPU:1"]]


def test_one_device_is_no_strategy() -> None:
    """So that nothing is computed in another way than without this module."""
    with devices.using(1):
        assert not tf.distribute.has_strategy()
        assert adam(0.1).loss_scale_factor is None
        assert devices.over_all("a mean") == "a mean"
        assert devices.drawn(lambda *arguments: arguments, (3, 1), 0.5) == ((3, 1), 0.5)


def told(place: int, addresses: list[str]) -> str:
    return json.dumps({"cluster": {"worker": addresses}, "task": {"type": "worker", "index": place}})


TWO = ["10.0.0.1:10200", "10.0.0.2:10201"]


def test_the_only_machine_or_the_first_leads(monkeypatch: pytest.MonkeyPatch) -> None:
    assert devices.leads()
    assert devices.alone()
    assert devices.from_first(b"what it has") == b"what it has"
    monkeypatch.setenv(MACHINES, told(0, TWO))
    assert devices.leads()
    monkeypatch.setenv(MACHINES, told(1, TWO))
    assert not devices.leads()


@pytest.mark.parametrize(("number", "gpus"), [(1, 8), (3, 8), (4, 0)])
def test_devices_that_machines_cannot_share_are_refused(
    number: int, gpus: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Of an odd number two machines have no equal parts; without GPUs each is one."""
    monkeypatch.setattr(tf.config, "list_physical_devices", lambda kind: ["gpu"] * gpus)
    monkeypatch.setenv(MACHINES, told(1, TWO))
    with (
        pytest.raises(
            ParamsError, match=f"devices: expected a number that 2 machines share .*, got {number}"
        ),
        devices.using(number),
    ):
        pass


def test_a_machine_that_is_gone_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(MACHINES, told(0, TWO))
    monkeypatch.setattr(devices, "_strategy", lambda *_: tf.distribute.get_strategy())
    with (
        pytest.raises(
            TrainingError,
            match=r"another machine of this training is gone, .* Run the same again.* Socket closed",
        ),
        devices.using(2),
    ):
        raise tf.errors.UnavailableError(None, None, "Socket closed")


def test_layers_that_several_devices_cannot_share_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(devices, "count", lambda: 2)
    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.GaussianNoise(0.1, name="noise")])
    assert forward(model, np.ones((2, 3), np.float32), training=False).shape == (2, 3)
    with pytest.raises(ValueError, match=r"noise: expected a plain .*, got GaussianNoise, .* Set devices"):
        forward(model, np.ones((2, 3), np.float32), training=True)
