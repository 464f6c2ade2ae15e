"""Checks of claims about single incidents, dated events and posture."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import timedelta
from typing import Any

import pandas as pd

from incident_report.analysis.counts import DOCUMENTED
from incident_report.analysis.edition import Edition
from incident_report.analysis.verdicts import Outcome, Span, Verdict, flagged, independent, register
from incident_report.data.conditions import Condition, matches
from incident_report.periods import Quarter


@register
def incident(
    edition: Edition,
    about: Span,
    date: str,
    where: Condition,
    expect: Mapping[str, Any],
    tolerance: int = 0,
) -> Outcome:
    """A listed incident of that kind lies on (or within `tolerance` days of) the date, with these traits.

    Supported if the date is exact, every trait is on record and some source is not the article;
    partly if a trait is unknown, denied or otherwise, or the date is off; untestable without a row.
    """
    day = pd.Timestamp(date)
    if not edition.has_incidents_file(Quarter.of(day.date())):
        return Outcome(Verdict.UNTESTABLE, {"no_file": str(Quarter.of(day.date()))})
    near = edition.listed[(edition.listed["date"] - day).abs() <= timedelta(days=tolerance)]
    near = near[matches(near, where, edition.campaign.series).fillna(False).astype(bool)]
    if near.empty:
        # An incomplete record that lacks an incident does not show that there was none.
        return Outcome(Verdict.UNTESTABLE, {"date": day.date(), "found": False}, (), (DOCUMENTED,))
    traits = {name: matches(near, {name: part}, edition.campaign.series) for name, part in expect.items()}
    score = sum((t.fillna(False).astype(int) for t in traits.values()), start=pd.Series(0, index=near.index))
    order = pd.DataFrame({"off": (near["date"] - day).abs(), "misses": -score, "id": near["incident_id"]})
    best = order.sort_values(["off", "misses", "id"]).index[0]
    row = near.loc[[best]].to_dict("records")[0]
    answers = {name: (None if pd.isna(t[best]) else bool(t[best])) for name, t in traits.items()}
    sources = independent(edition, row["sources"])
    facts = {
        "found": True,
        "date": day.date(),
        "on": row["date"].date(),
        "id": row["incident_id"],
        "values": {name: row[name] for name in expect},
        "answers": answers,
        "summary": row["summary"],
        "own": not sources,
        "outcome": row["outcome"],
        "counted": bool(row["counted"]),
    }
    as_claimed = [a is True for a in answers.values()]
    if answers and not any(as_claimed) and all(a is False for a in answers.values()):
        verdict = Verdict.NOT
    elif all(as_claimed) and row["date"] == day and sources and row["outcome"] != "disputed":
        verdict = Verdict.SUPPORTED
    else:
        verdict = Verdict.PARTLY
    return Outcome(verdict, facts, (row["incident_id"],), (DOCUMENTED,), sources)


@register
def context_event(edition: Edition, about: Span, date: str, contains: Sequence[str], tolerance: int = 0) -> Outcome:
    """A dated event with these words is on file; only partly supported where the article is its one source."""
    found = _event(edition, {"date": date, "contains": contains, "tolerance": tolerance})
    if found is None:
        return Outcome(Verdict.UNTESTABLE, {"found": False, "date": pd.Timestamp(date).date()}, (), ("context",))
    facts = {"found": True, "date": found["on"], "label": found["label"], "own": not found["sources"]}
    verdict = Verdict.SUPPORTED if found["sources"] else Verdict.PARTLY
    return Outcome(verdict, facts, (found["id"],), ("context",), found["sources"])


@register
def in_order(edition: Edition, about: Span, events: Sequence[Mapping[str, Any]]) -> Outcome:
    """Every event is on file and they follow one another in this order."""
    found = [_event(edition, event) for event in events]
    facts: dict[str, Any] = {
        "events": [
            {"name": e["name"], "on": None if f is None else f["on"], "own": f is not None and not f["sources"]}
            for e, f in zip(events, found, strict=True)
        ]
    }
    present = [f for f in found if f is not None]
    days = [f["on"] for f in present]
    facts["ordered"] = days == sorted(days)
    basis = tuple(sorted({f["table"] for f in present}))
    sources = tuple(dict.fromkeys(s for f in present for s in f["sources"]))
    rows = tuple(f["id"] for f in present)
    if not present:
        return Outcome(Verdict.UNTESTABLE, facts)
    if not facts["ordered"]:
        return Outcome(Verdict.NOT, facts, rows, basis, sources)
    whole = len(present) == len(events) and all(f["sources"] for f in present)
    return Outcome(Verdict.SUPPORTED if whole else Verdict.PARTLY, facts, rows, basis, sources)


@register
def posture_levels(
    edition: Edition,
    about: Span,
    field: str,
    levels: Sequence[int],
    also: Sequence[Mapping[str, Any]] = (),
) -> Outcome:
    """The posture table has these levels in this order; dated events named in `also` may bear them out.

    Where every level and every event rests on the article alone, the claim cannot be tested: it would
    be its own witness.
    """
    rows = edition.data.posture
    rows = rows[(rows["date"] <= pd.Timestamp(edition.quarter.end)) & rows[field].notna()].sort_values("date")
    dated = [(r["date"].date(), int(r[field]), str(r["source"])) for r in rows.to_dict("records")]
    steps: list[tuple[Any, int, str] | None] = []
    position = 0
    for level in levels:
        at = next((i for i in range(position, len(dated)) if dated[i][1] == level), None)
        steps.append(None if at is None else dated[at])
        position = position if at is None else at + 1
    events = [f for f in (_event(edition, e) for e in also) if f is not None]
    sources = independent(edition, [s[2] for s in steps if s] + [s for f in events for s in f["sources"]])
    facts = {
        "field": field,
        "levels": list(levels),
        "steps": steps,
        "known": [(day, value) for day, value, _ in dated],
        "events": [{"on": f["on"], "label": f["label"]} for f in events if f["sources"]],
    }
    ids = tuple(f"posture {s[0].isoformat()}" for s in steps if s) + tuple(f["id"] for f in events)
    basis = ("posture", "context") if events else ("posture",)
    if not dated:
        return Outcome(Verdict.UNTESTABLE, facts, (), ("posture",))
    if not any(steps):
        return Outcome(Verdict.NOT, facts, ids, basis, sources)
    if not all(steps):
        return Outcome(Verdict.PARTLY, facts, ids, basis, sources)
    if not sources:
        return Outcome(Verdict.UNTESTABLE, {**facts, "own": True}, ids, basis)
    borne_out = len(events) == len(also) or not also
    return Outcome(Verdict.SUPPORTED if borne_out else Verdict.PARTLY, facts, ids, basis, sources)


@register
def no_data(edition: Edition, about: Span, reason: str) -> Outcome:
    """No table holds what the claim is about; the reason stands in the file."""
    return Outcome(Verdict.UNTESTABLE, {"reason": " ".join(reason.split())})


def _event(edition: Edition, event: Mapping[str, Any]) -> dict[str, Any] | None:
    """An event named by date and words (context) or by date and condition (incidents), or None."""
    day = pd.Timestamp(event["date"])
    slack = timedelta(days=int(event.get("tolerance", 0)))
    if "where" in event:
        rows = edition.listed[(edition.listed["date"] - day).abs() <= slack]
        rows = rows[matches(rows, event["where"], edition.campaign.series).fillna(False).astype(bool)]
        if rows.empty:
            return None
        row = rows.to_dict("records")[0]
        sources = independent(edition, row["sources"])
        return {
            "on": row["date"].date(),
            "id": row["incident_id"],
            "label": row["summary"],
            "sources": sources,
            "table": DOCUMENTED,
        }
    rows = edition.data.context
    rows = rows[((rows["date"] - day).abs() <= slack) & (rows["date"] <= pd.Timestamp(edition.quarter.end))]
    words = [str(w).casefold() for w in event["contains"]]
    texts = [f"{a} {b}".casefold() for a, b in zip(rows["label"], rows["summary"], strict=True)]
    rows = flagged(rows, [all(w in text for w in words) for text in texts])
    if rows.empty:
        return None
    nearest = (rows["date"] - day).abs()
    row = rows.loc[[nearest.sort_values(kind="stable").index[0]]].to_dict("records")[0]
    return {
        "on": row["date"].date(),
        "id": f"context {row['date'].date().isoformat()}: {row['label']}",
        "label": row["label"],
        "sources": independent(edition, str(row["source"]).split(";")),
        "table": "context",
    }
