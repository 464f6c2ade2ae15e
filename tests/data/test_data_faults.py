"""Every fault is named with its place, and with what would be right."""

import csv
import io
import json
import sys
from pathlib import Path

import pytest

from incident_report.data import DataError, check, default_package, format_faults, load, new_quarter
from incident_report.periods import Period

sys.path.insert(0, str(Path(__file__).parents[1] / "data"))
from small import Q2, Q3, files, make

C = "incident_id,field,old,new,reason,date,by\n"


def sub(name, old, new, count=1):
    text = files()[name]
    assert old in text, (name, old)
    return {name: text.replace(old, new, count)}


def set_cell(name, row, column, value):
    """One cell of a data row (0 is the first) replaced, quoting done properly."""
    rows = list(csv.DictReader(io.StringIO(files()[name])))
    rows[row][column] = value
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return {name: out.getvalue()}


def drop_column(name, *columns):
    rows = list(csv.DictReader(io.StringIO(files()[name])))
    header = [c for c in rows[0] if c not in columns]
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header, lineterminator="\n", extrasaction="ignore")
    writer.writeheader()
    writer.writerows(rows)
    return {name: out.getvalue()}


def bomb():
    """A few hundred bytes that stand for 9 to the power of 8 parts."""
    pairs = zip("abcdefgh", "bcdefghi", strict=True)
    return "a: &a [x]\n" + "".join(f"{c}: &{c} [{','.join([f'*{p}'] * 9)}]\n" for p, c in pairs)


