"""nbconvert exporters: ``jupyter nbconvert --to typst`` and ``--to typst_pdf``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

from nbconvert.exporters import Exporter
from nbformat import NotebookNode
from traitlets import Bool, Enum, Integer, List, TraitError, Unicode, default

from nbtypst import application, front_matter, languages, lost, pandoc, settings, sources, typst_compile
from nbtypst.about import metadata
from nbtypst.ast import Node
from nbtypst.cell_options import own_metadata, without
from nbtypst.images import Store, digest
from nbtypst.numbering import cite, number
from nbtypst.parts import Parts
from nbtypst.settings import Look, SettingError
from nbtypst.tree import Options, Tree, read_notebooks
from nbtypst.typst_writer import HERE, typst_source

_RETRIES = 4  # pictures that Typst refuses are found together; a few rounds are enough


@dataclass(frozen=True)
class _Made:
    """A notebook as Typst source, with what it came from."""

    source: str
    tree: Tree
    meta: dict[str, Any]
    parts: Parts


def _name_and_folder(resources: Mapping[str, Any]) -> tuple[str, Path | None]:
    """What nbconvert calls a notebook, and where it lies, if in a folder."""
    about = resources.get("metadata") or {}
    place = about.get("path")  # an empty one is the folder in which nbconvert was started
    name = about.get("name") or resources.get("unique_key") or "notebook"
    return str(name), None if place is None else Path(place)


class TypstExporter(Exporter):
    """A notebook as Typst source, with its pictures beside it.

    Metadata of the notebook that are used: ``title``, ``subtitle``, ``authors`` (names, or objects
    with ``name``), ``date`` (``2020-09-30``), ``lang`` (or ``language``), ``keywords``, ``description``;
    ``nbtypst`` with the names of settings.
    """

    export_from_notebook = "Typst"
    output_mimetype = "text/x-typst"

    code = Enum(["show", "hide"], default_value=None, allow_none=True, help="Whether code is printed.").tag(config=True)
    exclude_input = Bool(False, help="The same as code=hide, as other exporters call it.").tag(config=True)
    exclude_output = Bool(False, help="Leave out what code printed and drew.").tag(config=True)
    exclude_markdown = Bool(False, help="Leave out Markdown cells.").tag(config=True)
    exclude_code_cell = Bool(False, help="Leave out code and its outputs.").tag(config=True)
    exclude_raw = Bool(False, help="Leave out raw cells.").tag(config=True)
    contents = Bool(None, allow_none=True, help="Print a table of contents.").tag(config=True)
    lists = Bool(None, allow_none=True, help="Print lists of figures and tables.").tag(config=True)
    paper = Unicode("", help=f"One of {', '.join(settings.PAPERS)}; or such as 100mm x 200mm.").tag(config=True)
    margins = Unicode("", help="One to four lengths, as in CSS: 20mm 25mm.").tag(config=True)
    font = Unicode("", help="Families of the text, best first, with commas between.").tag(config=True)
    heading_font = Unicode("", help="Families of headings, tables and captions.").tag(config=True)
    code_font = Unicode("", help="Families of code.").tag(config=True)
    size = Unicode("", help="Size of the text, such as 11pt.").tag(config=True)
    logo = Unicode("", help="Path of a picture above the title.").tag(config=True)
    logo_alt = Unicode("", help="What the logo shows.").tag(config=True)
    header = Unicode("", help="Words at the head of each page.").tag(config=True)
    lang = Unicode("", help="Language of the text, such as en-GB.").tag(config=True)
    numbering = Bool(None, allow_none=True, help="Number the sections.").tag(config=True)
    bibliography = Unicode("", help="Path of the sources that may be cited: CSL JSON or BibTeX.").tag(config=True)
    csl = Unicode("", help="Path of a citation style (CSL); Chicago author-date without it.").tag(config=True)
    strict = Bool(False, help="Unknown references and citations stop the export.").tag(config=True)
    template_file = Unicode("", help="Path of a Typst template; see README.").tag(config=True)
    characters = Integer(20_000, min=0, help="Most characters of one output.").tag(config=True)
    line = Integer(2_000, min=0, help="Most characters of one line of output.").tag(config=True)
    local_images = Bool(True, help="Show pictures from the notebook's own folder.").tag(config=True)
    picture_root = Unicode("", help="Folder under which pictures may lie outside the notebook's own.").tag(config=True)
    priority = List(Unicode(), help="MIME types of outputs, best first; empty: the usual order.").tag(config=True)

    def __init__(self, *args: Any, **kw: Any) -> None:
        try:
            super().__init__(*args, **kw)
        except TraitError as error:
            if application.running() is None:
                raise
            application.fail(str(error))

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".typ"

    def from_filename(self, filename: str, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """Convert the notebook in a file."""
        with application.one_line():
            found: tuple[Any, dict[str, Any]] = super().from_filename(filename, resources, **kw)
        return found

    def from_file(self, file_stream: Any, resources: Any = None, **kw: Any) -> tuple[Any, dict[str, Any]]:
        """Convert the notebook in an open file."""
        return self.from_notebook_node(application.notebook(file_stream), resources, **kw)

    def from_notebook_node(
        self, nb: NotebookNode, resources: Mapping[str, Any] | None = None, **kw: Any
    ) -> tuple[Any, dict[str, Any]]:
        """Convert; nbconvert writes what is in ``resources["outputs"]`` beside the result.

        Raises
        ------
        ExportError
            When a setting cannot be used.
        """
        with application.one_line():
            shown, made = super().from_notebook_node(languages.sound(nb), resources, **kw)
            document = self._made(shown, made, {})
            application.reserve(made, self.file_extension)
        self._tell(document.tree.warnings)
        made["outputs"] = {**(made.get("outputs") or {}), **document.tree.resources}
        return document.source, made

    def _made(self, nb: Mapping[str, Any], resources: Mapping[str, Any], refused: Mapping[str, str]) -> _Made:
        """Typst source, the tree (its pictures, and all warnings), and what the notebook says about itself."""
        name, folder = _name_and_folder(resources)
        warnings: list[str] = []
        nb = without(front_matter.applied(nb, warnings.append), self.config.get("TemplateExporter", {}), self)
        own = settings.own(own_metadata(nb), warnings.append)
        works = {"bibliography": ()} if self.bibliography else {}
        references, style = sources.of_notebook({**own, **works}, folder, warnings.append)
        references = sources.references(Path(self.bibliography)) if self.bibliography else references
        known = frozenset(str(r["id"]) for r in references)
        tree = read_notebooks([(name, nb)], replace(self._options(own, folder, refused, warnings.append), known=known))
        meta = metadata(nb, name, tree.blocks, warnings.append)
        meta["lang"] = (settings.language("lang", self.lang) if self.lang else own.get("lang")) or meta["lang"]
        numbered = number(tree, known=known, strict=self.strict, words=languages.words(meta["lang"]))
        blocks = self._cited(numbered.blocks, references, meta["lang"], style, warnings.append)
        look = self._look(own, folder, tree.resources, warnings.append)
        meta["numbered"] = meta["numbered"] if look.numbering is None else look.numbering
        write = partial(
            typst_source,
            meta=meta,
            template=look.into(self._template()),
            fold="show",
            contents=settings.first(self.contents, own.get("contents")),
            lists=settings.first(self.lists, own.get("lists")),
            room=look.room,
        )
        source = write(blocks, warn=lambda message: warnings.append(f"{name}, {message}"))
        warnings += [f"{name}, {place}: {lost.message(gone)}" for place, gone in lost.unwritten(blocks, source)]
        tree.warnings += [*numbered.warnings, *warnings]
        return _Made(source, tree, meta, Parts(blocks, write))

    def _options(
        self, own: Mapping[str, Any], folder: Path | None, refused: Mapping[str, str], warn: Callable[[str], None]
    ) -> Options:
        """How the notebook is read: settings, nbconvert's own switches, the notebook's metadata."""
        if own.get("picture_root"):
            warn("metadata nbtypst: a notebook may not open folders; give picture_root as a setting")
        root = Path(self.picture_root) if self.picture_root else None
        if root and not root.is_dir():
            raise SettingError(f"picture_root: there is no folder {self.picture_root}")
        switches = self.config.get("TemplateExporter", {})
        hidden = self.exclude_input or switches.get("exclude_input") is True
        folder, root = (folder, root) if self.local_images else (None, None)
        return Options(
            code="hide" if hidden else self.code or own.get("code", "show"),
            characters=self.characters,
            line=self.line,
            folder=folder,
            root=root,
            priority=tuple(self.priority) or Options.priority,
            places=True,
            refused=refused,
        )

    def _look(
        self, own: Mapping[str, Any], folder: Path | None, pictures: dict[str, bytes], warn: Callable[[str], None]
    ) -> Look:
        """The look; a logo joins the document's pictures."""
        names = ("paper", "margins", "font", "heading_font", "code_font", "size", "logo", "logo_alt", "header")
        found = settings.look({n: getattr(self, n) for n in (*names, "numbering")}, own, warn)
        if not found.logo:
            return found
        kept = Store(pictures).add("logo", sources.picture(self.logo, found.logo, folder, "logo"))
        if not kept and self.logo:
            raise SettingError(f"logo: {self.logo} is no picture that can be shown")
        if not kept:
            warn(f"metadata nbtypst: logo: {found.logo[:60]} is no picture in the notebook's folder")
        return replace(found, logo=kept or "", logo_alt=found.logo_alt or "Logo")

    def _template(self) -> str:
        """The template: a setting's path, or what ``--template`` or ``--template-file`` names."""
        switches = self.config.get("TemplateExporter", {})
        wanted = self.template_file or switches.get("template_file") or switches.get("template_name")
        return sources.template(str(wanted)) if wanted else (HERE / "default.typ").read_text(encoding="utf-8")

    def _cited(
        self,
        blocks: list[Node],
        references: list[dict[str, Any]],
        lang: str,
        style: str | None,
        warn: Callable[[str], None],
    ) -> list[Node]:
        """Citations formatted in the style that was given or that the notebook names, which Pandoc may refuse."""
        given = sources.style(Path(self.csl)) if self.csl else None
        try:
            return cite(blocks, references, csl=given or style, language=lang)
        except pandoc.PandocError as error:
            why = " ".join(str(error).split())[:200]
            if given or not style:
                raise SettingError(f"csl: {self.csl} cannot be used: {why}") from error
            warn(f"metadata nbtypst: csl: the notebook's style cannot be used: {why}")
            return cite(blocks, references, language=lang)

    def _tell(self, warnings: list[str]) -> None:
        for warning in dict.fromkeys(warnings):
            self.log.warning(warning)


