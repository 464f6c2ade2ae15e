"""Within the period: several tests of one question, side by side, so that a text can reconcile them.

That a test finds nothing is not that there is nothing: a test of bunching cannot see a ramp, one of levels
cannot see a burst. What is said of the period follows from all of them, and from whether its months can be
compared at all.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from scipy.special import chdtrc, ndtr

from incident_report.analysis.by_period import covered_parts
from incident_report.analysis.change import ALPHA, FEWEST, Verdict, direction
from incident_report.analysis.changepoint import SURE, posterior
from incident_report.analysis.comparability import Support, support
from incident_report.analysis.edition import Edition
from incident_report.analysis.masses import log_multinomial
from incident_report.analysis.rates import holm
from incident_report.analysis.remember import remembered
from incident_report.analysis.result import Outcome, result
from incident_report.analysis.timing import daily, dispersion_test
from incident_report.periods import Window

_COLUMNS = ["test", "statistic", "p", "p_adjusted", "probability", "finds"]
MOST_SPLIT = 1_000
MOST_ADDED = 20_000  # attacks whose places are added up; the sum of more is as good as normal
TESTS = ("bursts", "months", "ramp", "levels")


def equal_rates(parts: tuple[int, ...], days: tuple[int, ...]) -> float:
    """Multinomial p that all parts have one rate: all splits as likely as this one or less so, exactly.

    Parameters
    ----------
    parts, days : tuple of int
        Attacks, and days covered. Beyond three parts, or `MOST_SPLIT` attacks, Pearson's chi-squared stands for
        the splits, which are too many.
    """
    n, share = sum(parts), np.array(days) / sum(days) if days else np.array([])
    if n == 0 or len(parts) < 2:
        return 1.0
    if len(parts) > 3 or n > MOST_SPLIT:
        return float(chdtrc(len(parts) - 1, ((np.array(parts) - n * share) ** 2 / (n * share)).sum()))
    first = np.arange(n + 1)
    if len(parts) == 2:
        splits = np.stack([first, n - first], axis=1)
    else:
        a, b = np.meshgrid(first, first, indexing="ij")
        keep = a + b <= n
        splits = np.stack([a[keep], b[keep], n - a[keep] - b[keep]], axis=1)
    log, own = log_multinomial(splits, share), log_multinomial(parts, share)
    return float(min(1.0, np.exp(log[log <= own + 1e-9]).sum()))


def ramp(values: np.ndarray) -> tuple[float, float]:
    """Whether attacks come earlier or later in a window than at a steady rate: mean place and exact p.

    Given their number, attacks at a steady rate fall on any day alike, so the sum of their places has a
    known distribution (Cox and Lewis 1966, section 3.3); the smaller tail is doubled.

    Returns
    -------
    tuple of float
        Mean place from -0.5 (first day) to 0.5 (last day); p.
    """
    n, size = int(values.sum()), len(values)
    if n == 0 or size < 2:
        return math.nan, math.nan
    places = int((np.arange(size) * values).sum())
    if n > MOST_ADDED:
        apart = (places - n * (size - 1) / 2) / math.sqrt(n * (size**2 - 1) / 12)
        return places / n / (size - 1) - 0.5, float(2 * ndtr(-abs(apart)))
    total = np.fft.irfft(np.fft.rfft(np.full(size, 1 / size), n * (size - 1) + 1) ** n, n * (size - 1) + 1)
    total = np.clip(total, 0, None)
    p = 2 * min(total[: places + 1].sum(), total[places:].sum()) / total.sum()
    return places / n / (size - 1) - 0.5, float(min(1.0, p))


@dataclass(frozen=True)
class Within:
    """What all tests of the quarter say together.

    Attributes
    ----------
    verdict : Verdict
        Rise or fall where the ramp is clear, level or too few else; not comparable where it is not known that
        the record kept pace over its parts (a quarter's months, a year's quarters), whatever the tests say.
    because : tuple of str
        As for `Change`.
    bursts, months, ramp, levels : bool or None
        Whether dispersion, the parts, the drift or change points find something; None where not tested.
    direction : Verdict
        What the ramp's test alone says of the record.
    month_counts : tuple of int
    """

    verdict: Verdict
    because: tuple[str, ...]
    bursts: bool | None
    months: bool | None
    ramp: bool | None
    levels: bool | None
    direction: Verdict
    month_counts: tuple[int, ...]

    @property
    def known(self) -> bool:
        """Whether there were enough attacks to test anything."""
        return self.ramp is not None

    @property
    def finds(self) -> tuple[str, ...]:
        """Tests that find the quarter other than steady, as ``bursts``, ``months``, ``ramp``, ``levels``."""
        return tuple(name for name in TESTS if getattr(self, name))

    @property
    def misses(self) -> tuple[str, ...]:
        """Tests that were made and find nothing."""
        return tuple(name for name in TESTS if getattr(self, name) is False)

    @property
    def uneven(self) -> bool:
        """Whether any test finds the quarter other than steady."""
        return bool(self.finds)

    @property
    def agree(self) -> bool:
        """Whether the tests made all say the same."""
        return not (self.finds and self.misses)


def _months(ed: Edition, window: Window | None) -> list[Window]:
    parts = (covered.overlap(window) for _, covered in covered_parts(ed) if covered and window)
    return [p for p in parts if p is not None]


def _cover(ed: Edition, series: str, months: Sequence[Window]) -> tuple[str, ...]:
    """Why parts of the quarter cannot be compared."""
    found = support(ed.record(series), *months) if len(months) > 1 else Support.UNKNOWN
    return () if found is Support.STEADY else (f"coverage_{found.value}",)


@remembered
def _tested(ed: Edition, series: str) -> tuple[pd.DataFrame, Within]:
    window = ed.coverage(ed.quarter)
    counts = daily(ed, series, window) if window else pd.Series(dtype=int)
    months = _months(ed, window)
    per_month = tuple(int(counts.truncate(m.start, m.end).sum()) for m in months)
    cover = _cover(ed, series, months)
    if counts.sum() < FEWEST:
        verdict = Verdict.NOT_COMPARABLE if cover else Verdict.TOO_FEW
        none = Within(verdict, (*cover, "few"), None, None, None, None, Verdict.LEVEL, per_month)
        return pd.DataFrame(columns=_COLUMNS), none
    values = counts.to_numpy()
    tests = {"days": dispersion_test(values), "weeks": dispersion_test(values, 7)}
    if ed.quarter.parts:
        tests["months"] = math.nan, equal_rates(per_month, tuple(m.days for m in months))
    tests["ramp"] = ramp(values)
    table = pd.DataFrame([*_adjusted(tests), _levels(counts)], columns=_COLUMNS)
    told = dict(zip(table["test"], table["finds"], strict=True))
    way = direction(tests["ramp"][0], table.loc[table["test"] == "ramp", "p_adjusted"].item())
    verdict = Verdict.NOT_COMPARABLE if cover else way
    said = Within(
        verdict, cover, bool(told["days"] or told["weeks"]), told.get("months"), told["ramp"], told["levels"],
        way, per_month,
    )  # fmt: skip
    return table, said


def _adjusted(tests: Mapping[str, tuple[float, float]]) -> list[tuple[Any, ...]]:
    """Each test with its p after Holm, and whether it finds anything: None where there is too little to test."""
    at = [name for name, (_, p) in tests.items() if not math.isnan(p)]
    held = dict(zip(at, holm([tests[t][1] for t in at]), strict=True))
    return [(t, *tests[t], held.get(t, math.nan), math.nan, held[t] < ALPHA if t in held else None) for t in tests]


def _levels(counts: pd.Series) -> tuple[Any, ...]:
    found = posterior(counts)
    sure = (math.nan, None) if found is None else (found.p_change, found.p_change >= SURE)
    return ("levels", math.nan, math.nan, math.nan, *sure)


@result
def within_quarter(ed: Edition, *, series: str = "all") -> Outcome:
    """Every test of whether documented attacks came evenly within the quarter, and what they say together.

    Returns
    -------
    Result
        One row a test (``days`` and ``weeks``: dispersion; ``months``: equal rates of the parts, where there are
        any; ``ramp``: earlier or later;
        ``levels``: change points): statistic, p, p_adjusted (Holm, over the four), probability, finds (None
        where there is too little to test). Empty for fewer than six attacks. The verdict is that of all together;
        `value` is a `Within`.
    """
    table, said = _tested(ed, ed.find_series(series).id)
    return Outcome(table, ed.incidents(ed.quarter, series)["incident_id"], said.verdict, said)