ERRORS = {
    "unknown column": (
        lambda: sub(Q3, "governorate", "gouvernorate"),
        Q3,
        1,
        "gouvernorate",
        "did you mean 'governorate'",
    ),
    "missing column": (lambda: drop_column(Q3, "killed"), Q3, 1, "killed", "missing"),
    "column twice": (lambda: sub(Q3, "wounded", "killed"), Q3, 1, "killed", "twice"),
    "column without a name": (lambda: sub(Q3, "us_killed,", ","), Q3, 1, None, "no name"),
    "no such day": (lambda: set_cell(Q3, 0, "date", "2020-13-45"), Q3, 2, "date", "YYYY-MM-DD"),
    "slashes": (lambda: set_cell(Q3, 0, "date", "05/07/2020"), Q3, 2, "date", "YYYY-MM-DD"),
    "serial day": (lambda: set_cell(Q3, 0, "date", "44017"), Q3, 2, "date", "YYYY-MM-DD"),
    "no day": (lambda: set_cell(Q3, 0, "date", ""), Q3, 2, "date", "empty"),
    "other quarter": (lambda: set_cell(Q3, 0, "date", "2020-10-05"), Q3, 2, "date", "incidents/2020Q4.csv"),
    "id twice": (lambda: set_cell(Q3, 1, "incident_id", "IQ-20200705-1"), Q3, 3, "incident_id", "2020Q3.csv:2"),
    "id in two files": (lambda: set_cell(Q3, 1, "incident_id", "IQ-20200406-1"), Q3, 3, "incident_id", "2020Q2.csv:2"),
    "id with a space": (lambda: set_cell(Q3, 1, "incident_id", "IQ 7"), Q3, 3, "incident_id", "spaces"),
    "no id": (lambda: set_cell(Q3, 1, "incident_id", ""), Q3, 3, "incident_id", "empty"),
    "unknown source": (
        lambda: set_cell(Q3, 0, "sources", "thehill-2020-07-06;rt-nd"),
        Q3,
        2,
        "sources",
        "did you mean 'thehill-2020-07-05'",
    ),
    "no source": (lambda: set_cell(Q3, 0, "sources", ""), Q3, 2, "sources", "empty"),
    "source twice": (lambda: set_cell(Q3, 0, "sources", "rt-nd;rt-nd"), Q3, 2, "sources", "twice"),
    "list ends in a separator": (lambda: set_cell(Q3, 0, "sources", "rt-nd;"), Q3, 2, "sources", "empty item"),
    "negative": (lambda: set_cell(Q3, 0, "killed", "-1"), Q3, 2, "killed", "from 0 to 1000000"),
    "word for a number": (lambda: set_cell(Q3, 0, "killed", "two"), Q3, 2, "killed", "whole number"),
    "half a person": (lambda: set_cell(Q3, 0, "killed", "1.5"), Q3, 2, "killed", "whole number"),
    "huge": (lambda: set_cell(Q3, 0, "killed", "9" * 30), Q3, 2, "killed", "whole number"),
    "other digits": (lambda: set_cell(Q3, 0, "killed", "٣"), Q3, 2, "killed", "whole number"),
    "not a number": (lambda: set_cell(Q3, 0, "latitude", "nan"), Q3, 2, "latitude", "decimal point"),
    "unknown target": (
        lambda: set_cell(Q3, 0, "target_category", "embassy"),
        Q3,
        2,
        "target_category",
        "did you mean 'embassy_diplomatic'",
    ),
    "unknown method": (
        lambda: set_cell(Q3, 0, "attack_method", "rockets"),
        Q3,
        2,
        "attack_method",
        "did you mean 'rocket'",
    ),
    "capitals": (lambda: set_cell(Q3, 0, "confidence", "High"), Q3, 2, "confidence", "did you mean 'high'"),
    "technique as method": (
        lambda: set_cell(Q3, 0, "attack_method", "efp"),
        Q3,
        2,
        "attack_method",
        "write ied_roadside here and efp under techniques",
    ),
    "misspelt technique": (
        lambda: set_cell(Q3, 0, "techniques", "salvos"),
        Q3,
        2,
        "techniques",
        "did you mean 'salvo'",
    ),
    "unknown outcome": (lambda: set_cell(Q3, 0, "outcome", "denied"), Q3, 2, "outcome", "disputed"),
    "one coordinate": (lambda: set_cell(Q3, 0, "longitude", ""), Q3, 2, "longitude", "both or neither"),
    "pole": (lambda: set_cell(Q3, 0, "latitude", "90.5"), Q3, 2, "latitude", "from -90 to 90"),
    "empty file": (lambda: {Q3: ""}, Q3, None, None, "empty"),
    "blank file": (lambda: {Q3: "\n \n"}, Q3, None, None, "empty"),
    "Windows-1252": (
        lambda: {Q3: files()[Q3].replace("Residential", "Residents’").encode("cp1252")},
        Q3,
        2,
        None,
        "Windows-1252",
    ),
    "UTF-16": (lambda: {Q3: files()[Q3].encode("utf-16")}, Q3, None, None, "UTF-16"),
    "semicolons": (lambda: {Q3: files()[Q3].replace(",", ";")}, Q3, 1, None, "semicolons"),
    "tabs": (lambda: {Q3: files()[Q3].replace(",", "\t")}, Q3, 1, None, "tabs"),
    "a cell too many": (
        lambda: sub(Q3, '"Residential area beside Green Zone, Baghdad"', "Green Zone, Baghdad"),
        Q3,
        2,
        None,
        "29 cells, the header has 28",
    ),
    "a cell too few": (lambda: {Q3: files()[Q3] + "IQ-20200801-1,2020-08-01\n"}, Q3, 6, None, "2 cells"),
    "open quote": (lambda: {Q3: files()[Q3] + '"IQ'}, Q3, 6, None, "never closed"),
    "stray quote": (lambda: sub(Q3, '"Residential', '"Resid"ential'), Q3, 2, None, "out of place"),
    "NUL": (lambda: sub(Q3, "Residential", "Resi\0dential"), Q3, 2, None, "NUL"),
    "control character": (lambda: sub(Q3, "Residential", "Resi\x1bdential"), Q3, 2, None, "U+001B"),
    "lower-case name": (
        lambda: {"incidents/2020q4.csv": files()[Q3]},
        "incidents/2020q4.csv",
        None,
        None,
        "2020Q4.csv",
    ),
    "fifth quarter": (lambda: {"incidents/2020Q5.csv": files()[Q3]}, "incidents/2020Q5.csv", None, None, "2020Q3.csv"),
    "some other name": (lambda: {"incidents/rows.csv": files()[Q3]}, "incidents/rows.csv", None, None, "quarter"),
    "copy of a file": (
        lambda: {"incidents/2020Q3 (1).csv": files()[Q3]},
        "incidents/2020Q3.csv",
        None,
        None,
        "one quarter, 2020Q3",
    ),
    "two spellings": (
        lambda: {"incidents/2020q3.csv": files()[Q3]},
        "incidents/2020q3.csv",
        None,
        None,
        "one quarter, 2020Q3",
    ),
    "a quarter in another format": (
        lambda: {"incidents/2020Q4.xlsx": "x"},
        "incidents/2020Q4.xlsx",
        None,
        None,
        "2020Q4.csv",
    ),
    "no quarter file": (
        lambda: {Q2: None, Q3: None, "incidents/x.txt": "x"},
        "incidents",
        None,
        None,
        "no quarter file",
    ),
    "no sources file": (lambda: {"sources.csv": None}, "sources.csv", None, None, "missing"),
    "tally ends early": (
        lambda: set_cell("tallies.csv", 0, "end", "2019-12-01"),
        "tallies.csv",
        2,
        "end",
        "before the start",
    ),
    "tally unknown source": (
        lambda: set_cell("tallies.csv", 0, "source", "nobody"),
        "tallies.csv",
        2,
        "source",
        "source_id",
    ),
    "tally twice": (
        lambda: set_cell("tallies.csv", 1, "tally_id", "knights-logistics_convoy-2020-03-31-a"),
        "tallies.csv",
        3,
        "tally_id",
        "tallies.csv:2",
    ),
    "annotate maybe": (
        lambda: set_cell("context.csv", 0, "annotate", "maybe"),
        "context.csv",
        2,
        "annotate",
        "one of yes, no",
    ),
    "address": (lambda: set_cell("sources.csv", 0, "url", "javascript:x"), "sources.csv", 2, "url", "http"),
    "source id": (
        lambda: {"sources.csv": files()["sources.csv"] + "a]b,X,,press,C,\n"},
        "sources.csv",
        None,
        "source_id",
        "letters and digits",
    ),
    "sources without ids": (lambda: drop_column("sources.csv", "source_id"), "sources.csv", 1, "source_id", "missing"),
    "sources in semicolons": (
        lambda: {"sources.csv": files()["sources.csv"].replace(",", ";")},
        "sources.csv",
        1,
        None,
        "semicolons",
    ),
    "published": (
        lambda: set_cell("sources.csv", 0, "published", "2020-02-30"),
        "sources.csv",
        2,
        "published",
        "calendar",
    ),
    "coverage outside": (
        lambda: set_cell("coverage.csv", 0, "end", "2020-10-02"),
        "coverage.csv",
        2,
        "end",
        "outside 2020Q3",
    ),
    "coverage without a file": (
        lambda: set_cell("coverage.csv", 0, "quarter", "2020Q1"),
        "coverage.csv",
        2,
        "quarter",
        "no file",
    ),
    "row outside the coverage": (
        lambda: set_cell("coverage.csv", 0, "end", "2020-07-10"),
        Q3,
        3,
        "date",
        "coverage.csv",
    ),
    "correction old value": (
        lambda: set_cell("corrections.csv", 0, "old", "7"),
        "corrections.csv",
        2,
        "old",
        "'1'; nothing",
    ),
    "correction new value": (
        lambda: set_cell("corrections.csv", 0, "new", "-3"),
        "corrections.csv",
        2,
        "new",
        "wounded",
    ),
    "correction same value": (lambda: set_cell("corrections.csv", 0, "new", "1"), "corrections.csv", 2, "new", "same"),
    "correction of an id": (
        lambda: set_cell("corrections.csv", 0, "field", "incident_id"),
        "corrections.csv",
        2,
        "field",
        "never changes",
    ),
    "correction of no column": (
        lambda: set_cell("corrections.csv", 0, "field", "wounds"),
        "corrections.csv",
        2,
        "field",
        "did you mean 'wounded'",
    ),
    "correction of no row": (
        lambda: set_cell("corrections.csv", 0, "incident_id", "IQ-20200705-9"),
        "corrections.csv",
        2,
        "incident_id",
        "did you mean",
    ),
    "correction to no quarter": (
        lambda: {"corrections.csv": C + "IQ-20200705-1,date,2020-07-05,2020-10-05,x,2020-11-01,editor\n"},
        Q3,
        2,
        "date",
        "2020Q4",
    ),
    "no report.yml": (lambda: {"report.yml": None}, "report.yml", None, None, "missing"),
    "broken YAML": (lambda: {"report.yml": "a: [b\nc: d\n"}, "report.yml", 2, None, "not valid YAML"),
    "a key twice": (
        lambda: {"report.yml": files()["report.yml"] + "title: again\n"},
        "report.yml",
        None,
        None,
        "'title' twice",
    ),
    "YAML code": (
        lambda: {"report.yml": "a: !!python/object/apply:os.system ['true']\n"},
        "report.yml",
        1,
        None,
        "YAML",
    ),
    "YAML day": (
        lambda: {"report.yml": files()["report.yml"] + "x: 2020-13-45\n"},
        "report.yml",
        None,
        None,
        "cannot be read",
    ),
    "language without words": (
        lambda: {"report.yml": files()["report.yml"] + "language: xx\n"},
        "report.yml",
        None,
        "language",
        "must be one of ar, de, en",
    ),
    "YAML list": (lambda: {"report.yml": "- a\n"}, "report.yml", 1, None, "mapping"),
    "YAML bomb": (
        lambda: {"report.yml": bomb()},
        "report.yml",
        None,
        None,
        "aliases",
    ),
    "YAML loop": (lambda: {"report.yml": "a: &a [*a]\n"}, "report.yml", 1, None, "itself"),
    "no title": (lambda: sub("report.yml", "title:", "titel:"), "report.yml", 1, None, "'title' is missing"),
    "series value": (
        lambda: sub("report.yml", "- mortar", "- mortars"),
        "report.yml",
        None,
        "series[0].where.attack_method",
        "did you mean 'mortar'",
    ),
    "series column": (
        lambda: sub("report.yml", "attack_method:", "attack_methods:"),
        "report.yml",
        None,
        "series[0].where.attack_methods",
        "did you mean 'attack_method'",
    ),
    "article": (
        lambda: sub("report.yml", "article: iraq-businessnews-2020-09-28", "article: iraq-2020"),
        "report.yml",
        None,
        "article",
        "source_id",
    ),
    "outline": (lambda: {"geo/region.geojson": "{}"}, "geo/region.geojson", None, None, "GeoJSON"),
    "outline syntax": (lambda: {"geo/region.geojson": "{"}, "geo/region.geojson", 1, None, "JSON"),
    "outline ring": (
        lambda: sub("geo/region.geojson", "[38, 29]", '[38, "x"]'),
        "geo/region.geojson",
        None,
        None,
        "ring",
    ),
    "own schema syntax": (lambda: {"datapackage.json": "{"}, "datapackage.json", 1, None, "JSON"),
    "own schema shape": (
        lambda: {"datapackage.json": '{"resources": [{"name": 1}]}'},
        "datapackage.json",
        None,
        None,
        "resources",
    ),
    "own schema lacks": (
        lambda: {"datapackage.json": '{"resources": []}'},
        "datapackage.json",
        None,
        None,
        "incidents",
    ),
}


