"""Harm and effect: killed and wounded, shares of attacks with casualties, interception, munitions."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from incident_report.analysis.change import Verdict, compare, direction, find_change
from incident_report.analysis.counts import DOCUMENTED, Count
from incident_report.analysis.counts import count as count_quarter
from incident_report.analysis.edition import Edition
from incident_report.analysis.rates import LEVEL, RateRatio, Trend, clopper_pearson, holm, prop_trend
from incident_report.analysis.shifts import Drift, Shift, drift, mean_interval, shift
from incident_report.analysis.sophistication import filed
from incident_report.periods import Quarter

FIELDS = ("killed", "wounded", "us_killed", "us_wounded")
FEWEST_FOR_A_SHARE = 10  # known values; no percentage is quoted on fewer
LEAST_KNOWN = 0.5  # of the attacks; with less known, a share of the known says little of the rest


@dataclass(frozen=True)
class Sum:
    """A sum over attacks that report a number, with how many do and how many report at least one."""

    total: int
    known: int
    positive: int
    rows: tuple[str, ...]  # those that report at least one


@dataclass(frozen=True)
class Share:
    """A share of the attacks for which the answer is known, with its exact interval."""

    part: int
    known: int
    attacks: int
    rows: tuple[str, ...]  # those for which the answer is yes

    @property
    def limits(self) -> tuple[float, float]:
        """Clopper and Pearson, 95%; NaN where nothing is known."""
        return clopper_pearson(self.part, self.known, LEVEL) if self.known else (math.nan, math.nan)

    @property
    def usable(self) -> bool:
        """Known for at least ten attacks and for at least half of them."""
        return self.known >= FEWEST_FOR_A_SHARE and self.known >= LEAST_KNOWN * self.attacks

    @property
    def none(self) -> int:
        """Attacks for which the answer is no."""
        return self.known - self.part

    @property
    def silent(self) -> int:
        """Attacks for which the answer is not known."""
        return self.attacks - self.known


@dataclass(frozen=True)
class Harm:
    """Harm of one quarter's documented attacks in one series."""

    quarter: Quarter
    attacks: int
    sums: dict[str, Sum]
    any_casualty: Share
    any_death: Share


def any_casualty(rows: pd.DataFrame, prefix: str = "") -> pd.Series:
    """Whether anybody was killed or wounded: yes, no, or unknown (NA), as dtype ``boolean``.

    With the prefix ``us_``: whether any American was.

    One reported casualty makes a yes whatever else is silent; a no needs both fields to report none.
    Where one of the fields is stated nowhere, no answer could be a no, and a share of the known would be
    all of them by construction: nothing is known then.
    """
    killed, wounded = rows[f"{prefix}killed"], rows[f"{prefix}wounded"]
    if not (killed.notna().any() and wounded.notna().any()):
        return pd.Series(pd.NA, index=rows.index, dtype="boolean")
    return (killed > 0) | (wounded > 0)  # Kleene logic: True | NA is True, False | NA is NA


def harm(edition: Edition, quarter: Quarter, series: str) -> Harm | None:
    """Harm in one quarter; None where the quarter has no incidents file."""
    if not edition.has_incidents_file(quarter):
        return None
    rows = edition.incidents(quarter, series)
    sums = {}
    for field in FIELDS:
        known = rows[field].notna()
        positive = (rows[field] > 0).fillna(False).astype(bool)
        sums[field] = Sum(
            int(rows.loc[known, field].sum()), int(known.sum()), int(positive.sum()),
            tuple(rows.loc[positive, "incident_id"]),
        )  # fmt: skip
    return Harm(quarter, len(rows), sums, share_of(rows, any_casualty(rows)), share_of(rows, rows["killed"] > 0))


def share_of(rows: pd.DataFrame, answer: pd.Series) -> Share:
    """Yes, no and unknown, counted."""
    yes = answer.fillna(False).astype(bool)
    return Share(int(yes.sum()), int(answer.notna().sum()), len(rows), tuple(rows.loc[yes, "incident_id"]))


@dataclass(frozen=True)
class ShareTrend:
    """Trend of a share over the quarters in which anything is known.

    Attributes
    ----------
    test : Trend or None
        Cochran and Armitage, scored by the quarter's place in time; None with fewer than two quarters.
    silent_as_none : Trend or None
        The same test with every attack that does not say counted as a no.
    verdict : Verdict
        Too few to say with fewer than ten known values in all, or fewer than two quarters.
    """

    test: Trend | None
    silent_as_none: Trend | None
    shares: dict[Quarter, Share]
    verdict: Verdict


