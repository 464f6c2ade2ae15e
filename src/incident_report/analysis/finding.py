"""A finding: a verdict that can be asked of any edition, by name; and the register of them."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.remember import remembered


@dataclass(frozen=True)
class Said:
    """What a finding says of an edition.

    Attributes
    ----------
    verdict : object
        An enumeration's member or a word; compared for equality.
    because : tuple of str
        As for `Change`.
    tallies : tuple of str
        Published counts that it compares, as opposed to those it is checked against.
    """

    verdict: Any
    estimate: float = math.nan
    low: float = math.nan
    high: float = math.nan
    p_adjusted: float = math.nan
    because: tuple[str, ...] = ()
    tallies: tuple[str, ...] = ()


Say = Callable[[Edition], Said | None]
Rows = Callable[[Edition], np.ndarray]


@dataclass(frozen=True)
class Finding:
    """A verdict that can be asked of any edition.

    Attributes
    ----------
    say : function Edition -> Said or None
        None where there is nothing to say.
    rows : function Edition -> ndarray of int, optional
        A number for each counted row; rows of one number can stand for one another, so that one of them is left out
        for all, and those of -1 do not matter (`kinds`). Every counted row by itself where it is left out.
    fills : mapping of label -> function Edition -> Edition
        Unknown as yes, unknown as no.
    stress : mapping of kind -> mapping of label -> function Edition -> Said or None
        The same question by another prior, test or number of draws.
    tallies : bool
        Whether published counts can bear on it; where not, their windows and trackers are not gone through.
    """

    name: str
    say: Say
    rows: Rows | None = None
    fills: Mapping[str, Callable[[Edition], Edition]] = field(default_factory=dict)
    stress: Mapping[str, Mapping[str, Say]] = field(default_factory=dict)
    tallies: bool = True


def no_rows(edition: Edition) -> np.ndarray:
    """For `Finding.rows`: no row bears on it."""
    return np.full(len(edition.counted), -1)


def kinds(*columns: Any) -> np.ndarray:
    """A number for each row, the same for rows that are alike in every column, shape (rows,).

    >>> kinds(["a", "b", "a", "a"], [1, 1, 1, 2]).tolist()
    [0, 1, 0, 2]
    """
    made = np.zeros(len(columns[0]), dtype=int)
    for column in columns:
        codes, values = pd.factorize(pd.Series(column), use_na_sentinel=False)
        made = pd.factorize(made * max(1, len(values)) + codes)[0]
    return made


def kinds_among(inside: np.ndarray, *columns: Any) -> np.ndarray:
    """The same of some rows; -1 for the others, shape (rows,)."""
    made = np.full(len(inside), -1)
    made[inside] = kinds(*columns)
    return made


Source = Callable[[Edition], Iterable[Finding]]
_SOURCES: dict[Source, tuple[tuple[str, ...], tuple[str, ...]]] = {}  # how the names that each gives begin and end
ANY = ("",)


def register_findings(begin: tuple[str, ...] = ANY, end: tuple[str, ...] = ANY) -> Callable[[Source], Source]:
    """Have a function name an edition's findings: those whose names hang on its series, techniques, options.

    Parameters
    ----------
    begin, end : tuple of str
        With one of which each of their names begins or ends: whoever asks for another name does not ask for them.
    """

    def registered(source: Source) -> Source:
        _SOURCES.setdefault(source, (begin, end))
        return source

    return registered


def register_finding(name: str, say: Say, **parts: Any) -> None:
    """Register one finding that every edition has; `parts` as for `Finding`."""
    _SOURCES[lambda ed: [Finding(name, say, **parts)]] = ((name,), (name,))


@remembered
def findings(edition: Edition) -> Mapping[str, Finding]:
    """Every finding of an edition that has something to say, by name."""
    _import_own()
    every = (f for source in list(_SOURCES) for f in _from(edition, source))
    return {f.name: f for f in every if f.say(edition) is not None}


@remembered
def finding_named(edition: Edition, name: str) -> Finding | None:
    """One of `findings`, without asking for the others; None where there is no such finding."""
    _import_own()
    some = [source for source, (begin, end) in _SOURCES.items() if name.startswith(begin) and name.endswith(end)]
    found = [f for source in some for f in _from(edition, source) if f.name == name and f.say(edition) is not None]
    return found[-1] if found else None


@remembered
def _from(edition: Edition, source: Source) -> tuple[Finding, ...]:
    return tuple(source(edition))


def _import_own() -> None:
    """Have the project's own findings registered."""
    import incident_report.analysis.claims_fact
    import incident_report.analysis.key_findings
    import incident_report.analysis.option_findings  # noqa: F401
