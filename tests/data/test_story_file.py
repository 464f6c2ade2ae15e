"""A story is read whole, or every fault of its form has its place; nothing that it holds is a command."""

from __future__ import annotations

import shutil
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_report.data import check
from incident_report.data.asof_files import known_files
from incident_report.data.known import campaign_files
from incident_report.data.model import Fault
from incident_report.data.story import Known, Story
from incident_report.data.story_text import parse_story
from incident_report.paths import DATA

FILE = "story/2020Q3.md"
FRONT = "---\nquarter: 2020Q3\nstatus: draft\n---\n"
KNOWN = Known({"IQ-20200928-1"}, {"reuters-2020"}, {"2020-09-20"}, {"strike-leaders"}, {"rockets", "convoys"})


def parsed(text: str, front: str = FRONT) -> tuple[Story | None, list[Fault]]:
    faults: list[Fault] = []
    return parse_story(FILE, front + text, KNOWN, faults.append), faults


words = st.text("abc ,;é", min_size=1, max_size=12).map(str.strip).filter(bool)
pieces = st.one_of(
    words,
    st.sampled_from(["{rockets.tally.now}", "{convoys.tally.now | small}", "[IQ-20200928-1]", "[context 2020-09-20]"]),
)
passages = st.tuples(
    st.lists(pieces, min_size=1, max_size=5).map(" ".join), st.lists(st.just("rockets is rise"), max_size=2)
)
paragraphs = st.lists(passages, min_size=1, max_size=3)


@given(st.lists(paragraphs, min_size=1, max_size=4), st.booleans())
def test_what_was_written_is_what_is_read(wanted: list[list[tuple[str, list[str]]]], comments: bool) -> None:
    # A passage without a condition runs on into the next, so that only the last of a paragraph may lack one.
    blocks = [[(t, c or ["rockets is rise"]) for t, c in p[:-1]] + [p[-1]] for p in wanted]
    between = "\n<!-- a\nnote -->\n\n" if comments else "\n\n"
    text = "# Head\n\n" + between.join("\n".join("\n".join([t, *(f"? {x}" for x in c)]) for t, c in p) for p in blocks)
    story, faults = parsed(text)
    assert not faults and story
    got = story.parts["standfirst"]
    assert [(len(p.conditions), p.opens) for p in got] == [
        (len(c), n == 0) for b in blocks for n, (_, c) in enumerate(b)
    ]
    written = [
        "".join(
            {"value": "{%s}", "incident": "[%s]", "context": "[context %s]"}.get(q.kind, "%s") % q.text
            for q in p.pieces
        )
        for p in got
    ]
    assert written == [t for b in blocks for t, _ in b]


@given(
    st.text(
        st.characters(codec="utf-8", exclude_categories=["Cs", "Cc"]) | st.sampled_from("\n{}[]%#?-<!>*"), max_size=200
    )
)
def test_any_text_is_read_or_refused_with_a_place_and_never_holds_a_template(text: str) -> None:
    story, faults = parsed("# Head\n" + text)
    assert (story is None) == any(f.severity == "error" for f in faults)
    assert all(f.file == FILE and f.line and f.line > len(FRONT.splitlines()) for f in faults)
    for passage in story.passages if story else ():
        assert passage.line > len(FRONT.splitlines())
        assert not any(sign in p.text for p in passage.pieces for sign in "{}")


@given(st.text(max_size=200))
def test_any_front_matter_is_read_or_refused(text: str) -> None:
    story, faults = parsed("# Head\n", f"---\n{text}\n---\n")
    assert (story is None) == any(f.severity == "error" for f in faults)


