"""nbconvert exporters: ``jupyter nbconvert --to typst`` and ``--to typst_pdf``."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Bool, Enum, Integer, List, Unicode, default

from nbtypst import ast, languages, typst_compile
from nbtypst.ast import Node
from nbtypst.numbering import cite, number
from nbtypst.tree import Options, Tree, read_notebooks
from nbtypst.typst_writer import typst_source


class TypstExporter(Exporter):
    """A notebook as Typst source, with its pictures beside it.

    Metadata of the notebook that are used: ``title``, ``subtitle``, ``authors`` (names, or objects
    with ``name``), ``date`` (``2020-09-30``), ``lang`` (or ``language``), ``keywords``, ``description``.
    """

    export_from_notebook = "Typst"
    output_mimetype = "text/x-typst"

    code = Enum(["show", "hide"], default_value="show", help="Whether code is printed.").tag(config=True)
    exclude_input = Bool(False, help="The same as code=hide, as other exporters call it.").tag(config=True)
    contents = Bool(False, help="Print a table of contents.").tag(config=True)
    lists = Bool(False, help="Print lists of figures and tables.").tag(config=True)
    bibliography = Unicode("", help="Path of a CSL-JSON file with the sources that may be cited.").tag(config=True)
    csl = Unicode("", help="Path of a citation style (CSL); Chicago author-date without it.").tag(config=True)
    strict = Bool(False, help="Unknown references and citations stop the export.").tag(config=True)
    template_file = Unicode("", help="Path of a Typst template; see README.").tag(config=True)
    characters = Integer(20_000, help="Most characters of one output.").tag(config=True)
    line = Integer(2_000, help="Most characters of one line of output.").tag(config=True)
    local_images = Bool(True, help="Show pictures from the notebook's own folder.").tag(config=True)
    priority = List(Unicode(), help="MIME types of outputs, best first; empty: the usual order.").tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".typ"

    def from_notebook_node(
        self, nb: NotebookNode, resources: Mapping[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Convert; nbconvert writes what is in ``resources["outputs"]`` beside the result."""
        shown, made = super().from_notebook_node(nb, resources, **kw)
        source, tree, _ = self._source(shown, made)
        made["outputs"] = {**(made.get("outputs") or {}), **tree.resources}
        return source, made

    def _source(self, nb: NotebookNode, resources: Mapping[str, Any]) -> tuple[str, Tree, dict[str, Any]]:
        about = resources.get("metadata") or {}
        name = str(about.get("name") or resources.get("unique_key") or "notebook")
        folder = Path(about["path"]) if about.get("path") and self.local_images else None
        usual = Options()
        options = Options(
            code="hide" if self.exclude_input else self.code,
            characters=self.characters,
            line=self.line,
            folder=folder,
            priority=tuple(self.priority) or usual.priority,
            places=True,
        )
        tree = read_notebooks([(name, nb)], options)
        references = self._references()
        numbered = number(tree, known={str(r["id"]) for r in references}, strict=self.strict)
        style = Path(self.csl).read_text(encoding="utf-8") if self.csl else None
        meta = metadata(nb, name, tree.blocks, self.log.warning)
        blocks = cite(numbered.blocks, references, csl=style, language=meta["lang"])
        for warning in [*tree.warnings, *numbered.warnings]:
            self.log.warning(warning)
        template = Path(self.template_file).read_text(encoding="utf-8") if self.template_file else None
        source = typst_source(
            blocks,
            meta,
            template=template,
            fold="show",
            contents=self.contents,
            lists=self.lists,
            warn=lambda message: self.log.warning(f"{name}, {message}"),
        )
        return source, tree, meta

    def _references(self) -> list[dict[str, Any]]:
        if not self.bibliography:
            return []
        found = json.loads(Path(self.bibliography).read_text(encoding="utf-8"))
        return [r for r in found if isinstance(r, dict) and "id" in r]


class TypstPDFExporter(TypstExporter):
    """A notebook as PDF/UA-1 and PDF/A-2a, by Typst: no LaTeX, no browser."""

    export_from_notebook = "PDF via Typst"
    output_mimetype = "application/pdf"

    font_paths = List(Unicode(), help="Folders with further fonts.").tag(config=True)
    system_fonts = Bool(False, help="Use the system's fonts too; the result then depends on the machine.").tag(
        config=True
    )
    pdf_standards = List(Unicode(), default_value=list(typst_compile.STANDARDS), help="PDF standards to follow.").tag(
        config=True
    )

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Mapping[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """Convert to the bytes of a PDF."""
        shown, made = Exporter.from_notebook_node(self, nb, resources, **kw)
        source, tree, meta = self._source(shown, made)

        def compile(standards: list[str]) -> bytes:
            return typst_compile.pdf(
                source,
                tree.resources,
                font_paths=list(self.font_paths),
                system_fonts=self.system_fonts,
                day=meta["date"],
                standards=standards,
                warn=self.log.warning,
            )

        try:
            content = compile(list(self.pdf_standards))
        except typst_compile.TypstFailure as error:
            if not self.pdf_standards or self.strict:
                raise
            self.log.warning("written without %s: %s", ", ".join(self.pdf_standards), error)
            content = compile([])
        return content, made


def metadata(nb: Mapping[str, Any], name: str, blocks: list[Node], warn: Callable[[str], None]) -> dict[str, Any]:
    """What a notebook says about itself; without a title, its first heading or its file's name."""
    about = nb.get("metadata") or {}
    own = about.get("title")
    heading = next((ast.text_of(n["c"][2]) for n in ast.nodes(blocks) if n["t"] == "Header"), "")
    authors = about.get("authors") or about.get("author") or []
    authors = [authors] if isinstance(authors, str) else authors
    try:
        day = date.fromisoformat(str(about.get("date") or "")[:10])
    except ValueError:
        day = date(2000, 1, 1)  # the standards ask for a date; one from the clock would change the bytes
    keywords = about.get("keywords") or []
    return {
        "title": str(own or heading or name),
        "titled": bool(own),
        "subtitle": str(about.get("subtitle") or ""),
        "authors": [str(a.get("name", "") if isinstance(a, Mapping) else a) for a in authors],
        "date": day,
        "lang": languages.of_metadata(about, warn),
        "keywords": keywords if isinstance(keywords, list) else [str(keywords)],
        "description": str(about.get("description") or ""),
        "numbered": any("xref" in ast.classes_of(n) for n in ast.nodes(blocks)),
    }
