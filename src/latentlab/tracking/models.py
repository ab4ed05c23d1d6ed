"""Models as MLflow keeps them: a Keras file, the code that serves it, and what is to be known for that.

This is a signature, an example of an input, and the packages in their versions.

Written without Keras, so that `track` can log a model that it did not train. The shapes come from
``signature.json`` beside the files, which the training stage writes::

    {"decoder": {"inputs": [2], "outputs": [28, 28, 1]},
     "encoder": {"inputs": [28, 28, 1], "outputs": {"z_mean": [2], "z_log_var": [2]}}}

There is one entry for each file ``<name>.keras``; shapes are those of one example, all tensors float32.
A model of several outputs names them in Keras's order.
"""

import math
from importlib.metadata import version
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import numpy as np

import latentlab
from latentlab.core import artifacts

Shapes = list[int] | dict[str, list[int]]

REQUIREMENTS = ("mlflow", "keras", "tensorflow", "numpy")


def log(client: Any, experiment: str, run_id: str, folder: Path) -> None:
    """Log each ``.keras`` file of a folder as a model of the run, unless the run has it already."""
    done = logged(client, experiment, run_id)
    for name, shapes in artifacts.load_json(folder / "signature.json").items():
        full_name = f"{folder.name}-{name}"
        if full_name not in done:
            _log_one(client, experiment, run_id, full_name, folder / f"{name}.keras", shapes)


def logged(client: Any, experiment: str, run_id: str) -> dict[str, str]:
    """The ids of a run's models that are whole, by name."""
    models = client.search_logged_models([experiment], f"source_run_id = '{run_id}'")
    return {model.name: model.model_id for model in models if model.status == "READY"}


def _log_one(
    client: Any, experiment: str, run_id: str, name: str, file: Path, shapes: dict[str, Any]
) -> None:
    import mlflow.pyfunc
    from mlflow.entities import LoggedModelOutput
    from mlflow.models import Model

    model = client.create_logged_model(experiment, name=name, source_run_id=run_id)
    with TemporaryDirectory() as temporary:
        path = Path(temporary) / "model"
        mlflow.pyfunc.save_model(
            path,
            loader_module="latentlab.tracking.serving",
            data_path=file,
            code_paths=[Path(latentlab.__file__).parent],
            mlflow_model=Model(run_id=run_id, model_id=model.model_id),
            signature=_signature(shapes),
            input_example=_example(shapes["inputs"]),
            # Given, because MLflow otherwise finds them out by loading the model, which takes 22 s.
            pip_requirements=[f"{package}=={version(package)}" for package in REQUIREMENTS],
        )
        client.log_model_artifacts(model.model_id, path)
    client.finalize_logged_model(model.model_id, "READY")
    client.log_outputs(run_id, [LoggedModelOutput(model.model_id, step=0)])


def _signature(shapes: dict[str, Any]) -> Any:
    from mlflow.models import ModelSignature

    return ModelSignature(inputs=_schema(shapes["inputs"]), outputs=_schema(shapes["outputs"]))


def _example(shapes: Shapes) -> Any:
    """One input, or several by name: a one and then zeros, so a latent or an image, and a class."""
    if isinstance(shapes, dict):
        return {name: _example(shape) for name, shape in shapes.items()}
    return np.eye(1, math.prod(shapes), dtype=np.float32).reshape(1, *shapes)


def _schema(shapes: Shapes) -> Any:
    """One unnamed tensor, or several by name, of any number of examples."""
    from mlflow.types import Schema, TensorSpec

    named = shapes if isinstance(shapes, dict) else {None: shapes}
    return Schema([TensorSpec(np.dtype(np.float32), (-1, *shape), name) for name, shape in named.items()])
