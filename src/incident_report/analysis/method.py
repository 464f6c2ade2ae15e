"""How the record was made: breaks in its making that could make a trend, what was searched, what was coded twice."""

from __future__ import annotations

from collections.abc import Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from operator import itemgetter
from typing import Any

import pandas as pd

from incident_report.analysis.agreement import agreement
from incident_report.analysis.edition import Edition
from incident_report.analysis.result import Outcome, Result, result
from incident_report.data.model import as_written
from incident_report.periods import Period

UNRECORDED = ("not recorded",)
UNLOGGED = "unlogged"


@dataclass(frozen=True)
class Break:
    """A change in how the record was made that falls between two quarters.

    Attributes
    ----------
    period : Period
        The first that was made in the new way.
    kind : str
        ``coder``, ``rule``, ``sources`` or ``values``; ``unlogged`` where the log names one of the two and not the
        other, so that nobody knows.
    change, note : str
        As the method log has them.
    """

    period: Period
    kind: str
    change: str
    note: str


@result
def breaks(ed: Edition) -> Outcome:
    """Changes of the method log that hold for one of two neighbouring quarters and not for the other.

    A change that was made to every quarter on file is none: it cannot make a trend. A campaign that keeps no log
    has none.

    Returns
    -------
    Result
        period (the first quarter made in the new way), kind, change, by, note; by period. `value` is a tuple of
        `Break`.
    """
    log = as_written(ed.data.method_log).to_dict("records")
    rows = sorted(row for pair in pairwise(_filed(ed)) for row in _between(log, *pair))
    made = tuple(Break(Period.parse(p), kind, change, note) for p, kind, change, _, note in rows)
    return Outcome(pd.DataFrame(rows, columns=["period", "kind", "change", "by", "note"]), value=made)


def _between(log: Sequence[Mapping[Hashable, Any]], before: str, period: str) -> list[tuple[str, ...]]:
    """What begins with a quarter, and what ends before it where nothing of its kind is logged in its place."""
    logged = set().union(*(one["quarters"] for one in log))
    if (before in logged) != (period in logged):
        return [(period, UNLOGGED, "", "", "")]
    begun = _only(log, period, before)
    kinds = {one["kind"] for one in begun}
    rows = [*begun, *(one for one in _only(log, before, period) if one["kind"] not in kinds)]
    return [(period, *map(str, itemgetter("kind", "change", "by", "note")(one))) for one in rows]


def _only(log: Sequence[Mapping[Hashable, Any]], inside: str, outside: str) -> list[Mapping[Hashable, Any]]:
    return [one for one in log if inside in one["quarters"] and outside not in one["quarters"]]


def _filed(ed: Edition) -> list[str]:
    return [str(q) for q in ed.quarters if ed.has_incidents_file(q)]


@result
def searched(ed: Edition) -> Outcome:
    """How each quarter on file was searched: period, coder, outlets, languages, rule, second_coder, note.

    A quarter that the protocol does not name has NA in all of them.
    """
    table = ed.data.search_protocol.rename(columns={"quarter": "period"}).set_index("period")
    return Outcome(table.reindex(pd.Index(_filed(ed), name="period")).reset_index())


@dataclass(frozen=True)
class MethodFact:
    """How the record was made."""

    made: Result
    protocol: Result
    agreement: Result

    @property
    def breaks(self) -> tuple[Break, ...]:
        """Every break on file."""
        found: tuple[Break, ...] = self.made.value
        return found

    def within(self, quarters: Iterable[Period]) -> tuple[Break, ...]:
        """Breaks that a comparison of these quarters, or a trend over them, straddles; one of each kind and place."""
        every = sorted(quarters)
        found = {(b.period, b.kind): b for b in reversed(self.breaks) if every and every[0] < b.period <= every[-1]}
        return tuple(reversed(found.values()))

    @property
    def unsearched(self) -> tuple[Period, ...]:
        """Quarters of which it is not on record which outlets were searched."""
        rows = self.protocol.table
        unknown = rows["outlets"].isna() | rows["outlets"].isin(UNRECORDED)
        return tuple(Period.parse(p) for p in rows.loc[unknown, "period"])

    @property
    def twice(self) -> int:
        """Most attacks that two or more people coded on one field."""
        return int(self.agreement["attacks"].max()) if len(self.agreement) else 0


def method_fact(ed: Edition) -> MethodFact:
    """How the edition's record was made."""
    return MethodFact(breaks(ed), searched(ed), agreement(ed))
