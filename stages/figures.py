"""Draw every figure of the report from what earlier stages computed."""

from latentlab import stage

with stage.imports():
    from latentlab import artifacts, headlines
    from latentlab.galleries import autoencoder, gan, together, vae


def main() -> None:
    """Save each figure as a PNG under its name, and the scores that `dvc plots` draws."""
    for gallery in (autoencoder, vae, gan, together):
        for name, figure in gallery.figures():
            artifacts.save_figure(artifacts.FIGURES / f"{name}.png", figure)
    for name, training in (("gan_training", gan.training()), ("vae_training", vae.training())):
        artifacts.save_animation(artifacts.FIGURES / f"{name}.gif", training)
    artifacts.save_json(artifacts.SCORES, headlines.sets(artifacts.load_json(artifacts.METRICS)))


if __name__ == "__main__":
    stage.run(main)
