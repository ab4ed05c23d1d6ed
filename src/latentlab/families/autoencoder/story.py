"""What the report tells of the plain autoencoder."""

from latentlab.families.autoencoder.family import AUTOENCODER
from latentlab.families.autoencoder.figures import PANELS
from latentlab.showing.report.chapters import Chapter, Curves, Exhibit

CHAPTER = Chapter(
    AUTOENCODER.name,
    "Autoencoder",
    "An encoder and a decoder that are trained to give back what they are given. Nothing says where in "
    "the latent space images lie, so to draw new ones is a guess.",
    (
        Exhibit(
            "autoencoder_curves",
            "Training of the autoencoder",
            "Both lines should fall and stay together; a gap that grows means that it learns images by "
            "heart.",
            Curves(PANELS, AUTOENCODER.folder / "history.json"),
        ),
        Exhibit(
            "autoencoder_latent_scatter",
            "Where test images lie",
            "Each dot is a test image, coloured by its class; note the shape and scale of the cloud, "
            "which no prior holds in place.",
        ),
        Exhibit(
            "autoencoder_by_class",
            "Examples of each class, by Gaussians fitted afterwards",
            "A row is drawn from one Gaussian, fitted to the encodings of that class: a row that mixes "
            "classes means that their encodings overlap.",
        ),
    ),
)
