"""Two lists of events, linked one to one: planted overlaps are found, and what cannot be told is said."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from incident_report.analysis.linkage import Tolerance, agreement, by_chance, link, overlap

METHODS = ["rocket", "drone", "ied_roadside", "mortar", "small_arms"]
TARGETS = ["airport", "logistics_convoy", "coalition_base", "civilians"]


def events(g: np.random.Generator, many: int) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "date": pd.Timestamp("2020-01-01") + pd.to_timedelta(g.integers(0, 180, many), unit="D"),
            "latitude": g.uniform(30, 36, many),
            "longitude": g.uniform(40, 48, many),
            "attack_method": g.choice(METHODS, many),
            "target_category": g.choice(TARGETS, many),
        }
    )


def planted(seed: int, common: int = 120, ours: int = 200, theirs: int = 300) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Two lists that share `common` events, in the second with noise of a day, 10 km and one field."""
    g = np.random.default_rng(seed)
    shared = events(g, common)
    noisy = shared.copy()
    noisy["date"] += pd.to_timedelta(g.integers(-1, 2, common), unit="D")
    far, way = g.uniform(0, 10, common), g.uniform(0, 2 * np.pi, common)
    noisy["latitude"] += far * np.cos(way) / 111.2
    noisy["longitude"] += far * np.sin(way) / (111.2 * np.cos(np.radians(noisy["latitude"])))
    for at, one in enumerate(g.random(common) < 0.5):
        column, values = ("attack_method", METHODS) if one else ("target_category", TARGETS)
        noisy.loc[at, column] = g.choice(values)
    first = pd.concat([shared, events(g, ours - common)], ignore_index=True)
    second = pd.concat([noisy, events(g, theirs - common)], ignore_index=True)
    first["incident_id"] = [f"A{i}" for i in range(ours)]
    second["incident_id"] = [f"B{i}" for i in range(theirs)]
    return first, second.sample(frac=1, random_state=seed, ignore_index=True)


@pytest.mark.parametrize("seed", range(5))
def test_planted_events_are_recovered(seed: int) -> None:
    ours, theirs = planted(seed)
    pairs = link(ours, theirs).pairs
    right = sum(a[1:] == b[1:] and int(a[1:]) < 120 for a, b in zip(pairs["ours"], pairs["theirs"], strict=True))
    assert len(pairs) - right <= 0.03 * len(pairs)
    assert 120 - right <= 12


def test_lists_that_share_nothing_are_told_apart_from_lists_that_do() -> None:
    ours, theirs = planted(3)
    assert by_chance(ours, theirs) < 0.1 * len(link(ours, theirs).pairs)


def row(id: str, day: str, **more: object) -> dict[str, object]:
    base = {"attack_method": "rocket", "target_category": "airport", "latitude": 33.26, "longitude": 44.23}
    return {"incident_id": id, "date": pd.Timestamp(day), **base, **more}


def table(*rows: dict[str, object]) -> pd.DataFrame:
    columns = ["incident_id", "date", "attack_method", "target_category", "latitude", "longitude"]
    return pd.DataFrame(list(rows)) if rows else pd.DataFrame(columns=columns)


def test_an_early_pair_does_not_take_the_partner_of_a_later_one() -> None:
    ours = table(row("A1", "2020-07-05"), row("A2", "2020-07-06"))
    theirs = table(row("B1", "2020-07-06"), row("B2", "2020-07-07"))
    assert link(ours, theirs).pairs[["ours", "theirs"]].values.tolist() == [["A1", "B1"], ["A2", "B2"]]


@pytest.mark.parametrize(
    ("more", "linked"),
    [
        ({}, True),
        ({"date": pd.Timestamp("2020-07-06")}, True),
        ({"date": pd.Timestamp("2020-07-07")}, False),
        ({"date": pd.Timestamp("2020-07-08"), "date_precision": "week"}, True),
        ({"date": pd.Timestamp("2020-07-20"), "date_precision": "month"}, True),
        ({"latitude": 33.38}, True),
        ({"latitude": 33.42}, False),
        ({"attack_method": "drone"}, True),
        ({"attack_method": "drone", "target_category": "civilians"}, False),
        ({"attack_method": "other", "target_category": pd.NA}, True),
        ({"latitude": np.nan, "longitude": np.nan}, False),
        ({"latitude": np.nan, "longitude": np.nan, "governorate": "Al-Baghdād Governorate"}, True),
        ({"coordinate_precision": "governorate", "latitude": 30.0, "governorate": "Basra"}, False),
        ({"coordinate_precision": "governorate", "latitude": 30.0, "governorate": "baghdad"}, True),
    ],
)
def test_what_lies_within_the_tolerances_is_linked(more: dict[str, object], linked: bool) -> None:
    found = link(table(row("A1", "2020-07-05", governorate="Baghdad")), table(row("B1", "2020-07-05") | more))
    assert len(found.pairs) == linked
    assert len(found.only_ours) == len(found.only_theirs) == (not linked)


