"""The facts as a table: every name that prose, story and conditions can read, with its value and verdict now."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.expressions import is_known
from incident_report.analysis.facts import own_fact
from incident_report.analysis.remember import kept_property
from incident_report.analysis.result import Result, verdict_id

_Seen = dict[int, tuple[str, Any]]  # by identity: where an object stood first, and the object, so that it stays
TABLES = (pd.DataFrame, pd.Series, pd.Index)
# What a verdict survives, and models of the rate: seconds in all.
SLOW = ("robust", "found", "fragile", "survives", "flips", "holds_for", "within", "levels", "examined")
COLUMNS = ("name", "value", "verdict", "known")


def facts(ed: Edition, name: str = "", *, depth: int = 2, without: Collection[str] = ()) -> pd.DataFrame:
    """Every fact and what hangs on it, with its current value and verdict.

    Parameters
    ----------
    ed : Edition
    name : str
        Only this fact (and what hangs on it); empty takes all.
    depth : int
        How many attributes deep: 0 gives the facts alone, 2 reaches ``rockets.tally.now``.
    without : collection of str
        Attributes to leave out, such as those that take long (`SLOW`).

    Returns
    -------
    DataFrame
        `name` as an expression writes it, `value` as text (empty where it is an object whose parts follow, the
        first name where one object has two), `verdict`, and whether it is `known`. A fact that cannot be
        made says why as its value.

    Raises
    ------
    ValueError
        If there is no such fact; the message names what is near.

    Examples
    --------
    >>> facts(ed, "rockets")  # doctest: +SKIP
    """
    if name and name not in ed.facts:
        raise ValueError(f"name is {name!r}: " + str(_missing(ed, name)))
    seen: _Seen = {}
    rows = [
        row
        for one in ([name] if name else ed.facts)
        for row in _walk(one, _asked(ed.facts.__getitem__, one), depth, seen, without)
    ]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _missing(ed: Edition, name: str) -> str:
    try:
        return str(ed.facts[name])
    except KeyError as error:
        return str(error.args[0])


def _walk(
    path: str, value: Any, depth: int, seen: _Seen, without: Collection[str]
) -> Iterator[tuple[str, str, str, bool]]:
    verdict, own = _verdict(value), _has_parts(value)
    first = seen.setdefault(id(value), (path, value))[0] if own else path
    if first != path:
        yield path, f"= {first}", verdict, _is_there(value)
        return
    parts = _parts(value, [*without, "verdict"] if verdict else without) if depth > 0 else []
    shown = "" if own else text_of(value)
    if shown or verdict or not parts:
        yield path, shown, verdict, _is_there(value)
    for name, part in parts:
        yield from _walk(f"{path}.{name}", part, depth - 1, seen, without)


def _has_parts(value: Any) -> bool:
    return own_fact(value) and not isinstance(value, Result)


def _is_there(value: Any) -> bool:
    return isinstance(value, TABLES) or (not isinstance(value, Exception) and is_known(value))


def _parts(value: Any, without: Collection[str]) -> list[tuple[str, Any]]:
    """Public attributes of our own objects: fields first, then what they compute."""
    if not _has_parts(value):
        return []
    kinds = type(value).__mro__
    computed = [n for k in kinds for n, v in vars(k).items() if isinstance(v, (property, kept_property))]
    names = dict.fromkeys([*vars(value), *computed])
    return [(n, _asked(getattr, value, n)) for n in names if not n.startswith("_") and n not in without]


def _asked(get: Callable[..., Any], *args: Any) -> Any:
    """What a call gives, or why it cannot."""
    try:
        return get(*args)
    except (LookupError, ValueError, ArithmeticError, AttributeError, TypeError) as error:
        return error


def _verdict(value: Any) -> str:
    asked = not isinstance(value, Exception) and hasattr(value, "verdict")
    found = _asked(getattr, value, "verdict") if asked else value
    return verdict_id(found) if hasattr(type(found), "__members__") else ""


def text_of(value: Any) -> str:
    """A value in a few words."""
    if isinstance(value, Exception):
        return f"cannot be made: {' '.join(str(value).split())[:120]}"
    if isinstance(value, (Result, *TABLES)):
        return f"table of {len(value)} rows"
    if not is_known(value):
        return "unknown"
    if isinstance(value, float):
        return f"{value:.4g}"
    if isinstance(value, (tuple, list)) and any(map(own_fact, value)):
        return f"{len(value)} × {type(value[0]).__name__}"
    if isinstance(value, (tuple, list, Mapping)):
        return ", ".join(map(str, value))[:80] or "none"
    line = " ".join(str(getattr(value, "value", getattr(value, "id", value))).split())
    return line if len(line) <= 80 else f"{line[:79]}…"
