"""How far coders who coded the same attacks agree: Krippendorff's alpha, field by field."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import permutations
from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.result import Outcome, result
from incident_report.data.conditions import NUMBER_COLUMNS
from incident_report.data.model import as_written

LIST = ";"


def alpha(units: Sequence[Sequence[Any]], distance: Callable[[Any, Any], float]) -> float:
    """Krippendorff's alpha: 1 is full agreement, 0 what chance would give; NaN where all values are alike.

    Parameters
    ----------
    units : sequence of sequences
        The values that coders gave each unit; a unit with fewer than two tells nothing of agreement.
    distance : function
        Squared difference of two values: `nominal` or `interval`.

    Notes
    -----
    Krippendorff (2011), Computing Krippendorff's alpha-reliability, section D (any number of coders, any
    metric, missing values).

    Examples
    --------
    >>> round(alpha(["aa", "aa", "bb", "ab"], nominal), 3)
    0.533
    """
    paired = [unit for unit in units if len(unit) > 1]
    values = [v for unit in paired for v in unit]
    observed = sum(sum(distance(a, b) for a, b in permutations(u, 2)) / (len(u) - 1) for u in paired)
    expected = sum(distance(a, b) for a, b in permutations(values, 2)) / max(len(values) - 1, 1)
    return 1 - observed / expected if expected else math.nan


def nominal(a: object, b: object) -> float:
    """Alike or not."""
    return float(a != b)


def interval(a: float, b: float) -> float:
    """The squared difference of two numbers."""
    return (a - b) ** 2


@result
def agreement(ed: Edition) -> Outcome:
    """Krippendorff's alpha of each field over the attacks that two or more people coded.

    Numbers are compared by their squared difference, and a coder who left one empty is left out; anything
    else is alike or not, and empty is a value like another.

    Returns
    -------
    Result
        One row a field: field, coders, attacks (coded twice or more), alike (attacks on which all agree),
        alpha (NA where every value is the same, so that nothing can be told). Empty without such a sample.
    """
    sample = as_written(ed.data.double_coding)
    sample = sample[sample["incident_id"].isin(set(ed.listed["incident_id"]))]
    rows = []
    for field, part in sample.groupby("field", sort=True):
        number = field in NUMBER_COLUMNS
        part = part[part["value"] != ""] if number else part
        units = [tuple(_plain(v, number) for v in one["value"]) for _, one in part.groupby("incident_id", sort=True)]
        units = [u for u in units if len(u) > 1]
        found = alpha(units, interval if number else nominal)
        alike = sum(len(set(u)) == 1 for u in units)
        rows.append((str(field), part["coder"].nunique(), len(units), alike, found))
    table = pd.DataFrame(rows, columns=["field", "coders", "attacks", "alike", "alpha"])
    return Outcome(table, dict.fromkeys(sample["incident_id"]))


def _plain(value: str, number: bool) -> float | str:
    """A number, or a text whose list of values stands in one order."""
    return float(value) if number else LIST.join(sorted(v.strip() for v in value.split(LIST)))
