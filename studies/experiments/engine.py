"""Hands experiments to Ray, on this machine or on a cluster, and waits for them all.

Which ones are done is Git's to tell, so the same again goes on, whatever was killed on the way.
"""

import os
import secrets
import socket
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import asdict, dataclass
from functools import cache, cached_property
from typing import Any

from tqdm import tqdm

from latentlab.core.errors import ParamsError, TrainingError
from studies.experiments import exchange, task
from studies.experiments.exchange import Exchange
from studies.experiments.task import Job, Outcome
from studies.seeds import cost

# After a machine or a process on it was lost.
RETRIES = 3
# How often it is looked whether the head still answers, and for how long it may be silent. Ray looks too, but
# after a minute, and then ends the process.
LOOK_SECONDS = 5
# The least that Ray takes for objects that tasks exchange, which here are but words.
STORE_BYTES = 80 * 2**20
QUIET = {"log_to_driver": False, "logging_level": "ERROR"}
# As `ray start` must be told, too: without it a worker that is killed leaves processes behind.
SETTINGS = {"RAY_process_group_cleanup_enabled": "1", "RAY_USAGE_STATS_ENABLED": "0"}

# Changes of params.yaml by the experiment's name.
Planned = Mapping[str, Sequence[str]]


@dataclass(frozen=True)
class Engine:
    """Where experiments run, and where their results go.

    Attributes:
        revision: the commit that all start from.
        place: what is exchanged with the machines.
        address: of a cluster; None for this machine alone.
        num_jobs: how many run at a time on this machine; a cluster has its own numbers.
        open: what ends with it.
    """

    revision: str
    place: Exchange
    address: str | None
    num_jobs: int
    open: ExitStack

    def finish(self, planned: Planned) -> None:
        """Run what is not done yet, and have all results here.

        Raises:
            TrainingError: experiments ended without a result.
        """
        done = self.place.finished(self.revision)
        missing = {name: changes for name, changes in planned.items() if name not in done}
        print(f"{len(planned) - len(missing)} of {len(planned)} experiments are done already", flush=True)
        failed = self._run(missing) if missing else []
        self.place.bring(self.revision, set(planned) - set(failed))
        if failed:
            raise TrainingError(
                f"{len(failed)} of {len(planned)} experiments failed, see above: {', '.join(failed)}. What "
                "was finished is kept: mend it and run the same again."
            )

    def finished(self) -> set[str]:
        """The names of the experiments that are done."""
        return set(self.place.finished(self.revision))

    def _run(self, missing: Planned) -> list[str]:
        ray = self._ray
        run = ray.remote(num_cpus=1, max_retries=RETRIES, scheduling_strategy="SPREAD")(task.run)
        tasks = {run.remote(self._job(name, changes)): name for name, changes in missing.items()}
        return _wait(ray, tasks, missing)

    @cached_property
    def _ray(self) -> Any:
        ray = self.open.enter_context(connected(self.address, self.num_jobs))
        # Whole, because a machine of a cluster need not have this code.
        ray.cloudpickle.register_pickle_by_value(task)
        nodes, slots = machines(ray), int(ray.cluster_resources().get("CPU", 0))
        if not slots:
            raise TrainingError(f"expected a cluster that runs something, got none at {self.address}.")
        print(f"{slots} at a time on {len(nodes)} machine{'s' * (len(nodes) > 1)}", flush=True)
        return ray

    def _job(self, name: str, changes: Sequence[str]) -> Job:
        ref = f"{exchange.refs(self.revision)}/{name}"
        return Job(ref, tuple(changes), self.revision, **asdict(self.place))


@contextmanager
def started(revision: str, num_jobs: int, address: str | None) -> Iterator[Engine]:
    """The engine for the experiments of a commit; Ray is started where something must run.

    Args:
        revision: the commit.
        num_jobs: how many run at a time on this machine.
        address: of a Ray cluster; None for RAY_ADDRESS, and without that this machine alone.

    Raises:
        ParamsError: no experiment could run at a time.
        TrainingError: this is Windows, or a cluster's machines could not reach the commit.
    """
    if os.name == "nt":
        raise TrainingError(
            "sweeps and seeds: expected Linux or macOS, got Windows. Run one setting at a time: "
            "`dvc exp run -S section.key=value`."
        )
    if num_jobs < 1:
        raise ParamsError(f"JOBS: expected 1 or more, got {num_jobs}.")
    chosen = address or os.environ.get("RAY_ADDRESS") or None
    place = exchange.between_machines(revision) if chosen else exchange.here()
    with ExitStack() as stack:
        yield Engine(revision, place, chosen, num_jobs, stack)


