"""The file of policy options: one template, every statement owned, scores that obey their anchors, faults named."""

import copy
import re
import shutil
from pathlib import Path

import pytest
import yaml
from editions import founding
from openpyxl import load_workbook

from incident_report.analysis.open import open_edition
from incident_report.catalogue import CATALOGUE
from incident_report.data import load
from incident_report.data.model import DataError
from incident_report.data.options import LEVELS, incidents_cited, options_faults, red_objectives, statements, words
from incident_report.data.scoresheet import keep_scores, read_scoresheet, write_scoresheet
from incident_report.data.shape import Names
from incident_report.paths import DATA


@pytest.fixture(scope="module")
def ed():
    return founding()


@pytest.fixture()
def doc():
    return yaml.safe_load((DATA / "policy_options.yml").read_text("utf-8"))


def check(ed, doc):
    incidents = ed.data.incidents
    names = Names(
        columns=list(incidents.columns),
        enums={"attack_method": [*set(incidents["attack_method"]), "missile", "ied_vehicle", "ied_other", "grenade",
                                 "small_arms"]},
        sources=set(ed.data.sources["source_id"]),
        series=[s.id for s in ed.campaign.series],
        facts=[*(s.fact for s in ed.campaign.series), *CATALOGUE],
    )  # fmt: skip
    return options_faults(doc, names)


def test_founding_file_has_no_fault_and_treats_options_alike(ed, doc):
    assert check(ed, doc) == []
    assert {ident for _, ident in incidents_cited(doc)} <= set(ed.data.incidents["incident_id"])
    options = doc["options"]
    assert len({frozenset(set(o) - {"baseline"}) for o in options}) == 1
    sizes = [words(o) for o in options]
    assert max(sizes) <= 1.4 * min(sizes)


def test_status_quo_and_hardening_are_one_and_the_set_goes_beyond_the_article(doc):
    by_origin = {k: {o["id"] for o in doc["options"] if o["origin"] == k} for k in ("article", "project")}
    assert [o["id"] for o in doc["options"] if o.get("baseline")] == ["carry-on"]
    assert by_origin["project"] == {"convoy-protection", "drawdown", "sanctions", "conditional-truce"}
    assert len(by_origin["article"]) == 9


def test_no_score_says_more_than_a_red_assumption_of_the_option_allows(doc):
    for option in doc["options"]:
        assert all(option["scores"][o]["low"] <= doc["scale"]["now"] for o in red_objectives(option)), option["id"]


def test_wording_does_not_advocate(doc):
    loaded = re.compile(r"\b(should|must|best|worst|only way|clearly|obviously|reckless|cowardly|weakness)\b", re.I)
    texts = [s[key] for _, s in statements(doc["options"]) for key in ("text", "why", "reason") if key in s]
    assert [t for t in texts if loaded.search(t)] == []


def _red(d):
    d["options"][0]["scores"]["protect"]["low"] = 4


@pytest.mark.parametrize(
    ("change", "place", "message"),
    [
        (lambda d: d["options"][1].pop("fails"), "options[1]", "'fails' is a required property"),
        (lambda d: d["options"][1].update(best=True), "options[1]", "'best' was unexpected"),
        (lambda d: d["options"][1]["view"].update(basis="rumour"), "options[1].view.basis", "not one of"),
        (lambda d: d["options"][1].update(id="zone-closures"), "options[1]", "stands twice"),
        (lambda d: d["options"][-1].pop("baseline"), "options", "exactly one option must be marked"),
        (lambda d: d["options"][1]["scores"].pop("war"), "options[1].scores", "no score for the objective"),
        (lambda d: d["options"][1]["scores"]["war"].update(high=2), "options[1].scores.war", "lies above high"),
        (lambda d: d["options"][-1]["scores"]["war"].update(high=2), "options[12].scores.war", "must take in 3"),
        (_red, "options[0].scores.protect", "red assumption"),
        (lambda d: d["options"][1].update(group="hope"), "options[1].group", "no group 'hope'"),
        (lambda d: d["options"][1].update(aimed_at=["moon"]), "options[1].aimed_at", "no series 'moon'"),
        (lambda d: d["options"][1]["view"].update(sources=["nobody"]), "options[1].view.sources", "not in sources"),
        (lambda d: d["options"][1]["view"].update(sources=[]), "options[1].view", "must cite it"),
        (lambda d: d["options"][1]["reach"].update(bears_on={"colour": ["red"]}),
         "options[1].reach.bears_on", "no column 'colour'"),
        (lambda d: d["options"][1]["reach"]["excluded"][0].update(where={"attack_method": ["catapult"]}),
         "options[1].reach.excluded[0].where", "catapult"),
        (lambda d: d["options"][1]["assumptions"][0].pop("valid"), "options[1].assumptions[0]", "how long it holds"),
        (lambda d: d["options"][1]["assumptions"][0].update(expect="rockets is"),
         "options[1].assumptions[0].expect", "cannot be read"),
        (lambda d: d["options"][3]["signposts"][0].update(test="tanks is rise"),
         "options[3].signposts[0].test", "no fact 'tanks'"),
        (lambda d: d["options"][1]["assumptions"][0].update(valid={"from": "2020Q3", "to": "2020Q1"}),
         "options[1].assumptions[0].valid", "lies before"),
        (lambda d: d["packages"][0].update(options=["a", "zone-closures"]), "packages[0].options", "no option 'a'"),
    ],
)  # fmt: skip
def test_faults_are_named_with_their_place(ed, doc, change, place, message):
    broken = copy.deepcopy(doc)
    change(broken)
    faults = [f for f in check(ed, broken) if f.severity == "error"]
    assert any(f.column == place and message in f.message for f in faults), faults


