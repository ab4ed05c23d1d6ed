"""`make serve` as users have it: a real server on this machine, what it answers, refuses, and survives."""

import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, NamedTuple
from urllib.error import HTTPError
from urllib.request import Request, urlopen

import keras
import numpy as np
import numpy.typing as npt
import pytest
from keras import layers
from PIL import Image

from latentlab.tracking import tracker
from latentlab.tracking.serving import MOST_EXAMPLES
from scripts import mlflow_server, serve
from tests.tracking.pipeline_outputs import METRICS, REPOSITORY, enter_project, load_result, write_metrics
from tests.tracking.ports import free_port, wait_for

# As in the default, for which the README is written.
LATENT_DIM = 50
GAN = METRICS["gan"] | {"kernel_distance": 0.25, "intervals": {"kernel_distance": [0.125, 0.375]}}

Array = npt.NDArray[np.float32]


class Server(NamedTuple):
    """A server that runs, and what it serves."""

    address: str
    process: "subprocess.Popen[bytes]"
    generator: keras.Model


@pytest.fixture(scope="module")
def server(tmp_path_factory: pytest.TempPathFactory, empty_database: Path) -> Iterator[Server]:
    """One for all tests, since it takes long to start."""
    with pytest.MonkeyPatch.context() as patch:
        root = enter_project(tmp_path_factory.mktemp("served"), patch)
        shutil.copy(empty_database, root / "mlflow.db")
        generator = make_generator(root / "models" / "gan" / "generator.keras")
        signature = {"generator": {"inputs": [LATENT_DIM], "outputs": [28, 28, 1]}}
        (root / "models" / "gan" / "signature.json").write_text(json.dumps(signature))
        write_metrics(METRICS | {"gan": GAN})
        tracker.track(load_result())
        port = free_port()
        process = subprocess.Popen(
            [sys.executable, "-m", "scripts.serve", "gan", "--port", str(port)],
            env=os.environ | {"PYTHONPATH": os.pathsep.join(map(str, (REPOSITORY / "src", REPOSITORY)))},
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
        try:
            wait_for(port)
            yield Server(f"http://127.0.0.1:{port}", process, generator)
        finally:
            if group_lives(process.pid):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def make_generator(path: Path) -> keras.Model:
    z = layers.Input((LATENT_DIM,), name="z")
    generator = keras.Model(z, layers.Reshape((28, 28, 1))(layers.Dense(784, "sigmoid")(z)))
    generator.save(path)
    return generator


def group_lives(leader: int) -> bool:
    try:
        os.killpg(leader, 0)
    except ProcessLookupError:
        return False
    return True


def post(server: Server, body: str, content_type: str = "application/json") -> tuple[int, str]:
    """The status and the text of an answer."""
    request = Request(f"{server.address}/invocations", body.encode(), {"Content-Type": content_type})
    try:
        with urlopen(request, timeout=60) as answer:
            return answer.status, answer.read().decode()
    except HTTPError as refusal:
        return refusal.code, refusal.read().decode()


def draw(server: Server, z: Array) -> Array:
    """The images that the server makes of latents."""
    status, text = post(server, json.dumps({"inputs": z.tolist()}))
    assert status == 200, text
    return np.array(json.loads(text)["predictions"], np.float32)


def latents(count: int, seed: int) -> Array:
    return np.random.default_rng(seed).standard_normal((count, LATENT_DIM), dtype=np.float32)


def test_200_requests_8_at_a_time_all_get_what_keras_gives(server: Server) -> None:
    asked = [latents(1 + seed % 8, seed) for seed in range(200)]
    with ThreadPoolExecutor(8) as threads:
        answers = list(threads.map(lambda z: draw(server, z), asked))
    expected = server.generator(np.concatenate(asked)).numpy()
    np.testing.assert_allclose(np.concatenate(answers), expected, atol=1e-6)


def rows(*values: Any) -> str:
    """A request of latents that are filled with one value each."""
    return json.dumps({"inputs": [[value] * LATENT_DIM for value in values]})


@pytest.mark.parametrize(
    ("body", "reason"),
    [
        ('{"inputs": [[0.5, 0.5]]}', "Shape of input (1, 2) does not match expected shape (-1, 50)"),
        ('{"inputs": 0.5}', "Shape of input"),
        (json.dumps({"inputs": [0.5] * LATENT_DIM}), "Shape of input (50,) does not match"),
        (json.dumps({"inputs": [[0.5] * LATENT_DIM, [0.5]]}), "inhomogeneous"),
        (rows("one"), "could not convert string to float"),
        (rows({}), "float"),
        (rows(None), "expected finite numbers in z, got NaN, null"),
        (rows(0.5, float("nan")), "expected finite numbers in z"),
        (rows(float("-inf")), "expected finite numbers in z"),
        (rows(1e39), "expected finite numbers in z"),
        ('{"inputs": []}', "an input of type <class 'list'> was found"),
        ('{"inputs": {"z": [[0.5]]}}', "Failed to"),
        (rows(*[0] * (MOST_EXAMPLES + 1)), "expected 1 to 256 examples at once, got 257"),
        (rows(*[0] * 30_000), "expected 1 to 256 examples at once, got 30000"),
        ("[[0.5]]", "Received a list"),
        ('{"latents": [[0.5]]}', "Received dictionary with input fields"),
        ("no JSON", "Ensure that input is a valid JSON formatted string"),
        ("", "Ensure that input is a valid JSON formatted string"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_reason_and_the_server_lives(
    server: Server, body: str, reason: str
) -> None:
    status, text = post(server, body)
    assert (status, reason in json.loads(text)["message"]) == (400, True), text[:500]
    assert draw(server, latents(1, seed=0)).shape == (1, 28, 28, 1)


def test_other_types_of_content_are_refused(server: Server) -> None:
    status, text = post(server, rows(0.5), "application/x-www-form-urlencoded")
    assert status == 415
    assert "only supports the following content types" in text


def test_as_many_latents_as_promised_are_taken(server: Server) -> None:
    assert len(draw(server, latents(MOST_EXAMPLES, seed=0))) == MOST_EXAMPLES


@pytest.mark.skipif(shutil.which("curl") is None, reason="curl is not installed")
def test_the_readme_gets_images(server: Server, tmp_path: Path) -> None:
    [block] = re.findall(r"^make serve  .*?\n(.*?)^```", (REPOSITORY / "README.md").read_text(), re.M | re.S)
    port = server.address.rpartition(":")[2]
    folder = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
    script = block.replace(":5001", f":{port}")
    subprocess.run(["bash", "-ec", script], cwd=tmp_path, env=os.environ | {"PATH": folder}, check=True)
    with Image.open(tmp_path / "images.png") as picture:
        assert picture.size == (224, 224)
        assert len(picture.getcolors(256) or []) > 100


def test_a_port_that_is_taken_and_a_model_that_is_not_there_end_with_a_reason(
    server: Server, monkeypatch: pytest.MonkeyPatch
) -> None:
    port = server.address.rpartition(":")[2]
    monkeypatch.setattr(sys, "argv", ["serve.py", "gan", "--port", port])
    with pytest.raises(SystemExit, match=f"error: port {port} is taken"):
        serve.main()
    with pytest.raises(SystemExit, match=f"error: port {port} is taken.*`make mlflow-server PORT=5002`"):
        mlflow_server.require_free(int(port), "make mlflow-server PORT=5002")
    monkeypatch.setattr(sys, "argv", ["serve.py", "vae", "--alias", "challenger"])
    with pytest.raises(SystemExit, match="error: latentlab-vae has no version with the alias challenger"):
        serve.main()


@pytest.mark.parametrize("port", ["0", "65536", "http"])
def test_no_port_is_none(
    port: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "argv", ["serve.py", "gan", "--port", port])
    with pytest.raises(SystemExit):
        serve.main()
    assert "argument --port: " in capsys.readouterr().err


def test_a_store_that_cannot_be_used_is_named(monkeypatch: pytest.MonkeyPatch, refusing: str) -> None:
    monkeypatch.setenv("MLFLOW_TRACKING_URI", refusing)
    monkeypatch.setattr(sys, "argv", ["serve.py", "gan", "--port", str(free_port())])
    with pytest.raises(SystemExit, match="error: MLflow cannot be used: "):
        serve.main()


def test_the_server_ends_with_its_children(server: Server) -> None:
    """The last one, because nothing is served after it."""
    server.process.terminate()
    server.process.wait(timeout=30)
    deadline = time.monotonic() + 30
    while group_lives(server.process.pid) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not group_lives(server.process.pid)
