"""Nothing without end: rubbish is refused with a message, within seconds and without filling the memory."""

import json
import sys
import time
from pathlib import Path

import pytest

from incident_report.cli import main
from incident_report.data import Fault, check, format_errors, format_faults, ledger
from incident_report.data import files as reading
from incident_report.data.report import MOST_LINES, MOST_OF_A_KIND
from incident_report.paths import DATA

sys.path.insert(0, str(Path(__file__).parents[1] / "data"))
from small import Q3, files, make

HEADER = files()[Q3].splitlines()[0] + "\n"
SECONDS = 8  # of this process, on a busy machine; each takes two at most when alone


def pattern(text):
    raw = json.loads((DATA / "datapackage.json").read_text("utf-8"))
    fields = {f["name"]: f for f in raw["resources"][0]["schema"]["fields"]}
    fields["summary"]["constraints"] = {"pattern": text}
    return json.dumps(raw)


def laughs():
    pairs = zip("abcdefgh", "bcdefghi", strict=True)
    return "a: &a [x]\n" + "".join(f"{c}: &{c} [{','.join([f'*{p}'] * 9)}]\n" for p, c in pairs)


def outline(points):
    return '{"type":"FeatureCollection","features":[{"type":"Feature","geometry":{"type":"Polygon","coordinates":[[' + (
        ",".join(["[44,33]"] * points) + "]]}}]}"
    )


BOMBS = {
    "a million names": (lambda: {Q3: ",".join(map(str, range(10**6))) + "\n"}, Q3),
    "half a million rows of rubbish": (lambda: {Q3: HEADER + "x\n" * 500_000}, Q3),
    "rows whose every cell is wrong": (lambda: {Q3: HEADER + ("x," * 24 + "x\n") * 100_000}, Q3),
    "a very long line": (lambda: {Q3: HEADER + "x" * 10**7}, Q3),
    "a very long header": (lambda: {Q3: "x" * 10**7}, Q3),
    "blank lines": (lambda: {Q3: HEADER + "\n" * 10**6}, Q3),
    "empty rows": (lambda: {Q3: HEADER + "," * 24 + "\n" + ("," * 24 + "\n") * 60_000}, Q3),
    "open quotes": (lambda: {Q3: HEADER + '"\n' * 10**6}, Q3),
    "a large file": (lambda: {Q3: HEADER + " " * 17 * 2**20}, Q3),
    "a pattern that goes back": (lambda: {"datapackage.json": pattern("(a+)+b"), **text("a" * 90_000)}, Q3),
    "a pattern that goes back in powers": (
        lambda: {"datapackage.json": pattern("(.*a){12}b"), **text("a" * 9_000)},
        Q3,
    ),
    "a pattern with a look ahead": (lambda: {"datapackage.json": pattern("(?=(a+)+b)a")}, "datapackage.json"),
    "a pattern in a hundred brackets": (lambda: {"datapackage.json": pattern("(" * 200)}, "datapackage.json"),
    "a deep schema": (lambda: {"datapackage.json": "[" * 900_000}, "datapackage.json"),
    "a long number in the schema": (lambda: {"datapackage.json": "9" * 900_000}, "datapackage.json"),
    "a limit that no number reaches": (lambda: {"datapackage.json": limit(10**400)}, "datapackage.json"),
    "laughs": (lambda: {"report.yml": laughs()}, "report.yml"),
    "deep YAML": (lambda: {"report.yml": "[" * 900_000}, "report.yml"),
    "deep YAML of dashes": (lambda: {"report.yml": "- " * 400_000}, "report.yml"),
    "many parts": (lambda: {"report.yml": "- a\n" * 200_000}, "report.yml"),
    "sixties": (lambda: {"report.yml": "x: " + "1:" * 400_000 + "1"}, "report.yml"),
    "a long number in YAML": (lambda: {"report.yml": "x: 0x" + "f" * 900_000}, "report.yml"),
    "large YAML": (lambda: {"report.yml": "# " + "x" * 2**21}, "report.yml"),
    "an outline of a million points": (lambda: {"geo/region.geojson": outline(10**6)}, "geo/region.geojson"),
    "a point that is no number": (
        lambda: {"geo/region.geojson": outline(9).replace("44", "Infinity")},
        "geo/region.geojson",
    ),
}


def text(cell):
    return {Q3: files()[Q3].replace("Night of 4-5 July", cell)}


def limit(number):
    raw = json.loads((DATA / "datapackage.json").read_text("utf-8"))
    next(f for f in raw["resources"][0]["schema"]["fields"] if f["name"] == "killed")["constraints"]["minimum"] = number
    return json.dumps(raw)


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_seconds(tmp_path, name):
    changes, file = BOMBS[name]
    folder = make(tmp_path / "c", changes())
    start = time.process_time()
    data, faults = check(folder)
    told = format_faults(faults)
    assert time.process_time() - start < SECONDS
    assert data is None and any(f.file == file and f.severity == "error" for f in faults)
    assert len(told.splitlines()) < MOST_LINES + 10 and len(told) < 400_000


def test_thousands_of_wrong_references_and_corrections_end(tmp_path):
    rows = files()[Q3].splitlines()
    many = [rows[3].replace("IQ-", f"X{i}-", 1).replace(rows[3].rsplit(",", 1)[1], f"nobody-{i}") for i in range(8000)]
    lines = "".join(f"Y-{i},killed,1,2,x,2020-10-01,me\n" for i in range(8000))
    sources = files()["sources.csv"] + "".join(f"s{i}-nd,X,,press,C,\n" for i in range(15_000))
    changes = {
        Q3: "\n".join([*rows, *many]),
        "sources.csv": sources,
        "corrections.csv": files()["corrections.csv"] + lines,
    }
    start = time.process_time()
    _, faults = check(make(tmp_path / "c", changes))
    assert time.process_time() - start < SECONDS
    assert sum(f.column == "sources" for f in faults) == 8000
    assert sum(f.file == "corrections.csv" and f.severity == "error" for f in faults) >= 8000


