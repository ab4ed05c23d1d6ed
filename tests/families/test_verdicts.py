"""What is said of all models in the end, each by the rules of its family."""

import json
from typing import Any

import pytest

from latentlab.core import settings
from latentlab.core.family import Family
from latentlab.families import roster, verdicts
from tests import presets
from tests.families.gan.test_gan_rules import BALANCE, snapshots
from tests.families.vae.test_vae_rules import FALLING, LATENT, latent
from tests.showing.verdict.cases import REFERENCES, YARDSTICK, protocol, scores


def metrics(**vae: Any) -> dict[str, Any]:
    models = {name: scores() for name in roster.models()} | {
        "vae": scores(kl_nats=5.0, latent=LATENT) | vae,
        "gan": scores(history=BALANCE, snapshots=snapshots(0.2, 0.051, 0.05)),
        "gan_best": scores(epoch=30),
    }
    return {**models, "references": REFERENCES, "protocol": protocol()}


HISTORIES: dict[str, Any] = {family.name: [] for family in roster.FAMILIES} | {"vae": FALLING}


def test_all_is_well_in_one_sentence_each() -> None:
    found = verdicts.judge(metrics(), YARDSTICK, HISTORIES)
    findings = {name: verdict["findings"] for name, verdict in found.items()}
    assert findings == {name: [] for name in roster.models()}
    assert list(found) == list(roster.models())
    assert found["vae"]["verdict"] == (
        "VAE: kernel distance 0.05, where real images have 0 and an untrained generator 3; no problem found."
    )


def test_each_is_judged_by_the_rules_of_its_family_and_the_history_of_its_training() -> None:
    collapsed = metrics(kl_nats=0.0009, sharpness=0.5, latent=latent(active_units=0))
    found = verdicts.judge(collapsed, YARDSTICK, HISTORIES | {"vae": FALLING[:1]})
    assert [finding["kind"] for finding in found["vae"]["findings"]] == ["problem", "note"]
    assert found["vae"]["verdict"].endswith("; problems: posterior collapse.")
    assert found["gan"]["findings"] == []
    assert json.loads(json.dumps(found)) == found
    rising = [{**record, "validation_objective": 1.0 + epoch} for epoch, record in enumerate(FALLING)]
    [finding] = verdicts.judge(metrics(), YARDSTICK, HISTORIES | {"vae": rising})["vae"]["findings"]
    assert finding["name"] == "overfitting"


def test_the_best_epoch_is_judged_by_its_own_samples_and_the_gans_section_of_params() -> None:
    content = metrics()
    content["gan_best"] = scores(epoch=30, classes_covered=1, missing_classes=[0, 2])
    found = verdicts.judge(content, YARDSTICK, HISTORIES)
    [finding] = found["gan_best"]["findings"]
    assert (finding["name"], finding["key"]) == ("mode collapse", "gan.discriminator_learning_rate")
    assert found["gan_best"]["verdict"].startswith("GAN, best epoch (30): kernel distance 0.05")
    assert found["gan"]["findings"] == []


def test_the_autoencoder_is_judged_by_all_ways_to_draw_its_latents() -> None:
    content = metrics()
    content["samplers"] = {"autoencoder": {"gaussian": {"kernel_distance": 0.01, "coverage": 0.95}}}
    found = verdicts.judge(content, YARDSTICK, HISTORIES)
    [finding] = found["autoencoder"]["findings"]
    assert (finding["name"], finding["evidence"]["way"]) == ("unknown prior", "gaussian")
    assert found["autoencoder"]["verdict"].startswith("Autoencoder: kernel distance 0.05")


@pytest.mark.parametrize("family", roster.FAMILIES, ids=lambda family: family.name)
def test_every_family_has_rules_for_its_models_and_remedies_among_the_params(family: Family) -> None:
    rules = roster.part(family, "rules")
    assert list(rules.RULES) == [model.name for model in family.models]
    assert set(rules.REMEDIES) <= set(settings.flatten(presets.values()))
