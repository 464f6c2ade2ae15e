"""What stands under a name that was noted as read, as a hash: the same in every process for the same content."""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass
from datetime import date
from enum import Enum
from itertools import chain
from typing import Any

import numpy as np
import pandas as pd

from incident_report.data.model import Dataset
from incident_report.data.noted import cells
from incident_report.data.views import VIEWS


def content(data: Dataset, name: str) -> str:
    """Hash of what a campaign holds under a name that was read, worked out once.

    Parameters
    ----------
    name : str
        A field of the `Dataset`; one of its tables' columns, ``incidents/killed@2020Q3``, or of its rows alone,
        ``incidents/``; ``stories/2020Q3/lead``; a name in `data.views`.

    Raises
    ------
    TypeError
        For a value whose content cannot be told.
    """
    known: dict[str, str] = data.__dict__.setdefault("_contents", {})
    if name not in known:
        known[name] = fingerprint(_named(data, name))
    return known[name]


def _named(data: Dataset, name: str) -> Any:
    """What was read under a name; where the copy lies is of no matter: whoever opens it reads all of it."""
    if name.startswith("stories/"):
        _, quarter, part = name.split("/", 2)
        story = data.story(quarter)
        return story.signed if story and part == "signed" else story.parts.get(part) if story and part else story
    if name in VIEWS:
        return data.view(name)
    table, _, part = name.partition("/")
    if "/" in name:
        return cells(data.__dict__[table], part)
    return "" if name == "folder" else getattr(data, name)


def fingerprint(value: Any) -> str:
    """A hash of a value's content, the same in every process.

    Raises
    ------
    TypeError
        For a value whose content it does not know to tell.
    """
    found = hashlib.sha256()
    for part in _parts(value):
        found.update(part.encode("utf-8", "surrogatepass") if isinstance(part, str) else part)
        found.update(b"\0")
    return found.hexdigest()


def _parts(value: Any) -> Iterator[str | bytes]:
    """A value as a row of texts that no other value has."""
    kind = type(value)
    for known, told in _TOLD:
        if isinstance(value, known):
            yield f"{kind.__module__}.{kind.__name__}"
            yield from told(value)
            return
    if not is_dataclass(value) or isinstance(value, type):
        raise TypeError(f"{kind.__name__}: what is in it cannot be told")
    yield f"{kind.__module__}.{kind.__name__}"
    yield from _each(getattr(value, f.name) for f in fields(value))


def _each(values: Iterable[Any]) -> Iterator[str | bytes]:
    every = list(values)
    yield str(len(every))
    yield from chain.from_iterable(map(_parts, every))


def _frame(value: pd.DataFrame) -> Iterator[str | bytes]:
    yield from _each([list(map(str, value.columns)), [str(t) for t in value.dtypes], list(value.index)])
    for _, column in value.items():
        yield from _column(column)


def _column(value: pd.Series) -> Iterator[str | bytes]:
    """Quickly for many rows: every cell as JSON has it, or as Python writes it; NA is nothing."""
    kinds = value.cat.categories.tolist() if isinstance(value.dtype, pd.CategoricalDtype) else ()
    cells = value.astype(object).where(value.notna(), None).tolist()
    yield json.dumps([str(value.dtype), kinds, cells], default=repr)


# Types, the more particular ones first, and how their values are told.
_TOLD: tuple[tuple[Any, Callable[[Any], Iterable[str | bytes]]], ...] = (
    (Enum, lambda value: [value.name]),
    ((str, bytes), lambda value: [str(len(value)), value]),
    ((type(None), bool, int, float, date, np.generic, type(pd.NA), type(pd.NaT)), lambda value: [repr(value)]),
    (os.PathLike, lambda value: [repr(os.fspath(value))]),
    (pd.DataFrame, _frame),
    (pd.Series, _column),
    (Mapping, lambda value: _each(part for pair in value.items() for part in pair)),
    ((set, frozenset), lambda value: sorted(map(fingerprint, value))),
    ((tuple, list), _each),
)
