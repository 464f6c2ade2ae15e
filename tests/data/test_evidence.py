"""Evidence by cell: what it must hold, what rows may not say without it, and what follows from it."""

import csv
import io
import sys
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from incident_report.analysis import evidence
from incident_report.data import check, format_faults, load
from incident_report.data.confidence import by_rule
from incident_report.paths import DATA

sys.path.insert(0, str(Path(__file__).parents[1] / "data"))
from small import Q3, files, make

HEAD = "incident_id,field,value,source_id,status,note\n"
ROW = "IQ-20200719-1"  # the last of the small campaign's four rows of the third quarter
ARTICLE = "iraq-businessnews-2020-09-28"
OTHER = "trt-2020-07-19"  # a source of that row


@pytest.fixture(scope="module")
def data():
    return load(DATA)


def with_cells(**cells):
    """The small campaign's third quarter with some cells of `ROW` changed."""
    rows = list(csv.DictReader(io.StringIO(files()[Q3])))
    next(r for r in rows if r["incident_id"] == ROW).update(cells)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


def faults(tmp_path, *lines, as_of=None, **cells):
    """(severity, column, value) of faults in `ROW` or in the evidence."""
    changes = {Q3: with_cells(**cells), "evidence.csv": HEAD + "".join(f"{x}\n" for x in lines) if lines else None}
    found = check(make(tmp_path / "c", changes), as_of=as_of)[1]
    mine = [f for f in found if f.file == "evidence.csv" or (f.line == 5 and f.file == Q3)]
    return [(f.severity, f.column, f.value) for f in mine]


# ---- the founding evidence -----------------------------------------------------------------------


def as_first_published():
    paths = sorted((DATA / "incidents").glob("*.csv"))
    return pd.concat([pd.read_csv(p, dtype=str, keep_default_na=False) for p in paths])


def test_cells_stand_as_two_readers_counted_them(data):
    """The second round's table of cells, made by another program from the same evidence, had these counts."""
    found = evidence.cells(data, as_first_published())
    found = found[found["incident_id"] != "IQ-20200915-3"]  # the row that this project added
    for ident in ("IQ-20200826-1", "IQ-20200915-2"):  # two cells each, looked up later for the claims
        found = found[(found["incident_id"] != ident) | ~found["field"].isin(["attack_method", "target_name"])]
    assert len(found) == 409
    assert found["status"].value_counts().to_dict() == {
        "inferred": 153,
        "stated": 133,
        "silent": 56,
        "other_value": 26,
        "disputed": 25,
        "not_checked": 9,
        "contradicted": 7,
    }
    assert (found["status_without_article"] == "silent").sum() == 77


def test_no_us_zero_stands_beside_an_unknown_total_unless_a_source_states_it(data):
    rows = data.incidents
    for part, whole in (("us_killed", "killed"), ("us_wounded", "wounded")):
        zero = rows[(rows[part] == 0).fillna(False) & rows[whole].isna()]
        for ident in zero["incident_id"]:
            said = evidence.said(data, ident, part)
            assert ((said["status"] == "stated") & (said["value"] == "0")).any(), (ident, part)


def test_the_attack_on_g4s_rests_on_the_article_where_it_matters(data):
    own, row = evidence.own_sources(data), "IQ-20200903-1"
    assert own == {ARTICLE, "washingtoninstitute-nd"}
    assert evidence.status(data, row, "attack_method") == "disputed"
    assert evidence.status(data, row, "attack_method", own) == "contradicted"
    assert evidence.rivals(data, row, "attack_method") == ("rocket",)
    assert evidence.stated_by(data, row, "killed") == (ARTICLE,)
    assert evidence.status(data, row, "killed", own) == "silent"
    assert data.incidents.set_index("incident_id").loc[row, "techniques"] == ()


def test_what_nobody_looked_up_is_known_as_such(data):
    assert evidence.status(data, "IQ-20191203-1", "killed") == ""
    looked_up = set(data.evidence.loc[data.evidence["field"] == "killed", "incident_id"])
    assert "IQ-20191203-1" not in looked_up and "IQ-20200903-1" in looked_up


def test_a_conflicting_toll_is_a_range_with_its_sources(data):
    rows = data.incidents[data.incidents["incident_id"] == "IQ-20200928-1"]
    found = evidence.toll(data, rows, "killed")
    assert (found.low, found.best, found.high) == (5, 5, 7)
    assert set(found.sources) == {"diyaruna-nd", "thenewkhalij-2020-09-28"}
    assert [(n, s) for _, n, s, _ in found.rejected] == [(3, "sandiegouniontribune-2020-09-28")]
    driver = data.incidents[data.incidents["incident_id"] == "IQ-20200821-1"]
    weak = evidence.toll(data, driver, "killed")
    assert (weak.low, weak.high) == (1, 1) and weak.rejected[0][1] == 3  # a partisan page's claim of three
    quarter = data.incidents[(data.incidents["quarter"] == "2020Q3") & data.incidents["counted"]]
    assert (evidence.toll(data, quarter).low, evidence.toll(data, quarter).high) == (7, 9)


