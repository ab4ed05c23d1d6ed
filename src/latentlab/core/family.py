"""What a family of models is to the rest of the library: a record of facts, which it asks and never names.

The families themselves, and the one tuple of their records, are in ``latentlab.families``.
"""

from dataclasses import dataclass
from pathlib import Path

from latentlab.core import places


@dataclass(frozen=True)
class Model:
    """Networks that are scored, shown and used under a name of their own: a family's at one state.

    Attributes:
        name: its section of metrics.json, and what ``latentlab sample --model`` takes.
        title: what people read.
        state: of the training, such as ``last epoch``.
        colour: on figures and pages, ``#rrggbb``; one of ``figures.style.PALETTE``.
        folder: of its networks, relative to the root of the repository.
    """

    name: str
    title: str
    state: str
    colour: str
    folder: Path


@dataclass(frozen=True)
class Family:
    """A kind of model that is trained, scored, shown and served.

    Attributes:
        name: of its folder in ``families/``, its section of params.yaml, its stages ``train_NAME`` and
            ``score_NAME``, and its first model, in ``models/NAME``.
        title: what people read.
        colour: of its first model, see :class:`Model`.
        generative: the network that makes images of latents.
        encoder: the network that makes latents of images; None where there is none.
        has_prior: whether it is trained to make images of latents from N(0, I).
        can_be_conditional: whether ``NAME.conditional`` in params.yaml tells it the class of each image.
        further: its models at other states of the same training.
        thumbnail: of its figures, the one that tells most of a result; None for none.
    """

    name: str
    title: str
    colour: str
    generative: str
    encoder: str | None = None
    has_prior: bool = True
    can_be_conditional: bool = False
    further: tuple[Model, ...] = ()
    thumbnail: str | None = None

    @property
    def folder(self) -> Path:
        """Where its training writes."""
        return places.MODELS / self.name

    @property
    def models(self) -> tuple[Model, ...]:
        """All that is scored of it, the one at the end of the training first."""
        return (Model(self.name, self.title, "last epoch", self.colour, self.folder), *self.further)
