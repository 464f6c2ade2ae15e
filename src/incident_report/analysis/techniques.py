"""Which methods and techniques were documented in which quarter, and when each was first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.rubric import Reported, rubric
from incident_report.analysis.sophistication import filed
from incident_report.periods import Quarter

METHOD = "method"
TECHNIQUE = "technique"


@dataclass(frozen=True)
class Use:
    """One method of attack or one technique over the quarters.

    Attributes
    ----------
    kind : str
        `METHOD` or `TECHNIQUE`.
    value : str
        As coded, e.g. ``rocket``.
    counts : mapping of Quarter to int
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
    counts: dict[Quarter, int]
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

    Values that occur only in listed rows (not counted) are included, with no attack counted.
    """
    counted, listed = edition.incidents(None, series), _listed(edition, series)
    found = []
    for kind, column in ((METHOD, "attack_method"), (TECHNIQUE, "techniques")):
        values = sorted({v for v in listed[column].explode().dropna() if v})
        group = []
        for value in values:
            hit, seen = (_having(rows, column, value) for rows in (counted, listed))
            first, first_id = _first(hit)
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
    row = rows.iloc[0]  # sorted by date and id
    return row["date"].date(), str(row["incident_id"])


@dataclass(frozen=True)
class ReportedUse:
    """What a source reports without naming attacks, and the counted rows that do carry the tag by now."""

    item: Reported
    coded: tuple[str, ...]


def reported(edition: Edition) -> list[ReportedUse]:
    """Reports up to the edition's quarter, by quarter and id."""
    return sorted(_reported(edition), key=lambda r: (r.item.quarter, r.item.id))


def _reported(edition: Edition) -> Iterator[ReportedUse]:
    rules = rubric(edition)
    for item in rules.reported if rules else ():
        if item.quarter > edition.quarter:
            continue
        rows = edition.incidents(item.quarter)
        coded = _having(rows, "techniques", item.technique) if item.technique else rows.iloc[:0]
        yield ReportedUse(item, tuple(coded["incident_id"]))
