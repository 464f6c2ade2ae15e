"""Days of foreign tables: written in formats that a map declares, or in columns of year, month and day."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cache
from typing import NamedTuple

FIRST_YEAR, LAST_YEAR = 1900, 2199  # what the schema takes for a date
_TOKENS = {
    "yyyy": "(?P<year>[0-9]{4})",
    "yy": "(?P<short>[0-9]{2})",
    "month": r"(?P<name>[^\W\d_]{3,12})\.?",
    "mm": "(?P<month>[0-9]{1,2})",
    "m": "(?P<month>[0-9]{1,2})",
    "dd": "(?P<day>[0-9]{1,2})",
    "d": "(?P<day>[0-9]{1,2})",
}
_TOKEN = re.compile("yyyy|month|yy|mm|dd|[md]|[a-z]+", re.IGNORECASE)
_CLOCK = r"[T ]+[0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:[.,][0-9]+)?)?\s*(?:[ap]m)?"
_TIME = re.compile(_CLOCK + r"\s*(?:Z|UTC|[+-][0-9]{2}:?[0-9]{2})?$", re.IGNORECASE)
_MONTHS = ["january", "february", "march", "april", "may", "june", "july", "august", "september", "october",
           "november", "december"]  # fmt: skip
_PIVOT = 70  # 69 is 2069, 70 is 1970
_EXCEL, _ZERO = "excel", date(1899, 12, 30)
ISO = "yyyy-mm-dd"


class Day(NamedTuple):
    """A day and how well it is known: ``day`` or ``month``."""

    day: date
    precision: str


@dataclass(frozen=True)
class Format:
    """A declared way of writing dates."""

    text: str
    pattern: re.Pattern[str] | None  # None: a spreadsheet's running number
    order: tuple[str, ...]

    def read(self, cell: str) -> Day | str | None:
        """The day; a reason why the cell, which is of this format, is none; None where it is of another."""
        if self.pattern is None:
            found = re.fullmatch(r"([0-9]{4,6})(?:\.[0-9]+)?", cell)
            return Day(_ZERO + timedelta(days=int(found[1])), "day") if found else None
        match = self.pattern.fullmatch(cell)
        if match is None:
            return None
        parts = match.groupdict()
        if "short" in parts:
            year = int(parts["short"]) + (2000 if int(parts["short"]) < _PIVOT else 1900)
        else:
            year = int(parts["year"])
        month = int(parts["month"]) if "month" in parts else _named(parts.get("name", ""))
        if month is None:
            return None
        return made(year, month, int(parts["day"]) if "day" in parts else 0)


def made(year: int, month: int, day: int) -> Day | str:
    """A day from numbers; day 0 is unknown, and so is month 0."""
    if month == 0:
        return "the month is unknown (0), so no quarter can be given"
    try:
        return Day(date(year, month, day or 1), "day" if day else "month")
    except ValueError:
        return f"{year}-{month}-{day} is no day of the calendar"


@cache
def format_of(text: str) -> Format:
    """A format from its words.

    Parameters
    ----------
    text : str
        ``yyyy``, ``yy``, ``m`` or ``mm``, ``d`` or ``dd``, ``month`` (an English name, long or short) and the signs
        between them; ``iso`` is ``yyyy-mm-dd``; ``excel`` is a spreadsheet's running number of days.

    Raises
    ------
    ValueError
        In words that follow the key's name.
    """
    plain = " ".join(text.split()).casefold()
    if plain == _EXCEL:
        return Format(_EXCEL, None, ())
    plain = ISO if plain == "iso" else plain
    order: list[str] = []
    pattern, at = "", 0
    for token in _TOKEN.finditer(plain):
        word = token[0]
        if word not in _TOKENS:
            raise ValueError(f"is made of yyyy, yy, m, d, month and signs between them; {word!r} is none of them")
        pattern += re.escape(plain[at : token.start()]) + _TOKENS[word]
        at = token.end()
        order.append("m" if word == "month" else word[0])
    if sorted(order) not in (["d", "m", "y"], ["m", "y"]):
        raise ValueError("must name the year once, the month once and at most one day, such as d/m/yyyy or month yyyy")
    return Format(plain, re.compile(pattern + re.escape(plain[at:]), re.IGNORECASE), tuple(order))


def contradiction(formats: Sequence[str]) -> str:
    """Two formats by which one cell would be two days, in words; nothing where there are none."""
    bare: dict[str, Format] = {}
    for text in formats:
        one = format_of(text)
        if one.pattern is None or "month" in one.text:
            continue
        shape = re.sub("yyyy|yy|m+|d+", lambda t: "y" if t[0] == "yyyy" else "n", one.text)
        other = bare.setdefault(shape, one)
        if other.order != one.order:
            return f"{other.text} and {one.text} cannot both hold: 3/4/2020 would be two days; keep one"
    return ""


def read_days(cells: Iterable[str], formats: Sequence[str]) -> dict[str, tuple[Day | str, str]]:
    """Every distinct cell as a day, or the reason why it is none, with the format that it is written in.

    A time of day behind the date is passed over. ISO's form is read besides those declared, since it is one day
    alone: it is what a workbook gives for a real date, however that looks on the screen.
    """
    wanted = [format_of(f) for f in formats]
    if ISO not in [f.text for f in wanted] and not contradiction([*formats, ISO]):
        wanted.append(format_of(ISO))
    found: dict[str, tuple[Day | str, str]] = {}
    for cell in cells:
        if cell not in found:
            found[cell] = _read(cell, wanted)
    return found


def _read(cell: str, formats: Sequence[Format]) -> tuple[Day | str, str]:
    if not cell:
        return "there is no date", ""
    bare = cell
    if ":" in cell and (time := _TIME.search(cell)):
        bare = cell[: time.start()]
    for one in formats:
        made_of = one.read(bare)
        if made_of is not None:
            return in_years(made_of), one.text
    return f"{cell[:40]!r} is no date of the form {' or '.join(f.text for f in formats)}", ""


def in_years(day: Day | str) -> Day | str:
    """A day, or why it is none that the schema takes."""
    if isinstance(day, str) or FIRST_YEAR <= day.day.year <= LAST_YEAR:
        return day
    return f"{day.day} is no day between {FIRST_YEAR} and {LAST_YEAR}"


def days_in_words(text: str) -> str:
    """How exact a range in words is: ``day`` where there is none, ``week`` for at most seven days of a month."""
    if not text:
        return "day"
    days = [int(d) for d in re.findall(r"\b([0-9]{1,2})(?:st|nd|rd|th)?\b", text) if int(d) <= 31]
    months = {m.casefold() for m in re.findall(r"(?i)\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", text)}
    close = len(days) >= 2 and max(days) - min(days) <= 7 and len(months) == 1
    return "week" if close else "month"


def _named(name: str) -> int | None:
    """Number of a month by its English name, or by three letters or more of it."""
    name = name.casefold()
    return next((i for i, month in enumerate(_MONTHS, 1) if month.startswith(name)), None)
