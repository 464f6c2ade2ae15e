"""An edition's comparisons of its quarter with earlier ones, a family each for tallies and for documented incidents."""

from __future__ import annotations

from incident_report.analysis.by_period import compared
from incident_report.analysis.change import Change, judged
from incident_report.analysis.edition import Edition
from incident_report.analysis.remember import remembered


@remembered
def changes(edition: Edition, basis: str) -> tuple[Change, ...]:
    """Every comparison that can be made on one basis, Holm-adjusted together.

    Parameters
    ----------
    basis : str
        `counts.TALLY` or `counts.DOCUMENTED`: each is a family of its own, adjusted on its own.

    Returns
    -------
    tuple of Change
        In order of series, then baseline, year so far, year before. A comparison is left out where
        either side is unknown, or where it would repeat one already made. The year so far takes
        those of its quarters that are known.
    """
    pairs = compared(edition, basis)
    return judged(pairs)


def find_change(edition: Edition, series: str, basis: str, kind: str = "baseline") -> Change | None:
    """One comparison out of its table, with the table's adjustment; None where it cannot be made."""
    for change in changes(edition, basis):
        if change.series == series and change.kind == kind:
            return change
    return None


def change_name(edition: Edition, series: str, basis: str, kind: str) -> str:
    """``rockets.tally.baseline``: the name of a comparison's finding."""
    return f"{edition.find_series(series).fact}.{basis}.{kind}"
