"""Rows in are rows out and rows listed with a reason, whatever a file holds; mappings, filters and folders."""

import csv
from pathlib import Path

import pytest
import yaml
from examples import examples
from foreign import ACLED, ACLED_ROW, GTD, GTD_ROW, UCDP, UCDP_ROW, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incident_report.cli import main
from incident_report.data.importers import FORMATS, ImportFault, Selection, import_file
from incident_report.data.importers.common import slug
from incident_report.data.loader import load
from incident_report.data.model import DataError

LAYOUTS = {"acled": (ACLED, ACLED_ROW), "ucdp-ged": (UCDP, UCDP_ROW), "gtd": (GTD, GTD_ROW)}
IDS = {"acled": "event_id_cnty", "ucdp-ged": "id", "gtd": "eventid"}
HOSTILE = st.sampled_from(
    [
        "",
        "0",
        "-9",
        "-99",
        "1",
        "5",
        "2.5",
        "1e400",
        "nan",
        "=cmd",
        "a\r\nb",
        '"',
        "ألف",
        "2022-02-30",
        "0022-02-03",
        "31-12-19",
        " ;; ",
        "x" * 300,
    ]
)


@st.composite
def tables(draw, kind):
    """Rows of a layout with some cells replaced by what files do hold, ids sometimes twice."""
    columns, row = LAYOUTS[kind]
    rows = []
    for i in range(draw(st.integers(1, 6))):
        one = dict(row)
        for column in draw(st.lists(st.sampled_from(columns), max_size=6)):
            if column != "eventid":
                one[column] = draw(HOSTILE)
        if draw(st.booleans()) or kind == "gtd":
            one[IDS[kind]] = f"20130203{draw(st.integers(1, 4)):04}" if kind == "gtd" else f"X{i}"
        rows.append(one)
    return rows


@pytest.mark.parametrize("kind", list(LAYOUTS))
def test_every_row_is_accounted_for(kind, tmp_path_factory):
    @settings(max_examples=examples(20, 60), deadline=None, suppress_health_check=list(HealthCheck))
    @given(tables(kind))
    def check(rows):
        folder = tmp_path_factory.mktemp("import")
        path = write(folder / "in.csv", LAYOUTS[kind][0], rows)
        read, mapping, *_ = FORMATS[kind]
        result = read(path, mapping, Selection())
        # The tag row of HXL is no row; a row of empty cells alone is none either.
        assert result.rows == len(rows) == len(result.incidents) + len(result.left_out)
        assert all(x.reason for x in result.left_out)
        assert len({x["incident_id"] for x in result.incidents}) == len(result.incidents)
        try:
            import_file(kind, path, folder / "out")
        except ImportFault as fault:
            assert not result.incidents, fault
            return
        assert len(load(folder / "out").incidents) == len(result.incidents)
        with (folder / "out" / "import" / "left_out.csv").open(encoding="utf-8", newline="") as file:
            assert len(list(csv.DictReader(file))) == len(result.left_out)

    check()


def acled(tmp_path, *rows, name="in.csv"):
    return write(tmp_path / name, ACLED, [{**ACLED_ROW, **row} for row in rows])


def test_ids_twice_empty_or_with_a_space_are_listed(tmp_path):
    path = acled(tmp_path, {}, {}, {"event_id_cnty": ""}, {"event_id_cnty": "A 1"})
    result = import_file("acled", path, tmp_path / "out")
    assert [(x.line, x.reason) for x in result.left_out] == [
        (3, "the id stands already in line 2"),
        (4, "it has no id"),
        (5, "the id holds a space"),
    ]


def test_filters_leave_rows_out_with_a_reason(tmp_path, capsys):
    path = acled(
        tmp_path,
        {},
        {"event_id_cnty": "B", "country": "Ruritania"},
        {"event_id_cnty": "C", "event_date": "2021-12-31"},
        {"event_id_cnty": "D", "event_date": "01 April 2022"},
    )
    options = ["--country", "xyland", "--from-date", "2022-01-01", "--to-date", "2022-03-31"]
    assert main(["import", "--from", "acled", str(path), "--out", str(tmp_path / "out"), *options]) == 0
    text = capsys.readouterr().out
    assert "4 rows read: 1 imported, 3 left out" in text
    listed = (tmp_path / "out" / "import" / "left_out.csv").read_text("utf-8")
    assert listed == ("line,id,reason\n3,B,not in xyland\n4,C,before 2022-01-01\n5,D,after 2022-03-31\n")


