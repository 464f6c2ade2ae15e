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

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbtypst import ast, captions, outputs, pandoc, records
from nbtypst.ast import Node
from nbtypst.cell_options import tags_of, wishes
from nbtypst.clean import Cleaner
from nbtypst.fragments import Fragments, Reader
from nbtypst.images import Store, finder
from nbtypst.jupyter import Jupyter


class NotebookError(ValueError):
    """A notebook that cannot be shown; the message names notebook and cell."""


@dataclass(frozen=True)
class Options:
    """How notebooks become blocks.

    Parameters
    ----------
    code : str
        ``show``, ``fold`` (marked, for a writer that can fold) or ``hide``.
    characters, line : int
        Most characters of one output, and of one of its lines.
    remove_cell, remove_input, remove_output : sets of str
        Cell tags; hyphen and underscore are the same.
    folder : Path, optional
        Markdown images are also looked for inside this folder (nowhere else).
    priority : sequence of str
        MIME types of outputs, best first.
    places : bool
        An empty ``Div ["cell-place"]`` before what each cell shows, whose key ``place`` says which cell it is.
    refused : mapping
        Digest of a picture that is not to be shown, because a writer refused it -> why.
    root : Path, optional
        Markdown images may lie anywhere inside this folder.
    markdown : str
        ``jupyter``, or ``pandoc`` for Pandoc's own Markdown.
    known : set of str
        Ids that ``@id`` cites, in Jupyter's Markdown.
    """

    code: str = "show"
    characters: int = 20_000
    line: int = 2_000
    remove_cell: frozenset[str] = frozenset({"remove-cell", "hide-cell"})
    remove_input: frozenset[str] = frozenset({"remove-input", "hide-input"})
    remove_output: frozenset[str] = frozenset({"remove-output", "hide-output"})
    folder: Path | None = None
    priority: Sequence[str] = outputs.PRIORITY
    places: bool = False
    refused: Mapping[str, str] = field(default_factory=dict)
    root: Path | None = None
    markdown: str = "jupyter"
    known: frozenset[str] = frozenset()


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
    options = options or Options()
    builder = _Builder(options)
    builder.fragments.reading = reader
    for name, nb in notebooks:
        builder.notebook(name, nb)
    chapters = builder.fragments.fill([ast.div(b) for b in builder.blocks])
    captioned = ast.transform(chapters, captions.placed)
    shaped = [(n, _group_findings(d["c"][1])) for n, d in zip(builder.names, captioned, strict=True)]
    ambiguous = _name_headings([b for _, blocks in shaped for b in blocks])
    return Tree(shaped, builder.store.files, builder.warnings, builder.records, ambiguous)


