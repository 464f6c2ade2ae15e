"""Attacks against the personnel and sites that could be attacked."""

from __future__ import annotations

import pandas as pd

from incident_report.analysis.counts import BASES, TALLY
from incident_report.analysis.edition import Edition
from incident_report.analysis.exposure import MEASURES, Exposed, exposed
from incident_report.present.change import basis_name, tally_name
from incident_report.present.frequency.quarterly import limits_text
from incident_report.present.phrase import day, escape, join, number, sentence
from incident_report.present.records import Column, Record, Trace, show_prose, show_table

_EXPOSED = "incident_report.analysis.exposure.exposed"
UNIT = {"us_troops": ("per 1,000 US personnel", "US personnel"), "us_sites": ("per US site", "US sites")}


def exposure_table(ed: Edition) -> Record | None:
    """Attacks per 1,000 personnel and per site, where the posture table knows them."""
    found = [e for b in BASES for e in exposed(ed, b)]
    if not found:
        return None  # the text says so
    order = [s.id for s in ed.series]
    found.sort(
        key=lambda e: (
            order.index(e.count.series),
            BASES.index(e.count.basis),
            list(MEASURES).index(e.level.measure),
            e.count.period,
        )
    )
    rows = [
        {
            "series": ed.find_series(e.count.series).label,
            "basis": sentence([basis_name(ed, e.count.basis)]),
            "quarter": e.count.label,
            "count": number(e.count.count or 0),
            "level": f"{number(e.level.value)} {UNIT[e.level.measure][1]}",
            "rate": number(e.rate, 2),
            "interval": limits_text(e.limits, 2),
            "unit": sentence([UNIT[e.level.measure][0]]),
        }
        for e in found
    ]
    table = pd.DataFrame(rows)
    same = table[["series", "basis"]].eq(table[["series", "basis"]].shift()).all(axis=1)
    table.loc[same, ["series", "basis"]] = ""
    return show_table(
        table,
        id="tab-exposure",
        web_only=True,
        title="Attacks per 30 days against personnel and sites, where both are known",
        columns={
            "series": Column("Series", width=0.17),
            "basis": Column("Kind of count", width=0.18),
            "quarter": Column("Quarter", width=0.1),
            "count": Column("Attacks", "right", 0.08),
            "level": Column("Level taken", "right", 0.15),
            "rate": Column("Per 30 days", "right", 0.09),
            "interval": Column("95% interval", "right", 0.11),
            "unit": Column("Unit", width=0.12),
        },
        caption="The level is the one dated nearest to the quarter's middle, taken to hold all quarter; intervals"
        " allow for"
        " chance in the count only, not for doubt about the level. Quarters without a dated level are left out.",
        source=_posture_source(found),
        csv=pd.DataFrame(
            [
                {
                    "series": e.count.series,
                    "basis": e.count.basis,
                    "quarter": e.count.period,
                    "count": e.count.count,
                    "days": e.count.days,
                    "measure": e.level.measure,
                    "level": e.level.value,
                    "dated": e.level.dated.isoformat(),
                    "rate": e.rate,
                    "low": e.limits[0],
                    "high": e.limits[1],
                }
                for e in found
            ]
        ),
        trace=[_trace(e) for e in found],
    )


def _trace(e: Exposed) -> Trace:
    params = {"series": e.count.series, "basis": e.count.basis, "quarter": e.count.period, "measure": e.level.measure}
    return Trace(_EXPOSED, params, e.count.rows, number(e.rate, 2))


def _posture_source(found: list[Exposed]) -> str:
    cited = sorted({s for e in found for s in e.level.sources})
    return "Levels of personnel and sites" + (f" [{'; '.join('@' + s for s in cited)}]." if cited else ".")


def exposure_text(ed: Edition) -> Record:
    """Attacks against exposure in the edition's quarter, with the assumption said."""
    basis = TALLY if any(e.count.period == str(ed.quarter) for e in exposed(ed, TALLY)) else BASES[1]
    now = [e for e in exposed(ed, basis) if e.count.period == str(ed.quarter) and e.count.count]
    if not now:
        return show_prose(
            "txt-exposure",
            f"For {ed.quarter.words} no level of personnel or sites is on record beside a count above zero, so exposure"
            " is not brought in.",
        )
    name = escape(tally_name(ed)) if basis == TALLY else "documented incidents"
    clauses, doubts = [], []
    for measure in MEASURES:
        group = [e for e in now if e.level.measure == measure]
        if not group:
            continue
        rates = [f"{number(e.rate, 2)} {escape(ed.find_series(e.count.series).noun)}" for e in group]
        at = group[0].level
        clauses.append(
            f"{join(rates)} {UNIT[measure][0]} per 30 days, at {number(at.value)} {UNIT[measure][1]} ({day(at.dated)})"
        )
        if at.lowest != at.highest:
            doubts.append(
                f"Values from {number(at.lowest)} to {number(at.highest)} {UNIT[measure][1]} are dated within the"
                " quarter: at the"
                f" {'lowest' if at.value != at.lowest else 'highest'} the rates would be"
                f" {number(at.value / (at.lowest if at.value != at.lowest else at.highest), 1)} times as high."
            )
    text = f"By {name}, {ed.quarter.words} saw {'; and '.join(clauses)}."
    end = (
        "The level is assumed to hold for the whole quarter; not every target of these attacks is among the"
        " personnel or sites counted."
    )
    return show_prose(
        "txt-exposure",
        " ".join([text, *doubts, end]),
        trace=[_trace(e) for e in now],
        role="inference",
    )
