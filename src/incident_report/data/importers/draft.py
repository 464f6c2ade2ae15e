"""A map for an unknown table, to be edited: guesses from names of columns and from cells, and what is unsure of them.

Who attacked whom is never guessed from the order of two actors: a column is proposed for it only if its name says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import product
from pathlib import Path

import pandas as pd

from incident_report.data.importers import cells, days
from incident_report.data.importers.draft_words import (
    ACTORS,
    FORMATS,
    IDS,
    LEAST,
    MOST,
    NAMES,
    PARTS,
    PEOPLE,
    of_ours,
    quoted,
)
from incident_report.data.importers.mapfile import read_map
from incident_report.data.importers.table import LINE, ImportFault, Table, read_table
from incident_report.data.package import default_package
from incident_report.errors import one_line

_ENOUGH = 0.8  # share of cells that must be of a kind
_FREE = 60  # signs on average from which a column is taken for free text
_MOST_CODES = 40
_LOOKED_AT = 5_000
_MOST_SHEETS, _MOST_HEADERS = 8, 4  # that are tried
_SMALL = 8 * 1024 * 1024  # of larger files the first row is taken for the names


def draft_map(path: Path) -> str:
    """The text of a map for a table.

    Raises
    ------
    ImportFault
        If it is no table.
    """
    table, opened = _likeliest(path)
    frame = table.frame.head(_LOOKED_AT)
    draft = _Draft(frame.drop(columns=LINE))
    body = [*opened, *draft.lines(path)]
    head = [
        f"# A map for {one_line(path.name, 80)}, drafted from its columns.",
        "# Look at every line that says CHECK, then import with --map.",
        f"# The file: {one_line('; '.join([*table.found, *table.notes]), 200)}; {len(table.frame):,} rows.",
    ]
    for shipped in sorted(Path(__file__).parent.glob("*.yml")):
        if set(read_map(shipped).needs()) <= set(draft.columns):
            head.append(f"# It has the columns of a map that comes with the project: try --from {shipped.stem} first.")
    unused = [c for c in draft.columns if c not in draft.used]
    tail = ["", "# Not used: " + one_line(", ".join(unused), 600)] if unused else []
    if actors := [c for c in unused if re.search(ACTORS, _plain(c))]:
        tail.append(
            f"# {one_line(', '.join(actors), 200)}: their order does not say who attacked, so nothing is guessed."
        )
    return "\n".join([*head, *body, *tail]) + "\n"


def _likeliest(path: Path) -> tuple[Table, list[str]]:
    """The table with the most cells among a workbook's sheets and the first rows as names; what a map says of both."""
    sheets: list[int | str] = [*range(1, _MOST_SHEETS + 1)] if path.suffix.lower() == ".xlsx" else [""]
    headers = range(1, _MOST_HEADERS + 1) if path.exists() and path.stat().st_size <= _SMALL else [1]
    found: list[tuple[int, Table, list[str]]] = []
    faults: list[ImportFault] = []
    for sheet, header in product(sheets, headers):
        try:
            table = read_table(path, sheet=sheet, header=header)
        except ImportFault as fault:
            faults.append(fault)
            continue
        said = [f"sheet: {sheet}"] * (sheet not in ("", 1)) + [f"header: {header}"] * (header > 1)
        found.append((table.frame.shape[0] * (table.frame.shape[1] - 1), table, said))
    if not found:
        raise faults[0]
    _, table, said = max(found, key=lambda f: f[0])
    return table, said


def _plain(name: str) -> str:
    return re.sub(r"[^\w]+|_", " ", name)


