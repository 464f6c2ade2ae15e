"""Which events of two lists are the same: linked one to one on day, distance, method and target.

Candidates lie within stated tolerances; of all ways to pair them, that with the least total cost is taken
(an assignment, so that no early pair takes a later one's partner). MELTT (Donnay and others, "Integrating
Conflict Event Data", Journal of Conflict Resolution 63, 2019) works on the same three grounds, place, time
and kind, and takes the best partner one list after the other. No total is estimated from the overlap:
capture-recapture needs lists that are independent, and press lists are not.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from scipy.sparse import csr_array
from scipy.sparse.csgraph import min_weight_full_bipartite_matching

from incident_report.analysis.public_place import haversine
from incident_report.analysis.rates import clopper_pearson
from incident_report.periods import QUARTER, Period

FIELDS = ("attack_method", "target_category")  # compared as codes
_OPEN = ("", "other", "unknown")  # values that say too little to differ
_SLACK: Mapping[str, int] = {"week": 3, "month": 15}  # days by which a coarse date may be off
_HALF = 0.5  # cost of what is not known; a difference costs 1, agreement 0
_UNPAIRED = 2.0 + len(FIELDS) - 1  # what leaving an event alone costs: as much as the farthest pair allowed
_NEAR = 0.5  # a second candidate that costs no more than this above the chosen one is told
_COARSE = ("governorate", "unknown")
_ARTICLES = {"al", "el", "governorate", "province", "district", "region"}


@dataclass(frozen=True)
class Tolerance:
    """How far two records of one event may lie apart.

    Attributes
    ----------
    days : int
        Between their dates; a date known to the week or month only has 3 or 15 more.
    km : float
        Between their points. Where one has none, or that of a district, both must name the same district.
    differ : int
        How many of method and target may differ (0 to 2); what is not known does not.
    """

    days: int = 1
    km: float = 15.0
    differ: int = 1

    def __post_init__(self) -> None:
        if not 0 <= self.days <= 366:
            raise ValueError(f"days is {self.days!r}; give 0 to 366")
        if not 0 < self.km <= 20_000:
            raise ValueError(f"km is {self.km!r}; give a distance above 0, up to 20000")
        if self.differ not in range(len(FIELDS) + 1):
            raise ValueError(f"differ is {self.differ!r}; of two fields 0, 1 or 2 may differ")


@dataclass(frozen=True)
class Linked:
    """Two lists, linked.

    Attributes
    ----------
    pairs : DataFrame
        One row a pair, by date: `ours`, `theirs` (ids), `days` apart, `km` (NA where a point is missing or coarse),
        for each field `<field>` (same, differs, unknown), `cost`, `check` (tuple of codes: ``attack_method``,
        ``target_category``, ``date_precision``, ``place``, ``rival:ID`` for another event that is nearly as close).
    only_ours, only_theirs : DataFrame
        `id`, `date` and, as `nearest`, the closest event of the other list within twice the tolerances, with `days`,
        `km` and `taken`: whether that one is paired with another; NA where there is none.
    """

    pairs: pd.DataFrame
    only_ours: pd.DataFrame
    only_theirs: pd.DataFrame
    tolerance: Tolerance


def link(ours: pd.DataFrame, theirs: pd.DataFrame, tolerance: Tolerance | None = None) -> Linked:
    """Pair the events of two lists.

    Parameters
    ----------
    ours, theirs : DataFrame
        With `incident_id` (unique), `date`, `attack_method` and `target_category`; where they have them also
        `date_precision`, `latitude`, `longitude`, `coordinate_precision`, `governorate`.
    tolerance : Tolerance, optional

    Returns
    -------
    Linked

    Raises
    ------
    ValueError
        If a list lacks a column or an id stands twice.

    Examples
    --------
    >>> day = pd.Timestamp("2020-07-05")
    >>> row = {"attack_method": "rocket", "target_category": "airport", "latitude": 33.26, "longitude": 44.23}
    >>> a = pd.DataFrame([{"incident_id": "A1", "date": day, **row}])
    >>> b = pd.DataFrame([{"incident_id": "B7", "date": day + pd.Timedelta(days=1), **row}])
    >>> link(a, b).pairs[["ours", "theirs", "days"]].values.tolist()
    [['A1', 'B7', 1]]
    """
    wanted = tolerance or Tolerance()
    one, other = _ready("ours", ours), _ready("theirs", theirs)
    wide = _candidates(one, other, Tolerance(2 * wanted.days, 2 * wanted.km, len(FIELDS)))
    differing = sum((wide[f] == "differs").astype(int) for f in FIELDS)
    inside = (wide["gap"] <= wanted.days) & ~(wide["km"] > wanted.km) & (differing <= wanted.differ)
    close = wide[inside].reset_index(drop=True)
    close["cost"] = _cost(close, wanted)
    chosen = close.iloc[_assigned(close)].sort_values(["a", "b"], ignore_index=True)
    pairs = pd.DataFrame(
        {
            "ours": one["id"].to_numpy()[chosen["a"]],
            "theirs": other["id"].to_numpy()[chosen["b"]],
            "date": one["date"].to_numpy()[chosen["a"]],
            **{c: chosen[c].to_numpy() for c in ("days", "km", *FIELDS, "cost")},
            "check": list(_checks(chosen, close, other["id"])),
        }
    )
    return Linked(
        pairs.sort_values(["date", "ours"], ignore_index=True),
        _alone(one, other, wide, chosen, ("a", "b")),
        _alone(other, one, wide, chosen, ("b", "a")),
        wanted,
    )


def by_chance(ours: pd.DataFrame, theirs: pd.DataFrame, tolerance: Tolerance | None = None) -> float:
    """How many pairs the same tolerances make of events that cannot be the same: the other list moved in time.

    Returns
    -------
    float
        Mean over moves of 45 and 90 days back and forth. Where it is not small beside the pairs that were found, the
        tolerances are too wide for lists as dense as these.
    """
    made = []
    for days in (-90, -45, 45, 90):
        moved = theirs.assign(date=pd.to_datetime(theirs["date"]) + pd.Timedelta(days=days))
        made.append(len(link(ours, moved, tolerance).pairs))
    return float(np.mean(made))


def agreement(linked: Linked) -> pd.DataFrame:
    """How far the paired records agree, by field.

    Returns
    -------
    DataFrame
        `field` (date, attack_method, target_category), `same`, `differs`, `unknown` pairs, and `share` that agrees
        of those where both know, with Clopper and Pearson's exact 95 % limits `low` and `high`.
    """
    pairs = linked.pairs
    day = pd.Series(np.where(pairs["days"] == 0, "same", "differs"), pairs.index).mask(
        pairs["check"].map(lambda c: "date_precision" in c), "unknown"
    )
    rows = []
    for field, said in (("date", day), *((f, pairs[f]) for f in FIELDS)):
        same, differs, unknown = (int(said.eq(v).sum()) for v in ("same", "differs", "unknown"))
        known = same + differs
        limits = clopper_pearson(same, known) if known else (np.nan, np.nan)
        rows.append((field, same, differs, unknown, same / known if known else np.nan, *limits))
    return pd.DataFrame(rows, columns=["field", "same", "differs", "unknown", "share", "low", "high"])


def overlap(
    rows: pd.DataFrame, paired: Iterable[str], groups: Mapping[str, Sequence[bool]], unit: str = QUARTER
) -> pd.DataFrame:
    """How many of a list's events the other list holds too, by period and group.

    Parameters
    ----------
    rows : DataFrame
        With `incident_id` and `date`.
    paired : iterable of str
        Ids that were paired.
    groups : mapping of name -> one boolean a row
        Such as the campaign's series.
    unit : str
        ``month``, ``quarter`` or ``year``.

    Returns
    -------
    DataFrame
        `quarter`, `group`, `events`, `paired`, and the `share` with exact 95 % limits; a quarter or group without an
        event has no row.
    """
    held = rows["incident_id"].isin(list(paired)).to_numpy()
    quarters = np.array([str(Period.of(d.date(), unit)) for d in rows["date"]], dtype=object)
    found = []
    for quarter in sorted(set(quarters)):
        for name, inside in groups.items():
            mask = (quarters == quarter) & np.asarray(inside, dtype=bool)
            if n := int(mask.sum()):
                both = int((mask & held).sum())
                found.append((quarter, name, n, both, both / n, *clopper_pearson(both, n)))
    return pd.DataFrame(found, columns=["quarter", "group", "events", "paired", "share", "low", "high"])


def _ready(name: str, rows: pd.DataFrame) -> pd.DataFrame:
    """The columns that linking reads, one row an event, by date; what a list lacks is unknown."""
    missing = [c for c in ("incident_id", "date", *FIELDS) if c not in rows.columns]
    if missing:
        raise ValueError(f"{name}: there is no column {', '.join(missing)}")
    ids = rows["incident_id"].astype(str)
    if ids.duplicated().any():
        raise ValueError(f"{name}: {ids[ids.duplicated()].iloc[0]} stands twice")
    size = len(rows)

    def column(of: str) -> pd.Series:
        return rows[of] if of in rows else pd.Series([None] * size, rows.index, dtype=object)

    coarse = column("coordinate_precision").isin(_COARSE)
    table = pd.DataFrame(
        {
            "id": ids,
            "date": pd.to_datetime(rows["date"]).dt.normalize(),
            "slack": column("date_precision").map(lambda v: _SLACK.get(str(v), 0)).astype(int),
            "lat": pd.to_numeric(column("latitude"), errors="coerce").astype(float).mask(coarse),
            "lon": pd.to_numeric(column("longitude"), errors="coerce").astype(float).mask(coarse),
            "district": column("governorate").map(_district),
            **{f: rows[f].fillna("").astype(str).map(lambda v: "" if v in _OPEN else v) for f in FIELDS},
        }
    )
    return table.sort_values(["date", "id"], ignore_index=True)


def _district(name: object) -> str:
    """A district's name without accents, articles and what it is called a kind of."""
    if not isinstance(name, str):
        return ""
    plain = "".join(c for c in unicodedata.normalize("NFKD", name.casefold()) if not unicodedata.combining(c))
    return " ".join(w for w in re.findall(r"\w+", plain) if w not in _ARTICLES)


