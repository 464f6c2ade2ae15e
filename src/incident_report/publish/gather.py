"""Gather executed chapters into one numbered document tree, from which every format is written."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from incident_report.analysis.edition import Edition
from incident_report.errors import BuildError
from incident_report.present.usage import acronyms_of
from incident_report.present.words import words_of
from incident_report.publish import wording
from incident_report.publish.citations import cited_items, style
from incident_report.publish.direction import turned
from incident_report.publish.early import Early
from incident_report.publish.front import with_front
from nbtypst import ast
from nbtypst.numbering import WORDS, NumberingError, cite, number
from nbtypst.tree import NotebookError


@dataclass(frozen=True)
class Document:
    """The report before it is written.

    Attributes
    ----------
    tree : mapping
        Pandoc's JSON tree: cleaned, numbered, references and citations resolved.
    resources : mapping of path -> bytes
        Pictures that the tree shows.
    labels : mapping of record id -> ``Figure 3``
    warnings : tuple of str
    """

    tree: Mapping[str, Any]
    resources: Mapping[str, bytes]
    labels: Mapping[str, str]
    warnings: tuple[str, ...] = ()


def gather(executed: Mapping[Path, Any], edition: Edition, early: Early | None = None) -> Document:
    """One tree of all chapters, in the order given.

    Parameters
    ----------
    executed : mapping of notebook -> NotebookNode
    edition : Edition
        Its sources are what citations may name.
    early : Early, optional
        What has read the chapters as they ended.

    Raises
    ------
    BuildError
        For a malformed record, an unknown cross-reference or an unknown citation.
    """
    sources, own = edition.data.sources, words_of(edition)
    try:
        tree = with_front((early or Early(own)).tree(executed))
        tree.chapters = [(name, wording.named(blocks)) for name, blocks in tree.chapters]
        numbered = number(tree, known=set(sources["source_id"]))
    except NotebookError as error:
        raise BuildError(*str(error).splitlines()) from error
    except NumberingError as error:
        raise BuildError(*error.faults) from error
    letters = dict(zip(sources["source_id"], sources["reliability"], strict=True))
    blocks = cite(
        numbered.blocks,
        cited_items(sources, own.phrase),
        csl=style(),
        note=lambda id: f"[{letters[id]}]" if letters.get(id) else "",
    )
    labels = {
        e.id: f"{WORDS[e.kind]} {e.number}" for e in numbered.entries if e.kind != "section" and e.id and e.number
    }
    warnings = (*tree.warnings, *numbered.warnings)
    _show(blocks)
    blocks = wording.in_order(wording.spelled_out(wording.curly(blocks), acronyms_of(edition)))
    return Document(ast.document(turned(blocks, own.locale)), tree.resources, labels, warnings)


def _show(blocks: list[ast.Node]) -> None:
    """Text without signs that nobody sees, sources' names too; an address that stands as text is cut to its site.

    Controls of the direction of writing (U+202A to U+202E, U+2066 to U+2069) are taken out: without them
    every text is read in the order in which it stands in the data, and none can turn what follows it.
    """
    for node in reversed(list(ast.nodes(blocks))):  # what a link holds before the link
        if node["t"] == "Str":
            node["c"] = ast.printable(node["c"])
        elif node["t"] == "Link" and ast.text_of(node["c"][1]) == (address := node["c"][2][0]):
            site = urlsplit(address).netloc.removeprefix("www.")
            node["c"] = ast.link([ast.string(site)], address)["c"] if site else node["c"]
