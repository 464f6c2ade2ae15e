"""One cell: from text to a value, or to a sentence on what is wrong with it."""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable
from datetime import date
from typing import Any

import pandas as pd

from incident_report.data.package import Field
from incident_report.data.patterns import PLAIN, PatternError

Hint = Callable[[str, Iterable[str]], str]
_MOST_COMPARED = 20_000
_DATE = re.compile(r"[0-9]{4}-[0-9]{2}-[0-9]{2}")
_INTEGER = re.compile(r"-?[0-9]{1,15}")
_NUMBER = re.compile(r"[+-]?[0-9]{1,15}(\.[0-9]{1,30})?")


class CellError(Exception):
    """What is wrong with a cell; the text is the fault's message."""


def unknown(value: Any) -> bool:
    """Whether a value is one that nobody knows: None, NA, NaT or NaN.

    Examples
    --------
    >>> [unknown(v) for v in (None, pd.NA, pd.NaT, float("nan"), 0, "", ())]
    [True, True, True, True, False, False, False]
    """
    return value is None or value is pd.NA or bool(value != value)


def suggest(value: str, allowed: Iterable[str]) -> str:
    """``; did you mean 'rocket'?`` where something allowed is close to `value`, else nothing."""
    lowered = {a.lower(): a for a in sorted(allowed, reverse=True)}
    word = value.lower()[:80].replace(" ", "_")
    starts = [a for a in lowered if len(word) >= 3 and a.startswith(word)]
    near = starts[:1] or difflib.get_close_matches(word, lowered, n=1, cutoff=0.6)
    return f"; did you mean {lowered[near[0]]!r}?" if near else ""


class Hints:
    """`suggest` for the first faults of a kind, which are those that are printed; for thousands it takes too long."""

    def __init__(self, most: int = 50) -> None:
        self._left = most

    def __call__(self, value: str, allowed: Iterable[str]) -> str:
        """As `suggest`, or nothing."""
        allowed = list(allowed) if self._left else []
        self._left -= 1 if self._left else 0
        return suggest(value, allowed) if len(allowed) <= _MOST_COMPARED else ""


def one_of(values: Iterable[str]) -> str:
    """``one of a, b, c`` for a message."""
    values = list(values)
    return f"one of {', '.join(values)}" if len(values) > 1 else "".join(values)


def parse(field: Field, text: str, hint: Hint = suggest) -> Any:
    """The value of a cell.

    Parameters
    ----------
    field : Field
    text : str
    hint : callable
        Gives the ``; did you mean`` of a message.

    Returns
    -------
    str, int, float, bool, date, tuple of str, or None
        None is an empty cell that is not text; an empty list is ``()``.

    Raises
    ------
    CellError
    """
    text = field.filled(text)
    if not text:
        if field.required:
            raise CellError("is empty; a value is needed here")
        return {"string": "", "list": (), "boolean": False}.get(field.type)
    return _PARSERS[field.type](field, text, hint)


def _string(field: Field, text: str, hint: Hint) -> str:
    if field.categories and text not in field.allowed:
        raise CellError(f"must be {one_of(c.value for c in field.categories)}{hint(text, field.allowed)}")
    try:
        if field.pattern and not field.pattern.fullmatch(text):
            wanted = field.pattern.pattern
            raise CellError(PLAIN.get(wanted, f"must match {wanted}"))
    except PatternError as error:
        raise CellError(str(error)) from None
    return text


def _integer(field: Field, text: str, hint: Hint) -> int:
    if not _INTEGER.fullmatch(text):
        raise CellError(f"must be a whole number in digits{_bounds(field)}, or empty if unknown")
    return int(_in_bounds(field, int(text)))


def _number(field: Field, text: str, hint: Hint) -> float:
    if not _NUMBER.fullmatch(text):
        raise CellError(f"must be a number with a decimal point{_bounds(field)}, or empty if unknown")
    return float(_in_bounds(field, float(text)))


def _bounds(field: Field) -> str:
    low, high = field.minimum, field.maximum
    if low is not None and high is not None:
        return f" from {low} to {high}"
    return f", {low} or more" if low is not None else (f", at most {high}" if high is not None else "")


def _in_bounds(field: Field, value: float) -> float:
    low, high = field.minimum, field.maximum
    if (low is not None and value < float(low)) or (high is not None and value > float(high)):
        raise CellError(f"must be{_bounds(field).removeprefix(',')}")
    return value


def _date(field: Field, text: str, hint: Hint) -> date:
    if not _DATE.fullmatch(text):
        raise CellError("must be a day written YYYY-MM-DD, such as 2020-09-28")
    try:
        day = date.fromisoformat(text)
    except ValueError:
        raise CellError("is not a day of the calendar; write YYYY-MM-DD, such as 2020-09-28") from None
    if (field.minimum and text < str(field.minimum)) or (field.maximum and text > str(field.maximum)):
        raise CellError(f"must lie between {field.minimum} and {field.maximum}")
    return day


def _boolean(field: Field, text: str, hint: Hint) -> bool:
    if text in field.true_values:
        return True
    if text in field.false_values:
        return False
    allowed = [*field.true_values, *field.false_values]
    raise CellError(f"must be {one_of(allowed)}{hint(text, allowed)}")


def _list(field: Field, text: str, hint: Hint) -> tuple[str, ...]:
    items = tuple(item.strip() for item in text.split(field.delimiter))
    if not all(items):
        raise CellError(f"has an empty item; separate items by one {field.delimiter!r}, none at the end")
    if len(set(items)) < len(items):
        raise CellError("names the same item twice")
    for item in items:
        if not field.categories or item in field.allowed:
            continue
        near = hint(item, field.allowed)
        # In an open list a near miss is a slip of the pen, anything else is a new word.
        if near or not field.open_vocabulary:
            raise CellError(f"{item!r} must be {one_of(c.value for c in field.categories)}{near}")
    return items


_PARSERS: dict[str, Any] = {
    "string": _string,
    "integer": _integer,
    "number": _number,
    "date": _date,
    "boolean": _boolean,
    "list": _list,
}
