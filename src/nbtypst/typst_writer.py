"""The tree as Typst source.

Pandoc writes (and escapes) all prose. What Pandoc's writer does not know (records, descriptions of
pictures and formulas, terminal output) becomes calls of the functions in ``base.typ``, with every
text either a string literal or content that Pandoc escapes: blocks in `typst_blocks`, what stands
in a line in `typst_inlines`.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from functools import partial
from itertools import pairwise
from pathlib import Path
from typing import Any

from nbtypst import ast, languages, pandoc
from nbtypst.ast import Node
from nbtypst.typst_blocks import CONTAINERS, Blocks
from nbtypst.typst_compile import FILE
from nbtypst.typst_inlines import LONGEST, inline
from nbtypst.typst_layout import Room
from nbtypst.typst_marks import mark
from nbtypst.typst_values import label, literal, spelled

HERE = Path(__file__).parent
_WORDS = re.compile(r"^#let nb-words = .*$", re.MULTILINE)
_BASE = "// nbtypst: base"
_CUT = "// nbtypst: cut"  # ends a part: what Pandoc writes between its last block and the next stays
_PARTS, _FEW = 4, 50  # parts of a long document, and blocks of which one part has no less


def typst_source(
    blocks: list[Node],
    meta: Mapping[str, Any],
    *,
    template: str | None = None,
    fold: str = "drop",
    contents: bool = False,
    lists: bool = False,
    room: Room | None = None,
    warn: Callable[[str], None] = lambda _: None,
) -> str:
    """A whole Typst document.

    Parameters
    ----------
    blocks : list
        The numbered tree.
    meta : mapping
        ``title``, ``subtitle``, ``kicker``, ``edition``, ``authors`` (list), ``date`` (a date), ``lang``
        (``en-GB``), ``description``, ``keywords`` (list), ``facts`` (list of label and value),
        ``colophon`` (list of paragraphs); all optional but the title.
    template : str, optional
        Typst source that defines ``nb-style`` and ``nb-document``, with a line ``// nbtypst: base``.
    fold : str
        ``drop`` or ``show`` code that a web page would fold.
    contents, lists : bool
        Print contents before the first numbered chapter, lists of figures and tables at the end.
    room : Room, optional
        Width of the text; that of A4 with margins of 25 mm without it.
    warn : callable
        Told what is set otherwise than it was meant: tables that are turned or parted, headings without words.
    """
    front = any("front-page" in ast.classes_of(b) for b in blocks)
    opening = [ast.raw(f"#nb-opening({literal(_meta(meta))})")] if front else []
    change = Blocks(fold, room, warn, str(meta.get("lang") or languages.ENGLISH))
    parts = _parts(blocks)
    held = json.dumps(blocks)
    own = FILE in held or '["typst", ' in held  # what Typst's own source defines, all below it may use
    with ThreadPoolExecutor(len(parts)) as pool:  # Pandoc writes one part while the next is shaped
        written = []
        for i, part in enumerate(parts):
            shaped = shape(part if own else _filed(part), change, room)
            if contents and not i:
                at = _front(shaped)
                shaped[at:at] = [*opening, ast.raw("#nb-contents(contents: true)")]
            if part is parts[-1]:
                shaped += [ast.raw("#nb-contents(lists: true)")] if lists else []
            else:
                shaped.append(ast.raw(_CUT))
            written.append(pool.submit(_written, shaped))
        body = "".join(one.result().removesuffix(f"{_CUT}\n") for one in written)
    look = template if template is not None else (HERE / "default.typ").read_text(encoding="utf-8")
    base = (HERE / "base.typ").read_text(encoding="utf-8")
    words = literal(languages.words(str(meta.get("lang") or languages.ENGLISH)))
    base = _WORDS.sub(lambda _: f"#let nb-words = {words}", base, count=1)
    values = _meta(meta) | {"front": front}
    settings = f"{literal(values)[:-1]}name: {spelled(values['title'])})"
    begun = f"#show: nb-document.with({settings})\n"
    return "\n".join([look.replace(_BASE, base, 1), *([] if own else [FILE]), begun, body])


def _front(shaped: list[Node]) -> int:
    """Where contents stand: before the first numbered chapter, and what says in which direction its heading runs."""
    for i, block in enumerate(shaped):
        if _chapter(block):
            before = shaped[i - 1] if i else block
            return i - (before["t"] == "RawBlock" and before["c"][1].startswith(("#nb-ltr(", "#nb-rtl-heading(")))
    return 0


_TEXTS = ("subtitle", "kicker", "mark", "state", "edition", "description", "day")
_LISTS = ("authors", "keywords", "colophon")


def _meta(meta: Mapping[str, Any]) -> dict[str, Any]:
    texts = {name: str(meta.get(name) or "") for name in _TEXTS}
    lists = {name: [str(v) for v in meta.get(name) or []] for name in _LISTS}
    return {
        **texts,
        **lists,
        **_place_and_day(meta),
        "title": str(meta.get("title") or "Untitled"),
        "edition": texts["edition"] or texts["kicker"],
        "facts": [[str(a), str(b)] for a, b in meta.get("facts") or []],
        "titled": bool(meta.get("titled", True)),
        "numbered": bool(meta.get("numbered", False)),
    }


def _place_and_day(meta: Mapping[str, Any]) -> dict[str, Any]:
    """Language and region as Typst wants them, and the date as three numbers."""
    day = meta.get("date")
    lang, _, region = str(meta.get("lang") or languages.ENGLISH).partition("-")
    return {
        "lang": lang or languages.ENGLISH,
        "region": region.lower() or None,
        "date": [day.year, day.month, day.day] if isinstance(day, date) else None,
    }


def shape(blocks: list[Node], change: Blocks, room: Room | None = None) -> list[Node]:
    """The tree with everything that Pandoc's Typst writer would lose as calls of our functions.

    Blocks first, while their text is still text; then what is left inside them.
    """
    copy = ast.transform(blocks, _labelled, leaves=False)
    mark(copy, CONTAINERS)
    structured = ast.transform(copy, change.node, leaves=False)
    return ast.transform(structured, partial(inline, lang=change.lang, longest=(room or Room()).word(LONGEST)))


def _written(blocks: list[Node]) -> str:
    return pandoc.write(ast.document(blocks), "typst-smart", "--wrap=none", "--syntax-highlighting=idiomatic").decode()


def _filed(blocks: list[Node]) -> list[Node]:
    """Blocks with a line before every heading that says that a file begins, as `typst_compile.press` takes it."""
    return [node for block in blocks for node in ([ast.raw(FILE), block] if block["t"] == "Header" else [block])]


def _parts(blocks: list[Node]) -> list[list[Node]]:
    """Blocks in a few parts, each but the first begun by a heading; the first holds the first numbered chapter's."""
    starts = [0]
    first = next((i for i, b in enumerate(blocks) if _chapter(b) and ast.says_something(b["c"][2])), len(blocks))
    for i, block in enumerate(blocks):
        if block["t"] == "Header" and i > first and i - starts[-1] >= max(_FEW, len(blocks) // _PARTS):
            starts.append(i)
    return [blocks[a:b] for a, b in pairwise([*starts, len(blocks)])]


def _chapter(block: Node) -> bool:
    """Whether it is the heading of a numbered chapter."""
    return block["t"] == "Header" and block["c"][0] == 1 and "unnumbered" not in block["c"][1][1]


def _labelled(node: Node) -> Node | None:
    """A node whose id, or the id that it points at, is a label; a heading's formulas stand in its line."""
    for formula in ast.nodes(node["c"][2]) if node["t"] == "Header" else ():
        if formula["t"] == "Math":
            formula["c"][0] = {"t": "InlineMath"}
    triple = ast.attr_of(node)
    if triple is not None and triple[0]:
        triple[0] = label(triple[0])
    if node["t"] == "Link" and node["c"][2][0].startswith("#"):
        node["c"][2][0] = label(node["c"][2][0])
    return None
