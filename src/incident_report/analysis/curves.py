"""Specification curves of the findings that headlines and titles rest on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.names import known
from incident_report.analysis.result import Outcome, result
from incident_report.analysis.robustness import Robustness, examine

MOST = 3  # of one figure, which must fit a page
COUNTS, KINDS = "counts", "kinds"


@result
def curves(ed: Edition, *, of: str = COUNTS) -> Outcome:
    """Every variant of the findings that headlines and titles rest on.

    Parameters
    ----------
    of : str
        ``counts``: each series' headline comparison with the baseline, the first three; ``kinds``: what attacks are
        like (munitions, harm).

    Returns
    -------
    Result
        As `robustness`, with the finding's name in front and `neutral`, where nothing would have changed (1 for
        ratios, 0 for differences). `value` is a tuple of `Robustness`.

    Raises
    ------
    ValueError
        If `of` is neither.
    """
    known("of", of, (COUNTS, KINDS))
    if of == COUNTS:
        names = [s.change.name for s in ed.facts.edition.series if s.change][:MOST]
    else:
        names = [ed.facts.salvos.main.name, ed.facts.harm.over_time.name]
    found = [r for n in names if (r := examine(ed, n)) is not None and np.isfinite(r["estimate"]).any()]
    neutral = 1.0 if of == COUNTS else 0.0
    parts = [r.table.assign(finding=r.call.params["finding"], neutral=neutral) for r in found]
    table = pd.concat(parts, ignore_index=True) if parts else pd.DataFrame(columns=["finding", "neutral"])
    first = ["finding", *(c for c in table if c != "finding")]
    value: tuple[Robustness, ...] = tuple(r.value for r in found)
    return Outcome(table[first], dict.fromkeys(i for r in found for i in r.rows), value=value)
