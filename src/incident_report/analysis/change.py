"""Did the rate change? Comparisons of the edition's quarter with earlier ones: one comparison, one verdict."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import Enum

from incident_report.analysis.comparability import Support, support
from incident_report.analysis.counts import DOCUMENTED, Count, count, ids_in
from incident_report.analysis.edition import Edition, remembered
from incident_report.analysis.rates import RateRatio, holm, rate_ratio, smallest_p
from incident_report.periods import Quarter, Window

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
    """Test two (count, days) pairs and judge them by the declared rule, coverage apart.

    Too few to say: fewer than six attacks in both periods together, or no split of that many could
    have given p < 0.05. Clear rise or fall: (adjusted) p < 0.05. Else no detectable change.
    """
    test = rate_ratio(now[0], now[1], before[0], before[1])
    return test, _verdict(now, before, test, test.p if adjusted is None else adjusted)


def _verdict(now: tuple[int, float], before: tuple[int, float], test: RateRatio, p: float) -> Verdict:
    total = now[0] + before[0]
    if total < FEWEST or smallest_p(total, now[1], before[1]) >= ALPHA:
        return Verdict.TOO_FEW
    return direction(test.ratio - 1, p)


def direction(difference: float, p: float) -> Verdict:
    """The one rule for *clear*: rise or fall where the adjusted, two-sided p is below 0.05, else level."""
    if not p < ALPHA or difference == 0:
        return Verdict.LEVEL
    return Verdict.RISE if difference > 0 else Verdict.FALL


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
    made: list[Change] = []
    for series in edition.series:
        now = count(edition, edition.quarter, series.id, basis)
        if now.count is None:
            continue
        seen: set[tuple[Count, ...]] = {()}
        for kind, quarters in references(edition):
            before = tuple(c for q in quarters if (c := count(edition, q, series.id, basis)).count is not None)
            if before not in seen:
                seen.add(before)
                made.append(tested(kind, now, before))
    adjusted = holm([c.test.p for c in made])
    return tuple(judged(edition, change, p) for change, p in zip(made, adjusted, strict=True))


def tested(kind: str, now: Count, before: tuple[Count, ...]) -> Change:
    """One comparison of known counts, its p as yet its own and its verdict open."""
    test = rate_ratio(now.count or 0, now.days, sum(c.count or 0 for c in before), sum(c.days for c in before))
    return Change(now.series, now.basis, kind, now, before, test, test.p, Verdict.LEVEL)


def judged(edition: Edition, change: Change, p: float) -> Change:
    """The comparison with its adjusted p and its one verdict.

    Parameters
    ----------
    change : Change
        Of quarters or, where the counts' periods are months, of months.
    """
    now, before = (change.count_now, change.now.days), (change.count_before, change.days_before)
    verdict = _verdict(now, before, change.test, p)
    because: tuple[str, ...] = ("few",) if verdict is Verdict.TOO_FEW else ()
    if change.basis == DOCUMENTED:
        found = support(edition, change.series, *(_period(c) for c in (change.now, *change.before)))
        if found is not Support.STEADY:
            verdict, because = Verdict.NOT_COMPARABLE, (f"coverage_{found.value}", *because)
    # "At least 30" before cannot support a rise, nor "at least 30" now a fall.
    larger = {Verdict.RISE: change.before, Verdict.FALL: (change.now,)}.get(verdict, ())
    if any(c.bound == "at_least" for c in larger):
        verdict, because = Verdict.NOT_COMPARABLE, ("bound",)
    if verdict is Verdict.FALL and change.basis != DOCUMENTED and _rows_deny_fall(edition, change):
        verdict, because = Verdict.NOT_COMPARABLE, ("rows_deny",)
    return replace(change, p_adjusted=p, verdict=verdict, because=because)


def _rows_deny_fall(edition: Edition, change: Change) -> bool:
    """Whether as many attacks are documented over the days of a tally as came a day before, by that tally."""
    assert change.now.window is not None  # a tally has a window
    documented = len(ids_in(edition, change.now.window, change.series))
    return documented * change.days_before >= change.count_before * change.now.days


def _period(counted: Count) -> Quarter | Window:
    if "Q" in counted.period:
        return Quarter.parse(counted.period)
    assert counted.window is not None  # a month that is compared was covered
    return counted.window


def find_change(edition: Edition, series: str, basis: str, kind: str = "baseline") -> Change | None:
    """One comparison out of its table, with the table's adjustment; None where it cannot be made."""
    for change in changes(edition, basis):
        if change.series == series and change.kind == kind:
            return change
    return None


def change_name(edition: Edition, series: str, basis: str, kind: str) -> str:
    """``rockets.tally.baseline``: the name of a comparison's finding."""
    return f"{edition.find_series(series).fact}.{basis}.{kind}"
