"""How we know: what was counted and left out, who else counted, what the rows rest on, what changed since."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from incident_report.analysis import quality
from incident_report.analysis.ageing import statement
from incident_report.analysis.coverage import coverage_checks
from incident_report.analysis.edition import Edition
from incident_report.analysis.evidence import rivals_by_cell
from incident_report.analysis.result import Outcome, Result, result
from incident_report.analysis.revisions import since
from incident_report.analysis.triangulation import contradictions, shared_windows
from incident_report.data.model import as_written
from incident_report.periods import Period, Window

STATUSES = ("stated", "contradicts", "inferred", "silent", "not_checked")  # of evidence.csv


@result
def ledger(ed: Edition) -> Outcome:
    """Every row of every file: counted, or listed and why not; one row a quarter (see `quality.ledger`)."""
    return Outcome(quality.ledger(ed), ed.listed["incident_id"])


@result
def not_counted(ed: Edition) -> Outcome:
    """Rows of the quarter that are listed and not counted: incident_id, date, place, outcome, sources (tuple)."""
    rows = quality.not_counted(ed)
    columns = ["incident_id", "date", "place", "outcome", "sources"]
    return Outcome(rows[columns].reset_index(drop=True), rows["incident_id"])


@result
def sightings(ed: Edition) -> Outcome:
    """Trackers that counted one kind of attack over shared days, each beside our rows of the same days.

    Returns
    -------
    Result
        Columns series, tracker, start, end, days, count, bound, low, high (Garwood, 95 %; infinite for a
        lower bound), documented (NA where the files do not cover all the days), source, unstated (whether its first
        or last day is a best guess).
    """
    found = [s for group in shared_windows(ed).values() for s in group]
    guessed = {t.tally_id for t in ed.published if t.starts[0] < t.starts[1] or t.ends[0] < t.ends[1]}
    rows = [
        (s.series, s.tracker, pd.Timestamp(s.window.start), pd.Timestamp(s.window.end), s.window.days, s.count, s.bound,
         *s.limits, pd.NA if s.documented is None else s.documented, s.source, s.tally_id in guessed)
        for s in found
    ]  # fmt: skip
    names = [
        "series",
        "tracker",
        "start",
        "end",
        "days",
        "count",
        "bound",
        "low",
        "high",
        "documented",
        "source",
        "unstated",
    ]
    table = pd.DataFrame(rows, columns=names)
    return Outcome(table, [r for s in found for r in (s.tally_id, *s.rows)], value=tuple(found))


@result
def sources_used(ed: Edition) -> Outcome:
    """Distinct sources behind the quarter's counted rows, by kind and reliability letter."""
    table = quality.sources_used(ed, ed.quarter)
    return Outcome(table, ed.incidents(ed.quarter)["incident_id"], value=int(table["total"].sum()))


@result
def fields_known(ed: Edition) -> Outcome:
    """How many of the quarter's counted rows state each field: field, known, total; the least known first."""
    made = sorted(quality.completeness(ed, ed.quarter), key=lambda k: (k.known, k.field))
    table = pd.DataFrame([(k.field, k.known, k.total) for k in made], columns=["field", "known", "total"])
    return Outcome(table, ed.incidents(ed.quarter)["incident_id"])


@result
def listed(ed: Edition) -> Outcome:
    """Every row listed for the quarter, whether it is counted, and other methods that sources give (spaced)."""
    rows = ed.listed[ed.listed["quarter"] == str(ed.quarter)].reset_index(drop=True)
    inside = set(ed.incidents(ed.quarter)["incident_id"])
    ids, methods = rows["incident_id"], rows["attack_method"]
    rivals = rivals_by_cell(ed.data)
    other = [rivals.get((i, "attack_method"), ()) for i in ids]
    said = [" ".join(v for v in given if v and v != method) for given, method in zip(other, methods, strict=True)]
    return Outcome(rows.assign(counted=[i in inside for i in ids], other_methods=said), ids)


@result
def evidence_by_cell(ed: Edition) -> Outcome:
    """What sources say on the cells of each row listed for the quarter that were examined.

    Returns
    -------
    Result
        incident_id, and one column for each status: its fields, ``; `` between, each once; under contradicts each
        other value with its source, as ``killed = 7 @ source_id``.
    """
    rows = ed.listed.loc[ed.listed["quarter"] == str(ed.quarter), "incident_id"].astype(str)
    read = as_written(ed.data.evidence)
    read = read[read["incident_id"].isin(rows)].astype({"status": str})
    other = read["field"] + " = " + read["value"] + " @ " + read["source_id"]
    read = read.assign(said=read["field"].where(read["status"] != "contradicts", other))
    cells = read.groupby(["incident_id", "status"])["said"].agg(lambda c: "; ".join(dict.fromkeys(c)))
    wide = cells.unstack(fill_value="") if len(cells) else pd.DataFrame()
    table = wide.reindex(index=[i for i in rows if i in wide.index], columns=list(STATUSES), fill_value="")
    return Outcome(table.rename_axis("incident_id").rename_axis(None, axis=1).reset_index(), table.index)


@result
def weaknesses(ed: Edition) -> Outcome:
    """What the curators know to be weak in the data, as report.yml states it.

    Returns
    -------
    Result
        text; one row a statement that holds in this edition, or held in an earlier one. `value` is a tuple of
        `Statement` in the same order.
    """
    made = tuple(s for one in ed.campaign.known_weaknesses if (s := statement(ed, one)).shown)
    return Outcome(pd.DataFrame({"text": [s.text for s in made]}, dtype="str"), value=made)


