"""From draft to version 1.0 to version 1.1: what is refused, what is written, and what is never touched again."""

from __future__ import annotations

import csv
import io
import json
import os
import re
import shutil
import signal
import stat
import subprocess
import sys
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import nbformat
import pytest
import yaml
from nbformat import v4

from incident_report.analysis.open import open_edition
from incident_report.errors import BuildError, UsageError
from incident_report.paths import ROOT
from incident_report.present.words import phrasebook
from incident_report.publish import notice, provenance
from incident_report.publish.editions import FEED, OWN, check_index
from incident_report.publish.places import place_at
from incident_report.publish.release import release
from incident_report.publish.report import build
from incident_report.publish.request import Request
from incident_report.publish.seal import RUNS, public_copy
from incident_report.publish.serve import find
from incident_report.publish.swap import beside, tidy
from incident_report.publish.verify import verify
from incident_report.publish.versions import Release

sys.path.insert(0, str(ROOT / "tests" / "data"))
from small import make

SAY = phrasebook().phrase
QUARTER, TODAY = "2020Q3", date(2026, 11, 26)
SIGNED = {"status": "released", "author": "A. Author", "reviewer": "B. Reviewer", "published": date(2020, 10, 5)}
PARAMETERS = "\n".join(
    f'{name}: str = ""  # help' for name in ("quarter", "baseline", "data_folder", "confidence_floor", "as_of")
)
OPEN = "from helpers import frequency, open_edition\ned = open_edition(data_folder, quarter=quarter)"
FRONT = {
    "strap": "%%prose strap front-strap\nA campaign",
    "headline": "%%prose headline headline\nAttacks go on",
    "said": "%%prose observation what-happened\nThere were {{ record.attacks }} attacks.",
    "foot": "%%prose foot front-foot\nAn institute.",
}
CHART = "frequency.quarterly_figure(ed)"


def chapter(folder: Path, name: str, cells: dict[str, str]) -> None:
    made = [v4.new_markdown_cell(f"# {name}", id="title")]
    made.append(v4.new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]}))
    made += [v4.new_code_cell(source, id=id) for id, source in {"open": OPEN, **cells}.items()]
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    folder.mkdir(exist_ok=True)
    nbformat.write(v4.new_notebook(cells=made, metadata={"kernelspec": kernel}), folder / f"{name}.ipynb")


@dataclass
class House:
    """A small campaign, its chapters and the folder of reports."""

    data: Path
    notebooks: Path
    reports: Path

    @property
    def edition(self) -> Path:
        (folder,) = self.reports.glob(f"*/{QUARTER}")
        return folder

    def sign(self, **values: Any) -> None:
        path = self.data / "report.yml"
        raw = yaml.safe_load(path.read_text("utf-8"))
        raw["release"] = {QUARTER: {**SIGNED, **values}}
        path.write_text(yaml.safe_dump(raw, sort_keys=False, allow_unicode=True), "utf-8")

    def correct(self, day: str = "2020-11-02") -> None:
        path = self.data / "corrections.csv"
        row = ["IQ-20200705-1", "killed", self.cell("IQ-20200705-1", "killed"), "3", "two died later", day, "editor"]
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerow(row)
        path.write_text(path.read_text("utf-8") + out.getvalue(), "utf-8")

    def cell(self, id: str, column: str) -> str:
        with (self.data / "incidents" / f"{QUARTER}.csv").open(encoding="utf-8", newline="") as stream:
            return next(r[column] for r in csv.DictReader(stream) if r["incident_id"] == id)

    def request(self, **more: Any) -> Request:
        return Request(quarter=QUARTER, data=str(self.data), notebooks=self.notebooks, **more)

    def release(self, today: date = TODAY) -> Path:
        return release(self.request(), io.StringIO(), today)

    def build(self, *only: str) -> Path:
        return build(self.request(only=only or ("html", "pdf", "brief", "docx")), io.StringIO())


def at(folder: Path, patch: pytest.MonkeyPatch) -> House:
    """The house that stands in a folder; reports of this process go there."""
    reports = folder / "reports"
    for module in ("places", "report", "release"):
        patch.setattr(f"incident_report.publish.{module}.REPORTS", reports)
    patch.setattr("incident_report.publish.places.FIGURES", folder / "figures")
    return House(folder / "campaign", folder / "nb", reports)


