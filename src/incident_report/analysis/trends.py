"""What attacks are like, over time: one family of tests, adjusted together, one verdict each.

Kendall's tau, Cochran and Armitage's trend in shares and permutation tests stand side by side and are
adjusted as one family (`Family.TRENDS`), so that *clear* means the same for each.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
import scipy

from incident_report.analysis.change import Verdict, direction
from incident_report.analysis.comparability import Support, support
from incident_report.analysis.edition import Edition
from incident_report.analysis.exact import LARGEST, subset_p
from incident_report.analysis.harm import FEWEST_FOR_A_SHARE, any_casualty
from incident_report.analysis.rates import holm, prop_trend
from incident_report.analysis.remember import remembered, remembered_of_rows
from incident_report.analysis.result import Outcome, result
from incident_report.analysis.rubric import rubric, scored
from incident_report.analysis.shifts import FEWEST_QUARTERS, drift, shift
from incident_report.analysis.sophistication import composite_values, filed, scaled
from incident_report.periods import Period

BASELINE, FIRST, OVER_TIME = "baseline", "first", "trend"


@dataclass(frozen=True)
class Trend:
    """One test of the family.

    Attributes
    ----------
    name : str
        ``munitions.baseline``: what, and against what (``baseline``, ``first`` quarter, ``trend`` over quarters).
    method : str
        ``permutation``, ``kendall`` or ``cochran_armitage``.
    quarters : tuple of Period
        Compared; for a trend the longest run up to the edition's whose record kept pace.
    estimate : float
        Difference of means, tau, or change of the share a quarter.
    p, p_adjusted : float
        Two-sided; NaN where too few.
    because : tuple of str
        As for `Change`.
    """

    name: str
    method: str
    quarters: tuple[Period, ...]
    estimate: float
    p: float
    p_adjusted: float
    n: int
    verdict: Verdict
    because: tuple[str, ...] = ()


@remembered
def comparable(edition: Edition, series: str) -> tuple[Period, ...]:
    """The longest run of quarters with a file, up to the edition's, over which the record kept pace."""
    quarters = filed(edition)
    for first in range(len(quarters) - 1):
        if support(edition.record(series), *quarters[first:]) is Support.STEADY:
            return quarters[first:]
    return quarters[-1:]


@remembered
def trends(edition: Edition, series: str) -> tuple[Trend, ...]:
    """Every test of what attacks of a series are like, adjusted together (Holm).

    Munitions per attack and the composite and each dimension of the rubric, against the baseline and over
    quarters; shares of attacks with casualties and with deaths, over quarters.
    """
    made = list(_raw(edition, series))
    at = [i for i, t in enumerate(made) if not math.isnan(t.p)]
    for i, p in zip(at, holm([made[i].p for i in at]), strict=True):
        found = direction(made[i].estimate, p) if made[i].verdict is Verdict.LEVEL else made[i].verdict
        made[i] = replace(made[i], p_adjusted=p, verdict=found)
    return tuple(made)


def again(edition: Edition, series: str, name: str, family: Sequence[Trend], other: bool = False) -> Trend | None:
    """One test of the family on other data, adjusted with the family's other tests as they are.

    Parameters
    ----------
    family : sequence of Trend
        Of the edition that `edition` is a variant of.
    other : bool
        By another test of the same question: rank sums, Spearman's rho, chi-squared.
    """
    found = next((t for t in _raw(edition, series, name.split(".")[0], other) if t.name == name), None)
    if found is None or math.isnan(found.p):
        return found
    p = holm([found.p, *(t.p for t in family if t.name != name and not math.isnan(t.p))])[0]
    verdict = direction(found.estimate, p) if found.verdict is Verdict.LEVEL else found.verdict
    return replace(found, p_adjusted=p, verdict=verdict)


def _raw(edition: Edition, series: str, only: str = "", other: bool = False) -> Iterator[Trend]:
    at, munitions, casualties, deaths = told(edition, series)
    if only in ("", "munitions") and not np.isnan(munitions).all():
        yield from _measured(edition, series, "munitions", at, munitions, other, first=True)
    for name, answer in (("casualties", casualties), ("deaths", deaths)):
        if only in ("", name) and _shares_tell(edition, answer):
            yield _shares(edition, series, name, at, answer, other)
    for name, where, values in levels(edition, series) if only not in ("munitions", "casualties", "deaths") else ():
        if only in ("", name):
            yield from _measured(edition, series, name, where, values, other)


def _shares_tell(edition: Edition, answer: np.ndarray) -> bool:
    """Whether a share of attacks that did harm means anything: some row tells, and not only deadly ones are held."""
    return not edition.campaign.only_deadly and not bool(np.isnan(answer).all())


@remembered_of_rows
def told(edition: Edition, series: str) -> tuple[np.ndarray, ...]:
    """Period, munitions, any casualty and any death of each attack; NaN is unknown."""
    if edition.left_out:
        return tuple(values[_kept(edition, series)] for values in told(edition.whole, series))
    rows = edition.incidents(None, series)
    answers = (rows["munition_count"], any_casualty(rows), rows["killed"] > 0)
    numbers = (a.astype("Float64").to_numpy(float, na_value=np.nan) for a in answers)
    return (rows["quarter"].to_numpy(str), *numbers)


