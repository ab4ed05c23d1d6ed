"""What a row's description says: verdicts, headline scores, pictures, and where to look further."""

from collections.abc import Iterable, Mapping
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from PIL import Image

from latentlab.core import artifacts
from latentlab.core.family import Family
from latentlab.core.origin import Origin
from latentlab.scoring import headlines
from latentlab.tracking import models, store

TAG = "mlflow.note.content"
# The figure of all models, whose copy fills a page; below it those of single families lie side by side.
COMPARISON = "comparison"
# The greatest width and height of both kinds in pixels.
WIDE, SMALL = (820, 400), (395, 395)


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


def note(
    opened: store.Store, summary: str, families: Iterable[Family], run_id: str, stage_ids: Mapping[str, str]
) -> str:
    """The whole description: the summary, pictures from the row's artifacts, the stages' runs and models."""
    lines = [summary, "", _pictures(families, run_id), "", "Stage runs and their models:\n"]
    for stage, stage_id in stage_ids.items():
        lines.append(f"- [{stage}](#/experiments/{opened.stages}/runs/{stage_id})")
        for name, model in models.logged(opened.client, opened.stages, stage_id).items():
            lines.append(f"  - [{name}](#/experiments/{opened.stages}/models/{model}): `models:/{model}`")
    return "\n".join(lines)


def log_thumbnails(client: Any, families: Iterable[Family], run_id: str) -> None:
    """Log small copies of the figures that the description shows."""
    with TemporaryDirectory() as folder:
        for name in _shown(families):
            with Image.open(artifacts.FIGURES / f"{name}.png") as picture:
                picture.thumbnail(WIDE if name == COMPARISON else SMALL, Image.Resampling.BOX)
                picture.save(Path(folder) / f"{name}.png", optimize=True)
        client.log_artifacts(run_id, folder, "thumbnails")


def _shown(families: Iterable[Family]) -> list[str]:
    """The figures that are there, of those that a result is told by."""
    names = [COMPARISON, *(family.thumbnail for family in families if family.thumbnail)]
    return [name for name in names if (artifacts.FIGURES / f"{name}.png").exists()]


def _pictures(families: Iterable[Family], run_id: str) -> str:
    """Pictures on one line, which breaks where it must, by an address relative to the page."""
    address = "get-artifact?path=thumbnails"
    return " ".join(f"![{name}]({address}/{name}.png&run_uuid={run_id})" for name in _shown(families))


def _known(scores: Mapping[str, Any], score: str) -> dict[str, float]:
    return {"real images": scores[score]} if score in scores else {}


def _values(values: Mapping[str, float]) -> str:
    return ", ".join(f"{model.replace('_', ' ')} **{value:.3g}**" for model, value in values.items())
