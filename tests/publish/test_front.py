"""The two front pages, set and read back: short enough, whole, and true on editions that nobody has written for."""

from __future__ import annotations

import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import nbformat
import pandas as pd
import pikepdf
import pytest
import yaml
from matplotlib.figure import Figure
from nbformat import v4

from incident_report.analysis import open as opening
from incident_report.analysis.open import open_edition
from incident_report.errors import BuildError
from incident_report.paths import NOTEBOOKS, ROOT
from incident_report.present.records import MIME, Record
from incident_report.present.words import phrasebook
from incident_report.publish.annex import split
from incident_report.publish.cover import cover
from incident_report.publish.front import PAGE, front_pages, with_front
from incident_report.publish.gather import gather
from incident_report.publish.notice import MOST, compared_numbers, stamped
from incident_report.publish.pdf import write_brief
from incident_report.publish.versions import Release
from nbtypst import ast
from nbtypst.tree import Tree

sys.path.insert(0, str(ROOT / "tests" / "data"))
import editions
from chapters import _run, one_edition, texts
from settled import settled

FRONT = NOTEBOOKS / "00_key_findings.ipynb"
OLD = ("2019Q4", "2020Q1", "2020Q2")
PARTS = ("headline", "standfirst", "what-happened", "how-bad", "what-follows", "how-sure", "not-known")
WRONG = re.compile(r"\bnan\b|\bNone\b(?! of)|<NA>|\(\)|\binf\b|\bone people\b|\bp [=<]|~~|\bone \w+s (?:is|was)\b|  ")
_LABEL, _TOKEN = re.compile(r">([^<>]+)</(?:text|tspan)>"), r"\w[\w’'–.,-]*"
pdftotext = pytest.mark.skipif(shutil.which("pdftotext") is None, reason="pdftotext (poppler) is not installed")


@dataclass(frozen=True)
class Front:
    """A front as built."""

    records: dict[str, Record]
    pdf: Path
    pages: int

    def text(self, page: int) -> str:
        """What stands on a page, labels of charts too."""
        done = subprocess.run(
            ["pdftotext", "-enc", "UTF-8", "-f", str(page), "-l", str(page), str(self.pdf), "-"],
            capture_output=True,
            check=True,
        )
        return done.stdout.decode()

    def said(self, id: str) -> str:
        return " ".join(self.records[id].content["paragraphs"])


@one_edition()
def brief(folder: Path, out: Path, quarter: str, release: Release | None = None, **parameters: str) -> Front:
    """The front of an edition, without its annex, as a draft or as a version."""
    values = {"data_folder": str(folder), "quarter": quarter, **parameters}
    node = nbformat.read(FRONT, as_version=4)
    node.cells, _ = split(node.cells)
    nbformat.write(node, out / FRONT.name)
    shown = list(_run(out / FRONT.name, values))
    for cell in node.cells:
        if cell.cell_type == "code":
            bundles = [{MIME: {"kind": r.kind, **r.content}} for id, r in shown if id == cell.id]
            cell.outputs = [v4.new_output("display_data", bundle) for bundle in bundles]
    ed = opening.open_edition(str(folder), quarter=quarter, **parameters)
    document, meta = gather({FRONT: node}, ed), cover(ed, release, "0" * 64)
    tree = ast.document(stamped(document.tree["blocks"], meta["told"]))
    write_brief(tree, out / "brief.pdf", meta=meta, resources=document.resources)
    with pikepdf.open(out / "brief.pdf") as pdf:
        pages = len(pdf.pages)
    return Front({r.content["id"]: r for _, r in shown}, out / "brief.pdf", pages)


