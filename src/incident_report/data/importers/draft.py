"""A map for an unknown table, to be edited: guesses from names of columns and from cells, and what is unsure of them.

Who attacked whom is never guessed from the order of two actors: a column is proposed for it only if its name says so.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
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
    swapped,
)
from incident_report.data.importers.mapfile import read_map
from incident_report.data.importers.table import LINE, ImportFault, Table, read_table
from incident_report.data.package import default_package
from incident_report.errors import one_line

_ENOUGH = 0.8  # share of cells that must be of a kind
_SOME = 0.02  # and of a further kind beside the first
_FREE = 60  # signs on average from which a column is taken for free text
_MOST_CODES = 40
_LOOKED_AT = 5_000
_MOST_SHEETS, _MOST_HEADERS = 8, 4  # that are tried
_STATED = ("attributed_to", "target_name", "claimed_by")
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
    unused = draft.unused()
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


def _first(columns: Sequence[str], pattern: str) -> str:
    """The first column whose name has a pattern, or nothing."""
    return next((c for c in columns if re.search(pattern, _plain(c))), "")


def _but(columns: Sequence[str], *others: str) -> list[str]:
    return [c for c in columns if c not in others]


def _readable(some: Sequence[str], form: str) -> set[str]:
    """Cells that are dates by a format."""
    return {c for c, (day, _) in days.read_days(some, [form]).items() if not isinstance(day, str)}


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

    def unused(self) -> list[str]:
        """Columns that no line took yet."""
        return _but(self.columns, *self.used)

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
        for column in [*ranked, *_but(self.columns, *ranked)]:
            if formats := self._formats(column):
                yield "date:"
                yield f"  column: {self._take(column)}"
                yield f"  formats: [{', '.join(map(quoted, formats))}]"
                yield from self._unsure(column, formats)
                yield "  # precision: {column: NAME, codes: {1: day, 2: week, 3: month}}"
                return
        parts = {p: _first(self.columns, rf"^i?{p}$") for p in ("year", "month", "day")}
        if parts["year"] and parts["month"]:
            yield f"date: {{{self._keys(parts)}}}"
        else:
            yield "date: {column: CHECK, formats: [d/m/yyyy]}  # CHECK: no column of dates was found"

    def _keys(self, columns: Mapping[str, str]) -> str:
        """Keys of a map with the columns that were found for them."""
        return ", ".join(f"{name}: {self._take(column)}" for name, column in columns.items() if column)

    def _formats(self, column: str) -> list[str]:
        """Formats that read most of a column's cells, the likeliest first; none where it holds no dates."""
        some = [c for c in self.frame[column] if c]
        read = {f: len(_readable(some, f)) for f in FORMATS}
        if not re.search(r"date|day", _plain(column)):
            read["excel"] = 0
        kept: list[str] = []
        for one in sorted(FORMATS, key=lambda f: -read[f]):
            enough = (_SOME if kept else _ENOUGH) * len(set(some))
            if read[one] >= enough > 0 and not days.contradiction([*kept, one]):
                kept.append(one)
        return kept

    def _unsure(self, column: str, formats: Sequence[str]) -> Iterator[str]:
        """Whether day and month could change places."""
        some = [c for c in self.frame[column] if c]
        for one in formats:
            other = swapped(one)
            if not other:
                continue
            only, also = _readable(some, one), _readable(some, other)
            if only <= also:
                yield f"  # CHECK: every date can be read both ways; it may as well be {other}"
            else:
                example = one_line(min(only - also), 20)
                yield f"  # {example} and {len(only - also) - 1} other cells can only be {one}"

    def _text(self, ours: str) -> Iterator[str]:
        wanted, unwanted = NAMES[ours]
        check = "  # CHECK: does this column itself state it?" if ours in _STATED else ""
        for column in self._named(wanted, unwanted):
            if column not in self._free and not (ours == "place" and self._are_points(column)):
                yield f"{ours}: {self._take(column)}{check}"
                return
        if ours == "attributed_to":
            yield "# attributed_to: a column that itself states who did it; leave it out where none does"

    def _are_points(self, column: str) -> bool:
        """Whether both coordinates stand in a column."""
        return self._share(column, lambda c: cells.pair(c) is not None) > _ENOUGH

    def _coordinates(self) -> Iterator[str]:
        for y, x, sign in product(self._named(r"lat|y\b"), self._named(r"lon|lng|x\b"), (".", ",")):
            if self._place(y, x, sign):
                yield f"coordinates: {{{self._keys({'latitude': y, 'longitude': x})}}}"
                if sign == ",":
                    yield 'decimal: ","'
                yield "  # how exact? precision: {column: NAME, codes: {1: town}}, points: [1]"
                return
        if column := next(filter(self._are_points, self.unused()), ""):
            order = ", order: longitude first" if column == "geometry.coordinates" else ""
            yield f"coordinates: {{point: {self._take(column)}{order}}}  # CHECK: which comes first?"

    def _place(self, y: str, x: str, sign: str) -> bool:
        """Whether most rows that have both are points on Earth."""
        both = [(a, b) for a, b in zip(self.frame[y], self.frame[x], strict=True) if a and b]
        placed = sum(cells.point(a, b, sign) is not None for a, b in both)
        return bool(both) and placed > _ENOUGH * len(both)

    def _people(self, ours: str, word: str) -> Iterator[str]:
        whole = self._numbers_of_people(word)
        low, high = _first(whole, LEAST), _first(whole, MOST)
        middle = _but(whole, low, high)
        best = _first(middle, "best|total") or _first(middle, "")
        if low and high:
            named = self._keys({"low": low, "best": best, "high": high})
            yield f"{ours}: {{{named}}}" + ("" if best else "  # the lowest is taken, the range is shown")
        elif best:
            others = one_line(", ".join(_but(whole, best)), 120)
            yield f"{ours}: {self._take(best)}" + (f"  # CHECK: or {others}" if others else "")

    def _numbers_of_people(self, word: str) -> list[str]:
        """Columns of numbers that a word names; those of parts, such as children, only where no others are."""
        named = [c for c in self.unused() if re.search(word, _plain(c))]
        counts = [c for c in named if self._share(c, lambda t: cells.people(t) is not None) > _ENOUGH]
        return [c for c in counts if not re.search(PARTS, _plain(c))] or counts

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
        links = [c for c in self.unused() if self._share(c, lambda t: t.startswith("http")) > _ENOUGH]
        named = self._named(r"source|reference|reported by|media", r"number|scale|date|id\b|code|headline")
        named = [c for c in named if c not in links]
        if not named and not links:
            return
        column = [*named, *links][0]
        parts = [f"column: {self._take(column)}"]
        if self.frame[column].str.contains(";", regex=False).any():
            parts.append('split: ";"')
        if named and links:
            parts.append(f"url: {self._take(links[0])}")
        yield f"sources: {{{', '.join(parts)}}}"
