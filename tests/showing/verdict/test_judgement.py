"""What is said of a model in the end."""

import json
from dataclasses import replace

from latentlab.showing.verdict import judgement, sample_rules
from latentlab.showing.verdict.findings import Case
from tests.showing.verdict.cases import REFERENCES, SURE, case

SENTENCE = "Model: kernel distance 0.05, where real images have 0 and an untrained generator 3; "


def verdict(judged: Case) -> dict[str, object]:
    return judgement.judge(judged, sample_rules.RULES)


def test_all_is_well_in_one_sentence() -> None:
    assert verdict(case()) == {
        "verdict": f"{SENTENCE}no problem found.",
        "findings": [],
        "withheld": [],
    }


def test_problems_come_before_notes_and_are_named() -> None:
    """The rule that finds the problem is asked after the one that finds the note."""
    found = judgement.judge(case(sharpness=0.5, near_copies=0.9, **SURE), sample_rules.RULES)
    findings = [(finding["kind"], finding["name"]) for finding in found["findings"]]
    assert findings == [("problem", "memorisation"), ("note", "blurred samples")]
    assert found["verdict"] == f"{SENTENCE}problems: memorisation."
    assert json.loads(json.dumps(found)) == found


def test_a_note_alone_is_no_problem() -> None:
    assert verdict(case(sharpness=0.5))["verdict"] == f"{SENTENCE}no problem found."


def test_a_model_of_an_epoch_says_which() -> None:
    assert str(verdict(case(epoch=30))["verdict"]).startswith("Model (30): kernel distance 0.05")


def test_where_nothing_was_left_untrained_nothing_is_said_of_it() -> None:
    references = {name: scores for name, scores in REFERENCES.items() if name != "untrained"}
    alone = verdict(replace(case(), references=references))
    assert alone["verdict"] == "Model: kernel distance 0.05, where real images have 0; no problem found."


def test_the_report_names_each_finding_and_its_key() -> None:
    verdicts = {
        "one": judgement.judge(case(), sample_rules.RULES),
        "other": judgement.judge(case(near_copies=0.9, **SURE), sample_rules.RULES),
    }
    first, second, finding = judgement.report(verdicts).splitlines()
    assert first == f"{SENTENCE}no problem found."
    assert second == f"{SENTENCE}problems: memorisation."
    assert finding.startswith(
        "  problem: memorisation. 90.0% of the samples are near-copies of a training image;"
    )
    assert finding.endswith("(own.copies)")


def test_where_the_headline_cannot_be_believed_nothing_is_called_well() -> None:
    blind = {"withheld": {"kernel_distance": "is blind", "sharpness": "is blind"}, "because": "Blur is all."}
    found = verdict(case(yardstick=blind, near_copies=0.9, **SURE))
    assert found["verdict"] == "Model: problems: memorisation; no verdict on quality. Blur is all."
    assert found["withheld"] == ["kernel_distance", "sharpness"]
    assert verdict(case(yardstick=blind))["verdict"] == "Model: no verdict on quality. Blur is all."
