"""The last edition's outlook against what came."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.outlook import MAIN
from incident_report.analysis.predictive import LEVELS
from incident_report.analysis.scores import Score, published, running, scores
from incident_report.periods import Quarter
from incident_report.present.change import basis_name
from incident_report.present.outlook.common import MODEL_WORDS
from incident_report.present.phrase import count, escape, join, number, sentence, share
from incident_report.present.records import Column, Record, Trace, show_prose, show_table

_FUNCTION = "incident_report.analysis.scores.scores"
_REASONS = {
    "no_count": "No count for this quarter",
    "other_floor": "Published at another confidence floor",
    "fewer_days": "Covers other days than predicted",
}


def scoring(ed: Edition, previous: Mapping[str, Any]) -> Record:
    """Whether the new counts fell inside the published ranges; a sentence where there is nothing to score."""
    if not previous:
        return show_prose(
            "txt-outlook-scores",
            "No previous edition was named, so no published outlook is scored here; the back-test below shows how the"
            " model would have done.",
        )
    made = scores(ed, previous)
    if not made:
        return show_prose("txt-outlook-scores", _nothing(ed, previous))
    rows = [
        {
            "basis": sentence([basis_name(ed, s.basis)]),
            "series": ed.find_series(s.series).label,
            "model": sentence([MODEL_WORDS[s.model]]),
            **{f"r{level}": _range(s, level) for level in LEVELS},
            "observed": "–" if s.observed.count is None else number(s.observed.count),
            "verdict": _verdict(s),
        }
        for s in made
    ]
    editions = sorted({s.edition for s in made})
    rescaled = any(s.rescaled for s in made)
    return show_table(
        pd.DataFrame(rows),
        id="tab-outlook-scores",
        title=_title(ed, made),
        columns={
            "basis": Column("Kind of count", width=0.17),
            "series": Column("Series", width=0.17),
            "model": Column("Model", width=0.14),
            **{f"r{level}": Column(f"{level}% range", "right", 0.09) for level in LEVELS},
            "observed": Column(ed.quarter.label, "right", 0.08),
            "verdict": Column("Fell", width=0.17),
        },
        caption=f"Ranges that the edition of {join([_label(e) for e in editions])} published for {ed.quarter.label},"
        " and what came." + (" Where a count covers fewer days, the published model gives the range for these."
                             if rescaled else ""),
        source="The previous edition's provenance.json.",
        trace=[
            Trace(_FUNCTION, {"series": s.series, "basis": s.basis, "model": s.model}, s.observed.rows, _verdict(s))
            for s in made
        ],
    )  # fmt: skip


def running_record(ed: Edition, previous: Mapping[str, Any]) -> Record | None:
    """Hits of all published outlooks so far, for the main model; nothing before one has been scored."""
    track = {k: v for k, v in running(ed, previous).items() if k.endswith(f"/{MAIN}")}
    # All attacks together would count the series twice.
    own = {s.id for s in ed.campaign.series}
    lines = [v for k, v in sorted(track.items()) if k.split("/")[1] in own]
    scored = sum(v["scored"] for v in lines)
    if not scored:
        return None
    clauses = [
        f"{share(sum(v[f'inside_{level}'] for v in lines), scored)} inside the {level}% range" for level in LEVELS
    ]
    return show_prose(
        "txt-outlook-record",
        f"Of {count(scored, 'published prediction', 'published predictions')} of the gamma-Poisson model scored so far,"
        f" series and kinds of count together: {join(clauses)}.",
        role="observation",
        trace=[Trace("incident_report.analysis.scores.running", {}, sorted(track), str(scored))],
    )


def _nothing(ed: Edition, previous: Mapping[str, Any]) -> str:
    found = published(previous)
    if not found:
        return "The previous edition published no outlook, so there is none to score."
    quarters = sorted({r["quarter"] for r in found})
    if str(ed.quarter) not in quarters:
        return (
            f"The previous edition's outlook is for {join([_label(q) for q in quarters])}, not for"
            f" {ed.quarter.label}, so it is not scored here."
        )
    return "The previous edition's outlook is for series that this campaign does not have, so it is not scored here."


def _label(text: str) -> str:
    try:
        return Quarter.parse(text).label
    except ValueError:
        return escape(text)


def _range(s: Score, level: int) -> str:
    return f"{number(s.ranges[level][0])}–{number(s.ranges[level][1])}" if s.scored else "–"


def _verdict(s: Score) -> str:
    if not s.scored:
        return _REASONS[s.reason]
    for level in LEVELS:
        if s.inside(level):
            return f"Inside the {level}% range"
    return "Above all ranges" if (s.observed.count or 0) > s.ranges[max(LEVELS)][1] else "Below all ranges"


def _title(ed: Edition, made: tuple[Score, ...]) -> str:
    # All attacks together would count the series twice.
    whole = ed.campaign.all_series.id
    scored = [s for s in made if s.scored and s.model == MAIN and s.series != whole]
    if not scored:
        return f"The last outlook for {ed.quarter.label} cannot be scored"
    inside = sum(s.inside(80) for s in scored)
    noun = "count" if len(scored) == 1 else "counts"
    return f"{inside} of {len(scored)} {noun} of {ed.quarter.label} fell inside the last edition's 80% range"