@pytest.mark.parametrize("name", ERRORS)
def test_error(name, tmp_path):
    changes, file, line, column, words = ERRORS[name]
    data, faults = check(make(tmp_path / "c", changes()))
    assert data is None
    found = [f for f in faults if f.severity == "error" and f.file == file and words in f.message]
    assert found, format_faults(faults)
    if line:
        assert line in {f.line for f in found}, format_faults(faults)
    if column:
        assert column in {f.column for f in found}, format_faults(faults)
    # One mistake is told once or twice (a swapped column is unknown and missing), never as an avalanche.
    assert len([f for f in faults if f.severity == "error"]) <= 4, format_faults(faults)


ACCEPTED = {
    "as it is": dict,
    "BOM": lambda: {Q3: b"\xef\xbb\xbf" + files()[Q3].encode()},
    "CRLF": lambda: {n: t.replace("\n", "\r\n") for n, t in files().items() if n.endswith(".csv")},
    "old Mac lines": lambda: {Q3: files()[Q3].replace("\n", "\r")},
    "no last line break": lambda: {Q3: files()[Q3].rstrip("\n")},
    "blank lines": lambda: {Q3: files()[Q3].replace("\n", "\n\n")},
    "spaces around": lambda: set_cell(Q3, 0, "attack_method", " rocket "),
    "columns in another order": lambda: {Q3: reordered(Q3)},
    "without optional columns": lambda: drop_column(Q3, "outcome", "claim_note"),
    "no optional file": lambda: dict.fromkeys(
        [
            "tallies.csv",
            "context.csv",
            "posture.csv",
            "corrections.csv",
            "coverage.csv",
            "geo/governorates.csv",
            "geo/region.geojson",
        ]
    ),
    "line break in a cell": lambda: set_cell(Q3, 0, "summary", "one\ntwo"),
    "hidden and lock files": lambda: {"incidents/.x.csv": "x", "incidents/~$2020Q3.csv": "x"},
}


