"""Text in compared with text out: words that a reader of the notebook sees and a reader of the document would not."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from nbtypst import ast
from nbtypst.ast import Node

_WORD = re.compile(r"\w{2,}")
_SHOWN = 8  # words that a warning names


def words(text: str) -> Counter[str]:
    """Words of two letters and more, however they are written."""
    return Counter(_WORD.findall(text.casefold()))


def unread(seen: str, blocks: list[Node]) -> list[str]:
    """Words of `seen`, what a browser shows of a cell, that its blocks have not, or have less often."""
    missing = words(seen)
    if missing:
        missing -= words(_whole(blocks))
    return list(missing)


def unwritten(blocks: list[Node], source: str) -> Iterator[tuple[str, list[str]]]:
    """Cells of the numbered tree, each with words of it that are nowhere in the document's source.

    Parameters
    ----------
    blocks : list of Node
        The tree, with the Divs ``cell-place`` that say where a cell begins.
    source : str
        Typst source of the document.
    """
    plain = re.sub(r"\\\\|\\n|\\u\{[0-9a-f]+\}|[\u200b\\]", "", source.casefold())
    there = set(_WORD.findall(plain))
    joined = ""
    for place, own in _cells(blocks):
        gone = []
        for word in words(_whole(ast.transform(own, _uncoloured), between=" ")):
            if word in there:
                continue
            joined = joined or re.sub(r"\W+", "", plain)  # a long word is broken, a number parted
            if word not in joined:
                gone.append(word)
        if gone:
            yield place, gone


def message(missing: list[str]) -> str:
    """A warning's text."""
    more = f" and {len(missing) - _SHOWN} more" if len(missing) > _SHOWN else ""
    return f"words of this cell are lost: {', '.join(w[:30] for w in missing[:_SHOWN])}{more}"


def _uncoloured(node: Node) -> list[Node] | None:
    """Coloured output has marks of its colours where its lines are broken, in the middle of words."""
    return [] if node["t"] == "LineBlock" else None


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
        kind = node["t"]
        if kind == "Str":
            parts += [node["c"], " " if id(node) in ends else between]
        elif kind == "Wait":
            parts += [f" {said} " for said in node["c"] if isinstance(said, str)]
        elif kind == "Code":
            parts += [node["c"][1], between]
        elif kind == "CodeBlock":
            parts.append(f" {node['c'][1]} ")
        elif kind == "Image":
            parts.append(" ")
            ends |= {id(last) for last in node["c"][1][-1:]}
        elif kind not in ("Emph", "Strong", "Strikeout", "Superscript", "Subscript", "Underline", "Link", "Span"):
            parts.append(" ")
    return "".join(parts)