def test_what_no_rule_names_goes_to_other_with_its_codes(tmp_path, capsys):
    strange = {
        "event_type": "Strange",
        "sub_event_type": "Stranger",
        "notes": "",
        "assoc_actor_2": "",
        "actor2": "Martians",
    }
    path = acled(tmp_path, strange)
    assert main(["import", "--from", "acled", str(path), "--out", str(tmp_path / "out")]) == 0
    row = load(tmp_path / "out").incidents.iloc[0]
    assert (row["attack_method"], row["original_method"]) == ("other", "Strange / Stranger")
    assert (row["target_category"], row["original_target"]) == (
        "other",
        "Unidentified Armed Group (Xyland) / Martians",
    )
    assert "attack_method: 1 of 1 (100%) went to 'other'" in capsys.readouterr().out


def test_a_mapping_of_ones_own(tmp_path):
    own = yaml.safe_load(FORMATS["acled"][1].read_text("utf-8"))
    own["attack_method"].insert(0, {"to": "mortar", "when": {"notes": {"contains": "roadside"}}})
    mapping = tmp_path / "mapping.yml"
    mapping.write_text(yaml.safe_dump(own), "utf-8")
    arguments = ["--out", str(tmp_path / "out"), "--map", str(mapping)]
    assert main(["import", "--from", "acled", str(acled(tmp_path, {})), *arguments]) == 0
    assert load(tmp_path / "out").incidents["attack_method"].tolist() == ["mortar"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", "not valid YAML"),
        ("colour: []", "a mapping holds"),
        ("attack_method: [{to: railgun, when: {notes: x}}]", "'railgun' is not one of rocket"),
        ("attack_method: [{to: [rocket], when: {notes: x}}]", "is not one of rocket"),
        ("attack_method: [{to: rocket, when: {colour: x}}]", "colour"),
        ("attack_method: [{to: rocket}]", "exactly 'to' and 'when'"),
        ("attack_method: {to: rocket}", "must be a list of rules"),
        ("original: [notes]", "original must name a list"),
        ("original: {attack_method: [colour]}", "no column colour"),
        ("leave_out: [{reason: 3, when: {notes: x}}]", "is not a text"),
    ],
)
def test_a_faulty_mapping_is_one_clear_line(tmp_path, capsys, text, told):
    (tmp_path / "map.yml").write_text(text, "utf-8")
    arguments = ["--out", str(tmp_path / "out"), "--map", str(tmp_path / "map.yml")]
    assert main(["import", "--from", "acled", str(acled(tmp_path, {})), *arguments]) == 1
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_an_existing_folder_is_never_overwritten(tmp_path, capsys):
    out = tmp_path / "out"
    out.mkdir()
    (out / "mine.txt").write_text("x")
    assert main(["import", "--from", "acled", str(acled(tmp_path, {})), "--out", str(out)]) == 1
    assert "exists already" in capsys.readouterr().err
    assert [p.name for p in out.iterdir()] == ["mine.txt"]
    (tmp_path / "file").write_text("x")
    assert main(["import", "--from", "acled", str(acled(tmp_path, {})), "--out", str(tmp_path / "file" / "out")]) == 1
    assert capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "not an ACLED event file"),
        (b"a,b\n1,2\n", "there is no column event_id_cnty"),
        (b"PK\x03\x04", "not an ACLED event file"),
        (",".join(ACLED).encode() + b"\n1,2\n", "in.csv:2: the row has another number of cells"),
        (",".join([*ACLED, "NOTES"]).encode() + b"\n", "column notes stands twice"),
        (",".join(ACLED).encode() + b"\n", "none of the 0 rows became an incident"),
    ],
)
def test_what_is_no_such_file_is_refused_in_one_line(tmp_path, capsys, content, told):
    (tmp_path / "in.csv").write_bytes(content)
    assert main(["import", "--from", "acled", str(tmp_path / "in.csv"), "--out", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--from", "csv"], "it must be acled, ucdp-ged, gtd"),
        (["--from", "acled"], "say where to"),
        (["--from", "acled", "--out", "x", "--from-date", "soon"], "write a day like"),
        (["--from", "acled", "--out", "x", "--from-date", "2022-02-01", "--to-date", "2022-01-01"], "lies before"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(tmp_path, capsys, arguments, told):
    assert main(["import", str(tmp_path / "in.csv"), *arguments]) == 2
    assert told in capsys.readouterr().err


def test_sources_of_one_name_are_one_and_others_stay_apart():
    assert slug("Daily") == slug("DAILY")
    assert slug("الصباح") != slug("الزمان")
    assert slug("x" * 70) != slug("x" * 71)
    assert len(slug("x" * 99)) <= 60


def test_an_import_passes_the_checks_of_any_campaign(tmp_path):
    import_file("acled", acled(tmp_path, {}), tmp_path / "out")
    data = load(tmp_path / "out")
    assert data.campaign.title == "Attacks recorded by ACLED in the area covered"
    assert data.quarters == ("2022Q1",)
    assert not Path(tmp_path / "out" / "tallies.csv").exists()
    with pytest.raises(DataError):
        load(tmp_path)
