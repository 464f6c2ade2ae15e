"""The chapter and its chart forms on spoiled copies of the data: every part shows, and says no more than it holds."""

from __future__ import annotations

import re
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from incident_report.paths import NOTEBOOKS, ROOT
from incident_report.present import charts
from incident_report.present.records import Record

sys.path.insert(0, str(ROOT / "tests" / "data"))
from chapters import _run, coarse, texts

CHAPTER = NOTEBOOKS / "02_how_dangerous.ipynb"
OLD = ("2019Q4", "2020Q1", "2020Q2")
FIRE = {"rocket", "mortar", "drone"}
WRONG = re.compile(r"\bnan\b|\bNone\b|<NA>|  |\(\)|\binf\b|\bone people\b|: \.|~~")


def change(folder: Path, quarter: str, how: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    path = folder / "incidents" / f"{quarter}.csv"
    how(pd.read_csv(path, dtype=str, keep_default_na=False)).to_csv(path, index=False)


def one_attack(folder: Path) -> None:
    for quarter in OLD:
        (folder / "incidents" / f"{quarter}.csv").unlink()
    change(folder, "2020Q3", lambda t: t.head(1))


def no_rubric(folder: Path) -> None:
    (folder / "sophistication.yml").unlink()


def all_unknown(folder: Path) -> None:
    names = ["munition_count", "techniques", "killed", "wounded", "us_killed", "us_wounded", "intercepted"]
    for quarter in (*OLD, "2020Q3"):
        change(folder, quarter, lambda t: t.assign(**dict.fromkeys(names, "")))


def no_fire_now(folder: Path) -> None:
    change(folder, "2020Q3", lambda t: t[~t["attack_method"].isin(FIRE)])


def empty_now(folder: Path) -> None:
    change(folder, "2020Q3", lambda t: t.head(0))


def nobody_killed(folder: Path) -> None:
    change(folder, "2020Q3", lambda t: t.assign(killed="0", us_killed="0", us_wounded="0", wounded="0"))


def one_american_killed(folder: Path) -> None:
    def one(t: pd.DataFrame) -> pd.DataFrame:
        first = ["1", *["0"] * (len(t) - 1)]
        return t.assign(killed=first, us_killed=first)

    change(folder, "2020Q3", one)


def many_killed(folder: Path) -> None:
    change(folder, "2020Q3", lambda t: t.assign(killed="40", us_killed=""))


SPOILS = (
    one_attack, no_rubric, all_unknown, no_fire_now, empty_now, nobody_killed, one_american_killed, many_killed,
)  # fmt: skip


@pytest.fixture(autouse=True)
def coarse_charts(monkeypatch) -> None:
    coarse(monkeypatch)


def shown(folder: Path, quarter: str = "2020Q3") -> dict[str, Record]:
    return {r.content["id"]: r for _, r in _run(CHAPTER, {"data_folder": str(folder), "quarter": quarter})}


@pytest.mark.parametrize("spoil", SPOILS, ids=lambda f: f.__name__)
def test_every_part_shows_and_reads(spoil, campaign: Path) -> None:
    spoil(campaign)
    shutil.rmtree(campaign / "story", ignore_errors=True)  # what breaks a story is asked in test_story.py
    found = shown(campaign)
    for id, record in found.items():
        assert not record.content.get("broken"), id
        for text in texts(record):
            assert not WRONG.search(text), (id, text)
            assert text[0].isupper() or text[0] in "*@[0123456789", (id, text)
    assert found["lead-how-dangerous"].content["paragraphs"]
    if spoil in (all_unknown, empty_now, nobody_killed):  # no death is drawn that nobody reports
        assert "fig-deaths" not in found or "2020Q3" not in set(found["fig-deaths"].data["period"])


def test_the_chapter_names_nothing_of_another_campaign() -> None:
    found = shown(ROOT / "campaigns" / "syria-2012-2013-sample", "2013Q4")
    assert not any(re.search(r"\bAmerican|\bUS\b|Iraq|rocket", t) for r in found.values() for t in texts(r))
    assert "fig-munitions" not in found and "tab-rubric" in found


# ---- chart forms -----------------------------------------------------------------------------------------

ROWS = pd.DataFrame(
    {"period": ["Q1", "Q3", "Q3"], "incident_id": ["a", "b", "c"], "who": ["x", "x", "y"], "count": [2, 1, 5]}
)
PEOPLE = {"periods": {"Q1": "Q1", "Q2": "Q2", "Q3": "Q3"}, "kinds": {"x": "X", "y": "Y"}}


def test_a_mark_is_a_person_and_events_stand_apart() -> None:
    ax = charts.people(ROWS, **PEOPLE)
    assert [len(line.get_xdata()) for line in ax.lines] == [2, 1, 5]
    first, second = ax.lines[1].get_xdata(), ax.lines[2].get_xdata()
    assert min(second) - max(first) > 1
    assert [t.get_text() for t in ax.get_legend().get_texts()] == ["X", "Y"]


def test_too_many_people_become_bars_of_their_number() -> None:
    ax = charts.people(ROWS.assign(count=[20, 300, 700]), **PEOPLE)
    assert not ax.lines and [p.get_width() for p in ax.patches] == [20, 300, 700]


def test_a_chart_of_nobody_is_drawn() -> None:
    ax = charts.people(ROWS.head(0), **PEOPLE, notes={"Q1": "none"})
    assert not ax.lines and ax.get_legend() is None


@pytest.mark.parametrize("values", [[], [1], [1, 2, 2, 2, 30], [1500] * 3, [2] * 60])
def test_every_value_is_a_dot_within_the_axes(values: list[int]) -> None:
    table = pd.DataFrame({"period": ["Q1"] * len(values), "n": pd.array(values, dtype="Int64")})
    ax = charts.swarm(table, value="n", labels={"Q1": "Q1", "Q2": "Q2"}, medians={"Q1": "m"})
    ax.figure.draw_without_rendering()
    dots = [line.get_xydata() for line in ax.lines if line.get_marker() == "o"]
    drawn = [tuple(xy) for line in dots for xy in line]
    assert sorted(y for _, y in drawn) == sorted(values) and len(set(drawn)) == len(values)
    assert all(abs(x) < 0.45 and ax.get_ylim()[0] < y < ax.get_ylim()[1] for x, y in drawn)


def test_more_equal_values_than_dots_have_room_are_bands_of_their_length() -> None:
    table = pd.DataFrame({"period": "Q1", "n": [1] * 3000 + [2] * 1500 + [3]})
    ax = charts.swarm(table, value="n", labels={"Q1": "Q1"})
    (dots,) = (line.get_xydata() for line in ax.lines if line.get_marker() == "o")
    rows = {n: dots[dots[:, 1] == n, 0] for n in (1, 2, 3)}
    assert [len(x) for x in rows.values()] == [60, 30, 1]
    assert [np.ptp(x) for x in rows.values()] == pytest.approx([0.66, 0.33, 0], abs=1e-3)


def test_a_track_shows_the_whole() -> None:
    table = pd.DataFrame({"what": ["a", "b"], "known": [3, 0], "of": [5, 5]})
    ax = charts.bars(table, label="what", value="known", whole="of")
    assert [p.get_width() for p in ax.patches] == [5, 5, 3, 0]
