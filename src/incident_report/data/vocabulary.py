"""Names against each other and against what is declared: spellings that split a group, tallies that nobody counts."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from datetime import date
from functools import cache
from itertools import groupby
from typing import Any

from incident_report.data.cells import Hint, Hints
from incident_report.data.documents import members_of
from incident_report.data.lookalikes import is_id, is_name, skeleton
from incident_report.data.model import Campaign, Fault
from incident_report.data.package import Table
from incident_report.data.rows import Report, Row, as_items, column, having

_PRINTED = {"place", "target_name", "label", "name", "summary"}  # columns that a report prints as they are
_MOST_COMPARED = 300  # tallies of one tracker and series, each against each


def check_spellings(rows: Sequence[Row], table: Table, report: Report) -> None:
    """Warn of names and ids in one column that differ only in what a reader may not see.

    The spelling that most rows have is taken for the right one; the first row of each other is told.
    """
    for field in table.fields:
        if not (field.free and is_name(field)):
            continue
        cells = Counter(column(rows, field.name))
        alike: dict[str, list[str]] = defaultdict(list)
        for name in dict.fromkeys(item for cell in cells for item in as_items(cell)):
            alike[skeleton(name, is_id(field))].append(name)
        if groups := [names for names in alike.values() if len(names) > 1]:
            _tell_alike(rows, field.name, groups, cells, report)


def _tell_alike(
    rows: Sequence[Row], column: str, groups: list[list[str]], cells: Mapping[Any, int], report: Report
) -> None:
    wanted = {name for names in groups for name in names}
    often: Counter[str] = Counter()
    for cell, number in cells.items():
        often.update(dict.fromkeys(wanted.intersection(as_items(cell)), number))
    first: dict[str, Row] = {}
    for row in having(rows, lambda cell: not wanted.isdisjoint(as_items(cell)), column):
        for name in row.items(column):
            first.setdefault(name, row)
    for names in groups:
        best = max(names, key=lambda n: (often[n], -first[n].line))
        there = f"{first[best].file}:{first[best].line}"
        for name in sorted({*names} - {best}):
            message = f"{name!r} is nearly {best!r} ({there}); if they are one, write them the same, sign by sign"
            report(first[name].fault(column, message, severity="warning"))


def check_tallies(rows: Sequence[Row], campaign: Campaign, report: Report) -> None:
    """What cannot be right among published counts: a series or tracker that nobody declared, counts that clash."""
    series = [*(s.id for s in campaign.series), campaign.all_series.id, *campaign.raw.get("other_series", ())]
    hint = Hints()
    for row in rows:
        _declared(row, "series", series, "series or other_series", hint, report)
        if campaign.trackers:
            _declared(row, "tracker", campaign.trackers, "trackers", hint, report)

    def key(row: Row) -> tuple[str, ...]:
        return tuple(str(row.values[c]) for c in ("tracker", "series", "unit"))

    for _, group in groupby(sorted(rows, key=key), key):
        alike = sorted(group, key=lambda r: r.line)
        _same_days(alike, report)
        _days_within(alike, report)


def check_names(
    campaign: Campaign, rows: Mapping[str, Sequence[Row]], documents: Mapping[str, object], report: Report
) -> None:
    """Spellings that `vocabulary.names` rules out: warned of in rows that are printed, faults in documents."""
    if not campaign.names:
        return
    told = _ruled_out(campaign.names)
    told_of_cell = cache(told)  # each text once, however many rows have it
    for table in ("incidents", "context", "sites"):
        for name in sorted(_PRINTED):
            for row in having(rows.get(table, ()), told_of_cell, name):
                report(row.fault(name, told_of_cell(row.values[name]), severity="warning"))
    for file, document in documents.items():
        for place, _, text in members_of(document, without=("contains", "where")):  # what only selects rows
            if message := told(text):
                report(Fault(f"{file}.yml", message, None, place, text))


def _ruled_out(names: Mapping[str, Iterable[str]]) -> Callable[[Any], str]:
    """What to say of a text, or nothing, by the right spelling of each name and those that are ruled out."""
    wrong = {variant: name for name, variants in names.items() for variant in variants}
    spelling = re.compile(rf"(?<!\w)(?:{'|'.join(map(re.escape, wrong)) or '(?!)'})(?!\w)")

    def told(text: Any) -> str:
        found = spelling.search(text) if isinstance(text, str) else None
        return f"says {found[0]!r}, where vocabulary.names in report.yml has {wrong[found[0]]!r}" if found else ""

    return told


def _declared(row: Row, column: str, known: Collection[str], where: str, hint: Hint, report: Report) -> None:
    name = row.values[column]
    if name not in known:
        listed = ", ".join(list(known)[:20])
        message = (
            f"is not declared under {where} in report.yml ({listed}), so nothing of the campaign's is compared to it"
        )
        report(row.fault(column, f"{message}{hint(name, known)}", severity="warning"))


def _same_days(rows: list[Row], report: Report) -> None:
    """Counts of one tracker, series, unit and window, of which one can hold; each is told at the later row."""
    first: dict[tuple[date, date], Row] = {}
    for row in rows:
        other = first.setdefault((row.values["start"], row.values["end"]), row)
        there = f"the {other.values['count']} that line {other.line} has"
        if other.line == row.line:
            continue
        if row.values["count"] == other.values["count"]:
            message = f"is the same count for the same days as in line {other.line}; keep one row"
            report(row.fault("tally_id", message, severity="warning"))
        elif _sure(row.values, other.values):
            report(row.fault("count", f"contradicts {there} for the same tracker, series and days; keep what holds"))
        else:
            message = f"differs from {there} for the same tracker, series and days; keep what holds"
            report(row.fault("count", message, severity="warning"))


def _days_within(rows: list[Row], report: Report) -> None:
    """Counts of one tracker, series and unit that are higher than the count for days around theirs."""
    for row in rows if len(rows) <= _MOST_COMPARED else ():
        for outer in rows:
            here, there = row.values, outer.values
            firm = there["bound"] == "exact" and here["bound"] != "about"
            if firm and here["count"] > there["count"] and _holds(there, here):
                message = f"is more than the {there['count']} that line {outer.line} has for days that include these"
                report(row.fault("count", message, severity="warning"))


def _sure(one: Mapping[str, object], other: Mapping[str, object]) -> bool:
    """Whether two different counts of the same days leave no reading in which both hold."""
    return one["bound"] == other["bound"] == "exact" and one["scope"] == other["scope"]


def _holds(outer: Mapping[str, date], inner: Mapping[str, date]) -> bool:
    """Whether one window lies within another and is not the same."""
    same = (outer["start"], outer["end"]) == (inner["start"], inner["end"])
    return not same and outer["start"] <= inner["start"] and inner["end"] <= outer["end"]
