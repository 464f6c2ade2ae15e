"""The outlook of an edition: exposures, storage, scoring, and sentences that stay true."""

from __future__ import annotations

import copy
import json
import sys
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from editions import founding

from incident_report.analysis.backtest import back_test, hit_rates
from incident_report.analysis.counts import DOCUMENTED, TALLY
from incident_report.analysis.edition import Edition
from incident_report.analysis.outlook import MAIN, outlook, outlooks, predictions
from incident_report.analysis.result import replay
from incident_report.analysis.scores import running, scores
from incident_report.analysis.what_next import stored
from incident_report.data.predecessor import read_previous
from incident_report.paths import ROOT
from incident_report.periods import Period

sys.path.insert(0, str(ROOT / "tests" / "data"))
from chapters import chapter, coarse, texts

Q3 = Period(2020, 3)


@pytest.fixture(scope="module")
def q3() -> Edition:
    return founding()


@pytest.fixture(scope="module")
def q2() -> Edition:
    return founding("2020Q2")


def _edit(ed: Edition, **parts: object) -> Edition:
    return Edition(replace(ed.data, **parts), ed.quarter, ed.baseline, ed.confidence_floor)  # type: ignore[arg-type]


def test_a_partial_tally_is_a_rate_per_day(q3: Edition) -> None:
    found = outlook(q3, "rocket_drone", TALLY)
    assert found is not None
    assert [c.count for c in found.past] == [19, 11, 27]
    assert found.now.days == 86 and found.days == 92
    threshold = 27 * 92 / 86  # 28.88: more means 29 or more
    assert found.chance_of_more() == pytest.approx(found.models[MAIN].above(threshold, 92))
    assert found.chance_of_more() == pytest.approx(1 - found.models[MAIN].cdf(28, 92))


def test_bases_are_apart(q3: Edition) -> None:
    assert {o.series for o in outlooks(q3, TALLY)} == {"rocket_drone", "logistics_convoy"}
    assert {o.series for o in outlooks(q3, DOCUMENTED)} == {s.id for s in q3.series}


def test_back_test_uses_only_what_came_before(q3: Edition) -> None:
    made = [c for c in back_test(q3, DOCUMENTED) if c.series == "rocket_drone" and c.model == MAIN]
    assert [c.observed.period for c in made] == ["2020Q1", "2020Q2", "2020Q3"]
    assert [c.past_quarters for c in made] == [1, 2, 3]
    early = founding("2020Q2")
    before = outlook(early, "rocket_drone", DOCUMENTED)
    assert before is not None
    assert made[-1].range(95) == before.models[MAIN].range(95, 92)
    rates = hit_rates(made)
    assert [r.cases for r in rates] == [3, 3, 3]
    assert rates[0].hits <= rates[1].hits <= rates[2].hits
    assert [r.cases for r in hit_rates([])] == [0, 0, 0]


def test_predictions_are_plain_and_complete(q3: Edition) -> None:
    rows = predictions(q3)
    assert json.loads(json.dumps(rows)) == rows
    assert {r["quarter"] for r in rows} == {"2020Q4"}
    assert len(rows) == 2 * (4 + 2)
    found = chapter("05_what_next", q3)
    assert found["tab-outlook"].content["predictions"] == rows == stored(q3, {})


def test_an_edition_scores_its_predecessor(q2: Edition, q3: Edition) -> None:
    previous = {"edition": "2020Q2", "predictions": predictions(q2)}
    made = scores(q3, previous)
    assert len(made) == 2 * (4 + 2) and all(s.edition == "2020Q2" for s in made)
    documented = next(s for s in made if (s.series, s.basis, s.model) == ("rocket_drone", DOCUMENTED, MAIN))
    assert documented.scored and not documented.rescaled and documented.observed.count == 26
    tallied = next(s for s in made if (s.series, s.basis, s.model) == ("rocket_drone", TALLY, MAIN))
    assert tallied.rescaled  # 86 of 92 days: the range is for the days covered
    other = next(s for s in made if (s.series, s.basis, s.model) == ("rocket_drone", TALLY, "negative_binomial"))
    assert other.reason == "fewer_days"
    track = running(q3, previous)
    assert track[f"documented/rocket_drone/{MAIN}"]["scored"] == 1
    assert "negative_binomial" not in "".join(k for k in track if k.startswith("tally"))


def test_the_running_record_is_carried_on(q2: Edition, q3: Edition) -> None:
    kept = {"scored": 4, "inside_50": 2, "inside_80": 3, "inside_95": 4}
    key = f"documented/rocket_drone/{MAIN}"
    previous = {"edition": "2020Q2", "predictions": predictions(q2, track={key: kept})}
    now = running(q3, previous)[key]
    assert now["scored"] == 5 and 2 <= now["inside_50"] <= 3
    row = next(
        r for r in stored(q3, previous) if (r["series"], r["basis"], r["model"]) == ("rocket_drone", DOCUMENTED, MAIN)
    )
    assert row["track"] == now


@pytest.mark.parametrize(
    "previous",
    [
        {},
        {"edition": "2020Q2"},
        {"edition": "2020Q2", "predictions": "x"},
        {"edition": "2020Q2", "predictions": [1, {"series": "<script>"}]},
    ],
)
def test_where_nothing_was_published_nothing_is_scored(q3: Edition, previous: dict) -> None:
    assert scores(q3, previous) == () and running(q3, previous) == {}


def test_an_outlook_for_another_quarter_is_not_scored(q3: Edition) -> None:
    assert scores(q3, {"edition": "2020Q3", "predictions": predictions(q3)}) == ()


