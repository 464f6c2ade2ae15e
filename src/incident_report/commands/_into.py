"""A newer export into an existing campaign: shown first, written only when that is said."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import filterfalse
from operator import attrgetter
from pathlib import Path
from typing import TYPE_CHECKING

from incident_report.commands.diff import effects
from incident_report.data.folders import data_folder, shown
from incident_report.errors import BuildError

if TYPE_CHECKING:
    from incident_report.analysis.revisions import Revisions
    from incident_report.data.importers import Map, Selection
    from incident_report.data.importers.update import Change, Gone, Update
    from incident_report.data.model import Dataset

_MOST = 60  # lines of one kind


def bring(file: Path, chart: Map, into: str, selection: Selection, *, write: bool) -> list[str]:
    """Compare, try on a copy, and with `write` put in place; the lines for people.

    Raises
    ------
    BuildError
        If the campaign has faults, before or after; nothing is written then.
    """
    from incident_report.analysis.revisions import as_published, compare
    from incident_report.data.importers import read
    from incident_report.data.importers.account import account
    from incident_report.data.importers.update import difference
    from incident_report.data.importers.update_files import files
    from incident_report.data.importers.write import account_files
    from incident_report.data.writing import write_files

    folder = data_folder(into)
    before = _sound(folder, shown(folder))
    selection = replace(selection, period=before.campaign.period)
    result = read(file, chart, selection)
    told = account(result, selection)
    if not result.incidents:
        raise BuildError(*told, "no row of the export becomes an incident; nothing was written")
    table = as_published(before.incidents)
    ours = {str(i): {str(k): str(v) for k, v in row.items()} for i, row in table.to_dict("index").items()}
    update = difference(folder, ours, result, selection)
    made = files(folder, update, result, selection, date.today())
    with tempfile.TemporaryDirectory(prefix="import-into-") as temporary:
        copy = Path(temporary) / folder.name
        shutil.copytree(folder, copy)
        for name, content in made.items():
            (copy / name).parent.mkdir(parents=True, exist_ok=True)
            (copy / name).write_bytes(content)
        after = _sound(copy, f"{shown(folder)}, as it would become")
    series = [before.campaign.all_series, *before.campaign.series]
    found = compare(table, as_published(after.incidents), series)
    lines = [*told, *_lines(update), *_by_quarter(found, {s.id: s.noun for s in series})]
    if not update:
        return [*lines, "the export says what it said last time; nothing was written"]
    if not write:
        return [*lines, f"nothing was written; say --yes to write {', '.join(sorted(made))}"]
    write_files(folder, made | account_files(result, told))
    return [*lines, *(f"wrote {shown(folder / name)}" for name in sorted(made))]


def _sound(folder: Path, name: str) -> Dataset:
    """The campaign, loaded."""
    from incident_report.data import check, format_errors

    data, faults = check(folder)
    if data is None:
        raise BuildError(f"{name}: has faults; nothing was written", *format_errors(faults))
    return data


def _by_quarter(found: Revisions, nouns: Mapping[str, str]) -> Iterator[str]:
    """What changes in the counts of each quarter."""
    counts = found.counts
    touched = set(counts.loc[counts["before"] != counts["after"], "quarter"].astype(str))
    for quarter in sorted({*touched, *found.new_quarters}):
        yield f"{quarter}: {'new' if quarter in found.new_quarters else 'counts change'}"
        yield from effects(found, nouns, quarter)


def _lines(update: Update) -> Iterator[str]:
    """What the export changes, row by row, and what is left to a person."""
    held, cells = (list(some(attrgetter("held"), update.changed)) for some in (filter, filterfalse))
    changed = len(set(map(attrgetter("incident_id"), cells)))
    numbers = f"{len(update.added)} rows added, {changed} changed, {len(update.gone)} gone"
    yield f"{numbers}, {len(held)} cells left to you"
    if update.older:
        yield f"{len(update.older)} rows of the export are older than what is on file, by their time stamps: left"
    if update.final:
        yield f"{len(update.final)} rows are final on file and the export is provisional: left"
    added = sorted(Counter(map(update.period_of, update.added)).items())
    yield from _some("added", [f"{n} in {quarter}" for quarter, n in added])
    yield from _some(
        "gone", [f"{g.incident_id} ({g.quarter}): {_why(g)}{_where(update, g.quarter)}" for g in update.gone]
    )
    yield from _some("changed", [f"{_cell(c)}{_where(update, c.quarter)}" for c in cells])
    yield from _some("left to you", [f"{_cell(c)}, but it {c.held}" for c in held])


def _some(kind: str, lines: Sequence[str]) -> Iterator[str]:
    """The first lines of a kind, and how many more there are."""
    yield from (f"  {kind}, {line}" for line in lines[:_MOST])
    if len(lines) > _MOST:
        yield f"  and more {kind}: {len(lines) - _MOST:,}"


def _why(gone: Gone) -> str:
    return f"{f'is now left out: {gone.why}' if gone.why else 'is no longer in the export'}; becomes disputed"


def _cell(change: Change) -> str:
    return f"{change.incident_id} {change.field}: {change.old!r} -> {change.new!r}"


def _where(update: Update, quarter: str) -> str:
    return "" if update.is_open(quarter) else ", as a correction"
