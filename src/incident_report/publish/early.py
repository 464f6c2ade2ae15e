"""Pandoc reads the texts of a chapter as soon as it has run, while others still do; the report finds them read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from json import dumps, loads
from pathlib import Path
from typing import Any

from incident_report.store import Store
from nbtypst import pandoc
from nbtypst.ast import Node
from nbtypst.tree import Options, read_notebooks

OPTIONS = Options(code="fold", markdown="pandoc")


def quiet(node: Mapping[str, Any]) -> dict[str, Any]:
    """A chapter without what libraries say of themselves: "building the font cache" is no finding.

    Nor has it the outputs of cells that are tagged ``remove-output``: working that a researcher wants to see and a
    reader does not.
    """
    return {**node, "cells": [_quiet(cell) if cell["cell_type"] == "code" else cell for cell in node["cells"]]}


def _quiet(cell: Mapping[str, Any]) -> dict[str, Any]:
    hidden = "remove-output" in cell["metadata"].get("tags", ())
    return {**cell, "outputs": [] if hidden else [o for o in cell["outputs"] if o.get("name") != "stderr"]}


class Early:
    """Reads fragments of markup as `pandoc.read_fragments` does, and none twice: not those that a store has, either.

    What a text is read as depends on nothing but the text and the reader, so reading a chapter by itself before the
    report is put together changes nothing but the time, and what the build before read is still right.

    Parameters
    ----------
    store : Store, optional
    key : str
        What the store has them under: of the reader, and of the report whose texts they are.
    """

    def __init__(self, store: Store | None = None, key: str = "") -> None:
        self._store, self._key = store or Store(None), key
        self._pool = ThreadPoolExecutor(1)

    @cached_property
    def _read(self) -> dict[tuple[str, str], list[Node] | None]:
        found = self._store.get(self._key)
        return {(fmt, text): blocks for fmt, text, blocks in loads(found)} if found else {}

    def chapter(self, path: Path, node: Any) -> None:
        """Begin to read an executed chapter; a fault in it is told when the report is put together."""
        self._pool.submit(read_notebooks, [(path.stem, quiet(node))], OPTIONS, self._fragments)

    def finish(self, items: Sequence[tuple[str, str]]) -> list[list[Node] | None]:
        """Fragments of the whole report, when what has begun is done."""
        self._pool.shutdown()
        read = self._fragments(items)
        kept = [[*i, r] for i, r in zip(items, read, strict=True) if r is not None]  # a busy machine reads less
        self._store.put(self._key, dumps(kept).encode())
        return read

    def _fragments(self, items: Sequence[tuple[str, str]]) -> list[list[Node] | None]:
        new = [item for item in items if item not in self._read]
        self._read.update(zip(new, pandoc.read_fragments(new), strict=True))
        return [self._read[item] for item in items]
