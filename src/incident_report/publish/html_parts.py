"""The parts of the page by Pandoc, which writes again those sections that have changed."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import pairwise
from typing import Any

from markupsafe import Markup

from incident_report.present.lean import markup
from nbtypst import pandoc
from nbtypst.ast import Node, nodes, raw

_PART = "<!-- next part -->"
_END = "</section>\n"
_FEW = 25  # blocks that are worth a run of Pandoc of their own


def written(document: Mapping[str, Any], *parts: Sequence[Node]) -> list[Markup]:
    """Each part of the page as HTML by Pandoc, which escapes every text and attribute in them.

    The sections of the last part are written apart: what Pandoc made of those that have not changed may be kept.
    """
    *around, body = parts
    pieces = list(_pieces(body))
    runs = [[node for part in around for node in (*part, raw(_PART, "html"))][:-1], *(blocks for _, blocks in pieces)]

    def write(blocks: Sequence[Node]) -> str:
        return pandoc.write(
            {**document, "blocks": blocks, "meta": {}},
            "html5",
            "--mathml", "--section-divs", "--wrap=none", "--email-obfuscation=none",
        ).decode()  # fmt: skip

    with ThreadPoolExecutor(os.cpu_count()) as pool:
        first, *sections = pool.map(write, runs)
    made = [*first.split(_PART), _nested([inside for inside, _ in pieces], sections)]
    return [Markup(markup(part).strip("\n")) for part in made]  # noqa: S704


def _pieces(blocks: Sequence[Node]) -> Iterator[tuple[bool, Sequence[Node]]]:
    """Chapters, or the opening of a long one and then its sections, a few together; and whether it is sections.

    All is one where notes are, which are numbered through.
    """
    if any(node["t"] == "Note" for node in nodes(list(blocks))):
        yield False, blocks
        return
    for chapter in _parted(blocks):
        heading, *rest = chapter
        long = len(rest) > _FEW and heading["t"] == "Header" and heading["c"][0] < _highest(rest)
        inside = _parted(rest) if long else []
        opening = [] if not inside or inside[0][0]["t"] == "Header" else inside.pop(0)
        yield False, [heading, *opening] if inside else chapter
        few: list[Node] = []
        for section in inside:
            few += section
            if len(few) >= _FEW or section is inside[-1]:
                yield True, few
                few = []


def _parted(blocks: Sequence[Node]) -> list[Sequence[Node]]:
    """Blocks from one of the highest headings among them to the next."""
    highest = _highest(blocks)
    starts = [i for i, b in enumerate(blocks) if b["t"] == "Header" and b["c"][0] == highest]
    return [blocks[a:b] for a, b in pairwise(sorted({0, *starts, len(blocks)}))]


def _highest(blocks: Sequence[Node]) -> int:
    """The level of the highest headings; 0 where there is none."""
    return min((b["c"][0] for b in blocks if b["t"] == "Header"), default=0)


def _nested(inside: Sequence[bool], written: Sequence[str]) -> str:
    """The HTML of pieces, each chapter's sections before its end."""
    text = ""
    for before, within, piece in zip([False, *inside], inside, written, strict=False):
        if within and not before:
            text = text.removesuffix(_END)
        elif before and not within:
            text += _END
        text += piece
    return text + (_END if inside and inside[-1] else "")
