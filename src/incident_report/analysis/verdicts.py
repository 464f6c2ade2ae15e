"""Verdicts on claims, and the register of checks that claims.yml may name."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from enum import Enum
from typing import Any

import numpy as np
import pandas as pd

from incident_report.analysis.edition import Edition


class Verdict(Enum):
    """What the data say about a claim."""

    SUPPORTED = "supported"
    PARTLY = "partly"
    NOT = "not supported"
    UNTESTABLE = "cannot be tested"


@dataclass(frozen=True)
class Outcome:
    """What a check found.

    Attributes
    ----------
    verdict : Verdict
    facts : mapping
        Numbers and texts that the wording needs; keys differ by check.
    rows : tuple of str
        Ids of incidents, tallies or dated events behind it.
    basis : tuple of str
        ``documented``, ``tally``, ``context``, ``posture``, as far as they were used.
    sources : tuple of str
        Source ids to cite, without the article's own.
    """

    verdict: Verdict
    facts: Mapping[str, Any] = field(default_factory=dict)
    rows: tuple[str, ...] = ()
    basis: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Span:
    """The days that a claim is about."""

    start: date
    end: date


Check = Callable[..., Outcome]
REGISTRY: dict[str, Check] = {}


def register(check: Check) -> Check:
    """Make a function callable by name from claims.yml: the YAML names it, nothing is imported or evaluated."""
    REGISTRY[check.__name__] = check
    return check


def independent(edition: Edition, sources: Iterable[str]) -> tuple[str, ...]:
    """Source ids without the article and what its author wrote elsewhere: they cannot confirm it."""
    document = edition.data.claims or {}
    own = {document.get("article"), edition.campaign.article, *document.get("not_independent", ())}
    return tuple(dict.fromkeys(s for s in sources if s and s not in own))


def flagged(rows: pd.DataFrame, flags: Iterable[bool]) -> pd.DataFrame:
    """Rows whose flag is true; no rows give no rows (an empty list would select columns)."""
    return rows.loc[np.fromiter(flags, dtype=bool, count=len(rows))]


def until(rows: pd.DataFrame, day: date) -> pd.DataFrame:
    """Rows dated on or before a day."""
    return rows[rows["date"] <= pd.Timestamp(day)]


def arguments(check: str) -> tuple[set[str], set[str]]:
    """Names of a registered check's required and of all its arguments, for validation and tests."""
    parameters = list(inspect.signature(REGISTRY[check]).parameters.values())[2:]
    return {p.name for p in parameters if p.default is p.empty}, {p.name for p in parameters}