@pytest.fixture(autouse=True)
def without_png(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF needs no PNG: write none."""
    save = Figure.savefig

    def quick(self: Figure, out: Any, **k: Any) -> Any:
        return out.write(b"") if k["format"] == "png" else save(self, out, **k)

    monkeypatch.setattr(Figure, "savefig", quick)


# ---- editions ------------------------------------------------------------------------------------------


def rows(folder: Path, how: Callable[[pd.DataFrame], pd.DataFrame], quarter: str = "2020Q3") -> None:
    path = folder / "incidents" / f"{quarter}.csv"
    how(pd.read_csv(path, dtype=str, keep_default_na=False)).to_csv(path, index=False)


def untold(folder: Path) -> None:
    shutil.rmtree(folder / "story", ignore_errors=True)


def no_tally(folder: Path) -> None:
    untold(folder)
    table = pd.read_csv(folder / "tallies.csv", dtype=str, keep_default_na=False)
    table.head(0).to_csv(folder / "tallies.csv", index=False)


def no_attack(folder: Path) -> None:
    no_tally(folder)
    rows(folder, lambda t: t.head(0))


def one_attack_alone(folder: Path) -> None:
    no_tally(folder)
    for quarter in OLD:
        (folder / "incidents" / f"{quarter}.csv").unlink()
    rows(folder, lambda t: t.head(1))


def all_silent(folder: Path) -> None:
    untold(folder)
    names = ["munition_count", "techniques", "killed", "wounded", "us_killed", "us_wounded", "claimed_by"]
    names += ["governorate", "latitude", "longitude"]
    rows(folder, lambda t: t.assign(**dict.fromkeys(names, "")))


def tied_tolls(folder: Path) -> None:
    untold(folder)
    rows(folder, lambda t: t.assign(killed="2", us_killed="1", wounded="0", us_wounded="0"))


def no_options(folder: Path) -> None:
    untold(folder)
    for name in ("policy_options.yml", "scores.csv"):
        (folder / name).unlink()


def long_names(folder: Path) -> None:
    untold(folder)
    path = folder / "report.yml"
    raw = yaml.safe_load(path.read_text("utf-8"))
    for series in raw["series"]:
        series["label"] = f"{series['label']} by anybody who is suspected"
        series["noun"] = f"{series['noun']} by anybody who is suspected"
    path.write_text(yaml.safe_dump(raw, sort_keys=False, allow_unicode=True), "utf-8")


# Each of the first holds one of the others too, or the second campaign does, which has no options: `make chaos`.
SPOILS = (no_attack, one_attack_alone, all_silent, tied_tolls, long_names)
ALONE = [pytest.param(spoil, marks=pytest.mark.chaos) for spoil in (untold, no_tally, no_options)]
OTHER = ROOT / "campaigns" / "syria-2012-2013-sample"


@pytest.fixture(scope="module")
def founding(tmp_path_factory: pytest.TempPathFactory) -> Front:
    """The founding edition with its story."""
    return brief(ROOT / "data", tmp_path_factory.mktemp("front"), "2020Q3")


def sound(front: Front, pages: int = 2) -> None:
    """What holds for every front."""
    assert front.pages == pages
    assert set(PARTS) <= set(front.records)
    for id, record in front.records.items():
        for text in texts(record):
            assert not WRONG.search(text), (id, text)
    assert 0 < len(front.said("headline").split()) <= 14


@pdftotext
def short(front: Front, notice: str = "") -> None:
    """Page one: at most 240 words beside the charts' labels, and 30 numerals with all of them.

    A notice of correction, which the page opens with, is not counted: it is owed to whoever has read the version
    before, names every changed number, and is no part of what the page tells.
    """
    text = front.text(1).removeprefix(notice)
    drawn = " ".join(t for r in front.records.values() if r.kind == "figure" for t in _LABEL.findall(r.content["svg"]))
    words = len(re.findall(_TOKEN, text)) - len(re.findall(_TOKEN, drawn))
    assert words <= 240, (words, text)
    assert len(re.findall(r"\d[\d,.]*", text)) <= 30, text
    assert re.search(r"\b(19|20)\d\d\b", front.said("front-foot")), "the last day counted has no year"


def test_the_founding_front_is_two_short_pages_without_a_p(founding):
    sound(founding)
    short(founding)
    assert not founding.records["headline"].content.get("broken")


@pdftotext
@pytest.mark.parametrize("many", [pytest.param(0, marks=pytest.mark.chaos), 1, 1000])
def test_a_notice_of_correction_stands_on_page_one_whole_and_leads_to_the_rest(many: int, tmp_path: Path) -> None:
    folder = Path(shutil.copytree(ROOT / "data", tmp_path / "data"))
    story = folder / "story" / "2020Q3.md"
    signed = "status: released\nauthor: A. Author\nreviewer: B. Reviewer\npublished: 2021-02-05\n"
    story.write_text(re.sub(r"(?s)status:.*?published:\n", signed, story.read_text("utf-8")), "utf-8")
    now = compared_numbers(open_edition(str(folder), quarter="2020Q3"))
    changed = [{"key": k, "now": v, "before": {"low": 91, "high": 91, "verdict": "level"}} for k, v in now.items()]
    told = [{"id": "how-bad", "place": "How bad", "before": f"{n} were", "now": f"{n}a were"} for n in range(40)]
    reason = "A second outlet gave another toll, and the ministry has confirmed it since the report came out"
    row = {"incident_id": "IQ-20200928-1", "field": "killed", "old": "5", "new": "7", "date": "2021-02-01"}
    rows = ({**row, "reason": reason}, {**row, "reason": f"Again. {reason}"})
    made = Release(
        "1.1", "1.0", changed=tuple(changed[:many]), statements=tuple(told[:many]), corrections=rows, altered=1
    )
    front = brief(folder, tmp_path, "2020Q3", release=made)
    sound(front, pages=4 if many > 1 else 3)
    assert front.records["not-known"].content["label"] in front.text(1)
    notice, strap, _ = front.text(1).partition("Iraq: ")
    assert strap and reason[:40] in " ".join(notice.split())
    short(front, notice)
    said = " ".join(notice.split())
    say = phrasebook().phrase
    assert len(re.findall(r"\b91\b", said)) == min(many, len(changed))
    assert sum(say("words_told", t["before"], t["now"]) in said for t in told[:many]) == min(many, MOST)
    with pikepdf.open(front.pdf) as pdf:
        assert any("/Dest" in a or "/A" in a for a in pdf.pages[0].Annots)
    assert "ministry" in front.text(front.pages)


@pdftotext
def test_the_two_pages_hold_what_an_official_asks(founding):
    one, two = founding.text(1), founding.text(2)
    labels = [founding.records[id].content["label"] for id in PARTS[2:]]
    assert all(label in one for label in labels)
    values = [i["parts"]["value"] for i in founding.records["numbers"].content["items"]]
    assert len(values) == 4 and all(v in one for v in values)
    assert all(o.label.split()[0] in two for o in editions.founding().facts.options.every)
    assert {"fig-trend", "fig-where"} <= set(founding.records)
    assert 8 <= len(founding.records["dates"].content["items"]) <= 10


def test_the_storys_dates_stand_in_the_list_and_say_their_day_once(founding):
    items = founding.records["dates"].content["items"]
    assert all(not re.match(r"\d", i["parts"]["told"]) for i in items)


@pytest.mark.parametrize("spoil", [*SPOILS, *ALONE], ids=lambda f: f.__name__)
def test_without_a_story_the_computed_front_is_as_short_and_whole(spoil, tmp_path):
    folder = settled(tmp_path / "campaign")
    spoil(folder)
    front = brief(folder, tmp_path, "2020Q3")
    sound(front)
    if spoil is not long_names:  # whose words are the campaign's
        short(front)


@pytest.mark.parametrize("quarter", ["2019Q4", pytest.param("2020Q2", marks=pytest.mark.chaos)])
def test_an_edition_before_the_story_reads_whole(quarter, tmp_path):
    front = brief(ROOT / "data", tmp_path, quarter)
    sound(front)
    short(front)


def test_another_campaign_has_a_front_of_its_own(tmp_path):
    front = brief(OTHER, tmp_path, "2013Q4")
    sound(front)
    short(front)
    said = " ".join(t for r in front.records.values() for t in texts(r))
    assert not re.search(r"Iraq|Baghdad|Knights|rocket|\bUS\b", said)


# ---- what is computed is true --------------------------------------------------------------------------


def told(folder: Path, quarter: str = "2020Q3") -> dict[str, str]:
    found = {r.content["id"]: r for _, r in _run(FRONT, {"data_folder": str(folder), "quarter": quarter})}
    return {id: " ".join(r.content["paragraphs"]) for id, r in found.items() if r.kind == "prose"}


def test_deaths_in_one_attack_are_told_as_an_event_and_ties_are_not(tmp_path):
    folder = settled(tmp_path / "campaign")
    untold(folder)
    largest = open_edition(str(folder), quarter="2020Q3").facts.deaths.largest
    assert largest is not None and phrasebook().phrase("day", largest.day) in told(folder)["how-bad"]
    tied_tolls(settled(tmp_path / "tied"))
    assert open_edition(str(tmp_path / "tied"), quarter="2020Q3").facts.deaths.largest is None


def test_no_headline_rests_on_a_fragile_or_disputed_finding_unsaid():
    news = editions.founding().facts.findings.news
    assert news and not any(c.disputed or c.fragile for c in news[:1])


# ---- structure -----------------------------------------------------------------------------------------


def heading(text: str, level: int = 1) -> ast.Node:
    return {"t": "Header", "c": [level, ast.attr(f"sec-{text}"), ast.words(text)]}


def headline(text: str) -> ast.Node:
    return ast.div([ast.para(ast.words(text))], "headline", ["prose", "headline"])


def test_a_chapter_with_a_headline_becomes_pages_and_others_stay():
    code = ast.div([ast.code_block("x", ["python"])], classes=["code-fold"])
    front = [heading("Front"), code, headline("News"), ast.para(ast.words("a")), heading("More", 2), ast.para([])]
    other = [heading("Other"), ast.para(ast.words("b"))]
    made = with_front(Tree([("00", front), ("01", other)], {}, [], []))
    pages = front_pages(made.blocks)
    assert len(pages) == 2 and dict(made.chapters)["01"] == other
    [title] = [n for n in ast.nodes(pages[0]) if n["t"] == "Header"]
    assert ast.text_of(title["c"][2]) == "News" and title["c"][1][0] == "sec-Front"
    assert {"unnumbered", "unlisted"} <= set(title["c"][1][1])
    assert dict(made.chapters)["00"][-1] == code and PAGE not in ast.classes_of(code)


def test_a_brief_of_chapters_without_a_headline_is_refused(tmp_path):
    with pytest.raises(BuildError, match="headline"):
        write_brief({"blocks": [heading("Other")]}, tmp_path / "brief.pdf", meta={}, resources={})
    assert not (tmp_path / "brief.pdf").exists()