def test_weak_rows(data):
    counted = set(data.incidents.loc[data.incidents["counted"], "incident_id"])
    weak = evidence.weak_rows(data)
    assert {"IQ-20200221-1", "IQ-20200303-1", "IQ-20200829-2"} <= set(weak) <= counted
    outcome = data.incidents.set_index("incident_id")["outcome"]
    assert outcome[["IQ-20200917-2", "IQ-20200307-1", "IQ-20200918-2"]].tolist() == [
        "doubtful",
        "doubtful",
        "out_of_scope",
    ]


# ---- what the check refuses ----------------------------------------------------------------------


def test_a_us_zero_needs_a_total_or_a_source_that_states_it(tmp_path):
    cells = {"killed": "", "us_killed": "0"}
    refused = [("error", "us_killed", "0")]
    assert faults(tmp_path, **cells) == refused  # also where there is no evidence at all
    assert faults(tmp_path, f"{ROW},us_killed,0,{OTHER},inferred,nobody is named", **cells) == refused
    assert faults(tmp_path, f"{ROW},us_killed,0,{OTHER},stated,the coalition says none", **cells) == []
    assert faults(tmp_path, killed="0", us_killed="0") == []
    assert faults(tmp_path, killed="", us_killed="") == []


def test_a_number_that_every_source_read_is_silent_on_is_refused(tmp_path):
    silent = f"{ROW},munition_count,,{OTHER},silent,speaks of fire"
    assert faults(tmp_path, silent) == [("error", "munition_count", "2")]
    assert faults(tmp_path, silent, munition_count="") == []
    assert faults(tmp_path, f"{ROW},munition_count,2,{OTHER},inferred,a pair") == []
    assert faults(tmp_path, f"{ROW},munition_count,,{OTHER},not_checked,not found") == [
        ("warning", "munition_count", "2")
    ]


def test_a_technique_that_only_the_article_names_is_refused(tmp_path):
    alone = f"{ROW},techniques,salvo,{ARTICLE},stated,a salvo"
    assert faults(tmp_path, alone, techniques="salvo") == [("error", "techniques", "salvo")]
    assert faults(tmp_path, alone, f"{ROW},techniques,salvo,{OTHER},stated,volley", techniques="salvo") == []
    assert faults(tmp_path, techniques="salvo") == []  # not examined is not refused


def test_an_earlier_day_is_shown_with_its_faults(tmp_path):
    found = faults(tmp_path, as_of=date(2020, 8, 1), killed="", us_killed="0")
    assert found == [("warning", "us_killed", "0")]


@pytest.mark.parametrize(
    ("line", "column"),
    [
        (f"IQ-20200719-9,killed,0,{OTHER},stated,x", "incident_id"),
        (f"{ROW},kiled,0,{OTHER},stated,x", "field"),
        (f"{ROW},killed,0,nobody-2020,stated,x", "source_id"),
        (f"{ROW},killed,0,{OTHER},certain,x", "status"),
        (f"{ROW},,0,{OTHER},stated,x", "field"),
    ],
)
def test_evidence_is_of_cells_and_sources_on_file(tmp_path, line, column):
    assert ("error", column) in [f[:2] for f in faults(tmp_path, line)]


def test_the_same_twice_is_a_fault(tmp_path):
    line = f"{ROW},killed,0,{OTHER},stated,x"
    assert [f[:2] for f in faults(tmp_path, line, line)] == [("error", "source_id")]
    assert faults(tmp_path, line, f"{ROW},row,carried_out,{OTHER},stated,x") == []


def test_a_double_names_another_row_on_file(tmp_path):
    assert faults(tmp_path, possible_double_of=ROW)[0][:2] == ("error", "possible_double_of")
    assert faults(tmp_path, possible_double_of="IQ-1")[0][:2] == ("error", "possible_double_of")
    assert faults(tmp_path, possible_double_of="IQ-20200705-1") == []


def test_what_came_later_is_hidden_with_its_source():
    then = load(DATA, as_of=date(2020, 8, 16))
    days = dict(zip(then.sources["source_id"], then.sources["published"], strict=True))
    assert len(then.evidence) and set(then.evidence["incident_id"]) <= set(then.incidents["incident_id"])
    assert all(pd.isna(d) or len(d) < 10 or d <= "2020-08-16" for d in map(days.get, then.evidence["source_id"]))
    assert then.method_log["date"].isna().all()


# ---- sites, windows, letters, the day up to which sources run ---------------------------------------


