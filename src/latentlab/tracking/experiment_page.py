"""The page of the experiment ``pipeline``: which columns it shows, and how they are to be read."""

import json
from collections.abc import Sequence

from latentlab.scoring import headlines
from latentlab.tracking import descriptions, store

# MLflow keeps a view of the page that was shared in a tag of the experiment, and opens it by this name.
VIEW = "headlines"
VIEW_TAG = f"mlflow.sharedViewState.{VIEW}"
# MLflow shows these three of every run, whatever is chosen.
RUN_NAME, CREATED, DURATION = "attributes.`Run Name`", "runDateAndNestInfo", "duration"
# More do not fit beside each other, which makes ten with MLflow's own.
MAX_COLUMNS = 7
PRESET, CHANGED = "tags.`preset`", "tags.`changed`"
# In pixels.
WIDTHS = {PRESET: 90, CHANGED: 180}
SCORE_WIDTH = 140
# Without the kind of work MLflow opens on its pages for language models; it asks no tag of the experiment.
ADDRESS = "#/experiments/{experiment}/runs?workflowType=machine_learning"
NOTE = "One row for each result of the pipeline. The better way of each score:"


def arrange(opened: store.Store, scores: Sequence[tuple[str, dict[str, float]]]) -> None:
    """Show the preset, what was changed, and the first headline score of each model, in this order.

    Args:
        opened: the store.
        scores: each score's name and values by model.
    """
    headline: dict[str, str] = {}
    for score, values in scores:
        for model in values:
            if "." not in model:  # As the names of samplers have.
                headline.setdefault(model, f"metrics.`{model}.{score}`")
    columns = [PRESET, CHANGED, *headline.values()][:MAX_COLUMNS]
    view = {
        "selectedColumns": columns,
        # Of itself, MLflow has scores before tags, and both in alphabetical order.
        "columnOrder": [RUN_NAME, CREATED, *columns, DURATION],
        "columnWidths": {column: WIDTHS.get(column, SCORE_WIDTH) for column in columns},
    }
    note = "\n".join([f"{NOTE}\n", *(f"- {headlines.title(score)}" for score, _ in scores)])
    set_tag = opened.client.set_experiment_tag
    set_tag(opened.pipeline, VIEW_TAG, json.dumps(view))
    set_tag(opened.pipeline, descriptions.TAG, note)


def address(opened: store.Store) -> str:
    """The page's place below a server's address."""
    page = ADDRESS.format(experiment=opened.pipeline)
    arranged = VIEW_TAG in opened.client.get_experiment(opened.pipeline).tags
    return f"{page}&viewStateShareKey={VIEW}" if arranged else page
