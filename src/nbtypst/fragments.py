"""Markup waits here until all of it is read by one run of Pandoc.

A builder puts a slot into the tree where parsed markup shall stand; `Fragments.fill` reads every
fragment at once, cleans what was read and puts it in the slots.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from nbtypst import ast, pandoc
from nbtypst.ast import Node
from nbtypst.clean import Cleaner

LONGEST = 1_100_000  # characters of one fragment; longer ones are shown as they are, cut


@dataclass
class Fragments:
    """Fragments of markup in the order in which they were added."""

    items: list[tuple[str, str]] = field(default_factory=list)
    cleaners: list[Cleaner] = field(default_factory=list)

    def blocks(self, text: str, cleaner: Cleaner, fmt: str = pandoc.MARKDOWN) -> Node:
        """A slot for the blocks of `text`."""
        return self._slot("blocks", text, cleaner, fmt)

    def inlines(self, text: str, cleaner: Cleaner, fmt: str = pandoc.RECORD_MARKDOWN) -> Node:
        """A slot for the inlines of `text`; several paragraphs become lines of one."""
        return self._slot("inlines", text, cleaner, fmt)

    def _slot(self, kind: str, text: str, cleaner: Cleaner, fmt: str) -> Node:
        self.items.append((fmt, ast.printable(text)[:LONGEST]))
        self.cleaners.append(cleaner)
        return {"t": "Slot", "c": {"kind": kind, "index": len(self.items) - 1}}

    def fill(self, tree: Any) -> Any:
        """`tree` with every slot replaced by what was read; at the tree's own order of fragments."""
        once = list(dict.fromkeys(self.items))  # half of a report's: cells of tables say the same again and again
        read = dict(zip(once, pandoc.read_fragments(once), strict=True))
        done: list[list[Node]] = []
        for item, cleaner in zip(self.items, self.cleaners, strict=True):
            blocks, text = read[item], item[1]
            if blocks is None:
                cleaner.warn("markup that Pandoc cannot read is shown as it stands")
                blocks = [ast.code_block(text)]
            done.append(cleaner.clean(blocks))

        def put(node: Node) -> list[Node] | None:
            if node["t"] != "Slot":
                return None
            blocks = done[node["c"]["index"]]
            return blocks if node["c"]["kind"] == "blocks" else as_inlines(blocks)

        return ast.transform(tree, put)


def as_inlines(blocks: list[Node]) -> list[Node]:
    """Inlines of paragraphs, one line a paragraph; other blocks as their text."""
    out: list[Node] = []
    for block in blocks:
        if out:
            out.append({"t": "LineBreak"})
        if block["t"] in ("Para", "Plain"):
            out.extend(block["c"])
        elif block["t"] == "Header":
            out.extend(block["c"][2])
        else:
            out.extend(ast.words(ast.text_of(block)))
    return out
