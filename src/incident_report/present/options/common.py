"""What the parts of the options chapter share: wording of shares, of tallies, and of whose judgement it is."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence

from incident_report.analysis.edition import Edition
from incident_report.analysis.reach import Reach, Share, Weighted
from incident_report.present.phrase import count, escape, join, span
from incident_report.present.records import Record, Trace, show_prose

REACH = "incident_report.analysis.reach.reach"
FEWEST = 10  # no percentage on a smaller base
_PALE_TO_DEEP = ((0.94, 0.96, 0.98), (0.38, 0.62, 0.84))  # dark text keeps 5:1 on the deepest
_NOISE = 1e-9  # of adding floating-point numbers
JUDGED = "Analyst's judgement"
WHOSE = {"article": "Article", "analyst": "Analyst", "data": "Data"}


def none_listed(id: str) -> Record:
    """The one sentence that stands where a campaign declares no options."""
    return show_prose(id, "This campaign declares no policy options, so there is nothing to show here.")


def capital(text: str) -> str:
    """The first letter large, all others as they are."""
    return text[:1].upper() + text[1:]


def percent(share: float) -> str:
    """``44%``; never 0 or 100 for a share that is neither."""
    text = f"{100 * share:.0f}"
    if text == "100" and share < 1 - _NOISE:
        text = "over 99"
    if text == "0" and share > _NOISE:
        text = "under 1"
    return f"{text}%"


def limits(low: float, high: float) -> str:
    """``30% to 57%``."""
    return f"{percent(low)} to {percent(high)}"


def short_limits(low: float, high: float) -> str:
    """``30–57%``, for table cells."""
    return f"{percent(low).rstrip('%').replace('under ', '<')}–{percent(high).replace('over ', '>')}"


def covered(share: Share, zero: str = "none") -> str:
    """``12 of 26`` with the percentage where the base allows one; ``none of 26``."""
    part = zero if not share.covered and share.n else str(len(share.covered))
    if not share.n:
        return "none recorded"
    tail = f" ({percent(len(share.covered) / share.n)})" if share.n >= FEWEST and share.covered else ""
    return f"{part} of {share.n}{tail}"


def weighted_base(ed: Edition, weighted: Weighted) -> int:
    """The smaller of the tallied and the documented attacks behind a weighted share."""
    documented = sum(len(ed.incidents(ed.quarter, s)) for s in weighted.weights)
    return min(documented, sum(t.count for t in weighted.tallies))


def tracker(ed: Edition) -> str:
    """Name of the headline tracker, escaped."""
    id = ed.campaign.headline_tracker or ""
    return escape(ed.campaign.trackers.get(id, id))


def tallies_words(ed: Edition, weighted: Weighted) -> str:
    """``27 rocket and drone attacks and 25 convoy attacks, 1 July to 25 September 2020 (87 of 92 days)``."""
    parts = []
    for tally in weighted.tallies:
        series = ed.find_series(tally.series)
        least = {"at_least": "at least ", "about": "about "}.get(tally.bound, "")
        parts.append(f"{least}{count(tally.count, escape(series.singular), escape(series.noun))}")
    windows = {t.window for t in weighted.tallies}
    if len(windows) > 1:
        return f"{join(parts)}, over windows that differ"
    window = windows.pop()
    short = f" ({window.days} of {ed.quarter.days} days)" if weighted.partial else ""
    return f"{join(parts)}, {span(window.start, window.end)}{short}"


def reach_trace(ed: Edition, found: Sequence[Reach]) -> list[Trace]:
    """One trace an option: the incidents and tallies behind its share."""
    return [
        Trace(
            REACH,
            {"option": r.option.id, "quarter": ed.quarter},
            [*r.total.covered, *(t.tally_id for t in (r.weighted.tallies if r.weighted else ()))],
            f"{len(r.total.covered)} of {r.total.n}",
        )
        for r in found
    ]


def shade(part: float) -> tuple[float, float, float]:
    """A blue between pale (0) and deep (1)."""
    pale, deep = _PALE_TO_DEEP
    red, green, blue = (a + (b - a) * min(1.0, max(0.0, part)) for a, b in zip(pale, deep, strict=True))
    return red, green, blue


def wrapped(text: str, width: int) -> str:
    """A label on several lines."""
    return "\n".join(textwrap.wrap(text, width)) or text
