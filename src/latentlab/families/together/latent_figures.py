"""What figures of all models with an encoder have in common."""

from collections.abc import Iterator

from matplotlib.figure import Figure

from latentlab.families import arrays
from latentlab.showing.figures import classes
from latentlab.showing.figures.curves import Panel

RECONSTRUCTION = Panel(
    "Reconstruction",
    "reconstruction (nats per pixel)",
    {"train_reconstruction": "training", "validation_reconstruction": "validation"},
)


def of_each_class(model: str, title: str) -> Iterator[tuple[str, Figure]]:
    """A model's images of each class, if Gaussians were fitted to each."""
    if arrays.exists(model, "by_class"):
        images, labels = arrays.load(model, "by_class"), arrays.load(model, "classes")
        title = f"{title}: draws from the Gaussian of each class"
        yield f"{model}_by_class", classes.one_a_row(images, title, labels)
