"""From a data folder and parameters to an Edition."""

from __future__ import annotations

from datetime import date

from incident_report.analysis.edition import Edition
from incident_report.data import load
from incident_report.data.model import CONFIDENCE
from incident_report.paths import ROOT, sealed
from incident_report.periods import Quarter


def open_edition(
    data_folder: str = "data",
    *,
    edition: str = "",
    baseline: str = "",
    confidence_floor: str = "low",
    as_of: str = "",
) -> Edition:
    """Load a campaign and take one edition of it.

    Parameters
    ----------
    data_folder : str
        Campaign folder; a relative path starts at the project's root.
    edition : str
        Quarter such as ``2020Q3``; empty takes the newest that has an incidents file.
    baseline : str
        Quarter compared with; empty takes the one before, if it has data.
    confidence_floor : str
        ``low``, ``medium`` or ``high``.
    as_of : str
        ISO day; later rows are hidden. Empty shows everything.

    Raises
    ------
    ValueError
        For a parameter that makes no sense, in one line.
    DataError
        For faults in the data.
    """
    if confidence_floor not in CONFIDENCE:
        raise ValueError(f"confidence_floor is {confidence_floor!r}; it must be low, medium or high")
    folder = sealed("data", data_folder) or ROOT / data_folder
    data = load(folder, as_of=date.fromisoformat(as_of) if as_of else None)
    quarter = Quarter.parse(edition or max(data.quarters))
    if str(quarter) not in data.quarters:
        raise ValueError(f"{quarter} has no incidents file; there are {', '.join(data.quarters)}")
    before = Quarter.parse(baseline) if baseline else quarter.shift(-1)
    if before >= quarter:
        raise ValueError(f"baseline {before} must come before the edition {quarter}")
    view = Edition(data, quarter, before, confidence_floor)
    if str(before) in data.quarters or any(view.tally(before, s.id) for s in view.series):
        return view
    if baseline:
        raise ValueError(f"baseline {before} has neither an incidents file nor a headline tally")
    return Edition(data, quarter, None, confidence_floor)