def placed(folder: Path, patch: pytest.MonkeyPatch) -> House:
    chapter(folder / "nb", "00_front", FRONT)
    chapter(folder / "nb", "01_counts", {"fig": CHART})
    make(folder / "campaign")
    return at(folder, patch)


@pytest.fixture
def house(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> House:
    return placed(tmp_path, monkeypatch)


@dataclass
class Told:
    """What stood where, after each step."""

    house: House
    first: Path
    hashes: dict[str, str]
    draft: dict[str, bytes] = field(repr=False)
    second: Path


@pytest.fixture(scope="module")
def told(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Told]:
    """A draft is built, signed and released, built again, corrected and released again."""
    with pytest.MonkeyPatch.context() as patch:
        house = placed(tmp_path_factory.mktemp("release"), patch)
        folder = house.build()
        draft = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
        house.sign()
        first = house.release()
        hashes = provenance.outputs(first)
        house.correct()
        house.build("html")
        house.sign(published=date(2020, 11, 3), doi="10.5281/zenodo.1")
        yield Told(house, first, hashes, draft, house.release())


@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler) is not installed")
@pytest.mark.parametrize("name", ["report.pdf", "brief.pdf"])
def test_every_printed_page_of_a_draft_is_marked_and_none_of_a_version(told: Told, tmp_path: Path, name: str) -> None:
    mark = json.loads(told.draft["provenance.json"])["about"]["state"]
    for content, marked in ((told.draft[name], True), ((told.first / name).read_bytes(), False)):
        (tmp_path / name).write_bytes(content)
        done = subprocess.run(
            ["pdftotext", "-enc", "UTF-8", str(tmp_path / name), "-"], capture_output=True, check=True
        )
        pages = done.stdout.decode().split("\f")[:-1]
        assert pages and [mark in page for page in pages] == [marked] * len(pages)


def test_a_draft_says_so_on_every_page_of_every_format(told: Told) -> None:
    mark = json.loads(told.draft["provenance.json"])["about"]["state"]
    assert mark
    for name in [n for n in told.draft if n.endswith(".html")]:
        page = told.draft[name].decode()
        assert mark in page.split("</title>")[0], name
        assert re.search(rf'<aside class="mark state" aria-label="{mark}">{mark}</aside>', page), name
    with zipfile.ZipFile(io.BytesIO(told.draft["report.docx"])) as word:
        assert mark in word.read("word/header1.xml").decode()
        body = word.read("word/document.xml").decode()
        assert len(re.findall("<w:sectPr", body)) == len(re.findall("<w:headerReference", body)) > 0


def test_a_version_bears_no_mark_and_says_who_when_and_what_it_rests_on(told: Told) -> None:
    page = (told.first / "report.html").read_text("utf-8")
    assert 'class="mark' not in page
    content = provenance.sha256(told.first / "data.zip")
    for said in ("A. Author", "B. Reviewer", "1.0", content):
        assert said in page
    with zipfile.ZipFile(told.first / "report.docx") as word:
        assert "word/header1.xml" not in word.namelist()


def test_both_versions_and_the_working_copy_verify(told: Told) -> None:
    assert [told.first.name, told.second.name] == ["v1.0", "v1.1"]
    for folder in (told.first, told.second, told.house.edition):
        assert verify(folder).faults == []
    assert check_index(told.house.reports) == []


def test_an_old_version_is_never_touched_and_points_forward(told: Told) -> None:
    assert provenance.outputs(told.first) == told.hashes
    page = (told.house.edition / "v1.0-superseded.html").read_text("utf-8")
    assert 'href="v1.1/report.html"' in page
    latest = told.house.edition / "latest"
    assert latest.readlink() == Path("v1.1")
    assert 'url=v1.1/report.html"' in (told.house.edition / "latest.html").read_text("utf-8")
    writable = [p for p in told.second.rglob("*") if p.is_file() and p.stat().st_mode & stat.S_IWUSR]
    assert writable == []


