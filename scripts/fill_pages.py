"""Fills in what README.md and docs/*.md say of results: text between marks, from files of results.

    <!-- numbers: NAME -->
    ...
    <!-- /numbers -->

In docs/lecture.md this holds what the macro NAME of docs/templates/lecture.jinja makes of the files in
docs/results, each under its name, and of benchmarks/results.json under ``benchmark``. Of these default.json
is a copy of reports/metrics.json, taken anew where that belongs to dvc.lock and to params.yaml as committed.
"""

import json
import re
import shutil
import subprocess
import textwrap
from collections.abc import Mapping
from functools import partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from ruamel.yaml import YAML

from latentlab.core import digests
from scripts import ingredients
from scripts.ingredients import ROOT
from studies.seeds import comparison, statistics

METRICS = "reports/metrics.json"
RESULTS, BENCHMARK = ROOT / "docs" / "results", ROOT / "benchmarks" / "results.json"
IMAGES = ROOT / "docs" / "images"
DEFAULT = RESULTS / "default.json"
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
TEMPLATES = Environment(
    loader=FileSystemLoader(ROOT / "docs" / "templates"),
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
# What rounds to 0 has no sign.
TEMPLATES.filters["fixed"] = lambda number, digits: f"{float(number):z.{digits}f}"
TEMPLATES.filters["percent"] = lambda share, digits=0: f"{100 * share:.{digits}f}"
# Of a score over seeds, as `make seeds` writes it.
TEMPLATES.filters["spread"] = lambda score, digits: (
    f"{score['mean']:.{digits}f} ± {score['standard_deviation']:.{digits}f}"
)
TEMPLATES.filters["range"] = lambda score: " to ".join(
    f"{value:g}" for value in sorted({min(score["values"].values()), max(score["values"].values())})
)
wrap = partial(textwrap.fill, width=120, break_long_words=False, break_on_hyphens=False)
BLOCK = re.compile(r"(<!-- numbers: (\w+) -->\n).*?(<!-- /numbers -->)", re.DOTALL)


def main() -> None:
    if reason := why_not_default():
        print(f"{DEFAULT.relative_to(ROOT)} stays as it is: {reason}.")
    else:
        shutil.copyfile(ROOT / METRICS, DEFAULT)
    fill_pages()


def why_not_default() -> str | None:
    """Why the scores in the workspace are not those of the default, in words; None if they are."""
    if not (ROOT / METRICS).exists():
        return f"there is no {METRICS}"
    if digests.dvc(ROOT / METRICS) != locked_digest():
        return f"{METRICS} is not of the run that dvc.lock notes; run `dvc repro`"
    if subprocess.run(
        ["git", "diff", "--quiet", "HEAD", "--", "params.yaml"], cwd=ROOT, check=False
    ).returncode:
        return f"{METRICS} is of params.yaml with changes; commit them if they are the new default"
    return None


def locked_digest() -> str | None:
    """What dvc.lock says of the scores that its run wrote."""
    stages = YAML(typ="safe").load(ROOT / "dvc.lock")["stages"]
    outs = {out["path"]: out["md5"] for stage in stages.values() for out in stage.get("outs", [])}
    return outs.get(METRICS)


def fill_pages() -> None:
    """Makes new what stands between the marks of all pages, and names the pages that this changed."""
    results = load_results()
    for page in PAGES:
        old = page.read_text(encoding="utf-8")
        new = fill(page.stem, old, results)
        if new != old:
            page.write_text(new, encoding="utf-8", newline="\n")
            print(f"{page.relative_to(ROOT)} has new numbers.")


def difference(a: Mapping[str, Any], b: Mapping[str, Any], model: str, score: str) -> str:
    """A model's score over seeds, seed by seed: b's less a's, in words.

    Args:
        a, b: two results of `make seeds`.

    Raises:
        EvaluationError: they were not measured alike.
    """
    comparison.require_comparable(a["conditions"], b["conditions"])
    values = (result["models"][model][score]["values"] for result in (a, b))
    return str(statistics.paired_difference(*values))


TEMPLATES.globals["difference"] = difference


def result_file(name: str) -> Path:
    """Where a result is kept. Templates know it by the file's stem, so that it has to be a name there."""
    return RESULTS / f"{re.sub(r'[^A-Za-z0-9]', '_', name)}.json"


def load_results() -> dict[str, Any]:
    """The content of each file of results, by name.

    Where one says what it was made of, its ``since`` says what has changed of that.
    """
    files = {path.stem: path for path in RESULTS.glob("*.json")} | {"benchmark": BENCHMARK}
    results = {name: json.loads(path.read_text(encoding="utf-8")) for name, path in files.items()}
    for found in results.values():
        if "params" in found:
            found["since"] = ingredients.since(found)
    return results


def fill(page: str, text: str, results: Mapping[str, Any]) -> str:
    """The text of a page with what stands between its marks made of these results."""
    return BLOCK.sub(lambda found: f"{found[1]}{render(page, found[2], results)}\n{found[3]}", text)


def render(page: str, name: str, results: Mapping[str, Any]) -> str:
    """What a macro of a page's template makes of results: tables as they are, and sentences in lines.

    Raises:
        jinja2.UndefinedError: it uses a number that no file has.
    """
    template = TEMPLATES.get_template(f"{page}.jinja")
    text = str(getattr(template.make_module(dict(results)), name)()).strip()
    parts = re.split(r"\n\s*\n", text)
    return "\n\n".join(part if part.startswith("|") else wrap(" ".join(part.split())) for part in parts)


if __name__ == "__main__":
    main()
