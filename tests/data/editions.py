"""Editions of the founding campaign, opened once a process: they are frozen, and so is what was worked out of them."""

from __future__ import annotations

from functools import cache

from incident_report.analysis import open as opening
from incident_report.analysis.edition import Edition

_opened = cache(opening.open_edition)


def founding(quarter: str = "2020Q3", *, baseline: str = "", confidence_floor: str = "low", as_of: str = "") -> Edition:
    """One edition of the founding campaign; the same object each time it is asked for."""
    return _opened("data", quarter=quarter, baseline=baseline, confidence_floor=confidence_floor, as_of=as_of)
