"""What is said of the options, as verdicts that robustness can ask again: the gap, the surest, who leads."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial

import numpy as np

from incident_report.analysis.edition import Edition
from incident_report.analysis.finding import Finding, Said, kinds_among, no_rows, register_findings
from incident_report.analysis.key_findings import series_fills
from incident_report.analysis.options import read_options
from incident_report.analysis.reach import aims, gaps, share, sure
from incident_report.analysis.remember import remembered
from incident_report.analysis.scorecard import objectives, score_range

NONE = "none"
GAP = "options.gap"
# Other ways to say who leads on an objective, beside the lowest score first.
_RULES: Mapping[str, Callable[[int, int], tuple[int, ...]]] = {
    "middle": lambda low, high: (low + high,),
    "highest first": lambda low, high: (high, low),
}


@register_findings(("options.",))
def option_findings(edition: Edition) -> Iterator[Finding]:
    """The largest kind of attack that nothing offered is aimed at, what bears on most of it, who leads."""
    if not read_options(edition):
        return
    yield Finding(GAP, _gap, rows=_kinds, fills=_fills(edition), tallies=False)
    ids = {s.fact: s.id for s in edition.series}
    for fact in gaps(aims(edition).table)[:1]:
        say = partial(_sure, series=ids[fact])
        yield Finding(f"options.sure.{fact}", say, rows=_borne, fills=_fills(edition), tallies=False)
    for objective in objectives(edition):
        lead = partial(_lead, objective=objective.id)
        stress = {"other_test": {name: partial(lead, rule=name) for name in _RULES}}
        yield Finding(f"options.lead.{objective.id}", lead, rows=no_rows, stress=stress, tallies=False)


def _gap(ed: Edition) -> Said | None:
    found = gaps(aims(ed).table)
    return Said(found[0] if found else NONE)


def _sure(ed: Edition, *, series: str) -> Said | None:
    return Said(" ".join(o.id for o in sure(ed, series)) or NONE)


def _lead(ed: Edition, *, objective: str, rule: str = "") -> Said | None:
    ranges = {o.id: score_range(ed, o, objective)[:2] for o in read_options(ed)}
    key = _RULES[rule] if rule else lambda low, high: (low, high)
    best = max(key(*pair) for pair in ranges.values())
    return Said(" ".join(id for id, pair in ranges.items() if key(*pair) == best), best[0])


@remembered
def _kinds(ed: Edition) -> np.ndarray:
    """The quarter's attacks by the series that they belong to."""
    return kinds_among(_current(ed), *(ed.belongs(s.id)[_current(ed)] for s in ed.series))


@remembered
def _borne(ed: Edition) -> np.ndarray:
    """The same, and by the options that bear on them."""
    now = ed.counted["incident_id"][_current(ed)]
    borne = (now.isin(share(ed, o, ed.campaign.all_series).yes) for o in read_options(ed))
    return kinds_among(_current(ed), _kinds(ed)[_current(ed)], *borne)


def _current(ed: Edition) -> np.ndarray:
    return (ed.counted["quarter"] == str(ed.quarter)).to_numpy(bool)


def _fills(ed: Edition) -> dict[str, Callable[[Edition], Edition]]:
    made: dict[str, Callable[[Edition], Edition]] = {}
    for series in ed.campaign.series:
        made |= {f"{series.id} {label}": fill for label, fill in series_fills(ed, series.id).items()}
    return made
