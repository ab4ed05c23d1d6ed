import json
import math
import os
import resource
import subprocess
import sys
from pathlib import Path

import keras
import numpy as np
import pytest
import tensorflow as tf

from latentlab.core.errors import ArtifactError
from latentlab.showing.report import weights
from latentlab.trained import inference, model_files
from tests.imports import ROOT
from tests.tiny_learners import build_classifier, build_gan, build_vae, images

SAVE = """
import sys
from pathlib import Path
import tensorflow as tf
import threadpoolctl
from latentlab.learning import threads
from tests.trained.test_model_files import save_all
threads.use(3)
print(tf.config.threading.get_intra_op_parallelism_threads())
print({pool["num_threads"] for pool in threadpoolctl.threadpool_info() if pool["user_api"] == "blas"})
save_all(Path(sys.argv[1]), unrelated=int(sys.argv[2]))
"""

LOAD = """
import json, math, sys
from pathlib import Path
import keras, numpy as np, tensorflow as tf
from tests.imports import ROOT
found = {}
for path in map(Path, sys.argv[1:]):
    model = keras.saving.load_model(path, safe_mode=True)
    size = 2 * math.prod(model.input_shape[1:])
    examples = np.linspace(0, 1, size, dtype=np.float32).reshape(2, *model.input_shape[1:])
    outputs = tf.nest.flatten(model(examples, training=False))
    found[path.stem] = [output.numpy().tolist() for output in outputs]
assert "latentlab" not in sys.modules
print(json.dumps(found))
"""


def save_all(folder: Path, unrelated: int = 0) -> None:
    """Save a model of each kind, after as many others, which take up Keras' automatic names."""
    for _ in range(unrelated):
        keras.Sequential([keras.layers.Input((3,)), keras.layers.Dense(2), keras.layers.Dropout(0.5)])
    learner = build_gan()
    models = {
        "encoder": build_vae().encoder,
        "decoder": build_vae().decoder,
        "generator": learner.averaged,
        "discriminator": learner.discriminator,
        "classifier": build_classifier().model,
    }
    for name, model in models.items():
        model_files.save_model(folder / f"{name}.keras", model)


