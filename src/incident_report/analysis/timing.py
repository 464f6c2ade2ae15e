"""When attacks came: daily counts, clustering, waiting times, windows around dated events."""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from incident_report.analysis.by_period import in_window
from incident_report.analysis.change import Verdict, compare
from incident_report.analysis.comparability import Support, support
from incident_report.analysis.edition import Edition
from incident_report.analysis.masses import log_poisson
from incident_report.analysis.rates import RateRatio, holm
from incident_report.periods import Window


def dated(edition: Edition, series: str = "all", window: Window | None = None) -> pd.DataFrame:
    """Counted incidents whose day is known: rows known to the week or month only are left out."""
    rows = edition.incidents(None, series) if window is None else in_window(edition, window, series)
    return rows[rows["date_precision"].fillna("day") == "day"]


def daily(edition: Edition, series: str = "all", window: Window | None = None) -> pd.Series:
    """Documented attacks a day.

    Returns
    -------
    Series of int, index DatetimeIndex
        Every covered day up to the edition's last one, zeros included; days that no incidents file
        covers are missing from the index: unknown, not zero.
    """
    spans = [s for q in edition.quarters if (s := edition.coverage(q)) is not None]
    if window is not None:
        spans = [part for s in spans if (part := s.overlap(window)) is not None]
    days = [pd.date_range(s.start, s.end) for s in spans]
    index = pd.DatetimeIndex(np.concatenate(days) if days else [])
    counts = dated(edition, series)["date"].value_counts()
    return counts.reindex(index, fill_value=0).astype(int)


def weekly(counts: pd.Series) -> pd.Series:
    """Sums over seven days, counted back from the last day and labelled by their last day."""
    if counts.empty:
        return counts
    last = counts.index[-1]
    back = (last - pd.DatetimeIndex(counts.index)).days // 7
    return counts.groupby(last - pd.to_timedelta(7 * back, unit="D")).sum()


def last_run(counts: pd.Series) -> pd.Series:
    """The part of a daily series since its last gap."""
    if counts.empty:
        return counts
    gaps = np.flatnonzero(np.diff(counts.index.to_numpy()) > np.timedelta64(1, "D"))
    return counts.iloc[gaps[-1] + 1 :] if gaps.size else counts


@dataclass(frozen=True)
class Clustering:
    """Whether attacks bunch more than a steady Poisson process would let them.

    Attributes
    ----------
    n, days : int
        Attacks with a known day, days covered.
    dispersion : float
        Variance over mean of the daily counts; 1 is expected at a steady rate.
    dispersion_p : float
        Probability of at least that dispersion at a steady rate, given the number of attacks (one-sided).
    weekly, weekly_p : float
        The same for whole weeks.
    burstiness : float
        (sd - mean) / (sd + mean) of the waiting times (Goh and Barabási 2008).
    median_wait : float
        Days between one attack and the next.
    longest_quiet : int
        Longest run of days without an attack, within the window.
    """

    n: int
    days: int
    dispersion: float
    dispersion_p: float
    weekly: float
    weekly_p: float
    burstiness: float
    median_wait: float
    longest_quiet: int


def burstiness(waits: np.ndarray) -> float:
    """Goh and Barabási's (2008) coefficient: -1 regular, about 0 at random, towards 1 in bursts."""
    if waits.size < 2:
        return math.nan
    mean, sd = float(waits.mean()), float(waits.std())
    return (sd - mean) / (sd + mean) if sd + mean else math.nan


def waiting_times(counts: pd.Series) -> np.ndarray:
    """Days from each attack to the next (0 on the same day), over a daily series without gaps."""
    return np.diff(np.repeat(np.arange(len(counts)), counts.to_numpy()))


def longest_quiet(counts: pd.Series) -> int:
    """Longest run of days without an attack."""
    hits = np.flatnonzero(counts.to_numpy())
    edges = np.concatenate([[-1], hits, [len(counts)]])
    return int(np.diff(edges).max() - 1)


LARGEST = 250_000  # cells of the table that is added up; beyond, draws are cheaper
DRAWS, AT_ONCE, SEED = 9_999, 1_000, 20200930


def dispersion_test(values: np.ndarray, cell: int = 1) -> tuple[float, float]:
    """Variance over mean of counts in cells of equal length, and its exact p at a steady rate.

    Given their total, a steady process spreads the attacks over the days like balls over boxes (Fisher
    1950). The joint distribution of the number and the sum of squares is added up box by box, with Poisson
    counts, and taken at the total: no simulation, no large counts needed. Where that table would be large,
    some two hundred attacks in a quarter, days are drawn for the attacks instead.

    Parameters
    ----------
    values : ndarray of int
        One a day. Whole cells are counted back from the last day; what is left over at the start is not tested.
    cell : int
        Days.

    Returns
    -------
    tuple of float
        Variance over mean and its one-sided p; NaN for fewer than two cells or where none holds an attack.
    """
    n, days = int(values.sum()), len(values)
    boxes = days // cell
    cut = days - cell * boxes
    inside = values[cut:].reshape(boxes, cell).sum(axis=1)
    if boxes < 2 or inside.sum() == 0:
        return math.nan, math.nan
    value = float(inside.var(ddof=1) / inside.mean())
    within = np.arange(n + 1)
    # The dispersion is at least the observed one from this sum of squares on, for every number in the boxes.
    least = np.ceil(within**2 / boxes + value * (boxes - 1) * within / boxes - 1e-6).astype(int)
    if (n + 1) * int(least.max()) > LARGEST:
        return value, _drawn_p(value, n, boxes, cell, cut)
    lam = n / days
    single = np.zeros((n + 1, int(least.max())))
    fits = within[within**2 < single.shape[1]]
    single[fits, fits**2] = np.exp(log_poisson(fits, lam * cell))
    below = _power(single, boxes)
    mass = np.exp(log_poisson(within, lam * cell * boxes))
    smaller = np.array([below[m, : least[m]].sum() for m in within])
    rest = np.exp(log_poisson(n - within, lam * cut))
    p = float((rest * (mass - smaller)).sum() / np.exp(log_poisson(n, lam * days)))
    return value, min(1.0, max(0.0, p))


