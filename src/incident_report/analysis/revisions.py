"""What changed in the data since an earlier edition, and what that did to the counts."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.data.model import Series
from incident_report.data.restrictions import PREFIX, Withheld

# Fields that decide whether, when and as what an attack counts; others are told as "other fields".
COUNTING = ("date", "target_category", "attack_method", "outcome", "confidence", "killed", "wounded", "munition_count")


_TELLS_PLACE = (
    "place", "latitude", "longitude", "site_id", "target_name", "munition_detail", "claim_note", "summary",
)  # fmt: skip
_GRID = 0.1  # degrees: no rule moves a point by more


@dataclass(frozen=True)
class FieldChange:
    """One field of one incident that reads differently now ("" is unknown)."""

    incident_id: str
    quarter: str
    field: str
    old: str
    new: str


@dataclass(frozen=True)
class Revisions:
    """The difference between two versions of the incidents.

    Attributes
    ----------
    added, removed : tuple of (incident_id, quarter)
        Rows in quarters that both versions know.
    changed : tuple of FieldChange
    new_quarters, lost_quarters : tuple of str
        Quarters that only one version knows: growth, not revision.
    counts : DataFrame
        quarter, series, before, after: counted attacks in quarters that both know.
    """

    added: tuple[tuple[str, str], ...]
    removed: tuple[tuple[str, str], ...]
    changed: tuple[FieldChange, ...]
    new_quarters: tuple[str, ...]
    lost_quarters: tuple[str, ...]
    counts: pd.DataFrame

    @property
    def any(self) -> bool:
        """Whether a quarter that both versions know reads differently."""
        return bool(self.added or self.removed or self.changed)


def as_published(rows: pd.DataFrame) -> pd.DataFrame:
    """Incidents as text, indexed by id, lists joined by ``;``, so that two versions can be compared."""

    def text(value: Any) -> str:
        if isinstance(value, tuple | list):
            return ";".join(value)
        if isinstance(value, pd.Timestamp):
            return value.strftime("%Y-%m-%d")
        if isinstance(value, bool):
            return "true" if value else "false"
        return "" if pd.isna(value) else str(value)

    out = pd.DataFrame({column: [text(v) for v in rows[column]] for column in rows.columns}, dtype=str)
    return out.set_index("incident_id", drop=False)


def compare(old: pd.DataFrame, new: pd.DataFrame, listed: Sequence[Series]) -> Revisions:
    """Compare two versions of the incidents.

    Parameters
    ----------
    old, new : DataFrame
        All fields text (`as_published`), with incident_id, quarter and counted ("true" or "false").
    listed : sequence of Series
        Those whose counts are compared.
    """
    old, new = (frame.set_index("incident_id", drop=False) for frame in (old, new))
    old_quarters, new_quarters = set(old["quarter"]), set(new["quarter"])
    both = old_quarters & new_quarters

    def only(a: pd.DataFrame, b: pd.DataFrame) -> tuple[tuple[str, str], ...]:
        ids = sorted(i for i in set(a.index) - set(b.index) if a.loc[i, "quarter"] in both)
        return tuple((i, str(a.loc[i, "quarter"])) for i in ids)

    fields = [c for c in new.columns if c in old.columns and c not in ("incident_id", "quarter", "counted")]
    changed = [
        FieldChange(i, str(new.loc[i, "quarter"]), field, str(old.loc[i, field]), str(new.loc[i, field]))
        for i in sorted(set(old.index) & set(new.index))
        for field in fields
        if old.loc[i, field] != new.loc[i, field]
    ]
    rows = [
        {
            "quarter": quarter,
            "series": series.id,
            "before": _counted(old, quarter, series.where),
            "after": _counted(new, quarter, series.where),
        }
        for quarter in sorted(both)
        for series in listed
    ]
    return Revisions(
        added=only(new, old),
        removed=only(old, new),
        changed=tuple(changed),
        new_quarters=tuple(sorted(new_quarters - old_quarters)),
        lost_quarters=tuple(sorted(old_quarters - new_quarters)),
        counts=pd.DataFrame(rows, columns=["quarter", "series", "before", "after"]),
    )


def since(previous: pd.DataFrame, edition: Edition) -> Revisions:
    """What changed from a previous edition's published incidents to what this edition knows.

    Both are counted under this edition's confidence floor, so that another setting is no change of data.
    """
    if {"outcome", "confidence"} <= set(previous.columns):
        kept = previous["outcome"].eq("carried_out") & previous["confidence"].isin(edition.floor_and_above)
        previous = previous.assign(counted=kept.map({True: "true", False: "false"}))
    previous = _as_withheld(previous, edition)
    counted = set(edition.incidents()["incident_id"])
    rows = edition.listed.assign(counted=[i in counted for i in edition.listed["incident_id"]])
    return compare(previous, as_published(rows), edition.series)


def _as_withheld(previous: pd.DataFrame, edition: Edition) -> pd.DataFrame:
    """A previous edition without what this one withholds, which would else be told as what it was before.

    A row that is withheld now is found by what is still told of it. Columns that are withheld now are left out, and
    a point that only moved to the grid of today's rules has not changed.
    """
    told = edition.data.withheld
    hidden = [name.removeprefix("incidents.") for name in told.columns] if told else []
    out = previous.drop(columns=hidden, errors="ignore").set_index("incident_id", drop=False)
    now, shown = edition.listed.set_index("incident_id"), as_published(edition.listed)
    out = _unmoved(_found_again(out, now, shown), now, shown)
    if told:
        _as_on_routes(out, shown, told)
    return out.reset_index(drop=True)


def _found_again(out: pd.DataFrame, now: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """Rows under the ids and with the cells of today, where what is told of a withheld one is told of them."""
    for ident in (i for i in now.index if str(i).startswith(PREFIX) and i not in out.index):
        row = now.loc[ident]
        same = out["date"].eq(f"{row['date']:%Y-%m-%d}") & ~out.index.isin(now.index)
        for column in ("attack_method", "target_category"):
            same &= out[column].eq(row[column])
        if same.any():
            old = out.index[same][0]
            out.loc[old] = shown.loc[ident].reindex(out.columns, fill_value="")
            out = out.rename(index={old: ident})
    return out


def _unmoved(out: pd.DataFrame, now: pd.DataFrame, shown: pd.DataFrame) -> pd.DataFrame:
    """Points as they are now, where they moved no further than the grid is wide."""
    both = out.index.intersection(now.index)
    for column in (c for c in ("latitude", "longitude") if c in out):
        then, new = pd.to_numeric(out.loc[both, column], errors="coerce"), now.loc[both, column].astype(float)
        near = both[((then - new).abs() < _GRID).fillna(False)]
        out.loc[near, column] = shown.loc[near, column]
    return out


def _as_on_routes(out: pd.DataFrame, now: pd.DataFrame, told: Withheld) -> None:
    """The words of attacks on routes as they are told now, where an earlier edition told more of the place."""
    both = out.index.intersection(now.index[now["target_category"].isin(told.moving)])
    finer = both[(out.loc[both, "place"] != now.loc[both, "place"]).to_numpy()] if "place" in out else both
    for column in (c for c in _TELLS_PLACE if c in out and c in now):
        silent = now.loc[both, column].str.contains(told.word, case=False, regex=False)
        rows = finer.union(both[silent.to_numpy(bool)])
        out.loc[rows, column] = now.loc[rows, column]


def _counted(rows: pd.DataFrame, quarter: str, where: Any) -> int:
    mask = (rows["quarter"] == quarter) & (rows["counted"] == "true")
    for column, allowed in where.items():
        mask &= rows[column].isin(allowed)
    return int(mask.sum())
