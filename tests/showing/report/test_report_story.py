from latentlab.scoring.metrics.directions import SCORES
from latentlab.showing.report import curves, story
from latentlab.showing.report.chapters import CHAPTERS


def test_figures_come_in_the_storys_order_and_none_is_lost() -> None:
    files = ["comparison.png", "new.webp", "gan_curves.png", "gan_samples_epoch_012.png", "vae_samples.png"]
    placed = story.place([*files, "autoencoder_latent_scatter.png", "gan_samples_epoch_001.png"])
    assert [chapter.key for chapter, _ in placed] == ["autoencoder", "vae", "gan", "comparison", "rest"]
    told = {entry.name: found for _, entries in placed for entry, found in entries}
    assert told["gan_samples_epoch_*"] == ["gan_samples_epoch_001.png", "gan_samples_epoch_012.png"]
    assert told["new.webp"] == ["new.webp"]
    assert list(told)[2:4] == ["gan_curves", "gan_samples_epoch_*"]


def test_a_picture_and_its_animation_are_told_together() -> None:
    [(_, [(_, found)])] = story.place(["gan_training.gif", "gan_progress.png"])
    assert found == ["gan_progress.png", "gan_training.gif"]


def test_each_entry_says_how_to_read_it_in_one_sentence() -> None:
    for entry in [entry for chapter in CHAPTERS for entry in chapter.entries]:
        assert entry.reading.endswith(".")
        assert ". " not in entry.reading
        assert (entry.form == "curves") == (entry.name in curves.PANELS)


def test_every_score_is_explained() -> None:
    assert set(story.SCORES) == set(SCORES)