def test_a_correction_says_on_page_one_what_changed_and_why(told: Told) -> None:
    known = provenance.read(told.second)
    assert known is not None
    notice = known["about"]["notice"]
    (change,) = known["release"]["changed"]
    assert change["key"] == "killed" and change["now"]["high"] == 3
    said = (SAY("date", date(2020, 11, 3)), SAY("figures_told", change["before"], change["now"]))
    assert all(text in notice for text in (*said, "two died later (IQ-20200705-1 killed)"))
    page = (told.second / "report.html").read_text("utf-8")
    front = page[page.index('class="front-page"') :]
    assert front.index("two died later") < front.index("Attacks go on") < front.index("1.1")
    assert "notice" not in (told.first / "report.html").read_text("utf-8").split("</style>")[1]


def test_what_is_cited_is_the_same_in_every_format(told: Told) -> None:
    folder = told.second / "citation"
    cff = yaml.safe_load((folder / "CITATION.cff").read_text("utf-8"))
    assert (cff["version"], str(cff["date-released"]), cff["doi"]) == ("1.1", "2020-11-03", "10.5281/zenodo.1")
    zenodo = json.loads((folder / "zenodo.json").read_text("utf-8"))["metadata"]
    datacite = json.loads((folder / "datacite.json").read_text("utf-8"))
    linked = json.loads((folder / "citation.jsonld").read_text("utf-8"))
    (csl,) = json.loads((folder / "citation.csl.json").read_text("utf-8"))
    assert {zenodo["version"], datacite["version"], linked["version"], csl["version"]} == {"1.1"}
    assert csl["author"][0] == {"literal": "A. Author"} and zenodo["creators"][0] == {"name": "A. Author"}
    assert linked["identifier"] == csl["URL"] == "https://doi.org/10.5281/zenodo.1"
    for name in ("citation.bib", "citation.ris"):
        assert "10.5281/zenodo.1" in (folder / name).read_text("utf-8")
    assert "https://doi.org/10.5281/zenodo.1" in (told.second / "report.html").read_text("utf-8")


def test_the_index_lists_versions_newest_first_with_their_states(told: Told) -> None:
    items = json.loads((told.house.reports / FEED).read_text("utf-8"))["items"]
    assert [i[OWN]["version"] for i in items] == ["1.1", "1.0", ""]
    assert [i[OWN]["state"] for i in items][:2] == ["released"] * 2
    assert items[2][OWN]["state"] not in ("", "released")
    assert [i.get("date_published", "")[:10] for i in items] == ["2020-11-03", "2020-10-05", ""]


def test_a_build_after_a_release_replaces_the_working_copy_alone(told: Told) -> None:
    before = {p: provenance.outputs(p) for p in (told.first, told.second)}
    folder = told.house.build("html", "pdf")
    assert folder == told.house.edition and 'class="mark state"' in (folder / "report.html").read_text("utf-8")
    assert {p: provenance.outputs(p) for p in before} == before
    assert (folder / "latest" / "report.pdf").is_file() and (folder / "v1.0-superseded.html").is_file()
    assert verify(folder).faults == []


def test_what_is_changed_in_a_version_or_put_beside_is_found(told: Told, tmp_path: Path) -> None:
    copy = shutil.copytree(told.house.edition, tmp_path / QUARTER, symlinks=True)
    page = copy / "v1.0" / "report.html"
    page.chmod(0o644)
    page.write_text(page.read_text("utf-8") + " ", "utf-8")
    (copy / "v1.1" / "v2.0").mkdir()
    (copy / "v1.1" / "v2.0" / "provenance.json").write_text("{}")
    (copy / "v1.0-superseded.html").write_text("somebody's")
    assert [f.split(":")[0] for f in verify(copy / "v1.0").faults] == ["report.html"]
    assert [f.split(":")[0] for f in verify(copy / "v1.1").faults] == ["v2.0/provenance.json"]
    assert "v1.0-superseded.html" in {f.split(":")[0] for f in verify(copy).faults}


def test_versions_and_their_pages_are_served(told: Told) -> None:
    at = f"/{told.house.edition.relative_to(told.house.reports).as_posix()}"
    root = told.house.reports.resolve()
    for name in ("v1.0/report.html", "v1.1/citation/citation.bib", "latest.html", "v1.0-superseded.html"):
        assert find(root, f"{at}/{name}") is not None, name
    assert find(root, f"{at}/v1.0/other.html") is None


# ---- what a kill leaves ------------------------------------------------------------------------------------


