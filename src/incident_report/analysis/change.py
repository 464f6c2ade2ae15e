"""Did the rate change? Comparisons of the edition's quarter with earlier ones, and their verdicts."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from incident_report.analysis.counts import Count, count
from incident_report.analysis.edition import Edition
from incident_report.analysis.rates import RateRatio, holm, rate_ratio, smallest_p
from incident_report.periods import Quarter

ALPHA = 0.05  # on the Holm-adjusted p
FEWEST = 6  # attacks in both periods together: fewer can hardly tell 0 from all at equal exposure


class Verdict(Enum):
    """What a comparison allows one to say."""

    RISE = "rise"
    FALL = "fall"
    LEVEL = "level"  # no change that chance could not make
    TOO_FEW = "too_few"
    NOT_COMPARABLE = "not_comparable"  # the two counts do not measure the same; a difference says nothing


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
        After Holm, over the comparisons of the same table.
    """

    series: str
    basis: str
    kind: str
    now: Count
    before: tuple[Count, ...]
    test: RateRatio
    p_adjusted: float
    verdict: Verdict

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
    def quarters_before(self) -> tuple[Quarter, ...]:
        """The quarters compared with."""
        return tuple(Quarter.parse(c.period) for c in self.before)

    @property
    def rows(self) -> tuple[str, ...]:
        """Ids of everything counted on either side."""
        return tuple(r for c in (self.now, *self.before) for r in c.rows)


def compare(
    now: tuple[int, float], before: tuple[int, float], adjusted: float | None = None
) -> tuple[RateRatio, Verdict]:
    """Test two (count, days) pairs and judge them by the declared rule.

    Too few to say: fewer than six attacks in both periods together, or no split of that many could
    have given p < 0.05. Clear rise or fall: (adjusted) p < 0.05. Else no detectable change.
    """
    test = rate_ratio(now[0], now[1], before[0], before[1])
    return test, _verdict(now, before, test, test.p if adjusted is None else adjusted)


def _verdict(now: tuple[int, float], before: tuple[int, float], test: RateRatio, p: float) -> Verdict:
    total = now[0] + before[0]
    if total < FEWEST or smallest_p(total, now[1], before[1]) >= ALPHA:
        return Verdict.TOO_FEW
    if p >= ALPHA:
        return Verdict.LEVEL
    return Verdict.RISE if test.ratio > 1 else Verdict.FALL


def references(edition: Edition) -> list[tuple[str, tuple[Quarter, ...]]]:
    """What the edition's quarter is compared with: kind and quarters, without repeats."""
    quarter = edition.quarter
    wanted: list[tuple[str, tuple[Quarter, ...]]] = []
    if edition.baseline is not None:
        wanted.append(("baseline", (edition.baseline,)))
    so_far = tuple(Quarter(quarter.year, n) for n in range(1, quarter.number))
    if so_far:
        wanted.append(("year_so_far", so_far))
    wanted.append(("year_before", (quarter.shift(-4),) if quarter.year > 1 else ()))
    return wanted


def changes(edition: Edition, basis: str) -> tuple[Change, ...]:
    """Every comparison that can be made on one basis, Holm-adjusted together.

    Parameters
    ----------
    basis : str
        `counts.TALLY` or `counts.DOCUMENTED`: each is a table of its own, so each is adjusted on its own.

    Returns
    -------
    tuple of Change
        In order of series, then baseline, year so far, year before. A comparison is left out where
        either side is unknown, or where it would repeat one already made. The year so far takes
        those of its quarters that are known.
    """
    made: list[Change] = []
    for series in edition.series:
        now = count(edition, edition.quarter, series.id, basis)
        if now.count is None:
            continue
        seen: set[tuple[str, ...]] = set()
        for kind, quarters in references(edition):
            known = [count(edition, q, series.id, basis) for q in quarters]
            before = tuple(c for c in known if c.count is not None)
            key = tuple(c.period for c in before)
            if not before or key in seen:
                continue
            seen.add(key)
            test = rate_ratio(now.count, now.days, sum(c.count or 0 for c in before), sum(c.days for c in before))
            made.append(Change(series.id, basis, kind, now, before, test, test.p, Verdict.LEVEL))
    adjusted = holm([c.test.p for c in made])
    return tuple(_judged(change, p) for change, p in zip(made, adjusted, strict=True))


def _judged(change: Change, p: float) -> Change:
    now, before = (change.count_now, change.now.days), (change.count_before, change.days_before)
    verdict = _verdict(now, before, change.test, p)
    # "At least 30" before cannot support a rise, nor "at least 30" now a fall.
    low_before = any(c.bound == "at_least" for c in change.before)
    if (verdict is Verdict.RISE and low_before) or (verdict is Verdict.FALL and change.now.bound == "at_least"):
        verdict = Verdict.NOT_COMPARABLE
    return replace(change, p_adjusted=p, verdict=verdict)


def find_change(edition: Edition, series: str, basis: str, kind: str = "baseline") -> Change | None:
    """One comparison out of its table, with the table's adjustment; None where it cannot be made."""
    for change in changes(edition, basis):
        if change.series == series and change.kind == kind:
            return change
    return None
