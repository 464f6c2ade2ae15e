"""Check what says until when a statement holds: a period ``valid: {from, to}``, a test ``expect: …``."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from incident_report.data.documents import members_of
from incident_report.periods import PATTERN
from incident_report.syntax import ExpressionError, names_in

_PERIOD = {"type": ["string", "integer"], "pattern": f"^{PATTERN}$"}
SCHEMA: dict[str, Any] = {  # of both keys, for a document's own schema
    "valid": {
        "type": "object",
        "additionalProperties": False,
        "required": ["from"],
        "properties": {"from": _PERIOD, "to": _PERIOD},
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
    members = list(members_of(doc))
    for at, key, valid in members:
        if key == "valid" and isinstance(valid, Mapping) and str(valid.get("to", "9")) < str(valid.get("from")):
            yield at, f"to {valid['to']} lies before from {valid['from']}"
    for at, key, test in members:
        if key in ("expect", "test") and isinstance(test, str):
            yield from ((at, line) for line in _unreadable(test, facts))


def _unreadable(test: str, facts: Collection[str] | None) -> Iterator[str]:
    try:
        names = names_in(test)
    except ExpressionError as error:
        yield f"cannot be read as a condition: {error}"
        return
    for name in names if facts is not None else ():
        if name not in (facts or ()):
            yield f"there is no fact {name!r}; there are {', '.join(sorted(facts or ()))}"