DIES = """
import os, signal, sys
from pathlib import Path
import pytest
from test_release import at

with pytest.MonkeyPatch.context() as patch:  # dies when the version is built and not yet in its place
    patch.setattr("incident_report.publish.release._check", lambda *_: os.kill(os.getpid(), signal.SIGKILL))
    at(Path(sys.argv[1]), patch).release()
"""


def test_what_a_killed_release_leaves_is_swept_by_the_next_command(house: House, tmp_path: Path) -> None:
    house.sign()
    died = subprocess.run([sys.executable, "-c", DIES, str(tmp_path)], cwd=Path(__file__).parent, timeout=120)
    assert died.returncode == -signal.SIGKILL
    (stage,) = house.reports.glob(f"*/.{QUARTER}.release")
    assert (stage / "report.html").is_file()
    inner = beside(stage, "building")  # what a kill within the build leaves
    inner.mkdir()
    (inner / "report.html").write_text("half")
    tidy(place_at(stage.with_name(QUARTER)))
    assert not list(house.reports.glob("**/.*"))


def test_a_copy_for_the_public_that_a_kill_leaves_is_swept_by_the_next_command(house: House) -> None:
    child = os.fork()
    if not child:
        with public_copy(house.data):
            os.kill(os.getpid(), signal.SIGKILL)
    os.waitpid(child, 0)
    assert list(RUNS.glob(f"{child}-*"))
    with public_copy(house.data):
        assert not list(RUNS.glob(f"{child}-*"))


# ---- what is refused ---------------------------------------------------------------------------------------


def test_what_nobody_signed_is_refused_line_by_line(house: House) -> None:
    with pytest.raises(BuildError) as caught:
        house.release()
    told = [line.split(", ")[1].split(":")[0] for line in caught.value.lines]
    assert told == ["status", "author", "reviewer", "published"]
    assert not house.reports.exists()


@pytest.mark.parametrize(
    ("values", "key"),
    [
        ({"status": "in review"}, "status"),
        ({"published": None}, "published"),
        ({"published": date(2026, 11, 27)}, "published"),
        ({"embargo": date(2026, 11, 27), "published": date(2026, 11, 27)}, "embargo"),
    ],
)
def test_each_thing_that_lacks_is_one_line(house: House, values: dict[str, Any], key: str) -> None:
    house.sign(**values)
    with pytest.raises(BuildError) as caught:
        house.release()
    assert caught.value.lines[0].split(", ")[1].split(":")[0] == key
    assert not house.reports.exists()


STORY = """---
quarter: 2020Q3
{signed}
---
# {said}
? deaths.known
"""


def translated(house: House, **signed: Any) -> None:
    """The house with a story, and that story in German."""
    folder = house.data / "story"
    folder.mkdir(exist_ok=True)
    (folder / f"{QUARTER}.md").write_text(STORY.format(signed="status: draft", said="Attacks go on"), "utf-8")
    lines = "\n".join(f"{k}: {v}" for k, v in {"language": "de", **signed}.items())
    (folder / f"{QUARTER}.de.md").write_text(STORY.format(signed=lines, said="Es wird weiter angegriffen"), "utf-8")


def test_a_translation_is_a_version_of_its_own_once_its_translator_has_signed(house: House) -> None:
    request = replace(house.request(), language="de")
    translated(house, **SIGNED, translator="C. Translator")
    folder = release(request, io.StringIO(), TODAY)
    assert (folder.parent.name, folder.name) == (f"{QUARTER}+language-de", "v1.0")
    page = (folder / "report.html").read_text("utf-8")
    assert "Es wird weiter angegriffen" in page and '<html lang="de"' in page and 'class="mark' not in page
    assert verify(folder).faults == [] and not (folder.parent.parent / QUARTER).exists()


@pytest.mark.parametrize(
    ("signed", "keys"),
    [
        ({}, ["translator", "status", "author", "reviewer", "published"]),
        (SIGNED, ["translator"]),
        ({"status": "draft", "translator": "C. Translator"}, ["status", "author", "reviewer", "published"]),
    ],
)
def test_a_translation_that_nobody_signed_is_refused(house: House, signed: dict[str, Any], keys: list[str]) -> None:
    translated(house, **signed)
    with pytest.raises(BuildError) as caught:
        release(replace(house.request(), language="de"), io.StringIO(), TODAY)
    assert [line.split(", ")[1].split(":")[0] for line in caught.value.lines] == keys
    assert not house.reports.exists()


