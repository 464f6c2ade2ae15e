"""Rows in are rows out and rows listed with a reason, whatever a file holds; accounts, filters, coverage, folders."""

import csv

import pytest
from examples import examples
from foreign import ACLED, ACLED_ROW, LAYOUTS, one, write
from foreign import read as read_rows
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incident_report.cli import main
from incident_report.data.importers import ImportFault, Selection, chosen_map, import_file, read
from incident_report.data.loader import load
from incident_report.data.model import DataError

IDS = {"acled": "event_id_cnty", "ucdp-ged": "id", "gtd": "eventid"}
HOSTILE = st.sampled_from(
    [
        "",
        "0",
        "-9",
        "-99",
        "1",
        "1.0",
        "5",
        "2.5",
        "5-7",
        "1e400",
        "nan",
        "=cmd",
        "a\r\nb",
        '"',
        "ألف",
        "2022-02-30",
        "0022-02-03",
        "31-12-19",
        "16° 26' 36\" N",
        " ;; ",
        "https://example.org/a b",
        "https://",
        "x" * 300,
    ]
)


@st.composite
def tables(draw, kind):
    """Rows of a layout with some cells replaced by what files do hold, ids sometimes twice."""
    columns, row = LAYOUTS[kind]
    rows = []
    for i in range(draw(st.integers(1, 6))):
        made = dict(row)
        for column in draw(st.lists(st.sampled_from(columns), max_size=6)):
            if column != "eventid":
                made[column] = draw(HOSTILE)
        if draw(st.booleans()) or kind == "gtd":
            made[IDS[kind]] = f"20130203{draw(st.integers(1, 4)):04}" if kind == "gtd" else f"X{i}"
        rows.append(made)
    return rows


@pytest.mark.parametrize("kind", list(LAYOUTS))
def test_every_row_is_accounted_for(kind, tmp_path_factory):
    chart = chosen_map(kind)

    @settings(max_examples=examples(10, 60), deadline=None, suppress_health_check=list(HealthCheck))
    @given(tables(kind))
    def check(rows):
        folder = tmp_path_factory.mktemp("import")
        path = write(folder / "in.csv", LAYOUTS[kind][0], rows)
        result = read(path, chart, Selection(keep_state_operations=True))
        assert result.rows == len(rows) == len(result.incidents) + len(result.left_out)
        assert all(x.reason for x in result.left_out)
        assert len({x["incident_id"] for x in result.incidents}) == len(result.incidents)
        try:
            import_file(path, chart, folder / "out", Selection(keep_state_operations=True))
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
    result = read_rows("acled", tmp_path, [{}, {}, {"event_id_cnty": ""}, {"event_id_cnty": "A 1"}])
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
    account = (tmp_path / "out" / "import" / "account.txt").read_text("utf-8")
    assert account.strip() in text


def test_nothing_imported_is_told_and_written_as_otherwise(tmp_path, capsys):
    path = acled(tmp_path, {"event_date": "02/23/2022"}, {"event_id_cnty": "B", "event_date": "2022-02-30"})
    out = tmp_path / "campaigns" / "mine"
    out.parent.mkdir()
    assert main(["import", "--from", "acled", str(path), "--out", str(out)]) == 1
    told = capsys.readouterr()
    beside = out.with_name("mine-import")
    assert not told.out and not out.exists()
    assert "2 rows read: 0 imported, 2 left out" in told.err
    assert "'02/23/2022' is no date of the form" in told.err and "no day of the calendar" in told.err
    assert str(beside / "left_out.csv") in told.err
    assert (beside / "left_out.csv").read_text("utf-8").count("\n") == 3
    assert (beside / "account.txt").read_text("utf-8").strip() in told.err.replace("incident-report: ", "")
    assert sorted(p.name for p in out.parent.iterdir()) == ["mine-import"]


