"""dvc.lock as committed belongs to the code, dvc.yaml and params.yaml beside it; nothing is run for that."""

from functools import reduce
from operator import getitem
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from latentlab.core import digests, provenance
from tests.imports import ROOT
from tests.pipeline import STAGES, inputs

ADVICE = "Run `make repro` with the committed params.yaml, and commit dvc.lock."


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_was_run_with_what_is_committed(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    locked = provenance.locked_inputs(name)
    assert locked, f"dvc.lock lacks the stage {name}. {ADVICE}"
    assert locked["cmd"] == STAGES[name]["cmd"], ADVICE
    assert locked["params"] == params_of(name), ADVICE
    assert set(locked["deps"]) == set(STAGES[name]["deps"]), ADVICE
    committed = set(locked["deps"]) - set(inputs(name))
    changed = [path for path in committed if locked["deps"][path] != digests.dvc(Path(path))]
    assert not changed, f"{name} was run with other {', '.join(sorted(changed))}. {ADVICE}"


def test_stages_were_run_on_each_others_outputs() -> None:
    """As they lie in dvc.lock; a folder that holds several outputs has no digest of its own there."""
    stages = YAML(typ="safe").load(ROOT / "dvc.lock")["stages"]
    outs = {out["path"]: out["md5"] for stage in stages.values() for out in stage.get("outs", [])}
    deps = [(name, dep) for name, stage in stages.items() for dep in stage["deps"] if dep["path"] in outs]
    assert len(deps) > len(stages)
    assert [(name, dep["path"]) for name, dep in deps if dep["md5"] != outs[dep["path"]]] == []


def params_of(name: str) -> dict[str, Any]:
    """The values in params.yaml that DVC compares for a stage, by dotted key."""
    values = YAML(typ="safe").load(ROOT / "params.yaml")
    return {key: reduce(getitem, key.split("."), values) for key in STAGES[name].get("params", [])}
