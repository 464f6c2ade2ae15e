"""The outlook of an edition: exposures, storage, scoring, and sentences that stay true."""

from __future__ import annotations

import copy
import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
from matplotlib.figure import Figure

from incident_report.analysis.backtest import back_test, hit_rates
from incident_report.analysis.counts import DOCUMENTED, TALLY
from incident_report.analysis.edition import Edition
from incident_report.analysis.open import open_edition
from incident_report.analysis.outlook import MAIN, outlook, outlooks, predictions
from incident_report.analysis.scores import running, scores
from incident_report.data.predecessor import read_previous
from incident_report.periods import Quarter
from incident_report.present import outlook as chapter
from incident_report.present.records import Record, plain

Q3 = Quarter(2020, 3)


@pytest.fixture(scope="module")
def q3() -> Edition:
    return open_edition("data", edition="2020Q3")


@pytest.fixture(scope="module")
def q2() -> Edition:
    return open_edition("data", edition="2020Q2")


def _edit(ed: Edition, **parts: object) -> Edition:
    return Edition(replace(ed.data, **parts), ed.quarter, ed.baseline, ed.confidence_floor)  # type: ignore[arg-type]


def _text(record: Record | None) -> str:
    return plain(record).replace("\\", "") if record else ""


def test_a_partial_tally_is_a_rate_per_day(q3: Edition) -> None:
    found = outlook(q3, "rocket_drone", TALLY)
    assert found is not None
    assert [c.count for c in found.past] == [19, 11, 27]
    assert found.now.days == 87 and found.days == 92
    threshold = 27 * 92 / 87  # 28.55: more means 29 or more
    assert found.chance_of_more() == pytest.approx(found.models[MAIN].above(threshold, 92))
    assert found.chance_of_more() == pytest.approx(1 - found.models[MAIN].cdf(28, 92))


def test_bases_are_apart(q3: Edition) -> None:
    assert {o.series for o in outlooks(q3, TALLY)} == {"rocket_drone", "logistics_convoy"}
    assert {o.series for o in outlooks(q3, DOCUMENTED)} == {s.id for s in q3.series}


def test_back_test_uses_only_what_came_before(q3: Edition) -> None:
    made = [c for c in back_test(q3, DOCUMENTED) if c.series == "rocket_drone" and c.model == MAIN]
    assert [c.observed.period for c in made] == ["2020Q1", "2020Q2", "2020Q3"]
    assert [c.past_quarters for c in made] == [1, 2, 3]
    early = open_edition("data", edition="2020Q2")
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
    record = chapter.table(q3)
    assert record is not None and record.content["predictions"] == rows


def test_an_edition_scores_its_predecessor(q2: Edition, q3: Edition) -> None:
    previous = {"edition": "2020Q2", "predictions": predictions(q2)}
    made = scores(q3, previous)
    assert len(made) == 2 * (4 + 2) and all(s.edition == "2020Q2" for s in made)
    documented = next(s for s in made if (s.series, s.basis, s.model) == ("rocket_drone", DOCUMENTED, MAIN))
    assert documented.scored and not documented.rescaled and documented.observed.count == 26
    tallied = next(s for s in made if (s.series, s.basis, s.model) == ("rocket_drone", TALLY, MAIN))
    assert tallied.rescaled  # 87 of 92 days: the range is for the days covered
    other = next(s for s in made if (s.series, s.basis, s.model) == ("rocket_drone", TALLY, "negative_binomial"))
    assert other.reason == "fewer_days"
    shown = chapter.scoring(q3, previous)
    assert shown.kind == "table" and shown.content["id"] == "tab-outlook-scores"
    track = running(q3, previous)
    assert track[f"documented/rocket_drone/{MAIN}"]["scored"] == 1
    assert "negative_binomial" not in "".join(k for k in track if k.startswith("tally"))
    assert "scored so far" in _text(chapter.running_record(q3, previous))


