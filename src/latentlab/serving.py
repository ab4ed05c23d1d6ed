"""How MLflow loads a trained model and asks it for predictions."""

from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

Tensor = npt.NDArray[np.float32]


class Predictor:
    """A Keras model with MLflow's interface."""

    def __init__(self, model: Any) -> None:
        """Serve a Keras model."""
        self._model = model

    def predict(self, examples: Tensor | dict[str, Tensor]) -> Tensor | dict[str, Tensor]:
        """What the model makes of examples, float32 (n, ...): one array, or several by name.

        Inputs too are an array, or several by name, such as z and y of a decoder that is told the class.
        """
        arrays = examples if isinstance(examples, dict) else {"": examples}
        inputs = {name: np.asarray(array, np.float32) for name, array in arrays.items()}
        outputs = self._model.predict(inputs.get("", inputs), verbose=0)
        if isinstance(outputs, list):
            return dict(zip(self._model.output_names, outputs, strict=True))
        return outputs


def _load_pyfunc(path: str | Path) -> Predictor:
    """Load a ``.keras`` file; MLflow calls this by name.

    In Keras's safe mode, in which a file from elsewhere runs no code of its own.
    """
    import keras

    return Predictor(keras.saving.load_model(path, compile=False, safe_mode=True))
