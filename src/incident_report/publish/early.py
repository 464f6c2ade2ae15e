"""Chapters are read as soon as they have run, while others still do; the report finds them read."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from copy import copy
from functools import cached_property
from json import dumps, loads
from pathlib import Path
from typing import Any

from incident_report.present.words import Words
from incident_report.publish.absent import drop_absent
from incident_report.publish.annex import with_annex
from incident_report.store import Store
from nbtypst import pandoc
from nbtypst.ast import Node
from nbtypst.tree import Options, Tree, joined, read_apart

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


def spoken(chapter: str, node: Mapping[str, Any], words: Words) -> dict[str, Any]:
    """A chapter with the headings that the campaign's language has for its cells: ``05_what_next/title``.

    One that is written without its signs is of the level that the notebook's own heading has.
    """

    def said(cell: Mapping[str, Any]) -> Mapping[str, Any]:
        own = words.own(f"{chapter}/{cell.get('id', '')}") if cell["cell_type"] == "markdown" else ""
        if not own:
            return cell
        marks = re.match(r"#+ ", cell["source"])
        return {**cell, "source": words.text(own if own.startswith("#") else f"{marks[0] if marks else ''}{own}", {})}

    return {**node, "cells": [said(cell) for cell in node["cells"]]}


class Early:
    """Reads chapters, and no text of them twice: not those that a store has, either.

    What a chapter is read as depends on nothing but the chapter and the reader, so reading it by itself before the
    report is put together changes nothing but the time, and what the build before read of texts is still right.

    Parameters
    ----------
    words : Words
        Have the headings of the campaign's language, and the annex's.
    store : Store, optional
    key : str
        What the store has texts under: of the reader, and of the report whose they are.
    """

    def __init__(self, words: Words, store: Store | None = None, key: str = "") -> None:
        self._words, self._store, self._key = words, store or Store(None), key
        self._pool = ThreadPoolExecutor(1)
        self._used: dict[tuple[str, str], None] = {}
        self._apart: dict[str, tuple[Mapping[str, Any], Tree]] = {}

    @cached_property
    def _read(self) -> dict[tuple[str, str], list[Node] | None]:
        found = self._store.get(self._key)
        return {(fmt, text): blocks for fmt, text, blocks in loads(found)} if found else {}

    def chapter(self, path: Path, node: Any) -> None:
        """Begin to read an executed chapter; a fault in it is told when the report is put together."""
        self._pool.submit(self._ahead, path, copy(node))

    def tree(self, executed: Mapping[Path, Any]) -> Tree:
        """All chapters in the order given.

        Raises
        ------
        NotebookError
            When a record in an output is malformed.
        """
        self._pool.shutdown()
        found, ordered = None, self._ordered(executed)
        ahead = [self._apart[name][1] for name, node in ordered if self._apart.get(name, ("",))[0] == node]
        if len(ahead) == len(ordered):
            with suppress(ValueError):  # pictures of two have one name: each must know of the other
                found = joined(ahead)
        found = found or joined([read_apart(ordered, OPTIONS, self._fragments)])
        kept = [[*item, self._read[item]] for item in self._used if self._read[item] is not None]
        self._store.put(self._key, dumps(kept).encode())  # what a busy machine could not read is tried again
        return found

    def _ahead(self, path: Path, node: Any) -> None:
        for name, one in self._ordered({path: drop_absent(node)}):
            self._apart[name] = one, read_apart([(name, one)], OPTIONS, self._fragments)

    def _ordered(self, executed: Mapping[Path, Any]) -> list[tuple[str, Mapping[str, Any]]]:
        """Chapters as they stand in the report, what they have in its annex behind them."""
        told = [(path.stem, quiet(spoken(path.stem, node, self._words))) for path, node in executed.items()]
        return with_annex(told, self._words.phrase("annex_title"))

    def _fragments(self, items: Sequence[tuple[str, str]]) -> list[list[Node] | None]:
        """As `pandoc.read_fragments`."""
        new = [item for item in items if item not in self._read]
        self._read.update(zip(new, pandoc.read_fragments(new), strict=True))
        self._used.update(dict.fromkeys(items))
        return [self._read[item] for item in items]
