"""A story beside the data: its text goes first where it holds, and what no longer holds is named and never printed."""

from __future__ import annotations

import csv
import io
import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest
from editions import founding

from incident_report.analysis.edition import Edition
from incident_report.analysis.expressions import holds
from incident_report.analysis.front import chronicle
from incident_report.analysis.open import open_edition
from incident_report.analysis.result import replay
from incident_report.data import check
from incident_report.errors import BuildError
from incident_report.paths import ROOT
from incident_report.periods import Period
from incident_report.present.prose import prose
from incident_report.present.show import show_list
from incident_report.present.story import dates, faults, parts, sentences, story_of
from incident_report.present.story_new import scaffold
from incident_report.publish.attention import check_story
from incident_report.syntax import ExpressionError

FILE = "story/2020Q3.md"
PAGE_ONE = ("headline", "standfirst", "what-happened", "how-bad", "what-follows", "how-sure", "not-known")
Rows = list[dict[str, str]]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """The founding campaign, free to be changed."""
    return Path(shutil.copytree(ROOT / "data", tmp_path / "data"))


def changed(folder: Path, name: str, change: Callable[[Rows], Rows]) -> None:
    text = (folder / name).read_text("utf-8-sig")
    reader = csv.DictReader(io.StringIO(text, newline=""))
    rows = change(list(reader))
    with (folder / name).open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, reader.fieldnames or [])
        writer.writeheader()
        writer.writerows(rows)


def written(folder: Path, body: str, front: str = "status: draft") -> Edition:
    (folder / FILE).write_text(f"---\nquarter: 2020Q3\n{front}\n---\n{body}\n", "utf-8")
    return open_edition(str(folder), quarter="2020Q3")


def printed(ed: Edition) -> str:
    """Everything of the story that prints and is not struck through."""
    records = [prose(ed, "Computed.", id=part) for part in parts(ed)]
    return re.sub(r"~~.*?~~", "", "\n".join(p for r in records for p in r.content["paragraphs"]))


def broken_lines(ed: Edition) -> set[int]:
    """Lines of the sentences of which a condition does not hold now, found without the module under test."""
    found = set()
    for passage, one in ((p, c) for p in ed.data.stories["2020Q3"].passages for c in p.conditions):
        try:
            held = holds(one.text, ed.facts)
        except ExpressionError:
            held = False
        found |= set() if held else {passage.line}
    return found


def assert_told_and_not_printed(ed: Edition) -> set[str]:
    """The parts with a sentence that no longer holds."""
    found = faults(ed)
    assert broken_lines(ed) <= {f.line for f in found} and len({f.line for f in found}) == len(found)
    assert all(f.message.startswith("you say ") and ", now " in f.message and f.file == FILE for f in found)
    lost = [s for part in parts(ed) for s in sentences(ed, part) if s.broken]
    shown = printed(ed).replace("\\", "")
    for one in lost:
        longest = max((p.text.strip() for p in one.passage.pieces if p.kind == "text"), key=len)
        assert longest.strip("*") not in shown
    for part in {s.passage.part for s in lost}:
        assert prose(ed, "Computed.", id=part).content["broken"]
    return {s.passage.part for s in lost}


def test_the_founding_story_holds_and_keeps_to_its_room() -> None:
    ed = founding()
    assert story_of(ed) and not faults(ed)
    words = {part: sum(len(p.split()) for p in prose(ed, "", id=part).content["paragraphs"]) for part in PAGE_ONE}
    assert words["headline"] <= 14 and sum(words.values()) <= 200
    assert len(dates(ed)) <= 10 and [d.day for d in dates(ed)] == sorted(d.day for d in dates(ed))
    assert {f"meaning-{o.id}" for o in ed.facts.options.every} <= set(parts(ed))


def test_swapped_tallies_break_every_sentence_that_compares_them(folder: Path) -> None:
    def swap(rows: Rows) -> Rows:
        before, now = (next(r for r in rows if r["tally_id"] == i) for i in _tallies(rows))
        before["count"], now["count"] = now["count"], before["count"]
        return rows

    changed(folder, "tallies.csv", swap)
    fallen = assert_told_and_not_printed(open_edition(str(folder), quarter="2020Q3"))
    assert {"headline", "standfirst", "what-happened", "how-sure", "lead-what-happened"} <= fallen
    assert not {"how-bad", "not-known", "dates"} & fallen


def _tallies(rows: Rows) -> tuple[str, str]:
    own = [r for r in rows if r["series"] == "rocket_drone" and r["tracker"] == "knights"]
    before, now = (next(r["tally_id"] for r in own if r["start"] == day) for day in ("2020-04-01", "2020-07-01"))
    return before, now


