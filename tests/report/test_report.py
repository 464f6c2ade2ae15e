"""The founding edition, built for real: what must stand in it, and in both formats alike."""

from __future__ import annotations

import csv
import hashlib
import html
import io
import json
import os
import pkgutil
import re
import shutil
import subprocess
import sys
import unicodedata
import zipfile
from pathlib import Path

import pikepdf
import pytest

from incident_report.cli import main
from incident_report.data import check, load
from incident_report.paths import ROOT
from incident_report.publish.seal import public_copy
from incident_report.publish.verify import verify

COUNTED_BY = ["incident_id", "date", "target_category", "attack_method", "killed", "us_killed", "confidence", "counted"]

pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler) is not installed")


@pytest.fixture(scope="module")
def provenance(built):
    return json.loads((built.folder / "provenance.json").read_text("utf-8"))


@pytest.fixture(scope="module")
def page(built):
    """Text of the web page."""
    text = (built.folder / "report.html").read_text("utf-8")
    text = re.sub(r"<(style|script)\b.*?</\1>", " ", text, flags=re.DOTALL)
    return squeeze(html.unescape(re.sub(r"<[^>]+>", " ", text)))


@pytest.fixture(scope="module")
def printed(built):
    """Text of the PDF, without the strips where running header and page number stand."""
    command = ["pdftotext", "-enc", "UTF-8", "-x", "0", "-y", "56", "-W", "2000", "-H", "739"]
    done = subprocess.run([*command, str(built.folder / "report.pdf"), "-"], capture_output=True, check=True)
    return squeeze(done.stdout.decode())


def squeeze(text):
    """Letters, digits and signs only: neither blanks nor the hyphens and ligatures of typesetting."""
    text = unicodedata.normalize("NFKC", text).translate(str.maketrans("‘’“”", "''\"\""))
    return re.sub(r"[\s\u00ad\u200b\u2060\u2010-\u2015\u2212-]+", "", text).lower()


def test_all_files_are_there(built):
    names = {p.name for p in built.folder.iterdir()}
    assert {"report.html", "report.pdf", "data.zip", "provenance.json", "figures"} <= names


def test_every_chapter_ran(built, provenance):
    chapters = {p.stem for p in (ROOT / "notebooks").glob("[0-9][0-9]_*.ipynb")}
    assert {r["notebook"] for r in provenance["records"].values()} == chapters


def test_no_cell_failed(built, page):
    assert "traceback(mostrecentcalllast)" not in page
    assert 'class="output error"' not in (built.folder / "report.html").read_text("utf-8")


@pytest.mark.parametrize("figures", [(14, 27, 25), (19, 11, 27)])
def test_the_articles_figures_stand_in_the_data_and_in_the_report(figures, built, page):
    wanted = [str(n) for n in figures]
    found = []
    with zipfile.ZipFile(built.folder / "data.zip") as archive:
        for name in archive.namelist():
            if name.startswith(("edition/figures/", "edition/tables/")):
                rows = csv.reader(io.StringIO(archive.read(name).decode("utf-8-sig")))
                columns = [list(c) for c in zip(*rows, strict=False)]
                found += [name for column in columns if contains(column, wanted)]
    assert found, f"no figure or table holds {figures} in this order"
    assert ",".join(wanted[:-1]) + "and" + wanted[-1] in page or all(n in page for n in wanted)


def contains(column, wanted):
    numbers = [c for c in column if c in set(wanted)]
    return any(numbers[i : i + len(wanted)] == wanted for i in range(len(numbers)))


@pdftotext
def test_the_articles_figures_stand_in_the_pdf(printed):
    for number in ("14", "27", "25", "19", "11"):
        assert number in printed


def test_every_computed_paragraph_stands_on_the_page(provenance, page):
    assert not missing(provenance, page)