def _candidates(one: pd.DataFrame, other: pd.DataFrame, reach: Tolerance) -> pd.DataFrame:
    """Every pair within reach: positions `a`, `b`, `days`, `gap` (days that coarse dates leave), `km`, the fields."""
    at = other["date"].to_numpy()
    most = reach.days + int(other["slack"].max() if len(other) else 0)
    first, last = [], []
    for day, slack in zip(one["date"], one["slack"], strict=True):
        step = pd.Timedelta(days=most + int(slack))
        first.append(int(np.searchsorted(at, (day - step).to_datetime64(), "left")))
        last.append(int(np.searchsorted(at, (day + step).to_datetime64(), "right")))
    widths = np.array(last, dtype=int) - np.array(first, dtype=int)
    a = np.repeat(np.arange(len(one)), widths)
    starts = np.repeat(np.array(first, dtype=int) - np.cumsum(widths) + widths, widths)
    b = starts + np.arange(len(a))
    left, right = one.iloc[a].reset_index(drop=True), other.iloc[b].reset_index(drop=True)
    days = (right["date"] - left["date"]).dt.days.abs().to_numpy(dtype=int)
    gap = np.maximum(0, days - left["slack"].to_numpy() - right["slack"].to_numpy())
    km = haversine(left["lat"].to_numpy(), left["lon"].to_numpy(), right["lat"].to_numpy(), right["lon"].to_numpy())
    same_district = (left["district"] == right["district"]) & (left["district"] != "")
    keep = (gap <= reach.days) & np.where(np.isnan(km), same_district, km <= reach.km)
    table = pd.DataFrame({"a": a, "b": b, "days": days, "gap": gap, "km": km})
    table["coarse"] = (left["slack"] + right["slack"]).to_numpy() > 0
    for field in FIELDS:
        known = (left[field] != "") & (right[field] != "")
        table[field] = np.where(~known, "unknown", np.where(left[field] == right[field], "same", "differs"))
    return table[keep].reset_index(drop=True)