@result
def corrections(ed: Edition) -> Outcome:
    """Corrections applied to rows as first published, of the incidents that the edition lists."""
    table = ed.data.corrections
    table = table[table["incident_id"].isin(ed.listed["incident_id"])].reset_index(drop=True)
    return Outcome(table, sorted(set(table["incident_id"])))


@result
def revisions(ed: Edition, *, previous: str = "") -> Outcome:
    """What changed since a previous edition, row by row.

    Parameters
    ----------
    previous : str
        Folder or data.zip of the previous edition; empty for none.

    Returns
    -------
    Result
        Columns incident_id, period, field (empty for a whole row), change (``added``, ``removed``,
        ``changed``), old, new. `value` is a `Revisions`; None where no edition was named, or where it knew
        later rows than this one is shown (`as_of`), so that what it has more is no change of data.
    """
    from incident_report.data.predecessor import read_previous, read_previous_incidents

    published = read_previous_incidents(previous)
    names = ["incident_id", "period", "field", "change", "old", "new"]
    if published is None or _knew_more(read_previous(previous), ed):
        return Outcome(pd.DataFrame(columns=names))
    found = since(published, ed)
    rows = [(i, q, "", "added", "", "") for i, q in found.added]
    rows += [(i, q, "", "removed", "", "") for i, q in found.removed]
    rows += [(c.incident_id, c.quarter, c.field, "changed", c.old, c.new) for c in found.changed]
    table = pd.DataFrame(sorted(rows), columns=names)
    return Outcome(table, table["incident_id"], value=found)


def _knew_more(previous: Mapping[str, Any], ed: Edition) -> bool:
    """Whether a previous edition was built of a later state of the data than this one is."""
    if ed.data.as_of is None:
        return False
    settings = previous.get("parameters")
    then = str(settings.get("as_of") or "") if isinstance(settings, Mapping) else ""
    return not then or then > ed.data.as_of.isoformat()


@dataclass(frozen=True)
class SourcingFacts:
    """What the quarter's counted rows rest on."""

    made: Result
    support: quality.Support
    silence: quality.Silence | None

    @property
    def single(self) -> int:
        """Rows that rest on one source."""
        return self.support.incidents - self.support.two_or_more_sources

    @property
    def silent_end(self) -> bool:
        """Whether the file falls silent at its end for longer than chance would make it."""
        return self.silence is not None and self.silence.chance < UNLIKELY


UNLIKELY = 0.001


def sourcing_facts(ed: Edition) -> SourcingFacts:
    """Sources behind the quarter's rows."""
    return SourcingFacts(sources_used(ed), quality.support(ed, ed.quarter), quality.silence(ed, ed.quarter))


@dataclass(frozen=True)
class Checked:
    """Documented against counted, for one series, tracker and stretch of days."""

    series: str
    noun: str
    singular: str
    tracker: str
    documented: int
    tallied: int
    bound: str
    period: str
    start: date
    end: date


@dataclass(frozen=True)
class Contradiction:
    """A tracker that counted more within another's days than that one did in all of them."""

    series: str
    noun: str
    tracker: str
    count: int
    bound: str
    window: Window
    other: str
    other_count: int
    other_window: Window


@dataclass(frozen=True)
class CoverageFacts:
    """How much of what others counted the record holds.

    Attributes
    ----------
    checked : tuple of Checked
        Every tracker's counts that can be set beside the record, in the order of series and periods.
    untallied : tuple of str
        Nouns of series that nobody counted.
    files : tuple of str
        Labels of periods with a file; `gaps` of those without.
    contradicted : tuple of Contradiction
        Counts that cannot both be whole.
    """

    made: Result
    checked: tuple[Checked, ...]
    untallied: tuple[str, ...]
    files: tuple[Period, ...]
    gaps: tuple[Period, ...]
    window: Window | None
    attacks: int
    contradicted: tuple[Contradiction, ...] = ()

    def of(self, period: str) -> tuple[Checked, ...]:
        """Checks of one period."""
        return tuple(c for c in self.checked if c.period == period)


def coverage_facts(ed: Edition) -> CoverageFacts:
    """Coverage of the record, against every tracker."""
    made = coverage_checks(ed)
    named = {s.id: s for s in ed.series}
    checked = tuple(
        Checked(c.series, named[c.series].noun, named[c.series].singular,
                str(ed.campaign.trackers.get(c.tracker, c.tracker)), c.documented, c.tallied, c.bound,
                str(period), c.windows[0].start, c.windows[-1].end)
        for c, period in zip(made, made["period"], strict=True)
    )  # fmt: skip
    seen = {c.series for c in checked}
    return CoverageFacts(
        made,
        checked,
        tuple(s.noun for s in ed.campaign.series if s.id not in seen),
        tuple(q for q in ed.quarters if ed.has_incidents_file(q)),
        tuple(q for q in ed.quarters if not ed.has_incidents_file(q)),
        ed.coverage(ed.quarter),
        len(ed.incidents()),
        tuple(_contradictions(ed)),
    )


def _contradictions(ed: Edition) -> Iterator[Contradiction]:
    nouns, names = {s.id: s.noun for s in ed.series}, ed.campaign.trackers
    for series, group in shared_windows(ed).items():
        for one, other in contradictions(group) if series in nouns else ():
            yield Contradiction(
                series, nouns[series], str(names.get(one.tracker, one.tracker)), one.count, one.bound, one.window,
                str(names.get(other.tracker, other.tracker)), other.count, other.window,
            )  # fmt: skip
