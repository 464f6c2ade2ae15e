"""Harm and effect: killed and wounded, shares of attacks with casualties, interception, munitions."""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
import pandas as pd

from incident_report.analysis.counts import DOCUMENTED, Count
from incident_report.analysis.edition import Edition
from incident_report.analysis.rates import LEVEL, clopper_pearson
from incident_report.periods import Period

FIELDS = ("killed", "wounded", "us_killed", "us_wounded")
FEWEST_FOR_A_SHARE = 10  # known values; no percentage is quoted on fewer


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
    def none(self) -> int:
        """Attacks for which the answer is no."""
        return self.known - self.part

    @property
    def silent(self) -> int:
        """Attacks for which the answer is not known."""
        return self.attacks - self.known


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


def share_of(rows: pd.DataFrame, answer: pd.Series) -> Share:
    """Yes, no and unknown, counted."""
    yes = answer.fillna(False).astype(bool)
    return Share(int(yes.sum()), int(answer.notna().sum()), len(rows), tuple(rows.loc[yes, "incident_id"]))


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


def interception(edition: Edition, series: str, quarter: Period | None = None) -> Interception:
    """Interception in one quarter, or in all up to the edition's."""
    rows = edition.incidents(quarter, series)
    known = rows[rows["intercepted"].notna()]
    values = known["intercepted"].value_counts().sort_index()
    return Interception({str(k): int(v) for k, v in values.items()}, len(rows), tuple(known["incident_id"]))


@dataclass(frozen=True)
class Munitions:
    """Munitions per attack in one quarter, where the number is known."""

    quarter: Period
    attacks: Count
    values: tuple[int, ...]  # sorted
    median: float
    rows: tuple[str, ...]


def munitions(edition: Edition, quarter: Period, series: str) -> Munitions | None:
    """Munitions per attack; None where the quarter has no incidents file."""
    if not edition.has_incidents_file(quarter):
        return None
    rows = edition.incidents(quarter, series)
    rows = rows[rows["munition_count"].notna()]
    values = tuple(sorted(int(v) for v in rows["munition_count"]))
    median = float(np.median(values)) if values else math.nan
    attacks = edition.record(series).count(quarter, DOCUMENTED)
    return Munitions(quarter, attacks, values, median, tuple(rows["incident_id"]))