def test_a_translation_without_its_story_or_on_other_grounds_is_refused(house: House) -> None:
    translated(house, **SIGNED, translator="C. Translator")
    path = house.data / "story" / f"{QUARTER}.de.md"
    whole = path.read_text("utf-8")
    for text in (whole.replace("? deaths.known\n", ""), None):
        path.write_text(text, "utf-8") if text else path.unlink()
        with pytest.raises(BuildError, match=rf"{QUARTER}\.de\.md"):
            release(replace(house.request(), language="de"), io.StringIO(), TODAY)


def test_other_settings_are_no_release(house: House) -> None:
    house.sign()
    with pytest.raises(UsageError):
        release(house.request(confidence_floor="high"), io.StringIO(), TODAY)


def test_a_further_version_needs_a_difference_a_reason_and_a_day(told: Told) -> None:
    house = told.house
    there = sorted(p.name for p in house.edition.iterdir())
    with pytest.raises(BuildError, match=r"v1\.1 "):
        house.release()
    house.sign(published=date(2020, 11, 2), doi="10.5281/zenodo.1")
    with pytest.raises(BuildError) as caught:
        house.release()
    assert [line.split(", ")[1].split(":")[0] for line in caught.value.lines] == ["reason", "published"]
    assert sorted(p.name for p in house.edition.iterdir()) == there


def changed(house: House, **more: Any) -> notice.Said:
    house.sign(published=date(2020, 11, 3))
    return notice.said(open_edition(str(house.data), quarter=QUARTER), Release("1.1", "1.0", reason="So", **more))


def figures(low: int | None, high: int | None = None, verdict: str = "") -> dict[str, Any]:
    return {"low": low, "high": low if high is None else high, "verdict": verdict}


def test_the_notice_names_every_number_that_changed_with_what_it_was(house: House) -> None:
    pairs = [(57, 56), (7, None), (1200, 1201)]
    keys = ["all", "killed", "all/before"]
    rows = [{"key": k, "before": figures(a), "now": figures(b)} for k, (a, b) in zip(keys, pairs, strict=True)]
    told = changed(house, changed=(*rows, {"key": "wounded", "before": figures(7, 9), "now": figures(8, 9)}))
    pairs = [(row["before"], row["now"]) for row in rows]
    assert all(SAY("figures_told", *pair) in told.notice for pair in (*pairs, (figures(7, 9), figures(8, 9))))
    only = changed(
        house, changed=({"key": "all", "before": figures(5, verdict="rise"), "now": figures(5, verdict="level")},)
    )
    assert SAY("figures_told", figures(5), figures(6)).partition(",")[0] not in only.notice
    assert only.notice != told.notice


def test_a_passage_that_tells_another_fact_is_named_and_one_that_tells_the_same_is_not(house: House) -> None:
    at = {"id": "how-bad", "place": "How bad"}
    same = {**at, "before": "Two people are dead.", "now": "Three people are dead."}
    dated = {**at, "before": "Out on 5 October 2020.", "now": "Out on 3 November 2020."}
    other = {**at, "before": "Nine of 57 were claimed.", "now": "Eleven of 57 were claimed."}
    new = {**at, "id": "standfirst", "before": "All is quiet.", "now": " ".join(["war"] * 40)}
    number = {"key": "killed", "before": figures(2), "now": figures(3)}
    told = changed(house, changed=(number,), statements=(same, dated, other, new), day_before="2020-10-05")
    assert "Nine" in told.notice and "Eleven" in told.notice
    assert "Three people" not in told.notice and "Out on" not in told.notice and "war" not in told.notice
    assert all(one["now"] in " ".join(told.details) for one in (same, dated, other, new))


def test_what_page_one_has_no_room_for_is_counted_there_and_stands_in_the_section(house: House) -> None:
    rows = tuple({"id": "x", "place": f"P{n}", "before": f"a{n} b", "now": f"c{n} b"} for n in range(200))
    told = changed(house, statements=rows)
    assert told.notice.count(" before, ") == notice.MOST and str(200 - notice.MOST) in told.notice
    assert len(told.details) == notice.LISTED + 2 and str(200 - notice.LISTED) in told.details[-1]
    assert len(changed(house).details) == 1
