"""A formula as Typst, with its spoken description; as its source where it is not understood."""

from __future__ import annotations

import functools
import re
from collections.abc import Callable

from nbtypst import languages, tex_grids, tex_speech, tex_typst
from nbtypst.tex import TexError
from nbtypst.tex_reader import Part
from nbtypst.tex_tree import parse
from nbtypst.tex_width import DISPLAY, TEXT, Fit, flat, runs, width
from nbtypst.typst_values import breakable, literal, quoted

_LONGEST = 2_000  # characters of a description
LINE = 14.0  # ems that any line of text has
_SOURCED = re.compile(r'\A((?:#nb-numbered\("(?:[^"\\]|\\.)*", \[)?#nb-\w+\()(?=source: )')
CELL = 2.5  # ems that any column of a table has


@functools.cache
def written(tex: str, display: bool, lang: str = languages.ENGLISH, line: float = LINE, around: float = 0.0) -> str:
    """A call that shows the formula, and says it in a language.

    Parameters
    ----------
    line : float
        Ems of the narrowest line that it may stand in: what is wider breaks or shrinks to its place.
    around : float
        Ems of what stands before and behind it without a blank.

    Raises
    ------
    TexError
        When it is not understood.
    """
    parts = parse(tex)
    # What may be set too small to be read has its source with it.
    code = breakable(" ".join(tex.split()), 30 if line > CELL else 6)
    source = f"source: {quoted(code)}, " if _is_wide(parts, display, line) else ""
    if display and (lines := tex_grids.lines_of(parts)):
        return _numbered_lines(lines, lang, source)
    made = _formula(parts, display, line, around, source, lang)
    number = tex_typst.tag_of(parts) if display and not tex_grids.has_numbers(parts) else ""
    return f"#nb-numbered({quoted(number)}, [{made}]);" if number and made else made


def _formula(parts: list[Part], display: bool, line: float, around: float, source: str, lang: str) -> str:
    """A formula of one line; with the numbers of rows inside it."""
    broken = _broken(parts, display, line, around) if source else ""
    fit = Fit(line, TEXT, around, bool(broken))
    formula = tex_typst.formula(parts) if display else tex_typst.typst(fit.fitted(parts))
    if not formula.strip():
        return ""
    spoken = quoted(_spoken(parts, lang))
    if tex_grids.has_numbers(parts) and display:
        return f"#nb-lines({source}{spoken}, tag => $ {formula} $);"
    silent = "#let tag(_) = none; " if tex_grids.has_numbers(parts) else ""
    body = f"[$ {formula} $]" if display else f"[{silent}${formula}$]"
    return f"#nb-math({source}{broken}{spoken}, {'key => ' if source else ''}{body});"


def _is_wide(parts: list[Part], display: bool, line: float) -> bool:
    """Whether a formula is wider than two lines, or has in a line of text what is wider than one."""
    return width(parts, DISPLAY) > 2 * line if display else max(runs(parts)) > line


def _broken(parts: list[Part], display: bool, line: float, around: float) -> str:
    """How a formula is set that is too small otherwise: in lines of text, its widest fractions too; if it can be."""
    lines = Fit(line, TEXT, around, loose=True).fitted(flat(_of_one_line(parts), line))
    if not [p for p in lines if p.kind not in ("fit", "break")] and sum(p.kind == "fit" for p in lines) < 2:
        return ""
    number = f"number: {quoted(tex_typst.tag_of(parts))}, " if display else ""
    return f"broken: key => [${tex_typst.typst(lines)}$], {number}"


def _of_one_line(parts: list[Part]) -> list[Part]:
    """What is not a formula of several lines, without an environment around it; nothing where it is one."""
    only = tex_grids.only_lines(parts)
    if not only:
        return parts
    return [part for cell in only.rows[0] for part in cell] if len(only.rows) == 1 else []


def ems(tex: str, display: bool) -> tuple[float, float]:
    """How wide a formula is: what of it stays in one line, and all of it; nothing where it is not understood."""
    try:
        parts = parse(tex)
        whole = width(parts, DISPLAY if display else TEXT)
        return whole if display else max(runs(parts)), whole
    except (TexError, RecursionError, ValueError, IndexError):
        return 0.0, 0.0


def _spoken(parts: list[Part], lang: str) -> str:
    return tex_speech.say(parts, lang)[:_LONGEST] or languages.speech(lang)["phrases"]["formula"]


def _numbered_lines(lines: Part, lang: str, source: str) -> str:
    """Lines that keep their alignment as one formula; centred ones each as a formula of its own."""
    if max(len(row) for row in lines.rows) > 1:
        return f"#nb-lines({source}{quoted(_spoken([lines], lang))}, tag => $ {tex_typst.numbered(lines)} $);"
    made = []
    for row in lines.rows:
        parts = row[0]
        body = tex_typst.typst(parts)
        if body:
            number = tex_typst.tag_of(parts)
            made.append(f"({quoted(number)}, {quoted(_spoken(parts, lang))}, [$ {body} $])")
    return f"#nb-centred({source}({', '.join(made)},));" if made else ""


def shown(
    tex: str,
    display: bool,
    warn: Callable[[str], None],
    lang: str = languages.ENGLISH,
    line: float = LINE,
    around: float = 0.0,
    key: int | None = None,
) -> str:
    """A call that shows the formula, or its source, which `warn` is told; a wide one is known by its `key`."""
    try:
        return _SOURCED.sub(rf"\1key: {literal(key)}, ", written(tex, display, lang, line, around))
    except (TexError, RecursionError, ValueError, IndexError) as error:
        source = " ".join(tex.split())
        warn(f"a formula is shown as its source ({error or 'nested too deeply'}): {source[:60]}")
        return f"#nb-inline-code({literal(breakable(source, 30))});"
