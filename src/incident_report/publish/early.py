"""Pandoc reads the texts of a chapter as soon as it has run, while others still do; the report finds them read."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from nbtypst import pandoc
from nbtypst.ast import Node
from nbtypst.tree import Options, read_notebooks

OPTIONS = Options(code="fold", markdown="pandoc")


class Early:
    """Reads fragments of markup as `pandoc.read_fragments` does, and none twice.

    What a text is read as depends on nothing but the text, so reading a chapter by itself before the report is
    put together changes nothing but the time.
    """

    def __init__(self) -> None:
        self._read: dict[tuple[str, str], list[Node] | None] = {}
        self._pool = ThreadPoolExecutor(1)

    def chapter(self, path: Path, node: Any) -> None:
        """Begin to read an executed chapter; a fault in it is told when the report is put together."""
        from incident_report.publish.gather import ChapterExporter

        made = ChapterExporter().from_notebook_node(node)[0]
        self._pool.submit(read_notebooks, [(path.stem, made)], OPTIONS, self._fragments)

    def finish(self, items: Sequence[tuple[str, str]]) -> list[list[Node] | None]:
        """Fragments of the whole report, when what has begun is done."""
        self._pool.shutdown()
        return self._fragments(items)

    def _fragments(self, items: Sequence[tuple[str, str]]) -> list[list[Node] | None]:
        new = [item for item in items if item not in self._read]
        self._read.update(zip(new, pandoc.read_fragments(new), strict=True))
        return [self._read[item] for item in items]