def test_a_day_of_thousands_of_rows_is_not_compared_pair_by_pair(tmp_path):
    row = files()[Q3].splitlines()[1]
    rows = HEADER + "".join(row.replace("IQ-", f"X{i}-", 1) + "\n" for i in range(5000))
    start = time.process_time()
    data, faults = check(make(tmp_path / "c", {Q3: rows, "corrections.csv": None}))
    assert time.process_time() - start < SECONDS
    assert data is not None and any("5,000 rows" in f.message for f in faults) and len(faults) < 50


def test_the_whole_folder_has_a_bound_too(tmp_path, monkeypatch):
    folder = make(tmp_path / "c")
    size = sum(p.stat().st_size for p in folder.rglob("*") if p.is_file())
    monkeypatch.setattr(reading, "MOST_TOGETHER", size)
    assert check(folder)[0] is not None
    monkeypatch.setattr(reading, "MOST_TOGETHER", size - 1)
    assert check(folder)[0] is None


# ---- print ------------------------------------------------------------------------------------------------


def faults_of(count, **changes):
    return [
        Fault(**{"file": "a.csv", "message": f"must be one of {i}", "line": i, "column": "c", **changes})
        for i in range(count)
    ]


@pytest.mark.parametrize("count", [0, 1, MOST_OF_A_KIND - 1, MOST_OF_A_KIND, MOST_OF_A_KIND + 1, 20_000])
def test_the_first_of_a_kind_are_told_and_the_rest_counted(count):
    lines = format_errors(faults_of(count))
    assert len(lines) == min(count, MOST_OF_A_KIND) + (count > MOST_OF_A_KIND)
    if count > MOST_OF_A_KIND:
        assert f"{count - MOST_OF_A_KIND:,} more" in lines[-1] and lines[-1].startswith("a.csv, c")
    told = json.loads(format_faults(faults_of(count), as_json=True))
    assert told["errors"] == len(told["faults"]) == count


def test_kinds_are_told_apart():
    many = [
        *faults_of(60),
        *faults_of(60, column="d"),
        *faults_of(60, file="b.csv"),
        *faults_of(60, message="is empty"),
        *faults_of(60, severity="warning"),
    ]
    assert len(format_errors(many)) == 4 * (MOST_OF_A_KIND + 1)
    assert format_faults(many).splitlines()[-1] == "240 errors, 60 warnings"


def test_suggestions_and_values_do_not_make_a_kind():
    words = [f"'x{i}' is not a source_id of sources; add it there; did you mean 'y{i}'?" for i in range(40)]
    words += [f"'x{i}' is not a source_id of sources; add it there" for i in range(40)]
    assert len(format_errors([Fault("a.csv", w, 1, "sources", "v") for w in words])) == MOST_OF_A_KIND + 1


def test_thousands_of_kinds_end_too():
    lines = format_errors([Fault("a.csv", "odd", 1, f"column{i}") for i in range(5000)])
    assert len(lines) == MOST_LINES + 1 and "4,000 more" in lines[-1]


def test_the_same_cap_holds_on_the_way_to_a_build(tmp_path, capsys):
    folder = make(tmp_path / "c", {Q3: HEADER + "x\n" * 20_000})
    assert main(["build", "--data", str(folder), "--quarter", "2020Q3", "--out", str(tmp_path / "o")]) == 1
    error = capsys.readouterr().err
    assert 50 < error.count("\n") < 120 and "more of this kind" in error


def test_a_full_ledger_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr(ledger, "MOST_FAULTS", 1000)
    data, faults = check(make(tmp_path / "c", {Q3: HEADER + ("x," * HEADER.count(",") + "x\n") * 500}))
    assert data is None and len(faults) == 1001
    assert any("at least 1 fault more" in f.message and f.severity == "error" for f in faults)


def warnings_of(count: int) -> list[Fault]:
    return [Fault("a.csv", f"is a day after row {i}; is it one?", i + 2, "c", f"v{i}", "warning") for i in range(count)]


@pytest.mark.parametrize("count", [1, 10, 11, 20_000])
def test_many_warnings_of_a_kind_are_one_line_with_their_number_and_examples(count: int) -> None:
    lines = format_faults(warnings_of(count)).splitlines()
    assert len(lines) == (count if count <= 10 else 1) + 2
    if count > 10:
        assert f"{count:,} of this kind; also lines 3, 4, 5, 6, 7" in lines[1]
        assert lines[1].startswith("  a.csv:2, c, 'v0': is a day after")


def test_a_wrong_value_that_stands_in_many_places_is_told_once_with_them() -> None:
    mentions = [Fault("a.csv", "is not a source", n, "sources", "wire") for n in (2, 5, 9, 11, 12)]
    elsewhere = [Fault("b.csv", "is not a source", 3, "sources", "wire"), Fault("b.csv", "odd", 3, "sources", "press")]
    lines = format_errors([*mentions, *elsewhere])
    assert lines == [
        "a.csv:2, sources, 'wire': is not a source (also in line 5, line 9, line 11 and 2 more)",
        "b.csv:3, sources, 'press': odd",
    ]


def test_warnings_are_told_beside_errors() -> None:
    lines = format_faults([*warnings_of(2), Fault("a.csv", "wrong", 2, "c", "v")]).splitlines()
    assert [line for line in lines if not line.startswith(" ")] == ["Errors", "Warnings", "1 error, 2 warnings"]
