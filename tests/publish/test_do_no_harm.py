"""What is restricted is in no public output, however it is packed; and it is in the internal one, which says so."""

from __future__ import annotations

import csv
import io
import json
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import NamedTuple

import nbformat
import pikepdf
import planted
import pytest
import small

from incident_report.cli import main
from incident_report.data.package import default_package
from incident_report.data.reviews import Line, Review, as_json
from incident_report.errors import BuildError
from incident_report.present.words import phrasebook
from incident_report.publish import provenance
from incident_report.publish.due import place_of, why_due
from incident_report.publish.editions import write_index
from incident_report.publish.rebuild import rebuild
from incident_report.publish.release import release
from incident_report.publish.report import build
from incident_report.publish.request import Request
from incident_report.publish.verify import verify

pytestmark = pytest.mark.xdist_group("do no harm")  # one build for all of them


TODAY = date(2020, 12, 1)


class Built(NamedTuple):
    """What was released, and the planted values with where each stands."""

    place: Path
    first: Path
    second: Path
    values: dict[str, str]


@pytest.fixture(scope="module")
def built(tmp_path_factory):
    """The planted campaign, signed and released; then corrected, and released again by its front alone."""
    place = tmp_path_factory.mktemp("harm")
    folder, values = planted.campaign(place / "campaign")
    with pytest.MonkeyPatch.context() as patch:
        for module in ("places", "report", "release"):
            patch.setattr(f"incident_report.publish.{module}.REPORTS", place / "public")
        patch.setattr("incident_report.publish.places.FIGURES", place / "public" / "figures")
        request = Request(quarter="2020Q3", data=str(folder), name="data")
        first = release(request, io.StringIO(), TODAY)
        values |= planted.corrected(folder)
        front = chapter(place / "nb", FRONT)
        yield Built(place, first, release(replace(request, notebooks=front), io.StringIO(), TODAY), values)


def test_planted_values_are_in_the_campaign(built):
    there = planted.found_in(built.place / "campaign", built.values)
    assert {line.split(": ")[1].split(" ")[0] for line in there} == set(built.values)


def test_planted_values_are_in_no_file_that_a_release_writes(built):
    assert planted.found_in(built.place / "public", built.values) == []
    for folder, whole in ((built.first, True), (built.second, False)):
        names = {p.relative_to(folder).parts[0] for p in folder.rglob("*") if p.is_file()}
        assert {"report.html", "report.pdf", "report.docx", "data.zip", "citation", "review.csv"} <= names
        assert {"brief.pdf", "explore.html", "embed", "figures"} <= names or not whole
    names = {p.name for p in (built.place / "public").iterdir()}
    assert {"index.html", "feed.json"} <= names
    assert [built.first.name, built.second.name] == ["v1.0", "v1.1"]


def test_what_takes_the_place_of_planted_values_is_there(built):
    """Else the search above would find nothing in a report that says nothing."""
    page, later = ((folder / "report.html").read_text("utf-8") for folder in (built.first, built.second))
    assert "withheld-1" in page and "Place withheld" in page
    assert planted.OPEN_REASON in later
    notes = (built.second / "review.csv").read_text("utf-8")
    assert "withheld-1" in notes and "a person not named here" in notes
    with zipfile.ZipFile(built.second / "data.zip") as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("corrections.csv").decode("utf-8-sig"), newline="")))
    assert [r["field"] for r in rows if r["incident_id"] == planted.OPEN] == ["killed"]


def test_every_column_of_text_and_numbers_has_a_planted_value(built):
    planted_in = set(built.values.values())
    tables = default_package().tables
    free = {
        f"{t.name}.{f.name}"
        for t in tables.values()
        for f in t.fields
        if f.type in ("string", "integer", "number", "list") and not f.categories and not f.reference
    }
    left = free - planted_in
    # Days, codes and quarters, and what refers to something that must be there.
    assert left <= {
        "sources.published", "sources.language", "incidents.techniques", "incidents.possible_double_of", "sites.inside",
        "tallies.tracker", "tallies.series", "coverage.quarter", "search_protocol.quarter", "corrections.old",
        "scores.option", "scores.objective", "scores.low", "scores.high",
    }  # fmt: skip


