"""What a view selects, against a plain recount; views that cannot be read are refused by their key."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from typing import Any

import pandas as pd
import pytest
from editions import founding
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_report.analysis.edition import Edition
from incident_report.analysis.explorer import DEFAULTS, condition, kinds, searched, select, values, view_of
from incident_report.analysis.public import PERIODS, count, cross, shares
from incident_report.analysis.public_place import near
from incident_report.analysis.public_time import around, gaps
from incident_report.analysis.result import replay
from incident_report.analysis.selection import where

ED = founding(confidence_floor="medium")
CHOSEN = ("attack_method", "governorate", "techniques", "attributed_to", "sources")
DAYS = st.dates(ED.quarters[0].start, ED.quarter.end).map(str)
WORDS = ["embassy", "KATYUSHA", "taji", "iq-2020", "convoy", "\u00a0", "green  zone", "nowhere at all"]


def box(corners: tuple[float, float, float, float]) -> list[float]:
    west, east, south, north = corners
    return [min(west, east), min(south, north), max(west, east), max(south, north)]


def kept(column: str) -> st.SearchStrategy[list[str | None]]:
    return st.lists(st.sampled_from([None, *values(ED, column)]), max_size=4)


VIEWS = st.fixed_dictionaries(
    {},
    optional={
        "by": st.sampled_from(PERIODS),
        "time": st.one_of(st.none(), st.tuples(DAYS, DAYS).map(sorted)),
        "box": st.one_of(
            st.none(), st.tuples(*[st.floats(41, 48, width=32)] * 2, *[st.floats(29, 37, width=32)] * 2).map(box)
        ),
        "where": st.fixed_dictionaries({}, optional={c: kept(c) for c in CHOSEN}),
        "series": st.sampled_from([s.id for s in ED.series]),
        "search": st.lists(st.sampled_from(WORDS), max_size=2).map(" ".join),
        "counting": st.sampled_from(["counted", "listed"]),
        "open": st.sampled_from([None, *ED.listed["incident_id"]]),
    },
)


def holds(row: Mapping[str, Any], view: Mapping[str, Any]) -> bool:
    """Whether a view keeps a row, part by part and in plain Python."""

    def known(cell: Any) -> bool:
        return cell is not None and cell is not pd.NA

    if view["counting"] == "counted" and not (row["counted"] and row["confidence"] in ("medium", "high")):
        return False
    if view["time"] and not view["time"][0] <= str(row["date"])[:10] <= view["time"][1]:
        return False
    if view["box"]:
        west, south, east, north = view["box"]
        lon, lat = row["longitude"], row["latitude"]
        if not (known(lon) and known(lat) and west <= lon <= east and south <= lat <= north):
            return False
    for column, wanted in view["where"].items():
        cell = row[column]
        held = list(cell) if isinstance(cell, tuple) else [cell] if known(cell) else []
        if not (set(held) & set(wanted) or (not held and None in wanted)):
            return False
    for column, allowed in ED.find_series(view["series"]).where.items():
        if row[column] not in allowed:
            return False
    text = "\n".join(str(row[c]) for c in searched(ED) if known(row[c])).lower()
    return all(word in text for word in view["search"].lower().split())


@settings(max_examples=150, deadline=None)
@given(VIEWS)
def test_a_view_selects_what_a_plain_recount_finds(view: dict[str, Any]) -> None:
    whole = view_of(ED, view)
    expected = [row["incident_id"] for row in ED.listed.to_dict("records") if holds(row, whole)]
    found = select(ED, view)
    assert list(found.rows) == expected == list(found["incident_id"])
    without = select(ED, {**view, "box": None})
    pointless = without.table[without["latitude"].isna()]["incident_id"]
    assert list(found.unlocated) == (list(pointless) if whole["box"] else [])


@settings(max_examples=40, deadline=None)
@given(VIEWS)
def test_the_condition_language_says_every_view(view: dict[str, Any]) -> None:
    whole = view_of(ED, view)
    assert view_of(ED, json.loads(json.dumps(whole))) == whole
    assert where(ED, condition(whole), listed=whole["counting"] == "listed").rows == select(ED, view).rows


def test_by_sort_and_open_select_nothing() -> None:
    for view in ({"by": "day"}, {"sort": ["killed", "up"]}, {"open": ED.listed["incident_id"].iloc[0]}, {}, None):
        assert select(ED, view).rows == tuple(ED.counted["incident_id"])


def test_a_selection_is_rows_for_every_question_and_can_be_made_again() -> None:
    rows = select(ED, {"where": {"attack_method": ["rocket"]}, "time": ["2020-07-01", "2020-09-30"]})
    assert len(rows) > 9
    assert count(ED, rows, by="month")["count"].sum() == len(rows)
    for made in (shares(ED, "confidence", rows), gaps(ED, rows=rows), near(ED, 33.3, 44.4, 5, rows)):
        assert set(made.rows) <= set(rows.rows)
    assert cross(ED, "attack_method", "outcome", rows)["total"].sum() == len(rows)
    assert around(ED, "2020-08-15", rows=rows)["count"].sum() == len(rows)
    assert replay(json.loads(json.dumps(rows.trace())), ED).digest() == rows.digest()


def test_rows_without_a_known_day_are_named() -> None:
    coarse = ED.listed[ED.listed["date_precision"] != "day"]["incident_id"]
    assert list(select(ED, {"counting": "listed"}).undated) == list(coarse) != []


@pytest.mark.parametrize(
    ("view", "key"),
    [
        ({"tiem": None}, "key of view is 'tiem'"), ({"by": "year"}, "by is 'year'"),
        ({"time": ["2020-07-01"]}, "time is"), ({"time": ["2020-07-01", "soon"]}, "time is 'soon'"),
        ({"time": ["2020-08-01", "2020-07-01"]}, "time ends"), ({"box": [1, 2, 3]}, "box is"),
        ({"box": [45, 33, 44, 34]}, "box is"), ({"box": [math.nan, 33, 44, 34]}, "box is"),
        ({"box": [True, 33, 44, 34]}, "box is"), ({"where": ["rocket"]}, "where is"),
        ({"where": {"attack_methd": ["rocket"]}}, "did you mean 'attack_method'"),
        ({"where": {"attack_method": "rocket"}}, "where attack_method is 'rocket'"),
        ({"where": {"attack_method": ["rokket"]}}, "where attack_method is 'rokket'"),
        ({"where": {"summary": ["x"]}}, "where is 'summary'"),
        ({"where": {"counted": ["yes"]}}, "where is 'counted'"),
        ({"series": "rockets"}, "series is"), ({"search": 3}, "search is 3"), ({"counting": "all"}, "counting is"),
        ({"sort": "date"}, "sort is"), ({"sort": ["date", "sideways"]}, "sort is 'sideways'"),
        ({"open": "IQ-1"}, "open is"), ([], "view is []"),
    ],
)  # fmt: skip
def test_what_cannot_be_read_is_refused_by_its_key(view: Any, key: str) -> None:
    with pytest.raises(ValueError) as error:
        select(ED, view)
    assert key in str(error.value) and "\n" not in str(error.value)


def test_columns_know_what_they_hold() -> None:
    found = kinds(ED)
    assert set(found.values()) == {"text", "code", "list", "day", "number", "degrees"}
    assert "quarter" not in found and "original_target" not in found  # said by the date; empty in every row
    assert values(ED, "confidence") == ("high", "medium", "low")  # the schema's order
    assert set(DEFAULTS["where"]) == set()


def test_an_edition_without_rows_selects_nothing(ed_without_rows: Edition) -> None:
    assert len(select(ed_without_rows, {"search": "x", "counting": "listed"})) == 0


@pytest.fixture
def ed_without_rows() -> Edition:
    from made import edition

    return edition([], [])
