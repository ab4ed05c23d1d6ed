"""What is wrong with params.yaml or the images stops every family before anything is trained or written."""

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from latentlab.core import artifacts
from latentlab.core.errors import ArtifactError, DataError, ParamsError
from latentlab.core.family import Family
from latentlab.families import roster
from tests.bench_project import set_params

FAMILIES = pytest.mark.parametrize("family", roster.FAMILIES, ids=lambda family: family.name)


def train(family: Family) -> Any:
    return roster.part(family, "train").train()


@FAMILIES
def test_a_section_that_is_unfit_is_named(family: Family, to_score: Path) -> None:
    set_params(**{family.name: {"unknown": 0}})
    with pytest.raises(ParamsError, match=rf"{family.name}\.unknown: expected no such key"):
        train(family)
    assert not family.folder.exists()


@FAMILIES
def test_images_that_are_not_prepared_are_named(family: Family, to_score: Path) -> None:
    artifacts.images_path("train").unlink()
    with pytest.raises(ArtifactError, match=r"train_images\.npy is missing"):
        train(family)
    assert not family.folder.exists()


@pytest.mark.parametrize(
    "family",
    [family for family in roster.FAMILIES if family.can_be_conditional],
    ids=lambda family: family.name,
)
def test_a_single_class_cannot_be_told(family: Family, to_score: Path) -> None:
    fitting = {key: [4] for key in roster.part(family, "settings").Settings.halvings}
    set_params(**{family.name: {"conditional": True, **fitting}})
    artifacts.save_array(artifacts.labels_path("train"), np.zeros(40, np.uint8))
    with pytest.raises(DataError, match=rf"^{family.name}\.conditional tells the model the class"):
        train(family)
