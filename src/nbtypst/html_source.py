"""HTML as its elements: which are blocks, what is seen of them, their text with its blanks as inlines."""

from __future__ import annotations

import re
from typing import Any

import lxml.html

from nbtypst import ast
from nbtypst.ast import Node


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


GONE = _names(
    "script style template head title meta link iframe object embed applet noscript canvas svg math select textarea"
    " input datalist param source track map area col colgroup"
)
BLOCKS = _names(
    "address article aside blockquote body center dd details dialog dir div dl dt fieldset figcaption figure footer"
    " form h1 h2 h3 h4 h5 h6 header hgroup hr html legend li main menu nav nb-note-text nb-target ol p pre search"
    " section summary table ul video audio"
)
_SILENT = frozenset(("script", "style", "template", "head"))
_APART = BLOCKS | {"td", "th", "br"}  # a blank parts their text from what stands around them
IGNORED = frozenset(("tex2jax_ignore", "mathjax_ignore"))  # classes; pandas sets them where MathJax is not wanted
_SPACE = re.compile(r"([ \t\r\n\f]+)")
_UNSEEN = re.compile(r"(?:^|;)\s*display\s*:\s*none\b", re.IGNORECASE)
# What stands behind one of these is not read as HTML: without its end it would take all the rest with it.
_SWALLOWING = re.compile(r"<(title|textarea|style|xmp|iframe|noembed|noframes|script|plaintext)\b[^>]*>", re.IGNORECASE)
# A browser lets paragraphs and divisions stand in a heading; to the parser they would end it.
_HEADING = re.compile(r"(<(h[1-6])\b[^>]*>)(.*?)(</\2\s*>)", re.IGNORECASE | re.DOTALL)
_IN_HEADING = re.compile(r"<(/?)(?:p|div|center|section)\b([^>]*)>", re.IGNORECASE)
_SOFT = ("Space", "SoftBreak")
_BLANKS = (*_SOFT, "LineBreak")


def words(text: str) -> list[Node]:
    """Literal text; line ends as soft breaks."""
    out: list[Node] = []
    for piece in _SPACE.split(text):
        if _SPACE.fullmatch(piece):
            out.append({"t": "SoftBreak" if "\n" in piece else "Space"})
        elif piece:
            out.append(ast.string(piece))
    return out


def seen(source: str) -> str:
    """The text that a browser would show of an HTML fragment, blanks aside."""
    body = root(source)
    if body is None:
        return ""
    for element in list(body.iter("*")):
        if element.tag in _SILENT or unseen(element):
            element.clear(keep_tail=True)
        elif element.tag in _APART:
            element.text = f" {element.text or ''}"
            element.tail = f" {element.tail or ''}"
    return str(body.text_content())


def root(source: str) -> Any:
    """The body of an HTML fragment; None where there is nothing."""
    if not source.strip():
        return None
    source = _SWALLOWING.sub(lambda m: m[0] if re.search(rf"</{m[1]}\s*>", m.string[m.end() :], re.I) else "", source)
    source = _HEADING.sub(lambda m: m[1] + _IN_HEADING.sub(r" <\1span\2>", m[3]) + m[4], source)
    parser = lxml.html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=True)
    return lxml.html.document_fromstring(f"<html><body>{source}</body></html>", parser=parser).find("body")


def tidy(inlines: list[Node]) -> list[Node]:
    """Inlines with one blank where several were, and none at the ends."""
    out: list[Node] = []
    for node in inlines:
        kind = node["t"]
        before = out[-1]["t"] if out else "LineBreak"
        if kind in _SOFT and before in _BLANKS:
            continue
        if kind == "LineBreak":
            _end_without(out, _SOFT)
        if kind == before == "Str":
            out[-1] = ast.string(out[-1]["c"] + node["c"])
        else:
            out.append(node)
    _end_without(out, _BLANKS)
    return out


def _end_without(inlines: list[Node], blanks: tuple[str, ...]) -> None:
    while inlines and inlines[-1]["t"] in blanks:
        inlines.pop()


def unseen(element: Any) -> bool:
    """Whether a browser hides an element."""
    return element.get("hidden") is not None or bool(_UNSEEN.search(element.get("style") or ""))


def is_block(element: Any) -> bool:
    """Whether an element is a block, or holds one."""
    if not isinstance(element.tag, str) or element.tag in GONE:
        return False
    if element.tag in BLOCKS:
        return True
    return any(isinstance(inner.tag, str) and inner.tag in BLOCKS for inner in element.iterdescendants())