def test_the_public_folder_is_whole_and_its_data_are_a_campaign(built, tmp_path, capsys):
    for folder in (built.first, built.second):
        assert verify(folder).faults == []
    with zipfile.ZipFile(built.first / "data.zip") as archive:
        archive.extractall(tmp_path / "data")
    assert main(["check-data", "--data", str(tmp_path / "data")]) == 0
    known = provenance.read(built.first)
    ids = [i for i, r in known["records"].items() if any(t["rows"] for t in r["trace"])]
    assert ids
    capsys.readouterr()
    asked = ["explain", ids[0], "--report", str(built.first), "--data", str(tmp_path / "data"), "--replay"]
    assert main(asked) == 0, capsys.readouterr()


def test_the_public_counts_are_those_of_all_rows(built):
    with zipfile.ZipFile(built.first / "data.zip") as archive:
        table = archive.read("edition/incidents.csv").decode("utf-8-sig")
    assert len(table.splitlines()) - 1 == 3 + 4 + 1
    assert "withheld-1" in table


CHAPTER = """from helpers import how_we_know, open_edition, show
ed = open_edition(data_folder, quarter=quarter)
show(how_we_know.listed(ed), "tab-incidents", printed=50)"""


FRONT = {
    "open": "from helpers import open_edition\ned = open_edition(data_folder, quarter=quarter)",
    "strap": "%%prose strap front-strap\nA campaign",
    "headline": "%%prose headline headline\nAttacks go on",
    "said": "%%prose observation what-happened\nThere were {{ record.attacks }} attacks.",
    "foot": "%%prose foot front-foot\nAn institute.",
}


def chapter(folder: Path, cells: dict[str, str]) -> Path:
    """A folder with one chapter of these cells."""
    v4 = nbformat.v4
    names = ("quarter", "baseline", "data_folder", "confidence_floor", "as_of")
    made = [
        v4.new_markdown_cell("# Incidents", id="title"),
        v4.new_code_cell("\n".join(f'{n}: str = ""  # it' for n in names), id="p", metadata={"tags": ["parameters"]}),
        *(v4.new_code_cell(source, id=id) for id, source in cells.items()),
    ]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    folder.mkdir()
    nbformat.write(v4.new_notebook(cells=made, metadata={"kernelspec": kernel}), folder / "00_one.ipynb")
    return folder


def few(folder, **changes: str):
    """A request for one chapter, which lists the incidents of a campaign with one restricted row."""
    rows = planted.rows(small.Q3)
    rows = [{**r, "restricted": ""} for r in rows]
    rows[1] |= {"restricted": "a witness", "place": "Zq-the-place"}
    data = small.make(folder / "campaign", {small.Q3: small.write(rows), **changes})
    chapter(folder / "nb", {"cell": CHAPTER})
    return Request(data=str(data), notebooks=folder / "nb", only=("html", "pdf"), allow_incoherent=True)


def test_an_internal_build_holds_everything_and_says_so_on_every_page(tmp_path):
    request = replace(few(tmp_path), audience="internal", out=tmp_path / "reports" / "x")
    build(request, stream=io.StringIO())
    mark = phrasebook("en").phrase("internal")
    page = (tmp_path / "reports" / "x" / "report.html").read_text("utf-8")
    assert "Zq-the-place" in page and mark in page.partition("<main")[0]
    with pikepdf.open(tmp_path / "reports" / "x" / "report.pdf") as pdf:
        sheets = len(pdf.pages)
    text = [planted.pdf_text((tmp_path / "reports" / "x" / "report.pdf").read_bytes(), n) for n in range(1, sheets + 1)]
    assert all("".join(mark.split())[:8] in "".join(t.split()) for t in text)
    assert "audience-internal" in place_of(replace(request, out=None)).report.name.split("+")
    assert write_index(tmp_path / "reports") == [] and not (tmp_path / "reports" / "feed.json").exists()
    outward = replace(request, audience="public", out=tmp_path / "reports" / "y")
    build(outward, stream=io.StringIO())
    assert why_due(outward) == ""
    write_index(tmp_path / "reports")
    listed = json.loads((tmp_path / "reports" / "feed.json").read_text("utf-8"))["items"]
    assert [Path(i["url"]).parent.name for i in listed] == ["y"]
    assert "Zq-the-place" not in (tmp_path / "reports" / "y" / "report.html").read_text("utf-8")


