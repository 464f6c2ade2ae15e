"""Which rows, and which days' rows, are left out of an edition one after another; of many the most telling."""

from __future__ import annotations

from collections import Counter
from collections.abc import Hashable, Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.remember import remembered

MOST_OUT = 300  # rows, and days, that are left out one by one: of many rows fewer, since each is all rows once more
MOST_ROWS_OUT = 150_000  # of all that are left out together
FEWEST_OUT = 4  # of each


@dataclass(frozen=True)
class LeftOut:
    """Rows that are left out together.

    Attributes
    ----------
    kind : str
        ``single_row`` or ``single_day``.
    label : str
        The row's id, or the day.
    ids : frozenset of str
    rows : int
        How many the row stands for; how many the day has.
    alike : hashable
        How many of each kind of row they are.
    """

    kind: str
    label: str
    ids: frozenset[str]
    rows: int
    alike: Hashable


def left_out(ed: Edition, alike: np.ndarray) -> Iterator[LeftOut]:
    """Each row, and each day's rows; rows that can stand for one another once.

    Where that would be too many, the rows of the rarest kinds, and the days with most rows.

    Parameters
    ----------
    alike : ndarray of int, shape (counted rows,)
        As `Finding.rows`.
    """
    ids, days = (ed.counted[c].to_numpy(t) for c, t in (("incident_id", object), ("date", "datetime64[D]")))
    order = _by_id(ed)
    order = order[alike[order] >= 0]
    most = max(FEWEST_OUT, min(MOST_OUT, MOST_ROWS_OUT // max(1, len(ids))))

    def made(kind: str, label: str, group: np.ndarray, rows: int) -> LeftOut:
        return LeftOut(kind, label, frozenset(ids[group]), rows, frozenset(Counter(alike[group].tolist()).items()))

    same = [order[at] for at in _groups(alike[order])]
    for at in sorted(sorted(range(len(same)), key=lambda kind: len(same[kind]))[:most]):
        yield made("single_row", ids[same[at][0]], same[at][:1], len(same[at]))
    by_day = sorted((order[at] for at in _groups(days[order])), key=len, reverse=True)[:most]
    shown: set[Hashable] = set()
    for group in sorted(by_day, key=lambda group: days[group[0]]):
        one = made("single_day", str(days[group[0]]), group, len(group))
        if len(group) > 1 and one.alike not in shown:
            shown.add(one.alike)
            yield one


@remembered
def _by_id(ed: Edition) -> np.ndarray:
    """Places of the counted rows in the order of their ids."""
    return np.argsort(ed.counted["incident_id"].to_numpy(object), kind="stable")


def _groups(values: np.ndarray) -> list[np.ndarray]:
    """Places of equal values, in order; the groups in the order of their first."""
    codes = pd.factorize(values)[0]
    return np.split(np.argsort(codes, kind="stable"), np.cumsum(np.bincount(codes))[:-1]) if len(codes) else []
