"""What sources say on single cells: how well each is borne out, by whom, and where they disagree."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from incident_report.data.evidence import GIVEN, same_author
from incident_report.data.model import Dataset, as_written

STATUSES = ("stated", "inferred", "disputed", "contradicted", "other_value", "silent", "not_checked")
WORDED = ("place", "target_name", "munition_detail", "attributed_to", "claimed_by", "claim_note", "summary")
WEAK = ("D", "E", "F")  # letters whose rival toll is listed as rejected, not added to the range
_COLUMNS = ["incident_id", "field", "value", "status", "status_without_article", "rivals", "stated_by", "rows"]


def own_sources(data: Dataset) -> frozenset[str]:
    """Sources that cannot confirm the article under test: itself, and what its author wrote elsewhere."""
    declared = (data.view("claims/tests") or {}).get("not_independent", ())
    authors = dict(zip(data.sources["source_id"], data.sources["author"], strict=True))
    return same_author(data.campaign.article, authors) | frozenset(declared)


def said(data: Dataset, incident_id: str, field: str, without: Collection[str] = ()) -> pd.DataFrame:
    """Rows of evidence on one cell, in file order, without some sources.

    Parameters
    ----------
    data : Dataset
    incident_id, field : str
    without : collection of source ids, optional
        Such as `own_sources`, to see how the cell stands without the article.

    Returns
    -------
    DataFrame
        As `Dataset.evidence`; empty where the cell was not examined.
    """
    rows = data.evidence
    keep = (rows["incident_id"] == incident_id) & (rows["field"] == field) & ~rows["source_id"].isin(list(without))
    return rows[keep]


def status(data: Dataset, incident_id: str, field: str, without: Collection[str] = ()) -> str:
    """How a cell stands over all its sources: one of `STATUSES`, or ``""`` where none was examined.

    ``disputed`` where one source gives the value and another a different one; ``contradicted`` where
    none gives it; ``other_value`` where the cell is empty and sources give a value.
    """
    row = data.incidents[data.incidents["incident_id"] == incident_id]
    value = text(row.iloc[0][field]) if len(row) and field in row else ""
    return judge(said(data, incident_id, field, without), field, value)


def judge(rows: pd.DataFrame, field: str, value: str) -> str:
    """The status that rows of evidence give a value (see `status`)."""
    kinds = set(rows["status"])
    if "contradicts" in kinds:
        return "disputed" if value and kinds & {"stated", "inferred"} else "contradicted"
    if not value and field not in WORDED:
        # An empty cell is borne out by a source that says there is none, and by silence; not by a value.
        kinds = set(rows["status"].mask(rows["status"].isin(GIVEN) & rows["value"].notna(), "other_value"))
    return next((k for k in ("stated", "inferred", "silent", "other_value", "not_checked") if k in kinds), "")


def rivals(data: Dataset, incident_id: str, field: str, without: Collection[str] = ()) -> tuple[str, ...]:
    """Other values that sources give, in file order; ``""`` for a source that speaks against without one."""
    rows = said(data, incident_id, field, without)
    return tuple(dict.fromkeys(rows.loc[rows["status"] == "contradicts", "value"].fillna("")))


def rivals_by_cell(data: Dataset) -> dict[tuple[str, str], tuple[str, ...]]:
    """`rivals` of every cell of which a source gives another value, by incident and field."""
    rows = data.evidence[data.evidence["status"] == "contradicts"]
    found: dict[tuple[str, str], dict[str, None]] = {}
    for ident, field, value in zip(rows["incident_id"], rows["field"], rows["value"].fillna(""), strict=True):
        found.setdefault((ident, field), {})[value] = None
    return {cell: tuple(values) for cell, values in found.items()}


def stated_by(data: Dataset, incident_id: str, field: str, without: Collection[str] = ()) -> tuple[str, ...]:
    """Sources that state the value; how many is not how many witnesses, since outlets relay one another."""
    rows = said(data, incident_id, field, without)
    return tuple(dict.fromkeys(rows.loc[rows["status"] == "stated", "source_id"]))


def cells(data: Dataset, incidents: pd.DataFrame | None = None) -> pd.DataFrame:
    """Every examined cell of the incident files.

    Parameters
    ----------
    incidents : DataFrame, optional
        Other values to judge than the loaded ones, such as those before corrections.

    Returns
    -------
    DataFrame
        incident_id, field, value (text), status, status_without_article, rivals (tuple), stated_by and
        rows (int), by incident and field.
    """
    table = data.incidents if incidents is None else incidents
    values = {str(r["incident_id"]): r for r in table.to_dict("records")}
    own = own_sources(data)
    found = []
    for (ident, field), rows in data.evidence.groupby(["incident_id", "field"], sort=True):
        if field not in table or ident not in values:
            continue
        value = text(values[str(ident)][str(field)])
        other = rows.loc[rows["status"] == "contradicts", "value"].fillna("")
        found.append(
            {
                "incident_id": ident,
                "field": field,
                "value": value,
                "status": judge(rows, str(field), value),
                "status_without_article": judge(rows[~rows["source_id"].isin(own)], str(field), value),
                "rivals": tuple(dict.fromkeys(other)),
                "stated_by": rows.loc[rows["status"] == "stated", "source_id"].nunique(),
                "rows": len(rows),
            }
        )
    return pd.DataFrame(found, columns=_COLUMNS)


def text(value: Any) -> str:
    """A value as the incident files write it; ``""`` for unknown."""
    if isinstance(value, tuple):
        return ";".join(value)
    if isinstance(value, pd.Timestamp | date):
        return f"{value:%Y-%m-%d}"
    return "" if pd.isna(value) else str(value)


@dataclass(frozen=True)
class Toll:
    """A number of people as a range over conflicting reports.

    Attributes
    ----------
    low, best, high : int
        Lowest, as coded, highest; the same where no report that counts says otherwise.
    known, rows : int
        Rows whose number is known; all rows.
    wider : tuple of (incident id, value, source id)
        Reports that give a number other than the coded one and widen the range.
    rejected : tuple of (incident id, value, source id, note)
        Reports that do not: graded D or worse, or a count of dead below the coded one.
    """

    low: int
    best: int
    high: int
    known: int
    rows: int
    wider: tuple[tuple[str, int, str], ...] = ()
    rejected: tuple[tuple[str, int, str, str], ...] = ()

    @property
    def sources(self) -> tuple[str, ...]:
        """Sources that widen the range, each once."""
        return tuple(dict.fromkeys(source for *_, source in self.wider))


def toll(data: Dataset, rows: pd.DataFrame, field: str = "killed") -> Toll:
    """The toll of some incidents with what sources dispute.

    A rival number counts where its source is graded C or better. A number of dead below the coded one
    is a first report: a toll grows, so it is listed as rejected. Wounded may die, so there a lower
    number counts. A source that states the coded number and others beside it, as a dataset does its lowest and
    highest estimate, gives a range: it stands or falls with the coded number, whatever the source's letter.

    Parameters
    ----------
    data : Dataset
    rows : DataFrame
        Some of `Dataset.incidents`.
    field : str
        killed, wounded, us_killed or us_wounded.
    """
    made = tolls(data, rows, field)
    low, best, high = (sum(getattr(t, name) for t in made) for name in ("low", "best", "high"))
    return Toll(
        low, best, high, len(made), len(rows),
        tuple(w for t in made for w in t.wider), tuple(r for t in made for r in t.rejected),
    )  # fmt: skip


def tolls(data: Dataset, rows: pd.DataFrame, field: str = "killed") -> list[Toll]:
    """The toll of each incident that has one, in the order of `rows`; see `toll`."""
    sound = set(data.sources.loc[~data.sources["reliability"].isin(WEAK), "source_id"])
    known = rows[rows[field].notna()]
    cells = _counts(data, field)
    said: dict[str, list[dict[Hashable, Any]]] = {}
    for other in as_written(cells).to_dict("records"):
        if other["value"].isdecimal():
            said.setdefault(str(other["incident_id"]), []).append(other)
    return [
        _toll(ident, value, said.get(ident, ()), sound, value if field.endswith("killed") else 0)
        for ident, value in zip(known["incident_id"], known[field].astype(int), strict=True)
    ]


def counted_elsewhere(data: Dataset, field: str) -> list[str]:
    """Incidents of which sources state a number, that on file or another."""
    return list(_counts(data, field)["incident_id"].unique())


def _counts(data: Dataset, field: str) -> pd.DataFrame:
    cells = data.evidence
    return cells[(cells["field"] == field) & cells["status"].isin(["contradicts", "stated"])]


def _toll(ident: str, value: int, said: Iterable[Mapping[Hashable, Any]], sound: Collection[str], least: int) -> Toll:
    """One incident's toll; a number below `least`, or of a source that is not sound, does not widen it."""
    stated = {o["source_id"] for o in said if (o["status"], int(o["value"])) == ("stated", value)}
    wider, rejected = [], []
    for other in said:
        number, source = int(other["value"]), str(other["source_id"])
        if other["status"] == "stated":
            counts = source in stated and number != value  # one that states both
        else:
            counts = source in sound and number >= least
            if not counts:
                rejected.append((ident, number, source, str(other["note"])))
        if counts:
            wider.append((ident, number, source))
    numbers = [value, *(n for _, n, _ in wider)]
    return Toll(min(numbers), value, max(numbers), 1, 1, tuple(wider), tuple(rejected))


def questioned(data: Dataset) -> tuple[str, ...]:
    """Incidents of which it is an open question whether they are attacks at all."""
    rows = data.open_questions
    return tuple(dict.fromkeys(rows.loc[rows["field"].isin(["outcome", "row", "scope"]), "incident_id"].dropna()))


def weak_rows(data: Dataset) -> tuple[str, ...]:
    """Counted incidents of low confidence, or of which it is open whether they are attacks of their own."""
    rows = data.incidents[data.incidents["counted"]]
    doubted = (rows["confidence"] == "low") | rows["incident_id"].isin(questioned(data))
    return tuple(rows.loc[doubted, "incident_id"])