def test_a_public_report_built_again_from_its_own_data_is_the_same(tmp_path):
    request = replace(few(tmp_path), out=tmp_path / "out", only=("html",))
    build(request, stream=io.StringIO())
    assert rebuild(tmp_path / "out", io.StringIO(), tmp_path / "nb") == []


def test_the_second_lock_stops_what_the_door_let_through(tmp_path, monkeypatch):
    monkeypatch.setattr("incident_report.data.withhold.public_changes", lambda files: {})
    with pytest.raises(BuildError, match="restricted row"):
        build(replace(few(tmp_path), out=tmp_path / "out"), stream=io.StringIO())
    assert not (tmp_path / "out").exists()


def test_the_report_names_the_answers_and_the_sheet_lies_beside_it(tmp_path):
    lines = (
        Line("a", "Claim", "So it is.", comment="=Why?", answer="So."),
        Line("b", "Claim", "Or not.", comment="Hm"),
    )
    review = as_json(Review("2020Q3", lines, back=True)).decode()
    request = replace(few(tmp_path, **{"review/2020Q3.json": review}), out=tmp_path / "out")
    build(request, stream=io.StringIO())
    kept = list(csv.DictReader(io.StringIO((tmp_path / "out" / "review.csv").read_text("utf-8"), newline="")))
    assert [(r["comment"], r["answer"]) for r in kept] == [("'=Why?", "So."), ("Hm", "")]
    told = phrasebook("en").phrase("review_told", Review("2020Q3", lines, back=True))
    assert told in (tmp_path / "out" / "report.html").read_text("utf-8")
    assert verify(tmp_path / "out").faults == []


def test_a_language_from_right_to_left_is_set_from_there_and_marked_until_somebody_signs(tmp_path):
    request = replace(few(tmp_path), out=tmp_path / "out")
    at = {}
    for language in ("", "ar"):
        build(replace(request, language=language), stream=io.StringIO())
        pdf = (tmp_path / "out" / "report.pdf").read_bytes()
        at[language] = planted.place_of_word(pdf, "Incidents")
        page = (tmp_path / "out" / "report.html").read_text("utf-8")
        assert (phrasebook("ar").phrase("unsigned_translation") in page) is (language == "ar")
        assert ('<html lang="ar" dir="rtl">' in page) is (language == "ar")
    assert at[""] < 0.3 < 0.7 < at["ar"]


def test_a_release_tells_its_facts_and_corrections_from_what_the_public_has(tmp_path, monkeypatch):
    request = few(tmp_path)
    line = {"incident_id": "IQ-20200711-1", "field": "place", "old": "Zq-the-place", "new": "Zq-elsewhere",
            "reason": "Zq-told", "date": "2020-10-06", "by": "editor"}  # fmt: skip
    (Path(request.data) / "corrections.csv").write_text(small.write([line]), encoding="utf-8")
    seen = []

    def keep(ed, place):
        seen.append((list(ed.listed["place"].dropna()), len(ed.data.corrections)))
        raise BuildError("seen")

    monkeypatch.setattr("incident_report.publish.release._release", keep)
    with pytest.raises(BuildError, match="seen"):
        release(Request(data=request.data, notebooks=request.notebooks), io.StringIO())
    [(places, corrections)] = seen
    assert corrections == 0 and not any(p.startswith("Zq") for p in places)