def share_trend(edition: Edition, series: str, which: str = "any_casualty") -> ShareTrend:
    """Trend of `any_casualty` or `any_death` over all quarters with a file up to the edition's."""
    every = [h for q in filed(edition) if (h := harm(edition, q, series)) is not None]
    shares = {h.quarter: getattr(h, which) for h in every}
    at = [(i, s) for i, s in enumerate(shares.values()) if s.known]
    if len(at) < 2 or sum(s.known for _, s in at) < FEWEST_FOR_A_SHARE:
        return ShareTrend(None, None, shares, Verdict.TOO_FEW)
    test = prop_trend([s.part for _, s in at], [s.known for _, s in at], [i for i, _ in at])
    full = [(i, s) for i, s in enumerate(shares.values()) if s.attacks]
    wide = prop_trend([s.part for _, s in full], [s.attacks for _, s in full], [i for i, _ in full])
    return ShareTrend(test, wide, shares, direction(test.slope, test.p))


@dataclass(frozen=True)
class Interception:
    """How many attacks say whether munitions were intercepted, and what they say."""

    values: dict[str, int]  # as coded, without unknown
    attacks: int
    rows: tuple[str, ...]

    @property
    def known(self) -> int:
        """Attacks that say."""
        return sum(self.values.values())


def interception(edition: Edition, series: str, quarter: Quarter | None = None) -> Interception:
    """Interception in one quarter, or in all up to the edition's."""
    rows = edition.incidents(quarter, series)
    known = rows[rows["intercepted"].fillna("") != ""]
    values = known["intercepted"].value_counts().sort_index()
    return Interception({str(k): int(v) for k, v in values.items()}, len(rows), tuple(known["incident_id"]))


@dataclass(frozen=True)
class Munitions:
    """Munitions per attack in one quarter, where the number is known."""

    quarter: Quarter
    attacks: Count
    values: tuple[int, ...]  # sorted
    mean: float
    low: float
    high: float
    median: float
    rows: tuple[str, ...]


def munitions(edition: Edition, quarter: Quarter, series: str) -> Munitions | None:
    """Munitions per attack; None where the quarter has no incidents file."""
    if not edition.has_incidents_file(quarter):
        return None
    rows = edition.incidents(quarter, series)
    rows = rows[rows["munition_count"].notna()]
    values = tuple(sorted(int(v) for v in rows["munition_count"]))
    low, high = mean_interval(values)
    mean, median = (float(np.mean(values)), float(np.median(values))) if values else (math.nan, math.nan)
    attacks = count_quarter(edition, quarter, series, DOCUMENTED)
    return Munitions(quarter, attacks, values, mean, low, high, median, tuple(rows["incident_id"]))


@dataclass(frozen=True)
class Pairing:
    """How attacks and munitions per attack moved between two quarters; verdicts after Holm."""

    now: Munitions
    before: Munitions
    attacks: RateRatio
    attacks_p: float
    attacks_verdict: Verdict
    munitions: Shift


def pairings(edition: Edition, series: str) -> list[Pairing]:
    """The edition against its baseline and against the earliest quarter with a file.

    Attacks per day are compared by the exact test (for the baseline with the frequency chapter's
    verdict, so that the two chapters agree), munitions per attack by a permutation test. The
    p-values of this list are adjusted together (Holm).
    """
    now = munitions(edition, edition.quarter, series)
    quarters = filed(edition)
    wanted = {q: None for q in (edition.baseline, *quarters[:1]) if q in quarters and q != edition.quarter}
    if now is None or not now.attacks.days:
        return []
    made = []
    for quarter in wanted:
        then = munitions(edition, quarter, series) if quarter else None
        if then is None or not then.attacks.days:
            continue
        counts = (now.attacks.count or 0, now.attacks.days), (then.attacks.count or 0, then.attacks.days)
        test, verdict = compare(*counts)
        made.append(Pairing(now, then, test, test.p, verdict, shift(now.values, then.values)))
    adjusted = holm([p.attacks.p for p in made] + [p.munitions.p for p in made if not math.isnan(p.munitions.p)])
    rest = iter(adjusted[len(made) :])
    return [_judged(edition, series, pair, p, rest) for pair, p in zip(made, adjusted, strict=False)]


def _judged(edition: Edition, series: str, pair: Pairing, p: float, rest: Iterator[float]) -> Pairing:
    counts = [(m.attacks.count or 0, m.attacks.days) for m in (pair.now, pair.before)]
    verdict = compare(counts[0], counts[1], p)[1]
    same = find_change(edition, series, DOCUMENTED) if pair.before.quarter == edition.baseline else None
    if same is not None:
        p, verdict = same.p_adjusted, same.verdict
    move = pair.munitions
    if not math.isnan(move.p):
        q = next(rest)
        move = replace(move, p=q, verdict=direction(move.difference, q))
    return replace(pair, attacks_p=p, attacks_verdict=verdict, munitions=move)


def munitions_drift(edition: Edition, series: str) -> Drift:
    """Trend of munitions per attack over all quarters with a file."""
    times: list[int] = []
    values: list[float] = []
    for place, quarter in enumerate(filed(edition)):
        made = munitions(edition, quarter, series)
        if made:
            times += [place] * len(made.values)
            values += made.values
    return drift(times, values)
