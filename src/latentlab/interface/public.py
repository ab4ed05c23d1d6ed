"""What ``import latentlab`` offers; loads no TensorFlow until a model is opened or images are scored."""

from latentlab.core.errors import LatentlabError
from latentlab.interface.model import Generated, Model, Posterior
from latentlab.interface.opening import models, open_model
from latentlab.interface.results import Prepared, prepared, score, scores

__all__ = [
    "Generated",
    "LatentlabError",
    "Model",
    "Posterior",
    "Prepared",
    "models",
    "open_model",
    "prepared",
    "score",
    "scores",
]
