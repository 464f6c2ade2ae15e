"""What is asked of an edition as one thing, a call or a fact: by what name, what it gave, and the same asked again.

Whoever sees nothing of a call but what it gave need not do over what it did where the same call gives the same again,
whatever cells the call has read. Only an edition of data as loaded is asked so: its parameters say which it is.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from typing import Any

from incident_report import reads
from incident_report.data.contents import fingerprint
from incident_report.periods import Period

_CALL, _FACT = "call", "fact"
_hashes: dict[int, tuple[Any, str]] = {}  # of what was told here before, with the thing itself, so that it stays


def call_name(function: str, params: Mapping[str, Any], ed: Any) -> str:
    """The name that a call has among what was asked; none where it was of other data than were loaded."""
    return _name(_CALL, [function, params], ed)


def fact_name(fact: str, ed: Any) -> str:
    """The same of a fact."""
    return _name(_FACT, [fact], ed)


def _name(kind: str, what: list[Any], ed: Any) -> str:
    if not getattr(ed, "plain", False):
        return ""
    return json.dumps([kind, what, str(ed.quarter), str(ed.baseline or ""), ed.confidence_floor])


def again(name: str, edition: Any) -> str:
    """Hash of what the same gives of an edition now.

    Raises
    ------
    TypeError
        If it cannot be told, or would be another edition's.
    """
    from incident_report.analysis.result import replay

    kind, what, quarter, baseline, floor = json.loads(name)
    ed = edition.against(Period.parse(quarter), Period.parse(baseline) if baseline else None)
    if (floor, ed.plain) != (ed.confidence_floor, True):
        raise TypeError(f"asked of another edition: {name}")
    return _hash(ed.facts[what[0]] if kind == _FACT else replay({"function": what[0], "params": what[1]}, ed))


def told() -> str:
    """JSON: names of what was read here, and `contents` of what was asked; null where it cannot be said."""
    read = reads.told()
    return json.dumps(read and [sorted(read.names), contents(read.asked)])


def contents(asked: Mapping[str, reads.Asked | None]) -> dict[str, str]:
    """Hashes of what calls gave by name, and nothing for what was read outside of any.

    A call of whose value not all can be told stands as what was read within it.
    """
    found: dict[str, str] = {}
    for name, one in asked.items():
        try:
            found[name] = one.given or _hash(one.found) if one else ""
        except TypeError:
            found |= contents(one.within if one else {})
    return found


def note_again(names: Iterable[str], told: Mapping[str, str]) -> None:
    """What was read for something that is there already, as `contents` told it."""
    reads.read_again(names, {n: reads.Asked(None, {}, given) if given else None for n, given in told.items()}, ())


def _hash(found: Any) -> str:
    if id(found) not in _hashes:
        _hashes[id(found)] = found, fingerprint(found)
    return _hashes[id(found)][1]
