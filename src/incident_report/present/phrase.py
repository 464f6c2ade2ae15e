"""The one place where a count, a date or a probability becomes words."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date

_SMALL = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine")
_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|<>$~^@&\"'=:])")
_MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip


def escape(text: object) -> str:
    """Text from data, made safe and literal inside Markdown prose."""
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))


def number(value: float | int, digits: int = 0) -> str:
    """A number in digits with thousands separated by a comma: ``5,200`` or ``1.25``."""
    return f"{value:,.{digits}f}"


def count(value: int, singular: str, plural: str) -> str:
    """``no attacks``, ``one attack``, ``27 attacks``."""
    word = _SMALL[value] if 0 <= value < len(_SMALL) else number(value)
    return f"{word} {singular if value == 1 else plural}"


def join(items: Sequence[str], last: str = "and") -> str:
    """``a``, ``a and b``, ``a, b and c``; empty for none."""
    items = list(items)
    if len(items) < 2:
        return "".join(items)
    return f"{', '.join(items[:-1])} {last} {items[-1]}"


def day(value: date, year: bool = True) -> str:
    """``22 July 2020`` or ``22 July``."""
    text = f"{value.day} {_MONTHS[value.month - 1]}"
    return f"{text} {value.year}" if year else text


def span(start: date, end: date) -> str:
    """``1 July to 25 September 2020``, with the first year only where it differs."""
    return f"{day(start, start.year != end.year)} to {day(end)}"


def interval(low: float, high: float, digits: int = 1, level: int = 95) -> str:
    """``95% interval 17.8 to 39.3``; an unbounded end reads ``no upper limit``."""
    top = "no upper limit" if high == float("inf") else number(high, digits)
    return f"{level}% interval {number(low, digits)} to {top}"


def share(part: int, whole: int) -> str:
    """``12 of 27 (44%)``; no percentage on a base below ten, ``none of 0`` never appears."""
    if whole == 0:
        return "none recorded"
    percent = f" ({100 * part / whole:.0f}%)" if whole >= 10 else ""
    return f"{part} of {whole}{percent}"


def p_value(p: float) -> str:
    """``p = 0.013`` or ``p < 0.001``."""
    return "p < 0.001" if p < 0.001 else f"p = {p:.3f}" if p < 0.1 else f"p = {p:.2f}"


def sentence(parts: Iterable[str]) -> str:
    """Join non-empty parts with spaces and capitalise the first letter."""
    text = " ".join(p.strip() for p in parts if p and p.strip())
    return text[:1].upper() + text[1:]


def likelihood(p: float) -> str:
    """ICD 203's word for a probability (Office of the DNI, ICD 203, 2015, table in section D.6.e.2).

    Raises
    ------
    ValueError
        Outside 0..1.

    Notes
    -----
    The bands stop at 1 % and 99 %: nothing is called impossible or certain, so values beyond take
    the outermost word. A value on a boundary takes the band nearer to even chance.
    """
    if not 0 <= p <= 1:
        raise ValueError(f"not a probability: {p}")
    for upper, word in ((0.05, "almost no chance"), (0.20, "very unlikely"), (0.45, "unlikely")):
        if p < upper:
            return word
    for upper, word in (
        (0.55, "roughly even chance"),
        (0.80, "likely"),
        (0.95, "very likely"),
    ):
        if p <= upper:
            return word
    return "almost certain"