@remembered_of_rows
def levels(edition: Edition, series: str) -> tuple[tuple[str, np.ndarray, np.ndarray], ...]:
    """The composite, then every dimension: name, quarter and value of each attack; nothing without a rubric."""
    if edition.left_out:  # scored once: that costs more than all the tests
        kept = _kept(edition, series)
        return tuple((name, at[kept], values[kept]) for name, at, values in levels(edition.whole, series))
    rules = rubric(edition)
    if rules is None:
        return ()
    table = scored(edition, series)
    at = table["quarter"].to_numpy(str)
    weights = np.array([[rules.weights.get(d, 1.0)] for d in rules.composite])
    whole = composite_values(scaled(table, rules), weights, rules.minimum_known)[:, 0] if len(table) else np.empty(0)
    each = ((d.id, at, table[d.id].astype("Float64").to_numpy(float, na_value=np.nan)) for d in rules.dimensions)
    return (("composite", at, whole), *each)


def _kept(edition: Edition, series: str) -> np.ndarray:
    """Which attacks of a series of the whole edition are left without some rows."""
    return edition.kept[edition.whole.belongs(series)]


def _measured(
    edition: Edition, series: str, name: str, at: np.ndarray, values: np.ndarray, other: bool, first: bool = False
) -> Iterator[Trend]:
    known, now = ~np.isnan(values), edition.quarter
    for kind, then in _then(edition, first):
        sides = [values[known & (at == str(q))] for q in (now, then)]
        move = shift(*sides)
        if other and not math.isnan(move.p):
            move = replace(move, p=float(scipy.stats.mannwhitneyu(*sides).pvalue))
        yield _judged(
            edition, series,
            Trend(f"{name}.{kind}", "permutation", (then, now), move.difference, move.p, move.p,
                  move.n_now + move.n_before, _untested(move.verdict)),
        )  # fmt: skip
    run = comparable(edition, series)
    inside = known & np.isin(at, [str(q) for q in run])
    place = {str(q): i for i, q in enumerate(run)}
    times = [place[q] for q in at[inside]]
    found = drift(times, values[inside])
    if other and not math.isnan(found.p):
        found = replace(found, p=float(scipy.stats.spearmanr(times, values[inside]).pvalue))
    made = Trend(f"{name}.{OVER_TIME}", "kendall", run, found.tau, found.p, found.p, found.n, _untested(found.verdict))
    yield _judged(edition, series, made, FEWEST_QUARTERS)


def _then(edition: Edition, first: bool) -> list[tuple[str, Period]]:
    """The quarters with a file that the edition's is set against: its baseline, and with `first` the first of all."""
    quarters = [q for q in filed(edition) if q != edition.quarter]
    pairs = [(BASELINE, edition.baseline), *((FIRST, q) for q in quarters[:1] if first and q != edition.baseline)]
    return [(kind, then) for kind, then in pairs if then in quarters]


def _shares(edition: Edition, series: str, name: str, at: np.ndarray, answer: np.ndarray, other: bool) -> Trend:
    run = comparable(edition, series)
    place = {str(q): i for i, q in enumerate(run)}
    told = np.isin(at, list(place)) & ~np.isnan(answer)
    places, harmed, n = [place[q] for q in at[told]], answer[told], int(told.sum())
    made = Trend(f"{name}.{OVER_TIME}", "cochran_armitage", run, math.nan, math.nan, math.nan, n, Verdict.TOO_FEW)
    groups = pd.Series(harmed).groupby(places)
    if groups.ngroups >= 2 and n >= FEWEST_FOR_A_SHARE:
        test = prop_trend(groups.sum().astype(int).tolist(), groups.size().tolist(), groups.size().index.tolist())
        yes = tuple(np.flatnonzero(harmed).tolist())
        mixed = 0 < len(yes) < n
        exact: float | None = 1.0
        if mixed:
            exact = subset_p(tuple(map(float, places)), yes) if n * len(yes) <= LARGEST else None
        p = test.p if exact is None or (other and mixed) else exact
        made = replace(made, estimate=test.slope, p=p, p_adjusted=p, verdict=Verdict.LEVEL)
    return _judged(edition, series, made, 2)


def _untested(verdict: Verdict) -> Verdict:
    return verdict if verdict is Verdict.TOO_FEW else Verdict.LEVEL


def _judged(edition: Edition, series: str, made: Trend, least: int = 0) -> Trend:
    """Not comparable where the record did not keep pace; too few otherwise as the test says."""
    quarters: Sequence[Period] = made.quarters
    if least and len(quarters) < least <= len(filed(edition)):
        quarters = filed(edition)[-least:]  # coverage, not the length of the record, is what is missing
    found = support(edition.record(series), *quarters) if len(quarters) > 1 else Support.STEADY
    few = ("few",) if made.verdict is Verdict.TOO_FEW else ()
    if found is Support.STEADY:
        return replace(made, because=few)
    return replace(made, verdict=Verdict.NOT_COMPARABLE, because=(f"coverage_{found.value}", *few))


@result
def trend_tests(ed: Edition, *, series: str) -> Outcome:
    """The family of trends of one series, one row a test.

    Returns
    -------
    Result
        name, method, quarters (text), n, estimate, p, p_adjusted, verdict, because. `value` is a tuple of `Trend`.
    """
    found = trends(ed, ed.find_series(series).id)
    table = pd.DataFrame(
        [
            (t.name, t.method, " ".join(map(str, t.quarters)), t.n, t.estimate, t.p, t.p_adjusted, t.verdict.value,
             " ".join(t.because))
            for t in found
        ],
        columns=["name", "method", "quarters", "n", "estimate", "p", "p_adjusted", "verdict", "because"],
    )  # fmt: skip
    return Outcome(table, ed.incidents(None, series)["incident_id"], value=found)