def _cost(pairs: pd.DataFrame, tolerance: Tolerance) -> pd.Series:
    """0 for the same day, point, method and target; at most 1 for each of them."""
    days = pairs["gap"] / (tolerance.days + 1)
    km = (pairs["km"] / tolerance.km).fillna(_HALF)
    fields = sum(pairs[f].map({"same": 0.0, "unknown": _HALF, "differs": 1.0}).astype(float) for f in FIELDS)
    return days + km + fields


def _assigned(pairs: pd.DataFrame) -> np.ndarray:
    """Positions of the pairs of least total cost, each event once; an event alone costs `_UNPAIRED`."""
    if pairs.empty:
        return np.array([], dtype=int)
    rows, a = np.unique(pairs["a"].to_numpy(), return_inverse=True)
    columns, b = np.unique(pairs["b"].to_numpy(), return_inverse=True)
    many, wide = len(rows), len(columns)
    alone = np.arange(many)
    # Each of our events has a column of its own that stands for "with nobody"; costs above 0, so that none is dropped.
    weights = np.concatenate([pairs["cost"].to_numpy() + 1e-6, np.full(many, _UNPAIRED + 1e-3)])
    where = (np.concatenate([a, alone]), np.concatenate([b, wide + alone]))
    row, column = min_weight_full_bipartite_matching(csr_array((weights, where), shape=(many, wide + many)))
    taken = {(int(r), int(c)) for r, c in zip(row, column, strict=True) if c < wide}
    return np.array([i for i, key in enumerate(zip(a.tolist(), b.tolist(), strict=True)) if key in taken], dtype=int)


