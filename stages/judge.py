"""Says in words what the scores mean."""

from latentlab.core import process

with process.imports():
    from latentlab.core import artifacts
    from latentlab.scoring.verdict import judgement


def main() -> None:
    folders = {"autoencoder": artifacts.AUTOENCODER, "vae": artifacts.VAE, "gan": artifacts.GAN}
    histories = {model: artifacts.load_json(folder / "history.json") for model, folder in folders.items()}
    artifacts.save_json(artifacts.VERDICT, judgement.judge(artifacts.load_json(artifacts.METRICS), histories))


if __name__ == "__main__":
    process.run(main)