class TypstPDFExporter(TypstExporter):
    """A notebook as PDF/UA-1 and PDF/A-2a, by Typst: no LaTeX, no browser."""

    export_from_notebook = "PDF via Typst"
    output_mimetype = "application/pdf"

    font_paths = List(Unicode(), help="Folders with further fonts.").tag(config=True)
    system_fonts = Bool(False, help="Use the system's fonts too; the result then depends on the machine.").tag(
        config=True
    )
    pdf_standards = List(
        Unicode(), default_value=list(typst_compile.STANDARDS), help="PDF standards to follow; empty: none."
    ).tag(config=True)

    @default("file_extension")
    def _file_extension_default(self) -> str:
        return ".pdf"

    def from_notebook_node(  # type: ignore[override]
        self, nb: NotebookNode, resources: Mapping[str, Any] | None = None, **kw: Any
    ) -> tuple[bytes, dict[str, Any]]:
        """Convert to the bytes of a PDF.

        Raises
        ------
        ExportError
            When a setting cannot be used, or the standards asked for cannot be kept.
        """
        application.refuse_stdout()
        with application.one_line():
            shown, made = Exporter.from_notebook_node(self, languages.sound(nb), resources, **kw)
            content = self._pdf(shown, made)
            application.reserve(made, self.file_extension)
        return content, made

    def _look(
        self, own: Mapping[str, Any], folder: Path | None, pictures: dict[str, bytes], warn: Callable[[str], None]
    ) -> Look:
        """The look; faces that are not here are warned about, as Typst takes others without a word."""
        found = super()._look(own, folder, pictures, warn)
        if absent := [path for path in self.font_paths if not Path(path).is_dir()]:
            raise SettingError(f"font_paths: there is no folder {absent[0]}")
        known = typst_compile.families(self.font_paths, self.system_fonts) if found.fonts else set()
        for setting, families in (found.fonts or {}).items():
            for family in families:
                if family.lower() not in known:
                    warn(f"{setting}: there is no typeface {family!r} here")
        return found

    def _pdf(self, nb: NotebookNode, resources: Mapping[str, Any]) -> bytes:
        refused: dict[str, str] = {}
        for _ in range(_RETRIES):
            made = self._made(nb, resources, refused)
            name, said = made.tree.chapters[0][0], []
            try:
                content = typst_compile.pdf(
                    made.source,
                    made.tree.resources,
                    font_paths=list(self.font_paths),
                    system_fonts=self.system_fonts,
                    day=made.meta["date"],
                    standards=list(self.pdf_standards),
                    warn=lambda message: said.append(f"{name}, {message}"),  # noqa: B023 - called in this round
                    parts=made.parts,
                )
            except typst_compile.PicturesRefused as error:
                refused |= {digest(made.tree.resources[name]): why for name, why in error.names.items()}
                continue
            self._tell([*made.tree.warnings, *said])
            return content
        raise typst_compile.TypstFailure("Typst refuses the document's pictures")
