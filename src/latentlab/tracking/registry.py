"""What each training generates with, as a version of a registered model, and an alias for the best of them.

Done twice it is the same as done once: a training has one version, and each of its measurements decides once.
What could not be compared with the champion is when that is measured alike.
"""

import json
from collections.abc import Mapping
from typing import Any

from latentlab.core.family import Family
from latentlab.scoring import protocol
from latentlab.tracking import model_card, models, standing, store
from latentlab.tracking.result import Result

# Tags of a version, with the yardstick that it was measured by at their end.
SCORE_TAG, STANDING_TAG = "score.", "standing."


def name_of(model: str) -> str:
    """The name under which a model is registered."""
    return f"latentlab-{model}"


def ensure(opened: store.Store, result: Result, stage_ids: Mapping[str, str]) -> None:
    """Register whatever part of a result is not registered yet.

    Args:
        opened: the store.
        result: its trainings and their scores.
        stage_ids: the ids of the stages' runs by stage.
    """
    for family in result.families:
        if standing.METRIC in result.metrics.get(family.name, {}):
            version = _version(opened, family, stage_ids[f"train_{family.name}"])
            stands = _standing(opened.client, version, result.metrics, family.name)
            run = opened.client.get_run(version.run_id)
            card = model_card.write(result, family.name, run, stands)
            opened.client.update_model_version(version.name, version.version, card)


def _version(opened: store.Store, family: Family, run_id: str) -> Any:
    """The version of a training, made where it is missing."""
    client, name = opened.client, name_of(family.name)
    if not client.search_registered_models(f"name = '{name}'"):
        made = f"The {family.generative} of each `train_{family.name}`."
        about = f"{made} Its `champion` is the best in {standing.METRIC}."
        client.create_registered_model(name, description=about)
    versions = client.search_model_versions(f"name = '{name}' and run_id = '{run_id}'")
    if versions:
        return versions[0]
    model_id = models.logged(client, opened.stages, run_id)[f"{family.name}-{family.generative}"]
    # By its place: of an id MLflow would look in the store of the environment, which may be another one.
    place = client.get_logged_model(model_id).artifact_location
    return client.create_model_version(name, place, run_id, model_id=model_id)


def _standing(client: Any, version: Any, metrics: Mapping[str, Any], model: str) -> str:
    """How a version stands by one measurement: as was decided before, or as is decided now."""
    by = protocol.yardstick(protocol.conditions(metrics))
    if decided := version.tags.get(f"{STANDING_TAG}{by}"):
        return decided
    if measured := standing.measure(metrics, model):
        score = json.dumps(measured, sort_keys=True)
        client.set_model_version_tag(version.name, version.version, f"{SCORE_TAG}{by}", score)
    decided = str(_decide(client, version, metrics, measured))
    # Last, so that a decision that was interrupted is made again.
    client.set_model_version_tag(version.name, version.version, f"{STANDING_TAG}{by}", decided)
    return decided


def _decide(
    client: Any, version: Any, metrics: Mapping[str, Any], measured: standing.Measurement | None
) -> standing.Standing:
    """Give a version the alias that it deserves, and take the other from it."""
    # Numbers from a database, and strings from a server.
    name, number = version.name, str(version.version)
    aliases = {alias: str(other) for alias, other in client.get_registered_model(name).aliases.items()}
    champion = aliases.get(standing.CHAMPION)
    if measured is None:
        stands = standing.unmeasured(metrics, champion == number)
    elif champion in (None, number):
        stands = standing.unopposed(measured)
    else:
        tags = client.get_model_version(name, champion).tags
        known = [json.loads(value) for tag, value in tags.items() if tag.startswith(SCORE_TAG)]
        stands = standing.against(f"version {champion}", known, measured)
    _give(client, name, stands.alias, number)
    if measured and champion == number:
        _oppose(client, version, measured)
    return stands


def _oppose(client: Any, champion: Any, measured: standing.Measurement) -> None:
    """Have the best of the versions that were measured alike before stand against a champion's new score."""
    name, by = champion.name, protocol.yardstick(measured)
    scored = {
        str(version.version): json.loads(score)
        for version in client.search_model_versions(f"name = '{name}'")
        if (score := version.tags.get(f"{SCORE_TAG}{by}")) and version.version != champion.version
    }
    if not scored:
        return
    best = min(scored, key=lambda number: scored[number][standing.METRIC])
    stands = standing.against(f"version {champion.version}", [measured], scored[best])
    if stands.alias == standing.CHAMPION:
        client.set_model_version_tag(name, best, f"{STANDING_TAG}{by}", str(stands))
        card = client.get_model_version(name, best).description
        client.update_model_version(name, best, model_card.with_standing(card, str(stands)))
        _give(client, name, stands.alias, best)


def _give(client: Any, name: str, alias: str, number: str) -> None:
    """Give a version an alias; the champion is no challenger any more."""
    client.set_registered_model_alias(name, alias, number)
    challenger = client.get_registered_model(name).aliases.get(standing.CHALLENGER)
    if alias == standing.CHAMPION and str(challenger) == number:
        client.delete_registered_model_alias(name, standing.CHALLENGER)