def test_a_site_has_one_point_and_rows_take_it(data):
    placed = data.incidents.dropna(subset=["site_id", "latitude"])
    points = placed.groupby("site_id")[["latitude", "longitude"]].nunique()
    assert len(placed) == 52 + 2 and (points == 1).all(axis=None)
    at = placed.drop_duplicates("site_id").set_index("site_id")[["latitude", "longitude"]]
    assert tuple(at.loc["bdsc"]) == tuple(at.loc["biap"])  # inside it
    town = data.incidents["coordinate_precision"] == "town"
    assert town.sum() == 43 and data.incidents.loc[town, "latitude"].isna().all()


@pytest.mark.parametrize(
    ("cells", "severity", "column"),
    [
        ({"site_id": "nowhere"}, "error", "site_id"),
        ({"site_id": "biap", "latitude": "33.3", "longitude": "44.4"}, "error", "latitude"),
        ({"coordinate_precision": "exact"}, "error", "coordinate_precision"),
        (
            {"site_id": "", "coordinate_precision": "governorate", "latitude": "33.3", "longitude": "44.4"},
            "warning",
            "coordinate_precision",
        ),
    ],
)
def test_points_and_their_precision_agree(tmp_path, cells, severity, column):
    assert (severity, column) in [f[:2] for f in faults(tmp_path, **cells)]


def tallies(**cells):
    rows = list(csv.DictReader(io.StringIO(files()["tallies.csv"])))
    rows[0].update(cells)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return {"tallies.csv": out.getvalue()}


@pytest.mark.parametrize(
    ("cells", "column"),
    [
        ({"end_earliest": "2020-04-02"}, "end_earliest"),  # the end itself is 31 March
        ({"end_latest": "2020-03-30"}, "end_latest"),
        ({"start_latest": "2019-12-30"}, "start_latest"),
        ({"start_latest": "2020-03-01", "end_earliest": "2020-02-01"}, "end_earliest"),
    ],
)
def test_a_window_with_doubt_holds_its_best_guess(tmp_path, cells, column):
    found = check(make(tmp_path / "c", tallies(**cells)))[1]
    assert column in [f.column for f in found if f.file == "tallies.csv" and f.severity == "error"]


def test_a_window_without_doubt_is_its_own_range(data):
    rows = data.tallies.set_index("tally_id")
    sure = rows.loc["isw-logistics_convoy-2020-08-11-a"]
    assert sure["end_earliest"] == sure["end"] == sure["end_latest"]
    for series in ("rocket_drone", "logistics_convoy"):
        tally = rows.loc[f"knights-{series}-2020-09-25-a"]
        days = [f"{tally[c]:%Y-%m-%d}" for c in ("end_earliest", "end", "end_latest")]
        assert days == ["2020-09-20", "2020-09-24", "2020-09-27"]


def source(publisher, letter, original=""):
    return {"publisher": publisher, "reliability": letter, "original": original}


@pytest.mark.parametrize(
    ("sources", "letter"),
    [
        ([source("A", "C"), source("B", "D")], "high"),
        ([source("A", "D"), source("B", "D")], "medium"),
        ([source("A", "B", "AFP"), source("B", "B", 'AFP: "Rockets"')], "medium"),
        ([source("AFP", "B"), source("B", "B", "AFP (cited)")], "medium"),
        ([source("A", "C")], "medium"),
        ([source("A", "D")], "low"),
        ([source("A", "F"), source("B", "F")], None),
    ],
)
def test_confidence_follows_the_codebook(sources, letter):
    assert by_rule(sources) == letter


def test_a_letter_above_the_rule_is_named_and_those_below_in_one_line(data):
    told = [f for f in data.warnings if f.column == "confidence"]
    assert told == []
    below = [f for f in data.warnings if f.file == "incidents"]
    assert len(below) == 1 and "IQ-20191229-1 (medium)" in below[0].message


def test_the_cutoff_is_the_day_of_the_last_source(data):
    assert data.information_cutoff(date(2020, 9, 30)) == date(2021, 1, 31)  # a month counts to its end
    assert data.information_cutoff(date(2019, 10, 1)) is None
    early = data.information_cutoff(date(2019, 12, 31))
    assert early is not None and early < data.information_cutoff(date(2020, 9, 30))


def test_labels_come_from_the_campaigns_own_schema(data):
    assert data.label("ied_roadside") == "Roadside bomb"
    assert data.label("site_point", "coordinate_precision") == "Point for a site"
    assert data.label("site_point", "precision") == "Point of the site"
    assert data.label("no_such_value") == "No such value" and data.label("") == "Not stated"


def test_a_row_typed_for_the_older_layout_stays_valid(tmp_path):
    old = {"sources.csv": files()["sources.csv"] + "x-nd,X,2020,press,C,https://example.org/\n"}
    loaded, found = check(make(tmp_path / "c", old))
    assert loaded is not None, format_faults(found)
    last = loaded.sources.iloc[-1]
    assert (last["source_id"], last["title"] is pd.NA, last["author"]) == ("x-nd", True, ())
    short = {"sources.csv": files()["sources.csv"] + "x-nd,X,2020,press\n"}
    assert check(make(tmp_path / "c", short))[0] is None
