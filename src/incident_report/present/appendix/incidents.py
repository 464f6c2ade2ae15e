"""The table of this quarter's incidents, each row with its sources."""

from __future__ import annotations

from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.present.labels import label
from incident_report.present.phrase import count, escape, number
from incident_report.present.records import Column, Record, Trace, show_prose, show_table

MOST_ROWS = 120  # that are worth printing; the data hold them all


def incidents_table(ed: Edition) -> Record:
    """Every row listed for the edition's quarter, counted or not."""
    rows = ed.listed[ed.listed["quarter"] == str(ed.quarter)]
    if rows.empty:
        return show_prose("txt-no-incidents", f"No attack is listed for {ed.quarter.words}.")
    counted = set(ed.incidents(ed.quarter)["incident_id"])
    data = pd.DataFrame(
        {
            "incident": [f"{r.incident_id}{'' if r.incident_id in counted else '*'}" for r in rows.itertuples()],
            "date": [_date(r) for r in rows.itertuples()],
            "place": list(rows["place"]),
            "what": [_what(r) for r in rows.itertuples()],
            "harm": [f"{_figure(r.killed)}/{_figure(r.wounded)}" for r in rows.itertuples()],
            "confidence": list(rows["confidence"]),
            "sources": [_cite(r.sources) for r in rows.itertuples()],
        }
    )
    left_out = len(rows) - len(counted)
    notes = [f"\\* Listed, not counted ({number(left_out)}): see @tab-ledger."] if left_out else []
    if len(data) > MOST_ROWS:
        notes.append(
            f"Printed are the first {MOST_ROWS} by date; "
            f"all {number(len(data))} stand in data.zip, in edition/incidents.csv."
        )
    return show_table(
        data.head(MOST_ROWS),
        id="tab-incidents",
        title=f"{count(len(rows), 'attack is', 'attacks are').capitalize()} listed for {ed.quarter.label}",
        columns={
            "incident": Column("Incident", width=0.125),
            "date": Column("Date", width=0.07),
            "place": Column("Place", width=0.24),
            "what": Column("Target and method", width=0.22),
            "harm": Column("K/W", "center", 0.05),
            "confidence": Column("Conf.", width=0.07),
            "sources": Column("Sources", width=0.24),
        },
        markdown=("sources",),
        caption="K/W: people killed and wounded; a dash means that no source states the figure. Conf.: confidence."
        " A date with *c.* is known to the week or month only.",
        notes=notes,
        source="Documented incidents; every field stands in the data that come with this report.",
        csv=_csv(rows, counted),
        trace=[Trace("incident_report.analysis.edition.Edition.listed", {"quarter": ed.quarter}, rows["incident_id"])],
    )


def _date(row: Any) -> str:
    rough = "" if row.date_precision == "day" else "c. "
    return f"{rough}{row.date.day} {row.date:%b}"


def _what(row: Any) -> str:
    target, method = label(row.target_category), label(row.attack_method)
    munitions = row.munition_count
    many = f" × {munitions}" if not pd.isna(munitions) and munitions > 1 else ""
    return f"{target}; {method.lower()}{many}"


def _figure(value: object) -> str:
    return "–" if pd.isna(value) else str(value)  # type: ignore[call-overload]


def _cite(sources: Any) -> str:
    return f"[{'; '.join('@' + s for s in sources)}]" if sources else escape("none")


def _csv(rows: pd.DataFrame, counted: set[str]) -> pd.DataFrame:
    """The rows as published: lists joined again, and whether each is counted."""
    data = rows.drop(columns=["counted"]).assign(
        date=rows["date"].dt.strftime("%Y-%m-%d"),
        techniques=[";".join(t) for t in rows["techniques"]],
        sources=[";".join(s) for s in rows["sources"]],
        counted=["yes" if i in counted else "no" for i in rows["incident_id"]],
    )
    return data.astype(object).where(data.notna(), "")
