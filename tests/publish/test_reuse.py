"""A chapter is used again only where it would come out the same; a report made so is the one of a fresh build."""

from __future__ import annotations

import io
import json
import subprocess
import sys
from dataclasses import replace
from datetime import date
from pathlib import Path

import nbformat
import numpy as np
import pandas as pd
import pytest
from small import make

from incident_report import reads
from incident_report.analysis.open import open_edition
from incident_report.data.model import House
from incident_report.paths import CODE, TEMPLATES
from incident_report.publish import embed, provenance
from incident_report.publish.collect import Found
from incident_report.publish.due import due, why_due
from incident_report.publish.embed import write_embeds
from incident_report.publish.inputs import Sources
from incident_report.publish.page import page
from incident_report.publish.report import build
from incident_report.publish.request import Request
from incident_report.publish.reuse import Chapters, Kept, document_key, fingerprint, pandoc_kept
from incident_report.store import AFRESH, SETTING, Store

NAMES = ("quarter", "baseline", "data_folder", "confidence_floor", "as_of")
PARAMETERS = "\n".join(f'{name}: str = ""  # help' for name in NAMES)
OPEN = "from helpers import open_edition, show_prose\ned = open_edition(data_folder, quarter=quarter)\n"
ROWS = OPEN + 'show_prose("txt-rows", f"Sites: {sorted(ed.counted.place)}.")'
TITLE = OPEN + 'show_prose("txt-title", f"Campaign: {ed.campaign.title}.")'


def chapter(folder, name, source):
    v4 = nbformat.v4
    parameters = v4.new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]})
    cells = [v4.new_markdown_cell(f"# {name[3:]}", id="title"), parameters, v4.new_code_cell(source, id="cell")]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    folder.mkdir(exist_ok=True)
    nbformat.write(v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / f"{name}.ipynb")


@pytest.fixture
def report(tmp_path, monkeypatch):
    """Build a report of two chapters; gives the names of those that ran."""
    monkeypatch.setenv(SETTING, str(tmp_path / "store"))
    monkeypatch.delenv(AFRESH, raising=False)
    chapter(tmp_path / "nb", "00_rows", ROWS)
    chapter(tmp_path / "nb", "01_title", TITLE)
    data = make(tmp_path / "data")
    request = Request(data=str(data), notebooks=tmp_path / "nb", only=("html", "pdf"), out=tmp_path / "out")

    def built(**changed):
        told = io.StringIO()
        folder = build(replace(request, **changed), stream=told)
        ran = {line.split()[1] for line in told.getvalue().splitlines() if line.startswith("  ran ")}
        known = provenance.read(folder)
        return ran, known["outputs"], known["records"]

    built.data, built.request = data, request
    return built


def test_what_reads_a_changed_row_runs_again_and_the_report_is_the_fresh_one(report, tmp_path):
    ran, first, _ = report()
    assert ran == {"00_rows.ipynb", "01_title.ipynb"}
    assert report()[:2] == (set(), first)
    table = next((report.data / "incidents").glob("*.csv"))
    place = pd.read_csv(table, dtype=str)["place"][0]
    table.write_text(table.read_text("utf-8").replace(place, "Elsewhere"), "utf-8")
    ran, other, records = report()
    assert ran == {"00_rows.ipynb"}
    assert "Elsewhere" in records["txt-rows"]["text"]
    fresh = report(fresh=True, out=tmp_path / "fresh")
    assert fresh == ({"00_rows.ipynb", "01_title.ipynb"}, other, records)
    table.write_text(table.read_text("utf-8").replace("Elsewhere", place), "utf-8")
    assert report()[:2] == (set(), first)  # what was there before is still known


def test_whoever_asks_first_after_a_build_finds_its_inputs_read(report, monkeypatch):
    report(only=("html",))
    request = replace(report.request, only=("html",))
    with (report.data / "report.yml").open("a") as stream:
        stream.write("# a remark\n")
    assert why_due(request) == "data/report.yml changed"
    report(only=("html",))
    monkeypatch.setattr(Sources, "changes", lambda _: pytest.fail("read again"))
    assert why_due(request) == ""


