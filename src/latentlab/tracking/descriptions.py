"""What a row's description says: verdicts, headline scores, pictures, and where to look further."""

from collections.abc import Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from latentlab.core import artifacts
from latentlab.core.origin import Origin
from latentlab.scoring import headlines
from latentlab.tracking import models, store

TAG = "mlflow.note.content"
# Figures that a result is told by, with the greatest width and height of each in pixels, so that the first
# fills a page and the others lie side by side below it.
THUMBNAILS = {
    "comparison": (820, 400),
    "vae_manifold_used": (395, 395),
    "gan_progress": (395, 395),
}


def summary(metrics: Mapping[str, Any], verdict: Mapping[str, Any], origin: Origin) -> str:
    """Markdown that says what came out, and of which params; what counts most stands first."""
    changes = [f"`{key}: {value}`" for key, value in origin.changes.items()]
    verdicts = [f"{judged['verdict']}\n" for judged in verdict.values()]
    came_of = f"Preset **{origin.preset}**" + (f" with {', '.join(changes)}" if changes else "")
    real = metrics.get("references", {}).get("real", {})
    scores = [
        f"- {headlines.title(score)}: {_values(values | _known(real, score))}"
        for score, values in headlines.by_score(metrics).items()
    ]
    return "\n".join([*verdicts, f"{came_of}.\n", *scores])


def note(opened: store.Store, summary: str, run_id: str, stage_ids: Mapping[str, str]) -> str:
    """The whole description: the summary, pictures from the row's artifacts, the stages' runs and models."""
    lines = [summary, "", _pictures(run_id), "", "Stage runs and their models:\n"]
    for stage, stage_id in stage_ids.items():
        lines.append(f"- [{stage}](#/experiments/{opened.stages}/runs/{stage_id})")
        for name, model in models.logged(opened.client, opened.stages, stage_id).items():
            lines.append(f"  - [{name}](#/experiments/{opened.stages}/models/{model}): `models:/{model}`")
    return "\n".join(lines)


def log_thumbnails(client: Any, run_id: str) -> None:
    """Log small copies of the figures that the description shows."""
    with TemporaryDirectory() as folder:
        for name in _shown():
            with Image.open(artifacts.FIGURES / f"{name}.png") as picture:
                picture.thumbnail(THUMBNAILS[name], Image.Resampling.BOX)
                picture.save(Path(folder) / f"{name}.png", optimize=True)
        client.log_artifacts(run_id, folder, "thumbnails")


def _shown() -> list[str]:
    return [name for name in THUMBNAILS if (artifacts.FIGURES / f"{name}.png").exists()]


def _pictures(run_id: str) -> str:
    """Pictures on one line, which breaks where it must, by an address relative to the page."""
    pictures = [f"![{name}](get-artifact?path=thumbnails/{name}.png&run_uuid={run_id})" for name in _shown()]
    return " ".join(pictures)


def _known(scores: Mapping[str, Any], score: str) -> dict[str, float]:
    return {"real images": scores[score]} if score in scores else {}


def _values(values: Mapping[str, float]) -> str:
    return ", ".join(f"{model.replace('_', ' ')} **{value:.3g}**" for model, value in values.items())
