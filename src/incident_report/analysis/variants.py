"""Editions as they would be if something were otherwise: rows out, windows moved, unknowns filled, a tracker out."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta
from itertools import pairwise, product
from typing import Any

import pandas as pd

from incident_report.analysis.comparability import telling
from incident_report.analysis.edition import Edition
from incident_report.analysis.remember import of_rows, remembered, remembered_lately
from incident_report.data.model import Later
from incident_report.periods import Period, Window

MOST_DAYS = 62  # of a range that is gone through day by day; a longer one by its ends and best guess


@dataclass(frozen=True)
class Doubt:
    """Windows that nobody stated, moved together: counts of one text over the same days.

    Attributes
    ----------
    ids : tuple of str
        Tallies.
    windows : tuple of (start, end)
        Every one that is possible, the best guess included.
    best : (start, end)
        The best guess.
    """

    ids: tuple[str, ...]
    windows: tuple[tuple[date, date], ...]
    best: tuple[date, date]


@remembered
def doubts(edition: Edition) -> tuple[Doubt, ...]:
    """Counts whose window is a range, as far as they bear on a comparison or on coverage."""
    used = telling(edition)
    groups: dict[Any, list[str]] = {}
    for t in edition.published:
        if t.tally_id in used and (t.starts[0] < t.starts[1] or t.ends[0] < t.ends[1]):
            groups.setdefault((t.source, t.window, t.starts, t.ends), []).append(t.tally_id)
    made = []
    for (_, window, starts, ends), ids in groups.items():
        pairs = {*product(_days(*starts), [window.end]), *product([window.start], _days(*ends)), *product(starts, ends)}
        possible = sorted(p for p in pairs if p[0] <= p[1])
        made.append(Doubt(tuple(ids), tuple(possible), (window.start, window.end)))
    return tuple(made)


def _days(first: date, last: date) -> list[date]:
    count = (last - first).days
    if count > MOST_DAYS:
        return [first, last]
    return [first + timedelta(days=i) for i in range(count + 1)]


def _with(edition: Edition, **tables: Any) -> Edition:
    made = replace(edition, data=edition.data.but(**tables))
    if not {"incidents", "evidence"} & tables.keys():  # what was worked out of rows alone stays as it is
        made.__dict__["_of_rows"] = of_rows(edition)
    return made


@remembered
def moved(edition: Edition, ids: tuple[str, ...], start: date | None, end: date) -> Edition:
    """The edition with some tallies' windows at other days (start None keeps each its own)."""
    table = edition.data.tallies.copy()
    hit = table["tally_id"].isin(list(ids))
    table.loc[hit, "end"] = pd.Timestamp(end)
    if start is not None:
        table.loc[hit, "start"] = pd.Timestamp(start)
    return _with(edition, tallies=table)


@remembered
def whole_periods(edition: Edition) -> Edition | None:
    """Every headline tally that stops within its quarter read as the whole quarter; None where none does."""
    table = edition.data.tallies.copy()
    headline = edition.campaign.headline_tracker or ""
    quarters = {pd.Timestamp(q.start): pd.Timestamp(q.end) for q in edition.quarters}
    ends = table["start"].map(quarters)
    hit = (table["tracker"] == headline) & ends.notna() & (table["end"] < ends)
    used = {t.tally_id for q in edition.quarters for s in edition.series if (t := edition.tally(q, s.id))}
    hit &= table["tally_id"].isin(sorted(used))
    if not hit.any():
        return None
    table.loc[hit, "end"] = ends[hit]
    return _with(edition, tallies=table)


@remembered_lately
def without(edition: Edition, ids: frozenset[str]) -> Edition:
    """The edition without some incidents."""
    return _without(edition, ids)


def _without(edition: Edition, ids: frozenset[str]) -> Edition:
    def left() -> pd.DataFrame:
        rows = edition.data.incidents
        return rows[~rows["incident_id"].isin(list(ids))].reset_index(drop=True)

    made = _with(edition, incidents=Later(left))
    made.__dict__["_without"] = (edition, ids)  # what depends on each row alone may be taken from the whole
    return made


@remembered_lately
def part(edition: Edition, ids: frozenset[str]) -> Edition:
    """Some of the incidents alone, by whose record they are judged: what was not chosen is not missing."""
    made = _without(edition, frozenset(edition.data.incidents["incident_id"]) - ids)
    made.__dict__["_record"] = edition
    return made


@remembered_lately
def without_sources(edition: Edition, out: frozenset[str]) -> Edition:
    """The edition without incidents that rest on some sources alone, and without what these count or say."""
    rows, tallies, said = edition.data.incidents, edition.data.tallies, edition.data.evidence
    alone = [bool(cited) and out.issuperset(cited) for cited in rows["sources"]]
    kept = _without(edition, frozenset(rows.loc[alone, "incident_id"]))
    return _with(
        kept,
        tallies=tallies[~tallies["source"].isin(list(out))].reset_index(drop=True),
        evidence=said[~said["source_id"].isin(list(out))].reset_index(drop=True),
    )


