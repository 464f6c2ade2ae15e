"""How the outlook would have done, and how the last edition's did."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from incident_report.analysis.counts import Count
from incident_report.analysis.edition import Edition
from incident_report.analysis.outlook import MODELS, known, predict
from incident_report.analysis.predictive import AVERAGED, LEVELS, Predictive
from incident_report.analysis.rates import clopper_pearson
from incident_report.periods import Period


@dataclass(frozen=True)
class Case:
    """One past quarter predicted from those before it.

    Attributes
    ----------
    observed : Count
        What came; the ranges are for the days that it covers.
    past_quarters : int
        Quarters that the prediction rested on.
    predictive : Predictive
    """

    series: str
    basis: str
    model: str
    observed: Count
    past_quarters: int
    predictive: Predictive

    def range(self, level: int) -> tuple[int, int]:
        """Range for the days that the count covers."""
        return self.predictive.range(level, self.observed.days)

    def inside(self, level: int) -> bool:
        """Whether the count fell into the range."""
        low, high = self.range(level)
        return low <= (self.observed.count or 0) <= high

    def held(self, level: int) -> float:
        """Probability that the range really holds (at least the level, as counts are whole)."""
        return self.predictive.held(level, self.observed.days)

    @property
    def narrowest(self) -> int | None:
        """The narrowest range that the count fell into; None if it fell outside all."""
        return next((level for level in LEVELS if self.inside(level)), None)


@dataclass(frozen=True)
class HitRate:
    """Hits of one level over several cases.

    Attributes
    ----------
    low, high : float
        Clopper and Pearson's 95% interval for the true hit rate, taking the cases as independent;
        0 and 1 where there is no case.
    expected : float
        Hits that the model itself expected: the sum of what its ranges really hold.
    """

    level: int
    hits: int
    cases: int
    expected: float
    low: float
    high: float


def cases(counts: Sequence[Count], half_life: float = AVERAGED) -> list[Case]:
    """Every count but the first, predicted one step ahead from those before it, by both models."""
    made = []
    for i, observed in enumerate(counts):
        if i == 0 or observed.count is None:
            continue
        models = predict(counts[:i], Period.parse(observed.period), half_life)
        for model in MODELS:
            made.append(Case(observed.series, observed.basis, model, observed, i, models[model]))
    return made


def back_test(edition: Edition, basis: str, half_life: float = AVERAGED) -> tuple[Case, ...]:
    """One-step-ahead cases of the campaign's own series (not of their sum, which would count them twice)."""
    return tuple(
        case for series in edition.campaign.series for case in cases(known(edition, series.id, basis), half_life)
    )


def hit_rates(made: Iterable[Case]) -> list[HitRate]:
    """Hits per level."""
    made = list(made)
    rates = []
    for level in LEVELS:
        hits = sum(case.inside(level) for case in made)
        low, high = clopper_pearson(hits, len(made)) if made else (0.0, 1.0)
        rates.append(HitRate(level, hits, len(made), sum(c.held(level) for c in made), low, high))
    return rates