def test_without_the_rows_of_september_what_rested_on_them_falls(folder: Path) -> None:
    gone: set[str] = set()

    def drop(rows: Rows) -> Rows:
        gone.update(r["incident_id"] for r in rows if r["date"] >= "2020-09")
        return [r for r in rows if r["incident_id"] not in gone]

    changed(folder, "incidents/2020Q3.csv", drop)
    for name in ("evidence.csv", "open_questions.csv", "corrections.csv"):
        changed(folder, name, lambda rows: [r for r in rows if r["incident_id"] not in gone])
    ed = open_edition(str(folder), quarter="2020Q3")
    fallen = assert_told_and_not_printed(ed)
    assert {"standfirst", "how-bad", "dates", "lead-what-happened", "lead-how-dangerous"} <= fallen
    assert not gone & set(re.findall(r"IQ-\d{8}-\d", printed(ed)))
    assert all(d.broken for d in dates(ed) if set(d.incidents) & gone)


def test_a_us_death_breaks_every_sentence_that_knows_of_none(folder: Path) -> None:
    def add(rows: Rows) -> Rows:
        one = next(r for r in rows if r["incident_id"] == "IQ-20200830-1")
        dead = {"incident_id": "IQ-20200925-1", "date": "2020-09-25", "killed": "1", "us_killed": "1"}
        return [*rows, {**one, **dead}]

    changed(folder, "incidents/2020Q3.csv", add)
    fallen = assert_told_and_not_printed(open_edition(str(folder), quarter="2020Q3"))
    assert {"standfirst", "lead-how-dangerous", "meaning-strike-leaders", "meaning-carry-on"} <= fallen
    assert "headline" not in fallen


@pytest.mark.parametrize("status", ["draft", "released"])
def test_a_draft_is_built_with_a_warning_a_release_is_stopped(folder: Path, status: str) -> None:
    people = f"status: {status}\nauthor: A. One\nreviewer: B. Two"
    ed = written(folder, "# Quiet\n? rockets is fall\n\nIt is so.\n? convoys is level", people)
    stream = io.StringIO()
    if status == "released":
        with pytest.raises(BuildError) as stopped:
            check_story(ed, "data", stream)
        lines = stopped.value.lines
    else:
        check_story(ed, "data", stream)
        lines = tuple(stream.getvalue().splitlines())
    assert len(lines) == 1 and f"{FILE}:7" in lines[0] and "you say rockets is fall, now rise" in lines[0]


def test_the_story_goes_before_the_computed_text_and_only_where_it_has_the_part(folder: Path) -> None:
    ed = written(folder, "# A headline\n? rockets is rise\n\nSo {rockets.tally.now}.\n? rockets is rise")
    assert prose(ed, "Computed.", {"rockets": 1}, id="standfirst").content["paragraphs"] == ["So 27."]
    assert prose(ed, "Computed.", id="standfirst").content["trace"]
    assert prose(ed, "Computed.", id="how-bad").content["paragraphs"] == ["Computed."]


@pytest.mark.parametrize(
    "parameters",
    [{"confidence_floor": "medium"}, {"as_of": "2020-12-31"}, {"baseline": "2020Q1"}, {"quarter": "2020Q2"}],
)
def test_a_story_is_told_for_its_own_quarter_and_the_usual_parameters_alone(parameters: dict[str, str]) -> None:
    assert parts(founding(**parameters)) == ()


HOLDS = "\n? rockets is rise"


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("27 attacks." + HOLDS, "27"),
        ("Twenty-seven attacks." + HOLDS, "Twenty-seven"),
        ("One house." + HOLDS, "One"),
        ("It doubled: 2,020 attacks." + HOLDS, "2,020"),
        ("Up 50% on spring." + HOLDS, "50%"),
        ("The G4S office." + HOLDS, "G4S"),
        ("It said “27”." + HOLDS, "27"),
        ("More came. [iraq-businessnews-2020-09-28]", "More"),
        ("The worst of them. [iraq-businessnews-2020-09-28]", "worst"),
        ("In total it grew. [iraq-businessnews-2020-09-28]", "total"),
        ("It rests on air.", "It rests on air."),
        ("On 26 August a bomb. [IQ-20200915-1]", "26 August"),
        ("Between 14 and 16 September. [IQ-20200915-1]", "14 and 16 September"),
        ("A **bold word. [IQ-20200915-1]", "**"),
        ("A drone came. [IQ-20200722-1]", "IQ-20200722-1"),
        ("A drone hit a firm. [IQ-20200903-1]", "IQ-20200903-1"),
        ("A bomb near Nasiriyah. [IQ-20200804-1]", "IQ-20200804-1"),
        ("x\n? rockets is rise\n\n## Dates\n- A bomb. [IQ-20200915-1]", "A bomb."),
    ],
)
def test_what_a_story_may_not_do_is_refused_with_the_words(folder: Path, text: str, value: str) -> None:
    found = faults(written(folder, f"# Head\n? rockets is rise\n\n{text}"))
    assert value in [f.value for f in found if f.severity == "error"]
    assert all(f.line and f.line >= 8 for f in found)


