"""Typst source to PDF: in a folder that holds nothing else, and not stopped by one glyph or formula."""

from __future__ import annotations

import re
import tempfile
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

from nbtypst.typst_values import quoted

STANDARDS = ("ua-1", "a-2a")
_GLYPH = re.compile(r"the text `?\"(.+?)\"`? could not be displayed", re.S)
# Scripts that no bundled font has: their characters are replaced together, not one a compile.
_BLOCKS = (
    (0x0590, 0x05FF), (0x0600, 0x06FF), (0x0700, 0x08FF), (0x0900, 0x0DFF), (0x0E00, 0x0FFF), (0x1000, 0x109F),
    (0x10A0, 0x10FF), (0x1200, 0x139F), (0x1780, 0x17FF), (0x2600, 0x27BF), (0x2E80, 0x33FF), (0x3400, 0x9FFF),
    (0xA000, 0xABFF), (0xAC00, 0xD7AF), (0xF900, 0xFAFF), (0xFE30, 0xFE4F), (0xFF00, 0xFFEF), (0x1F000, 0x1FAFF),
    (0x20000, 0x3FFFF),
)  # fmt: skip
MISSING = "\u25a1"


class TypstFailure(RuntimeError):
    """Typst refused the document; the message is its own."""


def pdf(
    source: str,
    resources: Mapping[str, bytes],
    *,
    font_paths: Sequence[str | Path] = (),
    system_fonts: bool = False,
    day: date | None = None,
    standards: Sequence[str] = STANDARDS,
    warn: Callable[[str], None] = lambda _message: None,
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
        Told what was replaced: characters without a glyph, formulas that Typst cannot set.

    Raises
    ------
    TypstFailure
        When Typst refuses the document.
    """
    import typst

    fonts = typst.Fonts(
        include_system_fonts=system_fonts, include_embedded_fonts=True, font_paths=[str(p) for p in font_paths]
    )
    stamp = datetime.combine(day or date(2000, 1, 1), time(), UTC)
    with tempfile.TemporaryDirectory(prefix="nbtypst-") as folder:
        root = Path(folder)
        _write(root, resources)

        def run(text: str) -> bytes:
            (root / "main.typ").write_text(text, encoding="utf-8", newline="\n")
            return typst.compile(
                root / "main.typ",
                root=root,
                font_paths=fonts,
                ignore_system_fonts=not system_fonts,
                pdf_standards=list(standards),  # type: ignore[arg-type]
                timestamp=int(stamp.timestamp()),
            )

        return _repaired(source, run, warn)


def png_of(svg: bytes, height: float = 40.0) -> bytes:
    """A drawing as PNG, for formats that show no SVG.

    Parameters
    ----------
    svg : bytes
        Made inert, as by `images.safe_svg`.
    height : float
        In points, of which 72 are drawn with 300 dots.

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
        (root / "main.typ").write_text(f'{page}\n#image("drawing.svg", height: {height}pt)', encoding="utf-8")
        try:
            return bytes(typst.compile(root / "main.typ", root=root, format="png", ppi=300.0, ignore_system_fonts=True))
        except RuntimeError as error:  # Typst's own
            raise TypstFailure(str(error)) from error


def _write(root: Path, resources: Mapping[str, bytes]) -> None:
    for name, content in resources.items():
        path = (root / name).resolve()
        if not path.is_relative_to(root.resolve()):
            raise TypstFailure(f"a picture's name leads out of its folder: {name}")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)


def _repaired(source: str, run: Callable[[str], bytes], warn: Callable[[str], None]) -> bytes:
    """Compile; where a character has no glyph or a formula fails, replace it and compile again."""
    formulas_checked = False
    for _ in range(60):
        try:
            return run(source)
        except Exception as error:  # the wheel raises its own kind and RuntimeError
            message = str(error)
            found = _GLYPH.search(message)
            if found:
                source, gone = _without(source, found.group(1))
                if gone:
                    warn(f"no font has {gone}: shown as {MISSING}; give font_paths a font that has them")
                    continue
            elif not formulas_checked:
                formulas_checked = True
                mended = _without_bad_formulas(source, run, warn)
                if mended != source:
                    source = mended
                    continue
            raise TypstFailure(message) from None
    raise TypstFailure("too many characters have no glyph")


def _without(source: str, text: str) -> tuple[str, str]:
    """`source` without the characters of `text` that are not ASCII, nor others of their scripts."""
    text = re.sub(r"\\u\{([0-9a-fA-F]+)\}", lambda m: chr(int(m.group(1), 16)), text)
    wanted = sorted({c for c in text if ord(c) > 0x7F and c != MISSING})
    pattern = "".join(_class_of(c) for c in wanted)
    if not pattern:
        return source, ""
    found = re.compile(f"[{pattern}]")
    hits = sorted(set(found.findall(source)))
    replaced = found.sub(MISSING, source)
    if not hits or replaced == source:
        return source, ""
    shown = " ".join(f"{c} (U+{ord(c):04X})" for c in hits[:8])
    return replaced, shown + (f" and {len(hits) - 8} more" if len(hits) > 8 else "")


def _class_of(char: str) -> str:
    for low, high in _BLOCKS:
        if low <= ord(char) <= high:
            return f"{chr(low)}-{chr(high)}"
    return re.escape(char)


_FORMULA = re.compile(r"#nb-math\((\"(?:[^\"\\]|\\.)*\"), \[(\s*\$.*?(?<!\\)\$\s*)\]\);", re.S)


def _without_bad_formulas(source: str, run: Callable[[str], bytes], warn: Callable[[str], None]) -> str:
    """Formulas that Typst refuses, each tried alone, as their source text."""

    def replace(match: re.Match[str]) -> str:
        head = '#set document(title: "x", date: datetime(year: 2000, month: 1, day: 1))\n#set text(lang: "en")\n'
        trial = head + f'#let f = [{match.group(2)}]\n#math.equation(alt: "x", f.at("body", default: f))'
        try:
            run(trial)
        except Exception as error:  # any refusal will do
            if _GLYPH.search(str(error)):
                return match.group(0)
            shown = match.group(1)[1:-1].removeprefix("Formula: ")
            warn("a formula that Typst cannot set is shown as its source")
            return f'#nb-inline-code("{shown}");'
        return match.group(0)

    return _FORMULA.sub(replace, source)


__all__ = ["STANDARDS", "TypstFailure", "pdf", "quoted"]
