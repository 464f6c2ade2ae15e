"""Patterns that a campaign's own schema brings, matched in time that grows with the cell and never explodes.

Python's `re` tries one way after the other and can take for ever over ``(a+)+b``. Here a pattern is a set of states
that are all followed at once (Thompson, 1968), so each sign of the cell is looked at once, whatever the pattern.
"""

from __future__ import annotations

import importlib
import re
from collections.abc import Callable, Sequence
from typing import Any

from incident_report.periods import PATTERN

MOST_SIGNS = 300  # of a pattern
_MOST_STATES = 2_000
_MOST_STEPS = 2_000_000  # of one pattern over one reading, not counting what is remembered: some seconds
_MOST_REMEMBERED = 20_000
# The project's own patterns, which `re` matches without going back, and what a cell that does not match is told.
PLAIN = {
    r"\S+": "must not contain spaces",
    r"https?://\S+": "must start with http:// or https:// and contain no spaces",
    r"[0-9]{4}(-[0-9]{2}(-[0-9]{2})?)?": "must be a day, a month or a year, such as 2020-09-28 or 2020-09",
    r"[0-9]{4}Q[1-4]": "must be a quarter, such as 2020Q3",
    PATTERN: "must be a quarter, a month or a year, such as 2020Q3, 2020-07 or 2020",
    r"[A-Za-z0-9_]+([-.:/+][A-Za-z0-9_]+)*": "must be letters and digits, joined by single hyphens or points",
}
_PARSER: Any = importlib.import_module("re._parser")  # what `re.compile` itself reads patterns with
_CATEGORIES = {
    "CATEGORY_DIGIT": re.compile(r"\d"),
    "CATEGORY_NOT_DIGIT": re.compile(r"\D"),
    "CATEGORY_SPACE": re.compile(r"\s"),
    "CATEGORY_NOT_SPACE": re.compile(r"\S"),
    "CATEGORY_WORD": re.compile(r"\w"),
    "CATEGORY_NOT_WORD": re.compile(r"\W"),
}
# A state is a test of one sign and the state after it, or (None) the states that follow without a sign.
_Test = Callable[[str], bool]


class PatternError(ValueError):
    """What is wrong with a pattern, or that a cell took too long; the text fits a fault's message."""


