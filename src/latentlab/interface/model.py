"""A trained model: NumPy arrays in, NumPy arrays out."""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
import numpy.typing as npt

from latentlab.core.arrays import Images, Labels, Latents
from latentlab.core.errors import RequestError
from latentlab.families.latents import paths
from latentlab.families.latents.samplers import Mixture
from latentlab.interface import checks, classes, draws
from latentlab.interface.limits import LARGEST_SEED, MOST_IMAGES, MOST_STEPS
from latentlab.interface.origins import Origin
from latentlab.interface.points import Points

if TYPE_CHECKING:  # which would load TensorFlow
    from latentlab.interface.networks import Decoder, Encoder

PRIOR, PER_CLASS = "prior", "per_class"


class Generated(NamedTuple):
    """Images that a model made.

    Attributes:
        images: pixels from 0 to 255, uint8 (n, height, width, channels).
        latents: what they were made of, float32 (n, latent_dim).
        labels: the class of each, counted from 0, uint8 (n,); None where they were made of no class.
    """

    images: Images
    latents: Latents
    labels: Labels | None


class Posterior(NamedTuple):
    """The Gaussian q(z | x) of each image.

    Attributes:
        mean: float32 (n, latent_dim).
        log_variance: of each dimension, natural logarithms, float32 (n, latent_dim).
    """

    mean: Latents
    log_variance: Latents


