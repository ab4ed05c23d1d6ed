import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from latentlab.core.errors import ArtifactError
from latentlab.tracking import models, store
from tests.tracking.pipeline_outputs import SIGNATURES

BUILD = """
import keras
latents = keras.Input((2,))
images = keras.layers.Reshape((3, 3, 1))(keras.layers.Dense(9, "sigmoid")(latents))
keras.Model(latents, images).save("models/tiny/decoder.keras")
images = keras.Input((3, 3, 1))
flat = keras.layers.Flatten()(images)
heads = [keras.layers.Dense(2, name=name)(flat) for name in ("z_mean", "z_log_var")]
keras.Model(images, heads).save("models/tiny/encoder.keras")
z, y = keras.Input((2,), name="z"), keras.Input((3,), name="y")
keras.Model([z, y], keras.layers.Concatenate()([z, y])).save("models/tiny/told.keras")
"""
# In another folder and without PYTHONPATH: what is needed must come with the model.
USE = """
import json
import sys
import mlflow
import numpy as np
from mlflow.pyfunc import scoring_server
mlflow.set_tracking_uri(sys.argv[1])
latents = np.zeros((5, 2), np.float32)
images = mlflow.pyfunc.load_model(sys.argv[2]).predict(latents)
assert "mlartifacts" in sys.modules["latentlab.tracking.serving"].__file__
assert images.shape == (5, 3, 3, 1) and (images == 0.5).all(), images
outputs = mlflow.pyfunc.load_model(sys.argv[3]).predict(images)
assert {name: value.shape for name, value in outputs.items()} == {"z_mean": (5, 2), "z_log_var": (5, 2)}
told = mlflow.pyfunc.load_model(sys.argv[4])
assert told.predict(told.input_example).tolist() == [[1, 0, 1, 0, 0]]
# As a server reads it.
request = json.dumps({"inputs": {"y": [[0, 1, 0]], "z": [[0.5, -1]]}})
answer = scoring_server.invocations(request, "application/json", told, told.metadata.get_input_schema())
assert json.loads(answer.response) == {"predictions": [[0.5, -1, 0, 1, 0]]}
try:
    mlflow.pyfunc.load_model(sys.argv[2]).predict(np.zeros((5, 3), np.float32))
except mlflow.exceptions.MlflowException as error:
    print(error)
"""


@pytest.fixture
def run(database: Path) -> tuple[store.Store, str]:
    """An open store and an empty run in it."""
    opened = store.connect()
    return opened, opened.client.create_run(opened.stages).info.run_id


def python(code: str, *arguments: str, folder: Path) -> str:
    command = [sys.executable, "-I", "-c", code, *arguments]
    done = subprocess.run(command, capture_output=True, text=True, cwd=folder)
    assert done.returncode == 0, done.stderr
    return done.stdout


def logged(run: tuple[store.Store, str]) -> dict[str, Any]:
    opened, run_id = run
    found = models.logged(opened.client, opened.stages, run_id)
    return {name: opened.client.get_logged_model(model_id) for name, model_id in found.items()}


def test_each_model_is_logged_once_with_signature_example_and_requirements(
    run: tuple[store.Store, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    opened, run_id = run
    # Neither is needed: an import of either would now fail, also where other tests have loaded them.
    for name in ("tensorflow", "keras"):
        monkeypatch.setitem(sys.modules, name, None)
    for _ in range(2):
        models.log(opened.client, opened.stages, run_id, Path("models/vae"))
    assert set(logged(run)) == {"vae-decoder", "vae-encoder"}
    outputs = opened.client.get_run(run_id).outputs.model_outputs
    assert {output.model_id for output in outputs} == {model.model_id for model in logged(run).values()}
    location = logged(run)["vae-encoder"].artifact_location
    info = store.load_mlflow().models.get_model_info(location)
    assert info.signature.to_dict()["inputs"] == json.dumps(
        [{"type": "tensor", "tensor-spec": {"dtype": "float32", "shape": [-1, 28, 28, 1]}}]
    )
    assert info.signature.outputs.input_names() == ["z_mean", "z_log_var"]
    assert info.saved_input_example_info["type"] == "ndarray"
    request = json.loads(
        Path(logged(run)["vae-decoder"].artifact_location, "serving_input_example.json").read_text()
    )
    assert request == {"inputs": [[1, 0]]}
    requirements = Path(location, "requirements.txt").read_text().splitlines()
    assert [line.split("==")[0] for line in requirements] == list(models.REQUIREMENTS)


def test_a_missing_signature_is_an_error(run: tuple[store.Store, str]) -> None:
    opened, run_id = run
    Path("models/vae/signature.json").unlink()
    with pytest.raises(ArtifactError, match=r"signature\.json is missing"):
        models.log(opened.client, opened.stages, run_id, Path("models/vae"))


def test_a_logged_model_gives_images_in_a_fresh_process(run: tuple[store.Store, str], tmp_path: Path) -> None:
    opened, run_id = run
    folder = Path("models/tiny")
    folder.mkdir()
    signature = {
        "decoder": {"inputs": [2], "outputs": [3, 3, 1]},
        "encoder": {"inputs": [3, 3, 1], "outputs": SIGNATURES["vae"]["encoder"]["outputs"]},
        "told": {"inputs": {"z": [2], "y": [3]}, "outputs": [5]},
    }
    (folder / "signature.json").write_text(json.dumps(signature))
    python(BUILD, folder=Path.cwd())
    models.log(opened.client, opened.stages, run_id, folder)
    uris = [logged(run)[name].model_uri for name in ("tiny-decoder", "tiny-encoder", "tiny-told")]
    assert "expected shape (-1, 2)" in python(USE, store.uri(), *uris, folder=tmp_path)