class Pattern:
    """A pattern in the common part of regular expressions: signs, classes, groups, choices, repeats, ``^`` and ``$``.

    Raises
    ------
    PatternError
        If it is no regular expression, is too large, or uses what would need going back: look-around,
        references to groups, atomic groups, flags, word borders.

    Examples
    --------
    >>> Pattern("(a+)+b").fullmatch("a" * 1000)
    False
    >>> Pattern("[A-Z]{2}-[0-9]+").fullmatch("IQ-17")
    True
    """

    def __init__(self, pattern: str) -> None:
        self.pattern = pattern
        if len(pattern) > MOST_SIGNS:
            raise PatternError(f"the pattern is longer than {MOST_SIGNS} characters")
        try:
            parsed = _PARSER.parse(pattern)
        except (re.error, RecursionError, OverflowError, ValueError) as error:
            raise PatternError(f"the pattern {pattern[:60]!r} is no regular expression: {error}") from None
        if parsed.state.flags & ~re.UNICODE:
            raise PatternError(f"the pattern {pattern[:60]!r} has flags such as (?i); write out what they mean")
        self._states: list[tuple[_Test | None, tuple[int, ...]]] = []
        self._begins: set[int] = set()  # states behind ^, alive at the start alone
        self._ends: set[int] = set()  # states behind $, alive at the end alone
        self._final = self._add(None, ())
        self._start = self._sequence(parsed, self._final)
        self._memory: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        self._steps = 0

    def fullmatch(self, text: str) -> bool:
        """Whether the whole text matches.

        Raises
        ------
        PatternError
            If all texts so far have taken too long together.
        """
        alive = self._close([self._start], begins=True, ends=not text)
        for i, sign in enumerate(text, 1):
            key = (alive, sign if i < len(text) else f"{sign}$")
            if (found := self._memory.get(key)) is None:
                found = self._after(alive, sign, ends=i == len(text))
                if len(self._memory) < _MOST_REMEMBERED:
                    self._memory[key] = found
            alive = found
        return self._final in alive

    def _after(self, alive: frozenset[int], sign: str, ends: bool) -> frozenset[int]:
        """The states that one more sign leads to."""
        self._steps += len(alive)
        after = [n for s in alive for test, nexts in [self._states[s]] if test and test(sign) for n in nexts]
        found = self._close(after, begins=False, ends=ends)
        if self._steps > _MOST_STEPS:
            raise PatternError(f"takes too long to match with {self.pattern[:60]}; write a simpler pattern")
        return found

    def _close(self, states: list[int], begins: bool, ends: bool) -> frozenset[int]:
        """The states and all that follow from them without a sign."""
        seen: set[int] = set()
        while states:
            state = states.pop()
            if state in seen or (state in self._begins and not begins) or (state in self._ends and not ends):
                continue
            seen.add(state)
            self._steps += 1
            test, nexts = self._states[state]
            if test is None:
                states.extend(nexts)
        return frozenset(seen)

    def _add(self, test: _Test | None, nexts: tuple[int, ...]) -> int:
        if len(self._states) >= _MOST_STATES:
            raise PatternError(f"the pattern {self.pattern[:60]!r} repeats too much to be matched quickly")
        self._states.append((test, nexts))
        return len(self._states) - 1

    def _sequence(self, items: Sequence[Any], after: int) -> int:
        """The state in which a row of parts begins, where `after` follows it."""
        for kind, value in reversed(list(items)):
            after = self._part(str(kind), value, after)
        return after

    def _part(self, kind: str, value: Any, after: int) -> int:
        if kind in ("LITERAL", "NOT_LITERAL", "ANY", "IN"):
            return self._add(_test(kind, value), (after,))
        if kind == "SUBPATTERN" and not any(value[1:3]):
            return self._sequence(value[3], after)
        if kind == "BRANCH":
            return self._add(None, tuple(self._sequence(branch, after) for branch in value[1]))
        if kind in ("MAX_REPEAT", "MIN_REPEAT"):
            least, most, items = value
            return self._repeat(least, most, items, after)
        if kind == "AT" and str(value) in ("AT_BEGINNING", "AT_BEGINNING_STRING", "AT_END", "AT_END_STRING"):
            state = self._add(None, (after,))
            (self._begins if "BEGINNING" in str(value) else self._ends).add(state)
            return state
        raise PatternError(f"the pattern {self.pattern[:60]!r} uses {kind.lower().replace('_', ' ')}; do without")

    def _repeat(self, least: int, most: int, items: Sequence[Any], after: int) -> int:
        if most == _PARSER.MAXREPEAT:
            loop = self._add(None, ())
            self._states[loop] = (None, (self._sequence(items, loop), after))
            start = loop
        else:
            start = after
            for _ in range(most - least):
                start = self._add(None, (self._sequence(items, start), after))
        for _ in range(least):
            before = start
            start = self._sequence(items, start)
            if start == before:  # nothing to repeat
                break
        return start


def compile_pattern(pattern: str) -> re.Pattern[str] | Pattern:
    """A pattern ready to match: the project's own as `re` has it, any other as a `Pattern`.

    Raises
    ------
    PatternError
    """
    return re.compile(pattern) if pattern in PLAIN else Pattern(pattern)


def _test(kind: str, value: Any) -> _Test:
    """A test of one sign."""
    if kind == "LITERAL":
        return chr(value).__eq__
    if kind == "NOT_LITERAL":
        return chr(value).__ne__
    if kind == "ANY":
        return lambda sign: sign != "\n"
    parts = [(str(k), v) for k, v in value]
    wanted = parts[0][0] != "NEGATE"
    tests = [_member(k, v) for k, v in parts if k != "NEGATE"]
    return lambda sign: any(test(sign) for test in tests) is wanted


def _member(kind: str, value: Any) -> _Test:
    if kind == "RANGE":
        low, high = chr(value[0]), chr(value[1])
        return lambda sign: low <= sign <= high
    if kind == "CATEGORY":
        return lambda sign: _CATEGORIES[str(value)].match(sign) is not None
    return _test(kind, value)
