"""Markup waits here until all of it is read: by Jupyter's rules, as HTML, or by one run of Pandoc.

A builder puts a slot into the tree where parsed markup shall stand; `Fragments.fill` reads every
fragment, cleans what was read and puts it in the slots.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from nbtypst import ast, pandoc
from nbtypst.ast import Node
from nbtypst.clean import Cleaner
from nbtypst.jupyter import Jupyter
from nbtypst.lines import as_inlines

Reader = Callable[[Sequence[tuple[str, str]]], list[list[Node] | None]]
LONGEST = 1_100_000  # characters of one fragment; longer ones are shown as they are, cut


@dataclass
class Fragments:
    """Fragments of markup in the order in which they were added.

    Parameters
    ----------
    text : Jupyter, optional
        Reads Markdown as Jupyter does, and HTML; without it Pandoc reads both, in its own dialect of Markdown.
    reading : callable
        As `pandoc.read_fragments`, for whoever has read some of them before.
    """

    text: Jupyter | None = None
    reading: Reader = pandoc.read_fragments
    items: list[tuple[str, str]] = field(default_factory=list)
    cleaners: list[Cleaner] = field(default_factory=list)
    readers: list[Jupyter | None] = field(default_factory=list)

    def blocks(self, text: str, cleaner: Cleaner, fmt: str = "") -> Node:
        """A slot for the blocks of `text`: a notebook's own Markdown, where no format is named."""
        return self._slot("blocks", text, cleaner, fmt)

    def inlines(self, text: str, cleaner: Cleaner, fmt: str = pandoc.RECORD_MARKDOWN) -> Node:
        """A slot for the inlines of `text`; several paragraphs become lines of one."""
        return self._slot("inlines", text, cleaner, fmt)

    def _slot(self, kind: str, text: str, cleaner: Cleaner, fmt: str) -> Node:
        self.items.append((fmt or pandoc.MARKDOWN, ast.printable(text)[:LONGEST]))
        self.cleaners.append(cleaner)
        self.readers.append(self.text if fmt in ("", pandoc.HTML) else None)
        return {"t": "Slot", "c": {"kind": kind, "index": len(self.items) - 1}}

    def fill(self, tree: Any) -> Any:
        """`tree` with every slot replaced by what was read; at the tree's own order of fragments."""
        # Once each: half of a report's are the same, cells of tables say things again and again.
        once = list(dict.fromkeys(i for i, r in zip(self.items, self.readers, strict=True) if r is None))
        read = dict(zip(once, self.reading(once), strict=True))
        done: list[list[Node]] = []
        for item, cleaner, reader in zip(self.items, self.cleaners, self.readers, strict=True):
            text = item[1]
            if reader is None:
                blocks = read[item]
            else:
                blocks = reader.html(text, cleaner.warn) if item[0] == pandoc.HTML else reader.read(text, cleaner.warn)
            if blocks is None:
                cleaner.warn("markup that Pandoc cannot read is shown as it stands")
                blocks = [ast.code_block(text)]
            done.append(cleaner.clean(blocks))
        done = self._finished(done)

        def put(node: Node) -> list[Node] | None:
            if node["t"] != "Slot":
                return None
            blocks = done[node["c"]["index"]]
            return blocks if node["c"]["kind"] == "blocks" else as_inlines(blocks)

        return ast.transform(tree, put)

    def _finished(self, done: list[list[Node]]) -> list[list[Node]]:
        """What one fragment of a notebook says of another, in its place."""
        for reader in {id(r): r for r in self.readers if r is not None}.values():
            own = [i for i, r in enumerate(self.readers) if r is reader]
            cleaners = [self.cleaners[i] for i in own]
            finished = reader.finish([done[i] for i in own], lambda n, message, c=cleaners: c[n].warn(message))  # type: ignore[misc]
            for i, blocks in zip(own, finished, strict=True):
                done[i] = blocks
        return done
