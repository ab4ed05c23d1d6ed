"""What the library asks of a family."""

import subprocess
import sys
from pathlib import Path

from latentlab.core.family import Family, Model

FURTHER = Model("own_best", "Own, best epoch", "best epoch", "#111111", Path("reports/scores/own/own_best"))
OWN = Family("own", "Own", "#000000", generative="decoder", further=(FURTHER,))


def test_a_family_trains_into_a_folder_of_its_name() -> None:
    assert OWN.folder == Path("models/own")


def test_its_first_model_is_the_one_at_the_end_of_the_training() -> None:
    first, second = OWN.models
    assert first == Model("own", "Own", "last epoch", "#000000", Path("models/own"))
    assert second == FURTHER


def test_a_family_is_by_default_a_generator_that_is_told_nothing() -> None:
    assert (OWN.encoder, OWN.has_prior, OWN.can_be_conditional) == (None, True, False)


def test_to_know_a_family_loads_nothing_heavy() -> None:
    heavy = "{'mlflow', 'tensorflow', 'numpy'}"
    code = f"import sys; from latentlab.core import family; print({heavy} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