@remembered_lately
def shifted(edition: Edition, days: int) -> Edition:
    """Every period begins some days later (earlier, where negative): the record moves the other way.

    Quarters are the base's; what a shift moves before the first or beyond the last of them on file is left out.

    Raises
    ------
    ValueError
        If a quarter would hold days that no incident file covers between days that one does.
    """
    by, data = timedelta(days=-days), edition.data
    rows = data.incidents.assign(date=data.incidents["date"] + by)
    rows["quarter"] = pd.Series(
        [str(edition.quarter.around(d.date())) for d in rows["date"]], index=rows.index, dtype=rows["quarter"].dtype
    )
    covered: dict[str, tuple[date, date]] = {}
    moved_spans = [Window(start + by, end + by) for start, end in sorted(data.coverage.values())]
    for quarter in map(Period.parse, data.quarters):
        parts = [shared for span in moved_spans if (shared := span.overlap(quarter.window))]
        if any(b.start - a.end > timedelta(days=1) for a, b in pairwise(parts)):
            raise ValueError(f"boundary is {days}; days without incident files would lie within {quarter}")
        if parts:
            covered[str(quarter)] = (parts[0].start, parts[-1].end)
    dated = data.tallies.select_dtypes("datetime").columns
    tallies = data.tallies.assign(**{c: data.tallies[c] + by for c in dated})
    rows = rows[rows["quarter"].isin(list(covered))].reset_index(drop=True)
    return _with(edition, incidents=rows, tallies=tallies, coverage=covered, quarters=tuple(covered))


@remembered_lately
def reweighted(edition: Edition, weights: tuple[tuple[str, float], ...]) -> Edition:
    """The edition with other weights of the rubric's dimensions in the composite."""
    doc = dict(edition.data.sophistication or {})
    doc["composite"] = {**doc["composite"], "weights": dict(weights)}
    return replace(edition, data=edition.data.but(sophistication=doc))


@remembered_lately
def floored(edition: Edition, floor: str) -> Edition:
    """The edition at another confidence floor."""
    return replace(edition, confidence_floor=floor)


def filled(edition: Edition, column: str, hit: Iterable[bool], value: Any) -> Edition:
    """The edition with a value put into some cells of its counted incidents."""
    chosen = set(edition.counted.loc[pd.Series(list(hit), index=edition.counted.index, dtype=bool), "incident_id"])
    rows = edition.data.incidents
    cells = rows[column]
    if isinstance(cells.dtype, pd.CategoricalDtype) and value not in cells.cat.categories:
        cells = cells.cat.add_categories([value])
    cells = cells.copy()
    cells[rows["incident_id"].isin(chosen)] = value
    return _with(edition, incidents=rows.assign(**{column: cells}))


@remembered
def without_tracker(edition: Edition, tracker: str) -> Edition:
    """The edition without one tracker's counts."""
    table = edition.data.tallies
    return _with(edition, tallies=table[table["tracker"] != tracker].reset_index(drop=True))


@remembered
def headlined(edition: Edition, tracker: str) -> Edition:
    """The edition with another tracker's counts as its headline tally."""
    return _with(edition, campaign=replace(edition.campaign, headline_tracker=tracker))


@remembered
def weak(edition: Edition) -> Mapping[str, frozenset[str]]:
    """Counted rows of low confidence, and those of which a source contradicts what decides the count."""
    rows = edition.counted
    found = {"low_confidence": frozenset(rows.loc[rows["confidence"] == "low", "incident_id"])}
    evidence = getattr(edition.data, "evidence", None)
    if evidence is not None and len(evidence):
        against = evidence[(evidence["status"] == "contradicts") & evidence["field"].isin(DECISIVE)]
        disputed = rows["incident_id"].isin(set(against["incident_id"].astype(str)))
        found["contradicted"] = frozenset(rows.loc[disputed, "incident_id"])
    found = {k: v for k, v in found.items() if v}
    if len(found) > 1:
        found["low_confidence contradicted"] = frozenset().union(*found.values())
    return found


DECISIVE = ("date", "outcome", "attributed_to", "attack_method", "target_category")


@remembered
def doubles(edition: Edition) -> tuple[str, ...]:
    """Counted rows that may tell of an attack that another counted row tells of."""
    rows = edition.counted
    if "possible_double_of" not in rows:
        return ()
    ids = set(rows["incident_id"])
    other = rows["possible_double_of"].fillna("")
    return tuple(rows.loc[[bool(o) and any(p.strip() in ids for p in o.split(";")) for o in other], "incident_id"])