@pytest.mark.parametrize(
    "text",
    [
        "On 26 August 2020 a bomb. [IQ-20200826-1]",
        "On 14–15 September, bombs. [IQ-20200914-1] [IQ-20200915-2]",
        "By 30 September 2020 it was so." + HOLDS,
        "He calls it “the worst of 27”. [iraq-businessnews-2020-09-28]",
        "A drone was found. [IQ-20200722-1]",
        "A drone hit a firm, which the police deny. [IQ-20200903-1]",
        "More came.\n? rockets is rise",
        "A **bold** word. [IQ-20200915-1]",
    ],
)
def test_what_it_may_do_passes(folder: Path, text: str) -> None:
    assert faults(written(folder, f"# Head\n? rockets is rise\n\n{text}")) == []


HOSTILE = [
    "<script>alert</script>", "$x$ `y` #import(z)", "~~struck~~ ![pic](file:///etc/passwd)", "a | b \\ c @cite ^x_y",
    "&lt;b&gt; <!-- gone --> \u202eright",
]  # fmt: skip


@pytest.mark.parametrize("text", HOSTILE)
def test_markup_in_a_story_is_letters(folder: Path, text: str) -> None:
    ed = written(folder, f"# Head\n? rockets is rise\n\n{text}\n? rockets is rise")
    shown = "\n".join(prose(ed, "", id="standfirst").content["paragraphs"])
    bare = re.sub(r"\\.", "", shown)  # what is left without escaped signs
    assert not re.search(r"[<>$`|~@^\\!\[\]&#]", bare.replace("~~", "", 2) if "pic" in text else bare)


@pytest.mark.parametrize(
    "text", ["{{ ed }}", "{% raw %}", "{# x #}", "{rockets} }}{{ ed", "{ed.data}", "{%- set a = 1 %}"]
)
def test_templates_in_a_story_are_refused(folder: Path, text: str) -> None:
    (folder / FILE).write_text(f"---\nquarter: 2020Q3\n---\n# Head\n? rockets is rise\n\n{text}\n", "utf-8")
    data, found = check(folder)
    assert data is None and {f.file for f in found if f.severity == "error"} == {FILE}


@pytest.mark.parametrize(
    "value",
    ["rockets.__class__", "rockets.tally.counts.table", "rockets.tally.compared.edition.data", "rockets | attr('x')"],
)
def test_a_value_reads_facts_and_nothing_behind_them(folder: Path, value: str) -> None:
    ed = written(folder, f"# Head\n? rockets is rise\n\nIt is {{{value}}}.\n? rockets is rise")
    assert [f.line for f in faults(ed)] == [8]
    assert "…" in prose(ed, "", id="standfirst").content["paragraphs"][0]


def test_the_quarters_dates_are_the_storys_and_rest_on_the_rows_they_cite() -> None:
    ed = founding()
    record = show_list(chronicle(ed), "dates", "timeline", {"rocket_drone": "#123456"})
    assert [i["parts"]["told"] for i in record.content["items"]] == [d.text for d in dates(ed)]
    assert {i for d in dates(ed) for i in d.incidents} == set(record.content["trace"][0]["rows"])
    assert replay(record.content["trace"][0], ed).digest() == record.content["trace"][0]["sha256"]
    fire = next(i for i, d in zip(record.content["items"], dates(ed), strict=True) if "IQ-20200915-1" in d.incidents)
    assert fire["colour"] == "#123456" and "15" in fire["parts"]["day"]


def test_a_new_story_is_read_and_says_nothing_yet(folder: Path) -> None:
    data, _ = check(folder)
    assert data and data.options
    text = scaffold(Period(2020, 3), data.campaign, data.options["options"])
    (folder / FILE).write_text(text, "utf-8")
    ed = open_edition(str(folder), quarter="2020Q3")
    assert ed.data.stories["2020Q3"].passages == () and parts(ed) == ()
    for note in ("headline", "dates", "lead-what-next", "meaning-carry-on"):
        assert note.split("-")[-1] in text.lower()


def test_a_cell_can_ask_what_the_quarter_means_for_an_option(folder: Path) -> None:
    said = "## Meaning: carry-on\nIt holds.\n? rockets is rise\n\n## Meaning: clear-zone\nIt fell.\n? rockets is fall"
    ed = written(folder, f"# Head\n? rockets is rise\n\n{said}")
    cell = "{% for o in options.every %}{{ meaning(o) }}{% endfor %}"
    record = prose(ed, cell, id="txt-made")
    assert re.fullmatch(r"~~It fell\.~~\s*It holds\.", " ".join(record.content["paragraphs"]))
    assert [b["expected"] for b in record.content["broken"]] == ["rockets is fall"]
