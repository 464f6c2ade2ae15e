"""Specification curves of the findings that headlines and titles rest on."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import chain

import numpy as np
import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.facts import Facts
from incident_report.analysis.names import known
from incident_report.analysis.result import Outcome, result
from incident_report.analysis.robustness import examine

MOST = 3  # of one figure, which must fit a page
COUNTS, KINDS = "counts", "kinds"
_NAMES: Mapping[str, Callable[[Facts], list[str]]] = {
    COUNTS: lambda facts: [s.change.name for s in facts.edition.series if s.change][:MOST],
    KINDS: lambda facts: [facts.salvos.main.name, facts.harm.over_time.name],
}
_NEUTRAL = {COUNTS: 1.0, KINDS: 0.0}  # a ratio, a difference


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
    names = _NAMES[known("of", of, _NAMES)](ed.facts)
    found = {n: r for n in names if (r := examine(ed, n)) is not None and np.isfinite(r["estimate"]).any()}
    if not found:
        return Outcome(pd.DataFrame(columns=["finding", "neutral"]), value=())
    table = pd.concat({n: r.table for n, r in found.items()}, names=["finding"]).reset_index("finding")
    table = table.reset_index(drop=True).assign(neutral=_NEUTRAL[of])
    ids = dict.fromkeys(chain.from_iterable(r.rows for r in found.values()))
    return Outcome(table, ids, value=tuple(r.value for r in found.values()))
