"""How much of what a headline tally counted the documented incidents hold."""

from __future__ import annotations

import math
from dataclasses import dataclass

from incident_report.analysis.counts import covered_days, in_window
from incident_report.analysis.edition import Edition, Tally
from incident_report.periods import Quarter

THIN = 1 / 3  # below this share a documented trend is no evidence
FULL = 0.8  # from here to its inverse the two counts are close
UNEVEN = 1.5  # if the share differs by more than this factor between quarters, so does what is seen


@dataclass(frozen=True)
class Coverage:
    """Documented incidents beside a tally, over exactly the tally's days.

    Attributes
    ----------
    documented : int or None
        None where no incidents file covers all those days: unknown.
    rows : tuple of str
        Incident ids, then the tally's.
    """

    series: str
    quarter: Quarter
    tally: Tally
    documented: int | None
    rows: tuple[str, ...] = ()

    @property
    def share(self) -> float:
        """Documented / tallied; NaN where it means nothing."""
        if self.documented is None or self.tally.count == 0:
            return math.nan
        return self.documented / self.tally.count

    @property
    def level(self) -> str:
        """``unknown``, ``thin`` (below a third), ``partial``, ``close`` or ``above`` (over 1.25)."""
        if math.isnan(self.share):
            return "unknown"
        if self.share < THIN:
            return "thin"
        return "partial" if self.share < FULL else "close" if self.share <= 1 / FULL else "above"


def coverage(edition: Edition, quarter: Quarter, series: str) -> Coverage | None:
    """Coverage of one series in one quarter; None where there is no headline tally."""
    tally = edition.tally(quarter, series)
    if tally is None:
        return None
    if covered_days(edition, tally.window) < tally.days:
        return Coverage(series, quarter, tally, None, (tally.tally_id,))
    rows = tuple(in_window(edition, tally.window, series)["incident_id"])
    return Coverage(series, quarter, tally, len(rows), (*rows, tally.tally_id))


def coverages(edition: Edition) -> list[Coverage]:
    """Every series and quarter with a headline tally, in chart order."""
    pairs = [(s.id, q) for s in edition.series for q in edition.quarters]
    found = [coverage(edition, quarter, series) for series, quarter in pairs]
    return [c for c in found if c is not None]


def trend_support(edition: Edition, series: str, *quarters: Quarter) -> str:
    """Whether a documented change between quarters can stand for a change in attacks.

    Parameters
    ----------
    quarters : Quarter
        The edition's and its baseline if left out.

    Returns
    -------
    str
        ``untallied``: a quarter has no tally to check against; ``thin``: a quarter documents less
        than a third of its tally; ``uneven``: the share differs by more than half again between
        quarters; ``usable``.
    """
    wanted = quarters or tuple(q for q in (edition.quarter, edition.baseline) if q is not None)
    own = _support(edition, series, wanted)
    parts = [s.id for s in edition.campaign.series]
    if own == "untallied" and series not in parts:
        # A whole is no better documented than the parts of it that were tallied.
        return "thin" if thin_parts(edition, wanted) else own
    return own


def thin_parts(edition: Edition, quarters: tuple[Quarter, ...]) -> list[str]:
    """The campaign's series of which some quarter documents less than a third of the tally."""
    return [s.id for s in edition.campaign.series if _support(edition, s.id, quarters) == "thin"]


def _support(edition: Edition, series: str, quarters: tuple[Quarter, ...]) -> str:
    found = [coverage(edition, q, series) for q in quarters]
    # None tallied and none documented agree; there is no share to form.
    found = [c for c in found if not (c and c.tally.count == 0 and c.documented == 0)]
    if found != [c for c in found if not (c and c.tally.count == 0)]:
        return "uneven"
    if len(quarters) > 1 and not found:
        return "usable"
    shares = [c.share if c else math.nan for c in found]
    known = [s for s in shares if not math.isnan(s)]
    if any(s < THIN for s in known):
        return "thin"
    if len(known) < len(shares) or len(quarters) < 2:
        return "untallied"
    return "uneven" if max(known) > UNEVEN * min(known) else "usable"