def test_unequal_treatment_is_a_warning(ed, doc):
    doc["options"][3]["assumptions"].pop()
    doc["options"][3]["judgement"] = "word " * 400
    found = check(ed, doc)
    assert {f.severity for f in found} == {"warning"} and len(found) == 2


def filled(path, name="Second coder", low="2", high="4"):
    book = load_workbook(path)
    book["scorer"]["A2"] = name
    sheet = book["scores"]
    columns = {c.value: c.column for c in sheet[1]}
    sheet.cell(2, columns["low"]).value, sheet.cell(2, columns["high"]).value = low, high
    book.save(path)


def test_a_scoresheet_is_blank_and_comes_back_checked(doc, tmp_path):
    sheet = tmp_path / "s.xlsx"
    assert write_scoresheet(doc, sheet) == len(doc["options"]) * len(doc["objectives"])
    with pytest.raises(DataError, match="name into A2"):
        read_scoresheet(sheet)  # nobody's name, no score
    filled(sheet)
    [row] = read_scoresheet(sheet)
    assert row == {"scorer": "Second coder", "option": "zone-closures", "objective": "protect", "low": "2",
                   "high": "4", "reason": ""}  # fmt: skip


@pytest.mark.parametrize(("low", "high"), [("7", "4"), ("", "4"), ("4", "2"), ("x", "3"), ("2.5", "3")])
def test_a_score_that_is_no_range_is_refused_with_its_cell(doc, tmp_path, low, high):
    sheet = tmp_path / "s.xlsx"
    write_scoresheet(doc, sheet)
    filled(sheet, low=low, high=high)
    with pytest.raises(DataError) as raised:
        read_scoresheet(sheet)
    assert raised.value.faults[0].line == 2 and raised.value.faults[0].column in ("low", "high")


def test_scores_of_others_widen_the_campaigns_ranges(tmp_path):
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    row = {"scorer": "B", "option": "close-embassy", "objective": "mission", "low": "1", "high": "4", "reason": ""}
    assert keep_scores(folder, [row]) == 1 == keep_scores(folder, [row])  # the same person's scores are replaced
    ed = open_edition(str(folder), quarter="2020Q3")
    fact = ed.facts.options
    card = fact.card.table.set_index(["option", "objective"]).loc[("close-embassy", "mission")]
    assert (card["low"], card["high"], card["scorers"], fact.scorers) == (1, 4, 2, 2)
    assert fact.disagreement.table.loc[0, "apart"] == 1.5
    (folder / "scores.csv").write_text("scorer,option,objective,low,high,reason\nB,nobody,mission,4,2,\n")
    with pytest.raises(DataError) as raised:
        load(folder)
    assert {f.column for f in raised.value.faults if f.severity == "error"} == {"option", "low"}


def test_levels_are_those_of_every_anchor(doc):
    assert all(sorted(o["anchors"]) == list(LEVELS) for o in doc["objectives"])
