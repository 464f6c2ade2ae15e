"""The scorecard as one spread: options in groups, what each bears on, a mark an objective, what it hangs on."""

from __future__ import annotations

from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.result import Result
from incident_report.present.records import Column
from incident_report.present.words import words_of

WIDTHS = {"option": 0.17, "time": 0.08, "weakest": 0.22}  # marks and what it bears on share what is left
SHOWN = 2  # series whose reach stands in the table: those with most attacks


def spread(ed: Edition) -> pd.DataFrame:
    """One row an option, below a row with its group's name; the last row is the gap, where there is one.

    Returns
    -------
    DataFrame
        Columns option (an `Option`, None in other rows), heading (a group's name), gap (whether the row is the
        gap's), one a series (the `Share` of its attacks that the option bears on) and one an objective (the `Score`).
    """
    fact = ed.facts["options"]
    rows: list[dict[str, Any]] = []
    groups = {g["id"]: g["label"] for g in (ed.data.options or {}).get("groups", ())}
    last = None
    for option in fact.every:
        if option.group != last:
            last = option.group
            rows.append({"option": None, "heading": groups[last], "gap": False})
        shares = {s.series.id: fact.reach(option, s.series.id) for s in fact.series(SHOWN)}
        marks = {s.objective.id: s for s in fact.scores(option)}
        rows.append({"option": option, "heading": "", "gap": False, **shares, **marks})
    if fact.gaps:
        rows.append({"option": None, "heading": "", "gap": True})
    return pd.DataFrame(rows).astype(object)


def columns(ed: Edition) -> dict[str, Column]:
    """The columns of `spread`, with the campaign's own short names of objectives and series."""
    fact, say = ed.facts["options"], words_of(ed).phrase
    heads = {s.series.id: say("bears_on", s) for s in fact.series(SHOWN)}
    heads |= {o.id: say("cap", o.short) for o in fact.objectives}
    width = (1 - sum(WIDTHS.values())) / max(len(heads), 1)
    option, time, weakest = ({name: Column("", "left", share)} for name, share in WIDTHS.items())
    return {**option, **{name: Column(head, "center", width) for name, head in heads.items()}, **time, **weakest}


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
