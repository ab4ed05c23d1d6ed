"""What the description of a registered version says: its standing, verdict, scores, data and code."""

from collections.abc import Iterator, Mapping
from typing import Any

from latentlab.scoring import headlines
from latentlab.tracking.result import Result


def write(result: Result, model: str, run: Any, standing: str) -> str:
    """Markdown on one version.

    Args:
        result: that the version was scored in.
        model: its section of metrics.json.
        run: the training's run in MLflow.
        standing: how it stands, in words.
    """
    verdict = result.verdict.get(model, {}).get("verdict", "")
    made = f"Made by {_commit(run.data.tags)} from {_data(run, result.params['data']['source'])}."
    return "\n\n".join([standing, verdict, made, "\n".join(_scores(result.metrics, model))])


def with_standing(card: str, standing: str) -> str:
    """A card of a version that stands otherwise than when it was written."""
    _, *others = card.split("\n\n")
    return "\n\n".join([standing, *others])


def _scores(metrics: Mapping[str, Any], model: str) -> Iterator[str]:
    """The headline scores of one model that can be believed, with their 95 % intervals if they have any."""
    scores = headlines.believed(metrics, metrics[model])
    for name, value in scores.items():
        if name in headlines.BETTER:
            ends = scores.get("intervals", {}).get(name)
            spread = f" ({ends[0]:.3g} to {ends[1]:.3g})" if ends else ""
            yield f"- {headlines.title(name)}: **{value:.3g}**{spread}"


def _commit(tags: dict[str, str]) -> str:
    revision = tags.get("mlflow.source.git.commit")
    if revision is None:
        return "code outside of Git"
    changed = " with changes" if tags.get("git.dirty") == "true" else ""
    return f"commit `{revision}`{changed}"


def _data(run: Any, source: str) -> str:
    """The training images by DVC's digest, as the run names them."""
    [images] = [entry.dataset for entry in run.inputs.dataset_inputs]
    return f"`{source}`, {images.name} `{images.digest}`"
