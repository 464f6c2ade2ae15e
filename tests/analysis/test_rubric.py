"""The rubric: faults are named, scores follow the published conditions, silence stays unknown."""

from __future__ import annotations

import copy

import pandas as pd
import pytest
import yaml

from incident_report.analysis.rubric import read, same_day_elsewhere, score
from incident_report.data.rubric import rubric_faults
from incident_report.data.shape import Names
from incident_report.paths import DATA

DOC = yaml.safe_load((DATA / "sophistication.yml").read_text("utf-8"))
COLUMNS = ["attack_method", "techniques", "munition_count", "us_killed", "us_wounded", "date_precision"]
ENUMS = {
    "attack_method": [
        "rocket", "mortar", "missile", "drone", "ied_roadside", "ied_vehicle", "ied_other", "grenade", "small_arms",
        "arson_mob", "other",
    ],
    "techniques": ["salvo", "drone_delivered", "precision_impact", "passive_infrared", "efp", "daisy_chain",
        "simultaneous"],
}  # fmt: skip
SOURCES = {r["source"] for r in DOC["reported_not_coded"]}


def faults(doc: object) -> list[str]:
    found = rubric_faults(doc, Names(columns=COLUMNS, enums=ENUMS, sources=SOURCES))
    return [f"{f.column}: {f.message}" for f in found]


def test_the_published_rubric_is_sound() -> None:
    assert faults(DOC) == []


@pytest.mark.parametrize(
    ("path", "value", "word"),
    [
        (("dimensions", 0, "levels", 0, "when"), {"weather": "rain"}, "weather"),
        (("dimensions", 0, "levels", 0, "when"), {"attack_method": "laser"}, "laser"),
        (("dimensions", 1, "levels", 2, "when"), {"techniques": "telepathy"}, "telepathy"),
        (("dimensions", 0, "levels", 1, "level"), 5, "0, 1, 2"),
        (("dimensions", 1, "id"), "weapon", "twice"),
        (("dimensions", 0, "levels", 0, "when"), "__import__('os')", "is not valid"),
        (("composite", "dimensions"), ["weapon", "luck"], "luck"),
        (("composite", "minimum_known"), 9, "more than"),
        (("composite", "left_out"), {}, "left_out"),
        (("reported_not_coded", 0, "source"), "nobody-2020", "sources.csv"),
        (("reported_not_coded", 0, "dimension"), "luck", "luck"),
        (("reported_not_coded", 0, "quarter"), "2020Q5", "does not match"),
        (("derived",), {"moon_phase": "full or not"}, "moon_phase"),
        (("extra",), 1, "extra"),
    ],
)
def test_a_fault_is_named(path: tuple, value: object, word: str) -> None:
    doc = copy.deepcopy(DOC)
    part = doc
    for step in path[:-1]:
        part = part[step]
    part[path[-1]] = value
    found = faults(doc)
    assert found and any(word in f for f in found), found


def rows(*given: dict) -> pd.DataFrame:
    base = {
        "incident_id": "", "date": pd.Timestamp("2020-08-01"), "date_precision": "day", "place": "a",
        "attack_method": "rocket", "munition_count": None, "techniques": (), "us_killed": None, "us_wounded": None,
        "latitude": None, "longitude": None,
    }  # fmt: skip
    frame = pd.DataFrame([{**base, "incident_id": f"X-{i}", **g} for i, g in enumerate(given)])
    for name in ("munition_count", "us_killed", "us_wounded"):
        frame[name] = frame[name].astype("Int64")
    for name in ("latitude", "longitude"):
        frame[name] = frame[name].astype("Float64")
    return frame


def levels(dimension: str, *given: dict) -> list:
    frame = rows(*given)
    frame["same_day_same_method"] = same_day_elsewhere(frame)
    return [None if pd.isna(v) else int(v) for v in score(frame, read(DOC))[dimension]]


def test_the_number_decides_the_scale_and_the_tag_only_where_there_is_no_number() -> None:
    given = [{"munition_count": n} for n in (1, 2, 4, 5, 9, 10, 31, None)]
    assert levels("scale", *given) == [0, 1, 1, 2, 2, 3, 3, None]
    tagged = [{"munition_count": n, "techniques": ("salvo",)} for n in (1, 12, None)]
    assert levels("scale", *tagged) == [0, 3, 1]


def test_silence_is_unknown_and_not_low() -> None:
    assert levels("trigger", {}, {"techniques": ("salvo",)}, {"techniques": ("passive_infrared",)}) == [None, None, 2]
    assert levels("accuracy", {}, {"us_killed": 0, "us_wounded": 0}, {"us_wounded": 1}) == [None, None, 1]
    assert levels("weapon", {"attack_method": "other"}) == [None]


def test_the_highest_level_that_holds_decides() -> None:
    assert levels("weapon", {"attack_method": "ied_roadside", "techniques": ("efp",)}) == [2]
    assert levels("accuracy", {"us_killed": 1, "techniques": ("precision_impact",)}) == [2]


def test_shared_days_need_the_same_method_another_place_and_a_known_day() -> None:
    frame = rows(
        {"place": "a"},
        {"place": "b"},
        {"place": "A"},  # the first place again
        {"place": "c", "attack_method": "drone"},
        {"place": "d", "date_precision": "week"},
        {"place": "e", "date": pd.Timestamp("2020-08-02")},
    )
    found = [None if pd.isna(v) else int(v) for v in same_day_elsewhere(frame)]
    assert found == [1, 2, 1, 0, None, 0]


def test_equal_coordinates_are_one_place() -> None:
    at = {"latitude": 33.3, "longitude": 44.4}
    assert same_day_elsewhere(rows({"place": "a", **at}, {"place": "b", **at})).tolist() == [0, 0]


def test_no_rows_score_nothing() -> None:
    frame = rows({}).iloc[:0].assign(same_day_same_method=pd.Series(dtype="Int64"))
    assert score(frame, read(DOC)).empty
