"""The page of the experiment ``pipeline``: which columns it shows, and how they are to be read."""

import json
from collections.abc import Sequence

from latentlab.scoring import headlines
from latentlab.tracking import descriptions, store

# MLflow keeps a view of the page that was shared in a tag of the experiment, and opens it by this name.
VIEW = "headlines"
VIEW_TAG = f"mlflow.sharedViewState.{VIEW}"
NOTE = "One row for each result of the pipeline. The better way of each score:"


def arrange(opened: store.Store, scores: Sequence[tuple[str, dict[str, float]]]) -> None:
    """Show what was changed and the headline scores, each score's models side by side.

    Args:
        opened: the store.
        scores: each score's name and values by model.
    """
    tags = [f"tags.`{name}`" for name in ("preset", "changed", "data.source")]
    metrics = [f"metrics.`{model}.{score}`" for score, values in scores for model in values]
    note = "\n".join([f"{NOTE}\n", *(f"- {headlines.title(score)}" for score, _ in scores)])
    set_tag = opened.client.set_experiment_tag
    set_tag(opened.pipeline, VIEW_TAG, json.dumps({"selectedColumns": tags + metrics}))
    set_tag(opened.pipeline, descriptions.TAG, note)


def address(opened: store.Store) -> str:
    """The page's place below a server's address."""
    page = f"#/experiments/{opened.pipeline}/runs"
    arranged = VIEW_TAG in opened.client.get_experiment(opened.pipeline).tags
    return f"{page}?viewStateShareKey={VIEW}" if arranged else page
