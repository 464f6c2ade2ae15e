"""Conditions over foreign tables: codes compared as values, words as whole words; and which words decided."""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import date
from functools import cache, lru_cache
from typing import Any

import numpy as np
import pandas as pd

from incident_report.data.cell_tests import RANGE, listed_values, unfit
from incident_report.data.cells import suggest
from incident_report.data.conditions import GROUPS, Condition, Place, Test, matches, parts
from incident_report.data.importers.cells import codes, number

TESTS = ("in", "contains", "at_least", "at_most", "known")
_LONGEST_WORD = 200
# Scripts that set no space between words: no border can be asked for there.
_UNSPACED = ("CJK", "HIRAGANA", "KATAKANA", "THAI", "LAO", "KHMER", "MYANMAR", "TIBETAN")


def find_words(text: str, wanted: Sequence[str]) -> list[str]:
    """Which of some words or phrases stand in a text as whole words.

    Letters, marks and digits of any script on either side make it part of another word. Capitals do not matter,
    unless the word is written in capitals alone: ``US`` is not *us*. A space also stands for a hyphen.

    >>> find_words("The bus let us pass; a car-bomb", ["US", "us", "car bomb", "pas"])
    ['us', 'car bomb']
    """
    plain, folded = _normal(text)
    found = []
    for word in wanted:
        capitals, first, pattern = _compiled(word)
        where = plain if capitals else folded
        if first in where and any(_whole(where, m.start(), m.end()) for m in pattern.finditer(where)):
            found.append(word)
    return found


@lru_cache(maxsize=200_000)  # the same notes are asked for many words
def _normal(text: str) -> tuple[str, str]:
    plain = unicodedata.normalize("NFKC", text)
    return plain, plain.casefold()


@cache
def _compiled(word: str) -> tuple[bool, str, re.Pattern[str]]:
    """Whether capitals matter; the longest part without a space, to be looked for first; the pattern of the whole."""
    plain = unicodedata.normalize("NFKC", word)
    capitals = plain.isupper() and sum(c.isalpha() for c in plain) > 1
    parts = (plain if capitals else plain.casefold()).replace("-", " ").split()
    return capitals, max(parts, key=len, default=""), re.compile(r"[\s-]+".join(map(re.escape, parts)))


def _whole(text: str, start: int, end: int) -> bool:
    if start == end:
        return False
    return _border(text[start - 1 : start], text[start]) and _border(text[end : end + 1], text[end - 1])


def _border(outside: str, edge: str) -> bool:
    return not outside or unicodedata.category(outside)[0] not in "LMN" or not _spaced(edge)


@cache
def _spaced(sign: str) -> bool:
    return not unicodedata.name(sign, "?").startswith(_UNSPACED)


def answer(frame: pd.DataFrame, condition: Condition, test: Test | None = None) -> pd.Series:
    """Which rows of a foreign table fulfil a condition (bool).

    An empty cell fulfils no test, so `not` holds for it: a column that a cut of the dataset lacks is as if empty.
    """
    return matches(frame, condition, test=test or foreign_test).fillna(True).astype(bool)


def foreign_test(column: pd.Series, name: str, part: Any) -> pd.Series:
    """One test, put to each distinct cell once; an empty cell fulfils none but ``known: false`` and null in a list."""
    numbers, cells = pd.factorize(column)
    check, empty = _check(part)
    answers = np.array([check(str(c)) if c else empty for c in cells], dtype=bool)
    return pd.Series(answers[numbers], index=column.index, dtype="boolean")


