"""Conditions over incident rows, written in YAML and read without ever evaluating code.

A condition is one of

- ``everything`` or ``nothing``;
- a mapping of column to test, all of which must hold: ``{attack_method: [rocket, drone], killed: {at_least: 1}}``;
- ``{all: [conditions]}``, ``{any: [conditions]}`` or ``{not: condition}``.

A test is a value or a list of values (the column equals one of them; a list column holds one of
them) or a mapping with exactly one of ``in``, ``contains`` (part of the text, capitals ignored),
``has`` (list columns), ``known`` (true or false), ``at_least``, ``at_most`` or both of the last two, for
numbers and days (``2020-07-01``). ``otherwise: unknown`` beside it turns a *no* into *unknown*, for
columns whose silence or vagueness says nothing.
The name ``series`` stands for membership in the campaign's series, ``search`` for words: each of them must be
part of any of the texts in `SEARCHED`, capitals ignored.

The answer is yes, no or unknown (Kleene's three-valued logic): a row whose field is empty is unknown,
not a no. Where a list of values holds null, an empty field is a yes.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import reduce
from operator import and_, or_
from typing import Any

import pandas as pd

from incident_report.data.cell_tests import (
    DAY_COLUMNS,
    RANGE,
    answer,
    listed_values,
    member,
    searched,
    texts,
    unfit,
    words_of,
)
from incident_report.data.model import Series

Condition = str | Mapping[str, Any]
Test = Callable[[pd.Series, str, Any], pd.Series]
Place = tuple[str | int, ...]
TESTS = ("in", "contains", "has", "at_least", "at_most", "known")
LIST_COLUMNS = ("techniques", "sources")
NUMBER_COLUMNS = ("munition_count", "killed", "wounded", "us_killed", "us_wounded", "latitude", "longitude")
_NO_ENUMS: Mapping[str, Sequence[str]] = {}
GROUPS = ("all", "any", "not")
_JOINED = {"all": and_, "any": or_}


def matches(
    frame: pd.DataFrame, condition: Condition, series: Sequence[Series] = (), *, test: Test | None = None
) -> pd.Series:
    """Which rows fulfil a condition.

    Parameters
    ----------
    frame : DataFrame
        Incidents as in `data.model.Dataset`.
    condition : mapping or str
    series : sequence of Series
        Needed where the condition names ``series``.
    test : callable, optional
        From a column, its name and what stands for it to the answer, for tables that are not ours.

    Returns
    -------
    Series of dtype ``boolean``, same index; NA is unknown.

    Raises
    ------
    ValueError
        For a condition that `problems` would name.
    KeyError
        For a column that the frame does not have.
    """
    if condition in ("everything", "nothing"):
        return _constant(frame, condition == "everything")
    if not isinstance(condition, Mapping):
        raise ValueError(f"not a condition: {condition!r}")
    result = _constant(frame, True)
    for name, part in condition.items():
        if name in GROUPS:
            answers = [matches(frame, inner, series, test=test) for inner in subconditions(name, part)]
            found = ~answers[0] if name == "not" else reduce(_JOINED[name], answers)
        elif test is not None:
            found = test(frame[name], name, part)
        elif name == "series":
            found = member(frame, listed_values(part), series)
        elif name == "search":
            found = searched(frame, words_of(part))
        else:
            found = answer(frame[name], name, *read_test(name, part))
        result = result & found
    return result


def problems(
    condition: object,
    columns: Sequence[str],
    *,
    series_ids: Sequence[str] = (),
    enums: Mapping[str, Sequence[str]] = _NO_ENUMS,
    numbers: Sequence[str] = NUMBER_COLUMNS,
) -> Iterator[str]:
    """What is wrong with a condition, one plain line each; nothing for a sound one.

    Parameters
    ----------
    columns : sequence of str
        Columns that incidents have.
    series_ids : sequence of str
        Series of the campaign.
    enums : mapping of column -> allowed values, optional
        Values outside it are named.
    numbers : sequence of str, optional
        Columns that hold numbers; others may be added that code computes.
    """
    for at, kind, part in parts(condition):
        name: Any = at[-1] if at else ""
        if kind != "test":
            yield _BROKEN[kind].format(name, part)
        elif name == "series":
            yield from _no_series(listed_values(part), series_ids)
        elif name == "search":
            if not isinstance(part, str) or not words_of(part):
                yield "search needs a text with at least one word"
        elif name not in columns:
            yield f"incidents have no column {name!r}"
        else:
            yield from _test_problems(str(name), part, enums.get(str(name)), numbers)


_BROKEN = {
    "none": "{1!r} is not a condition; write 'everything', 'nothing' or a mapping of column to test",
    "group": "'{0}' needs a list of conditions",
}


def parts(condition: Any, at: Place = ()) -> Iterator[tuple[Place, str, Any]]:
    """What leads to a part, its kind and the part: ``test``, or ``group`` without a list, or ``none``: no condition.

    >>> list(parts({"any": [{"place": "Mosul"}, 7], "all": []}))
    [(('any', 0, 'place'), 'test', 'Mosul'), (('any', 1), 'none', 7), (('all',), 'group', [])]
    """
    if condition in ("everything", "nothing"):
        return
    if not isinstance(condition, Mapping) or not condition:
        yield at, "none", condition
        return
    for name, part in condition.items():
        here = (*at, name)
        if name not in GROUPS:
            yield here, "test", part
        elif name == "not":
            yield from parts(part, here)
        elif inner := subconditions(name, part):
            for i, one in enumerate(inner):
                yield from parts(one, (*here, i))
        else:
            yield here, "group", part


def _no_series(wanted: Sequence[Any], there: Sequence[str]) -> Iterator[str]:
    listed = ", ".join(there) or "none"
    yield from (f"there is no series {value!r}; there are {listed}" for value in wanted if value not in there)


def subconditions(name: str, part: Any) -> list[Any]:
    """The conditions that ``not``, ``all`` or ``any`` holds; none where it should hold a list and does not."""
    return [part] if name == "not" else part if isinstance(part, list) else []


def implied(condition: Condition, where: Mapping[str, Sequence[str]]) -> bool | None:
    """Whether membership of a series settles a condition: True always, False never, None depends.

    Parameters
    ----------
    where : mapping of column -> allowed values
        As in `data.model.Series`.
    """
    if isinstance(condition, str):
        return condition == "everything"
    answers = [_implied_part(name, part, where) for name, part in condition.items()]
    return _kleene(answers, every=True)


def _kleene(answers: Sequence[bool | None], *, every: bool) -> bool | None:
    if (not every) in answers:
        return not every
    return None if None in answers else every


def _implied_part(name: str, part: Any, where: Mapping[str, Sequence[str]]) -> bool | None:
    if name in GROUPS:
        answer = _kleene([implied(p, where) for p in subconditions(name, part)], every=name != "any")
        return (not answer) if name == "not" and answer is not None else answer
    if name not in where:  # series, search, and columns that the series says nothing of
        return None
    kind, value, unknown = read_test(name, part)
    if kind != "in" or unknown:
        return None
    allowed = texts(value)
    inside = {str(v) in allowed for v in where[name]}
    return inside.pop() if len(inside) == 1 else None


def _constant(frame: pd.DataFrame, value: bool) -> pd.Series:
    return pd.Series(value, index=frame.index, dtype="boolean")


def read_test(name: str, part: Any) -> tuple[str, Any, bool]:
    """Kind of test, its value, and whether a no is an unknown."""
    if part is None:
        raise ValueError(f"{name}: has no value; [null] takes rows where it is empty")
    if not isinstance(part, Mapping):
        return ("has" if name in LIST_COLUMNS else "in"), listed_values(part), False
    unknown = part.get("otherwise") == "unknown"
    kinds = [k for k in part if k != "otherwise"]
    if set(kinds) == RANGE:
        return "between", (part["at_least"], part["at_most"]), unknown
    if len(kinds) != 1 or kinds[0] not in TESTS:
        raise ValueError(f"{name}: a test needs exactly one of {', '.join(TESTS)}, or both at_least and at_most")
    return kinds[0], part[kinds[0]], unknown


def _test_problems(name: str, part: Any, allowed: Sequence[str] | None, numbers: Sequence[str]) -> Iterator[str]:
    try:
        kind, value, _ = read_test(name, part)
    except ValueError as error:
        yield str(error)
        return
    if isinstance(part, Mapping) and part.get("otherwise", "unknown") != "unknown":
        yield f"{name}: 'otherwise' can only be unknown"
    if wrong := _unfit(kind, value, name, numbers):
        yield f"{name}: {wrong}"
    elif allowed and kind in ("in", "has"):
        for one in listed_values(value):
            if str(one) not in allowed and one is not None:
                yield f"{name}: {one!r} is not one of {', '.join(allowed)}"


def _unfit(kind: str, value: Any, name: str, numbers: Sequence[str]) -> str:
    """Why a kind of test cannot have this value, or be put to this column."""
    if kind in (*RANGE, "between"):
        if name in DAY_COLUMNS:
            return "" if all(map(_is_day, listed_values(value))) else f"{kind} needs a day such as 2020-07-01"
        sound = name in numbers and not unfit(kind, value)
        return "" if sound else f"{kind} needs a number and a number column, or a day and a column of days"
    if kind != "known" and (kind == "has") != (name in LIST_COLUMNS):
        return f"use 'has' for list columns ({', '.join(LIST_COLUMNS)}) and only for them"
    return unfit(kind, value)


def _is_day(value: Any) -> bool:
    """Whether a limit is a day; YAML gives a date, JSON and Python text."""
    try:
        return isinstance(value, date) or date.fromisoformat(value) is not None
    except (TypeError, ValueError):
        return False