def test_a_change_that_no_chapter_reads_begins_no_process_to_run_them(report):
    report(only=("html",))
    request = replace(report.request, only=("html",))
    asked = due(request)
    assert (asked.reason, asked.chapters) == ("", False)
    known = provenance.read(request.out)
    for name, chapters in (
        ("templates/report.css", False),
        ("src/incident_report/publish/page.py", False),
        ("src/incident_report/analysis/open.py", True),
        ("src/incident_report/publish/packer.py", True),
    ):
        assert name in known["code"]
        (request.out / provenance.NAME).write_text(
            json.dumps(known | {"inputs_sha256": "x", "code": known["code"] | {name: "x"}})
        )
        asked = due(request)
        assert (asked.reason, asked.chapters) == (f"{name} changed", chapters)


def test_whether_nothing_but_words_has_changed_is_told_apart(report):
    report(only=("html",))
    request = replace(report.request, only=("html",))
    known = provenance.read(request.out)
    table = next(name for name in known["data"] if name.endswith(".csv"))
    for kind, names, words in (
        ("data", ["report.yml"], True), ("data", [table], False), ("data", ["report.yml", table], False),
        ("notebooks", ["00_rows.ipynb"], False),
    ):  # fmt: skip
        told = known | {"inputs_sha256": "x", kind: known[kind] | dict.fromkeys(names, "x")}
        (request.out / provenance.NAME).write_text(json.dumps(told))
        assert (due(request).chapters, due(request).words) == (True, words), names


def test_the_page_of_a_chart_is_made_again_where_it_shows_something_else(tmp_path):
    figure = {"svg": '<svg xmlns="http://www.w3.org/2000/svg"><path d="M0 0"/></svg>', "alt": "A", "title": "T"}
    meta, inputs, made = {"title": "Report"}, report_inputs(), []

    def pages(figure, meta, inputs):
        write_embeds(
            [Found("00", "cell", "figure", {"id": "fig-a", **figure})],
            tmp_path / "embed",
            meta,
            Kept(Store(tmp_path), inputs),
        )
        return (tmp_path / "embed" / "fig-a.html").read_text()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(embed, "page", lambda *given, **more: made.append(1) or page(*given, **more))
        first = pages(figure, meta, inputs)
        assert pages(figure, {**meta, "content": "other data"}, inputs) == first and len(made) == 1
        others = (
            (figure | {"svg": figure["svg"].replace("M0", "M1")}, meta, inputs), (figure | {"alt": "B"}, meta, inputs),
            (figure, {**meta, "house": House(colours={"accent": "#123456"})}, inputs),
            (figure, {**meta, "mark": "internal"}, inputs),
            (figure, meta, report_inputs(**{"templates/chart.html": "2"})),
        )  # fmt: skip
        changed = [pages(*one) for one in others]
        assert len(made) == 1 + len(others)
    assert [one == first for one in changed] == [False] * 4 + [True]


def test_what_pandoc_made_of_a_text_is_kept_unless_its_arguments_name_a_file(tmp_path):
    kept, runs = pandoc_kept(Store(tmp_path), report_inputs()), []

    def asked(arguments, text):
        return kept(arguments, text, lambda: runs.append(text) or text.upper().encode())

    assert [asked(["-t", "html5"], "a"), asked(["-t", "html5"], "a"), asked(["-t", "typst"], "a")] == [b"A"] * 3
    assert runs == ["a", "a"]
    changed = report_inputs(**{"src/nbtypst/sections.lua": "2"})
    pandoc_kept(Store(tmp_path), changed)(["-t", "html5"], "a", lambda: runs.append("code") or b"")
    for _ in range(2):
        asked(["--reference-doc", "/a/b.docx"], "file")
    assert runs[2:] == ["code", "file", "file"]


def report_inputs(**code):
    return {"code": {"src/nbtypst/sections.lua": "1"} | code, "lock": "", "versions": {}}


