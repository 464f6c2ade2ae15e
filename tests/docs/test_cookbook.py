"""Every block of the cookbook runs as written, short and from `helpers` alone."""

from __future__ import annotations

import ast
import re

import pandas as pd
import pytest

import helpers
from incident_report.paths import ROOT

TEXT = (ROOT / "docs" / "cookbook.md").read_text("utf-8")
OPENER, *BLOCKS = re.findall(r"```python\n(.*?)```", TEXT, re.DOTALL)
TITLES = re.findall(r"(?m)^## (.+\?)$", TEXT)


def run(block: str) -> tuple[dict, object]:
    """The block's names and the value of its last line, as a notebook would show it."""
    space: dict = {}
    exec(OPENER, space)
    tree = ast.parse(block)
    last = tree.body.pop()
    assert isinstance(last, ast.Expr)
    exec(compile(tree, "cookbook", "exec"), space)
    return space, eval(compile(ast.Expression(last.value), "cookbook", "eval"), space)


def test_five_questions_have_five_answers() -> None:
    assert len(TITLES) == len(BLOCKS) == 5


@pytest.mark.parametrize("block", BLOCKS, ids=TITLES)
def test_a_question_takes_three_lines_and_nothing_but_helpers(block: str) -> None:
    assert len(block.strip().splitlines()) <= 3 and "import" not in block
    _, value = run(block)
    assert value is not None and (not hasattr(value, "__len__") or len(value))


def test_the_answers_are_what_they_say() -> None:
    answers = [run(block)[0] for block in BLOCKS]
    weekly, convoys = answers[0]["weekly"], answers[0]["convoys"]
    assert weekly["count"].sum() + len(weekly.undated) == len(convoys)
    assert (weekly["low"] <= weekly["count"]).all() and (weekly["high"] > weekly["count"]).all()
    claims = answers[1]["claims"].table
    assert claims["count"].is_monotonic_decreasing and (claims["least"] <= claims["share"]).all()
    rockets = answers[3]["rockets"]
    assert rockets.inside + rockets.outside + rockets.cannot_tell == len(rockets)
    assert answers[4]["change"]["count"].sum() + len(answers[4]["change"].undated) == len(answers[4]["ed"].counted)


def test_every_other_line_runs_too() -> None:
    ed = helpers.open_edition(quarter="2020Q3")
    space = {name: getattr(helpers, name) for name in helpers.__all__}
    space |= {"ed": ed, "table": helpers.count(ed).table, "convoys": helpers.where(ed, series="logistics_convoy")}
    lines = [line for row in re.findall(r"(?m)^\| [^|]+ \| (`.+`) \|$", TEXT) for line in re.findall("`([^`]+)`", row)]
    assert len(lines) >= 9
    for line in lines:
        if line.startswith("evidence") and not hasattr(ed.data, "evidence"):
            continue  # a campaign may do without
        assert eval(line, dict(space)) is not None, line


def test_the_public_functions_say_what_they_take_give_and_raise() -> None:
    for name, home in helpers._face.HOMES.items() if hasattr(helpers, "_face") else ():
        if home.startswith(("analysis.public", "analysis.selection")) or name in ("load", "open_edition", "facts"):
            text = getattr(helpers, name).__doc__
            for part in ("Parameters", "Returns", "Raises", "Examples"):
                assert part in text or (part == "Returns" and name in ("load", "open_edition")), f"{name}: no {part}"


def test_pandas_is_what_comes_out() -> None:
    ed = helpers.open_edition(quarter="2020Q3")
    for answer in (helpers.where(ed), helpers.count(ed), helpers.shares(ed, "confidence")):
        assert isinstance(answer.table, pd.DataFrame)