class _Draft:
    """Guesses over a table; each column is used once."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self.columns = [str(c) for c in frame.columns]
        self.used: list[str] = []
        self._free = [c for c in self.columns if self._length(c) > _FREE]

    def lines(self, path: Path) -> Iterator[str]:
        """The map, line by line."""
        yield f"name: {quoted(one_line(path.stem, 80))}  # CHECK: what the dataset is called in the report"
        yield "# url: https://example.org/the-dataset"
        yield "# licence: One sentence on whether its rows may be passed on."
        yield from self._id(path)
        yield from self._date()
        for ours in ("country", "governorate"):
            yield from self._text(ours)
        yield from self._coordinates()
        yield from self._text("place")
        for ours, word in PEOPLE.items():
            yield from self._people(ours, word)
        for ours in ("attributed_to", "claimed_by", "target_category", "target_name", "attack_method"):
            yield from self._text(ours) if "category" not in ours and "method" not in ours else self._codes(ours)
        yield from self._summary()
        yield from self._sources()
        yield "leave_out: []  # rows that are no attacks: - {reason: a protest, when: {column: value}}"

    def _length(self, column: str) -> float:
        some = self.frame[column][self.frame[column] != ""]
        return float(some.str.len().mean()) if len(some) else 0.0

    def _take(self, column: str) -> str:
        self.used.append(column)
        return quoted(column)

    def _share(self, column: str, fits: Callable[[str], bool]) -> float:
        """Share of a column's filled cells that are of a kind."""
        some = [c for c in self.frame[column] if c]
        return sum(map(fits, some)) / len(some) if some else 0.0

    def _named(self, wanted: str, unwanted: str = "") -> list[str]:
        """Columns that are not used yet and whose name holds something, the likeliest first."""
        found = []
        for column in self.columns:
            plain = _plain(column)
            if column in self.used or (unwanted and re.search(unwanted, plain)):
                continue
            at = next((i for i, w in enumerate(wanted.split("|")) if re.search(rf"\b(?:{w})", plain)), None)
            if at is not None and (self.frame[column] != "").any():
                found.append((at, column))
        return [c for _, c in sorted(found, key=lambda f: f[0])]

    def _id(self, path: Path) -> Iterator[str]:
        prefix = re.sub(r"[^A-Z0-9]", "", path.stem.upper())[:8] or "ROW"
        for column in self._named(IDS):
            values = self.frame[column]
            if values.is_unique and (values != "").all() and not values.str.contains(" ").any():
                yield f"id: {{column: {self._take(column)}, prefix: {prefix}}}"
                return
        yield f"id: {{prefix: {prefix}}}  # CHECK: no column of ids was found; rows get the day and a number"

    def _date(self) -> Iterator[str]:
        ranked = self._named(r"date|day|when|time", r"end|publish|upload|report|access|update|source|discover")
        best = [(self._formats(c), c) for c in [*ranked, *(c for c in self.columns if c not in ranked)]]
        formats, column = next(((f, c) for f, c in best if f), ([], ""))
        parts = {p: next((c for c in self.columns if re.fullmatch(rf"i?{p}", c)), "") for p in ("year", "month", "day")}
        if formats:
            yield "date:"
            yield f"  column: {self._take(column)}"
            yield f"  formats: [{', '.join(map(quoted, formats))}]"
            yield from self._unsure(column, formats)
            yield "  # precision: {column: NAME, codes: {1: day, 2: week, 3: month}}"
        elif parts["year"] and parts["month"]:
            named = [f"{p}: {self._take(c)}" for p, c in parts.items() if c]
            yield f"date: {{{', '.join(named)}}}"
        else:
            yield "date: {column: CHECK, formats: [d/m/yyyy]}  # CHECK: no column of dates was found"

    def _formats(self, column: str) -> list[str]:
        """Formats that read most of a column's cells, the likeliest first; none where it holds no dates."""
        some = [c for c in self.frame[column] if c]
        if not some:
            return []
        read = {f: sum(not isinstance(d, str) for d, _ in days.read_days(some, [f]).values()) for f in FORMATS}
        if not re.search(r"date|day", _plain(column)):
            read["excel"] = 0
        distinct = len(set(some))
        ranked = sorted((f for f in FORMATS if read[f]), key=lambda f: -read[f])
        kept: list[str] = []
        for one in ranked:
            if not days.contradiction([*kept, one]) and read[one] >= (_ENOUGH if not kept else 0.02) * distinct:
                kept.append(one)
        return kept

    def _unsure(self, column: str, formats: Sequence[str]) -> Iterator[str]:
        """Whether day and month could change places."""
        for one in formats:
            other = {"d": "m", "m": "d"}.get(one[:1], "") + one[1:2] + {"d": "m", "m": "d"}.get(one[2:3], "") + one[3:]
            if other not in FORMATS or one[:1] not in "dm" or "month" in one:
                continue
            some = [c for c in self.frame[column] if c]
            only = {c for c, (d, _) in days.read_days(some, [one]).items() if not isinstance(d, str)}
            also = {c for c, (d, _) in days.read_days(some, [other]).items() if not isinstance(d, str)}
            if only <= also:
                yield f"  # CHECK: every date can be read both ways; it may as well be {other}"
            else:
                example = one_line(min(only - also), 20)
                yield f"  # {example} and {len(only - also) - 1} other cells can only be {one}"

    def _text(self, ours: str) -> Iterator[str]:
        wanted, unwanted = NAMES[ours]
        for column in self._named(wanted, unwanted):
            if column in self._free or (
                ours == "place" and self._share(column, lambda c: cells.pair(c) is not None) > _ENOUGH
            ):
                continue
            check = (
                "  # CHECK: does this column itself state it?"
                if ours in ("attributed_to", "target_name", "claimed_by")
                else ""
            )
            yield f"{ours}: {self._take(column)}{check}"
            return
        if ours == "attributed_to":
            yield "# attributed_to: a column that itself states who did it; leave it out where none does"

    def _coordinates(self) -> Iterator[str]:
        pairs = [(y, x) for y in self._named(r"lat|y\b") for x in self._named(r"lon|lng|x\b")]
        for y, x in pairs:
            for sign in (".", ","):
                both = [(a, b) for a, b in zip(self.frame[y], self.frame[x], strict=True) if a and b]
                if both and sum(cells.point(a, b, sign) is not None for a, b in both) > _ENOUGH * len(both):
                    yield f"coordinates: {{latitude: {self._take(y)}, longitude: {self._take(x)}}}"
                    if sign == ",":
                        yield 'decimal: ","'
                    yield "  # how exact? precision: {column: NAME, codes: {1: town}}, points: [1]"
                    return
        for column in self.columns:
            if column not in self.used and self._share(column, lambda c: cells.pair(c) is not None) > _ENOUGH:
                order = ", order: longitude first" if column == "geometry.coordinates" else ""
                yield f"coordinates: {{point: {self._take(column)}{order}}}  # CHECK: which comes first?"
                return

    def _people(self, ours: str, word: str) -> Iterator[str]:
        columns = [c for c in self.columns if re.search(word, _plain(c)) and c not in self.used]
        columns = [c for c in columns if self._share(c, lambda t: cells.people(t) is not None) > _ENOUGH]
        whole = [c for c in columns if not re.search(PARTS, _plain(c))] or columns
        low, high = (next((c for c in whole if re.search(end, _plain(c))), "") for end in (LEAST, MOST))
        best = next((c for c in whole if c not in (low, high) and re.search("best|total", _plain(c))), "")
        best = best or next((c for c in whole if c not in (low, high)), "")
        if low and high:
            named = [f"{k}: {self._take(c)}" for k, c in (("low", low), ("best", best), ("high", high)) if c]
            yield f"{ours}: {{{', '.join(named)}}}" + ("" if best else "  # the lowest is taken, the range is shown")
        elif best:
            unsure = (
                "" if len(whole) == 1 else f"  # CHECK: or {one_line(', '.join(c for c in whole if c != best), 120)}"
            )
            yield f"{ours}: {self._take(best)}{unsure}"

    def _codes(self, ours: str) -> Iterator[str]:
        """A column of few values, each to be mapped; a value is guessed only where it is a word of ours."""
        allowed = default_package().labels("incidents", ours)
        for column in self._named(*NAMES[ours]):
            counts = self.frame[column][self.frame[column] != ""].value_counts()
            if column in self._free or not 0 < len(counts) <= _MOST_CODES:
                continue
            named = self._take(column)
            yield f"{ours}:  # CHECK each: {', '.join(allowed)}"
            yield f"  column: {named}"
            yield "  codes:"
            for value, n in counts.items():
                guess = of_ours(str(value), allowed)
                yield f"    {quoted(str(value))}: {guess or 'other'}  # {n} rows; {'a guess' if guess else 'CHECK'}"
            yield f"original: {{{ours}: {named}}}" if ours == "attack_method" else f"# its values: {named}"
            return
        if ours == "attack_method":
            yield "# attack_method: {column: NAME, codes: {their value: rocket}}  # CHECK: none found"

    def _summary(self) -> Iterator[str]:
        texts = sorted((c for c in self._free if c not in self.used), key=self._length)
        if texts:
            column = texts[-1]
            self.used += texts
            yield f"summary: {quoted(column)}"
            yield f"free_text: [{', '.join(map(quoted, texts))}]  # words found there decide nothing alone"

    def _sources(self) -> Iterator[str]:
        links = [
            c for c in self.columns if c not in self.used and self._share(c, lambda t: t.startswith("http")) > _ENOUGH
        ]
        named = [
            c
            for c in self._named(r"source|reference|reported by|media", r"number|scale|date|id\b|code|headline")
            if c not in links
        ]
        columns = named[:1] or links[:1]
        if not columns:
            return
        parts = [f"column: {self._take(columns[0])}"]
        if self._share(columns[0], lambda t: ";" in t) > 0:
            parts.append('split: ";"')
        if named and links:
            parts.append(f"url: {self._take(links[0])}")
        yield f"sources: {{{', '.join(parts)}}}"