def reordered(name):
    rows = list(csv.reader(io.StringIO(files()[name])))
    out = io.StringIO(newline="")
    csv.writer(out, lineterminator="\n").writerows(row[::-1] for row in rows)
    return out.getvalue()


@pytest.mark.parametrize("name", ACCEPTED)
def test_accepted(name, tmp_path):
    data, faults = check(make(tmp_path / "c", ACCEPTED[name]()))
    assert data is not None, format_faults(faults)
    assert len(data.incidents) == 7
    assert list(data.incidents.columns[:3]) == ["incident_id", "date", "date_precision"]
    assert set(data.incidents["outcome"]) <= {"carried_out", "disputed"}


def test_absent_tables_are_empty_with_their_columns(tmp_path):
    data = load(make(tmp_path / "c", ACCEPTED["no optional file"]()))
    told = [f.name for f in default_package().tables["tallies"].fields if f.name != "restricted"]
    assert list(data.tallies.columns) == told
    assert str(data.tallies["start"].dtype).startswith("datetime64") and str(data.tallies["count"].dtype) == "Int64"
    assert data.context.empty and data.context["annotate"].dtype == bool
    assert "us_troops" in data.posture and data.corrections.columns[0] == "incident_id"
    assert data.region is None and data.options is None and data.claims is None and data.sophistication is None


