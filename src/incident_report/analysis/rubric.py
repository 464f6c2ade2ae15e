"""Score attacks by a published rubric: from coded fields, by code, with unknown kept apart from low."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.result import Outcome, result
from incident_report.data.conditions import Condition, matches
from incident_report.data.conditions_in_words import describe
from incident_report.periods import Period

RUNS = 2000  # simulated quarters behind the comparison with chance
MOST_PAIRED = 300  # attacks; beyond, simulated quarters are made of numbers by method and place
MOST_DRAWN, FEWEST_RUNS = 20_000_000, 199
SEED = 20200930
FEWEST = 5  # attacks with a known day; fewer say nothing of shared days


@dataclass(frozen=True)
class Level:
    """One step of a dimension; `when` is the condition on coded fields that decides it."""

    number: int
    label: str
    wording: str
    when: Condition
    example: str = ""


@dataclass(frozen=True)
class Dimension:
    """One aspect of sophistication, with its levels from low to high."""

    id: str
    label: str
    question: str
    levels: tuple[Level, ...]
    one_sided: bool = False  # sources remark on high levels only
    caution: str = ""

    @property
    def top(self) -> int:
        """Number of the highest level."""
        return self.levels[-1].number


@dataclass(frozen=True)
class Reported:
    """A technique that a source reports for a quarter without saying which attacks used it."""

    id: str
    label: str
    wording: str
    quarter: Period
    source: str
    dimension: str = ""
    technique: str = ""
    place: str = ""


@dataclass(frozen=True)
class Rubric:
    """The rubric as validated; `composite` names the dimensions whose mean is the composite.

    They weigh alike; only a what-if gives them other `weights`.
    """

    dimensions: tuple[Dimension, ...]
    composite: tuple[str, ...]
    minimum_known: int
    left_out: Mapping[str, str]
    reported: tuple[Reported, ...]
    note: str = ""
    derived: Mapping[str, str] | None = None
    weights: Mapping[str, float] = field(default_factory=dict)

    def find(self, dimension: str) -> Dimension:
        """A dimension by id (KeyError if there is none)."""
        for one in self.dimensions:
            if one.id == dimension:
                return one
        raise KeyError(dimension)


def read(doc: Mapping[str, Any]) -> Rubric:
    """A validated document as a Rubric."""
    dimensions = tuple(
        Dimension(
            id=d["id"],
            label=d["label"],
            question=d["question"],
            levels=tuple(
                Level(v["level"], v["label"], v["wording"], v["when"], v.get("example", "")) for v in d["levels"]
            ),
            one_sided=d.get("one_sided", False),
            caution=d.get("caution", ""),
        )
        for d in doc["dimensions"]
    )
    reported = tuple(
        Reported(
            id=r["id"],
            label=r["label"],
            wording=r["wording"],
            quarter=Period.parse(r["quarter"]),
            source=r["source"],
            dimension=r.get("dimension", ""),
            technique=r.get("technique", ""),
            place=r.get("place", ""),
        )
        for r in doc.get("reported_not_coded") or ()
    )
    made = doc["composite"]
    return Rubric(
        dimensions=dimensions,
        composite=tuple(made["dimensions"]),
        minimum_known=made["minimum_known"],
        left_out=made.get("left_out") or {},
        reported=reported,
        note=doc.get("note", ""),
        derived=doc.get("derived"),
        weights=made.get("weights") or {},
    )


def rubric(edition: Edition) -> Rubric | None:
    """The campaign's rubric, or None where it has none."""
    doc = edition.data.sophistication
    return read(doc) if doc else None


def same_day_elsewhere(rows: pd.DataFrame) -> pd.Series:
    """For every row, how many other rows share its day and method but not its place.

    Two rows are at one place when the place is named alike or their coordinates are equal. The
    answer is unknown (NA) where the row's day is not known; rows without a known day count for nobody.
    """
    dated = rows[rows["date_precision"] == "day"]
    answer = pd.Series(pd.NA, index=rows.index, dtype="Int64")
    # Two unnamed places cannot be told apart, so they count as one.
    keys = dated[["date", "attack_method", "latitude", "longitude"]].assign(
        place=dated["place"].fillna("").str.casefold()
    )
    known = keys["latitude"].notna() & keys["longitude"].notna()
    point = ["latitude", "longitude"]
    here = _alike(keys, ["place"]) + (_alike(keys, point) - _alike(keys, ["place", *point])).where(known, 0)
    answer[dated.index] = (_alike(keys, []) - here).astype("Int64")
    return answer


