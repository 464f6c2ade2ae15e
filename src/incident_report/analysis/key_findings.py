"""The project's own findings, as verdicts that robustness can ask again of any variant of the edition."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import partial

import numpy as np
import pandas as pd

from incident_report.analysis import variants
from incident_report.analysis.by_period import compared
from incident_report.analysis.change import Change, Verdict, judged
from incident_report.analysis.changepoint import PRIORS, SURE, change_probability
from incident_report.analysis.comparability import checks, main_series
from incident_report.analysis.comparisons import change_name, changes
from incident_report.analysis.counts import BASES, DOCUMENTED, TALLY
from incident_report.analysis.edition import Edition
from incident_report.analysis.finding import Finding, Said, kinds, kinds_among, no_rows, register_findings
from incident_report.analysis.rates import binom_tails
from incident_report.analysis.remember import remembered
from incident_report.analysis.trends import Trend, again, trends

UNKNOWN = ("unknown",)
KINDS = ("baseline", "year_so_far")  # of comparisons, those that titles and findings use
TRENDS = ("munitions", "casualties", "deaths", "composite")  # of the family, those that titles and findings use


@register_findings(end=tuple(f".{kind}" for kind in KINDS))
def comparisons(edition: Edition) -> Iterator[Finding]:
    """Every series' comparison on both bases with the baseline and with the year so far."""
    for basis in BASES:
        for c in changes(edition, basis):
            if c.kind not in KINDS:
                continue
            found = partial(_change, series=c.series, basis=basis, kind=c.kind)
            yield Finding(
                change_name(edition, c.series, basis, c.kind),
                found,
                rows=places_of_rows if basis == DOCUMENTED else no_rows,  # none bears on what others counted
                fills=series_fills(edition, c.series) if basis == DOCUMENTED else {},
                stress={"other_test": {"doubled tail": partial(found, other=True)}},
            )


def _change(ed: Edition, *, series: str, basis: str, kind: str, other: bool = False) -> Said | None:
    family = _doubled(ed, basis) if other else changes(ed, basis)
    c = next((c for c in family if c.series == series and c.kind == kind), None)
    if c is None:
        return None
    tallies = c.rows if basis == TALLY else ()
    return Said(c.verdict, c.test.ratio, c.test.low, c.test.high, c.p_adjusted, c.because, tallies)


@remembered
def _doubled(ed: Edition, basis: str) -> tuple[Change, ...]:
    """The family by the other exact two-sided test: the smaller tail doubled."""
    pairs = compared(ed, basis)
    return judged(pairs, [binom_tails(*c.counted_now, *c.counted_before) for c in pairs])


@remembered
def places_of_rows(ed: Edition) -> np.ndarray:
    """What a count knows of a row: its quarter, its series, and the counts of others over whose days it lies."""
    days = ed.rows("all").days
    windows = {w for s in ed.series for q in ed.quarters for c in checks(ed.record(s.id), q) for w in c.windows}
    spans = [(days >= np.datetime64(w.start)) & (days <= np.datetime64(w.end)) for w in sorted(windows)]
    quarter = np.searchsorted(np.array([q.start for q in ed.quarters], dtype="datetime64[D]"), days, side="right")
    return kinds(quarter, *(ed.belongs(s.id) for s in ed.series), *spans)


def series_fills(edition: Edition, series: str) -> dict[str, Callable[[Edition], Edition]]:
    """Rows of which a column that decides the series is unknown, taken to belong to it."""
    made: dict[str, Callable[[Edition], Edition]] = {}
    for column, allowed in edition.find_series(series).where.items():
        values = edition.counted[column]
        if (values.isna() | values.isin(UNKNOWN)).any():
            made[f"{column} yes"] = partial(_fill, column=column, value=allowed[0])
    return made


def _fill(ed: Edition, *, column: str, value: str | int) -> Edition:
    cells = ed.counted[column]
    return variants.filled(ed, column, (cells.isna() | cells.isin(UNKNOWN)).tolist(), value)


