"""Check what says until when a statement holds: a period ``valid: {from, to}``, a test ``expect: …``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

_QUARTER = {"type": "string", "pattern": "^[0-9]{4}Q[1-4]$"}
SCHEMA: dict[str, Any] = {  # of both keys, for a document's own schema
    "valid": {
        "type": "object",
        "additionalProperties": False,
        "required": ["from"],
        "properties": {"from": _QUARTER, "to": _QUARTER},
    },
    "expect": {"type": "string", "minLength": 1},
}


def currency(doc: Any, facts: Collection[str] | None) -> Iterator[tuple[str, str]]:
    """Periods that end before they begin, and tests that cannot be read, anywhere in a document.

    Parameters
    ----------
    facts : collection of str or None
        Names that a test may read; None leaves them unchecked.

    Yields
    ------
    (place, message)
    """
    for at, valid in _found(doc, ("valid",)):
        if isinstance(valid, Mapping) and valid.get("to", valid.get("from")) < valid.get("from"):
            yield at, f"to {valid['to']} lies before from {valid['from']}"
    for at, test in _found(doc, ("expect", "test")):
        if isinstance(test, str):
            yield from ((at, line) for line in _unreadable(test, facts))


def _found(part: Any, keys: Collection[str], at: str = "") -> Iterator[tuple[str, Any]]:
    """Every value under one of some keys, with its place."""
    if isinstance(part, Mapping):
        for key, value in part.items():
            if key in keys:
                yield f"{at}.{key}".lstrip("."), value
            else:
                yield from _found(value, keys, f"{at}.{key}".lstrip("."))
    elif isinstance(part, list):
        for i, value in enumerate(part):
            yield from _found(value, keys, f"{at}[{i}]")


def _unreadable(test: str, facts: Collection[str] | None) -> Iterator[str]:
    # The language of conditions is the facts'; here it is only read, nothing is computed.
    from incident_report.analysis.expressions import ExpressionError, names_in

    try:
        names = names_in(test)
    except ExpressionError as error:
        yield f"cannot be read as a condition: {error}"
        return
    for name in names if facts is not None else ():
        if name not in (facts or ()):
            yield f"there is no fact {name!r}; there are {', '.join(sorted(facts or ()))}"
