"""The scorecard as one table: options in groups, a mark an objective, what it hangs on, what it bears on."""

from __future__ import annotations

from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.result import Result
from incident_report.present.records import Column
from incident_report.present.words import words_of

WIDTHS = {"option": 0.22, "bears": 0.11, "time": 0.09, "weakest": 0.22}  # marks share what is left
SHOWN = 2  # series whose reach stands in the table: those with most attacks


def spread(ed: Edition) -> pd.DataFrame:
    """One row an option, below a row with its group's name; marks in the phrasebook's signs.

    Returns
    -------
    DataFrame
        Columns option (an `Option`, None in a group's row), heading, bears (bounds of its reach over each series
        shown) and one an objective.
    """
    fact, say = ed.facts["options"], words_of(ed).phrase
    rows: list[dict[str, Any]] = []
    groups = {g["id"]: g["label"] for g in (ed.data.options or {}).get("groups", ())}
    names = [*(o.id for o in fact.objectives), "bears"]
    last = None
    for option in fact.every:
        if option.group != last:
            last = option.group
            rows.append({"option": None, "heading": groups[last], **dict.fromkeys(names, "")})
        marks = {
            s.objective.id: say("mark", s.mark.value) + say("mark_note", s.red, s.beyond) for s in fact.scores(option)
        }
        shares = [fact.reach(option, s.series.id) for s in fact.series(SHOWN)]
        bears = say("side_by_side", [say("score", share.low, share.high) for share in shares])
        rows.append({"option": option, "heading": "", "bears": bears, **marks})
    table = pd.DataFrame(rows).astype(object)
    return table if fact.series(SHOWN) else table.drop(columns="bears", errors="ignore")


def columns(ed: Edition) -> dict[str, Column]:
    """The columns of `spread`, with the campaign's own short names of objectives and series."""
    fact, say = ed.facts["options"], words_of(ed).phrase
    wanted = fact.objectives
    width = (1 - sum(WIDTHS.values())) / max(len(wanted), 1)
    marks = {o.id: Column(say("cap", o.short), "center", width) for o in wanted}
    heads = {"bears": say("side_by_side", [say("reach_of", s.series.fact) for s in fact.series(SHOWN)])}
    option, bears, *rest = ({name: Column(heads.get(name, ""), "left", share)} for name, share in WIDTHS.items())
    made = {**option, **(bears if fact.series(SHOWN) else {}), **marks}
    for one in rest:
        made |= one
    return made


def first_places(made: Result) -> pd.DataFrame:
    """`acceptability` side by side: one row an option, in percent; two numbers where another seed could give either.

    Returns
    -------
    DataFrame
        Columns option, all, and one an objective left out.
    """

    def percent(row: Any) -> str:
        low, high = (round(100 * row[k]) for k in ("low", "high"))
        return f"{low}" if low == high else f"{low}–{high}"

    table = made.table
    table["text"] = table.apply(percent, axis=1)
    wide = table.pivot(index="option", columns="without", values="text").loc[list(dict.fromkeys(table["option"]))]
    order = list(dict.fromkeys(table["without"]))
    return wide[order].rename(columns={"": "all"}).reset_index()


def without(ed: Edition) -> dict[str, Column]:
    """The columns of `first_places`: all objectives, then each left out."""
    say = words_of(ed).phrase
    wanted = ed.facts["options"].objectives
    left_out = {o.id: Column(say("without", o.short), "center") for o in wanted} if len(wanted) > 1 else {}
    return {"option": Column(""), "all": Column(say("all_objectives"), "center"), **left_out}


def anchors(ed: Edition) -> pd.DataFrame:
    """What the levels mean: one row an objective (an `Objective`), columns a1 to a5."""
    wanted = ed.facts["options"].objectives
    rows = [{"objective": o, **{f"a{i}": text for i, text in enumerate(o.anchors, 1)}} for o in wanted]
    return pd.DataFrame(rows).astype(object)
