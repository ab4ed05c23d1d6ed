import pytest

from latentlab.core.errors import ParamsError
from latentlab.core.family import Family
from latentlab.families import params, roster

PARTS = ("family", "settings", "train", "scores", "figures", "rules", "story")


def test_a_family_is_found_by_its_name() -> None:
    for family in roster.FAMILIES:
        assert roster.named(family.name) is family


def test_a_name_that_no_family_has_is_refused_with_those_that_there_are() -> None:
    known = ", ".join(family.name for family in roster.FAMILIES)
    with pytest.raises(ParamsError, match=f"one of {known}, got 'diffusion'"):
        roster.named("diffusion")


def test_models_are_those_of_all_families_in_their_order() -> None:
    assert list(roster.models()) == [model.name for family in roster.FAMILIES for model in family.models]
    for name, (family, model) in roster.models().items():
        assert model.name == name
        assert model in family.models


def test_names_titles_and_folders_are_nobody_elses() -> None:
    models = [model for _, model in roster.models().values()]
    for facts in zip(*[(model.name, model.title, model.folder) for model in models], strict=True):
        assert len(set(facts)) == len(models)


@pytest.mark.parametrize("part", PARTS)
@pytest.mark.parametrize("family", roster.FAMILIES, ids=lambda family: family.name)
def test_every_family_has_a_file_of_each_name(family: Family, part: str) -> None:
    assert roster.part(family, part).__name__ == f"latentlab.families.{family.name}.{part}"


@pytest.mark.parametrize("family", roster.FAMILIES, ids=lambda family: family.name)
def test_a_record_agrees_with_its_section_of_params(family: Family) -> None:
    keys = params.values()[family.name]
    assert ("conditional" in keys) == family.can_be_conditional
