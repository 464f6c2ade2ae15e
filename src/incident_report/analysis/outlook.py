"""What to expect next quarter: ranges per series, for documented incidents and headline tallies apart."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from incident_report.analysis.by_period import quarterly
from incident_report.analysis.counts import BASES, Count
from incident_report.analysis.edition import Edition
from incident_report.analysis.predictive import (
    AVERAGED,
    GAMMA,
    LEVELS,
    Past,
    Predictive,
    drifting,
    scattered,
)
from incident_report.periods import Period

MAIN = "gamma_poisson"
ALTERNATIVE = "negative_binomial"
MODELS = (MAIN, ALTERNATIVE)
QUANTILES = (0.025, 0.1, 0.25, 0.5, 0.75, 0.9, 0.975)


@dataclass(frozen=True)
class Outlook:
    """Next quarter's count of one series on one basis, as a distribution.

    Attributes
    ----------
    series, basis : str
    quarter : Period
        The one predicted.
    past : tuple of Count
        Known quarters behind it, ascending; the last is the edition's own.
    models : mapping of model name -> Predictive
    """

    series: str
    basis: str
    quarter: Period
    past: tuple[Count, ...]
    models: Mapping[str, Predictive]

    @property
    def days(self) -> int:
        """Days of the quarter predicted: ranges are for the whole of it."""
        return self.quarter.days

    @property
    def now(self) -> Count:
        """The edition's own count."""
        return self.past[-1]

    @property
    def rows(self) -> tuple[str, ...]:
        """Ids of everything that went in."""
        return tuple(r for c in self.past for r in c.rows)

    def range(self, level: int, model: str = MAIN) -> tuple[int, int]:
        """Range for the whole next quarter."""
        return self.models[model].range(level, self.days)

    def median(self, model: str = MAIN) -> int:
        """As likely to be passed as not."""
        return self.models[model].quantile(0.5, self.days)

    def mean(self, model: str = MAIN) -> float:
        """Expected count."""
        return self.models[model].mean(self.days)

    def chance_of_more(self, model: str = MAIN) -> float:
        """Probability of more than this quarter.

        Where this quarter was covered whole, counts are compared; where it was not, daily rates.
        """
        now = self.now.count or 0
        threshold = now * self.days / self.now.days if self.now.partial else now
        return self.models[model].above(threshold, self.days)


def as_past(counts: Sequence[Count], target: Period) -> list[Past]:
    """Known counts, each with its distance from the quarter to predict."""
    return [
        Past(c.count, c.days, target.since(Period.parse(c.period)))
        for c in counts
        if c.count is not None and c.days > 0
    ]


def predict(counts: Sequence[Count], target: Period, half_life: float = AVERAGED) -> dict[str, Predictive]:
    """Both models' predictions from known counts before `target`."""
    past = tuple(as_past(counts, target))
    return {MAIN: _drifting(past, half_life), ALTERNATIVE: _scattered(past)}


# The same past comes back in every figure, table and sentence; that quarters scatter hangs on no half-life.
_drifting, _scattered = lru_cache(maxsize=1024)(drifting), lru_cache(maxsize=1024)(scattered)


def known(edition: Edition, series: str, basis: str) -> tuple[Count, ...]:
    """The counts that exist, ascending; unknown quarters are left out, not taken for zero."""
    return tuple(c for c in quarterly(edition, basis, series) if c.count is not None and c.days > 0)


def outlook(edition: Edition, series: str, basis: str, half_life: float = AVERAGED) -> Outlook | None:
    """One series' outlook; None where the edition's own quarter has no count on this basis."""
    past = known(edition, series, basis)
    if not past or past[-1].period != str(edition.quarter):
        return None
    target = edition.quarter.shift(1)
    return Outlook(series, basis, target, past, predict(past, target, half_life))


def outlooks(edition: Edition, basis: str, half_life: float = AVERAGED) -> tuple[Outlook, ...]:
    """Every series that can be predicted on one basis, in chart order."""
    found = (outlook(edition, s.id, basis, half_life) for s in edition.series)
    return tuple(o for o in found if o is not None)


def predictions(
    edition: Edition, half_life: float = AVERAGED, track: Mapping[str, Mapping[str, int]] | None = None
) -> list[dict[str, Any]]:
    """What this edition predicts, in plain values for provenance.json, so that the next can score it.

    Parameters
    ----------
    track : mapping, optional
        Running record so far, by ``basis/series/model``: ``scored`` and hits per level.

    Returns
    -------
    list of dict
        Sorted by basis, series order, model. `ranges` hold level -> [low, high] for the whole quarter;
        a gamma-Poisson row also carries its mixture of gammas, from which a range for fewer days follows.
    """
    made = []
    for basis in BASES:
        for o in outlooks(edition, basis, half_life):
            for model in MODELS:
                predictive = o.models[model]
                row: dict[str, Any] = {
                    "edition": str(edition.quarter),
                    "quarter": str(o.quarter),
                    "series": o.series,
                    "basis": basis,
                    "model": model,
                    "days": o.days,
                    "confidence_floor": edition.confidence_floor,
                    "past_quarters": len(o.past),
                    "mean": round(o.mean(model), 4),
                    "quantiles": {f"{q:g}": predictive.quantile(q, o.days) for q in QUANTILES},
                    "ranges": {str(level): list(o.range(level, model)) for level in LEVELS},
                    "track": dict((track or {}).get(f"{basis}/{o.series}/{model}", {})),
                }
                if model == MAIN:
                    row["gamma"] = {k: [round(float(v), 6) for v in getattr(predictive, k)] for k in GAMMA}
                made.append(row)
    return made
