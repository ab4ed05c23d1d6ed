"""What is said of both models in the end."""

import json
from typing import Any

from latentlab.scoring.verdict import judgement
from tests.scoring.verdict.test_rules import FALLING, REFERENCES, latent, scores

PROTOCOL = {"headline": "kernel_distance", "frechet_warning": None, "num_test": 10_000}


def metrics(**vae: Any) -> dict[str, Any]:
    models = {"autoencoder": scores(), "vae": scores(**vae), "gan": scores(), "gan_best": scores(epoch=30)}
    return {**models, "references": REFERENCES, "protocol": PROTOCOL}


HISTORIES: dict[str, Any] = {"autoencoder": [], "vae": FALLING, "gan": []}


def test_all_is_well_in_one_sentence() -> None:
    verdicts = judgement.judge(metrics(), HISTORIES)
    findings = {name: verdict["findings"] for name, verdict in verdicts.items()}
    assert findings == {"autoencoder": [], "vae": [], "gan": [], "gan_best": []}
    assert verdicts["vae"]["verdict"] == (
        "VAE: kernel distance 0.05, where real images have 0 and an untrained generator 3; no problem found."
    )


def test_problems_come_before_notes_and_are_named() -> None:
    collapsed = metrics(kl_nats=0.0009, sharpness=0.5, latent=latent(active_units=0))
    verdict = judgement.judge(collapsed, HISTORIES)["vae"]
    assert [finding["kind"] for finding in verdict["findings"]] == ["problem", "note"]
    assert verdict["verdict"].endswith("; problems: posterior collapse.")
    assert json.loads(json.dumps(verdict)) == verdict


def test_the_best_epoch_is_judged_by_its_own_samples_and_the_gans_section_of_params() -> None:
    content = metrics()
    content["gan_best"] = scores(epoch=30, classes_covered=1, missing_classes=[0, 2])
    verdicts = judgement.judge(content, HISTORIES)
    [finding] = verdicts["gan_best"]["findings"]
    assert (finding["name"], finding["key"]) == ("mode collapse", "gan.discriminator_learning_rate")
    assert verdicts["gan_best"]["verdict"].startswith("GAN, best epoch (30): kernel distance 0.05")
    assert verdicts["gan"]["findings"] == []


def test_the_report_names_each_finding_and_its_key() -> None:
    lines = judgement.report(judgement.judge(metrics(kl_nats=0.0009), HISTORIES)).splitlines()
    assert [line[:5] for line in lines] == ["Autoe", "VAE: ", "  pro", "GAN: ", "GAN, "]
    assert lines[2].startswith(
        "  problem: posterior collapse. z says nothing of the image: a KL of 0.0009 nats"
    )
    assert lines[2].endswith("(vae.kl_weight)")


def test_the_autoencoder_is_judged_by_all_ways_to_draw_its_latents() -> None:
    content = metrics()
    content["samplers"] = {"autoencoder": {"gaussian": {"kernel_distance": 0.01, "coverage": 0.95}}}
    verdict = judgement.judge(content, HISTORIES)["autoencoder"]
    [finding] = verdict["findings"]
    assert (finding["name"], finding["evidence"]["way"]) == ("unknown prior", "gaussian")
    assert "at 0.05 and cover 80%" in finding["sentence"]
    assert "at 0.01 and cover 95%" in finding["sentence"]
    assert verdict["verdict"].startswith("Autoencoder: kernel distance 0.05")