def _checks(chosen: pd.DataFrame, close: pd.DataFrame, ids: pd.Series) -> Iterator[tuple[str, ...]]:
    """What a person should look at in each pair."""
    by_ours = dict(list(close.groupby("a")))
    for row in chosen.to_dict("records"):
        found = [f for f in FIELDS if row[f] == "differs"]
        found += ["date_precision"] if row["coarse"] else []
        found += ["place"] if np.isnan(row["km"]) else []
        others = by_ours[row["a"]]
        rivals = others[(others["b"] != row["b"]) & (others["cost"] <= row["cost"] + _NEAR)].sort_values(["cost", "b"])
        found += [f"rival:{ids[b]}" for b in rivals["b"][:3]]
        yield tuple(found)


def _alone(
    own: pd.DataFrame, other: pd.DataFrame, wide: pd.DataFrame, chosen: pd.DataFrame, sides: tuple[str, str]
) -> pd.DataFrame:
    """Events of one list without a partner, each with the nearest of the other list."""
    mine, theirs = sides
    left = own.loc[~own.index.isin(chosen[mine]), ["id", "date"]]
    differing = sum((wide[f] == "differs").astype(float) for f in FIELDS)
    order = wide.assign(far=wide["gap"] + wide["km"].fillna(0) / Tolerance.km + differing)
    nearest = order.sort_values(["far", theirs]).drop_duplicates(mine).set_index(mine)
    found = nearest.reindex(left.index)
    taken = found[theirs].isin(chosen[theirs]).astype("boolean").mask(found[theirs].isna())
    return pd.DataFrame(
        {
            "id": left["id"], "date": left["date"], "nearest": found[theirs].map(other["id"]).astype("string"),
            "days": found["days"].astype("Int64"), "km": found["km"], "taken": taken,
        }
    ).reset_index(drop=True)  # fmt: skip
