"""What a test of one column, of a series or of a search answers, row by row; `conditions` puts tests together."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import pandas as pd

from incident_report.data.model import Series

DAY_COLUMNS = ("date",)
RANGE = {"at_least", "at_most"}
SEARCHED = (
    "incident_id", "place", "governorate", "target_name", "munition_detail", "attributed_to", "claimed_by",
    "claim_note", "summary",
)  # fmt: skip
# What ECMAScript takes for white space, so that the explorer in a browser splits words alike.
_SPACES = re.compile(r"[\t-\r \u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000\ufeff]+")


def answer(column: pd.Series, name: str, kind: str, value: Any, unknown: bool) -> pd.Series:
    """Yes, no or NA for every cell of a column.

    Parameters
    ----------
    kind : str
        Of `conditions.TESTS`, or ``between``, whose value is a pair.
    unknown : bool
        Whether a no is an unknown.
    """
    if column.dtype == object and not all(isinstance(cell, tuple) for cell in column):  # 1 and True are equal
        return _answer(column, name, kind, value, unknown)
    codes, cells = pd.factorize(column, use_na_sentinel=False)
    first = np.empty(len(cells), dtype=int)
    first[codes[::-1]] = np.arange(len(codes))[::-1]
    return _answer(column.iloc[first], name, kind, value, unknown).iloc[codes].set_axis(column.index)


def _answer(column: pd.Series, name: str, kind: str, value: Any, unknown: bool) -> pd.Series:
    """`answer` for each cell by itself."""
    known = _known(column)
    if kind == "known":
        found = known if value else ~known
    else:
        if name in DAY_COLUMNS and kind in (*RANGE, "between"):
            value = [*map(pd.Timestamp, listed_values(value))]
        holds = _check(kind, value)
        answers = [holds(cell) if there else pd.NA for cell, there in zip(column, known, strict=True)]
        found = pd.Series(answers, column.index, dtype="boolean")
        if kind in ("in", "has") and None in listed_values(value):
            found = found.fillna(True)
    return found.where(found.fillna(True)) if unknown else found


def _known(column: pd.Series) -> pd.Series:
    if column.dtype.kind in "iufb":  # as those of Int64, Float64 and boolean are
        return column.notna().astype("boolean")
    known = column.map(lambda v: not (pd.isna(v) if pd.api.types.is_scalar(v) else len(v) == 0) and v != "")
    return known.astype("boolean")


def _check(kind: str, value: Any) -> Callable[[Any], bool]:
    if kind == "in":
        allowed = texts(value)
        return lambda cell: str(cell) in allowed
    if kind == "contains":
        parts = [str(v).casefold() for v in listed_values(value)]
        return lambda cell: any(p in str(cell).casefold() for p in parts)
    if kind == "has":
        wanted = texts(value)
        return lambda cell: bool(wanted.intersection(cell))
    least, most = (listed_values(value)[0], listed_values(value)[-1])
    if kind == "at_least":
        return lambda cell: bool(cell >= least)
    return lambda cell: bool(cell <= most) and (kind == "at_most" or bool(cell >= least))


def texts(values: Any) -> set[str]:
    """The values that a cell may equal, as text; null stands for none."""
    return {str(v) for v in listed_values(values) if v is not None}


def unfit(kind: str, value: Any, scalars: tuple[type, ...] = (str, int, float)) -> str:
    """Why a kind of test cannot have this value, whatever the column; nothing where it can.

    Parameters
    ----------
    scalars : tuple of type, optional
        What a value may be that a cell is compared with.

    >>> unfit("known", "yes"), unfit("at_least", 2)
    ('known needs true or false', '')
    """
    given = listed_values(value)
    if kind == "known":
        sound, needed = isinstance(value, bool), "true or false"
    elif kind in (*RANGE, "between"):
        sound, needed = all(map(_is_number, given)), "a number"
    else:
        sound = bool(given) and all(isinstance(v, scalars) or (v is None and kind != "contains") for v in given)
        needed = "a text or a list of texts"
    return "" if sound else f"{kind} needs {needed}"


def _is_number(value: Any) -> bool:
    return type(value) in (int, float) and value == value


def searched(frame: pd.DataFrame, words: Sequence[str]) -> pd.Series:
    """Whether every word is part of a text of the row; what is empty mentions nothing, so this is never unknown."""
    texts = [frame[c].fillna("").astype(str) for c in SEARCHED if c in frame]
    rows = ["\0".join(row).lower() for row in zip(*texts, strict=True)]
    found = [all(word in row for word in words) for row in rows]
    return pd.Series(found, index=frame.index, dtype="boolean")


def member(frame: pd.DataFrame, wanted: list[Any], series: Sequence[Series]) -> pd.Series:
    """Which rows belong to any of the series named."""
    found = pd.Series(False, index=frame.index, dtype="boolean")
    for one in series:
        if one.id in wanted:
            inside = pd.Series(True, index=frame.index, dtype="boolean")
            for column, allowed in one.where.items():
                inside = inside & frame[column].isin(allowed).astype("boolean")
            found = found | inside
    return found


def words_of(text: str) -> list[str]:
    """The words of a search, in small letters, as a browser splits and lowers them."""
    return [w for w in _SPACES.split(str(text).lower()) if w]


def listed_values(part: Any) -> list[Any]:
    """A value as a list of one, a list as it is."""
    return list(part) if isinstance(part, list | tuple) else [part]
