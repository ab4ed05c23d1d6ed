"""Starts one training on several machines of a Ray cluster, the first of which is this one, and waits for it.

This machine runs the stage by DVC, as ever; Ray runs it on the others. So what comes of it lies here, and a
training that is started again finds its checkpoint.
"""

import json
import os
import signal
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from typing import Any, NamedTuple

from latentlab.core.errors import TrainingError
from latentlab.core.process import MACHINES
from studies.experiments import engine, task
from studies.machines import part

# Where the first machine listens; the others count on from it.
PORT = 10200
# How often it is looked whether all still train.
LOOK_SECONDS = 1
# For a training to tell MLflow of an interrupt, and for DVC to tell how it ended.
END_SECONDS = 10
# What a machine says that ended since another had; see `learning/devices.py`.
GONE = "another machine of this training is gone"
# Ends a group of processes once nobody holds the other end of its input.
WATCH = 'read -r _; kill -s KILL -- "-$0"'


class Machine(NamedTuple):
    """One of several that train: Ray's name for it, its address and the port where it listens."""

    node: str
    host: str
    port: int

    @property
    def address(self) -> str:
        """As TensorFlow has it."""
        return f"{self.host}:{self.port}"


def train(ray: Any, name: str, num_devices: int, num_machines: int | None) -> None:
    """Train a family's models on so many machines, None for all of the cluster.

    Args:
        ray: connected with the cluster.
        name: of the family.
        num_devices: of all machines together.
        num_machines: this one included.

    Raises:
        TrainingError: there are fewer machines, or one of them ended before it was done.
        SystemExit: it ended here, and has said why.
    """
    machines = _chosen(ray, num_machines)
    if trouble := part.taken(machines[0].port):
        raise TrainingError(f"{trouble}. Another training may be running here.")
    has_gpus = "GPU" in ray.cluster_resources()
    parts = _started(ray, name, machines, num_devices // len(machines) if has_gpus else 0)
    with _leading(name, _told(machines, 0)) as leader:
        _wait(ray, leader, parts)
    if leader.returncode:
        raise SystemExit(1)


def _chosen(ray: Any, number: int | None) -> list[Machine]:
    """So many machines of a cluster, this one first.

    Raises:
        TrainingError: there are fewer than these, or than two.
    """
    own = ray.get_runtime_context().get_node_id()
    nodes = sorted(engine.machines(ray), key=lambda node: (node["NodeID"] != own, node["NodeID"]))
    wanted = number or len(nodes)
    if not 2 <= wanted <= len(nodes):
        raise TrainingError(
            f"expected WORKERS to be 2 to the {len(nodes)} machines of this cluster, got {wanted}. Change "
            "it, or have more machines join; see docs/cluster.md."
        )
    hosts = [(node["NodeID"], node["NodeManagerAddress"]) for node in nodes[:wanted]]
    return [Machine(node, host, PORT + place) for place, (node, host) in enumerate(hosts)]


def _started(ray: Any, name: str, machines: list[Machine], num_gpus: int) -> dict[Any, str]:
    """What runs on the machines beside this one, each with the address that it runs at."""
    # Whole, because a machine need not have this code.
    ray.cloudpickle.register_pickle_by_value(part)
    ray.cloudpickle.register_pickle_by_value(task)
    run = ray.remote(num_cpus=1, num_gpus=num_gpus, max_retries=0)(part.run)
    on = ray.util.scheduling_strategies.NodeAffinitySchedulingStrategy
    parts = {}
    for place, machine in enumerate(machines[1:], 1):
        there = run.options(scheduling_strategy=on(machine.node, soft=False))
        parts[there.remote(name, machine.port, _told(machines, place))] = machine.host
    return parts


def _told(machines: list[Machine], place: int) -> dict[str, str]:
    """The environment in which one of them knows all."""
    addresses = [machine.address for machine in machines]
    share = {"cluster": {"worker": addresses}, "task": {"type": "worker", "index": place}}
    return {MACHINES: json.dumps(share)}


@contextmanager
def _leading(name: str, variables: Mapping[str, str]) -> Iterator["subprocess.Popen[bytes]"]:
    """The stage on this machine, in a group of processes that ends with the block."""
    command = ["dvc", "repro", "--single-item", f"train_{name}"]
    process = subprocess.Popen(command, env={**os.environ, **variables}, start_new_session=True)
    with _ending_with_this(process):
        try:
            yield process
        except KeyboardInterrupt:
            _end(process, signal.SIGINT)
            raise
        finally:
            if process.poll() is None:
                _end(process, signal.SIGKILL)


@contextmanager
def _ending_with_this(process: "subprocess.Popen[bytes]") -> Iterator[None]:
    """Should this process be killed, the other's group is as well, which might wait long for its peers."""
    command = ["sh", "-c", WATCH, str(process.pid)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, start_new_session=True) as watch:
        try:
            yield
        finally:
            watch.kill()


def _end(process: "subprocess.Popen[bytes]", number: signal.Signals) -> None:
    with suppress(subprocess.TimeoutExpired):
        os.killpg(process.pid, number)
        process.wait(END_SECONDS)


def _wait(ray: Any, leader: "subprocess.Popen[bytes]", parts: Mapping[Any, str]) -> None:
    """Until this machine is done; another one is as soon as all is trained.

    Raises:
        TrainingError: another machine ended otherwise, or the cluster's head did.
    """
    head, pending = ray.get_runtime_context().gcs_address, list(parts)
    deserted: dict[str, float] = {}
    while leader.poll() is None:
        if not pending:
            time.sleep(LOOK_SECONDS)
        else:
            done, pending = ray.wait(pending, timeout=LOOK_SECONDS)
            for one in done:
                if _is_deserted(ray, one, parts[one]):
                    deserted[parts[one]] = time.monotonic() + END_SECONDS
            engine.require_head(head)
        for host, deadline in deserted.items():
            if time.monotonic() > deadline:
                raise _ended(host, GONE)


def _is_deserted(ray: Any, ended: Any, host: str) -> bool:
    """Whether a machine ended only since another had, of which there is more to tell.

    Raises:
        TrainingError: it ended for a reason of its own, and not a good one.
    """
    try:
        said = ray.get(ended)
    except ray.exceptions.RayError as error:
        said = str(error).splitlines()[0]
    if said and GONE not in said:
        raise _ended(host, said)
    return bool(said)


def _ended(host: str, said: str) -> TrainingError:
    return TrainingError(
        f"the training ended on {host}, and so on all machines. Run the same again, and it goes on after "
        f"the last whole epoch. {host} said: {said}"
    )