@pytest.mark.parametrize("wanted", ["Xylnd", "Xyland.", "xylandd"])
def test_a_misspelt_country_suggests(tmp_path, capsys, wanted):
    path = acled(tmp_path, {}, {"event_id_cnty": "B", "country": "Ruritania"})
    assert main(["import", "--from", "acled", str(path), "--out", str(tmp_path / "out"), "--country", wanted]) == 1
    error = capsys.readouterr().err
    assert "did you mean 'Xyland'?" in error and "Ruritania (1)" in error


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ([], {"2022Q1": ("2022-01-01", "2022-02-23")}),
        (["--to-date", "2022-02-01"], {"2022Q1": ("2022-01-01", "2022-02-01")}),
        (["--from-date", "2022-01-15"], {"2022Q1": ("2022-01-15", "2022-02-23")}),
        (
            ["--from-date", "2021-11-15"],
            {"2021Q4": ("2021-11-15", "2021-12-31"), "2022Q1": ("2022-01-01", "2022-02-23")},
        ),
        (["--from-date", "2021-10-01", "--to-date", "2021-12-31"], {}),
    ],
)
def test_what_cuts_a_quarter_is_handed_on(tmp_path, options, expected):
    path = acled(
        tmp_path,
        {"event_date": "2021-12-01"},
        {"event_id_cnty": "B", "event_date": "2022-01-20"},
        {"event_id_cnty": "C", "event_type": "Protests"},  # no attack, but the file reaches to its day
    )
    assert main(["import", "--from", "acled", str(path), "--out", str(tmp_path / "out"), *options]) == 0
    name = tmp_path / "out" / "coverage.csv"
    rows = list(csv.DictReader(name.read_text("utf-8").splitlines())) if name.exists() else []
    assert {r["quarter"]: (r["start"], r["end"]) for r in rows} == expected
    data = load(tmp_path / "out")
    assert {q: tuple(map(str, data.coverage[q])) for q in expected} == expected


def test_a_declared_span_goes_before_the_last_event_and_leaves_out_what_lies_outside(tmp_path):
    (tmp_path / "map.yml").write_text("coverage: {start: 2022-01-10, end: 2022-03-31}", "utf-8")
    path = acled(tmp_path, {}, {"event_id_cnty": "B", "event_date": "2022-01-02"})
    chart = chosen_map("acled", tmp_path / "map.yml")
    result, _ = import_file(path, chart, tmp_path / "out")
    assert [x.reason for x in result.left_out] == ["before 2022-01-10, outside the declared span"]
    start, end = load(tmp_path / "out").coverage["2022Q1"]
    assert (str(start), str(end)) == ("2022-01-10", "2022-03-31")


def test_what_no_rule_names_goes_to_other_with_its_codes(tmp_path):
    strange = {
        "event_type": "Strange",
        "sub_event_type": "Stranger",
        "notes": "",
        "assoc_actor_2": "",
        "actor2": "Martians",
    }
    row, result = one("acled", tmp_path, **strange)
    assert (row["attack_method"], row["original_method"]) == ("other", "Strange / Stranger")
    assert (row["target_category"], row["original_target"]) == ("other", "Group Alpha / Martians")
    assert result.unmapped["attack_method"] == {"Strange / Stranger": 1}


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
        (b"", "it is empty"),
        (b"a,b\n1,2\n", "needs column 'event_type'"),
        (b"PK\x03\x04", "it is no text"),
        (b"\xd0\xcf\x11\xe0 old", "it is no text"),
        (",".join(ACLED).encode() + b"\n1,2\n", "in.csv:2: the row has another number of cells"),
        (",".join([*ACLED, "NOTES"]).encode() + b"\n", "column notes stands twice"),
        (",".join(c.replace("event_date", "event_day") for c in ACLED).encode() + b"\n", "did you mean 'event_day'"),
    ],
)
def test_what_is_no_such_file_is_refused_in_one_line(tmp_path, capsys, content, told):
    (tmp_path / "in.csv").write_bytes(content)
    assert main(["import", "--from", "acled", str(tmp_path / "in.csv"), "--out", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert told in error
    assert error.count("\n") == 1
    assert [p.name for p in tmp_path.iterdir()] == ["in.csv"]


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--from", "csv"], "it must be acled, ucdp-ged, gtd"),
        (["--from", "acled"], "say where to"),
        (["--map", "mine.yml"], "say where to"),
        (["--from", "acled", "--out", "x", "--from-date", "soon"], "write a day like"),
        (["--from", "acled", "--out", "x", "--from-date", "2022-02-01", "--to-date", "2022-01-01"], "lies before"),
        (["--keep-state-operations"], "go with --from or --map"),
        (["--draft-map", "--from", "acled"], "takes the file and --out alone"),
    ],
)
def test_what_makes_no_sense_is_a_usage_error(tmp_path, capsys, arguments, told):
    assert main(["import", str(tmp_path / "in.csv"), *arguments]) == 2
    assert told in capsys.readouterr().err


def test_an_import_passes_the_checks_of_any_campaign(tmp_path, capsys):
    import_file(acled(tmp_path, {}), chosen_map("acled"), tmp_path / "out")
    data = load(tmp_path / "out")
    assert data.campaign.title == "Attacks recorded by ACLED in the area covered"
    assert data.quarters == ("2022Q1",)
    assert not (tmp_path / "out" / "tallies.csv").exists()
    main(["check-data", "--data", str(tmp_path / "out")])
    assert "import/" not in capsys.readouterr().out  # its own files are known
    with pytest.raises(DataError):
        load(tmp_path)