@pytest.fixture(scope="module")
def saved(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a saved model of each kind."""
    folder = tmp_path_factory.mktemp("models")
    save_all(folder)
    return folder


def contents(folder: Path) -> dict[str, bytes]:
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def test_two_processes_write_the_same_bytes(saved: Path, tmp_path: Path) -> None:
    """The other one on as many threads as it was told to use."""
    environment = os.environ | {"PYTHONPATH": f"{ROOT / 'src'}:{ROOT}"}
    arguments = [sys.executable, "-c", SAVE, str(tmp_path), "3"]
    done = subprocess.run(arguments, check=True, env=environment, capture_output=True, text=True)
    assert done.stdout.split() == ["3", "{3}"]
    assert contents(tmp_path) == contents(saved)
    assert len(contents(saved)) == 5


def test_other_weights_are_other_bytes(tmp_path: Path) -> None:
    for seed in (1, 2):
        model_files.save_model(tmp_path / f"{seed}.keras", build_vae(seed=seed).encoder)
    one, other = contents(tmp_path).values()
    assert one != other


def test_stock_keras_loads_in_safe_mode_what_computes_the_same(saved: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-c", LOAD, *map(str, saved.iterdir())], check=True, capture_output=True, text=True
    )
    outputs = json.loads(done.stdout)
    assert len(outputs) == 5
    for path in saved.iterdir():
        model = model_files.load_model(path)
        size = 2 * math.prod(model.input_shape[1:])
        examples = np.linspace(0, 1, size, dtype=np.float32).reshape(2, *model.input_shape[1:])
        expected = tf.nest.flatten(model(examples, training=False))
        for theirs, ours in zip(outputs[path.stem], expected, strict=True):
            np.testing.assert_allclose(theirs, ours, rtol=1e-5, atol=1e-6)


def test_a_loaded_model_is_the_saved_one(saved: Path) -> None:
    loaded, original = model_files.load_model(saved / "encoder.keras"), build_vae().encoder
    pairs = zip(loaded.get_weights(), original.get_weights(), strict=True)
    assert all(np.array_equal(*pair) for pair in pairs)
    assert np.array_equal(inference.predict(loaded, images(3))[0], inference.predict(original, images(3))[0])


def test_parameters_are_counted_without_keras(saved: Path) -> None:
    """By the report, which loads no TensorFlow; layers here share weights, drop out and normalise."""
    counted = {path.stem: weights.num_parameters(path) for path in saved.glob("*.keras")}
    assert counted == {
        name: model_files.load_model(saved / f"{name}.keras").count_params() for name in counted
    }
    assert len(counted) > 2


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"none\.keras is missing\. Run `dvc repro`"):
        model_files.load_model(tmp_path / "none.keras")


@pytest.mark.parametrize("kind", ["empty", "text", "truncated", "flipped", "folder"])
def test_a_damaged_file_is_named(saved: Path, tmp_path: Path, kind: str) -> None:
    good, path = (saved / "decoder.keras").read_bytes(), tmp_path / "decoder.keras"
    middle = len(good) // 2
    flipped = good[:middle] + bytes([good[middle] ^ 0xFF]) + good[middle + 1 :]
    if kind == "folder":
        path.mkdir()
    else:
        contents = {"empty": b"", "text": b"text", "truncated": good[:middle], "flipped": flipped}
        path.write_bytes(contents[kind])
    with pytest.raises(ArtifactError, match=r"decoder\.keras is damaged: .*Delete it and run `dvc repro`"):
        model_files.load_model(path)


def test_code_in_a_file_is_not_run(tmp_path: Path) -> None:
    """Keras' safe mode, in which a lambda of Python's byte code is refused."""
    model = keras.Sequential([keras.layers.Input((3,)), keras.layers.Lambda(lambda x: 2 * x)])
    model.save(tmp_path / "lambda.keras")
    with pytest.raises(ArtifactError, match=r"lambda\.keras is damaged: .*(?i:safe)"):
        model_files.load_model(tmp_path / "lambda.keras")


@pytest.mark.parametrize("limit", [0, 10_000, 50_000])
def test_a_full_disk_is_one_clear_error_and_keeps_the_last_good_file(
    saved: Path, tmp_path: Path, limit: int
) -> None:
    """A limit on the size of files stands for the disk; Python ignores its signal, so writing fails."""
    path = tmp_path / "encoder.keras"
    path.write_bytes(b"the last good file")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    assert limit < (saved / "encoder.keras").stat().st_size
    resource.setrlimit(resource.RLIMIT_FSIZE, (limit, hard))
    try:
        with pytest.raises(ArtifactError, match=r"encoder\.keras could not be written.*Free disk space"):
            model_files.save_model(path, build_vae().encoder)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert [file.name for file in tmp_path.iterdir()] == ["encoder.keras"]
    assert path.read_bytes() == b"the last good file"


def test_signature_tells_the_shapes_of_one_example() -> None:
    learner = build_vae()
    assert model_files.signature(learner.decoder) == {"inputs": [2], "outputs": [8, 8, 1]}
    assert model_files.signature(learner.encoder) == {
        "inputs": [8, 8, 1],
        "outputs": {"z_mean": [2], "z_log_var": [2]},
    }


def test_signature_of_what_is_told_the_class_names_its_inputs() -> None:
    learner = build_vae(conditional=True)
    assert model_files.signature(learner.decoder) == {"inputs": {"z": [2], "y": [2]}, "outputs": [8, 8, 1]}
    assert model_files.signature(learner.encoder) == {
        "inputs": {"image": [8, 8, 1], "y": [2]},
        "outputs": {"z_mean": [2], "z_log_var": [2]},
    }
