"""What the figure of the yardstick is told of reports/yardstick.json."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from latentlab.core import artifacts
from latentlab.families.together import yardstick
from latentlab.scoring.yardstick import trust
from latentlab.showing.figures.yardstick import Levels

LADDERS = {
    "copies": (0.0, 0.0, 0.0),
    "blur": (0.25, 0.5, 1.0),
    "white noise": (0.125, 1.0, 4.0),
    "spectrum noise": (0.5, 1.0, 2.0),
    "phases": (0.5, 1.0, 1.5),
}


def scores(value: float, reach: float = 0.0625) -> dict[str, Any]:
    return {"kernel_distance": value, "intervals": {"kernel_distance": [value - reach, value + reach]}}


def steps() -> dict[str, list[dict[str, Any]]]:
    return {
        name: [
            {"strength": strength, **scores(value)}
            for strength, value in zip((0.1, 0.5, 1), values, strict=True)
        ]
        for name, values in LADDERS.items()
    }


def test_the_levels_are_those_of_the_ratio() -> None:
    for reach in (0.0625, 0.5):  # With the second, chance takes real images farther than slight steps are.
        real = scores(0.0, reach)
        levels = yardstick.levels(real, steps())
        assert levels == Levels(0.0, [-reach, reach], max(0.25, reach), 1.5)
        assert levels.destroyed / levels.slight == trust.ratio(real, steps())


def test_ladders_with_images_come_first_and_begin_with_the_real_ones(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    held_out = np.arange(5, dtype=np.uint8)[:, None, None, None] * np.ones((1, 6, 6, 1), np.uint8)
    artifacts.save_array(artifacts.images_path("validation"), held_out)
    drawn = {name: np.full((3, 2, 6, 6, 1), 99, np.uint8) for name in LADDERS if name != "copies"}
    artifacts.save_arrays(artifacts.ladders_path(), drawn)
    tried = {"real": scores(0.0), "ladders": steps()}
    artifacts.save_json(artifacts.YARDSTICK, {"network": "random", "networks": {"random": tried}})
    seen: list[Any] = []
    monkeypatch.setattr(yardstick.yardstick, "ladders", lambda *told: seen.extend(told))
    yardstick.figure()
    found, levels, title = seen
    assert [ladder.name for ladder in found] == [*(name for name in LADDERS if name != "copies"), "copies"]
    assert found[0].images[:, :, 0, 0, 0].tolist() == [[0, 1], [99, 99], [99, 99], [99, 99]]
    assert found[0].distances == [0.25, 0.5, 1.0]
    assert (found[-1].images, found[-1].strengths[0]) == (None, "10%\ncopies")
    assert levels.slight == 0.25
    assert "random network" in title
