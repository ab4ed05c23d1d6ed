"""A user's own settings of the libraries: they change no byte of a result, and stop nothing."""

from pathlib import Path

import pytest

from tests.dvc_project import Finished, Project

pytestmark = pytest.mark.pipeline
KERAS = '{"image_data_format": "channels_first", "floatx": "float64", "epsilon": 0.1, "backend": "jax"}'
FILES = {
    ".keras/keras.json": KERAS,
    ".config/matplotlib/matplotlibrc": "font.family: monospace\nsavefig.dpi: 31\naxes.facecolor: red\n",
}
VARIABLES = {
    "KERAS_BACKEND": "torch",
    "MPLBACKEND": "module://matplotlib_inline.backend_inline",
    "LC_ALL": "tr_TR.UTF-8",
    "XLA_FLAGS": "--no_such_flag",
    "TF_XLA_FLAGS": "--tf_xla_auto_jit=2 --tf_xla_cpu_global_jit",
    "TF_SET_ONEDNN_FPMATH_MODE": "BF16",
    "ONEDNN_DEFAULT_FPMATH_MODE": "BF16",
    "NPY_DISABLE_CPU_FEATURES": "NONE_SUCH",
    "SCIPY_ARRAY_API": "1",
    "OMP_NUM_THREADS": "3",
    "MLFLOW_EXPERIMENT_NAME": "elsewhere",
    "MLFLOW_RUN_ID": "0123456789abcdef",
    "MLFLOW_REGISTRY_URI": "http://127.0.0.1:1",
    "MLFLOW_ENABLE_ASYNC_LOGGING": "true",
}
# One that trains, one that scores, the one that first met Matplotlib, the one that draws, and one that logs.
STAGES = {"train_features", "score_references", "evaluate", "figures", "track"}
# Keras as it is without the project, but for the backend, which is not installed.
PLAIN = """
import os
os.environ["KERAS_BACKEND"] = "tensorflow"
import keras
print(keras.config.floatx(), keras.config.image_data_format(), keras.config.epsilon())
"""


def join(finished: Finished, home: Path, files: dict[str, str]) -> Project:
    """A clone with all results, of a user who has these files at home."""
    project = finished.join(home / "latentlab")
    project.run("dvc", "pull")
    for name, content in files.items():
        path = home / name
        path.parent.mkdir(parents=True)
        path.write_text(content)
    project.environment |= {"HOME": str(home), "USERPROFILE": str(home)}
    return project


def test_results_are_the_same_bytes(finished: Finished, tmp_path: Path) -> None:
    project = join(finished, tmp_path, FILES)
    project.environment |= VARIABLES
    assert project.repro("--force", "--single-item", *sorted(STAGES)) == STAGES
    assert project.run("git", "status", "--porcelain", "dvc.lock") == ""
    [row] = project.runs("pipeline")
    assert row["data"]["tags"]["latentlab.complete"] == "true"
    assert row["data"]["tags"]["git.dirty"] == "false"


def test_a_file_of_keras_alone_changes_no_byte_of_a_model(finished: Finished, tmp_path: Path) -> None:
    """Which Keras obeys where the project does not keep it away: no variable hides it here."""
    project = join(finished, tmp_path, {".keras/keras.json": KERAS})
    assert project.run("python", "-c", PLAIN).split()[-3:] == ["float64", "channels_first", "0.1"]
    assert project.repro("--force", "--single-item", "train_vae") == {"train_vae"}
    assert project.run("git", "status", "--porcelain", "dvc.lock") == ""