@register_findings(tuple(f"{stem}." for stem in TRENDS))
def trend_findings(edition: Edition) -> Iterator[Finding]:
    """Trends of the series that the record follows best; a variant leaves the family's other tests as they are."""
    series = main_series(edition)
    family = trends(edition, series)
    for t in family:
        stem = t.name.split(".")[0]
        if stem in TRENDS and not (t.verdict is Verdict.TOO_FEW and t.n == 0):
            say = partial(_trend, series=series, name=t.name, family=family)
            yield Finding(
                t.name, say, rows=partial(_values, series=series, stem=stem), fills=_trend_fills(stem),
                stress={"other_test": {"rank or chi-squared": partial(say, other=True)}},
            )  # fmt: skip


def _trend(ed: Edition, *, series: str, name: str, family: tuple[Trend, ...], other: bool = False) -> Said | None:
    t = again(ed, series, name, family, other)
    return None if t is None else Said(t.verdict, t.estimate, p_adjusted=t.p_adjusted, because=t.because)


def _values(ed: Edition, *, series: str, stem: str) -> np.ndarray:
    rows, inside = ed.incidents(None, series), ed.belongs(series)
    columns = {"munitions": ["munition_count"], "casualties": ["killed", "wounded"], "deaths": ["killed"]}
    return kinds_among(inside, places_of_rows(ed)[inside], *(rows[c] for c in columns.get(stem, ["incident_id"])))


def _trend_fills(stem: str) -> dict[str, Callable[[Edition], Edition]]:
    columns = {"casualties": ("killed", "wounded"), "deaths": ("killed",)}
    if stem in columns:
        return {
            label: partial(_fill_all, columns=columns[stem], value=value) for label, value in (("yes", 1), ("no", 0))
        }
    if stem == "munitions":
        return {"least": partial(_fill, column="munition_count", value=1), "most": _most_munitions}
    return {}


def _fill_all(ed: Edition, *, columns: tuple[str, ...], value: int) -> Edition:
    for column in columns:
        ed = _fill(ed, column=column, value=value)
    return ed


def _most_munitions(ed: Edition) -> Edition:
    known = ed.counted["munition_count"].dropna()
    return _fill(ed, column="munition_count", value=int(known.max())) if len(known) else ed


@register_findings(("first.",))
def firsts(edition: Edition) -> Iterator[Finding]:
    """Methods and techniques documented for the first time in the edition's quarter."""
    if len(edition.data.quarters) < 2:
        return
    for column in ("attack_method", "techniques"):
        every = edition.counted[column].explode().dropna().unique()
        for value in sorted(str(v) for v in every if v):
            if _first(edition, column=column, value=value).verdict == "first":
                yield Finding(
                    f"first.{value}",
                    partial(_first, column=column, value=value),
                    rows=partial(_carriers, column=column, value=value),
                    tallies=False,
                )


def _has(rows: pd.DataFrame, column: str, value: str) -> np.ndarray:
    return np.array([value == v if isinstance(v, str) else value in v for v in rows[column]], dtype=bool)


def _first(ed: Edition, *, column: str, value: str) -> Said:
    quarters = ed.counted.loc[_has(ed.counted, column, value), "quarter"].astype(str)
    if not len(quarters):
        return Said("not_documented", 0)
    now = int((quarters == str(ed.quarter)).sum())
    return Said("first" if now == len(quarters) else "not_first", now)


def _carriers(ed: Edition, *, column: str, value: str) -> np.ndarray:
    inside = _has(ed.counted, column, value)
    return kinds_among(inside, ed.counted["quarter"][inside])


@register_findings(("levels.",))
def levels(edition: Edition) -> Iterator[Finding]:
    """Whether the documented rate of the series that the record follows best is known to have changed."""
    series = main_series(edition)
    priors = {name: partial(_levels, series=series, prior=name) for name in list(PRIORS)[1:]}
    name = f"levels.{edition.find_series(series).fact}"
    yield Finding(name, partial(_levels, series=series), rows=no_rows, stress={"other_prior": priors})


def _levels(ed: Edition, *, series: str, prior: str = "reported") -> Said | None:
    p = change_probability(ed, series, prior)
    return None if p is None else Said("changed" if p >= SURE else "not_sure", p)
