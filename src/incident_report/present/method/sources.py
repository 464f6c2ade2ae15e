"""What the sources are and which fields they fill."""

from __future__ import annotations

import pandas as pd

from incident_report.analysis import quality
from incident_report.analysis.edition import Edition
from incident_report.present.labels import label
from incident_report.present.phrase import count, share
from incident_report.present.records import Column, Record, Trace, show_prose, show_table


def sources_table(ed: Edition) -> Record:
    """Sources behind this quarter's incidents by kind and reliability."""
    data = quality.sources_used(ed, ed.quarter)
    if data.empty:
        return show_prose("txt-no-sources", f"No source is cited by an attack counted for {ed.quarter.words}.")
    data = data.assign(kind=[label(k) for k in data["kind"]])
    letters = [c for c in data.columns if c not in ("kind", "total")]
    total = int(data["total"].sum())
    top = data.iloc[0]
    return show_table(
        data,
        id="tab-sources",
        title=f"{count(total, 'source', 'sources').capitalize()} stand behind {ed.quarter.label};"
        f" the commonest kind is {top['kind'].lower()} ({int(top['total'])})"
        if total > 1
        else f"One source stands behind {ed.quarter.label}",
        columns={
            "kind": Column("Kind of source"),
            **{x: Column(x, "right") for x in letters},
            "total": Column("Total", "right"),
        },
        caption="Distinct sources cited by counted attacks, by reliability letter: A reliable, B usually reliable,"
        " C fairly reliable, D not usually reliable, E unreliable, F cannot be judged.",
        source="Documented incidents and their source list.",
        trace=[
            Trace(
                "incident_report.analysis.quality.sources_used",
                {"quarter": ed.quarter},
                ed.incidents(ed.quarter)["incident_id"],
            )
        ],
    )


def completeness_table(ed: Edition) -> Record:
    """How many of this quarter's incidents have a value in each field."""
    known = quality.completeness(ed, ed.quarter)
    total = known[0].total
    if total == 0:
        return show_prose("txt-no-fields", f"No attack is counted for {ed.quarter.words}, so no field can be examined.")
    data = pd.DataFrame(
        [
            {
                "field": k.label,
                "known": k.known,
                "unknown": k.total - k.known,
                "share": share(k.known, k.total),
            }
            for k in known
        ]
    )
    worst = min(known, key=lambda k: (k.known, k.label))
    return show_table(
        data,
        id="tab-completeness",
        web_only=True,
        title=f"{worst.label} is the field that reports say least about: {worst.known} of {total}",
        columns={
            "field": Column("Field"),
            "known": Column("Stated (attacks)", "right"),
            "unknown": Column("Not stated (attacks)", "right"),
        },
        caption=f"Attacks counted for {ed.quarter.label} by whether any source states the field. Not stated is"
        " unknown, never zero.",
        source="Documented incidents.",
        n=f"n = {total} attacks.",
        trace=[
            Trace(
                "incident_report.analysis.quality.completeness",
                {"quarter": ed.quarter},
                ed.incidents(ed.quarter)["incident_id"],
            )
        ],
    )
