"""Coverage: documented incidents beside the headline tally, and what that implies for documented trends."""

from __future__ import annotations

import math

import pandas as pd

from incident_report.analysis.comparability import THIN, Support, support
from incident_report.analysis.coverage import FULL, Coverage, coverages
from incident_report.analysis.edition import Edition
from incident_report.present.change import short_day, tally_name
from incident_report.present.phrase import escape, join, number, sentence
from incident_report.present.records import Column, Record, Trace, show_prose, show_table

_COVERAGE = "incident_report.analysis.coverage.coverage"
LEVEL_WORDS = {
    "unknown": "Not known",
    "thin": "Thin: no evidence on trend",
    "partial": "Partial: read with care",
    "close": "Close to the tally",
    "above": "Above the tally",
}


def _share(c: Coverage) -> str:
    """Documented over tallied; a percentage only on a base of ten or more."""
    if math.isnan(c.share):
        return "–"
    return f"{100 * c.share:.0f}%" if c.tally.count >= 10 else f"{number(c.documented or 0)} of {number(c.tally.count)}"


def _trace(c: Coverage) -> Trace:
    return Trace(_COVERAGE, {"series": c.series, "quarter": c.quarter}, c.rows, f"{c.documented} of {c.tally.count}")


def coverage_table(ed: Edition) -> Record | None:
    """Documented and tallied attacks by series and quarter, over the tally's days."""
    found = coverages(ed)
    if not found:
        return None  # the text says so
    rows = [
        {
            "series": ed.find_series(c.series).label,
            "quarter": c.quarter.label + (f", to {short_day(c.tally.window.end)}" if c.tally.partial else ""),
            "documented": "unknown" if c.documented is None else number(c.documented),
            "tallied": {"at_least": "at least ", "about": "about "}.get(c.tally.bound, "") + number(c.tally.count),
            "share": _share(c),
            "level": LEVEL_WORDS[c.level],
        }
        for c in found
    ]
    table = pd.DataFrame(rows)
    table.loc[table["series"].eq(table["series"].shift()), "series"] = ""
    sources = sorted({c.tally.source for c in found})
    return show_table(
        table,
        id="tab-coverage",
        title=_title(ed, found),
        columns={
            "series": Column("Series", width=0.24),
            "quarter": Column("Quarter", width=0.2),
            "documented": Column("Documented", "right", 0.13),
            "tallied": Column("Tallied", "right", 0.1),
            "share": Column("Share", "right", 0.1),
            "level": Column("What it allows", width=0.23),
        },
        caption="Documented incidents within exactly the days that the tally covers. Below one third a documented"
        " trend is"
        f" no evidence; from {100 * FULL:.0f}% to {100 / FULL:.0f}% the two counts are close. A documented count"
        " above the"
        " tally means that the scopes differ.",
        source=f"{escape(sentence([tally_name(ed)]))} [{'; '.join('@' + s for s in sources)}]; documented incidents"
        " of this edition.",
        csv=pd.DataFrame(
            [
                {
                    "series": c.series,
                    "quarter": str(c.quarter),
                    "documented": c.documented,
                    "tallied": c.tally.count,
                    "share": c.share,
                    "level": c.level,
                }
                for c in found
            ]
        ),
        trace=[_trace(c) for c in found],
    )


def _nothing() -> str:
    return (
        "No headline tally was published for these quarters, so nobody can say what share of the attacks is documented:"
        " every documented trend may be a trend in what was recorded."
    )


def _title(ed: Edition, found: list[Coverage]) -> str:
    now = [c for c in found if c.quarter == ed.quarter and c.documented is not None]
    if not now:
        return "Documented incidents beside the tally, by series and quarter"
    parts = [f"{number(c.documented or 0)} of {number(c.tally.count)} {ed.find_series(c.series).noun}" for c in now]
    return f"{ed.quarter.label}, documented against tallied: {join(parts)}"


def coverage_text(ed: Edition) -> Record:
    """The sentence that coverage implies for every documented trend."""
    found = coverages(ed)
    if not found:
        return show_prose("txt-coverage", _nothing(), role="caveat")
    paragraphs = []
    for one in ed.series:
        group = [c for c in found if c.series == one.id and c.documented is not None]
        if not group:
            continue
        noun = escape(one.noun)
        shares = [
            f"{number(c.documented or 0)} against {number(c.tally.count)} in {c.quarter.label}" for c in group[-6:]
        ]
        paragraphs.append(f"Documented against tallied {noun}: {join(shares)}. {_implied(ed, one.id, noun, group)}")
    bare = [escape(s.noun) for s in ed.series if not any(c.series == s.id for c in found)]
    if bare:
        paragraphs.append(f"No tally was published for {join(bare)}: what share of them is documented is unknown.")
    return show_prose("txt-coverage", *paragraphs, trace=[_trace(c) for c in found], role="caveat")


def _implied(ed: Edition, series: str, noun: str, group: list[Coverage]) -> str:
    quarters = tuple(c.quarter for c in group)
    found = support(ed, series, *quarters)
    if found is Support.THIN:
        thin = join([c.quarter.label for c in group if c.share < THIN])
        return (
            f"As less than a third is documented in {thin}, the documented trend of {noun} is no evidence of a trend in"
            " attacks; only the tallies are."
        )
    if found is Support.UNEVEN:
        return (
            f"As this share differs by more than half again between quarters, the documented trend of {noun}"
            " mixes change in attacks with change in recording."
        )
    if len(group) < 2:
        return "One quarter allows no word on whether that share is steady."
    if found is Support.UNKNOWN:
        return f"Without a share for every quarter, the documented trend of {noun} is to be read with care."
    return f"This share is steady enough for the documented trend of {noun} to be set beside the tallied one."
