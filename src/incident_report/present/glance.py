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
    """`direction` side by side: one row a series; m1, m2, m3 and quarter hold ids of `Direction`."""
    rows: dict[str, dict[str, str]] = {}
    for step in made.value:
        own = rows.setdefault(step.series, {"series": step.series})
        own["quarter" if "Q" in step.period else f"m{len(own)}"] = step.direction.value
    return pd.DataFrame(list(rows.values()))


def periods() -> dict[str, Column]:
    """The columns of `directions`."""
    marks = dict.fromkeys(("m1", "m2", "m3", "quarter"), Column("", "center", 0.16))
    return {"series": Column("", "left", 0.36), **marks}
