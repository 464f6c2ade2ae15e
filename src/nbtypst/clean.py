"""What is left of parsed markup: no raw output, no foreign attributes, no unknown link or image."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from nbtypst import ast
from nbtypst.ast import Node

SCHEMES = re.compile(r"(?:https?://[^\s]+|mailto:[^\s]+|#.+)\Z", re.IGNORECASE)
HEADING = 2_000  # characters: PDF takes no heading of 32,768
_LEFTWARDS = re.compile("[\u0590-\u08ff\u200f\ufb1d-\ufdff\ufe70-\ufeff\U00010800-\U00010fff\U0001e800-\U0001efff]")
_NAME = re.compile(r"[\w.:-]{1,80}\Z")
_SIZE = re.compile(r"\d{1,4}(?:\.\d{1,3})?(?:%|px|in|cm|mm|pt)?\Z")
_KEPT_CLASSES = re.compile(
    r"(?:key-findings|finding|observation|inference|judgement|caveat|prose|note|unnumbered|unlisted|task-list"
    r"|footnotes|smallcaps|underline|mark|uri|email|[a-z][a-z0-9+#-]{0,20})\Z"
)
_KEPT = {"dir": re.compile(r"(?:ltr|rtl)\Z"), "lang": _NAME}  # attributes, and what they may say
_KEPT_OF_IMAGES = {**_KEPT, "width": _SIZE, "height": _SIZE}


def keep_no_image(_target: str, _alt: str) -> str | None:
    """The image finder of text that may show none."""
    return None


@dataclass
class Cleaner:
    """Cleans the blocks of one cell, output or record.

    Parameters
    ----------
    find_image : callable
        Target and description of an image -> its name among the resources, or None.
    on_heading : callable
        A Header block, to be given its id.
    warn : callable
        Takes a message.
    """

    find_image: Callable[[str, str], str | None] = keep_no_image
    on_heading: Callable[[Node], None] = lambda _node: None
    warn: Callable[[str], None] = lambda _message: None

    def clean(self, blocks: list[Node]) -> list[Node]:
        """Cleaned copy of `blocks`."""
        return ast.transform(blocks, self._node)

    def _node(self, node: Node) -> Node | list[Node] | None:
        kind = node["t"]
        triple = ast.attr_of(node)
        if triple is not None:
            _clean_attr(triple, sized=kind == "Image")
        if kind == "Str":
            return ast.string(ast.printable(node["c"]))
        if kind in ("Code", "CodeBlock", "Math"):
            node["c"][1] = ast.printable(node["c"][1])
        elif kind == "Link":
            return self._link(node)
        elif kind == "Image":
            return self._image(node)
        elif kind == "RawInline":
            return ast.words(ast.printable(node["c"][1]))
        elif kind == "RawBlock":
            return ast.para(ast.words(ast.printable(node["c"][1])))
        elif kind == "Header" and len(ast.text_of(node["c"][2])) > HEADING:
            self.warn(f"a heading of more than {HEADING:,} characters is no heading")
            return ast.para(node["c"][2])
        elif kind == "Header":
            self.on_heading(node)
        elif kind == "Figure":
            node["c"][1][1], node["c"][2] = map(_undirected, (node["c"][1][1], node["c"][2]))
        elif kind in ("Para", "Plain", "BulletList", "OrderedList") and written_leftwards([node]):
            return directed([node], "rtl")
        return None

    def _link(self, node: Node) -> Node | list[Node]:
        _, inlines, (target, _title) = node["c"]
        target = ast.printable(target).strip()
        if not SCHEMES.match(target):
            self.warn(f"link not kept: {target[:60]}")
            return inlines
        node["c"][2] = [target, ""]
        return node

    def _image(self, node: Node) -> Node | list[Node]:
        _, inlines, (target, _title) = node["c"]
        alt = ast.text_of(inlines)
        name = self.find_image(target, alt)
        if name is None:
            self.warn(f"image not kept: {target[:60]}")
            return ast.words(f"[image not shown: {alt or 'no description'}]")
        node["c"][1] = ast.words(alt or "Image; no description was given.")
        node["c"][2] = [name, ""]
        return node


def _clean_attr(triple: list[Any], sized: bool) -> None:
    kept = _KEPT_OF_IMAGES if sized else _KEPT
    triple[0] = triple[0] if _NAME.match(triple[0]) else ""
    triple[1] = [c for c in triple[1] if _KEPT_CLASSES.match(c)]
    triple[2] = [[key, value] for key, value in triple[2] if key in kept and kept[key].match(value)]


def written_leftwards(blocks: list[Node]) -> bool:
    """Whether nearly all letters are written right to left; formulas and what pictures show aside.

    Names alone do not turn a sentence, however many it holds and wherever they stand in it.
    """
    if not _LEFTWARDS.search(ast.text_of(blocks)):
        return False  # as of nearly all texts
    found = letters(blocks)
    return found["AL"] + found["R"] > 3 * found["L"]


def direction(inlines: list[Node]) -> str:
    """``ltr`` or ``rtl``, as the first letter runs, unless more than twice as many run otherwise; or nothing."""
    ways = ["ltr" if way == "L" else "rtl" for way in _directions(inlines)]
    if not ways:
        return ""
    others = [way for way in ways if way != ways[0]]
    return others[0] if len(others) > 2 * (len(ways) - len(others)) else ways[0]


def directed(blocks: list[Node], way: str, lang: str = "") -> Node:
    """Blocks in a Div that says in which direction they run; without `lang` their letters tell the language."""
    return ast.div(blocks, dir=way, **({"lang": lang or leftward_language(blocks)} if way == "rtl" else {}))


def _undirected(blocks: list[Node]) -> list[Node]:
    """What stands in a figure: its picture or caption is no paragraph of the text."""
    turned = [block["t"] == "Div" and "dir" in dict(block["c"][0][2]) for block in blocks]
    return [b for block, own in zip(blocks, turned, strict=True) for b in (block["c"][1] if own else [block])]


def leftward_language(blocks: list[Node]) -> str:
    """``ar`` or ``he``, whichever has more letters here."""
    found = letters(blocks)
    return "ar" if found["AL"] >= found["R"] else "he"


def letters(blocks: list[Node]) -> Counter[str]:
    """How many letters run in each direction."""
    return Counter(_directions(blocks))


def _directions(blocks: list[Node]) -> list[str]:
    """In which direction each letter runs, near the beginning."""
    text = ast.text_of(ast.transform(blocks, lambda node: [] if node["t"] in ("Image", "Math") else None))
    return [way for way in map(unicodedata.bidirectional, text[:1000]) if way in ("L", "R", "AL")]
