"""How one statement stands over its sources: single cells, dated events, levels; and by whom.

Each question gives an `Answer`. Unknown is never taken for no, and the article under test, with whatever its
author wrote elsewhere, never confirms itself.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import Enum
from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.evidence import WORDED, own_sources, text
from incident_report.analysis.names import known
from incident_report.analysis.remember import remembered, remembered_of_rows
from incident_report.data.evidence import GIVEN
from incident_report.data.model import as_written
from incident_report.periods import Period

ENOUGH = 0.9  # share of reports that must say 'none' before 'none' is taken as shown


class Standing(Enum):
    """How a statement stands over its sources."""

    BORNE_OUT = "borne_out"  # somebody besides the article says so, or the data show it
    PART = "part"  # some of it is
    DISPUTED = "disputed"  # some say so, others say otherwise
    ALONE = "alone"  # only the article says so
    DENIED = "denied"  # what is on file says otherwise
    OPEN = "open"  # nothing on file reaches it


@dataclass(frozen=True)
class Answer:
    """What is on file about a statement.

    Attributes
    ----------
    kind : str
        The question that was asked, for the wording.
    values : mapping
        Its numbers.
    rows, sources : tuple of str
        Ids behind it; sources to cite, without the article's own.
    estimate, p : float
        What a doubt would move.
    """

    standing: Standing
    kind: str
    values: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()
    estimate: float = math.nan
    p: float = math.nan


@dataclass(frozen=True)
class Told:
    """What an edition has on file of single statements, up to a day."""

    _ed: Edition
    until: date

    def cell(self, incident_id: str, column: str, value: Any = "") -> Answer:
        """Whether sources give an incident this value (default: the value on file).

        The evidence on that very cell decides. Where nobody looked up any cell of the incident, the
        sources of its row stand for its values.
        """
        if not self._holds(incident_id):
            return Answer(Standing.OPEN, "cell", {"rivals": (), "coded": ""})
        coded = text(listed(self._ed).cell(incident_id, column))
        wanted = str(value) if value != "" else coded
        yes, others, against = _sides(self._given(incident_id, column, coded), wanted, _own(self._ed))
        unlike = bool(coded) and column not in WORDED and not _agrees(coded, wanted)
        standing = standing_of(bool(others), bool(yes), bool(against) or unlike)
        sources = dict.fromkeys([*(others if standing is not Standing.DENIED else ()), *(s for s, _ in against)])
        rivals = dict.fromkeys(filter(None, (v for _, v in against)))
        given = tuple(map(date.fromisoformat, rivals) if column == "date" else rivals)
        values = {"rivals": given, "coded": column if column in self._ed.data.labels else ""}
        return Answer(standing, "cell", values, (incident_id,), tuple(sources))

    def _holds(self, incident_id: str) -> bool:
        """Whether an incident is on file, up to the day."""
        return on_file(self._ed, [incident_id]) and listed(self._ed).cell(incident_id, "date").date() <= self.until

    def _given(self, incident_id: str, column: str, coded: str) -> Iterable[tuple[str, str, str]]:
        """Who gives the cell which value: source, status, value; the row's sources where no cell was looked up."""
        if incident_id not in examined(self._ed):
            return [(s, "stated", coded) for s in listed(self._ed).cell(incident_id, "sources")]
        return [one for one in _said(self._ed).get((incident_id, column), ()) if one[1] in GIVEN]

    def event(self, day: str, *words: str, within: int = 0) -> Answer:
        """Whether a dated event with these words is on file, on the day or so many days around it."""
        rows = self._ed.data.context
        near = (rows["date"] - pd.Timestamp(day)).abs() <= timedelta(days=within)
        rows = rows[near & (rows["date"] <= pd.Timestamp(self.until))]
        texts = (rows["label"] + " " + rows["summary"]).str.casefold()
        rows = rows[[all(w.casefold() in t for w in words) for t in texts]]
        if rows.empty:
            return Answer(Standing.OPEN, "event")
        row = rows.iloc[int((rows["date"] - pd.Timestamp(day)).abs().argmin())]
        others = self.independent([str(row["source"]), *row["more_sources"]])
        standing = Standing.BORNE_OUT if others else Standing.ALONE
        return Answer(standing, "event", rows=(f"context {row['date']:%Y-%m-%d}: {row['label']}",), sources=others)

    def last(self, series: str, column: str, day: str) -> Answer:
        """Whether the last attack of a series with this harm, up to the day asked about, was on that day."""
        rows = self._ed.incidents(None, series)
        hit = rows[(rows["date"] <= pd.Timestamp(self.until)) & (rows[column].fillna(0) > 0)]
        if hit.empty:
            return Answer(Standing.OPEN, "last", {"day": None})
        latest = hit[hit["date"] == hit["date"].max()]
        same = latest["date"].iloc[0] == pd.Timestamp(day)
        others = self.independent([s for ids in latest["sources"] for s in ids])
        values = {"day": latest["date"].iloc[0].date(), "people": int(latest[column].sum())}
        standing = standing_of(bool(same and others), bool(same), not same)
        return Answer(standing, "last", values, tuple(latest["incident_id"]), others)

    def after(self, series: str, column: str, day: str) -> Answer:
        """Whether reports of later attacks, up to the day asked about, say outright that there was no such harm."""
        rows = self._ed.incidents(None, series)
        rows = rows[(rows["date"] > pd.Timestamp(day)) & (rows["date"] <= pd.Timestamp(self.until))]
        some, told = int((rows[column].fillna(0) > 0).sum()), int((rows[column] == 0).sum())
        values = {"n": len(rows), "told": told, "some": some, "silent": len(rows) - told - some}
        clear = Standing.BORNE_OUT if told >= ENOUGH * len(rows) else Standing.PART
        standing = Standing.DENIED if some else clear
        return Answer(standing, "after", values, tuple(rows["incident_id"]))

    def seen(self, technique: str, series: str, quarter: str) -> Answer:
        """Whether somebody besides the article reports a technique of at least one attack."""
        rows = self._rows(quarter, series, "techniques")
        having = [technique in t for t in rows["techniques"]]
        answers = [self.cell(str(i), "techniques", technique) for i in rows["incident_id"][having]]
        order = list(Standing)
        best = min(answers, key=lambda a: order.index(a.standing), default=Answer(Standing.OPEN, "seen"))
        values = {"n": len(rows), "known": int(sum(bool(t) for t in rows["techniques"])), "seen": len(answers)}
        return Answer(best.standing, "seen", values, tuple(r for a in answers for r in a.rows), best.sources)

    def quiet(self, series: str, day: str, days: int) -> Answer:
        """Whether no attack of a series came for so many days before one; the record may not reach back so far."""
        at, rows = pd.Timestamp(day), self._ed.incidents(None, series)
        before, first = rows[rows["date"] < at], rows[rows["date"] == at]
        begins = _unbroken_since(self._ed, self._ed.quarter.around(at.date()))
        if begins is None or first.empty:
            return Answer(Standing.OPEN, "quiet", {"days": None})
        last = before["date"].max().date() if len(before) else None
        lasted = (at.date() - (last or begins)).days
        values = {"days": lasted, "last": last, "begins": begins}
        if lasted >= days:
            standing = Standing.PART if last is None else Standing.BORNE_OUT
        else:
            standing = Standing.OPEN if last is None else Standing.DENIED
        return Answer(standing, "quiet", values, tuple(rows["incident_id"][rows["date"] <= at]))

    def level(self, column: str, value: int) -> Answer:
        """Whether the posture table has such a level, and by whom."""
        rows = self._ed.data.posture
        rows = rows[(rows["date"] <= pd.Timestamp(self._ed.quarter.end)) & rows[column].notna()]
        if rows.empty:
            return Answer(Standing.OPEN, "level")
        hit = rows[rows[column] == value]
        others = self.independent(hit["source"])
        standing = standing_of(bool(others), len(hit) > 0, hit.empty)
        return Answer(standing, "level", rows=tuple(f"posture {d:%Y-%m-%d}" for d in hit["date"]), sources=others)

    def stated(self, by: Sequence[str], against: Sequence[str] = ()) -> Answer:
        """What sources say that no table of the campaign holds."""
        yes, no = self.independent(by), self.independent(against)
        standing = standing_of(bool(yes), bool(by), bool(no))
        return Answer(standing, "stated", sources=(*yes, *no))

    def independent(self, sources: Iterable[str]) -> tuple[str, ...]:
        """Source ids without the article's own and those that the edition does not hold."""
        held = set(self._ed.data.sources["source_id"])
        return tuple(dict.fromkeys(s for s in sources if s in held and s not in _own(self._ed)))

    def _rows(self, quarter: str, series: str, *columns: str) -> pd.DataFrame:
        """Ids and columns of a quarter's counted incidents up to the day; without a file it is an error, not zero."""
        known("quarter", quarter, self._ed.data.quarters)
        span, every = Period.parse(quarter).window, self._ed.whole.counted
        inside = self._ed.whole.belongs(self._ed.find_series(series).id) & self._ed.kept
        inside = inside & every["date"].between(pd.Timestamp(span.start), pd.Timestamp(min(span.end, self.until)))
        return every.loc[inside, ["incident_id", *columns]]


