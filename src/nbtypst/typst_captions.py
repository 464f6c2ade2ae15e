"""Captions: number, title and notes of a figure or table as the arguments of a call."""

from __future__ import annotations

import re

from nbtypst import ast, languages
from nbtypst.ast import Node
from nbtypst.clean import direction, leftward_language
from nbtypst.typst_inlines import RAGGED, guarded, raw
from nbtypst.typst_values import literal

_LONGEST = 2_500  # characters of a caption that stays on one page with what it names


def identifier(id: str) -> str:
    """An id as a Typst literal, ``none`` where there is none."""
    return literal(id or None)


def lengthy(caption: list[Node]) -> bool:
    """Whether a caption needs so much of a page that what it names has to break."""
    return len(ast.text_of(caption)) > _LONGEST


def captioned(function: str, id: str, lines: list[Node], lang: str) -> list[Node]:
    """A call's beginning: number, title and notes, in a document of a language."""
    read = [_without_label(_inlines(line)) for line in lines]
    number = next((found for found, _ in read if found), "")
    title, *below = [rest for _, rest in read] or [[]]
    out = [raw(f"#{function}(number: {literal(number)}, title: ["), *_turned(title, lang), raw("], notes: (")]
    for note in _notes(lines[1:], below):
        out += [raw("["), *_turned(note, lang), raw("], ")]
    return [*out, raw("), ")]


def _notes(lines: list[Node], read: list[list[Node]]) -> list[list[Node]]:
    """Paragraphs of the lines below a title: how to read it, base and source run on in one."""
    notes: list[list[Node]] = []
    running = False
    for line, inlines in zip(lines, read, strict=True):
        if inlines and running:
            notes[-1] = [*notes[-1], {"t": "Space"}, *inlines]
        elif inlines:
            notes.append(inlines)
        running = bool(inlines) and _of_record(line)
    return notes


def _of_record(line: Node) -> bool:
    """Whether a line of a caption is one that a record has a name for."""
    alone = line["t"] == "Para" and len(line["c"]) == 1
    return alone and any(name.startswith("record-") for name in ast.classes_of(line["c"][0]))


def _inlines(line: Node) -> list[Node]:
    """What stands in a line of a caption, whether it is a paragraph or one that says in which direction it runs."""
    if line["t"] == "Div":
        line = next((b for b in line["c"][1] if b["t"] in ("Para", "Plain")), line)
    inlines: list[Node] = line["c"] if line["t"] in ("Para", "Plain") else ast.words(ast.text_of(line))
    return inlines[1:-1] if inlines[:1] == [raw(RAGGED)] else inlines  # no caption is justified


def _turned(inlines: list[Node], lang: str) -> list[Node]:
    """Inlines in their own direction, where that is not the document's."""
    way = direction(inlines)
    if not way or (way == "rtl") == (lang.partition("-")[0] in languages.LEFTWARD):
        return guarded(inlines)
    own = f", lang: {literal(leftward_language(inlines))}" if way == "rtl" else ""
    return [raw(f"#text(dir: {way}{own})["), *guarded(inlines), raw("]")]


def _without_label(inlines: list[Node]) -> tuple[str, list[Node]]:
    """The number in a Span ``record-label`` and the inlines without it (and without their Strong)."""
    number = ""

    def drop(node: Node) -> list[Node] | None:
        nonlocal number
        if node["t"] == "Span" and "record-label" in node["c"][0][1]:
            number = "".join(re.findall(r"[\d.]*\d", ast.text_of(node["c"][1])))
            return []
        if node["t"] == "Span" and "record-title" in node["c"][0][1]:
            return node["c"][1]
        return None

    out = ast.transform(inlines, drop)
    if out and out[0]["t"] == "Strong":
        out = [*out[0]["c"], *out[1:]]  # the template decides what is bold
    while out and out[0]["t"] == "Space":
        out = out[1:]
    return number, out