def test_another_confidence_floor_is_not_compared(q2: Edition, q3: Edition) -> None:
    rows = copy.deepcopy(predictions(q2))
    for row in rows:
        row["confidence_floor"] = "high"
    made = scores(q3, {"edition": "2020Q2", "predictions": rows})
    assert {s.reason for s in made if s.basis == DOCUMENTED} == {"other_floor"}


def test_hostile_predictions_do_no_harm(q2: Edition, q3: Edition) -> None:
    rows = copy.deepcopy(predictions(q2))
    rows[0]["ranges"]["95"] = [9, 1]
    rows[1]["gamma"] = {"shape": ["x"], "days": [], "weight": None}
    rows[2]["gamma"] = {"shape": [-1.0], "days": [1.0], "weight": [1.0]}
    rows[3]["track"] = {"scored": "many"}
    rows[4]["edition"] = "[x](javascript:1)"
    made = scores(q3, {"edition": "2020Q2", "predictions": rows})
    assert all(low <= high for s in made if s.scored for low, high in s.ranges.values())


def test_read_previous(tmp_path: Path) -> None:
    body = {"edition": "2020Q2", "predictions": []}
    folder = tmp_path / "reports" / "2020Q2"
    folder.mkdir(parents=True)
    assert read_previous("", tmp_path) == {}
    with pytest.raises(ValueError, match="holds no provenance"):
        read_previous("reports/2020Q2", tmp_path)
    (folder / "provenance.json").write_text(json.dumps(body), "utf-8")
    with zipfile.ZipFile(folder / "data.zip", "w") as archive:
        archive.writestr("README.md", "x")
    for path in ("reports/2020Q2", "reports/2020Q2/provenance.json", "reports/2020Q2/data.zip", str(folder)):
        assert read_previous(path, tmp_path) == body
    with zipfile.ZipFile(folder / "inside.zip", "w") as archive:
        archive.writestr("data/provenance.json", json.dumps({**body, "title": "in the archive"}))
    assert read_previous("reports/2020Q2/inside.zip", tmp_path)["title"] == "in the archive"
    (folder / "bad.zip").write_text("not a zip", "utf-8")
    for path, words in (
        ("reports/2020Q1", "there is no"),
        ("../elsewhere", "outside the project"),
        ("reports/2020Q2/bad.zip", "cannot be read"),
        ("a\0b", "null character"),
    ):
        with pytest.raises(ValueError, match=words):
            read_previous(path, tmp_path)
    for text, words in (("{", "not valid JSON"), ("[]", "names no edition"), ('{"edition": 3}', "names no edition")):
        (folder / "provenance.json").write_text(text, "utf-8")
        with pytest.raises(ValueError, match=words):
            read_previous("reports/2020Q2", tmp_path)


def _scenarios(q3: Edition) -> dict[str, Edition]:
    data = q3.data
    now = data.incidents["quarter"] == "2020Q3"
    none = data.tallies[data.tallies["tracker"] != "knights"]
    campaign = replace(data.campaign, headline_tracker=None)
    return {
        "founding": q3,
        "no_tallies": _edit(q3, tallies=none),
        "no_tracker": _edit(q3, tallies=data.tallies[:0], campaign=campaign),
        "no_rows": _edit(q3, incidents=data.incidents[~now]),
        "one_row": _edit(q3, incidents=data.incidents[~now | (now & (now.cumsum() == 1))]),
        "one_quarter": _edit(
            q3, incidents=data.incidents[now], tallies=none[:0], quarters=("2020Q3",),
            coverage={"2020Q3": data.coverage["2020Q3"]},
        ),
        "no_convoys": _edit(q3, incidents=data.incidents[data.incidents["target_category"] != "logistics_convoy"]),
        "partial": _edit(q3, coverage={**data.coverage, "2020Q3": (Q3.start, date(2020, 8, 31))}),
        "nothing_before": _edit(q3, incidents=data.incidents[now]),
        "gap": _edit(
            q3, quarters=("2019Q4", "2020Q2", "2020Q3"),
            incidents=data.incidents[data.incidents["quarter"] != "2020Q1"],
            coverage={q: data.coverage[q] for q in ("2019Q4", "2020Q2", "2020Q3")},
        ),
        "fifty_times": _edit(q3, incidents=pd.concat([data.incidents, *[data.incidents[now]] * 49])),
    }  # fmt: skip


def test_the_chapter_stands_in_every_scenario(q3: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    coarse(monkeypatch)
    for name, ed in _scenarios(q3).items():
        found = chapter("05_what_next", ed)
        facts = ed.facts.outlook
        assert ("fig-outlook" in found) == facts.known, name
        assert all(s.low <= s.middle <= s.high for s in facts.series), name
        assert all(s.basis == DOCUMENTED for s in facts.series) or name not in ("no_tallies", "no_tracker"), name
        for record in found.values():
            for text in texts(record):
                assert text == text.strip() and text, (name, text)
                assert not any(hole in text for hole in (" nan", "None", "  ", " .", "..", "inf")), (name, text)


def test_figures_and_words_rest_on_the_same_ranges(q3: Edition) -> None:
    facts = q3.facts.outlook
    rows = facts.made.table
    for s in facts.series:
        row = rows[(rows["series"] == s.series.id) & (rows["basis"] == s.basis) & (rows["model"] == MAIN)].iloc[0]
        assert (s.low, s.high, s.middle) == (row["low_80"], row["high_80"], row["median"])
        assert s.chance == pytest.approx(row["chance_of_more"])
    assert replay(facts.made.trace(), q3).digest() == facts.made.digest()