@pdftotext
def test_page_and_pdf_say_the_same(provenance, printed):
    # Records numbered with a W stand on the web page alone.
    # The two front pages are laid out as pages of their own: tests/publish/test_front.py reads them.
    told = provenance["records"].items()
    on_paper = {k: v for k, v in told if " W" not in v["label"] and v["notebook"] != "00_key_findings"}
    assert not missing({"records": on_paper}, printed)


def missing(provenance, text):
    """Pieces of sentences that are not in `text`; those with citations or references are shown otherwise."""
    out = []
    for id, record in provenance["records"].items():
        if record["kind"] == "list":  # its title is for those who do not see it
            continue
        words = record["text"] if record["kind"] == "prose" else record["title"]
        for sentence in re.split(r"(?<=[.!?])\s+|\n+", words):
            if re.search(r"[@\[\]$^~:|]", sentence):
                continue
            whole = squeeze(re.sub(r"^([-*]|#+|\d+\.)\s+", "", sentence))
            if not holds(text, whole):
                out.append((id, sentence))
    return out


def holds(text, whole):
    """Whether `text` has all of it, in one piece or cut once by a page or a footnote."""
    low, high = 0, len(whole)
    while low < high:  # the longest beginning that is there
        middle = (low + high + 1) // 2
        low, high = (middle, high) if whole[:middle] in text else (low, middle - 1)
    return whole[low:] in text


def test_figures_and_manifest_agree(built):
    folder = built.folder / "figures"
    manifest = json.loads((folder / "manifest.json").read_text("utf-8"))
    names = {"manifest.json"}
    assert len(manifest["figures"]) >= 8
    for figure in manifest["figures"]:
        assert figure["alt"] and figure["title"]
        for file in figure["files"]:
            content = (folder / file["path"]).read_bytes()
            assert hashlib.sha256(content).hexdigest() == file["sha256"]
            names.add(file["path"])
    assert names == {p.name for p in folder.iterdir()}


