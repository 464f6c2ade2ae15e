"""Did the rate change? Comparisons of the edition's quarter with earlier ones: one comparison, one verdict."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum

from incident_report.analysis.comparability import Support, support
from incident_report.analysis.counts import DOCUMENTED, Count, Pair
from incident_report.analysis.rates import RateRatio, holm, rate_ratio
from incident_report.periods import Period

ALPHA = 0.05  # on the Holm-adjusted, two-sided p; every *clear* of the report
FEWEST = 6  # attacks in both periods together: fewer can hardly tell 0 from all at equal exposure


class Verdict(Enum):
    """What a comparison allows one to say."""

    RISE = "rise"
    FALL = "fall"
    LEVEL = "level"  # no change that chance could not make
    TOO_FEW = "too_few"
    NOT_COMPARABLE = "not_comparable"  # the two counts do not measure the same; a difference says nothing


class Family(Enum):
    """Tests that are adjusted together (Holm): a *clear* is one among all of its family."""

    TALLY = "tally"  # comparisons of the headline tracker's counts with earlier quarters
    DOCUMENTED = "documented"  # the same of documented incidents
    TRENDS = "trends"  # of what attacks are like: Kendall, Cochran-Armitage and permutation tests
    EVENTS = "events"  # windows around dated events
    MONTHS = "months"  # within the quarter


@dataclass(frozen=True)
class Change:
    """One comparison of a series on one basis.

    Attributes
    ----------
    kind : str
        ``baseline``, ``year_so_far`` or ``year_before``.
    now, before : tuple of Count
        `now` is one count, `before` one or more quarters taken together; same series, same basis.
    test : RateRatio
        Rate now over rate before, per day of coverage.
    p_adjusted : float
        After Holm, over the comparisons of the same basis.
    because : tuple of str
        What keeps the verdict from being a test's: ``bound``, ``coverage_thin``, ``coverage_uneven``,
        ``coverage_unknown``, ``few``, ``rows_deny`` (the record holds more than a fall allows); empty for the test's
        own.
    """

    series: str
    basis: str
    kind: str
    now: Count
    before: tuple[Count, ...]
    test: RateRatio
    p_adjusted: float
    verdict: Verdict
    because: tuple[str, ...] = ()

    @property
    def count_now(self) -> int:
        """Attacks in the edition's quarter."""
        return self.now.count or 0

    @property
    def count_before(self) -> int:
        """Attacks in the quarters compared with."""
        return sum(c.count or 0 for c in self.before)

    @property
    def days_before(self) -> int:
        """Days covered in the quarters compared with."""
        return sum(c.days for c in self.before)

    @property
    def quarters_before(self) -> tuple[Period, ...]:
        """The quarters compared with."""
        return tuple(Period.parse(c.period) for c in self.before)

    @property
    def rows(self) -> tuple[str, ...]:
        """Ids of everything counted on either side."""
        return tuple(r for c in (self.now, *self.before) for r in c.rows)


def compare(
    now: tuple[int, float], before: tuple[int, float], adjusted: float | None = None
) -> tuple[RateRatio, Verdict]:
    """Test two (count, days) pairs and judge them by the declared rule, coverage apart.

    Too few to say: fewer than six attacks in both periods together, or no split of that many could
    have given p < 0.05. Clear rise or fall: (adjusted) p < 0.05. Else no detectable change.
    """
    test = rate_ratio(now[0], now[1], before[0], before[1])
    return test, _verdict(now[0] + before[0], test, test.p if adjusted is None else adjusted)


def _verdict(total: int, test: RateRatio, p: float) -> Verdict:
    if total < FEWEST or test.least >= ALPHA:
        return Verdict.TOO_FEW
    return direction(test.ratio - 1, p)


def direction(difference: float, p: float) -> Verdict:
    """The one rule for *clear*: rise or fall where the adjusted, two-sided p is below 0.05, else level."""
    if not p < ALPHA or difference == 0:
        return Verdict.LEVEL
    return Verdict.RISE if difference > 0 else Verdict.FALL


def judged(pairs: Sequence[Pair], p: Sequence[float] | None = None) -> tuple[Change, ...]:
    """Comparisons that are tested and adjusted together by Holm, each with its one verdict.

    Parameters
    ----------
    pairs : sequence of Pair
        Of quarters or, where the counts' periods are months, of months.
    p : sequence of float, optional
        Of another test; the exact conditional test's if left out.
    """
    kept = [support(pair.record, *pair.periods) if pair.now.basis == DOCUMENTED else Support.STEADY for pair in pairs]
    tests = [rate_ratio(*pair.counted_now, *pair.counted_before) for pair in pairs]
    adjusted = holm([t.p for t in tests] if p is None else p)
    return tuple(_judged(*each) for each in zip(pairs, kept, tests, adjusted, strict=True))


def _judged(pair: Pair, kept: Support, test: RateRatio, p: float) -> Change:
    verdict, because = _said(pair, _verdict(pair.total, test, p), kept)
    return Change(pair.now.series, pair.now.basis, pair.kind, pair.now, pair.before, test, p, verdict, because)


def _said(pair: Pair, tested: Verdict, kept: Support) -> tuple[Verdict, tuple[str, ...]]:
    """What may be said of a test's verdict, and what keeps it from being the test's own."""
    because = ("few",) if tested is Verdict.TOO_FEW else ()
    if kept is not Support.STEADY:
        return Verdict.NOT_COMPARABLE, (f"coverage_{kept.value}", *because)
    # "At least 30" before cannot support a rise, nor "at least 30" now a fall.
    larger = {Verdict.RISE: pair.before, Verdict.FALL: (pair.now,)}.get(tested, ())
    if any(c.bound == "at_least" for c in larger):
        return Verdict.NOT_COMPARABLE, ("bound",)
    if tested is Verdict.FALL and pair.now.basis != DOCUMENTED and _rows_deny(pair):
        return Verdict.NOT_COMPARABLE, ("rows_deny",)
    return tested, because


def _rows_deny(pair: Pair) -> bool:
    """Whether as many attacks are documented over the days of a tally as came a day before, by that tally."""
    (_, days), (before, days_before) = pair.counted_now, pair.counted_before
    return pair.now.beside * days_before >= before * days