def test_physical_lines_count_line_breaks_in_cells(tmp_path):
    changes = set_cell(Q3, 0, "summary", "one\ntwo\nthree")
    changes[Q3] = changes[Q3].replace("2020-07-11,day", "2020-07-32,day")
    _, faults = check(make(tmp_path / "c", changes))
    assert [(f.line, f.value) for f in faults if f.severity == "error"] == [(5, "2020-07-32")]


def test_all_faults_at_once(tmp_path):
    changes = {
        **set_cell(Q3, 0, "killed", "two"),
        **set_cell(Q2, 1, "confidence", "sure"),
        **set_cell("posture.csv", 0, "us_sites", "x"),
    }
    changes["report.yml"] = files()["report.yml"].replace("title:", "titel:", 1)
    _, faults = check(make(tmp_path / "c", changes))
    assert {f.file for f in faults if f.severity == "error"} == {Q2, Q3, "posture.csv", "report.yml"}
    with pytest.raises(DataError) as caught:
        load(tmp_path / "c")
    assert caught.value.faults == faults


@pytest.mark.parametrize("name", ["sources.csv", Q3, "report.yml", "geo/region.geojson"])
def test_links_out_of_the_folder_are_refused(name, tmp_path):
    secret = tmp_path / "secret.csv"
    secret.write_text(files()[name])
    folder = make(tmp_path / "c", {name: None})
    (folder / name).symlink_to(secret)
    data, faults = check(folder)
    assert data is None
    assert any(f.file == name and "link out of" in f.message for f in faults)


def test_loops_and_folders_in_place_of_files(tmp_path):
    folder = make(tmp_path / "c", {"sources.csv": None, "report.yml": None, Q3: None})
    (folder / "sources.csv").symlink_to("sources.csv")
    (folder / "report.yml").mkdir()
    (folder / Q3).mkdir()
    data, faults = check(folder)
    assert data is None
    assert {"sources.csv", "report.yml", Q3} <= {f.file for f in faults if f.severity == "error"}


def test_no_folder(tmp_path):
    data, faults = check(tmp_path / "none")
    assert data is None and "no data folder" in faults[0].message
    (tmp_path / "file").write_text("x")
    assert check(tmp_path / "file")[0] is None


def first():
    return files()[Q3].splitlines()[1] + "\n"


