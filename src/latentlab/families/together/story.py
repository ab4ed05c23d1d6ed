"""What the report tells of several families side by side."""

from latentlab.showing.report.chapters import Chapter, Exhibit

CHAPTER = Chapter(
    "comparison",
    "Side by side",
    "All models under one measure: distances in the features of one network, against test images that "
    "none of them has seen.",
    (
        Exhibit(
            "comparison",
            "Real images and each model's",
            "Look for what sets the right-hand grids apart from the real ones: blur in some, broken "
            "strokes in others.",
        ),
        Exhibit(
            "reconstructions",
            "Test images and what comes back",
            "Compare column by column: a model without a prior learns nothing but this, while one that has a "
            "prior keeps its latents near it as well.",
        ),
        Exhibit(
            "latent_regions",
            "Inside the region that is used, and outside",
            "Blue points lie between encodings and decode to images; orange ones lie far from all of "
            "them, where a decoder was never trained, so what is there is anybody's guess.",
        ),
        Exhibit(
            "latent_samplers",
            "Latent spaces sampled in every way",
            "A row is a way to draw latents: from N(0, I), which only models with a prior were "
            "trained for, or from Gaussians fitted to the encodings of training images.",
        ),
        Exhibit(
            "sampler_scores",
            "How far each is from real images",
            "The shorter the bar the better: see how much of a distance goes once latents are drawn from "
            "where encodings lie.",
        ),
    ),
)
