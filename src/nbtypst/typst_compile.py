"""Typst source to PDF: in a folder that holds nothing else, and not stopped by one glyph, picture or formula."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime, time
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple, cast

from nbtypst.parts import Parts
from nbtypst.typst_repair import PicturesRefused, Repair, TypstFailure
from nbtypst.typst_values import quoted
from nbtypst.typst_wide import Wide

STANDARDS = ("ua-1", "a-2a")
FILE = "//: nbtypst file"  # a line between definitions, beginning, and parts that share nothing but definitions
_LOOK = "nbtypst-look.typ"
_REMEMBERED = 12  # compilations; ten, as Typst has it
_NAMES = f'#import "{_LOOK}": *\n'


class Press(NamedTuple):
    """What lays out several sources with the same pictures.

    Attributes
    ----------
    pdf : callable
        Source -> PDF, and the source that Typst took: the same, unless it was mended.
    ask : callable
        Source and an expression of Typst's -> its value, once the source is laid out: no PDF is written for it, and
        nothing is mended (`TypstFailure`).
    put : callable
        Takes a source in, so that the first of the others need not.
    """

    pdf: Callable[[str], tuple[bytes, str]]
    ask: Callable[[str, str], Any]
    put: Callable[[str], None]


def pdf(
    source: str,
    resources: Mapping[str, bytes],
    *,
    font_paths: Sequence[str | Path] = (),
    system_fonts: bool = False,
    day: date | None = None,
    standards: Sequence[str] = STANDARDS,
    warn: Callable[[str], None] = lambda _message: None,
    parts: Parts | None = None,
) -> bytes:
    """Compile `source`.

    Parameters
    ----------
    resources : mapping
        Path in the document -> content of the pictures.
    font_paths : sequence
        Folders with fonts, beyond those that Typst carries.
    day : date, optional
        The document's date; with it, the same source gives the same bytes.
    warn : callable
        Told what was replaced: characters without a glyph, and parts that Typst cannot set.
    parts : Parts, optional
        The document's parts: those that Typst cannot set are shown as their text.

    Raises
    ------
    PicturesRefused
        When Typst refuses pictures; without them it may take the document.
    TypstFailure
        When Typst refuses the document.
    """
    with press(
        resources,
        font_paths=font_paths,
        system_fonts=system_fonts,
        day=day,
        standards=standards,
        warn=warn,
        parts=parts,
    ) as compiled:
        return compiled.pdf(source)[0]


@contextmanager
def press(
    resources: Mapping[str, bytes],
    *,
    font_paths: Sequence[str | Path] = (),
    system_fonts: bool = False,
    day: date | None = None,
    standards: Sequence[str] = STANDARDS,
    warn: Callable[[str], None] = lambda _message: None,
    parts: Parts | None = None,
) -> Iterator[Press]:
    """What `pdf` does, for several sources with the same pictures: what they share is laid out once."""
    import typst

    fonts = typst.Fonts(
        include_system_fonts=system_fonts, include_embedded_fonts=True, font_paths=[str(p) for p in font_paths]
    )
    stamp = int(datetime.combine(day or date(2000, 1, 1), time(), UTC).timestamp())
    with tempfile.TemporaryDirectory(prefix="nbtypst-") as folder:
        root, main = Path(folder), Path(folder) / "main.typ"
        _write(root, resources)
        main.touch()
        stands: dict[str, str] = {}
        compiler = typst.Compiler(main, root=root, font_paths=fonts, ignore_system_fonts=not system_fonts)

        def put_source(text: str) -> None:
            files = _files(text)
            for name, content in files.items():
                if stands.get(name) != content:
                    (root / name).write_text(content, encoding="utf-8", newline="\n")
            stands.update(files)

        def run(text: str) -> bytes:
            put_source(text)
            made = compiler.compile(pdf_standards=list(standards), timestamp=stamp)  # type: ignore[arg-type]
            return cast(bytes, made)  # of one file, not one a page

        def put(name: str, content: bytes) -> None:
            _write(root, {name: content})

        def compiled(source: str) -> tuple[bytes, str]:
            wide = Wide(warn)
            while True:
                repair = Repair(source, resources, run, put, warn, parts)
                content = repair.pdf()
                source = wide.again(repair.source, partial(compiler.query, field="value"))
                if source == repair.source:
                    return content, source

        def asked(source: str, expression: str) -> Any:
            put_source(source)
            try:
                return json.loads(compiler.eval(expression))
            except RuntimeError as error:  # Typst's own
                raise TypstFailure(str(error)) from error

        yield Press(compiled, asked, put_source)


def forget() -> None:
    """Let Typst forget what it has laid out: it remembers that within a process, hundreds of megabytes a document.

    What it has not used for as many compilations it drops; these are of an empty page.
    """
    import typst

    with tempfile.TemporaryDirectory(prefix="nbtypst-") as folder:
        page = Path(folder) / "main.typ"
        page.touch()
        none = typst.Fonts(include_system_fonts=False, include_embedded_fonts=False)
        compiler = typst.Compiler(page, root=folder, font_paths=none, ignore_system_fonts=True)
        for _ in range(_REMEMBERED):
            compiler.compile()


def families(font_paths: Sequence[str | Path] = (), system_fonts: bool = False) -> set[str]:
    """Names of the typefaces that a document may use, in small letters."""
    import typst

    fonts = typst.Fonts(include_system_fonts=system_fonts, font_paths=[str(p) for p in font_paths])
    return {name.lower() for name in fonts.families()}


def png_of(
    svg: bytes, height: float | None = 40.0, *, ppi: float = 300.0, font_paths: Sequence[str | Path] = ()
) -> bytes:
    """A drawing as PNG, for formats that show no SVG.

    Parameters
    ----------
    svg : bytes
        Made inert, as by `images.safe_svg`.
    height : float or None
        In points; None for its own.
    ppi : float
        Dots for 72 points.
    font_paths : sequence
        Folders with fonts for its text, beyond those that Typst carries.

    Raises
    ------
    TypstFailure
        When it cannot be drawn.
    """
    import typst

    with tempfile.TemporaryDirectory(prefix="nbtypst-") as folder:
        root = Path(folder)
        _write(root, {"drawing.svg": svg})
        page = "#set page(width: auto, height: auto, margin: 0pt, fill: none)"
        size = "auto" if height is None else f"{height}pt"
        (root / "main.typ").write_text(f'{page}\n#image("drawing.svg", height: {size})', encoding="utf-8")
        fonts = typst.Fonts(include_system_fonts=False, font_paths=[str(p) for p in font_paths])
        try:
            return bytes(
                typst.compile(
                    root / "main.typ", root=root, format="png", ppi=ppi, font_paths=fonts, ignore_system_fonts=True
                )
            )
        except RuntimeError as error:  # Typst's own
            raise TypstFailure(str(error)) from error


def _files(source: str) -> dict[str, str]:
    """Name of a file -> its text. Typst knows again what stands in a file that has not changed, and only there."""
    look, *parts = source.split(f"\n{FILE}\n")
    if not parts:
        return {"main.typ": look}
    names = [f"nbtypst-{n}.typ" for n in range(1, len(parts))]
    begun = "".join([_NAMES, parts[0], *(f'\n#include "{name}"' for name in names)])
    return {_LOOK: look, "main.typ": begun, **dict(zip(names, (_NAMES + part for part in parts[1:]), strict=True))}


def _write(root: Path, resources: Mapping[str, bytes]) -> None:
    for name, content in resources.items():
        path = (root / name).resolve()
        if not path.is_relative_to(root.resolve()):
            raise TypstFailure(f"a picture's name leads out of its folder: {name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


__all__ = ["STANDARDS", "PicturesRefused", "TypstFailure", "pdf", "png_of", "press", "quoted"]
