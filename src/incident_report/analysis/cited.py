"""The incidents that a text cites, as a result: what a sentence of the story rests on."""

from __future__ import annotations

from incident_report.analysis.edition import Edition
from incident_report.analysis.result import Outcome, result


@result
def cited(ed: Edition, *, ids: str) -> Outcome:
    """Incidents by their ids, counted or not, in the order of the data.

    Parameters
    ----------
    ids : str
        Spaced, such as ``IQ-20200915-1 IQ-20200915-2``.

    Returns
    -------
    Result
        incident_id, date, place, outcome, summary; `value` is how many are on file. What else the data say of
        them a sentence may rest on, but is not made of.
    """
    rows = ed.data.incidents[["incident_id", "date", "place", "outcome", "summary"]]
    rows = rows[rows["incident_id"].isin(ids.split())].reset_index(drop=True)
    return Outcome(rows, rows["incident_id"], value=len(rows))
