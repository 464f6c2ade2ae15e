"""Which methods and techniques were documented in which quarter, and when each was first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from incident_report.analysis import evidence, told
from incident_report.analysis.edition import Edition
from incident_report.analysis.result import Outcome, Result, result
from incident_report.analysis.rubric import Reported, rubric
from incident_report.analysis.sophistication import filed
from incident_report.data import noted
from incident_report.data.evidence import GIVEN
from incident_report.periods import Period

METHOD = "method"
TECHNIQUE = "technique"
_COLUMN = {METHOD: "attack_method", TECHNIQUE: "techniques"}
RESIDUAL = ("unknown", "other")  # a method that says nothing of how
_RESIDUAL_IN = ("target_category", "attack_method", "attributed_to", "claimed_by")


def tells(rows: pd.DataFrame, column: str) -> pd.Series:
    """In which rows a column says something, and not only that it is none of what its list has.

    Returns
    -------
    Series of bool

    Examples
    --------
    >>> rows = pd.DataFrame({"attack_method": ["ied", "other", None], "place": ["other", "Baghdad", None]})
    >>> tells(rows, "attack_method").tolist(), tells(rows, "place").tolist()
    ([True, False, False], [True, True, False])
    """
    known = noted.told(rows, column)
    return known & ~rows[column].isin(RESIDUAL) if column in _RESIDUAL_IN else known


@dataclass(frozen=True)
class Use:
    """One method of attack or one technique over the quarters.

    Attributes
    ----------
    kind : str
        `METHOD` or `TECHNIQUE`.
    value : str
        As coded, e.g. ``rocket``.
    counts : mapping of Period to int
        Documented attacks, for quarters with an incidents file. For a technique 0 means that no
        row carries the tag, not that it was not used.
    first, first_id : date or None, str
        Day and id of the first counted attack; None where none was counted.
    listed, listed_id : date or None, str
        An earlier incident that is listed but not counted, where there is one.
    rows : tuple of str
        Counted incidents.
    """

    kind: str
    value: str
    counts: dict[Period, int]
    first: date | None
    first_id: str
    listed: date | None
    listed_id: str
    rows: tuple[str, ...]

    @property
    def total(self) -> int:
        """Documented attacks in all quarters."""
        return sum(self.counts.values())


def uses(edition: Edition, series: str = "all") -> list[Use]:
    """Methods, then techniques, each by first day documented and then by name.

    Values that occur only in listed rows (not counted) are included, with no attack counted. What came first is asked
    of the whole record: an attack below the confidence floor is no less documented.
    """
    counted, listed = edition.incidents(None, series), _listed(edition, series)
    documented = listed[listed["counted"]]
    found = []
    for kind, column in _COLUMN.items():
        values = sorted({*listed[column].explode().dropna()} - {"", *RESIDUAL})
        group = []
        for value in values:
            hit, made, seen = (_having(rows, column, value) for rows in (counted, documented, listed))
            first, first_id = _first(made)
            early, early_id = _first(seen)
            if early == first:
                early, early_id = None, ""
            numbers = {q: int((hit["quarter"] == str(q)).sum()) for q in filed(edition)}
            group.append(Use(kind, value, numbers, first, first_id, early, early_id, tuple(hit["incident_id"])))
        found += sorted(group, key=lambda u: (u.first or u.listed or date.max, u.value))
    return found


def _listed(edition: Edition, series: str) -> pd.DataFrame:
    rows = edition.listed
    for column, allowed in edition.find_series(series).where.items():
        rows = rows[rows[column].isin(allowed)]
    return rows


def _having(rows: pd.DataFrame, column: str, value: str) -> pd.DataFrame:
    if column == "techniques":
        return rows[rows[column].map(lambda tags: value in tags).astype(bool)]
    return rows[rows[column] == value]


def _first(rows: pd.DataFrame) -> tuple[date | None, str]:
    if rows.empty:
        return None, ""
    return rows["date"].iloc[0].date(), str(rows["incident_id"].iloc[0])  # sorted by date and id


@dataclass(frozen=True)
class ReportedUse:
    """What a source reports without naming attacks, and the counted rows that do carry the tag by now."""

    item: Reported
    coded: tuple[str, ...]


def reported(edition: Edition) -> list[ReportedUse]:
    """Reports on quarters on file up to the edition's, by quarter and id."""
    return sorted(_reported(edition), key=lambda r: (r.item.quarter, r.item.id))


