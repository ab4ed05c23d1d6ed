from latentlab.scoring.metrics.directions import SCORES
from latentlab.showing.report import names, story
from latentlab.showing.report.chapters import Chapter, Exhibit


def chapter(key: str, *figures: str) -> Chapter:
    exhibits = (Exhibit(name, f"Title of {name}", "Look at it.") for name in figures)
    return Chapter(key, f"Chapter {key}", "It is told.", tuple(exhibits))


CHAPTERS = (
    chapter("first", "curves", "samples_epoch_*", "never_drawn"),
    chapter("second", "progress training"),
    chapter("empty", "absent"),
)


def test_figures_come_in_the_storys_order_and_none_is_lost() -> None:
    files = ["new.webp", "progress.png", "samples_epoch_012.png", "curves.png", "samples_epoch_001.png"]
    placed = story.place(files, CHAPTERS)
    assert [told.key for told, _ in placed] == ["first", "second", "rest"]
    assert [(exhibit.name, found) for _, told in placed for exhibit, found in told] == [
        ("curves", ["curves.png"]),
        ("samples_epoch_*", ["samples_epoch_001.png", "samples_epoch_012.png"]),
        ("progress training", ["progress.png"]),
        ("new.webp", ["new.webp"]),
    ]


def test_a_picture_and_its_animation_are_told_together() -> None:
    [(_, [(_, found)])] = story.place(["training.gif", "progress.png"], CHAPTERS)
    assert found == ["progress.png", "training.gif"]


def test_every_score_is_explained() -> None:
    assert set(names.SCORES) == set(SCORES)
