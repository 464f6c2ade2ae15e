"""Jupyter's Markdown by the examples of its specifications: same text and structure as the reference's HTML.

The tree is written as HTML and compared with the reference after both went through one plain reading: known elements,
what they point at, and text with its blanks collapsed. What differs is listed with its reason in differences.toml.
"""

from __future__ import annotations

import functools
import json
import re
import tomllib
from pathlib import Path
from urllib.parse import unquote

import lxml.html
import pytest

from nbtypst import ast, pandoc
from nbtypst.jupyter import Jupyter

HERE = Path(__file__).parent / "spec"
SPECIFICATIONS = ("commonmark-0.31.2", "gfm-0.29")
DIFFERENCES = tomllib.loads((HERE / "differences.toml").read_text(encoding="utf-8"))
_SHOWN = "p h1 h2 h3 h4 h5 h6 ul ol li pre code em strong del a img blockquote hr br table tr th td"
SHOWN = frozenset(_SHOWN.split())
UNSEEN = ("script", "style", "textarea", "title", "iframe", "head")
POINTING = {"a": "href", "img": "src", "ol": "start"}


def examples(name):
    return json.loads((HERE / f"{name}.json").read_text(encoding="utf-8"))


def outline(element) -> list[str]:
    """Elements and texts in order, e.g. ``["<p>", "a ", "<em>", "b", "</em>", "</p>"]``."""
    out: list[str] = []

    def walk(node) -> None:
        tag = node.tag if isinstance(node.tag, str) else ""
        tag = {"i": "em", "b": "strong", "s": "del"}.get(tag, tag)
        if not tag or tag in UNSEEN:
            return
        if tag == "input":
            out.append("☒ " if node.get("checked") is not None else "☐ ")
            return
        more = unquote(node.get(POINTING[tag]) or "") if tag in POINTING else ""
        more += " " + " ".join((node.get("alt") or "").split()) if tag == "img" else ""
        if tag in ("th", "td"):
            more = (re.findall(r"left|right|center", (node.get("style") or "") + (node.get("align") or "")) or [""])[0]
        if tag in SHOWN:
            out.append(f"<{tag} {more}>" if more else f"<{tag}>")
        out.append(node.text or "")
        for child in node:
            walk(child)
            out.append(child.tail or "")
        if tag in SHOWN and tag not in ("img", "hr", "br"):
            out.append(f"</{tag}>")

    walk(element)
    whole = re.sub(r"\s+", " ", "".join(out).replace("\ufeff", ""))
    block = r"(</?(?:p|h\d|ul|ol|li|pre|blockquote|hr|br|table|tr|th|td)(?: [^>]*)?>)"
    whole = re.sub(rf"\s*{block}\s*", r"\1", whole).replace(" </code></pre>", "</code></pre>")
    return [piece for piece in re.split(r"(<[^<>]*>)", whole.strip()) if piece]


def parsed(html: str):
    return lxml.html.document_fromstring(f"<html><body>{html}</body></html>").find("body")


@functools.cache
def shown(name) -> dict[int, list[str]]:
    """What we make of each example, by its number; one run of the writer for all."""
    divs = []
    for number, _, markdown, _ in examples(name):
        text = Jupyter([markdown])
        [blocks] = text.finish([text.read(markdown, print)], print)
        divs += [ast.raw(f'<div id="example-{number}">', "html"), *blocks, ast.raw("</div>", "html")]
    page = pandoc.write(ast.document(divs), "html", "--wrap=preserve", "--syntax-highlighting=none").decode()
    body = parsed(page)
    return {number: outline(body.get_element_by_id(f"example-{number}")) for number, *_ in examples(name)}


@pytest.mark.parametrize("name", SPECIFICATIONS)
def test_examples_have_the_text_and_structure_of_the_reference(name):
    found = shown(name)
    differing = {
        number for number, _, _, html in examples(name) if found[number] != outline(parsed(f"<div>{html}</div>"))
    }
    listed = {int(n) for reason in DIFFERENCES[name] for n in reason["examples"]}
    assert differing == listed, [(sorted(differing - listed), sorted(listed - differing))]


def test_each_difference_has_a_reason():
    for name in SPECIFICATIONS:
        for one in DIFFERENCES[name]:
            assert len(one["reason"].split()) > 5


def test_the_examples_are_all_there():
    assert [len(examples(name)) for name in SPECIFICATIONS] == [652, 673]
