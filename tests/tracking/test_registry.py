"""The registered models: a version for each training, and the aliases."""

import json
from pathlib import Path
from typing import Any

import pytest

from latentlab.tracking import registry, result, stage_runs, store, tracker
from tests.tracking.pipeline_outputs import METRICS, load_result, runs, set_param, write_metrics

NAME = "latentlab-vae"


DOUBTED = {
    "sha256": "ef",
    "trusted": False,
    "withheld": {"kernel_distance": "takes worse images for better"},
}


def arrange(
    distance: float, training: int = 1, features: dict[str, Any] | None = None, **protocol: Any
) -> result.Result:
    """A result with one of several trained VAEs, which is 0.1 around a distance."""
    vae = METRICS["vae"] | {
        "kernel_distance": distance,
        "intervals": {"kernel_distance": [distance - 0.1, distance + 0.1]},
    }
    set_param("vae", "dense_units", training)
    changed = {"features": features or METRICS["features"], "protocol": METRICS["protocol"] | protocol}
    write_metrics(METRICS | {"vae": vae} | changed)
    return load_result()


def register(*arguments: Any, **protocol: Any) -> None:
    """Register such a result, without a row of its own."""
    opened, found = store.connect(), arrange(*arguments, **protocol)
    registry.ensure(opened, found, {stage.name: stage_runs.ensure(opened, stage) for stage in found.stages})


def client() -> Any:
    return store.connect().client


def versions() -> dict[str, Any]:
    """The versions of the VAE by number."""
    return {str(version.version): version for version in client().search_model_versions(f"name = '{NAME}'")}


def aliases() -> dict[str, str]:
    found = client().get_registered_model(NAME).aliases
    return {alias: str(number) for alias, number in found.items()}


def test_a_version_has_the_trainings_decoder_and_says_what_it_is(database: Path) -> None:
    tracker.track(arrange(0.5))
    [version] = versions().values()
    [run] = [run for run in runs("stages") if run.data.tags["mlflow.source.name"] == "stages/train.py vae"]
    assert version.run_id == run.info.run_id
    place = Path(client().get_model_version_download_uri(NAME, version.version))
    assert (place / "data" / "decoder.keras").read_bytes() == b"weights of decoder"
    assert version.description.startswith("Became champion: kernel distance 0.5 (0.4 to 0.6)\n")
    assert "VAE: no problem found." in version.description
    assert "- kernel distance (lower is better): **0.5** (0.4 to 0.6)" in version.description
    assert "- KL nats: **4.5**" in version.description
    assert "`mnist_sample`, train_images `" in version.description
    # Scores make a version; of the GAN these outputs have none.
    assert [model.name for model in client().search_registered_models()] == [NAME]