def standing_of(others: bool, own: bool, against: bool) -> Standing:
    """The standing that follows from who says so: somebody else, the article, and whether anything speaks against."""
    if others:
        return Standing.DISPUTED if against else Standing.BORNE_OUT
    return Standing.DENIED if against else Standing.ALONE if own else Standing.OPEN


def _sides(
    given: Iterable[tuple[str, str, str]], wanted: str, own: Collection[str]
) -> tuple[list[str], list[str], list[tuple[str, str]]]:
    """Sources that give a value, those of them that are others' than the article, and others that give another."""
    yes = [s for s, status, v in given if _agrees(v, wanted) and (v or status != "contradicts")]
    against = [(s, v) for s, _, v in given if s not in yes and s not in own]
    return yes, [s for s in yes if s not in own], against


def _agrees(given: str, wanted: str) -> bool:
    return given == wanted if wanted.isdecimal() or not wanted else wanted.casefold() in given.casefold()


@remembered
def _own(edition: Edition) -> frozenset[str]:
    return own_sources(edition.data) if edition.whole is edition else _own(edition.whole)


class Listed:
    """Listed incidents by id; a column is gone through once it is asked for."""

    def __init__(self, rows: pd.DataFrame) -> None:
        self._rows, self._columns = rows, dict[str, list[Any]]()
        self.places = {str(i): at for at, i in enumerate(rows["incident_id"])}

    def cell(self, incident_id: str, column: str) -> Any:
        """The value on file."""
        if column not in self._columns:
            self._columns[column] = self._rows[column].tolist()
        return self._columns[column][self.places[incident_id]]


