"""What an import gives: incidents, rows left out, and all that must be said of both."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from incident_report.periods import QUARTER


@dataclass(frozen=True)
class LeftOut:
    """A row that did not become an incident, and why."""

    line: int
    id: str
    reason: str


@dataclass(frozen=True)
class Review:
    """A row that a rule of words decided, or would decide: for a person to look at.

    Attributes
    ----------
    rule : str
        Column of ours, and the rule's number in the map.
    field, words : str
        Column of free text, and what was found in it.
    value : str
    standing : str
        ``given``, or ``proposed`` where words alone would have decided: the value then stays open.
    """

    line: int
    id: str
    rule: str
    field: str
    words: str
    value: str
    standing: str


@dataclass(frozen=True)
class Range:
    """The least and the most that a dataset gives for a number of people, beside the number that was taken."""

    incident_id: str
    field: str
    low: int
    best: int
    high: int


@dataclass(frozen=True)
class Selection:
    """Which rows the user wants."""

    country: str = ""
    start: date | None = None
    end: date | None = None
    keep_state_operations: bool = False
    provisional: bool = False  # the file is a candidate or weekly release, which a final one replaces
    period: str = QUARTER  # what the campaign reports by, so one file each

    def refuses(self, country: str, day: date) -> str:
        """Why a row is not wanted, or nothing."""
        if self.country and country.casefold() != self.country.casefold():
            return f"not in {self.country}"
        if self.start and day < self.start:
            return f"before {self.start}"
        if self.end and day > self.end:
            return f"after {self.end}"
        return ""


@dataclass
class Imported:
    """An import's outcome; every row read is in `incidents` or in `left_out`.

    Attributes
    ----------
    doc : mapping
        The map, as `mapfile.Map.doc`.
    rows : int
        Rows read, without header and tag rows.
    incidents : list of dict
        Our columns, all text.
    sources : dict of source_id -> dict
    left_out : list of LeftOut
    review : list of Review
    ranges : list of Range
    notes : Counter of str
        Oddities of rows that were kept, by kind.
    unmapped : mapping of column -> Counter of original codes
        What went to ``other`` because no rule named it.
    found : list of str
        How the file is written: encoding, separator, decimal sign, dates, columns that are missing.
    countries : Counter of str
        Countries of the file.
    stamps : dict of incident_id -> text
        When the provider last changed the row, where the map says so: a number or an ISO day.
    last : date or None
        The last day of any row of the file.
    period : str
        As in `Selection`.
    """

    doc: Mapping[str, Any] = field(default_factory=dict)
    rows: int = 0
    incidents: list[dict[str, str]] = field(default_factory=list)
    sources: dict[str, dict[str, str]] = field(default_factory=dict)
    left_out: list[LeftOut] = field(default_factory=list)
    review: list[Review] = field(default_factory=list)
    ranges: list[Range] = field(default_factory=list)
    notes: Counter[str] = field(default_factory=Counter)
    unmapped: dict[str, Counter[str]] = field(default_factory=dict)
    found: list[str] = field(default_factory=list)
    countries: Counter[str] = field(default_factory=Counter)
    stamps: dict[str, str] = field(default_factory=dict)
    last: date | None = None
    period: str = QUARTER

    @property
    def name(self) -> str:
        """What the dataset is called."""
        return str(self.doc["name"])
