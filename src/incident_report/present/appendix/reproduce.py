"""What it takes to get the same report again: parameters, data and versions."""

from __future__ import annotations

from importlib.metadata import version

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.data.fingerprint import data_files, fingerprint
from incident_report.present.phrase import day
from incident_report.present.records import Column, Record, Trace, show_table

_PACKAGES = ("pandas", "numpy", "scipy", "matplotlib", "papermill", "nbconvert", "typst", "pypandoc_binary")


def parameters_table(ed: Edition) -> Record:
    """Parameters, data fingerprint and package versions of this edition."""
    window = ed.coverage(ed.quarter)
    as_of = ed.data.as_of
    rows = [
        ("Edition", str(ed.quarter)),
        ("Baseline", str(ed.baseline) if ed.baseline else "none"),
        ("Days covered", f"{day(window.start)} to {day(window.end)}" if window else "no incidents file"),
        ("Confidence floor", ed.confidence_floor),
        ("Known as of", day(as_of) if as_of else "everything in the data"),
        ("Data files", str(len(data_files(ed.data.folder)))),
        ("Data SHA-256", fingerprint(ed.data.folder)),
        ("Versions", ", ".join(f"{p} {version(p)}" for p in _PACKAGES)),
    ]
    return show_table(
        pd.DataFrame(rows, columns=["what", "value"]),
        id="tab-parameters",
        title=f"What this {ed.quarter.label} edition was built from",
        columns={"what": Column("Item", width=0.22), "value": Column("Value", width=0.78)},
        caption="The same data, parameters and versions give the same bytes.",
        trace=[Trace("incident_report.data.fingerprint.fingerprint", {"edition": ed.quarter})],
    )


def corrections_table(ed: Edition) -> Record | None:
    """Corrections applied to rows as first published, or nothing where there is none."""
    data = ed.data.corrections
    if data.empty:
        return None
    return show_table(
        data,
        id="tab-corrections",
        title=f"{len(data)} {'value was' if len(data) == 1 else 'values were'} corrected after first publication",
        columns={
            "incident_id": Column("Incident", width=0.16),
            "field": Column("Field", width=0.14),
            "old": Column("Was", width=0.14),
            "new": Column("Is", width=0.14),
            "reason": Column("Reason", width=0.28),
            "date": Column("Corrected on", width=0.14),
        },
        caption="The quarter files stay as first published; corrections are applied when they are read.",
        source="Register of corrections.",
        trace=[Trace("incident_report.data.load", {}, sorted(set(data["incident_id"])))],
    )
