from latentlab.showing.report import verdicts
from tests.showing.report import pipeline_outputs
from tests.showing.report.pipeline_outputs import MODELS


def test_what_is_found_of_all_is_said_once() -> None:
    found = pipeline_outputs.verdict()
    vae, gan = verdicts.judged(found, pipeline_outputs.metrics(), MODELS)
    assert (vae.model.title, gan.model.title) == ("VAE", "GAN")
    assert (vae.problems, [finding["kind"] for finding in vae.findings]) == (
        ["posterior collapse"],
        ["problem"],
    )
    assert (gan.problems, gan.findings) == ([], [])
    assert [finding["name"] for finding in verdicts.shared(found)] == ["too few samples to tell"]


def test_scores_that_are_withheld_are_named_and_never_shown_as_the_headline() -> None:
    found, metrics = pipeline_outputs.verdict(), pipeline_outputs.metrics()
    vae, gan = verdicts.judged(found, metrics, MODELS)
    assert (vae.withheld, gan.withheld) == ([], ["Fréchet distance"])
    assert vae.scale
    metrics["features"]["withheld"] = {"kernel_distance": "is wrong"}
    assert [judged.scale for judged in verdicts.judged(found, metrics, MODELS)] == [None, None]
    # As verdicts were before there was a yardstick.
    del found["gan"]["withheld"], metrics["features"]["withheld"]
    _, gan = verdicts.judged(found, metrics, MODELS)
    assert gan.withheld == []
    assert gan.scale


def test_a_problem_is_said_of_each_and_one_model_shares_nothing() -> None:
    found = pipeline_outputs.verdict()
    found["gan"] = found["vae"]
    assert [finding["kind"] for finding in verdicts.shared(found)] == ["note"]
    judged = verdicts.judged(found, pipeline_outputs.metrics(), MODELS)
    assert all(verdict.problems for verdict in judged)
    assert verdicts.shared({"vae": found["vae"]}) == []
