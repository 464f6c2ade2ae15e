"""From a data folder and parameters to an Edition."""

from __future__ import annotations

import warnings
from contextlib import nullcontext
from functools import lru_cache
from pathlib import Path

from incident_report import data
from incident_report.analysis.edition import Edition
from incident_report.analysis.names import day_of, known, quarter_of
from incident_report.analysis.remember import REMEMBERS
from incident_report.data.model import CONFIDENCE, Dataset
from incident_report.data.shape import looked_at
from incident_report.paths import ROOT, sealed
from incident_report.reads import unseen


def load(data_folder: str = "data", *, as_of: str = "") -> Dataset:
    """Load a campaign folder: its tables, without choosing a quarter.

    Parameters
    ----------
    data_folder : str
        A relative path starts at the project's root.
    as_of : str
        Day such as ``2020-06-30``; later rows are hidden. Empty shows everything.

    Raises
    ------
    ValueError
        If `as_of` is no day.
    DataError
        For faults in the data; the message holds the first ten.

    Examples
    --------
    >>> load().quarters  # doctest: +SKIP
    ('2019Q4', '2020Q1', '2020Q2', '2020Q3')
    """
    copy = sealed("data", data_folder)
    with unseen(), looked_at() if copy else nullcontext():
        return data.load(copy or ROOT / data_folder, as_of=day_of("as_of", as_of) if as_of else None)


def open_edition(
    data_folder: str = "data",
    *,
    quarter: str = "",
    baseline: str = "",
    confidence_floor: str = "low",
    as_of: str = "",
    edition: str = "",
) -> Edition:
    """Load a campaign and take one edition of it.

    Parameters
    ----------
    data_folder : str
        Campaign folder; a relative path starts at the project's root.
    quarter : str
        Such as ``2020Q3``; empty takes the newest that has an incidents file.
    baseline : str
        Period compared with; empty takes the one before, if it has data.
    confidence_floor : str
        ``low``, ``medium`` or ``high``.
    as_of : str
        Day such as ``2020-06-30``; later rows are hidden. Empty shows everything.
    edition : str
        Old name of `quarter`; accepted with a notice.

    Raises
    ------
    ValueError
        For a parameter that makes no sense, in one line that names it.
    DataError
        For faults in the data; the message holds the first ten.

    Examples
    --------
    >>> open_edition(quarter="2020Q2")  # doctest: +SKIP
    <edition 2020Q2 against 2020Q1: 74 counted incidents of 76 listed>
    """
    if edition:
        warnings.warn("edition= is now called quarter=", DeprecationWarning, stacklevel=2)
        quarter = quarter or edition
    folder = sealed("data", data_folder)
    if folder is None or not REMEMBERS:
        return edition_of(load(data_folder, as_of=as_of), quarter, baseline, confidence_floor)
    return _sealed(folder, data_folder, as_of, quarter, baseline, confidence_floor)


@lru_cache(maxsize=4)
def _sealed(folder: Path, data_folder: str, as_of: str, quarter: str, baseline: str, floor: str) -> Edition:
    """An edition of a copy that nobody changes: every chapter that is forked from one process gets the same one."""
    return edition_of(load(data_folder, as_of=as_of), quarter, baseline, floor)


def edition_of(loaded: Dataset, quarter: str = "", baseline: str = "", confidence_floor: str = "low") -> Edition:
    """One edition of a campaign that is loaded; parameters and faults as for `open_edition`."""
    if confidence_floor not in CONFIDENCE:
        raise ValueError(f"confidence_floor is {confidence_floor!r}; it must be low, medium or high")
    asked = quarter_of("quarter", quarter or max(loaded.quarters), loaded.quarters)
    known("quarter", asked, loaded.quarters)
    before = quarter_of("baseline", baseline, loaded.quarters) if baseline else asked.shift(-1)
    if before >= asked:
        raise ValueError(f"baseline {before} must come before the quarter {asked}")
    view = Edition(loaded, asked, before, confidence_floor)
    if str(before) in loaded.quarters or any(view.tally(before, s.id) for s in view.series):
        return view
    if baseline:
        raise ValueError(f"baseline {before} has neither an incidents file nor a headline tally")
    return Edition(loaded, asked, None, confidence_floor)
