"""Conditions over rows: yes, no and unknown; what cannot be read is named; series that settle a condition."""

from datetime import date

import pandas as pd
import pytest

from incident_report.data.conditions import implied, matches, problems
from incident_report.data.conditions_in_words import describe
from incident_report.data.model import Series

ROWS = pd.DataFrame(
    {
        "attack_method": ["rocket", "drone", "ied_roadside", ""],
        "place": ["Green Zone, Baghdad", "Highway 1", "the green zone bridge", ""],
        "killed": pd.array([0, None, 3, 1], dtype="Int64"),
        "techniques": [("salvo",), (), ("salvo", "efp"), ("efp",)],
        "date": pd.to_datetime(["2020-07-01", "2020-07-31", "2020-08-01", None]),
    }
)
SERIES = (Series("fire", "Fire", "attacks by fire", "attack by fire", {"attack_method": ("rocket", "drone")}),)
COLUMNS = tuple(ROWS.columns)


def answers(condition):
    return [None if pd.isna(v) else bool(v) for v in matches(ROWS, condition, SERIES)]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("everything", [True] * 4),
        ("nothing", [False] * 4),
        ({"attack_method": ["rocket", "drone"]}, [True, True, False, None]),
        ({"attack_method": "rocket"}, [True, False, False, None]),
        ({"place": {"contains": ["Green Zone"]}}, [True, False, True, None]),
        ({"place": {"contains": ["Green Zone"], "otherwise": "unknown"}}, [True, None, True, None]),
        ({"killed": {"at_least": 1}}, [False, None, True, True]),
        ({"killed": {"at_most": 0}}, [True, None, False, False]),
        ({"killed": {"known": True}}, [True, False, True, True]),
        ({"techniques": ["salvo"]}, [True, None, True, False]),
        ({"techniques": {"has": ["efp"]}}, [False, None, True, True]),
        ({"series": ["fire"]}, [True, True, False, False]),
        ({"killed": {"at_least": 1, "at_most": 3}}, [False, None, True, True]),
        ({"killed": {"at_least": 2, "at_most": 1, "otherwise": "unknown"}}, [None] * 4),
        ({"date": {"at_least": "2020-07-31"}}, [False, True, True, None]),
        ({"date": {"at_least": date(2020, 7, 1), "at_most": "2020-07-31"}}, [True, True, False, None]),
        ({"attack_method": ["rocket", None]}, [True, False, False, True]),
        ({"attack_method": [None]}, [False, False, False, True]),
        ({"techniques": ["efp", None]}, [False, True, True, True]),
        ({"search": "GREEN zone"}, [True, False, True, False]),
        ({"search": "  highway "}, [False, True, False, False]),
        ({"not": {"search": "zone highway"}}, [True] * 4),
        ({"not": {"attack_method": ["rocket"]}}, [False, True, True, None]),
        # Kleene: a no settles "all", a yes settles "any", whatever is unknown beside it.
        ({"attack_method": ["drone"], "killed": {"at_least": 1}}, [False, None, False, None]),
        ({"any": [{"attack_method": ["drone"]}, {"killed": {"at_least": 1}}]}, [False, True, True, True]),
        ({"all": [{"attack_method": ["rocket"]}, {"place": {"contains": ["zone"]}}]}, [True, False, False, None]),
    ],
)
def test_yes_no_and_unknown(condition, expected):
    assert answers(condition) == expected
    assert list(problems(condition, COLUMNS, series_ids=["fire"])) == []
    assert describe(condition, lambda value, column: value)


@pytest.mark.parametrize(
    ("condition", "part"),
    [
        ("all of them", "not a condition"),
        ({}, "not a condition"),
        (None, "not a condition"),
        ({"nosuch": ["a"]}, "no column 'nosuch'"),
        ({"any": []}, "needs a list"),
        ({"any": [{"nosuch": 1}]}, "no column 'nosuch'"),
        ({"killed": {"at_least": "many"}}, "needs a number"),
        ({"place": {"at_least": 1}}, "needs a number"),
        ({"place": {"contains": "a", "in": ["b"]}}, "exactly one of"),
        ({"place": {"matches": "^a"}}, "exactly one of"),
        ({"place": {"known": "yes"}}, "true or false"),
        ({"place": {"contains": ["a"], "otherwise": "no"}}, "can only be unknown"),
        ({"techniques": {"contains": ["a"]}}, "list columns"),
        ({"series": ["boats"]}, "no series 'boats'"),
        ({"killed": {"at_least": 1, "at_most": "2"}}, "needs a number"),
        ({"killed": {"at_least": float("nan")}}, "needs a number"),
        ({"killed": {"at_least": 1, "known": True}}, "exactly one of"),
        ({"date": {"at_least": "July"}}, "needs a day"),
        ({"date": {"at_least": 20200701}}, "needs a day"),
        ({"attack_method": None}, "has no value"),
        ({"attack_method": []}, "needs a text"),
        ({"place": {"contains": [None]}}, "needs a text"),
        ({"search": " "}, "at least one word"),
        ({"search": ["a"]}, "at least one word"),
        ({"attack_method": ["catapult"]}, "'catapult' is not one of"),
    ],
)
def test_what_cannot_be_read_is_named(condition, part):
    enums = {"attack_method": ["rocket", "drone"]}
    found = list(problems(condition, COLUMNS, series_ids=["fire"], enums=enums))
    assert len(found) == 1 and part in found[0]


def test_no_text_is_ever_evaluated():
    condition = {"place": {"contains": ["__import__('os').getcwd()"]}}
    assert answers(condition) == [False, False, False, None]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ("everything", True),
        ("nothing", False),
        ({"attack_method": ["rocket", "drone", "mortar"]}, True),
        ({"attack_method": ["rocket"]}, None),
        ({"attack_method": ["ied_roadside"]}, False),
        ({"attack_method": ["rocket", "drone"], "place": ["x"]}, None),
        ({"attack_method": ["ied_roadside"], "place": ["x"]}, False),
        ({"any": [{"attack_method": ["rocket", "drone"]}, {"place": ["x"]}]}, True),
        ({"not": {"attack_method": ["ied_roadside"]}}, True),
        ({"place": {"contains": ["zone"]}}, None),
    ],
)
def test_a_series_definition_may_settle_a_condition(condition, expected):
    assert implied(condition, SERIES[0].where) is expected
    if expected is not None:  # and then every row of the series agrees
        inside = ROWS[ROWS["attack_method"].isin(["rocket", "drone"])]
        assert (matches(inside, condition, SERIES) == expected).all()
