"""Names that a caller gives: what does not exist is refused, with the parameter's name and what there is."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from typing import TypeVar

from incident_report.card import listed
from incident_report.data.cells import suggest
from incident_report.periods import Period

T = TypeVar("T")


def known(parameter: str, value: object, allowed: Iterable[str]) -> str:
    """The value, if it is one of those allowed.

    Raises
    ------
    ValueError
        In one line: the parameter, what was given, the nearest and all names that there are.

    Examples
    --------
    >>> known("series", "rocket", ["rocket_drone", "all"])
    Traceback (most recent call last):
    ...
    ValueError: series is 'rocket', which does not exist; did you mean 'rocket_drone'? There are rocket_drone, all
    """
    there = list(dict.fromkeys(map(str, allowed)))
    text = str(value)
    if text in there:
        return text
    near = suggest(text, there).removesuffix("?")
    hint = f"{near}? There are" if near else "; there are"
    raise ValueError(
        f"{parameter} is {text!r}, which does not exist{hint} {listed(there, 40 if len(there) <= 40 else 8) or 'none'}"
    )


class Named(dict[str, T]):
    """Values by name; asked for another, it raises the ValueError of `known`.

    Examples
    --------
    >>> Named("by", {"day": 1, "week": 7})["wek"]
    Traceback (most recent call last):
    ...
    ValueError: by is 'wek', which does not exist; did you mean 'week'? There are day, week
    """

    def __init__(self, parameter: str, values: Mapping[str, T]) -> None:
        super().__init__(values)
        self.parameter = parameter

    def __missing__(self, name: object) -> T:
        return self[known(self.parameter, name, self)]


def is_number(value: object) -> bool:
    """Whether a value is a plain number; True and False are none.

    Examples
    --------
    >>> is_number(0.5), is_number(True), is_number("1")
    (True, False, False)
    """
    return isinstance(value, int | float) and not isinstance(value, bool)


def quarter_of(parameter: str, value: object, there: Iterable[str] = ()) -> Period:
    """A quarter, or text such as ``2020Q3``.

    Raises
    ------
    ValueError
        If it is neither, with the parameter's name and those that there are.
    """
    if isinstance(value, Period):
        return value
    try:
        return Period.parse(value)  # type: ignore[arg-type]
    except ValueError as error:
        known_ones = listed([*there], 40)
        raise ValueError(f"{parameter}: {error}{f'; there are {known_ones}' if known_ones else ''}") from None


def day_of(parameter: str, value: object) -> date:
    """A day, or text such as ``2020-06-30``.

    Raises
    ------
    ValueError
        If it is neither, with the parameter's name.
    """
    if isinstance(value, date):
        return date(value.year, value.month, value.day)
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        raise ValueError(f"{parameter} is {value!r}; write a day as year-month-day, like 2020-06-30") from None