def test_what_runs_notebooks_is_not_imported_where_none_has_to_run(report):
    report(only=("html",))
    request = replace(report.request, only=("html",), allow_incoherent=True)  # to be built again: the page is gone
    (request.out / "report.html").unlink()
    code = f"""
import sys
from pathlib import *
from incident_report.publish.report import build
from incident_report.publish.request import Request
build({request!r})
assert not {{"papermill", "nbclient", "jupyter_client", "nbconvert", "asyncio"}} & set(sys.modules)
"""
    done = subprocess.run([sys.executable, "-c", code], check=True, capture_output=True, text=True)
    assert "as before: 00_rows.ipynb, 01_title.ipynb" in done.stderr


SECTIONS = {
    "places": 'show_prose("txt-places", f"Sites: {sorted(ed.counted[\'place\'])}.")',
    "methods": 'show_prose("txt-methods", f"Methods: {sorted(ed.counted[\'attack_method\'])}.")',
}


def sectioned(folder, name):
    """A chapter of one section for each of `SECTIONS`, and one that reads no row."""
    chapter(
        folder, name, "from helpers import open_edition, show_prose\ned = open_edition(data_folder, quarter=quarter)"
    )
    path, v4 = folder / f"{name}.ipynb", nbformat.v4
    node = nbformat.read(path, as_version=4)
    for id, source in SECTIONS.items():
        node.cells += [v4.new_markdown_cell(f"## {id}", id=f"{id}-md"), v4.new_code_cell(source, id=id)]
    title = 'show_prose("txt-title", f"Campaign: {ed.campaign.title}.")'
    node.cells += [v4.new_markdown_cell("## title", id="title-md"), v4.new_code_cell(title, id="said")]
    nbformat.write(node, path)


def test_a_section_runs_again_where_a_cell_that_it_reads_has_changed_and_no_other(report, tmp_path):
    sectioned(tmp_path / "nb", "00_rows")
    (tmp_path / "nb" / "01_title.ipynb").unlink()
    told = io.StringIO()

    def again(**changed):
        told.truncate(0)
        told.seek(0)
        folder = build(replace(report.request, **changed), stream=told)
        known = provenance.read(folder)
        return told.getvalue(), known["outputs"], known["records"]

    again()
    table = next((report.data / "incidents").glob("*.csv"))
    place = pd.read_csv(table, dtype=str)["place"][0]
    table.write_text(table.read_text("utf-8").replace(place, "Elsewhere"), "utf-8")
    said, other, records = again()
    assert "ran 00_rows.ipynb (1 of 3 sections)" in said
    assert "Elsewhere" in records["txt-places"]["text"]
    assert again(fresh=True, out=tmp_path / "fresh")[1:] == (other, records)
    path = report.data / "report.yml"
    path.write_text(path.read_text("utf-8").replace("title: ", "title: New "), "utf-8")
    said, other, records = again()
    assert "ran 00_rows.ipynb" in said and "New " in records["txt-title"]["text"]
    assert again(fresh=True, out=tmp_path / "fresh")[1:] == (other, records)


def test_a_kernel_that_reads_what_no_build_hashes_leaves_nothing_to_use(report, tmp_path):
    other = tmp_path / "other.txt"
    other.write_text("one")
    chapter(tmp_path / "nb", "01_title", f"{OPEN}show_prose('txt-title', open({str(other)!r}).read())")
    assert report(only=("html",))[0] == {"00_rows.ipynb", "01_title.ipynb"}
    other.write_text("two")
    ran, _, records = report(only=("html",))
    assert ran == {"01_title.ipynb"}
    assert records["txt-title"]["text"] == "two"


def test_a_campaign_file_that_is_opened_past_the_dataset_counts_as_all_of_it(report, tmp_path):
    past = "import json, os\nfrom pathlib import Path\nfolder = Path(os.environ['INCIDENT_REPORT_SEAL'], 'data')\n"
    source = f"{past}{OPEN}show_prose('txt-title', str((folder / 'report.yml').stat().st_size) + str(len(ed.series)) +"
    chapter(tmp_path / "nb", "01_title", source + " str(len((folder / 'report.yml').read_text())))")
    report(only=("html",))
    assert report(only=("html",))[0] == set()
    with (report.data / "report.yml").open("a") as stream:
        stream.write("# a remark\n")
    assert "01_title.ipynb" in report(only=("html",))[0]


