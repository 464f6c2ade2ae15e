"""Texts that try to be markup: on the page every one is text, and every attribute holds what the data say."""

from __future__ import annotations

import dataclasses
import json
import re
import zipfile
from datetime import date
from html.parser import HTMLParser
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import pandas as pd
import pikepdf
import pytest
from editions import founding

from incident_report.analysis.edition import Edition
from incident_report.present.records import Column, show_prose, show_table
from incident_report.present.theme import plt, show_figure, theme
from incident_report.present.words import escape
from incident_report.publish.docx import write_docx
from incident_report.publish.gather import gather
from incident_report.publish.html import write_html
from incident_report.publish.jupyter import nbformat
from incident_report.publish.pdf import write_pdf
from nbtypst.ast import printable

HOSTILE = (
    '"><img src=x onerror=alert(1)>',
    '0;url=http://127.0.0.1:9/" http-equiv="refresh',
    "' onload='alert(1)' x='",
    "</title></style></head><script>alert(1)</script>",
    '{{ 7 * 7 }}{% raw %}$title$#emph[x]#read("/etc/passwd")\\input{x}',
    "two\nlines &amp; &#34;",
    "a\x00b\x1bc\x9bd",
    "ab\u202edc\u2066ef",
    'src="picture-99" <!-- next part --> /*styles*/ /*fonts*/',
    "]]><!--<![CDATA[ javascript:alert(1) ",
    "=HYPERLINK(\"http://x\",'y')",
)
URL = "https://example.org/?a=<b>&c='d'%22"


def mask(text: str) -> str:
    """The shape of a text: what it says does not matter, its length and its blanks do."""
    return re.sub(r"\S", "x", text)


