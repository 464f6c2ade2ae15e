"""One or several executed notebooks as one Pandoc document tree.

    from nbtypst.tree import Options, read_notebooks
    tree = read_notebooks([("01_method", nb), ...], Options(code="fold"))
    tree.blocks      # list of Pandoc JSON blocks, all notebooks after one another
    tree.chapters    # [(name, blocks)], the same blocks by notebook
    tree.resources   # {"figures/fig-x.svg": bytes, "figures/fig-x.png": bytes, "images/…": bytes}
    tree.warnings    # ["01_method, cell 3: …"]
    tree.records     # [(name, record JSON)] in document order

All Markdown, HTML and LaTeX of all notebooks is read by one run of Pandoc. What comes out:

- **Header**: levels skip none; id ``sec-<slug of its text>`` (``-2``… for repeats; `tree.ambiguous` holds the slugs
  that more than one heading has). An explicit ``{#sec-x}`` stays.
- **figure record**: ``Figure [id, ["record"], [title, n]]``; caption paragraphs are each one
  ``Para [Span]`` with class ``record-title`` (Strong), ``record-caption``, ``record-n``,
  ``record-source``; body ``Plain [Image]``, whose inlines are the alt text, whose target is
  ``figures/<id>.svg`` (``figures/<id>.png`` lies beside it) and which has the key ``width``.
- **table record**: ``Div [id, ["record", "table-record"(, "wide")], [title, n]]`` with a ``Table``
  (class ``record``, key ``aligns`` = "left decimal right …", caption paragraphs as above) and, if
  there are notes, ``Div ["table-notes"]``.
- **prose record**: ``Div [id, ["prose", role]]``. Neighbouring ones with role ``finding`` stand
  together in ``Div ["key-findings"]``.
- **code**: ``Div ["code-fold"] [CodeBlock [python]]`` with code="fold", ``Div ["code"]`` with
  code="show", nothing with code="hide" or the tag ``remove-input``/``hide-input``.
- **outputs**: ``Div ["output", "stream", "stdout"|"stderr"]``, ``["output", "error"]``,
  ``["output", "result"]`` with a CodeBlock (class ``output-text``), or, where the text has colours,
  class ``ansi`` and a LineBlock of Code with classes ``ansi-red``, ``ansi-bg-blue``, ``ansi-bold``…;
  ``["output", "html"]`` with tables; ``["output-note"]`` says what was cut. A picture is
  ``Para [Image]``, or a Figure when the metadata have a caption.
- Paragraphs in Arabic or Hebrew stand in a Div with ``dir="rtl"`` and ``lang``.

`nbtypst.numbering.number` then numbers it and resolves references and citations.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from nbtypst import ast, captions, pandoc
from nbtypst.ast import Node
from nbtypst.cells import Builder, NotebookError, Options
from nbtypst.drawing import Renderer
from nbtypst.fragments import Reader


@dataclass
class Tree:
    """Blocks of notebooks and the files they show."""

    chapters: list[tuple[str, list[Node]]]
    resources: dict[str, bytes]
    warnings: list[str]
    records: list[tuple[str, dict[str, Any]]]
    ambiguous: frozenset[str] = frozenset()

    @property
    def blocks(self) -> list[Node]:
        """All blocks in document order."""
        return [b for _, blocks in self.chapters for b in blocks]


def notebook_blocks(nb: Mapping[str, Any], *, options: Options | None = None) -> tuple[list[Node], dict[str, bytes]]:
    """Blocks and resources of one executed notebook."""
    tree = read_notebooks([("notebook", nb)], options)
    return tree.blocks, tree.resources


def read_notebooks(
    notebooks: Iterable[tuple[str, Mapping[str, Any]]],
    options: Options | None = None,
    reader: Reader = pandoc.read_fragments,
) -> Tree:
    """The tree of several notebooks, given as (name, notebook), in one run of Pandoc.

    Parameters
    ----------
    reader : callable
        What reads markup that is Pandoc's to read.

    Raises
    ------
    NotebookError
        When a record in an output is malformed.
    """
    return joined([read_apart(notebooks, options, reader)])


def read_apart(
    notebooks: Iterable[tuple[str, Mapping[str, Any]]],
    options: Options | None = None,
    reader: Reader = pandoc.read_fragments,
) -> Tree:
    """As `read_notebooks`, for some of several: headings have neither ids nor levels before all are `joined`."""
    options = options or Options()
    with Renderer() as renderer:
        builder = Builder(options, renderer)
        builder.fragments.reading = reader
        for name, nb in notebooks:
            builder.notebook(name, nb)
    chapters = builder.fragments.fill([ast.div(b) for b in builder.blocks])
    captioned = ast.transform(chapters, captions.placed)
    shaped = [(n, _group_findings(d["c"][1])) for n, d in zip(builder.names, captioned, strict=True)]
    return Tree(shaped, builder.store.files, builder.warnings, builder.records)


def joined(trees: Iterable[Tree]) -> Tree:
    """The tree of notebooks that were read apart: that which `read_notebooks` gives of them together.

    Parameters
    ----------
    trees : iterable of Tree
        Used up: their blocks stand in the tree.

    Raises
    ------
    ValueError
        When two show different pictures under one name.

    Examples
    --------
    >>> made = joined(read_apart([(name, {"cells": []})]) for name in ("01_method", "02_results"))
    >>> made.chapters
    [('01_method', []), ('02_results', [])]
    """
    whole = Tree([], {}, [], [])
    for tree in trees:
        if any(whole.resources.get(name, content) != content for name, content in tree.resources.items()):
            raise ValueError(f"{tree.chapters[0][0]}: a picture has the name of another notebook's")
        whole.chapters += tree.chapters
        whole.resources |= tree.resources
        whole.warnings += tree.warnings
        whole.records += tree.records
    return replace(whole, ambiguous=_name_headings(whole.blocks))


def _group_findings(blocks: list[Node]) -> list[Node]:
    """Neighbouring findings (code between them aside) as one Div of class ``key-findings``."""
    out: list[Node] = []
    box: Node | None = None
    for block in blocks:
        classes = ast.classes_of(block)
        if block["t"] == "Div" and "prose" in classes and "finding" in classes:
            if box is None:
                box = ast.div([], classes=["key-findings"])
                out.append(box)
            box["c"][1].append(block)
            continue
        if not {"code-fold", "code", "cell-place"} & set(classes):
            box = None
        out.append(block)
    return out


def _name_headings(blocks: list[Node]) -> frozenset[str]:
    """Give every heading its id and a level that skips none; the ids that several headings would have.

    One without words, or in a table's cell, is printed as no heading: it has no part in the levels.
    """
    seen: Counter[str] = Counter()
    above: list[int] = []  # levels, as written, of the headings we are under
    for node in ast.nodes(blocks, "Table"):
        if node["t"] == "Header" and ast.says_something(node["c"][2]):
            level, triple, inlines = node["c"]
            above = [*(higher for higher in above if higher < level), level]
            node["c"][0] = len(above)
            wanted = triple[0] if triple[0].startswith("sec-") else f"sec-{ast.slug(ast.text_of(inlines))}"
            seen[wanted] += 1
            triple[0] = wanted if seen[wanted] == 1 else f"{wanted}-{seen[wanted]}"
    return frozenset(k for k, n in seen.items() if n > 1)


__all__ = ["NotebookError", "Options", "Tree", "joined", "notebook_blocks", "read_apart", "read_notebooks"]
