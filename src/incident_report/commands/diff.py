"""What changed between two editions or versions: rows added, changed and removed, and what that did to the counts.

Of two released versions, also every fact that reads differently.
"""

from __future__ import annotations

import argparse
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from incident_report.data.folders import real_path
from incident_report.errors import BuildError, UsageError
from incident_report.paths import DATA
from incident_report.periods import PATTERN, Period
from incident_report.publish import provenance
from incident_report.publish.places import places
from incident_report.publish.request import Request
from incident_report.publish.versions import number, recorded_release

if TYPE_CHECKING:
    import pandas as pd

    from incident_report.analysis.revisions import Revisions

HELP = "list what changed between two editions"


def arguments(parser: argparse.ArgumentParser) -> None:
    """Options."""
    what = "an edition: 2020Q2, a version: 2020Q2/v1.0, its folder, or its data.zip"
    parser.add_argument("--from", dest="before", default="", metavar="EDITION", help=f"the older one: {what}")
    parser.add_argument("--to", dest="after", default="", metavar="EDITION", help="the newer one, likewise")


def run(args: argparse.Namespace) -> int:
    """Print the differences; whether there are any does not change the exit code."""
    from incident_report.analysis.revisions import compare
    from incident_report.data.predecessor import read_previous_incidents, read_previous_series, read_previous_tallies

    paths = {}
    for option, text in (("--from", args.before), ("--to", args.after)):
        if not text.strip():
            raise UsageError(f"name both editions: {option} reports/2020Q2 (a folder or its data.zip)")
        paths[option] = _edition_folder(text, option)
        if not paths[option].exists():
            raise UsageError(f"{option}: there is no {text!r}; name the folder of an edition, or its data.zip")
    before, after = map(str, paths.values())
    try:
        old, new = read_previous_incidents(before), read_previous_incidents(after)
        tallies = read_previous_tallies(before), read_previous_tallies(after)
        series = read_previous_series(after)
    except ValueError as error:
        raise BuildError(str(error).removeprefix("previous: ")) from None
    assert old is not None and new is not None
    listed = [s for s in series if set(s.where) <= set(old.columns) & set(new.columns)]
    found, nouns = compare(old, new, listed), {s.id: s.noun for s in listed}
    lines = [*_whole_quarters(found, old, new), *_lines(found, nouns)] or ["neither edition lists an incident"]
    print("\n".join([*lines, *_tally_lines(*tallies), *_fact_lines(*paths.values())]))
    return 0


def _edition_folder(text: str, option: str) -> Path:
    """The folder or file that was typed; for a period, the place of that edition of the project's own data."""
    path = real_path(text, option)
    edition, _, version = text.partition("/")
    if path.exists() or not re.fullmatch(PATTERN, edition) or (version and not number(version)):
        return path
    return places(DATA.resolve(), edition, Request()).report / version


def _whole_quarters(found: Revisions, old: pd.DataFrame, new: pd.DataFrame) -> Iterator[str]:
    for words, quarters, rows in (("new", found.new_quarters, new), ("gone", found.lost_quarters, old)):
        for quarter in quarters:
            many, unit = _rows(int((rows["quarter"] == quarter).sum())), Period.parse(quarter).unit
            yield f"{quarter}: the whole {unit} is {words} ({many})"


def _lines(found: Revisions, nouns: Mapping[str, str]) -> Iterator[str]:
    """The differences of the incidents, by quarter, and what they do to the count of each series."""
    changes: dict[str, list[str]] = {str(q): [] for q in sorted(set(found.counts["quarter"]))}
    for mark, listed in (("+", found.added), ("-", found.removed)):
        for incident, quarter in listed:
            changes.setdefault(quarter, []).append(f"  {mark} {incident}")
    for one in found.changed:
        text = f"  ~ {one.incident_id} {one.field}: {_shown(one.old)} -> {_shown(one.new)}"
        changes.setdefault(one.quarter, []).append(text)
    for quarter, lines in changes.items():
        if not lines:
            yield f"{quarter}: no row differs"
            continue
        many = len({line.split()[1] for line in lines})
        yield f"{quarter}: {_rows(many)} differ{'s' * (many == 1)}"
        yield from lines
        yield from effects(found, nouns, quarter)


def effects(found: Revisions, nouns: Mapping[str, str], quarter: str) -> Iterator[str]:
    """What the differences do to the count of each series in a quarter."""
    counts = found.counts[found.counts["quarter"] == quarter]
    for name, a, b in counts[["series", "before", "after"]].itertuples(index=False, name=None):
        effect = f"{a} as before" if a == b else f"{a} -> {b} ({b - a:+d})"
        yield f"    documented {nouns[name]}: {effect}"


def _tally_lines(old: pd.DataFrame, new: pd.DataFrame) -> Iterator[str]:
    """The differences of the published tallies, which no incident moves."""
    before, after = (t.set_index("tally_id") for t in (old, new))
    lines = [f"  + {key}: {after.loc[key, 'count']}" for key in sorted(set(after.index) - set(before.index))]
    lines += [f"  - {key}: {before.loc[key, 'count']}" for key in sorted(set(before.index) - set(after.index))]
    shared = [c for c in after.columns if c in before.columns]
    for key in sorted(set(before.index) & set(after.index)):
        for column in shared:
            a, b = str(before.loc[key, column]), str(after.loc[key, column])
            if a != b:
                lines.append(f"  ~ {key} {column}: {_shown(a)} -> {_shown(b)}")
    yield "published tallies:" if lines else "published tallies: no row differs"
    yield from lines


def _fact_lines(before: Path, after: Path) -> Iterator[str]:
    """The facts that read differently, where both are versions, which keep them."""
    made = [recorded_release(provenance.read(p) or {}) if p.is_dir() else None for p in (before, after)]
    if made[0] is None or made[1] is None:
        return
    old, new = made[0].facts, made[1].facts
    found = [n for n in dict.fromkeys([*new, *old]) if old.get(n) != new.get(n)]
    yield f"facts: {len(found)} read{'s' * (len(found) == 1)} differently" if found else "facts: none reads differently"
    yield from (f"  ~ {n}: {_shown(old.get(n, ''))} -> {_shown(new.get(n, ''))}" for n in found)


def _rows(n: int) -> str:
    return f"{n} row" if n == 1 else f"{n} rows"


def _shown(text: str) -> str:
    return repr(text) if text else "unknown"
