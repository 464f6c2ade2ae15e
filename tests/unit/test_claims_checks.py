"""Claims: the file, its validation, every check and its wording."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest
import yaml

from incident_report.analysis.claims import evaluate, tally_verdicts
from incident_report.analysis.edition import Edition
from incident_report.analysis.open import open_edition
from incident_report.analysis.verdicts import REGISTRY, Span, Verdict, arguments
from incident_report.data.claims import SCHEMA, claims_faults
from incident_report.paths import DATA
from incident_report.present import claims as chapter
from incident_report.present.claims.words import why
from incident_report.present.records import plain

EVER = Span(date(2019, 1, 1), date(2020, 9, 25))


@pytest.fixture(scope="module")
def ed() -> Edition:
    return open_edition("data", quarter="2020Q3")


@pytest.fixture()
def doc() -> dict:
    return yaml.safe_load((DATA / "claims.yml").read_text("utf-8"))


def _edit(ed: Edition, **parts: object) -> Edition:
    return Edition(replace(ed.data, **parts), ed.quarter, ed.baseline, ed.confidence_floor)  # type: ignore[arg-type]


def _faults(ed: Edition, doc: object) -> list[str]:
    found = claims_faults(
        doc,
        columns=[c for c in ed.data.incidents.columns if c not in ("quarter", "counted")],
        enums={"attack_method": ["rocket", "drone", "ied_roadside", "arson_mob"],
               "techniques": ["efp", "daisy_chain", "passive_infrared", "precision_impact"]},
        sources=set(ed.data.sources["source_id"]),
        series=[s.id for s in ed.series],
    )  # fmt: skip
    return [f"{f.column}: {f.message}" for f in found]


def test_schema_and_register_agree() -> None:
    schema = json.loads(SCHEMA.read_text("utf-8"))["$defs"]["claim"]
    assert sorted(REGISTRY) == schema["properties"]["check"]["enum"]
    for rule in schema["allOf"]:
        name = rule["if"]["properties"]["check"]["const"]
        args = rule["then"]["properties"]["args"]
        assert arguments(name) == (set(args["required"]), set(args["properties"])), name


def test_the_founding_file_is_sound_and_long_enough(ed: Edition, doc: dict) -> None:
    assert _faults(ed, doc) == []
    assert len(doc["claims"]) >= 20
    assert len({c["id"] for c in doc["claims"]}) == len(doc["claims"])


def _set(key: str, value: object, at: int = 0) -> Callable[[dict], None]:
    def change(doc: dict) -> None:
        part = doc["claims"][at]
        *path, last = key.split(".")
        for step in path:
            part = part[step]
        part[last] = value

    return change


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (_set("check", "os.system"), "os.system"),
        (_set("check", "__import__"), "__import__"),
        (_set("args.series", "nope"), "there is no series 'nope'"),
        (_set("args.counts", {"2020Q5": 1}), "2020Q5"),
        (_set("args.counts", {"2020Q1": -1}), "minimum"),
        (_set("args.extra", 1), "extra"),
        (_set("about.from", date(2020, 1, 1)), "quotes"),
        (_set("about.from", "2020-02-31"), "not a day of the calendar"),
        (_set("about.from", "2021-01-01"), "end before they start"),
        (_set("id", "convoy-rise-q2"), "stands twice"),
        (_set("args.baseline", "2020Q4", 1), "must come before"),
        (_set("args.where", "everything", 12), "would match any row"),
        (_set("args.where", {"nope": "x"}, 12), "nope"),
        (_set("args.expect", {"not": {"killed": {"at_most": 0}}}, 12), "cannot be expected"),
        (_set("args.techniques", ["telepathy"], 8), "telepathy"),
        (_set("args.fields", ["place"], 15), "not a number field"),
        (lambda d: d.update(article="nobody-1999"), "not in sources.csv"),
        (lambda d: d["claims"][0].pop("settle"), "settle"),
        (lambda d: d.update(claims=[]), "claims"),
        (lambda d: d.update(claims=[3]), "claims[0]"),
    ],
)
def test_faults_are_named(ed: Edition, doc: dict, change: Callable[[dict], None], words: str) -> None:
    change(doc)
    assert any(words in line for line in _faults(ed, doc)), _faults(ed, doc)


@pytest.mark.parametrize("doc", [None, [], "x", {}, {"claims": None}, {"claims": [None]}, {"claims": {"a": 1}}])
def test_other_shapes_are_faults_not_crashes(ed: Edition, doc: object) -> None:
    assert _faults(ed, doc)


def test_founding_verdicts(ed: Edition) -> None:
    found = {t.id: t.verdict for t in evaluate(ed)}
    expected = {
        "convoy-counts": Verdict.PARTLY,  # a tally restated; documented 2, 1, 27 against 14, 27, 25
        "rocket-counts": Verdict.SUPPORTED,  # documented 21, 9, 24 against 19, 11, 27
        "rocket-rise-q2": Verdict.SUPPORTED,  # 27 in 86 days against 11 in 91
        "rocket-rise-q1": Verdict.PARTLY,
        "convoy-rise-q2": Verdict.PARTLY,
        "infrared-triggers": Verdict.UNTESTABLE,  # no row carries it
        "wfp-vehicle": Verdict.SUPPORTED,
        "british-vehicle": Verdict.SUPPORTED,
        "almost-a-year": Verdict.PARTLY,  # the files begin in October 2019
        "g4s-drone": Verdict.PARTLY,  # dates differ
        "c-ram": Verdict.SUPPORTED,
        "drone-found": Verdict.PARTLY,  # a day off: only the article gives 22 July
        "no-us-casualties": Verdict.PARTLY,  # six reports are silent
        "last-us-deaths": Verdict.PARTLY,  # silent reports are not reports of none
        "soleimani-strike": Verdict.SUPPORTED,
        "site-consolidation": Verdict.PARTLY,  # eight dated transfers; nothing on active defences
        "financier-arrested": Verdict.PARTLY,  # the same
        "iraqi-drivers": Verdict.PARTLY,  # indirect
        "december-sequence": Verdict.PARTLY,  # indirect
    }
    assert {k: found[k] for k in expected} == expected
    assert sum(tally_verdicts(evaluate(ed)).values()) == len(found)


def test_an_earlier_edition_does_not_know_later_days(ed: Edition) -> None:
    early = open_edition("data", quarter="2020Q2")
    found = {t.id: t for t in evaluate(early)}
    assert found["wfp-vehicle"].outcome.facts == {"beyond": True}
    assert why(early, found["wfp-vehicle"]).startswith("About days after this edition")
    assert found["soleimani-strike"].verdict is Verdict.SUPPORTED
    text = plain(chapter.summary(early))
    assert "cannot be tested in this edition" in text
    hidden = open_edition("data", quarter="2020Q3", as_of="2020-07-31")
    assert {t.id: t.verdict for t in evaluate(hidden)}["wfp-vehicle"] is Verdict.UNTESTABLE


def test_a_later_edition_gives_the_same_verdicts(ed: Edition) -> None:
    later = Edition(
        replace(ed.data, quarters=(*ed.data.quarters, "2020Q4"),
                coverage={**ed.data.coverage, "2020Q4": (date(2020, 10, 1), date(2020, 12, 31))}),
        ed.quarter.shift(1), ed.quarter,
    )  # fmt: skip
    assert [t.verdict for t in evaluate(later)] == [t.verdict for t in evaluate(ed)]


def _check(ed: Edition, name: str, **args: object) -> Verdict:
    return REGISTRY[name](ed, EVER, **args).verdict


def test_a_wrong_count_is_not_supported(ed: Edition) -> None:
    assert _check(ed, "tally_sequence", series="rocket_drone", counts={"2020Q2": 12}) is Verdict.NOT
    assert _check(ed, "tally_sequence", series="rocket_drone", counts={"2020Q2": 11}) is Verdict.SUPPORTED
    assert _check(ed, "tally_sequence", series="logistics_convoy", counts={"2020Q2": 27}) is Verdict.UNTESTABLE
    assert _check(ed, "tally_sequence", series="rocket_drone", counts={"2018Q1": 3}) is Verdict.UNTESTABLE


def test_direction(ed: Edition) -> None:
    args = {"series": "rocket_drone", "quarter": "2020Q3", "baseline": "2020Q2"}
    assert _check(ed, "count_change", **args, direction="up") is Verdict.SUPPORTED
    assert _check(ed, "count_change", **args, direction="down") is Verdict.NOT
    bare = _edit(ed, tallies=ed.data.tallies[:0])
    assert _check(bare, "count_change", **args, direction="up") is Verdict.PARTLY  # rows alone, untallied
    few = {"series": "foreign_security_detail", "quarter": "2020Q3", "baseline": "2020Q2", "direction": "up"}
    assert _check(ed, "count_change", **few) is Verdict.UNTESTABLE
    args["baseline"] = "2018Q1"
    assert _check(ed, "count_change", **args, direction="up") is Verdict.UNTESTABLE


def test_harm(ed: Edition) -> None:
    args = {"series": "rocket_drone", "quarter": "2020Q3", "fields": ["us_killed"]}
    assert _check(ed, "none_reported", **args) is Verdict.PARTLY
    rows = ed.data.incidents.copy()
    rows.loc[rows["incident_id"] == "IQ-20200724-1", "us_killed"] = 1
    assert _check(_edit(ed, incidents=rows), "none_reported", **args) is Verdict.NOT
    rows["us_killed"] = pd.array([pd.NA] * len(rows), dtype="Int64")
    silent = _edit(ed, incidents=rows)
    assert _check(silent, "none_reported", **args) is Verdict.UNTESTABLE
    assert _check(silent, "last_with", field="us_killed", series="all", date="2020-03-11") is Verdict.UNTESTABLE
    assert _check(ed, "last_with", field="us_killed", series="all", date="2020-03-12") is Verdict.NOT
    some = {"series": "all", "quarter": "2020Q3", "test": {"killed": {"at_most": 0}}}
    assert _check(ed, "share_at_least", **some, share=0.5) is Verdict.SUPPORTED
    assert _check(ed, "share_at_least", **some, share=0.9) is Verdict.PARTLY
    assert _check(ed, "share_at_least", **some, share=0.99) is Verdict.NOT


def test_incident(ed: Edition) -> None:
    args: dict = {"where": {"target_name": {"contains": ["WFP", "World Food"]}}, "expect": {"wounded": 1}}
    assert _check(ed, "incident", date="2020-08-26", **args) is Verdict.SUPPORTED
    assert _check(ed, "incident", date="2020-08-27", **args) is Verdict.UNTESTABLE
    assert _check(ed, "incident", date="2020-08-27", tolerance=1, **args) is Verdict.PARTLY
    assert _check(ed, "incident", date="2018-01-01", **args) is Verdict.UNTESTABLE
    args["expect"] = {"wounded": 3}
    assert _check(ed, "incident", date="2020-08-26", **args) is Verdict.NOT
    args["expect"] = {"wounded": 1, "us_killed": {"at_most": 0}}  # unknown is not zero
    assert _check(ed, "incident", date="2020-08-26", **args) is Verdict.PARTLY


def test_the_article_cannot_confirm_itself(ed: Edition) -> None:
    article = ed.data.claims["article"]  # type: ignore[index]
    rows = ed.data.incidents.copy()
    at = rows.index[rows["incident_id"] == "IQ-20200826-1"][0]
    rows.at[at, "sources"] = (article,)
    args: dict = {"where": {"target_name": {"contains": "World Food"}}, "expect": {"wounded": 1}}
    assert _check(_edit(ed, incidents=rows), "incident", date="2020-08-26", **args) is Verdict.PARTLY


def test_events_and_posture(ed: Edition) -> None:
    assert _check(ed, "context_event", date="2020-01-03", contains=["Soleimani"]) is Verdict.SUPPORTED
    assert _check(ed, "context_event", date="2020-01-09", contains=["Soleimani"]) is Verdict.UNTESTABLE
    one = {"name": "a", "date": "2020-01-05", "contains": ["parliament"]}
    two = {"name": "b", "date": "2020-01-03", "contains": ["Soleimani"]}
    assert _check(ed, "in_order", events=[two, one]) is Verdict.SUPPORTED
    assert _check(ed, "in_order", events=[one, two]) is Verdict.NOT
    assert _check(ed, "posture_levels", field="us_troops", levels=[5200, 3000]) is Verdict.UNTESTABLE
    assert _check(ed, "posture_levels", field="us_troops", levels=[9000]) is Verdict.NOT
    assert _check(_edit(ed, posture=ed.data.posture[:0]), "posture_levels", field="us_troops", levels=[1]) is (
        Verdict.UNTESTABLE
    )


def test_silence(ed: Edition) -> None:
    args = {"series": "foreign_security_detail", "date": "2020-08-26"}
    assert _check(ed, "silence_before", **args, days=300) is Verdict.PARTLY
    assert _check(ed, "silence_before", **args, days=400) is Verdict.UNTESTABLE
    late = {"series": "foreign_security_detail", "date": "2020-09-15"}
    assert _check(ed, "silence_before", **late, days=300) is Verdict.NOT
    assert _check(ed, "silence_before", **late, days=20) is Verdict.SUPPORTED


def test_techniques(ed: Edition) -> None:
    args = {"series": "rocket_drone", "quarter": "2020Q3"}
    assert _check(ed, "technique_seen", technique="salvo", **args) is Verdict.SUPPORTED
    assert _check(ed, "technique_seen", technique="efp", **args) is Verdict.UNTESTABLE
    change = {"series": "rocket_drone", "quarter": "2020Q3", "baseline": "2020Q2", "techniques": ["salvo"]}
    assert _check(ed, "technique_change", **change) is Verdict.UNTESTABLE


def test_no_claims_is_said(ed: Edition) -> None:
    bare = _edit(ed, claims=None)
    assert chapter.table(bare) is None
    assert plain(chapter.summary(bare)) == "This campaign lists no claims to test."


def test_every_reason_reads(ed: Edition) -> None:
    now = ed.data.incidents["quarter"] == "2020Q3"
    one = {"2020Q3": ed.data.coverage["2020Q3"]}
    for other in (
        ed,
        _edit(ed, tallies=ed.data.tallies[:0]),
        _edit(ed, incidents=ed.data.incidents[~now]),
        _edit(ed, incidents=ed.data.incidents[now & (now.cumsum() == 1)]),
        _edit(ed, incidents=ed.data.incidents[now], quarters=("2020Q3",), coverage=one),
        _edit(ed, context=ed.data.context[:0], posture=ed.data.posture[:0]),
    ):
        record = chapter.table(other)
        assert record is not None
        for row in record.content["rows"]:
            text = row[-1].replace("\\", "")
            assert text and row[1] in ("Supported", "Partly", "Not supported", "Cannot be tested")
            assert "nan" not in text.lower().replace("financ", "") and "None)" not in text and "<NA>" not in text, text
            assert "  " not in text and ".." not in text and text.endswith((".", "]")), text
            if row[1] == "Cannot be tested":
                assert "It would take" in text or "About days after" in text, text


def test_data_cannot_inject_markup(ed: Edition, doc: dict) -> None:
    bad = copy.deepcopy(doc)
    bad["claims"] = [{**c, "settle": "[x](javascript:1) <script>"} for c in bad["claims"]]
    record = chapter.table(_edit(ed, claims=bad))
    assert record is not None
    assert all("<script>" not in row[-1] and "](java" not in row[-1] for row in record.content["rows"])
