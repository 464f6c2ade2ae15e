"""Text that ages: what campaigns write about their data holds for a period or while a test over the facts holds.

Options, objectives, packages, known weaknesses and claims may carry ``valid: {from, to}`` or ``expect: test``.
`Statement.state` says where a statement now stands, and nothing that no longer holds is printed as true: it is
dated or left out, and `to_look_at` lists it for the analyst.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from itertools import chain
from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.expressions import describe, holds
from incident_report.analysis.result import Outcome, result
from incident_report.analysis.told import on_file
from incident_report.data.options import statements
from incident_report.data.views import AGES
from incident_report.periods import Period
from incident_report.syntax import ExpressionError


class State(Enum):
    """Where a statement stands in an edition."""

    CURRENT = "current"
    DATED = "dated"  # it was true for an earlier edition, and is printed with that date
    EARLY = "early"  # it speaks of what this edition cannot know yet
    BROKEN = "broken"  # its test fails
    OPEN = "open"  # its test cannot be answered


@dataclass(frozen=True)
class Statement:
    """One statement of the file.

    Attributes
    ----------
    text, basis : str
        Whose it is: ``article``, ``data`` or ``analyst`` (the campaign's authors).
    sources, incidents : tuple of str
    state : State
    until : Period or None
        The last edition that it was written for; None where it has no end.
    expected, now : str
        Its test and what the test's names now are; empty where it has none.
    """

    text: str
    basis: str = "analyst"
    sources: tuple[str, ...] = ()
    incidents: tuple[str, ...] = ()
    state: State = State.CURRENT
    until: Period | None = None
    expected: str = ""
    now: str = ""

    @property
    def current(self) -> bool:
        """Whether it may be printed as true now."""
        return self.state is State.CURRENT

    @property
    def dated(self) -> bool:
        """Whether it may be printed with its date only."""
        return self.state is State.DATED

    @property
    def shown(self) -> bool:
        """Whether it may be printed at all."""
        return self.current or self.dated


def statement(ed: Edition, raw: str | Mapping[str, Any], text: str = "text") -> Statement:
    """A statement with its state in this edition.

    Parameters
    ----------
    raw : str or mapping
        A plain text is the authors' judgement and does not age.
    text : str
        Key of the text: ``why`` for assumptions, ``reason`` for scores.
    """
    if isinstance(raw, str):
        return Statement(raw)
    state, now = _state(ed, raw)
    until = raw.get("valid", {}).get("to")
    return Statement(
        raw[text], raw.get("basis", "analyst"), tuple(raw.get("sources", ())), tuple(raw.get("incidents", ())), state,
        Period.parse(until) if until else None, raw.get("expect", ""), now,
    )  # fmt: skip


def _state(ed: Edition, raw: Mapping[str, Any]) -> tuple[State, str]:
    valid, test, quarter = raw.get("valid", {}), raw.get("expect", ""), str(ed.quarter)
    if valid and ed.quarter.start < Period.parse(valid["from"]).start:
        return State.EARLY, ""
    if not on_file(ed, raw.get("incidents", ())):  # rows that this edition does not hold, or hides
        return State.EARLY, ""
    if valid and ed.quarter.end > Period.parse(valid.get("to", quarter)).end:
        return State.DATED, ""
    if not test:
        return State.CURRENT, ""
    try:
        return (State.CURRENT if holds(test, ed.facts) else State.BROKEN), describe(test, ed.facts)
    except ExpressionError as error:
        return State.OPEN, str(error)


def statements_of(ed: Edition) -> Iterator[tuple[str, str, str, Statement]]:
    """Every statement of the campaign that can age: file, whose it is, its place, and its state."""
    yield from _of_options(ed)
    for i, weakness in enumerate(ed.data.campaign.known_weaknesses):
        if not isinstance(weakness, str):
            yield "report.yml", "known_weaknesses", f"[{i}]", statement(ed, weakness)
    for one in ed.data.view("claims/ageing"):
        yield "claims.yml", str(one["id"]), "claim", statement(ed, one, "claim")


def _of_options(ed: Edition) -> Iterator[tuple[str, str, str, Statement]]:
    options = ed.data.options or {}
    for raw in chain.from_iterable(options.get(part, ()) for part in ("objectives", "options", "packages")):
        for at, one in statements(raw):
            if AGES & set(one):
                text = next(k for k in ("why", "reason", "text") if k in one)
                yield "policy_options.yml", str(raw["id"]), at, statement(ed, one, text)


@result
def to_look_at(ed: Edition) -> Outcome:
    """Statements that do not hold as they stand in this edition, for the analyst.

    Returns
    -------
    Result
        Columns file, part (option, objective, claim …), place, text, state (an id of `State`), until, expected,
        now. `value` is their number.
    """
    names = ["file", "part", "place", "text", "state", "until", "expected", "now"]
    rows = [
        (file, part, at, s.text, s.state.value, str(s.until or ""), s.expected, s.now)
        for file, part, at, s in statements_of(ed)
        if not s.current
    ]
    return Outcome(pd.DataFrame(rows, columns=names, dtype="str"), [r[1] for r in rows], value=len(rows))