def _reported(edition: Edition) -> Iterator[ReportedUse]:
    rules = rubric(edition)
    for item in rules.reported if rules else ():
        if item.quarter > edition.quarter or str(item.quarter) not in edition.data.quarters:
            continue
        rows = edition.incidents(item.quarter)
        coded = _having(rows, "techniques", item.technique) if item.technique else rows.head(0)
        yield ReportedUse(item, tuple(coded["incident_id"]))


@result
def techniques(ed: Edition, *, series: str = "all") -> Outcome:
    """Methods and techniques by the day of the first documented attack, with attacks in each quarter.

    Returns
    -------
    Result
        kind (``method``, ``technique``), value, first, first_id (NA where none is counted), listed,
        listed_id (an earlier incident that is not counted), now, before (attacks in the edition's quarter
        and in all earlier ones), then one column a quarter with a file. For a technique 0 means that no
        row carries it, not that it was not used. `value` is a list of `Use`.
    """
    found = uses(ed, series)
    table = pd.DataFrame(
        [
            {
                "kind": u.kind,
                "value": u.value,
                "first": pd.Timestamp(u.first) if u.first else pd.NaT,
                "first_id": u.first_id or pd.NA,
                "listed": pd.Timestamp(u.listed) if u.listed else pd.NaT,
                "listed_id": u.listed_id or pd.NA,
                "now": u.counts.get(ed.quarter, 0),
                "before": u.total - u.counts.get(ed.quarter, 0),
                **{str(q): n for q, n in u.counts.items()},
            }
            for u in found
        ],
        columns=["kind", "value", "first", "first_id", "listed", "listed_id", "now", "before", *map(str, filed(ed))],
    )
    return Outcome(table, [r for u in found for r in u.rows], value=found)


@result
def firsts(ed: Edition) -> Outcome:
    """Attacks of the quarter that are the first on file by some method or technique: events, not tags.

    Returns
    -------
    Result
        One row an attack: date, incident_id, place, methods, techniques (codes, spaced), article_alone (only the
        article under test tells of it), rivals (methods that other sources give, spaced). `value` is a
        tuple of `First`; empty in the first quarter on file, in which everything would be new.
    """
    made: dict[str, list[Use]] = {}
    for use in uses(ed) if len(filed(ed)) > 1 else ():
        if use.first and use.first in ed.quarter.window and use.value not in RESIDUAL:
            made.setdefault(use.first_id, []).append(use)
    rows = ed.listed[["incident_id", "date", "place", "sources"]].set_index("incident_id")
    found = [_event(ed, ident, rows.loc[ident], values) for ident, values in made.items()]
    found.sort(key=lambda f: (f.day, f.incident_id))
    rows_made = [
        (pd.Timestamp(f.day), f.incident_id, f.place, " ".join(f.methods), " ".join(f.techniques), f.article_alone,
         " ".join(f.rivals))
        for f in found
    ]  # fmt: skip
    names = ["date", "incident_id", "place", "methods", "techniques", "article_alone", "rivals"]
    table = pd.DataFrame(rows_made, columns=names)
    return Outcome(table, table["incident_id"], value=tuple(found))