WARNINGS = {
    "week on the last day": (
        lambda: {Q2: set_cell(Q2, 2, "date", "2020-06-30")[Q2].replace("2020-06-30,day", "2020-06-30,week")},
        Q2,
        4,
        "date",
        "next quarter",
    ),
    "US among the dead": (lambda: set_cell(Q3, 0, "us_killed", "3"), Q3, 2, "us_killed", "more than killed"),
    "many dead": (lambda: set_cell(Q3, 0, "killed", "51"), Q3, 2, "killed", "more than 50"),
    "one source and high": (lambda: set_cell(Q3, 0, "sources", "rt-nd"), Q3, 2, "confidence", "two outlets"),
    "outside the outline": (
        lambda: {Q3: files()[Q3].replace("33.299,44.396", "44.396,33.299", 1)},
        Q3,
        2,
        "latitude",
        "swapped",
    ),
    "new technique": (lambda: set_cell(Q3, 0, "techniques", "tunnel"), Q3, 2, "techniques", "new word"),
    "header alone": (lambda: {Q2: files()[Q2].splitlines()[0] + "\n"}, Q2, None, None, "nothing documented"),
    "quiet end": (lambda: {"coverage.csv": None}, Q3, None, None, "coverage.csv"),
    "empty row": (lambda: {Q3: files()[Q3] + "," * 27 + "\n"}, Q3, 6, None, "skipped"),
    "same place": (
        lambda: {Q3: files()[Q3] + first().replace("IQ-20200705-1", "IQ-20200705-2")},
        Q3,
        6,
        "incident_id",
        "IQ-20200705-1",
    ),
    "a day after": (
        lambda: {Q3: files()[Q3] + first().replace("20200705", "20200706").replace("2020-07-05", "2020-07-06", 1)},
        Q3,
        6,
        "incident_id",
        "IQ-20200705-1",
    ),
    "uncited": (
        lambda: {"sources.csv": files()["sources.csv"] + "x-nd,X,,press,C,\n"},
        "sources.csv",
        None,
        "source_id",
        "cited by no row",
    ),
    "no label point": (lambda: set_cell(Q3, 0, "governorate", "Atlantis"), Q3, 2, "governorate", "label point"),
    "not a CSV file": (lambda: {"incidents/2020Q3.xlsx": "x"}, "incidents/2020Q3.xlsx", None, None, "not read"),
    "tracker": (
        lambda: sub("report.yml", "headline_tracker: knights", "headline_tracker: knigths"),
        "report.yml",
        None,
        "headline_tracker",
        "did you mean 'knights'",
    ),
}


@pytest.mark.parametrize("name", WARNINGS)
def test_warning(name, tmp_path):
    changes, file, line, column, words = WARNINGS[name]
    data, faults = check(make(tmp_path / "c", changes()))
    assert data is not None, format_faults(faults)
    found = [f for f in faults if f.file == file and words in f.message]
    assert found and all(f.severity == "warning" for f in found), format_faults(faults)
    assert (line is None or line in {f.line for f in found}) and (column is None or column in {f.column for f in found})
    assert set(faults) == set(data.warnings)


def test_text_lists_errors_first_and_counts():
    from incident_report.data import Fault

    faults = [
        Fault("b.csv", "odd", 3, "x", "1", "warning"),
        Fault("b.csv", "must be one of a, b", 17, "attack_method", "rock\nets"),
        Fault("a.csv", "is empty"),
    ]
    lines = format_faults(faults, folder="data").splitlines()
    assert lines == [
        "Errors",
        "  data/a.csv: is empty",
        "  data/b.csv:17, attack_method, 'rock\\nets': must be one of a, b",
        "Warnings",
        "  data/b.csv:3, x, '1': odd",
        "2 errors, 1 warning",
    ]
    told = json.loads(format_faults(faults, as_json=True))
    assert (told["errors"], told["warnings"]) == (2, 1)
    assert told["faults"][1] == {
        "severity": "error",
        "file": "b.csv",
        "line": 17,
        "column": "attack_method",
        "value": "rock\nets",
        "message": "must be one of a, b",
    }


def test_new_quarter_writes_a_header_and_never_overwrites(tmp_path):
    folder = make(tmp_path / "c")
    path, reminders = new_quarter(folder, Period(2020, 4))
    assert path.read_text() == files()[Q3].splitlines()[0] + "\n"  # without importers' columns
    assert any("tallies.csv" in r for r in reminders) and any("sources.csv" in r for r in reminders)
    data, faults = check(folder)
    assert data is not None and data.quarters[-1] == "2020Q4"
    assert any(f.file == "incidents/2020Q4.csv" and f.severity == "warning" for f in faults)
    path.write_text("mine")
    for quarter in (Period(2020, 4), Period(2020, 3)):
        with pytest.raises(DataError) as caught:
            new_quarter(folder, quarter)
        assert "stays as it is" in caught.value.faults[0].message
    assert path.read_text() == "mine"
    with pytest.raises(DataError):
        new_quarter(tmp_path / "none", Period(2020, 4))
