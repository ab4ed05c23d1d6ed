from pathlib import Path
from typing import Any

import pytest

from latentlab.families import params
from latentlab.tracking import presets
from tests.imports import ROOT


def values(preset: str) -> dict[str, Any]:
    return params.load(ROOT / "presets" / f"{preset}.yaml").model_dump(mode="json")


@pytest.fixture(autouse=True)
def _in_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


@pytest.mark.parametrize("preset", ["default", "lecture", "mnist", "tiny"])
def test_an_unchanged_preset_is_known(preset: str) -> None:
    assert presets.origin(values(preset)) == (preset, {})


def test_changes_are_told_from_the_nearest_preset() -> None:
    changed = values("tiny")
    changed["vae"] |= {"kl_weight": 0.5, "epochs": 3}
    changed["seed"] = 7
    origin = presets.origin(changed)
    assert origin.preset == "tiny"
    assert origin.changes == {"seed": 7, "vae.kl_weight": 0.5, "vae.epochs": 3}
    assert origin.title == "tiny seed=7 vae.kl_weight=0.5 and 1 more"


def test_without_readable_presets_params_are_custom(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    content = values("tiny")
    monkeypatch.chdir(tmp_path)
    assert presets.origin(content) == ("custom", {})
    (tmp_path / "presets").mkdir()
    (tmp_path / "presets" / "half.yaml").write_text("seed: 1\n")
    assert presets.origin(content).title == "custom"
