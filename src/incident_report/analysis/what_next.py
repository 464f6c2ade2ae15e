"""What next: ranges for the coming quarter, how the last outlook did, and how the models would have done."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from incident_report.analysis.backtest import back_test, hit_rates
from incident_report.analysis.counts import BASES, TALLY
from incident_report.analysis.edition import Edition
from incident_report.analysis.outlook import ALTERNATIVE, MAIN, MODELS, Outlook, outlook, outlooks
from incident_report.analysis.predictive import AVERAGED, LEVELS
from incident_report.analysis.result import Outcome, Result, result
from incident_report.analysis.scores import scores
from incident_report.data.model import Series
from incident_report.periods import Period

_EXPECTED = [
    "basis", "series", "model", "period", "days", "now", "days_now", "median", "mean",
    *(f"{end}_{level}" for level in LEVELS for end in ("low", "high")), "chance_of_more",
]  # fmt: skip
RANGE = 80  # percent: the range that sentences give


@result
def expected(ed: Edition, *, half_life: float = AVERAGED) -> Outcome:
    """Ranges of both models for the next quarter, by series and kind of count.

    Parameters
    ----------
    half_life : float
        Quarters after which a past quarter counts half; 0 averages over several.

    Returns
    -------
    Result
        One row a basis, series and model: median, mean, ranges that hold at least 50, 80 and 95 % of
        the probability, and the chance of more than now. `value` is a tuple of `Outlook`.
    """
    made = tuple(o for basis in BASES for o in outlooks(ed, basis, half_life))
    table = pd.DataFrame(
        [
            [
                o.basis, o.series, model, str(o.quarter), o.days, o.now.count, o.now.days, o.median(model),
                o.mean(model), *(v for level in LEVELS for v in o.range(level, model)), o.chance_of_more(model),
            ]
            for o in made
            for model in MODELS
        ],
        columns=_EXPECTED,
    )  # fmt: skip
    return Outcome(table, [r for o in made for r in o.rows], value=made)


@result
def tested(ed: Edition, *, half_life: float = AVERAGED) -> Outcome:
    """Back-test: every past quarter predicted from those before it, hits by kind of count, model and level.

    Returns
    -------
    Result
        Columns basis, model, level, hits, cases, expected, low, high (Clopper and Pearson, 95 %).
    """
    rows, behind = [], []
    for basis in BASES:
        cases = back_test(ed, basis, half_life)
        behind += [r for c in cases for r in c.observed.rows]
        for model in MODELS:
            for rate in hit_rates(c for c in cases if c.model == model):
                rows.append((basis, model, rate.level, rate.hits, rate.cases, rate.expected, rate.low, rate.high))
    names = ["basis", "model", "level", "hits", "cases", "expected", "low", "high"]
    table = pd.DataFrame(rows, columns=names)
    return Outcome(table[table["cases"] > 0].reset_index(drop=True), behind, value=int(table["cases"].max() or 0))


@result
def scored(ed: Edition, *, previous: str = "") -> Outcome:
    """The previous edition's published ranges beside what came.

    Parameters
    ----------
    previous : str
        Folder or data.zip of the previous edition; empty for none.

    Returns
    -------
    Result
        Columns basis, series, model, observed (NA where there is no count), low and high of each level
        (NA where it cannot be scored), reason (``no_count``, ``other_floor``, ``fewer_days`` or empty).
    """
    from incident_report.data.predecessor import read_previous

    made = scores(ed, read_previous(previous))
    rows = []
    for s in made:
        ranges = [v for level in LEVELS for v in (s.ranges[level] if s.scored else (pd.NA, pd.NA))]
        observed = pd.NA if s.observed.count is None else s.observed.count
        rows.append((s.basis, s.series, s.model, observed, *ranges, s.reason))
    ends = [f"{end}_{level}" for level in LEVELS for end in ("low", "high")]
    table = pd.DataFrame(rows, columns=["basis", "series", "model", "observed", *ends, "reason"])
    return Outcome(table, [r for s in made for r in s.observed.rows], value=made)


@dataclass(frozen=True)
class SeriesOutlook:
    """One series' outlook on the kind of count that its headline rests on."""

    series: Series
    basis: str
    found: Outlook

    @property
    def now(self) -> int:
        """The edition's own count."""
        return self.found.now.count or 0

    @property
    def low(self) -> int:
        """Lower end of the 80% range for the whole next quarter."""
        return self.found.range(RANGE)[0]

    @property
    def high(self) -> int:
        """Upper end of the 80% range."""
        return self.found.range(RANGE)[1]

    @property
    def middle(self) -> int:
        """As likely to be passed as not."""
        return self.found.median()

    @property
    def quarters(self) -> int:
        """Quarters of counts that it rests on."""
        return len(self.found.past)

    @property
    def chance(self) -> float:
        """Probability of more than now, by the main model."""
        return self.found.chance_of_more()

    @property
    def other_chance(self) -> float:
        """The same by the model that knows no drift."""
        return self.found.chance_of_more(ALTERNATIVE)

    @property
    def partial(self) -> bool:
        """Whether this quarter's count covers part of it, so that rates are compared."""
        return self.found.now.partial


@dataclass(frozen=True)
class OutlookFacts:
    """What the counts so far would lead one to expect.

    Attributes
    ----------
    period : Period
        The quarter predicted.
    series : tuple of SeriesOutlook
        The campaign's series that can be predicted, in chart order.
    """

    period: Period
    made: Result
    back: Result
    series: tuple[SeriesOutlook, ...]

    @property
    def known(self) -> bool:
        """Whether anything can be said."""
        return bool(self.series)

    @property
    def odds(self) -> float:
        """What share of outcomes the printed range is to hold, by the model."""
        return RANGE / 100

    @property
    def drawn(self) -> tuple[SeriesOutlook, ...]:
        """Series that one chart may set side by side: those on the headline tally, or all where none is."""
        return tuple(s for s in self.series if s.basis == TALLY) or self.series

    @property
    def cases(self) -> int:
        """Past quarters and series on which the main model can be tried, on the headline's kind of count."""
        rows = self._main(RANGE)
        return int(rows["cases"].sum())

    @property
    def hits(self) -> int:
        """How many of these fell inside the 80% range."""
        return int(self._main(RANGE)["hits"].sum())

    @property
    def missed(self) -> bool:
        """Whether the main model has caught clearly fewer than its ranges promise."""
        rows = self._main(RANGE)
        return bool((rows["high"] < RANGE / 100).any())

    def _main(self, level: int) -> pd.DataFrame:
        table = self.back.table
        basis = TALLY if any(s.basis == TALLY for s in self.series) else "documented"
        return table[(table["model"] == MAIN) & (table["level"] == level) & (table["basis"] == basis)]


def outlook_facts(ed: Edition) -> OutlookFacts:
    """The outlook of the edition's series."""
    made = []
    for one in ed.facts.edition.series:
        found = outlook(ed, one.series.id, one.basis)
        if found is not None and any(c.count for c in found.past):  # of what never was there is no range to tell
            made.append(SeriesOutlook(one.series, one.basis, found))
    return OutlookFacts(ed.quarter.shift(1), expected(ed), tested(ed), tuple(made))


def stored(ed: Edition, previous: Mapping[str, Any], half_life: float = AVERAGED) -> list[dict[str, Any]]:
    """What this edition predicts, with the running record, so that the next can score it."""
    from incident_report.analysis.outlook import predictions
    from incident_report.analysis.scores import running

    return predictions(ed, half_life, running(ed, previous))