@pytest.mark.parametrize(
    ("text", "line", "value"),
    [
        ("text", 5, "text"),
        ("# H\n## What hapened", 6, "What hapened"),
        ("# H\n### deeper", 6, "### deeper"),
        ("# H\n# H", 6, "H"),
        ("# H\n- item", 6, "- "),
        ("# H\n## Dates\nno item", 7, "no item"),
        ("# H\n\n? rockets is rise", 7, "? rockets is rise"),
        ("# H\n? rocket is rise", 6, "rocket is rise"),
        ("# H\n? rockets is rise }} {{ 1", 6, "rockets is rise }} {{ 1"),
        ("# H\nx {27}", 6, "{27}"),
        ("# H\nx {rockets.tally.now + convoys.tally.now}", 6, "{rockets.tally.now + convoys.tally.now}"),
        ("# H\nx {{ rockets }}", 6, "{"),
        ("# H\n<!-- open", 6, "<!--"),
    ],
)  # fmt: skip
def test_each_slip_is_named_with_its_line_and_what_was_written(text: str, line: int, value: str) -> None:
    story, faults = parsed(text)
    assert story is None
    assert (line, value) in [(f.line, f.value) for f in faults]


@pytest.mark.parametrize(
    ("front", "key"),
    [
        ("quarter: 2020Q2", "quarter"),
        ("status: draft", "quarter"),
        ("quarter: 2020Q3\nstatus: final", "status"),
        ("quarter: 2020Q3\nstatus: released\nauthor: A. One", "status"),
        ("quarter: 2020Q3\nstatus: released\nauthor: A. One\nreviewer: a. one", "status"),
        ("quarter: 2020Q3\nautor: A. One", "autor"),
        ("quarter: 2020Q3\nnames: G4S", "names"),
        ("quarter: 2020Q3\npublished: soon", "published"),
        ("quarter: 2020Q3\npublished: 2020-10-05 12:00:00", "published"),
    ],
)
def test_front_matter_is_closed_and_a_release_has_two_people(front: str, key: str) -> None:
    story, faults = parsed("# H\n", f"---\n{front}\n---\n")
    assert story is None and key in [f.column for f in faults]


@pytest.mark.parametrize("said", ["2020-10-05", "'2020-10-05'"])
def test_the_day_of_publication_is_a_day(said: str) -> None:
    story, faults = parsed("# H\n", f"---\nquarter: 2020Q3\npublished: {said}\n---\n")
    assert story is not None and story.signed.published == date(2020, 10, 5) and not faults


@pytest.mark.parametrize("cited", ["IQ-20200928-9", "context 2020-09-21", "x"])
def test_a_citation_of_what_is_not_on_file_is_kept_and_told(cited: str) -> None:
    story, faults = parsed(f"# H\nx [{cited}]")
    assert story and [p.kind for p in story.parts["standfirst"][0].pieces] == ["text", "lost"]
    assert [(f.line, f.value, f.severity) for f in faults] == [(6, f"[{cited}]", "warning")]


def test_a_story_is_of_the_closed_set_of_files(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    assert FILE in campaign_files(folder)
    (folder / FILE).rename(folder / "story/2020-q3.md")
    data, faults = check(folder)
    assert data is None and [(f.file, "2020Q3.md" in f.message) for f in faults if f.severity == "error"] == [
        ("story/2020-q3.md", True)
    ]


def test_a_story_of_a_quarter_without_rows_is_warned_of(tmp_path: Path) -> None:
    folder = Path(shutil.copytree(DATA, tmp_path / "data"))
    (folder / "story/2019Q1.md").write_text("---\nquarter: 2019Q1\n---\n# Head\n? rockets is rise\n", "utf-8")
    data, faults = check(folder)
    assert data and [f.severity for f in faults if f.file == "story/2019Q1.md"] == ["warning"]


def test_what_was_known_on_a_day_holds_no_story(tmp_path: Path) -> None:
    data, _ = check(DATA, as_of=date(2020, 12, 31))
    files = {n: p.read_bytes() for n, p in campaign_files(DATA).items()}
    assert data and not data.stories and FILE in files
    assert FILE not in known_files(files, data)