@dataclass
class _Builder:
    """Collects blocks, with slots for everything that is markup."""

    options: Options
    fragments: Fragments = field(default_factory=Fragments)
    store: Store = field(init=False)
    names: list[str] = field(default_factory=list)
    blocks: list[list[Node]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)
    records: list[tuple[str, dict[str, Any]]] = field(default_factory=list)
    usual: Mapping[str, Any] = field(default_factory=dict)  # options that a notebook's cells may override

    def __post_init__(self) -> None:
        self.store = Store(refused=self.options.refused)

    def notebook(self, name: str, nb: Mapping[str, Any]) -> None:
        """Add one notebook."""
        language = str(((nb.get("metadata") or {}).get("kernelspec") or {}).get("language") or "")
        info = (nb.get("metadata") or {}).get("language_info") or {}
        language = str(info.get("name") or language or "python").lower()
        language = language if re.match(r"[a-z][a-z0-9+#-]{0,20}\Z", language) else "text"
        own = (nb.get("metadata") or {}).get("nbtypst")
        execute = own.get("execute") if isinstance(own, Mapping) else None
        self.usual = execute if isinstance(execute, Mapping) else {}
        found: list[Node] = []
        code_cells = 0
        if self.options.markdown == "jupyter":
            self.fragments.text = Jupyter(_markdown(nb), self.options.known)
        for i, cell in enumerate(nb.get("cells") or []):
            tags = tags_of((cell.get("metadata") or {}).get("tags") or [])
            code_cells += cell.get("cell_type") == "code"
            if tags & tags_of(self.options.remove_cell):
                continue
            try:
                shown = self._cell(name, i + 1, code_cells, cell, language)
            except records.RecordError as error:
                raise NotebookError(f"{name}, cell {i + 1}: {error}") from error
            if shown and self.options.places:
                found.append(ast.div([], classes=["cell-place"], place=f"cell {i + 1}"))
            found.extend(shown)
        self.names.append(name)
        self.blocks.append(found)

    def _cell(self, name: str, number: int, code_number: int, cell: Mapping[str, Any], language: str) -> list[Node]:
        kind, source = cell.get("cell_type"), outputs.joined(cell.get("source") or "")
        stem = f"{name}-{number}"
        cleaner = Cleaner(
            find_image=finder(self.store, stem, cell.get("attachments") or {}, self.options.folder, self.options.root),
            warn=lambda message: self.warnings.append(f"{name}, cell {number}: {message}"),
        )
        if kind == "markdown":
            text = source if self.fragments.text else pandoc.with_dollars(source)
            return [self.fragments.blocks(text, cleaner)] if source.strip() else []
        if kind == "raw":
            return self._raw(cell, source, cleaner)
        if kind != "code":
            return []
        wish = wishes(cell, source, self.options.remove_input, self.options.remove_output, self.usual)
        if not wish.cell:
            return []
        found: list[Node] = []
        if wish.source.strip() and self.options.code != "hide" and wish.code:
            text, note = outputs.ansi.bound(wish.source, self.options.characters * 5, self.options.line)
            marked = "code-fold" if self.options.code == "fold" else "code"
            found.append(ast.div([ast.code_block(ast.printable(text), [language])], classes=[marked]))
            found.extend([outputs.ansi.cut_note(note)] if note else [])
        if not wish.output:
            return found
        place = outputs.Place(
            self.fragments,
            cleaner,
            self.store,
            stem,
            code_number,
            self.options.characters,
            self.options.line,
            wish.texts,
            tuple(self.options.priority),
        )
        shown: list[Node] = []
        for j, output in enumerate(outputs.merge_streams(cell.get("outputs") or [])):
            if output.get("output_type") == "stream" and output.get("name") not in wish.streams:
                continue
            record = (output.get("data") or {}).get(records.MIME)
            if isinstance(record, Mapping):
                self.records.append((name, dict(record)))
            if wish.markdown and output.get("name") == "stdout":
                shown.append(self.fragments.blocks(outputs.joined(output.get("text", "")), cleaner))
            else:
                shown.extend(outputs.blocks(output, place, j))
        return found + captions.waiting(shown, wish.texts, lambda text: self.fragments.inlines(text, cleaner))

    def _raw(self, cell: Mapping[str, Any], source: str, cleaner: Cleaner) -> list[Node]:
        """A raw cell is for one format; Markdown and HTML are read, others are not for this reader."""
        metadata = cell.get("metadata") or {}
        fmt = str(metadata.get("raw_mimetype") or metadata.get("format") or "").lower()
        if not source.strip():
            return []
        if fmt in ("text/markdown", "markdown"):
            return [self.fragments.blocks(source, cleaner)]
        if fmt in ("text/html", "html"):
            return [self.fragments.blocks(source, cleaner, pandoc.HTML)]
        if fmt:
            cleaner.warn(f"raw cell for {fmt[:40]} left out")
            return []
        text, note = outputs.ansi.bound(source, self.options.characters, self.options.line)
        return [ast.code_block(ast.printable(text), ["raw"]), *([outputs.ansi.cut_note(note)] if note else [])]


def _markdown(nb: Mapping[str, Any]) -> list[str]:
    """All Markdown of a notebook, that of outputs too."""
    own = (nb.get("metadata") or {}).get("nbtypst")
    macros = own.get("macros") if isinstance(own, Mapping) else None
    found = [macros] if isinstance(macros, str) else []
    for cell in nb.get("cells") or []:
        if cell.get("cell_type") == "markdown":
            found.append(outputs.joined(cell.get("source") or ""))
        data = [output.get("data") or {} for output in cell.get("outputs") or []]
        found += [outputs.joined(d["text/markdown"]) for d in data if "text/markdown" in d]
    return found


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
    loose = {id(n) for table in ast.nodes(blocks) if table["t"] == "Table" for n in ast.nodes(table["c"])}
    seen: dict[str, int] = {}
    open_: list[tuple[int, int]] = []  # (level as written, level given) of the headings we are under
    for node in ast.nodes(blocks):
        if node["t"] != "Header" or id(node) in loose or not ast.says_something(node["c"][2]):
            continue
        while open_ and open_[-1][0] >= node["c"][0]:
            open_.pop()
        given = open_[-1][1] + 1 if open_ else 1
        open_.append((node["c"][0], given))
        node["c"][0] = given
        own = str(node["c"][1][0])
        wanted = own if own.startswith("sec-") else f"sec-{ast.slug(ast.text_of(node['c'][2]))}"
        seen[wanted] = seen.get(wanted, 0) + 1
        node["c"][1][0] = wanted if seen[wanted] == 1 else f"{wanted}-{seen[wanted]}"
    return frozenset(k for k, n in seen.items() if n > 1)