def test_the_running_record_is_carried_on(q2: Edition, q3: Edition) -> None:
    kept = {"scored": 4, "inside_50": 2, "inside_80": 3, "inside_95": 4}
    key = f"documented/rocket_drone/{MAIN}"
    previous = {"edition": "2020Q2", "predictions": predictions(q2, track={key: kept})}
    now = running(q3, previous)[key]
    assert now["scored"] == 5 and 2 <= now["inside_50"] <= 3
    stored = chapter.table(q3, previous)
    assert stored is not None
    row = next(
        r for r in stored.content["predictions"]
        if (r["series"], r["basis"], r["model"]) == ("rocket_drone", DOCUMENTED, MAIN)
    )  # fmt: skip
    assert row["track"] == now


@pytest.mark.parametrize(
    ("previous", "words"),
    [
        ({}, "No previous edition was named"),
        ({"edition": "2020Q2"}, "published no outlook"),
        ({"edition": "2020Q2", "predictions": "x"}, "published no outlook"),
        ({"edition": "2020Q2", "predictions": [1, {"series": "<script>"}]}, "published no outlook"),
    ],
)
def test_nothing_to_score_is_said(q3: Edition, previous: dict, words: str) -> None:
    assert words in _text(chapter.scoring(q3, previous))
    assert chapter.running_record(q3, previous) is None


def test_an_outlook_for_another_quarter_is_not_scored(q3: Edition) -> None:
    assert "not for Q3 2020" in _text(chapter.scoring(q3, {"edition": "2020Q3", "predictions": predictions(q3)}))


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
    record = chapter.scoring(q3, {"edition": "2020Q2", "predictions": rows})
    assert "\\[x\\]" in record.content["caption"]


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


def test_every_sentence_stands_in_every_scenario(q3: Edition, monkeypatch: pytest.MonkeyPatch) -> None:
    save = Figure.savefig
    # Layout and text are what can break; a coarse picture shows it in a fraction of the time.
    monkeypatch.setattr(
        Figure,
        "savefig",
        lambda self, out, **k: (
            save(self, out, **{**k, "format": "png", "dpi": 20}) if k["format"] == "png" else out.write("<svg/>")
        ),
    )
    for name, ed in _scenarios(q3).items():
        records = [
            chapter.ranges_figure(ed), chapter.tally_figure(ed), chapter.table(ed), chapter.likelihoods(ed),
            chapter.caveat(ed), chapter.scoring(ed, {}), chapter.running_record(ed, {}), chapter.backtest_text(ed),
            chapter.backtest_table(ed), chapter.cases_table(ed),
        ]  # fmt: skip
        ids = [r.content["id"] for r in records if r is not None]
        assert len(ids) == len(set(ids)), name
        for record in records:
            text = _text(record)
            assert "nan" not in text.lower().replace("financ", "") and "None" not in text, (name, text)
            assert "  " not in text and " ." not in text and ".." not in text, (name, text)
            if record is not None and record.kind == "prose":
                assert all(p.endswith(".") for p in record.content["paragraphs"]), (name, text)
        said = _text(chapter.likelihoods(ed))
        assert "confidence" not in said
        for verb in ("rose", "fell", "increased", "because"):
            assert f" {verb} " not in said
        if name in ("no_tallies", "no_tracker", "one_quarter"):
            assert "documented incidents alone" in _text(chapter.tally_figure(ed))
            assert "tally" not in said
        if name == "no_rows":
            assert "at least one" in said
        if name == "partial":
            assert "higher daily rate in the fourth quarter of 2020 than from 1 July to 31 August 2020" in said


def test_an_uneven_record_gets_no_likelihood(q3: Edition) -> None:
    said = _text(chapter.likelihoods(q3))
    assert "No such statement is made on documented convoy attacks" in said
    assert "2 against 14 in Q1 2020" in _text(chapter.caveat(q3))


def test_alt_text_names_the_maximum(q3: Edition) -> None:
    record = chapter.ranges_figure(q3)
    table = pd.DataFrame(record.content["data"]["rows"], columns=record.content["data"]["columns"])
    counts = pd.to_numeric(table[table["series"] == "rocket_drone"]["count"])
    assert f"highest so far {int(counts.max())} (Q3 2020)" in record.content["alt"]