def _alike(rows: pd.DataFrame, columns: list[str]) -> pd.Series:
    """How many rows, each row itself too, are of its day and method and have the same values in some columns."""
    keys = ["date", "attack_method", *columns]
    return rows[keys].groupby(keys, dropna=False)["date"].transform("size")


def _one_place(a: tuple[str, Any, Any], b: tuple[str, Any, Any]) -> bool:
    if a[0] == b[0]:  # two unnamed places cannot be told apart, so they count as one
        return True
    if any(pd.isna(v) for v in (*a[1:], *b[1:])):
        return False
    return bool(a[1] == b[1] and a[2] == b[2])


def derive(rows: pd.DataFrame) -> pd.DataFrame:
    """Rows with the fields that code computes from several rows (data.rubric.DERIVED)."""
    return rows.assign(same_day_same_method=same_day_elsewhere(rows))


def score(rows: pd.DataFrame, rules: Rubric, only: Collection[str] | None = None) -> pd.DataFrame:
    """Level of every row on every dimension.

    Parameters
    ----------
    rows : DataFrame
        Incidents with the derived fields.
    only : collection of str, optional
        Dimensions by their ids, where not all are wanted.

    Returns
    -------
    DataFrame
        Index as `rows`; one Int64 column a dimension, NA where the fields decide no level. The
        highest level whose condition is a clear yes decides; a condition that is unknown does not.
    """
    scores = pd.DataFrame(index=rows.index)
    for dimension in rules.dimensions if only is None else [d for d in rules.dimensions if d.id in only]:
        found = pd.Series(pd.NA, index=rows.index, dtype="Int64")
        for level in dimension.levels:  # ascending, so a higher level overwrites a lower one
            found = found.mask(matches(rows, level.when).fillna(False).astype(bool), level.number)
        scores[dimension.id] = found
    return scores


def scored(edition: Edition, series: str = "all", only: Collection[str] | None = None) -> pd.DataFrame:
    """Counted incidents of a series up to the edition's quarter, with their levels on each dimension (or `only` some).

    The fields that need several rows are computed over all counted incidents, not over the series.

    Returns
    -------
    DataFrame
        incident_id, quarter and the dimensions' ids; empty where the campaign has no rubric.
    """
    rules = rubric(edition)
    if rules is None:
        return pd.DataFrame(columns=["incident_id", "quarter"])
    rows = derive(edition.counted)
    levels = score(rows, rules, only)
    wanted = edition.incidents(None, series).index
    return pd.concat([rows[["incident_id", "quarter"]], levels], axis=1).loc[wanted].reset_index(drop=True)


@dataclass(frozen=True)
class Chance:
    """Attacks that share day and method with one elsewhere, against the number that chance gives.

    Attributes
    ----------
    observed : int
        Attacks with at least one other by the same method at another place on the same day.
    expected : float
        Mean over simulated quarters.
    p : float
        Share of simulated quarters with at least as many ((hits + 1) / (runs + 1)).
    n : int
        Attacks with a known day.
    rows : tuple of str
        Ids of the observed attacks.
    """

    observed: int
    expected: float
    p: float
    n: int
    rows: tuple[str, ...]


def same_day_by_chance(edition: Edition, quarter: Period, runs: int = RUNS) -> Chance | None:
    """Do more attacks share a day than would if each fell on any covered day alike?

    A Monte Carlo test (Barnard 1963): every attack keeps its method and place and is given a random
    day of the quarter's coverage. None where fewer than five attacks have a known day.
    """
    window = edition.coverage(quarter)
    rows = edition.incidents(quarter)
    rows = rows[rows["date_precision"] == "day"]
    if window is None or len(rows) < FEWEST:
        return None
    known = same_day_elsewhere(rows).fillna(0) > 0
    observed = int(known.sum())
    drawn = (_drawn_by_pair if len(rows) <= MOST_PAIRED else _drawn_by_place)(rows, window.days, runs)
    p = (int((drawn >= observed).sum()) + 1) / (drawn.size + 1)
    return Chance(observed, float(drawn.mean()), p, len(rows), tuple(rows.loc[known, "incident_id"]))