class Model:
    """A trained model, opened by :func:`latentlab.open_model`.

    Attributes:
        name: its section of the scores.
    """

    def __init__(self, name: str, decoder: "Decoder", encoder: "Encoder | None", origin: Origin) -> None:
        """Take the networks of a model, and where they come from."""
        self.name = name
        self._decoder, self._encoder, self._origin = decoder, encoder, origin

    @property
    def latent_dim(self) -> int:
        """Dimensions of a latent."""
        return self._decoder.latent_dim

    @property
    def image_shape(self) -> tuple[int, int, int]:
        """Height, width and channels of an image."""
        return self._decoder.image_shape

    @property
    def num_classes(self) -> int:
        """How many classes the model is told apart; 0 for one that is told none."""
        return self._decoder.num_classes

    @property
    def has_encoder(self) -> bool:
        """Whether it makes latents of images."""
        return self._encoder is not None

    @property
    def has_posterior(self) -> bool:
        """Whether these are Gaussians rather than points."""
        return self._encoder is not None and self._encoder.gives_variances

    @property
    def networks(self) -> dict[str, Any]:
        """The networks themselves as Keras has them, by name: the encoder, if any, then the one of images."""
        return {part.name: part.keras for part in (self._encoder, self._decoder) if part}

    def sample(
        self, count: int, *, label: int | None = None, sampler: str | None = None, seed: int = 1
    ) -> Generated:
        """Make images of latents that are drawn.

        Args:
            count: how many images, from 1 on.
            label: the class of all, counted from 0. Without it the classes of a model that is told the class
                come in turn. Of a model that is not, ``per_class`` draws from the class's own Gaussian.
            sampler: what latents are drawn from: ``"prior"`` is N(0, I); ``"gaussian"``, ``"mixture"`` and
                ``"per_class"`` are those that the scoring fitted to the encodings of the training images.
                None for the prior, or for ``per_class`` where a label needs it.
            seed: decides all draws. The first latents of a seed are the same however many follow.

        Raises:
            ArtifactError: the workspace has no fitted samplers.
            RequestError: the model knows no such class, or has no such sampler.

        Example:
            >>> images, latents, labels = model.sample(16, seed=5)
            >>> images.shape, images.dtype
            ((16, 28, 28, 1), dtype('uint8'))
        """
        parts = list(self.draws(count, label=label, sampler=sampler, seed=seed))
        latents = np.concatenate([part.latents for part in parts])
        told = [part.labels for part in parts if part.labels is not None]
        labels = np.concatenate(told) if told else None
        return Generated(self._decoder.generate(latents, labels), latents, labels)

    def draws(
        self, count: int, *, label: int | None = None, sampler: str | None = None, seed: int = 1
    ) -> Iterator[Points]:
        """The latents of ``sample`` and their classes, a thousand at a time, for more than memory holds."""
        checks.integer("count", count, 1, MOST_IMAGES)
        checks.integer("seed", seed, 0, LARGEST_SEED)
        way = sampler or (PER_CLASS if self._needs_fit(label) else PRIOR)
        if way != PER_CLASS and self._needs_fit(label):
            raise RequestError(
                f"sampler: expected {PER_CLASS}, which alone draws latents of one class, because {self.name} "
                f"is not told the class; got {way}. Leave the sampler or the class out."
            )
        if way == PRIOR:
            draw = draws.prior(self._decoder, label)
        else:
            draw = draws.fitted(self._decoder, self._sampler(way), label)
        return map(draw, draws.stretches(count, seed))

    def encode(self, images: npt.ArrayLike, labels: npt.ArrayLike | None = None) -> Latents:
        """Turn images into latents.

        Args:
            images: pixels from 0 to 255, uint8 (n, height, width, channels), of the model's ``image_shape``.
            labels: for a model that is told the class, that of each image, integers (n,), or one of all.

        Returns:
            Latents, float32 (n, latent_dim); of an encoder that gives Gaussians their means.

        Raises:
            RequestError: the model has no encoder, or an array is unfit.

        Example:
            >>> images, labels = latentlab.prepared("test")
            >>> latents = model.encode(images[:10])
            >>> latents.shape == (10, model.latent_dim)
            True
        """
        return self._encode(images, labels)[0]

    def posterior(self, images: npt.ArrayLike, labels: npt.ArrayLike | None = None) -> Posterior:
        """The Gaussian that an encoder gives of each image; arguments as of ``encode``.

        Raises:
            RequestError: the encoder gives points, there is none, or an array is unfit.
        """
        made = self._encode(images, labels)
        if len(made) < 2:
            raise RequestError(
                f"expected a model whose encoder gives Gaussians, got {self.name}, whose gives points. Take "
                "encode instead."
            )
        return Posterior(*made)

    def decode(self, latents: npt.ArrayLike, labels: npt.ArrayLike | None = None) -> Images:
        """Turn latents into images.

        Args:
            latents: finite floats (n, latent_dim).
            labels: as of ``encode``.

        Returns:
            Pixels from 0 to 255, uint8 (n, height, width, channels).

        Raises:
            RequestError: an array is unfit.

        Example:
            >>> model.decode(latents).shape
            (10, 28, 28, 1)
        """
        found = checks.latents(latents, self.latent_dim)
        return self._decoder.generate(found, classes.told(self.num_classes, len(found), labels))

    def interpolate(
        self,
        start: npt.ArrayLike,
        end: npt.ArrayLike,
        steps: int = 11,
        *,
        path: str = "linear",
        label: int | None = None,
    ) -> Generated:
        """Make the images on the way from one latent to another.

        Args:
            start: a latent, floats (latent_dim,).
            end: another.
            steps: images on the way, both ends included, from 2 to 1000.
            path: ``"linear"``, the line, or ``"spherical"``, the arc (Shoemake 1985; White 2016, section 3).
            label: the class that a model is told of all images, if it is told one.

        Raises:
            RequestError: an argument is unfit.

        Example:
            >>> model.interpolate(latents[0], latents[1], steps=5).images.shape
            (5, 28, 28, 1)
        """
        first, last = (
            checks.latent(name, one, self.latent_dim) for name, one in (("start", start), ("end", end))
        )
        checks.integer("steps", steps, 2, MOST_STEPS)
        if path not in paths.WAYS:
            raise RequestError(f"path: expected one of {', '.join(paths.WAYS)}, got {path!r}.")
        made = paths.WAYS[path](first, last, np.linspace(0, 1, steps, dtype=np.float32))
        labels = classes.told(self.num_classes, steps, label)
        return Generated(self._decoder.generate(made, labels), made, labels)

    def scores(self) -> dict[str, Any]:
        """The scores of the model in its result, by name as in ``reports/metrics.json``; see docs/metrics.md.

        Raises:
            ArtifactError: the workspace has no scores.
            RequestError: MLflow has no row of this training.

        Example:
            >>> model.scores()["kernel_distance"] > 0
            True
        """
        own: dict[str, Any] = self._origin.metrics()[self.name]
        return own

    def __repr__(self) -> str:
        """Its name and its sizes."""
        told = f", told one of {self.num_classes} classes" if self.num_classes else ""
        return f"<{self.name}: {self.latent_dim} latents, images {self.image_shape}{told}>"

    def _needs_fit(self, label: int | None) -> bool:
        """Whether only a Gaussian of its own can draw a class."""
        return label is not None and not self.num_classes and self.has_encoder

    def _sampler(self, way: str) -> Mixture:
        if not self.has_encoder:
            raise RequestError(f"sampler: expected {PRIOR}, because {self.name} has no encoder; got {way}.")
        found = self._origin.samplers()
        if way not in found:
            raise RequestError(
                f"sampler: expected {PRIOR} or one that was fitted ({', '.join(found) or 'none'}), got {way}."
                " Add it to evaluate.samplers in params.yaml and run `dvc repro`."
            )
        draws.require_labelled(found[way])
        return found[way]

    def _encode(self, images: npt.ArrayLike, labels: npt.ArrayLike | None) -> list[npt.NDArray[np.float32]]:
        if self._encoder is None:
            raise RequestError(f"expected a model with an encoder, got {self.name}, which has none.")
        found = checks.images(images, self._encoder.image_shape)
        return self._encoder.encode(found, classes.told(self._encoder.num_classes, len(found), labels))