def listed(edition: Edition) -> Listed:
    """The listed incidents; of an edition without some rows those of the whole (`on_file` says what it has)."""
    return _listed(edition.whole)


@remembered_of_rows
def _listed(edition: Edition) -> Listed:
    return Listed(edition.listed)


def on_file(edition: Edition, ids: Iterable[str]) -> bool:
    """Whether an edition lists all of these incidents."""
    return all(i in listed(edition).places and i not in edition.left_out for i in ids)


def _said(edition: Edition) -> Mapping[tuple[str, str], tuple[tuple[str, str, str], ...]]:
    """The same of an edition without some rows, which has the evidence of the whole."""
    return by_cell(edition.whole)


@remembered_of_rows
def by_cell(edition: Edition) -> Mapping[tuple[str, str], tuple[tuple[str, str, str], ...]]:
    """Evidence by cell: source, status, value."""
    found: dict[tuple[str, str], tuple[tuple[str, str, str], ...]] = {}
    for row in as_written(edition.data.evidence).to_dict("records"):
        key = (str(row["incident_id"]), str(row["field"]))
        found[key] = (*found.get(key, ()), (str(row["source_id"]), str(row["status"]), str(row["value"])))
    return found


@remembered
def examined(edition: Edition) -> frozenset[str]:
    """Incidents of which somebody looked up a cell."""
    return frozenset(i for (i, _), said in _said(edition).items() if any(s != "not_checked" for _, s, _ in said))


def _unbroken_since(edition: Edition, quarter: Period) -> date | None:
    """First day of the run of covered quarters that ends with `quarter`."""
    begins = None
    while (covered := edition.coverage(quarter)) is not None:
        begins = covered.start
        if covered.start != quarter.start:
            break
        quarter = quarter.shift(-1)
        before = edition.coverage(quarter)
        if before is not None and before.end != quarter.end:
            break
    return begins
