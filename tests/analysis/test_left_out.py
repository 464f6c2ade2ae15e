"""What is left out of an edition one after another, against a plain search."""

from __future__ import annotations

from collections import Counter
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_report.analysis import left_out as module
from incident_report.analysis.finding import kinds, kinds_among
from incident_report.analysis.left_out import left_out


def an_edition(rows):
    """Counted rows of (day, kind), ids in another order than they stand."""
    ids = [f"IQ-{(i * 7) % (len(rows) or 1):03d}-{i}" for i in range(len(rows))]
    days = pd.to_datetime([f"2020-07-{day:02d}" for day, _ in rows])
    return SimpleNamespace(counted=pd.DataFrame({"incident_id": ids, "date": days}))


ROWS = st.lists(st.tuples(st.integers(1, 4), st.integers(-1, 2)), max_size=12)


@given(ROWS)
def test_each_kind_of_row_and_of_day_is_left_out_once(rows):
    ed, alike = an_edition(rows), np.array([kind for _, kind in rows], dtype=int)
    found = list(left_out(ed, alike))
    of = dict(zip(ed.counted["incident_id"], rows, strict=True))
    counts = Counter(kind for _, kind in rows if kind >= 0)
    single = [one for one in found if one.kind == "single_row"]
    assert {of[one.label][1]: one.rows for one in single} == counts
    for one in single:
        assert one.ids == {one.label} == {min(i for i in of if of[i][1] == of[one.label][1])}
    by_day = {}
    for i, (day, kind) in of.items():
        if kind >= 0:
            by_day.setdefault(f"2020-07-{day:02d}", {})[i] = kind
    wanted = {frozenset(Counter(day.values()).items()) for day in by_day.values() if len(day) > 1}
    days = [one for one in found if one.kind == "single_day"]
    assert len(days) == len(wanted) and {one.alike for one in days} == wanted
    assert all(one.ids == set(by_day[one.label]) and one.rows == len(one.ids) for one in days)


def test_of_many_the_rarest_kinds_and_the_fullest_days(monkeypatch):
    monkeypatch.setattr(module, "MOST_OUT", 1)
    monkeypatch.setattr(module, "FEWEST_OUT", 1)
    rows = [(1, 0), (1, 0), (2, 0), (2, 0), (2, 1), (3, 0)]
    found = list(left_out(an_edition(rows), np.array([kind for _, kind in rows])))
    assert [(one.kind, one.rows) for one in found] == [("single_row", 1), ("single_day", 3)]


@given(st.lists(st.tuples(st.sampled_from(["a", "b", None]), st.sampled_from([0, 1, np.nan]), st.booleans())))
def test_rows_have_one_number_where_they_are_alike_in_every_column(rows):
    inside = np.array([keep for *_, keep in rows], dtype=bool)
    text, number = (np.array([row[i] for row in rows], dtype=t) for i, t in ((0, object), (1, float)))
    made = kinds_among(inside, text[inside], number[inside])
    assert (made == -1).tolist() == (~inside).tolist()
    told = [str(row[:2]) for row in rows]
    for i in np.flatnonzero(inside):
        for j in np.flatnonzero(inside):
            assert (made[i] == made[j]) == (told[i] == told[j])


@pytest.mark.parametrize("columns", [([], []), (["x"],)])
def test_kinds_of_hardly_any_rows(columns):
    assert kinds(*columns).tolist() == [0] * len(columns[0])
