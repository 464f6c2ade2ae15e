"""At a glance: every option in its group with marks and what it hangs on; every series' direction by month."""

from __future__ import annotations

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.result import Result
from incident_report.present.records import Column
from incident_report.present.spread import SHOWN
from incident_report.present.words import words_of

_OPTION, _WEAKEST = 0.20, 0.20  # of the width; marks share what is left


def columns(ed: Edition) -> dict[str, Column]:
    """The columns of `spread.spread` on page two, with the campaign's own short names of objectives and series."""
    fact, say = ed.facts["options"], words_of(ed).phrase
    heads = {s.series.id: say("can_touch", say("reach_of", s.series.fact)) for s in fact.series(SHOWN)}
    heads |= {o.id: say("cap", o.short) for o in fact.objectives}
    width = (1 - _OPTION - _WEAKEST) / max(len(heads), 1)
    marks = {name: Column(head, "center", width) for name, head in heads.items()}
    return {"option": Column("", "left", _OPTION), **marks, "weakest": Column("", "left", _WEAKEST)}


def directions(made: Result) -> pd.DataFrame:
    """`direction` side by side: one row a series; m1, m2 … hold ids of `Direction` of parts, quarter the whole's."""
    rows: dict[str, list[str]] = {}
    for step in made.value:
        rows.setdefault(step.series, []).append(step.direction.value)
    parts = len(next(iter(rows.values()), [""])) - 1
    names = ["series", *(f"m{i}" for i in range(1, parts + 1)), "quarter"]
    return pd.DataFrame([[series, *steps] for series, steps in rows.items()], columns=names)


def periods(table: pd.DataFrame) -> dict[str, Column]:
    """The columns of `directions`."""
    names = [str(c) for c in table.columns[1:]]
    width = 0.16 if len(names) < 5 else 0.13
    return {"series": Column("", "left", 1 - width * len(names)), **dict.fromkeys(names, Column("", "center", width))}