def test_data_zip_is_a_data_package_that_lists_every_file(built, tmp_path):
    from frictionless import Package

    with zipfile.ZipFile(built.folder / "data.zip") as archive:
        archive.extractall(tmp_path)
        names = set(archive.namelist())
        assert {i.date_time for i in archive.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    package = json.loads((tmp_path / "datapackage.json").read_text("utf-8"))
    listed = [part for r in package["resources"] for part in r.get("parts", [r])]
    assert sorted(part["path"] for part in listed) == sorted(names - {"datapackage.json"})
    for part in listed:
        content = (tmp_path / part["path"]).read_bytes()
        assert (part["bytes"], part["hash"]) == (len(content), f"sha256:{hashlib.sha256(content).hexdigest()}")
    report = Package(package, basepath=str(tmp_path)).validate()
    assert report.valid, report.flatten(["title", "rowNumber", "fieldName", "message"])[:5]


def test_data_zip_is_a_campaign_folder_with_the_same_data(built, tmp_path):
    with zipfile.ZipFile(built.folder / "data.zip") as archive:
        archive.extractall(tmp_path)
    data, faults = check(tmp_path)
    assert data is not None and [f for f in faults if f.severity == "error"] == []
    with public_copy(ROOT / "data") as public:
        assert data.incidents.equals(load(public).incidents)
    whole = load(ROOT / "data").incidents  # what the public may not see is text and points, never what is counted
    assert data.incidents[COUNTED_BY].equals(whole[COUNTED_BY])


def test_the_report_is_what_was_built(built):
    assert verify(built.folder).faults == []


def test_counted_incidents_in_the_zip(built):
    with zipfile.ZipFile(built.folder / "data.zip") as archive:
        rows = list(csv.DictReader(io.StringIO(archive.read("edition/incidents.csv").decode("utf-8-sig"))))
    quarter = [r for r in rows if r["quarter"] == "2020Q3"]
    counted = [r for r in quarter if r["counted"] == "true"]
    assert sum(r["target_category"] == "logistics_convoy" for r in counted) == 29
    assert sum(r["attack_method"] in ("rocket", "mortar", "drone") for r in counted) == 26
    assert {r["counted"] for r in rows} == {"true", "false"}


def test_every_trace_names_a_function_and_rows_that_exist(provenance):
    known = set(provenance["rows"])
    for id, record in provenance["records"].items():
        for trace in record["trace"]:
            assert pkgutil.resolve_name(trace["function"]) is not None, id
            for row in trace["rows"]:
                if re.fullmatch(r"[A-Z]{2}-\d{8}-\d+", row):
                    assert row in known, f"{id}: {row}"


def test_every_paragraph_with_a_number_has_a_trace(provenance):
    bare = [
        id
        for id, record in provenance["records"].items()
        if re.search(r"\d", record["text"] + record["title"]) and not record["trace"]
    ]
    assert set(bare) <= {"txt-abbreviations"}  # numbers of the glossary define terms


def test_explain_prints_rows_function_and_parameters(built, provenance, capsys):
    for id, record in provenance["records"].items():
        assert main(["explain", id, "--all", "--report", str(built.folder)]) == 0
        said = capsys.readouterr().out
        for trace in record["trace"]:
            assert trace["function"] in said
            assert all(row in said for row in trace["rows"])
    label = next(r["label"] for r in provenance["records"].values() if r["label"])
    assert main(["explain", label.lower(), "--report", str(built.folder)]) == 0
    assert main(["explain", "--list", "--report", str(built.folder)]) == 0
    assert main(["explain", "no such words anywhere", "--report", str(built.folder)]) == 2


def test_provenance_says_what_it_was_built_from(provenance):
    assert provenance["parameters"]["quarter"] == "2020Q3"
    for name in ("coverage.csv", "tallies.csv"):  # of which nothing is withheld
        assert provenance["data"][name] == hashlib.sha256((ROOT / "data" / name).read_bytes()).hexdigest()
    assert {"pandas", "typst", "papermill", "python"} <= set(provenance["versions"])
    assert len(provenance["notebooks"]) >= 6


@pytest.mark.chaos
def test_same_inputs_same_bytes_in_another_folder(built, tmp_path):
    """A copy of the project, in another place, under another time zone and later.

    The quick form are two short chapters on two machines (publish/test_machines.py), figures like the committed
    ones (there), and every recorded call made again (test_explain.py).
    """
    copy = tmp_path / "elsewhere"
    for name in ("src", "data", "notebooks", "templates"):
        shutil.copytree(ROOT / name, copy / name, ignore=shutil.ignore_patterns("__pycache__", "*.egg-info"))
    for name in ("pyproject.toml", "requirements.lock"):
        shutil.copyfile(ROOT / name, copy / name)
    env = {**os.environ, "PYTHONPATH": str(copy / "src"), "TZ": "Asia/Baghdad", "PYTHONHASHSEED": "7", "LANG": "C"}
    out = tmp_path / "out"
    command = [sys.executable, "-m", "incident_report", "build", "--quarter=2020Q3", f"--out={out}"]
    done = subprocess.run(command, cwd=copy, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    files = [p.relative_to(out) for p in sorted(out.rglob("*")) if p.is_file() and p.name != "provenance.json"]
    assert len(files) > 20
    different = [str(f) for f in files if (out / f).read_bytes() != (built.folder / f).read_bytes()]
    assert not different
    here, there = (json.loads(Path(p, "provenance.json").read_text("utf-8")) for p in (built.folder, out))
    for key in ("git", "code", "inputs_sha256"):
        here.pop(key), there.pop(key)
    assert here == there


def test_the_founding_edition_has_a_body_of_at_most_16_pages(built):
    """The annex begins where the outline says; what stands before it is the body, cover and contents included."""
    with pikepdf.open(built.folder / "report.pdf") as document, document.open_outline() as outline:
        pages = {page.objgen: number for number, page in enumerate(document.pages, 1)}
        tops = {str(item.title): item.destination for item in outline.root}
        annex = next(where for title, where in tops.items() if title.endswith("Annex"))
        assert 8 <= pages[annex[0].objgen] - 1 <= 16
