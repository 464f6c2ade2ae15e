"""The file of policy options: every option in the same template, every statement owned, faults named."""

import copy
import re

import pytest
import yaml

from incident_report.analysis.open import open_edition
from incident_report.data.options import WORD_RATIO, options_faults, statements, words
from incident_report.paths import DATA
from incident_report.present import options as shown
from incident_report.present.records import plain


@pytest.fixture(scope="module")
def ed():
    return open_edition(quarter="2020Q3")


@pytest.fixture()
def doc():
    return yaml.safe_load((DATA / "policy_options.yml").read_text("utf-8"))


def check(ed, doc):
    incidents = ed.data.incidents
    return options_faults(
        doc,
        columns=incidents.columns,
        enums={"attack_method": sorted(set(incidents["attack_method"]) | {"missile"})},
        sources=set(ed.data.sources["source_id"]),
        series=[s.id for s in ed.campaign.series],
        incidents=set(incidents["incident_id"]),
    )


def test_founding_file_has_no_fault(ed, doc):
    assert check(ed, doc) == []


def test_every_option_of_the_article_and_the_status_quo_are_there(doc):
    ids = [o["id"] for o in doc["options"]]
    assert ids == [
        "status-quo", "close-embassy", "strike-leaders", "zone-closures", "airport-closures",
        "shared-intelligence", "clear-zone", "takedown-militia", "arrest-leaders", "hardening",
    ]  # fmt: skip


def test_options_fill_the_same_template_at_similar_length(doc):
    options = doc["options"]
    keys = [set(o) - {"status_quo"} for o in options]
    assert all(k == keys[0] for k in keys)
    for name in ("assumptions", "signposts"):
        assert len({len(o[name]) for o in options}) == 1
    sizes = [words(o) for o in options]
    assert max(sizes) <= 1.15 * min(sizes) < WORD_RATIO * min(sizes)
    for field in ("mechanism", "costs", "inference", "judgement", "article_view", "filter_reason"):
        lengths = [len(o[field]["text"].split()) for o in options]
        assert max(lengths) <= 3.5 * min(lengths), field


def test_judgements_and_scores_are_the_analysts(doc):
    for option in doc["options"]:
        assert option["judgement"]["basis"] == "analyst"
        assert option["article_view"]["basis"] == "article"
        assert set(option["scores"]) == {c["id"] for c in doc["criteria"] if "computed" not in c}


def test_wording_does_not_advocate(doc):
    loaded = re.compile(r"\b(should|must|best|worst|only way|clearly|obviously|reckless|cowardly|weakness)\b", re.I)
    texts = [s[key] for _, s in statements(doc) for key in ("text", "why") if key in s]
    assert [t for t in texts if loaded.search(t)] == []


@pytest.mark.parametrize(
    ("change", "place", "message"),
    [
        (lambda d: d["options"][1].pop("costs"), "options[1]", "'costs' is a required property"),
        (lambda d: d["options"][1].update(best=True), "options[1]", "'best' was unexpected"),
        (lambda d: d["options"][1]["costs"].update(basis="rumour"), "options[1].costs.basis", "not one of"),
        (lambda d: d["options"][1].update(id="status-quo"), "options[1]", "stands twice"),
        (lambda d: d["options"][0].pop("status_quo"), "options", "exactly one option must be marked"),
        (lambda d: d["options"][1]["scores"].pop("speed"), "options[1].scores", "no score for the criterion"),
        (lambda d: d["options"][1]["scores"]["speed"].update(score=9), "options[1].scores.speed", "outside 1 to 5"),
        (lambda d: d["options"][1]["scores"].update(reach={"score": 3, "reason": "x"}),
         "options[1].scores", "computed"),
        (lambda d: d["options"][1]["costs"].update(sources=["nobody"]), "options[1].costs.sources", "not in sources"),
        (lambda d: d["options"][1]["costs"].update(sources=[]), "options[1].costs", "must cite it"),
        (lambda d: d["options"][1].update(filter={"colour": ["red"]}), "options[1].filter", "no column 'colour'"),
        (lambda d: d["options"][1].update(filter={"attack_method": ["catapult"]}), "options[1].filter", "catapult"),
        (lambda d: d["scale"].update(low=7), "scale", "low must be below high"),
        (lambda d: d["options"][2]["assumptions"][0].update(incidents=["XX-1"]),
         "options[2].assumptions[0].incidents", "not an incident"),
    ],
)  # fmt: skip
def test_faults_are_named_with_their_place(ed, doc, change, place, message):
    broken = copy.deepcopy(doc)
    change(broken)
    faults = [f for f in check(ed, broken) if f.severity == "error"]
    assert any(f.column == place and message in f.message for f in faults), faults


def test_unequal_treatment_is_a_warning(ed, doc):
    doc["options"][3]["assumptions"].pop()
    doc["options"][3]["judgement"]["text"] = "word " * 400
    found = check(ed, doc)
    assert {f.severity for f in found} == {"warning"} and len(found) == 2


def test_without_a_file_every_section_says_so_in_a_sentence(ed):
    from dataclasses import replace

    none = replace(ed, data=replace(ed.data, options=None))
    texts = [shown.options_text, shown.reach_text, shown.criteria_text, shown.ranking_text]
    assert all("declares no policy options" in plain(f(none)) for f in texts)
    assert len(shown.cards(none)) == 1
    rest = [
        shown.reach_figure, shown.reach_table, shown.reach_caveat, shown.filters_table, shown.ratings_text,
        shown.scale_table,
        shown.criteria_figure, shown.criteria_table, shown.dominance_text, shown.acceptability_figure,
        shown.ranking_table, shown.central_table,
    ]  # fmt: skip
    assert all(f(none) is None for f in rest)


def test_one_option_reads_well(ed):
    from dataclasses import replace

    one = replace(ed, data=replace(ed.data, options={**ed.data.options, "options": ed.data.options["options"][1:2]}))
    assert "nothing to rank" in plain(shown.ranking_text(one))
    assert shown.dominance_text(one) is None and shown.acceptability_figure(one) is None
    assert "one option" in plain(shown.options_text(one))
    assert shown.criteria_figure(one) and shown.reach_figure(one)


def test_statements_of_another_edition_are_said_to_be_so():
    other = open_edition(quarter="2020Q1")
    assert "written for the edition 2020Q3" in plain(shown.options_text(other))


def test_cards_keep_observation_inference_and_judgement_apart(ed):
    roles = [r.content["role"] for r in shown.cards(ed) if r.kind == "prose"]
    assert roles == ["", "observation", "inference", "judgement"] * 10
    ids = [r.content["id"] for r in shown.cards(ed)]
    assert len(ids) == len(set(ids)) and "tab-option-close-embassy" in ids