def test_the_commit_is_named(database: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("latentlab.core.provenance.git_revision", lambda: "abc123")
    monkeypatch.setattr("latentlab.core.provenance.git_dirty", lambda: True)
    register(0.5)
    assert "commit `abc123` with changes" in versions()["1"].description


def test_the_champion_changes_for_what_is_clearly_better_alone(database: Path) -> None:
    register(0.5)
    assert aliases() == {"champion": "1"}
    register(0.45, 2)
    assert aliases() == {"champion": "1", "challenger": "2"}
    register(0.2, 3)
    assert aliases() == {"champion": "3", "challenger": "2"}
    register(0.1, 4, test_split_sha256="another")
    assert aliases() == {"champion": "3", "challenger": "4"}
    said = "not compared with version 3: the scores are taken against different test images"
    assert said in versions()["4"].description
    # Going back to an earlier result decides nothing anew.
    register(0.5)
    assert aliases() == {"champion": "3", "challenger": "4"}


def test_one_training_in_two_results_is_one_version_with_two_scores(database: Path) -> None:
    register(0.5)
    register(0.2, 2, test_split_sha256="another")
    assert aliases() == {"champion": "1", "challenger": "2"}
    # Measured as the other was, the champion has a score to be compared with, and the other beats it.
    register(0.6, test_split_sha256="another")
    assert set(versions()) == {"1", "2"}
    assert aliases() == {"champion": "2"}
    before = "before, version 1 with kernel distance 0.6 (0.5 to 0.7)"
    said = f"Became champion: kernel distance 0.2 (0.1 to 0.3); {before}"
    card = versions()["2"].description
    assert card.startswith(f"{said}\n\nVAE: ")
    assert "- kernel distance (lower is better): **0.2** (0.1 to 0.3)" in card
    assert said in versions()["2"].tags.values()
    register(0.0, 3, test_split_sha256="another")
    assert aliases() == {"champion": "2", "challenger": "3"}
    # Both are measured as the first was; then the challenger is clearly better.
    register(0.5, 2)
    register(0.2, 3)
    assert aliases() == {"champion": "3"}


def test_a_champion_that_is_measured_anew_stays_it_unless_another_is_clearly_better(database: Path) -> None:
    register(0.5)
    register(0.45, 2, test_split_sha256="another")
    register(0.4, 3, test_split_sha256="a third")
    # Within its interval; that of the third was measured by other images.
    register(0.55, test_split_sha256="another")
    assert aliases() == {"champion": "1", "challenger": "3"}
    assert versions()["2"].description.startswith("Became challenger: kernel distance 0.45 (0.35 to 0.55); ")


def test_what_cannot_be_believed_makes_no_champion(database: Path) -> None:
    register(0.5, features=DOUBTED)
    assert aliases() == {"challenger": "1"}
    card = versions()["1"].description
    assert card.startswith(
        "Became challenger: not compared: kernel distance is withheld (takes worse images for better)\n"
    )
    assert "kernel distance (lower" not in card
    assert "- KL nats: **4.5**" in card
    # It has no score for others to be compared with either.
    assert not [tag for tag in versions()["1"].tags if tag.startswith(registry.SCORE_TAG)]
    register(0.5, 2)
    assert aliases() == {"champion": "2", "challenger": "1"}
    register(0.1, 3, features=DOUBTED)
    assert aliases() == {"champion": "2", "challenger": "3"}
    # The champion stays it in features that tell nothing of it.
    register(0.1, 2, features=DOUBTED)
    assert aliases() == {"champion": "2", "challenger": "3"}
    assert versions()["2"].description.startswith("Became champion: as measured before; now not compared")


def test_a_champion_that_was_measured_when_there_were_other_models_is_compared(database: Path) -> None:
    """Its tag is as it was when the number of samples stood with each model."""
    register(0.5)
    [version] = versions().values()
    [tag] = [tag for tag in version.tags if tag.startswith(registry.SCORE_TAG)]
    measured = {
        "kernel_distance": 0.5,
        "interval": [0.4, 0.6],
        "vae": {"num_samples": 5},
        "features": {"sha256": "ab"},
        "protocol": {"test_split_sha256": "cd"},
    }
    client().delete_model_version_tag(NAME, "1", tag)
    client().set_model_version_tag(NAME, "1", f"{registry.SCORE_TAG}earlier", json.dumps(measured))
    register(0.45, 2)
    assert aliases() == {"champion": "1", "challenger": "2"}
    assert "not clearly below version 1 with kernel distance 0.5" in versions()["2"].description
    register(0.2, 3)
    assert aliases() == {"champion": "3", "challenger": "2"}


def test_a_registration_that_was_interrupted_is_made_whole(
    database: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> None:
    tracker.track(arrange(0.5))
    places = ["_decide", "_standing", "model_card.write"]
    for place in places:
        with monkeypatch.context() as patch:
            patch.setattr(f"latentlab.tracking.registry.{place}", lambda *_: 1 / 0)
            tracker.track(arrange(0.2, 2))
        assert "warning: MLflow cannot be used: ZeroDivisionError" in capfd.readouterr().err
    tracker.track(arrange(0.2, 2))
    assert aliases() == {"champion": "2"}
    assert len(versions()) == 2
    assert "before, version 1 with kernel distance 0.5" in versions()["2"].description