def _drawn_p(value: float, n: int, boxes: int, cell: int, cut: int) -> float:
    """The same p by draws of the counts themselves: the work grows with the boxes, not with the attacks."""
    share = np.full(boxes + 1, cell / (boxes * cell + cut))
    share[-1] = cut / (boxes * cell + cut)
    chance, reached, done = np.random.default_rng(SEED), 0, 0
    while done < DRAWS:
        drawn = chance.multinomial(n, share, size=min(AT_ONCE, DRAWS - done))[:, :-1]
        done += len(drawn)
        mean = np.maximum(drawn.mean(axis=1), 1 / boxes)
        reached += int((drawn.var(axis=1, ddof=1) >= (value - 1e-9) * mean).sum())
    return (reached + 1) / (done + 1)


def _power(table: np.ndarray, times: int) -> np.ndarray:
    """A two-way generating function to a power, cut to its own size."""
    done: np.ndarray | None = None
    while True:
        if times & 1:
            done = table if done is None else _product(done, table)
        times >>= 1
        if not times:
            assert done is not None
            return done
        table = _product(table, table)


def _product(a: np.ndarray, b: np.ndarray) -> np.ndarray:
    size = tuple(2 * n - 1 for n in a.shape)
    whole = np.fft.irfft2(np.fft.rfft2(a, size) * np.fft.rfft2(b, size), size)
    return np.clip(whole[: a.shape[0], : a.shape[1]], 0, None)


def clustering(counts: pd.Series) -> Clustering | None:
    """Test daily counts against a steady Poisson process, exactly; None for fewer than five attacks or 14 days.

    Parameters
    ----------
    counts : Series of int
        One value a day, without gaps.
    """
    n, days = int(counts.sum()), len(counts)
    if n < 5 or days < 14:
        return None
    values = counts.to_numpy()
    own = waiting_times(counts)
    return Clustering(
        n, days, *dispersion_test(values), *dispersion_test(values, 7), burstiness(own), float(np.median(own)),
        longest_quiet(counts),
    )  # fmt: skip


@dataclass(frozen=True)
class Around:
    """Documented attacks in equal windows before and after a dated event (its own day left out)."""

    day: date
    label: str
    source: str
    before: int
    after: int
    days_before: int
    days_after: int
    test: RateRatio
    p_adjusted: float
    verdict: Verdict
    because: tuple[str, ...]
    rows: tuple[str, ...]


NO_EVENT = ("not_counted", "correction")  # kinds of context that say what did not happen


def events(edition: Edition, window: Window | None = None, marked: bool = True) -> pd.DataFrame:
    """Context events up to the edition's last day, by date and label: those marked for annotation, or all."""
    rows = edition.data.context
    wanted = rows["annotate"].astype(bool) if marked else ~rows["kind"].isin(NO_EVENT)
    rows = rows[wanted & (rows["date"] <= pd.Timestamp(edition.quarter.end))]
    first = min((q.start for q in edition.quarters), default=edition.quarter.start)
    start = window.start if window else first
    rows = rows[rows["date"] >= pd.Timestamp(start)]
    if window is not None:
        rows = rows[rows["date"] <= pd.Timestamp(window.end)]
    return rows.sort_values(["date", "label"], ignore_index=True)


def around(edition: Edition, series: str = "all", days: int = 14) -> list[Around]:
    """Windows before and after every annotated event, tested and Holm-adjusted together (`Family.EVENTS`).

    An event is left out where incident files cover less than half of either window. As anywhere, the two
    are comparable only where others' counts show that the record kept pace over both.
    """
    counts = daily(edition, series)
    rows = dated(edition, series)
    found = []
    for event in events(edition).to_dict("records"):
        day = event["date"]
        gap = timedelta(days=1)
        spans = (day - days * gap, day - gap), (day + gap, day + days * gap)
        parts = [counts.truncate(*span) for span in spans]
        if min(map(len, parts)) < days / 2:
            continue
        inside = pd.concat([rows.loc[rows["date"].between(a, b), "incident_id"] for a, b in spans])
        before, after = (int(p.sum()) for p in parts)
        kept = support(edition.record(series), *(Window(a.date(), b.date()) for a, b in spans))
        test = compare((after, len(parts[1])), (before, len(parts[0])))[0]
        found.append((event, before, after, len(parts[0]), len(parts[1]), tuple(inside), kept, test))
    result = []
    for one, p in zip(found, holm([t.p for *_, t in found]), strict=True):
        event, before, after, db, da, ids, kept, test = one
        verdict = compare((after, da), (before, db), p)[1]
        because: tuple[str, ...] = ()
        if kept is not Support.STEADY:
            verdict, because = Verdict.NOT_COMPARABLE, (f"coverage_{kept.value}",)
        result.append(
            Around(
                event["date"].date(), str(event["label"]), str(event["source"]), before, after, db, da, test, p,
                verdict, because, ids,
            )
        )  # fmt: skip
    return result
