"""The cells of notebooks as blocks, with slots for everything that is markup (`nbtypst.fragments`)."""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from nbtypst import ansi, ast, captions, outputs, pandoc, records
from nbtypst.ast import Node
from nbtypst.cell_options import Wishes, of_picture, own_metadata, tags_of, wishes
from nbtypst.clean import Cleaner
from nbtypst.drawing import Renderer
from nbtypst.fragments import Fragments
from nbtypst.images import Store, finder
from nbtypst.jupyter import Jupyter

_LANGUAGE = re.compile(r"[a-z][a-z0-9+#-]{0,20}\Z")
_RAW = {"text/markdown": "", "markdown": "", "text/html": pandoc.HTML, "html": pandoc.HTML}


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
        An empty ``Div ["cell-place"]`` before what each cell shows, whose key ``place`` says which cell it is; of
        several outputs, before each.
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


@dataclass(frozen=True)
class _At:
    """A cell's place: its notebook, that one's language, its number there and among cells of code, what cleans it."""

    notebook: str
    language: str
    number: int
    code: int
    cleaner: Cleaner

    @property
    def stem(self) -> str:
        """What its files are called after."""
        return f"{self.notebook}-{self.number}"


@dataclass
class Builder:
    """Collects blocks of notebooks."""

    options: Options
    renderer: Renderer
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
        """Add one notebook.

        Raises
        ------
        NotebookError
            When a record in an output is malformed.
        """
        execute = own_metadata(nb).get("execute")
        self.usual = execute if isinstance(execute, Mapping) else {}
        if self.options.markdown == "jupyter":
            self.fragments.text = Jupyter(_markdown(nb), self.options.known)
        cells, language = nb.get("cells") or [], _language(nb)
        counts = itertools.accumulate(int(cell.get("cell_type") == "code") for cell in cells)
        found: list[Node] = []
        for number, (cell, count) in enumerate(zip(cells, counts, strict=True), start=1):
            shown = self._shown(_At(name, language, number, count, self._cleaner(name, number, cell)), cell)
            found += [*self._place(f"cell {number}"), *shown] if shown else []
        self.names.append(name)
        self.blocks.append(found)

    def _shown(self, at: _At, cell: Mapping[str, Any]) -> list[Node]:
        """Blocks of a cell; what was cut in them is warned of, and what cannot be shown is an error with its place."""
        try:
            shown = self._cell(at, cell)
        except records.RecordError as error:
            raise NotebookError(f"{at.notebook}, cell {at.number}: {error}") from error
        for note in (n for n in ast.nodes(shown) if ansi.CUT in ast.classes_of(n)):
            at.cleaner.warn(ast.text_of(note).strip("[.]"))
        return shown

    def _cleaner(self, name: str, number: int, cell: Mapping[str, Any]) -> Cleaner:
        attachments = cell.get("attachments") or {}
        return Cleaner(
            find_image=finder(self.store, f"{name}-{number}", attachments, self.options.folder, self.options.root),
            warn=lambda message: self.warnings.append(f"{name}, cell {number}: {message}"),
        )

    def _place(self, place: str) -> list[Node]:
        return [ast.div([], classes=["cell-place"], place=place)] if self.options.places else []

    def _cell(self, at: _At, cell: Mapping[str, Any]) -> list[Node]:
        if tags_of((cell.get("metadata") or {}).get("tags") or []) & tags_of(self.options.remove_cell):
            return []
        read = {"markdown": self._prose, "raw": self._raw, "code": self._code}.get(str(cell.get("cell_type")))
        return read(at, cell, outputs.joined(cell.get("source") or "")) if read else []

    def _prose(self, at: _At, cell: Mapping[str, Any], source: str) -> list[Node]:
        text = source if self.fragments.text else pandoc.with_dollars(source)
        return [self.fragments.blocks(text, at.cleaner)] if source.strip() else []

    def _raw(self, at: _At, cell: Mapping[str, Any], source: str) -> list[Node]:
        """A raw cell is for one format; Markdown and HTML are read, others are not for this reader."""
        metadata = cell.get("metadata") or {}
        fmt = str(metadata.get("raw_mimetype") or metadata.get("format") or "").lower()
        if not source.strip():
            return []
        if fmt in _RAW:
            return [self.fragments.blocks(source, at.cleaner, _RAW[fmt])]
        if fmt:
            at.cleaner.warn(f"raw cell for {fmt[:40]} left out")
            return []
        return self._bounded(source, self.options.characters, "raw")

    def _bounded(self, source: str, characters: int, kind: str) -> list[Node]:
        text, note = ansi.bound(source, characters, self.options.line)
        return [ast.code_block(ast.printable(text), [kind]), *([ansi.cut_note(note)] if note else [])]

    def _code(self, at: _At, cell: Mapping[str, Any], source: str) -> list[Node]:
        off = self.options
        wish = wishes(cell, source, off.remove_input, off.remove_output, self.usual, off.remove_cell)
        if not wish.cell:
            return []
        found = self._shown_code(at, wish)
        if wish.folded and cell.get("outputs"):
            at.cleaner.warn("outputs that JupyterLab hides are left out")
        if not wish.output:
            return found
        shown = list(self._outputs(at, cell, wish))
        if len(shown) > 1:
            shown = [(i, [*self._place(f"cell {at.number}, output {i}"), *blocks]) for i, blocks in shown]
        blocks = [block for _, blocks in shown for block in blocks]
        return found + captions.waiting(blocks, wish.texts, lambda text: self.fragments.inlines(text, at.cleaner))

    def _shown_code(self, at: _At, wish: Wishes) -> list[Node]:
        if not wish.source.strip() or self.options.code == "hide" or not wish.code:
            return []
        caption = captions.listing(wish.texts, lambda text: self.fragments.inlines(text, at.cleaner))
        code, *note = self._bounded(wish.source, self.options.characters * 5, at.language)
        return [*caption, ast.div([code], classes=["code-fold" if self.options.code == "fold" else "code"]), *note]

    def _outputs(self, at: _At, cell: Mapping[str, Any], wish: Wishes) -> Iterator[tuple[int, list[Node]]]:
        """Number and blocks of each output that shows something."""
        place = outputs.Place(
            self.fragments,
            at.cleaner,
            self.store,
            at.stem,
            at.code,
            self.options.characters,
            self.options.line,
            wish.texts,
            tuple(self.options.priority),
            self.renderer,
        )
        pictures = itertools.count()
        for i, output in enumerate(outputs.merge_streams(cell.get("outputs") or [])):
            if output.get("output_type") == "stream" and output.get("name") not in wish.streams:
                continue
            self._keep_record(at, output)
            if wish.markdown and output.get("name") == "stdout":
                yield i + 1, [self.fragments.blocks(outputs.joined(output.get("text", "")), at.cleaner)]
                continue
            if outputs.is_picture(output):
                place.options = of_picture(wish.texts, next(pictures))
            if blocks := outputs.blocks(output, place, i):
                yield i + 1, blocks

    def _keep_record(self, at: _At, output: Mapping[str, Any]) -> None:
        record = (output.get("data") or {}).get(records.MIME)
        if isinstance(record, Mapping):
            self.records.append((at.notebook, dict(record)))


def _language(nb: Mapping[str, Any]) -> str:
    """What its code is written in; ``text`` where that is no name of a language."""
    about = nb.get("metadata") or {}
    names = ((about.get("language_info") or {}).get("name"), (about.get("kernelspec") or {}).get("language"))
    language = str(next(filter(None, names), "python")).lower()
    return language if _LANGUAGE.match(language) else "text"


def _markdown(nb: Mapping[str, Any]) -> list[str]:
    """All Markdown of a notebook, that of outputs too."""
    macros = own_metadata(nb).get("macros")
    found = [macros] if isinstance(macros, str) else []
    for cell in nb.get("cells") or []:
        found += _markdown_of(cell)
    return found


def _markdown_of(cell: Mapping[str, Any]) -> list[str]:
    """Markdown of one cell: what it says, or what its outputs say."""
    said = [cell.get("source") or ""] if cell.get("cell_type") == "markdown" else []
    data = [output.get("data") or {} for output in cell.get("outputs") or []]
    said += [d["text/markdown"] for d in data if "text/markdown" in d]
    return [outputs.joined(text) for text in said]
