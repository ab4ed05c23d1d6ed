"""Write the page that a reader explores latent space with."""

from latentlab import stage

with stage.imports():
    from latentlab import artifacts
    from latentlab.explorer import budget, page
    from latentlab.explorer.page import Model

# A plane with more points says no more.
MOST_POINTS = 1000
MODELS = (("vae", "VAE", True),)


def main() -> None:
    images, labels = artifacts.load_images("test"), artifacts.load_labels("test")
    count = min(len(images), MOST_POINTS, budget.num_images(images.shape[1:]))
    text = page.render(
        [load(*model, count) for model in MODELS],
        images[:count],
        labels[:count],
        artifacts.load_json(artifacts.DATA_INFO)["classes"],
        artifacts.load_array(artifacts.ARRAYS / "gan_best_explorer_walks.npy"),
    )
    artifacts.save_text(artifacts.EXPLORER, text)


def load(name: str, title: str, has_prior: bool, count: int) -> Model:
    """A model's arrays, with the points of the first test images."""
    kinds = ("latents", "plane", "explorer_images", "explorer_axes", "explorer_errors")
    latents, points, *grid = (artifacts.load_array(artifacts.ARRAYS / f"{name}_{kind}.npy") for kind in kinds)
    return Model(name, title, has_prior, latents.shape[1], points[:count], *grid)


if __name__ == "__main__":
    stage.run(main)
