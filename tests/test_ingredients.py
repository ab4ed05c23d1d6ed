"""What results were made of, and what pages say once that has changed."""

from pathlib import Path

import pytest

from scripts import ingredients
from scripts.ingredients import Ingredients

COMMIT = "0123456789"


@pytest.fixture
def made_of() -> Ingredients:
    return ingredients.of(COMMIT, "photos-32", ["data.path=/home/me", "threads=2", "gan.epochs=7"])


def test_a_result_says_what_it_is_of_and_not_where_images_lay(made_of: Ingredients) -> None:
    assert made_of["commit"] == "0123456"
    assert made_of["changes"] == ["threads=2", "gan.epochs=7"]
    assert made_of["machine"]["cores"] >= 1
    params = made_of["params"]
    assert (params["threads"], params["gan.epochs"], params["gan.objective"]) == (2, 7, "hinge")
    assert "data.path" not in params


def test_nothing_has_changed_since_now(made_of: Ingredients) -> None:
    assert ingredients.since(made_of) == ""


def test_every_param_and_all_code_that_changed_are_named(made_of: Ingredients) -> None:
    params = made_of["params"] | {"gan.epochs": 8, "vae.was": 1}
    del params["vae.cooldown"]
    older = made_of | {"params": params, "code": dict.fromkeys(made_of["code"], "another")}
    changed = "`vae.cooldown`, `gan.epochs`, `vae.was`, code of the data, of trainings and of scores"
    assert ingredients.since(older) == f" Changed since then: {changed}."


def test_a_changed_preset_is_a_change(made_of: Ingredients) -> None:
    older = made_of | {"params": ingredients.params("default", ["gan.epochs=7", "threads=2"])}
    assert "`gan.objective`" in ingredients.since(older)


def test_each_kind_of_work_knows_a_change_of_its_code(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "src" / "nets").mkdir(parents=True)
    (tmp_path / "src" / "nets" / "gan.py").write_text("1")
    (tmp_path / "src" / "metric.py").write_text("1")
    (tmp_path / "dvc.yaml").write_text(
        "stages: {prepare: {deps: [src/metric.py]}, train_gan: {deps: [src/nets, data/prepared]}, "
        "score_gan: {deps: [src/metric.py, models/gan]}, figures: {deps: [src/drawn.py]}}"
    )
    monkeypatch.setattr(ingredients, "ROOT", tmp_path)
    before = ingredients.code()
    (tmp_path / "src" / "nets" / "gan.py").write_text("22")
    after = ingredients.code()
    assert ingredients.differing(before, after) == ["train"]
    assert len(after["train"]) == ingredients.DIGITS
