"""The notebook to explore with: it runs for any quarter, asks what the cookbook asks, and is no chapter."""

from __future__ import annotations

import json
import re

import pytest

from incident_report.paths import DATA, NOTEBOOKS, ROOT
from incident_report.publish.parameters import SHARED, declared
from incident_report.publish.request import Request

PATH = NOTEBOOKS / "explore.ipynb"
CODE = {c["id"]: "".join(c["source"]) for c in json.loads(PATH.read_text("utf-8"))["cells"] if c["cell_type"] == "code"}
COOKBOOK = (ROOT / "docs" / "cookbook.md").read_text("utf-8")


def run(**given: str) -> dict:
    """Its names after all cells have run, in this process."""
    space: dict = {}
    for id, source in CODE.items():
        exec(source, space)
        space |= given if id == "parameters" else {}
    return space


@pytest.mark.parametrize("quarter", ["2020Q3", "2019Q4"])
def test_it_runs_for_any_quarter(quarter: str) -> None:
    made = run(quarter=quarter)
    ed = made["ed"]
    assert str(ed.quarter) == quarter
    assert set(made["chosen"]["incident_id"]) == set(ed.counted["incident_id"])  # nothing is brushed yet
    assert made["monthly"]["count"].sum() == len(ed.counted)
    assert (made["day"] == "2020-05-07") == (quarter == "2020Q3")
    assert len(made["changed"]) == len(made["settings"]) and made["change"]["days"].min() > 0


def test_it_asks_what_the_cookbook_asks() -> None:
    _, *blocks = re.findall(r"```python\n(.*?)```", COOKBOOK, re.DOTALL)
    cells = [text.replace("(ed, day)", '(ed, "2020-05-07")') for text in CODE.values()]
    assert [b.strip() for b in blocks if b.strip() in cells] == [b.strip() for b in blocks]


def test_it_is_no_chapter_but_takes_what_every_chapter_takes() -> None:
    assert tuple(declared(PATH))[: len(SHARED)] == SHARED
    assert PATH not in Request().sources(DATA, "2020Q3").notebooks
