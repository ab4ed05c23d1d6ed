from pathlib import Path

import numpy as np
import pytest

from latentlab.core.errors import ArtifactError
from latentlab.showing.report import weights
from tests.showing.report.pipeline_outputs import write_network


def test_numbers_of_all_layers_count_and_states_of_generators_do_not(tmp_path: Path) -> None:
    path = tmp_path / "model.keras"
    write_network(
        path, a=np.zeros((3, 4), np.float32), b=np.zeros(4, np.float32), seed=np.zeros(2, np.uint32)
    )
    assert weights.num_parameters(path) == 16


def test_what_is_missing_is_named(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match=r"none\.keras is missing"):
        weights.num_parameters(tmp_path / "none.keras")