@dataclass(frozen=True)
class First:
    """The first documented attack by some method or technique.

    Attributes
    ----------
    methods, techniques : tuple of str
        Codes.
    article_alone : bool
        Only the article under test, or its author elsewhere, tells of them.
    rivals : tuple of str
        Codes of other methods that sources give.
    listed : date or None
        Day of an earlier incident that is listed but not counted; `outcome` is why.
    single : bool
        One source alone stands behind the attack.
    """

    incident_id: str
    day: date
    place: str
    methods: tuple[str, ...]
    techniques: tuple[str, ...]
    article_alone: bool
    rivals: tuple[str, ...]
    listed: date | None
    outcome: str = ""
    single: bool = False

    @property
    def disputed(self) -> bool:
        """Whether a source gives another method, or none but the article gives this one."""
        return self.article_alone or bool(self.rivals)


def _event(ed: Edition, ident: str, row: Any, found: list[Use]) -> First:
    day, earlier = min(((u.listed, u.listed_id) for u in found if u.listed), default=(None, ""))
    outcome = evidence.text(told.listed(ed).cell(earlier, "outcome")) if earlier else ""
    methods, tags = (tuple(u.value for u in found if u.kind == kind) for kind in (METHOD, TECHNIQUE))
    other = evidence.rivals(ed.data, ident, _COLUMN[METHOD]) if methods else ()
    alone = all(_article_alone(ed, ident, row, use) for use in found)
    rivals = tuple(v for v in other if v not in ("", *methods))
    at, single = row["date"].date(), len(row["sources"]) == 1
    return First(ident, at, evidence.text(row["place"]), methods, tags, alone, rivals, day, outcome, single)


def _article_alone(ed: Edition, ident: str, row: Any, use: Use) -> bool:
    """Whether only the article under test, or its author elsewhere, gives a method or technique of a row."""
    own = evidence.own_sources(ed.data)
    said = evidence.said(ed.data, ident, _COLUMN[use.kind])
    gives = {
        source
        for source, status, value in zip(said["source_id"], said["status"], said["value"], strict=True)
        if status in GIVEN and use.value in str(value).split(";")
    }
    return bool(own) and (gives or set(row["sources"])) <= own


@result
def reports(ed: Edition) -> Outcome:
    """What sources report of a quarter without saying which attacks: shown apart, never counted.

    Returns
    -------
    Result
        id, label, wording, quarter, dimension, source, place (in the source), coded (ids of counted rows
        that carry the technique by now, spaced); empty without a rubric. `value` is a tuple of `ReportedUse`.
    """
    found = tuple(reported(ed))
    rows = [
        (r.item.id, r.item.label, r.item.wording, str(r.item.quarter), r.item.dimension, r.item.source, r.item.place,
         " ".join(r.coded))
        for r in found
    ]  # fmt: skip
    columns = ["id", "label", "wording", "quarter", "dimension", "source", "place", "coded"]
    return Outcome(pd.DataFrame(rows, columns=columns), [i for r in found for i in r.coded], value=found)


@dataclass(frozen=True)
class TechniquesFact:
    """What is new on file in the quarter, and what is reported without naming an attack."""

    made: Result
    new: Result
    told: Result
    period: Period
    quarters: int

    @property
    def reported(self) -> tuple[ReportedUse, ...]:
        """Reported of the quarter without naming attacks."""
        return tuple(r for r in self.told.value if r.item.quarter == self.period)

    @property
    def firsts(self) -> tuple[First, ...]:
        """The quarter's first documented attacks by some method or technique, by date."""
        found: tuple[First, ...] = self.new.value
        return found

    @property
    def comparable(self) -> bool:
        """Whether an earlier quarter is on file, without which nothing can be called new."""
        return self.quarters > 1

    @property
    def untraced(self) -> tuple[ReportedUse, ...]:
        """Reported of the quarter, and carried by no row."""
        return tuple(r for r in self.reported if not r.coded)


def techniques_fact(ed: Edition) -> TechniquesFact:
    """Techniques of the edition's quarter."""
    return TechniquesFact(techniques(ed), firsts(ed), reports(ed), ed.quarter, len(filed(ed)))
