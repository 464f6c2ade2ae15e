"""What changed since the previous edition, in words and a table."""

from __future__ import annotations

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.revisions import FieldChange, Revisions, since
from incident_report.data.predecessor import read_previous_incidents
from incident_report.periods import Quarter
from incident_report.present.labels import label
from incident_report.present.phrase import count, escape, join, number, sentence
from incident_report.present.records import Column, Record, Trace, show_prose, show_table

_FUNCTION = "incident_report.analysis.revisions.since"


def since_text(ed: Edition, previous: str) -> Record:
    """The revisions in two or three sentences, for the front of the report."""
    published = read_previous_incidents(previous)
    if published is None:
        return show_prose(
            "txt-since",
            f"No previous edition was named when this one was built, so nothing can be said about revisions since."
            f" {_own_corrections(ed)}",
            trace=[Trace(_FUNCTION, {"previous": ""})],
        )
    found = since(published, ed)
    return show_prose(
        "txt-since",
        sentence([_growth(found), _revised(found), _effect(ed, found)]),
        trace=[Trace(_FUNCTION, {"previous": previous}, _ids(found))],
    )


def revisions_table(ed: Edition, previous: str) -> Record | None:
    """Each addition, removal and change in quarters that both editions know; nothing where there is none."""
    published = read_previous_incidents(previous)
    found = None if published is None else since(published, ed)
    if found is None or not found.any:
        return None
    rows = [(i, Quarter.parse(q).label, "row added", "", "") for i, q in found.added]
    rows += [(i, Quarter.parse(q).label, "row removed", "", "") for i, q in found.removed]
    rows += [(c.incident_id, Quarter.parse(c.quarter).label, _field(c), c.old, c.new) for c in found.changed]
    data = pd.DataFrame(sorted(rows), columns=["incident", "quarter", "what", "old", "new"])
    return show_table(
        data,
        id="tab-revisions",
        title=f"{count(len(data), 'revision', 'revisions').capitalize()} of rows that the previous edition knew",
        columns={
            "incident": Column("Incident", width=0.18),
            "quarter": Column("Quarter", width=0.12),
            "what": Column("What", width=0.2),
            "old": Column("Was", width=0.25),
            "new": Column("Is", width=0.25),
        },
        caption="An empty cell is unknown.",
        source="Documented incidents of both editions.",
        trace=[Trace(_FUNCTION, {"previous": previous}, _ids(found))],
    )


def _growth(found: Revisions) -> str:
    if not found.new_quarters:
        return "No quarter is new since the previous edition."
    labels = [Quarter.parse(q).label for q in found.new_quarters]
    return f"New since the previous edition: {join(labels)}."


def _revised(found: Revisions) -> str:
    if not found.any:
        return "No row of the quarters that it knew has changed."
    rows = {c.incident_id for c in found.changed}
    parts = [
        count(len(found.added), "row was", "rows were") + " added",
        count(len(found.removed), "row was", "rows were") + " removed",
        count(len(rows), "row was", "rows were") + " changed",
    ]
    kept = [p for p, n in zip(parts, (found.added, found.removed, rows), strict=True) if n]
    return f"In the quarters that it knew, {join(kept)}."


def _effect(ed: Edition, found: Revisions) -> str:
    """What the revisions did to the headline counts of documented incidents."""
    moved = found.counts[found.counts["before"] != found.counts["after"]]
    if moved.empty:
        return "No count of an earlier quarter moved." if found.any else ""
    parts = [
        f"{escape(ed.find_series(name).noun)} in {Quarter.parse(quarter).label} from {number(old)} to {number(new)}"
        for quarter, name, old, new in zip(*(moved[c].tolist() for c in moved.columns), strict=True)
    ]
    return f"This moved the documented counts of {join(parts)}."


def _own_corrections(ed: Edition) -> str:
    n = len(ed.data.corrections)
    if n == 0:
        return "The register of corrections is empty."
    return f"The register of corrections holds {count(n, 'entry', 'entries')} (@tab-corrections)."


def _field(change: FieldChange) -> str:
    return label(change.field)


def _ids(found: Revisions) -> list[str]:
    return sorted({i for i, _ in (*found.added, *found.removed)} | {c.incident_id for c in found.changed})