@contextmanager
def connected(address: str | None, num_jobs: int) -> Iterator[Any]:
    """Ray, with a cluster or with a service on this machine that ends in the end.

    Raises:
        TrainingError: Ray is not installed, or no cluster is at the address.
    """
    # All before the import, as Ray looks only once.
    os.environ.update(SETTINGS)
    os.environ.setdefault("RAY_AUTH_MODE", "token")
    if not address:
        _hear_nobody_else()
    try:
        import ray
    except ModuleNotFoundError as error:
        raise TrainingError(
            "expected Ray, which runs the experiments: `make sweep` and `make seeds` install it, as "
            "`pip install -e '.[cluster]'` does."
        ) from error
    with _of_a_cluster(ray, address) if address else _of_this_machine(ray, num_jobs):
        yield ray


def machines(ray: Any) -> list[Any]:
    """The nodes of a cluster that are there, as Ray describes them."""
    return [node for node in ray.nodes() if node["Alive"]]


@contextmanager
def _of_a_cluster(ray: Any, address: str) -> Iterator[None]:
    try:
        ray.init(address=address, **QUIET)
    except (ConnectionError, RuntimeError, ValueError, ray.exceptions.RayError) as error:
        raise TrainingError(
            f"no Ray takes work at {address}. CLUSTER, or RAY_ADDRESS, is the address of its head, such as "
            "10.0.0.1:6379; this machine must be one of the cluster and have its token, or "
            f"RAY_AUTH_MODE=disabled where there is none; see docs/cluster.md. Ray says: {error}"
        ) from error
    try:
        yield
    finally:
        ray.shutdown()


@contextmanager
def _of_this_machine(ray: Any, num_jobs: int) -> Iterator[None]:
    # Linux answers to all of 127.0.0.0/8; Ray takes 127.0.0.1 for a mistake, but there alone.
    loopback = {"_node_ip_address": "127.0.0.2"} if sys.platform == "linux" else {}
    # Sockets lie in its folder, whose names must be short.
    with tempfile.TemporaryDirectory(prefix="ray-", dir="/tmp", ignore_cleanup_errors=True) as folder:
        settings = {"object_store_memory": STORE_BYTES, "include_dashboard": False, **loopback, **QUIET}
        ray.init(address="local", num_cpus=num_jobs, _temp_dir=folder, **settings)
        try:
            yield
        finally:
            ray.shutdown()


def _hear_nobody_else() -> None:
    """Give a Ray of this process's own a token that no other process knows, whatever a cluster's is."""
    os.environ |= {"RAY_AUTH_MODE": "token", "RAY_AUTH_TOKEN": _own_token()}


@cache
def _own_token() -> str:
    return secrets.token_hex(32)


def _wait(ray: Any, tasks: Mapping[Any, str], missing: Planned) -> list[str]:
    """A line for each experiment as it ends, and a bar with the time left; the names of those that failed."""
    failed, pending = [], list(tasks)
    head = ray.get_runtime_context().gcs_address
    with tqdm(total=len(tasks), unit="experiment", smoothing=0) as bar:
        while pending:
            done, pending = ray.wait(pending, timeout=LOOK_SECONDS)
            if not done:
                require_head(head)
                continue
            name, outcome = tasks[done[0]], _outcome(ray, done[0])
            told = f"{name} {' '.join(missing[name])}"
            if outcome.trouble:
                failed.append(name)
                bar.write(f"{told}: failed on {outcome.machine}. {outcome.trouble}")
            else:
                took = f"{told}: {cost.told(outcome.seconds)} on {outcome.machine}"
                bar.write("\n".join([took, *outcome.warnings]))
            bar.update()
    return sorted(failed)


def require_head(address: str) -> None:
    """See that the head of a cluster, at this address, is there.

    Raises:
        TrainingError: it does not answer.
    """
    host, _, port = address.rpartition(":")
    try:
        socket.create_connection((host, int(port)), LOOK_SECONDS).close()
    except OSError as error:
        raise TrainingError(
            f"the cluster's head, {address}, does not answer any more ({error}). What was finished is kept, "
            "and what runs ends within a minute: start Ray anew and run the same again."
        ) from error


def _outcome(ray: Any, ended: Any) -> Outcome:
    try:
        outcome: Outcome = ray.get(ended)
        return outcome
    except ray.exceptions.RayError as error:
        return Outcome("a machine that was lost", 0, str(error).splitlines()[0])