def test_what_to_check_is_named() -> None:
    ours = table(row("A1", "2020-07-05", governorate="Baghdad"))
    theirs = table(
        row("B1", "2020-07-05", attack_method="drone", date_precision="week", latitude=np.nan, governorate="Baghdad"),
        row("B2", "2020-07-05", target_category="civilians"),
    )
    found = link(ours, theirs)
    assert found.pairs.loc[0, "theirs"] == "B2"
    assert found.pairs.loc[0, "check"] == ("target_category", "rival:B1")
    assert found.only_theirs.loc[0, ["id", "nearest"]].tolist() == ["B1", "A1"]
    assert found.only_theirs.loc[0, "taken"]
    other = link(ours, theirs.iloc[:1]).pairs.loc[0]
    assert other["check"] == ("attack_method", "date_precision", "place")


def test_a_near_miss_is_told_and_a_far_one_is_not() -> None:
    found = link(table(row("A1", "2020-07-05"), row("A2", "2020-09-05")), table(row("B1", "2020-07-07")))
    assert found.pairs.empty
    assert found.only_ours["nearest"].tolist() == ["B1", pd.NA]
    assert found.only_ours.loc[0, "days"] == 2
    assert not found.only_ours.loc[0, "taken"]


@pytest.mark.parametrize(("ours", "theirs"), [(0, 0), (0, 2), (2, 0)])
def test_an_empty_list_is_linked_with_nothing(ours: int, theirs: int) -> None:
    days = ["2020-07-05", "2020-07-06"]
    found = link(table(*(row(f"A{d}", d) for d in days[:ours])), table(*(row(f"B{d}", d) for d in days[:theirs])))
    assert (len(found.pairs), len(found.only_ours), len(found.only_theirs)) == (0, ours, theirs)
    assert agreement(found)["share"].isna().all()


def test_agreement_counts_only_what_both_know() -> None:
    ours = table(*(row(f"A{d}", f"2020-07-{d:02}") for d in (1, 11, 21)))
    theirs = table(
        row("B1", "2020-07-01"),
        row("B2", "2020-07-12", attack_method="drone"),
        row("B3", "2020-07-21", attack_method="other"),
    )
    told = agreement(link(ours, theirs)).set_index("field")
    assert told.loc["date", ["same", "differs", "unknown"]].tolist() == [2, 1, 0]
    assert told.loc["attack_method", ["same", "differs", "unknown"]].tolist() == [1, 1, 1]
    assert told.loc["attack_method", "share"] == 0.5
    assert told.loc["target_category", "low"] == pytest.approx(0.2924, abs=1e-4)  # 3 of 3: R's binom.test


def test_overlap_is_told_by_quarter_and_group() -> None:
    rows = table(row("A1", "2020-06-30"), row("A2", "2020-07-01"), row("A3", "2020-07-02", attack_method="drone"))
    told = overlap(rows, ["A1", "A3"], {"all": [True] * 3, "drone": [False, False, True]})
    assert told[["quarter", "group", "events", "paired"]].values.tolist() == [
        ["2020Q2", "all", 1, 1],
        ["2020Q3", "all", 2, 1],
        ["2020Q3", "drone", 1, 1],
    ]


@pytest.mark.parametrize("wrong", [{"days": -1}, {"days": 400}, {"km": 0}, {"km": float("nan")}, {"differ": 3}])
def test_a_tolerance_that_makes_no_sense_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match=next(iter(wrong))):
        Tolerance(**wrong)  # type: ignore[arg-type]


def test_a_list_that_cannot_be_linked_is_named() -> None:
    with pytest.raises(ValueError, match=r"^theirs: there is no column attack_method"):
        link(table(row("A1", "2020-07-05")), table(row("B1", "2020-07-05")).drop(columns="attack_method"))
    with pytest.raises(ValueError, match=r"^ours: A1 stands twice"):
        link(table(row("A1", "2020-07-05"), row("A1", "2020-07-06")), table())


@settings(max_examples=40, deadline=None)
@given(st.integers(0, 10_000), st.integers(0, 25), st.integers(0, 25))
def test_each_event_is_paired_at_most_once_and_none_is_lost(seed: int, many: int, other: int) -> None:
    g = np.random.default_rng(seed)
    ours, theirs = events(g, many), events(g, other)
    for rows, letter in ((ours, "A"), (theirs, "B")):
        rows["incident_id"] = [f"{letter}{i}" for i in range(len(rows))]
        rows[["latitude", "longitude"]] = rows[["latitude", "longitude"]] % 0.5 + 33  # crowded, so that some compete
        rows["date"] = rows["date"].map(lambda d: pd.Timestamp("2020-01-01") + (d - pd.Timestamp("2020-01-01")) / 20)
    found = link(ours, theirs, Tolerance(days=2, km=40))
    assert found.pairs["ours"].is_unique
    assert found.pairs["theirs"].is_unique
    assert sorted([*found.pairs["ours"], *found.only_ours["id"]]) == sorted(ours["incident_id"])
    assert sorted([*found.pairs["theirs"], *found.only_theirs["id"]]) == sorted(theirs["incident_id"])
    back = link(theirs, ours, Tolerance(days=2, km=40))
    assert back.pairs["cost"].sum() == pytest.approx(found.pairs["cost"].sum())
