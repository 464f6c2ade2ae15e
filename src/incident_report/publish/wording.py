"""One house style for every word of a report: apostrophes, acronyms spelled out, charts named in the text.

What notebooks, phrasebook, story and data say is set the same way here, once, before anything is written.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence, Set
from typing import Any

from nbtypst import ast
from nbtypst.ast import Node

APART = ("Table", "Figure", "Header", "Code", "CodeBlock", "RawInline", "RawBlock", "Math")  # no running text
_LEFT_TO_RIGHT = "\u200e"
_RIGHT_TO_LEFT = "\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc"
_LEFTWARDS = re.compile(f"[{_RIGHT_TO_LEFT}]")
# A letter written from the right before a sign and a number outside such text, or before a number in brackets.
_NUMBER_BEHIND = re.compile(
    rf"[{_RIGHT_TO_LEFT}](?=[^\w\s{_RIGHT_TO_LEFT}]\W*+\d++\W*+(?![{_RIGHT_TO_LEFT}])|\s*+\(\d++\))"
)
_OPENING = re.compile(r"(?<![^\W_’.,!?)\]])'(?=\w)")


def curly(blocks: list[Node]) -> list[Node]:
    """Blocks with typographic apostrophes and single quotation marks, in running text and in titles of sources."""
    for node in ast.nodes(blocks):
        if node["t"] == "Str" and "'" in node["c"]:
            node["c"] = _OPENING.sub("‘", node["c"]).replace("'", "’")
    return blocks


def in_order(blocks: list[Node]) -> list[Node]:
    """Blocks in which a number that follows a sign behind Arabic or Hebrew text stays behind it.

    Without a mark of direction the day of (صحيفة, 12 May) would be set to the left of the name.
    """
    told = any(node["t"] == "Str" and _LEFTWARDS.search(node["c"]) for node in ast.nodes(blocks))
    for node in ast.nodes(blocks) if told else ():
        if node["t"] not in ("Para", "Plain", "Header"):
            continue
        inlines = node["c"][-1] if node["t"] == "Header" else node["c"]
        leaves = [n for n in ast.nodes(inlines) if n["t"] in ("Str", "Space", "SoftBreak", "LineBreak")]
        text, starts = "", []
        for leaf in leaves:
            starts.append(len(text))
            text += leaf["c"] if leaf["t"] == "Str" else " "
        for found in reversed(list(_NUMBER_BEHIND.finditer(text))):
            at = bisect_right(starts, found.end() - 1) - 1
            own, cut = leaves[at]["c"], found.end() - starts[at]
            leaves[at]["c"] = f"{own[:cut]}{_LEFT_TO_RIGHT}{own[cut:]}"
    return blocks


def acronym(short: str) -> re.Pattern[str]:
    """The acronym as a word of its own, in the plural and the genitive too."""
    return re.compile(rf"(?<![\w-]){re.escape(short)}(?=(?:s|[’']s?)?(?![\w-]))")


def spelled_out(blocks: list[Node], acronyms: Mapping[str, str]) -> list[Node]:
    """Blocks in which the first mention of each acronym, in running text, gives its long form before it.

    Parameters
    ----------
    blocks : list of Node
    acronyms : mapping of short -> long form

    Examples
    --------
    >>> told = spelled_out([ast.para(ast.words("The IZ was hit, the IZ again."))], {"IZ": "International Zone"})
    >>> ast.text_of(told)
    'The International Zone (IZ) was hit, the IZ again.'
    """
    waiting = {short: acronym(short) for short in acronyms}
    read = ""

    def inline(node: Node) -> Node | list[Node] | None:
        nonlocal read
        if node["t"] in ("Space", "SoftBreak", "LineBreak"):
            read += " "
        if node["t"] != "Str":
            return None
        text = node["c"]
        for short, pattern in list(waiting.items()):
            if not (found := pattern.search(text)):
                continue
            del waiting[short]
            defined = text[found.end() :] == ":"  # an entry of a list of abbreviations
            if not defined and acronyms[short].lower() not in read.lower():
                text = f"{text[: found.start()]}{acronyms[short]} ({short}){text[found.end() :]}"
        read += text
        return None if text == node["c"] else {"t": "Span", "c": [ast.attr(), ast.words(text)]}

    def block(value: Any) -> Any:
        nonlocal read
        if isinstance(value, list):
            return [block(v) for v in value]
        if not isinstance(value, dict) or value.get("t") in APART:
            return value
        if value.get("t") in ("Para", "Plain"):
            read = ""
            return {**value, "c": _running(value["c"], inline)}
        return {k: block(v) if k == "c" else v for k, v in value.items()}

    return [block(b) for b in blocks]


def _running(part: Any, change: Any) -> Any:
    """Inlines in the order in which they are read, notes and code left alone.

    What an element holds beside its inlines (attributes, citations, a target) stays as it is.
    """
    if not _inlines(part):
        return [_running(p, change) for p in part] if isinstance(part, list) else part
    out: list[Node] = []
    for node in part:
        if node["t"] in ("Note", "Image", *APART):
            out.append(node)
        elif node["t"] in ("Str", "Space", "SoftBreak", "LineBreak"):
            out.append(change(node) or node)
        else:
            out.append({**node, "c": _running(node["c"], change)})
    return out


def _inlines(part: Any) -> bool:
    return isinstance(part, list) and bool(part) and all(isinstance(n, dict) and "t" in n for n in part)


def named(blocks: list[Node]) -> list[Node]:
    """Blocks in which the text of a section names every figure and table that stands in it.

    One that no reference of its chapter names is named at the end of the paragraph that follows it in its
    section, or of the one before it where none follows. One that stands alone under its heading needs no
    name: the heading introduces it. What only the web page shows is named there, not in print.
    """
    cited = {c["citationId"] for n in ast.nodes(blocks) if n["t"] == "Cite" for c in n["c"][0]}
    for section in sections(blocks):
        for paragraph, ids, classes in _unnamed(section, cited):
            _mention(paragraph, ids, classes)
    return blocks


def record_id(block: Node) -> str:
    """The id of a figure or table; empty for any other block."""
    if block["t"] not in ("Figure", "Div"):
        return ""
    id, classes, _ = ast.attr_of(block) or ("", [], [])
    return id if id and (block["t"] == "Figure" or "table-record" in classes) else ""


def sections(blocks: list[Node]) -> Iterator[list[Node]]:
    """What stands before the first heading, then each heading with what stands below it."""
    section: list[Node] = []
    for block in blocks:
        if block["t"] == "Header":
            yield section
            section = []
        section.append(block)
    yield section


def _last_paragraph(block: Node) -> Node | None:
    if block["t"] == "Para":
        return block
    if block["t"] == "Div" and "prose" in ast.classes_of(block):
        found = [b for b in block["c"][1] if b["t"] == "Para"]
        return found[-1] if found else None
    return None


def _unnamed(section: Sequence[Node], cited: Set[str]) -> Iterator[tuple[Node, list[str], list[str]]]:
    """Each paragraph with the records that it has to name: those of print, then those of the web page by its class."""
    paragraphs = {at: p for at, block in enumerate(section) if (p := _last_paragraph(block)) is not None}
    found: dict[tuple[int, bool], list[str]] = {}
    for at, block in enumerate(section):
        if paragraphs and (id := record_id(block)) and id not in cited:
            place = next((p for p in paragraphs if p > at), max(paragraphs))
            found.setdefault((place, "web-only" in ast.classes_of(block)), []).append(id)
    for (place, web), ids in sorted(found.items()):
        yield paragraphs[place], ids, ["web-only"] * web


def _mention(paragraph: Node, ids: list[str], classes: list[str]) -> None:
    """Name records at the end of a paragraph, before its full stop, in a span of these classes where there are any."""
    inlines, stop = paragraph["c"], []
    if inlines and inlines[-1]["t"] == "Str" and inlines[-1]["c"].endswith("."):
        inlines[-1], stop = ast.string(inlines[-1]["c"][:-1]), [ast.string(".")]
    citations = [
        {
            "citationId": id, "citationPrefix": [], "citationSuffix": [], "citationMode": {"t": "NormalCitation"},
            "citationNoteNum": 0, "citationHash": 0,
        }
        for id in ids
    ]  # fmt: skip
    named = [{"t": "Space"}, {"t": "Cite", "c": [citations, [ast.string(f"[@{'; @'.join(ids)}]")]]}]
    inlines += [*([{"t": "Span", "c": [ast.attr(classes=classes), named]}] if classes else named), *stop]
