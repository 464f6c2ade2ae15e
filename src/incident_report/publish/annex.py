"""Sections that a reader wants rarely: taken out of the chapters and set at the end of the report."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import Any

from incident_report.publish.notebooks import nbformat

TAG = "annex"
_HEADING = re.compile(r"^(#{1,6}) +\S")


def with_annex(chapters: Sequence[tuple[str, Mapping[str, Any]]], title: str) -> list[tuple[str, Mapping[str, Any]]]:
    """Chapters, then one more that holds every section whose heading cell is tagged ``annex``.

    Parameters
    ----------
    chapters : sequence of (name, notebook)
    title : str
        Heading of the annex; there is none where no section is tagged.

    Returns
    -------
    list of (name, notebook)
        A section reaches from its heading to the next heading of its own or a higher level.
    """
    bodies: list[tuple[str, Mapping[str, Any]]] = []
    later: list[tuple[str, Mapping[str, Any]]] = []
    for name, node in chapters:
        body, taken = split(node["cells"])
        bodies.append((name, {**node, "cells": body}))
        if taken:
            later.append((f"{name}-annex", {**node, "cells": taken}))
    if not later:
        return bodies
    opening = nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(f"# {title}", id="annex")])
    return [*bodies, ("annex", opening), *later]


def split(cells: Sequence[Mapping[str, Any]]) -> tuple[list[Any], list[Any]]:
    """Cells of the body, and cells of tagged sections."""
    body: list[Any] = []
    annex: list[Any] = []
    inside = 0  # the level of the tagged heading that we are under; 0 outside
    for cell in cells:
        level = _level(cell)
        tagged = level and TAG in (cell.get("metadata") or {}).get("tags", ())
        if inside and level and level <= inside:
            inside = 0
        if tagged and not inside:
            inside = level
        (annex if inside else body).append(cell)
    return body, annex


def _level(cell: Mapping[str, Any]) -> int:
    """Level of the heading that a Markdown cell opens with; 0 for none."""
    if cell["cell_type"] != "markdown":
        return 0
    source = cell["source"]
    found = _HEADING.match(source if isinstance(source, str) else "".join(source))
    return len(found[1]) if found else 0