def _check(part: Any) -> tuple[Callable[[str], bool], bool]:
    """A test as a function of a cell that holds something, and its answer for an empty one."""
    tests = part if isinstance(part, Mapping) else {"in": part}
    kind, value = next(iter(tests.items()))
    if kind == "known":
        return (lambda cell: bool(value)), not value
    if kind == "contains":
        words = _listed(value)
        return (lambda cell: bool(find_words(cell, words))), False
    if kind == "in":
        values = value if isinstance(value, list) else [value]
        wanted = codes(v for v in values if v is not None)
        return (lambda cell: bool(codes((cell,)) & wanted)), None in values
    low, high = tests.get("at_least", -math.inf), tests.get("at_most", math.inf)

    def within(cell: str) -> bool:
        found = number(cell)
        return found is not None and low <= found <= high

    return within, False


def _listed(value: Any) -> list[str]:
    return [str(v) for v in (value if isinstance(value, list) else [value])]


def words_in(condition: Condition, free: Sequence[str]) -> list[tuple[str, list[str]]]:
    """Tests of words in columns of free text that speak for a condition: column and words."""
    found = []
    for name, part in condition.items() if isinstance(condition, Mapping) else ():
        if name == "not":
            continue
        if name in GROUPS:
            found += [w for one in part for w in words_in(one, free)]
        elif name in free and isinstance(part, Mapping) and "contains" in part:
            found.append((name, _listed(part["contains"])))
    return found


def unless_words(free: Sequence[str]) -> Test:
    """A test that leaves open what words in free text decide, so that those need be looked for in few rows."""

    def test(column: pd.Series, name: str, part: Any) -> pd.Series:
        if name in free and isinstance(part, Mapping) and "contains" in part:
            return pd.Series(pd.NA, index=column.index, dtype="boolean")
        return foreign_test(column, name, part)

    return test


def without_words(free: Sequence[str]) -> Test:
    """A test by which words in free text say nothing: what a condition holds without them."""

    def test(column: pd.Series, name: str, part: Any) -> pd.Series:
        if name in free and isinstance(part, Mapping) and "contains" in part:
            return pd.Series(False, index=column.index, dtype="boolean")
        return foreign_test(column, name, part)

    return test


def by_words_alone(free: Sequence[str]) -> Test:
    """A test by which nothing but free text says anything."""

    def test(column: pd.Series, name: str, part: Any) -> pd.Series:
        if name in free:
            return foreign_test(column, name, part)
        return pd.Series(False, index=column.index, dtype="boolean")

    return test


def columns_of(condition: Any) -> Iterator[str]:
    """Columns that a condition names."""
    return (str(at[-1]) for at, kind, _ in parts(condition) if kind == "test")


def condition_faults(condition: Any, place: Place) -> Iterator[tuple[Place, Any, str]]:
    """What is wrong with a condition of a map: place, value and what is allowed."""
    for at, kind, part in parts(condition, place):
        if kind == "test":
            yield from _test_faults(part, at)
        elif kind == "group":
            yield at, None, "needs a list of conditions"
        else:
            yield at, part, "is no condition; write column: value, or everything"


def _test_faults(part: Any, at: Place) -> Iterator[tuple[Place, Any, str]]:
    tests = part if isinstance(part, Mapping) else {"in": part}
    kinds = [str(k) for k in tests]
    if set(kinds) != RANGE and (len(kinds) != 1 or kinds[0] not in TESTS):
        near = suggest(kinds[0] if kinds else "", TESTS)
        yield at, None, f"a test has exactly one of {', '.join(TESTS)}, or both at_least and at_most{near}"
        return
    for kind, value in tests.items():
        if message := _unfit(kind, value):
            yield at, None if isinstance(value, list | dict) else value, message


def _unfit(kind: str, value: Any) -> str:
    """Why a kind of test cannot have this value, or nothing."""
    if kind == "in" and value is None:
        return "is empty; write [null] for an empty cell, or known: false"
    wrong = unfit(kind, value, (str, int, float, date))
    if not wrong and kind == "contains" and not all(map(_is_word, listed_values(value))):
        return f"contains needs words of 1 to {_LONGEST_WORD} signs"
    return wrong


def _is_word(value: Any) -> bool:
    return len(str(value)) <= _LONGEST_WORD and _compiled(str(value))[1] != ""
