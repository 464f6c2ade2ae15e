"""Text in compared with text out: words that a reader of the notebook sees and a reader of the document would not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from nbtypst import ast
from nbtypst.ast import Node
from nbtypst.typst_repair import MARK

# Signs of any script, with the signs over and under them; ASCII's punctuation, quotation marks and dashes part words.
_WORD = re.compile(r"[^\s\x00-/:-@\[-^`{-\x9f\u200b\u2010-\u201f\u2026]+")
_ESCAPE = re.compile(r"\\\\|\\n|\\t|\\u\{[0-9a-f]+\}|[\u200b\\]")
# Source that prints nothing: labels, colours, and the words by which a table's columns are measured.
_ASIDE = re.compile(r'^<\S+>$|#link\(<\S+?>\)|"ansi-[\w-]+"|\bwords: \(\(\(.*?\), \), spans: .*?, widths: ', re.M)
_PLACE = re.compile(rf"^{MARK}(.+)$", re.M)
_SHOWN = 8  # words that a warning names
_NO_BREAK = frozenset(("Emph", "Strong", "Strikeout", "Superscript", "Subscript", "Underline", "Link", "Span"))


def words(text: str) -> Counter[str]:
    """Words, however they are written."""
    return Counter(_WORD.findall(text.casefold()))


def unread(seen: str, blocks: list[Node]) -> list[str]:
    """Words of `seen`, what a browser shows of a cell, that its blocks have not, or have less often."""
    missing = words(seen)
    if missing:
        missing -= words(_whole(blocks))
    return list(missing)


def unwritten(blocks: list[Node], source: str) -> Iterator[tuple[str, list[str]]]:
    """Cells of the numbered tree, each with words of it that its part of the document's source has not, or less often.

    Parameters
    ----------
    blocks : list of Node
        The tree, with the Divs ``cell-place`` that say where a cell begins.
    source : str
        Typst source of the document.
    """
    first, *others = _PLACE.split(source)
    written = {"": first, **dict(zip(others[::2], others[1::2], strict=True))}
    for place, own in _cells(blocks):
        found = _WORD.findall(_printed(written.get(place, "")).casefold())
        wanted = words(_whole(ast.transform(own, _without_label), between=" "))
        missing = wanted - Counter(found)
        joined = "".join(found) if missing else ""  # a long word is broken, a number parted
        if gone := [word for word in missing if joined.count(word) < wanted[word]]:
            yield place, gone


def _without_label(node: Node) -> list[Node] | None:
    """Nothing in the place of what figures and tables are called: source says it in the functions' own words."""
    return [] if node["t"] == "Span" and "record-label" in ast.classes_of(node) else None


def _printed(source: str) -> str:
    """The text in a piece of source, with the names of functions."""
    return _ESCAPE.sub(lambda m: " " if m[0] in ("\\n", "\\t") else "", _ASIDE.sub(" ", source))


def message(missing: list[str]) -> str:
    """A warning's text."""
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    return f"words of this cell are lost: {', '.join(w[:30] for w in missing[:_SHOWN])}{more}"


def _cells(blocks: list[Node]) -> Iterator[tuple[str, list[Node]]]:
    place = ""
    own: list[Node] = []
    for block in blocks:
        if "cell-place" in ast.classes_of(block):
            yield place, own
            place, own = dict(block["c"][0][2]).get("place", ""), []
        else:
            own.append(block)
    yield place, own


def _whole(blocks: list[Node], between: str = "") -> str:
    """All text, that of notes too; formulas aside, which are said otherwise than they are written.

    `between` stands where an inline element begins, which is no break to a reader, but one in source.
    """
    parts: list[str] = []
    ends: set[int] = set()  # last words of what pictures show
    for node in ast.nodes(blocks):
        parts += _said(node, " " if id(node) in ends else between)
        if node["t"] == "Image":
            ends |= {id(last) for last in node["c"][1][-1:] if last["t"] == "Str"}
    return "".join(parts)


def _said(node: Node, behind: str) -> list[str]:
    """The text of a node without that of the nodes in it; `behind` stands behind a word."""
    kind = node["t"]
    if kind == "Str":
        return [node["c"], behind]
    if kind == "Code":
        return [node["c"][1], behind]
    if kind == "CodeBlock":
        return [f" {node['c'][1]} "]
    if kind == "Wait":
        return [f" {said} " for said in node["c"] if isinstance(said, str)]
    return [] if kind in _NO_BREAK else [" "]
