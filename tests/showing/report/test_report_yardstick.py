from latentlab.showing.report import yardstick
from tests.showing.report import pipeline_outputs

FEATURES = pipeline_outputs.metrics()["features"]


def test_networks_come_in_the_order_in_which_they_were_tried() -> None:
    tried = yardstick.networks(pipeline_outputs.yardstick())
    assert [(network.name, network.is_used, network.ratio) for network in tried] == [
        ("Classifier of photographs (ImageNet)", False, "1.5"),
        ("Classifier of these images", True, "30.6"),
    ]
    assert tried[0].because == "It sees <nothing>."


def test_each_score_says_what_it_was_held_against_and_whether_it_can_be_believed() -> None:
    judged = {score.name: score for score in yardstick.scores(pipeline_outputs.yardstick(), FEATURES)}
    precision = judged["Precision"]
    assert (precision.status, precision.because) == ("withheld", pipeline_outputs.WITHHELD["precision"])
    assert precision.against == "destroyed images"
    recall = judged["Recall"]
    assert (recall.real, recall.status, recall.because) == ("0", "trusted", "")
    # Of its ladders those that were climbed.
    assert judged["Kernel distance"].against == "blur, white noise"
    assert judged["Near copies"].against == "copies"


def test_scores_of_classes_are_left_out_with_the_reason() -> None:
    found = pipeline_outputs.yardstick()
    del found["networks"]["classifier"]["real"]["classes_covered"]
    left_out = {"left_out": ["classes_covered"], "left_out_because": "the images have no labels"}
    judged = {score.name: score for score in yardstick.scores(found, FEATURES | left_out)}
    covered = judged["Classes covered"]
    assert (covered.real, covered.status, covered.because) == ("", "left out", "the images have no labels")
    assert yardstick.classes(left_out) == "Scores of classes are left out, because the images have no labels."


def test_a_score_that_is_nowhere_has_no_row() -> None:
    found = pipeline_outputs.yardstick()
    del found["networks"]["classifier"]["real"]["frechet_distance"]
    assert "Fréchet distance" not in [score.name for score in yardstick.scores(found, FEATURES)]


def test_who_tells_classes_is_said_where_anybody_does() -> None:
    assert "right on 97.0% of the test images" in yardstick.classes(FEATURES)
    assert yardstick.classes({"sha256": "ab"}) == ""