def _drawn_by_pair(rows: pd.DataFrame, days: int, runs: int) -> np.ndarray:
    """Attacks that share a day with one elsewhere, in each simulated quarter."""
    pairs = _pairs(rows)
    rng = np.random.default_rng(SEED)
    drawn = np.empty(runs, dtype=int)
    for run in range(runs):
        at = rng.integers(0, days, len(rows))
        hit = pairs[at[pairs[:, 0]] == at[pairs[:, 1]]]
        drawn[run] = np.unique(hit).size
    return drawn


def _drawn_by_place(rows: pd.DataFrame, days: int, runs: int) -> np.ndarray:
    """The same from the number of attacks by method and place: the work grows with places and days.

    Fewer quarters are simulated where places are many.
    """
    each = rows.groupby(["attack_method", _places(rows)], dropna=False, sort=True).size()
    method = pd.factorize(each.index.get_level_values(0))[0]
    runs = max(FEWEST_RUNS, min(runs, MOST_DRAWN // (len(each) * days)))
    rng, share = np.random.default_rng(SEED), np.full(days, 1 / days)
    drawn = np.empty(runs, dtype=int)
    for run in range(runs):
        fallen = rng.multinomial(each.to_numpy(), share)  # by method and place, by day
        whole = np.zeros((method.max() + 1, days), dtype=int)
        np.add.at(whole, method, fallen)
        drawn[run] = fallen[whole[method] > fallen].sum()
    return drawn


def _places(rows: pd.DataFrame) -> np.ndarray:
    """A number for each row's place: rows of one name or one point are at one place."""
    from scipy.sparse import coo_array
    from scipy.sparse.csgraph import connected_components

    names = pd.factorize(rows["place"].fillna("").str.casefold())[0]
    points = pd.factorize(pd.MultiIndex.from_frame(rows[["latitude", "longitude"]].astype(float)))[0]
    known = (rows["latitude"].notna() & rows["longitude"].notna()).to_numpy(bool)
    size = names.max() + 1 + points.max() + 1
    ties = coo_array((np.ones(known.sum()), (names[known], names.max() + 1 + points[known])), shape=(size, size))
    found: np.ndarray = connected_components(ties, directed=False)[1][names]
    return found


def _pairs(rows: pd.DataFrame) -> np.ndarray:
    """Pairs of row positions with one method and two places, shape (pairs, 2)."""
    keys = list(zip(rows["place"].fillna("").str.casefold(), rows["latitude"], rows["longitude"], strict=True))
    methods = rows["attack_method"].tolist()
    found = [
        (i, j)
        for i in range(len(keys))
        for j in range(i + 1, len(keys))
        if methods[i] == methods[j] and not _one_place(keys[i], keys[j])
    ]
    return np.array(found, dtype=int).reshape(-1, 2)


@result
def shared_days(ed: Edition) -> Outcome:
    """Attacks of the quarter that share day and method with one elsewhere, against chance.

    Returns
    -------
    Result
        observed, expected, p, n; empty where fewer than five attacks have a known day, or where the
        campaign's rubric asks no such thing. `value` is a `Chance` or None.
    """
    rules = rubric(ed)
    asked = rules is not None and "same_day_same_method" in (rules.derived or {})
    found = same_day_by_chance(ed, ed.quarter) if asked else None
    rows = [(found.observed, found.expected, found.p, found.n)] if found else []
    return Outcome(
        pd.DataFrame(rows, columns=["observed", "expected", "p", "n"]), found.rows if found else (), value=found
    )


@result
def rubric_levels(ed: Edition) -> Outcome:
    """The rubric as published: dimension, level, label, wording, example, decided (the condition, in words).

    Empty where the campaign has none; `decided` is NA where no coded field can decide. `value` is the `Rubric`.
    """
    rules = rubric(ed)
    rows = [
        (
            d.label,
            v.number,
            v.label,
            v.wording,
            v.example,
            pd.NA if v.when == "nothing" else describe(v.when, ed.data.label),
        )
        for d in (rules.dimensions if rules else ())
        for v in d.levels
    ]
    columns = ["dimension", "level", "label", "wording", "example", "decided"]
    return Outcome(pd.DataFrame(rows, columns=columns), value=rules)