INPUTS = {
    "code": {
        "src/incident_report/analysis/counts.py": "1", "src/incident_report/commands/diff.py": "1",
        "src/incident_report/publish/html.py": "1", "src/incident_report/publish/packer.py": "1",
        "templates/report.css": "1", "templates/report.typ": "1", "templates/words/en/phrases.md": "1",
    },
    "previous": {}, "notebooks": {"00_one.ipynb": "1"}, "lock": "1", "versions": {"python": "3"},
    "data": {"a.csv": "1"}, "parameters": {},
}  # fmt: skip
ENV = {"PATH": "/bin", "TMPDIR": "/tmp/1"}


def chapter_key(inputs, env=ENV, parameters=None):
    return Chapters(Store(None), inputs, parameters or {}, env)._key(Path("00_one.ipynb"))


def changed(kind, name):
    return {**INPUTS, kind: {**INPUTS[kind], name: "2"}}


@pytest.mark.parametrize(
    ("name", "chapters", "document"),
    [
        ("src/incident_report/analysis/counts.py", True, True),
        ("src/incident_report/publish/packer.py", True, True),
        ("templates/words/en/phrases.md", True, True),
        ("src/incident_report/publish/html.py", False, True),
        ("templates/report.typ", False, True),
        ("templates/report.css", False, False),
        ("src/incident_report/commands/diff.py", False, False),
    ],
)
def test_each_file_of_code_and_templates_counts_where_it_is_read(name, chapters, document):
    other = changed("code", name)
    assert (chapter_key(other) != chapter_key(INPUTS)) is chapters
    assert (document_key(other, {}) != document_key(INPUTS, {})) is document


def test_lock_library_notebook_parameter_and_environment_count_and_the_place_of_the_run_does_not():
    keys = [
        chapter_key(INPUTS), chapter_key({**INPUTS, "lock": "2"}), chapter_key(changed("versions", "numpy")),
        chapter_key(changed("notebooks", "00_one.ipynb")), chapter_key(changed("previous", "data.zip")),
        chapter_key(INPUTS, {**ENV, "PATH": "/usr/bin"}), chapter_key(INPUTS, parameters={"quarter": "2020Q2"}),
    ]  # fmt: skip
    assert len(set(keys)) == len(keys)
    assert chapter_key(INPUTS, {**ENV, "TMPDIR": "/tmp/2"}) == keys[0]


def test_the_lists_of_what_kernels_and_page_do_without_name_what_there_is():
    every = [*reads.NOT_OF_KERNELS, *reads.OF_KERNELS]
    assert [n for n in every if not list(Path(n).parent.glob(f"{Path(n).name}*"))] == []
    assert reads.not_of_kernels(str(TEMPLATES / "report.css"))
    assert not reads.not_of_kernels(str(CODE / "incident_report" / "publish" / "packer.py"))


def test_only_what_is_taken_out_of_a_dataset_is_noted(tmp_path):
    edition = open_edition(str(make(tmp_path / "data")))
    reads.names.clear()
    edition.data.but(quarters=())
    assert reads.names == set()
    assert edition.data.story("2020Q3", "headline") is None
    assert len(edition.data.tallies) >= 0
    edition.data.view("claims/tests")
    assert reads.names == {"stories/2020Q3/headline", "tallies/", "claims/tests"}


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (1, 1.0), (1, True), ("1", 1), (None, pd.NA), (("a", "b"), ("ab",)), ({"a": 1}, {"a": 2}), (b"a", "a"),
        ({"a": 1, "b": 2}, {"b": 2, "a": 1}), (date(2020, 1, 1), pd.Timestamp("2020-01-01")),
        (pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1, 3]})),
        (pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"b": [1, 2]})),
        (pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": [1, 2]}, index=[1, 0])),
        (pd.DataFrame({"a": [1, 2]}), pd.DataFrame({"a": np.array([1, 2], "int8")})),
    ],
)  # fmt: skip
def test_values_that_differ_have_other_fingerprints(one, other):
    assert fingerprint(one) != fingerprint(other)


def test_sets_have_no_order_and_what_cannot_be_told_is_refused():
    assert fingerprint({"a", "b", "c"}) == fingerprint({"c", "b", "a"})
    with pytest.raises(TypeError):
        fingerprint(object())