class Page(HTMLParser):
    """Elements with their attributes, and all text, in order."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, list[tuple[str, str]]]] = []
        self.text = ""
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, [(name, value or "") for name, value in attrs]))
        self.text += f"<{tag}>"

    def handle_data(self, data: str) -> None:
        self.text += data

    def handle_decl(self, decl: str) -> None:
        assert decl == "DOCTYPE html"

    def handle_comment(self, data: str) -> None:
        raise AssertionError(f"a comment: {data}")

    def values(self, tag: str, attribute: str, **others: str) -> list[str]:
        found = [dict(attrs) for t, attrs in self.elements if t == tag]
        return [a[attribute] for a in found if attribute in a and others.items() <= a.items()]


def unquoted(text: str) -> str:
    """A text without the strokes that stand before quotation marks in a string of CSS."""
    return re.sub(r"\\(['\\])", r"\1", text)


def harmless(text: str) -> str:
    return mask(printable(text))


FONT = re.compile(r"url\(data:font/ttf;base64,[A-Za-z0-9+/=]*\)")
LINKED = re.compile(r'(<script type="application/ld\+json">)(.*?)(</script>)', re.DOTALL)


def meta(texts: tuple[str, ...]) -> dict[str, Any]:
    return {
        "title": texts[0],
        "subtitle": texts[1],
        "kicker": texts[2],
        "lang": "en-GB",
        "description": " ".join(texts),
        "authors": list(texts),
        "facts": [(text, text) for text in texts],
        "colophon": list(texts),
        "edition": texts[3],
        "date": date(2020, 9, 30),
    }


def chapter(texts: tuple[str, ...]) -> Any:
    """An executed chapter whose records hold the texts wherever a record can hold one."""
    with theme():
        chart, axes = plt.subplots(figsize=(2, 1))
        axes.plot([1, 2])
        alt = " ".join(texts)
        words = {k: escape(" ".join(texts)) for k in ("caption", "source", "n")}
        data = pd.DataFrame({"n": [1]})
        figure = show_figure(chart, id="fig-a", title=" ".join(texts), alt=alt, data=data, **words)
    cells = pd.DataFrame({f"c{i}": [text, text] for i, text in enumerate(texts)})
    table = show_table(
        cells.assign(last="x"),
        id="tab-a",
        title=" ".join(texts),
        columns={c: Column(text) for c, text in zip(cells, texts, strict=True)} | {"last": Column("Last")},
        notes=[escape(text) for text in texts],
        markdown=["last"],
        **words,
    )
    prose = show_prose("txt-a", *(escape(text) for text in texts), "It is said [@one].", role="judgement")
    v4 = nbformat.v4
    code = [v4.new_code_cell("1", id=f"c{i}") for i in range(3)]
    for cell, record in zip(code, (figure, table, prose), strict=True):
        cell.outputs = [v4.new_output("display_data", data=record._repr_mimebundle_())]
    return v4.new_notebook(
        cells=[v4.new_markdown_cell("# Chapter\n\nWords [site](https://example.org).", id="t"), *code]
    )


@pytest.fixture(scope="module")
def edition() -> Edition:
    return founding()


def document(edition: Edition, texts: tuple[str, ...], url: str) -> Any:
    row = {"source_id": "one", "publisher": " ".join(texts), "published": "2020-09-01", "kind": "press"}
    sources = pd.DataFrame([{**row, "reliability": "C", "url": url}])
    data = dataclasses.replace(edition.data, sources=sources)
    return gather({Path("00_a.ipynb"): chapter(texts)}, dataclasses.replace(edition, data=data))


@pytest.fixture(scope="module")
def pages(edition: Edition, tmp_path_factory: pytest.TempPathFactory) -> tuple[Page, Page]:
    """The page of the hostile texts, and that of texts of the same lengths which say nothing."""
    found = []
    for texts, url in (
        (HOSTILE, URL),
        (tuple(harmless(t) for t in HOSTILE), "https://example.org/".ljust(len(URL), "x")),
    ):
        path = tmp_path_factory.mktemp("page") / "report.html"
        made = document(edition, texts, url)
        write_html(made.tree, path, meta=meta(texts), resources=made.resources)
        found.append(Page(LINKED.sub(r"\1\3", path.read_text("utf-8"))))
    return found[0], found[1]


def test_linked_data_say_what_the_texts_say(edition: Edition, tmp_path: Path) -> None:
    made = document(edition, HOSTILE, URL)
    write_html(made.tree, tmp_path / "r.html", meta=meta(HOSTILE), resources=made.resources)
    ((_, inside, _),) = LINKED.findall((tmp_path / "r.html").read_text("utf-8"))
    assert not set(inside) & set("<>&")
    assert [a["name"] for a in json.loads(inside)["author"]] == [printable(text) for text in HOSTILE]


def test_the_page_has_the_elements_and_attributes_of_a_harmless_one(pages: tuple[Page, Page]) -> None:
    hostile, plain = pages
    assert [(t, [n for n, _ in a]) for t, a in hostile.elements] == [(t, [n for n, _ in a]) for t, a in plain.elements]


def test_every_attribute_and_every_text_holds_what_the_data_say(pages: tuple[Page, Page]) -> None:
    hostile, plain = pages
    for (tag, ours), (_, theirs) in zip(hostile.elements, plain.elements, strict=True):
        for (name, value), (_, other) in zip(ours, theirs, strict=True):
            assert mask(unquoted(value)) == mask(unquoted(other)), (tag, name, value)
    # A citation leaves out a quotation mark at the edge of a name; what follows it is held against the data by words.
    # Fonts hold the letters that a page shows, so theirs differ.
    (ours, _, cited), (theirs, _, _) = (FONT.sub("", page.text).partition("It is said") for page in pages)
    assert mask(ours) == mask(theirs)
    assert "<img src=x onerror=alert(1)>" in cited and '#read("/etc/passwd")' in cited


def test_attributes_are_the_texts_to_the_letter(pages: tuple[Page, Page]) -> None:
    page = pages[0]
    shown = [printable(text) for text in HOSTILE]
    assert page.values("meta", "content", name="author") == shown
    assert page.values("meta", "content", name="description") == [" ".join(shown)]
    assert page.values("meta", "http-equiv") == ["Content-Security-Policy"]
    (label,) = page.values("svg", "aria-label")  # where the report sets apostrophes and quotation marks
    assert re.sub("[‘’]", "'", label) == " ".join(" ".join(shown).split())
    assert URL in page.values("a", "href")
    assert all(a.startswith(("#", "https://example.org")) for a in page.values("a", "href"))
    (heads,) = page.values("table", "style")  # as properties, which the phone's cards show before each cell
    labels = [unquoted(one) for one in re.findall(r"--h\d+:'((?:[^'\\]|\\.)*)'", heads)]
    assert re.sub(r"--h\d+:'(?:[^'\\]|\\.)*'(?:;|$)", "", heads) == ""
    assert {re.sub("[‘’]", "'", one) for one in labels} == {" ".join(text.split()) for text in shown} | {"Last"}
    assert not any(name.startswith("on") for _, attrs in pages[0].elements for name, _ in attrs)


def test_no_control_of_writing_is_left(pages: tuple[Page, Page]) -> None:
    everything = pages[0].text + "".join(v for _, attrs in pages[0].elements for _, v in attrs)
    assert not re.search("[\u202a-\u202e\u2066-\u2069\x00]", everything)


def test_word_and_pdf_carry_the_literal_text(edition: Edition, tmp_path: Path) -> None:
    made = document(edition, HOSTILE, URL)
    write_docx(made.tree, tmp_path / "r.docx", meta=meta(HOSTILE), resources=made.resources)
    with zipfile.ZipFile(tmp_path / "r.docx") as archive:
        for name in archive.namelist():
            if name.endswith((".xml", ".rels")):
                ElementTree.fromstring(archive.read(name))
        core = ElementTree.fromstring(archive.read("docProps/core.xml"))
        body = "".join(ElementTree.fromstring(archive.read("word/document.xml")).itertext())
    title = next(e.text for e in core.iter() if e.tag.endswith("}title"))
    assert title == HOSTILE[0]
    for text in HOSTILE:
        assert "".join(printable(text).split()) in "".join(body.split())
    write_pdf(made.tree, tmp_path / "r.pdf", meta=meta(HOSTILE), resources=made.resources)
    with pikepdf.open(tmp_path / "r.pdf") as pdf:
        assert str(pdf.docinfo["/Title"]) == HOSTILE[0]
        assert "/JavaScript" not in str(pdf.Root) and "/OpenAction" not in pdf.Root
