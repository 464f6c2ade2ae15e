"""Work that is done before it is asked for, or beside other work, changes nothing of what is written."""

from __future__ import annotations

import threading
from contextlib import nullcontext
from pathlib import Path

import nbformat
import pytest

from incident_report.present.records import MIME
from incident_report.present.words import phrasebook
from incident_report.publish import writers
from incident_report.publish.early import OPTIONS, Early
from incident_report.store import Store
from nbtypst import ast, pandoc
from nbtypst.tree import NotebookError, read_notebooks

v4 = nbformat.v4
FIRST = v4.new_notebook(cells=[v4.new_markdown_cell("# One\n\nSome *text*."), v4.new_markdown_cell("Again.")])
SECOND = v4.new_notebook(cells=[v4.new_markdown_cell("# Two"), v4.new_markdown_cell("Again.")])


SHOUTED = v4.new_notebook(cells=[v4.new_markdown_cell("### Three", metadata={"tags": ["annex"]}), *SECOND.cells])
BOTH = {Path("01_one.ipynb"): FIRST, Path("02_two.ipynb"): SECOND}


@pytest.fixture
def words():
    return phrasebook()


@pytest.fixture
def asked(monkeypatch):
    """Texts of each time that Pandoc reads."""
    found, read = [], pandoc.read_fragments
    monkeypatch.setattr(pandoc, "read_fragments", lambda items: found.append([t for _, t in items]) or read(items))
    return found


def test_what_was_read_as_a_chapter_ended_is_not_read_again(asked, words):
    early = Early(words)
    early.chapter(Path("01_one.ipynb"), FIRST)
    tree = early.tree(BOTH)
    assert tree == Early(words).tree(BOTH) == read_notebooks([("01_one", FIRST), ("02_two", SECOND)], OPTIONS)
    assert asked[:2] == [["# One\n\nSome *text*.", "Again."], ["# Two"]]


def test_chapters_that_were_all_read_ahead_are_put_together_as_if_read_together(monkeypatch, words):
    executed = {**BOTH, Path("03_three.ipynb"): SHOUTED}
    early = Early(words)
    for path, node in reversed(executed.items()):
        early.chapter(path, node)
    together = Early(words).tree(executed)
    early._pool.shutdown()  # all are read
    monkeypatch.setattr(Early, "_fragments", None)  # and nothing is left to be
    tree = early.tree(executed)
    assert tree == together
    assert [name for name, _ in tree.chapters][-2:] == ["annex", "03_three-annex"]
    assert [n["c"][0] for n in ast.nodes(tree.blocks) if n["t"] == "Header"] == [1, 1, 1, 1, 2]


def test_a_chapter_that_has_changed_since_it_was_read_is_read_as_it_now_is(words):
    early = Early(words)
    for path in BOTH:
        early.chapter(path, SECOND)
    assert early.tree(BOTH) == Early(words).tree(BOTH)


def test_what_the_build_before_read_is_not_read_again(asked, tmp_path, words):
    chapters = [{**BOTH}, {**BOTH, Path("02_two.ipynb"): FIRST}]
    trees = [Early(words, Store(tmp_path), "markup").tree(executed) for executed in chapters]
    assert asked == [["# One\n\nSome *text*.", "Again.", "# Two"], []]
    assert trees[1] == read_notebooks([("01_one", FIRST), ("02_two", FIRST)], OPTIONS)


def test_a_text_that_was_not_read_in_time_is_tried_again(monkeypatch, tmp_path, words):
    monkeypatch.setattr(pandoc, "read_fragments", lambda items: [None for _ in items])
    assert Early(words, Store(tmp_path), "markup").tree(BOTH).warnings
    monkeypatch.undo()
    assert not Early(words, Store(tmp_path), "markup").tree(BOTH).warnings


def test_a_chapter_that_cannot_be_read_ahead_is_told_of_with_the_others(words):
    early = Early(words)
    broken = v4.new_notebook(
        cells=[v4.new_code_cell("", outputs=[v4.new_output("display_data", {MIME: {"kind": "x"}})])]
    )
    early.chapter(Path("03_broken.ipynb"), broken)
    with pytest.raises(NotebookError, match="03_broken"):
        early.tree({Path("03_broken.ipynb"): broken})


def test_formats_are_written_beside_each_other_and_the_first_fault_in_order_is_told(monkeypatch, tmp_path):
    begun = {kind: threading.Event() for kind in ("pdf", "html")}

    def write(kind, document, folder, meta, records, edition, coming, kept, typesetting):
        begun[kind].set()
        if kind == "pdf":
            assert not begun["html"].wait(0.05)  # Python's time is the PDF's until Typst has it
            typesetting()
        assert all(other.wait(20) for other in begun.values())  # one after the other they would wait in vain
        assert coming == {"report.pdf", "report.html"}
        raise ValueError(kind)

    monkeypatch.setattr(writers, "_write", write)
    with pytest.raises(ValueError, match="html"):
        writers.write(["html", "pdf"], None, tmp_path, {}, [], None, None, [lambda: begun["pdf"].wait(20)])


@pytest.mark.parametrize("kinds", [["pdf", "html"], ["html"], []])
def test_what_waits_for_the_pdf_is_done_where_there_is_none_and_where_it_fails(kinds, monkeypatch, tmp_path):
    done = []

    def write(kind, *_):
        done.append(kind)
        if kind == "pdf":
            raise ValueError(kind)

    monkeypatch.setattr(writers, "_write", write)
    with pytest.raises(ValueError, match="pdf") if "pdf" in kinds else nullcontext():
        writers.write(kinds, None, tmp_path, {}, [], None, None, [lambda: done.append("figures")])
    assert sorted(done) == sorted([*kinds, "figures"])
