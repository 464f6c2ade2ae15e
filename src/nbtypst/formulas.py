"""A formula as Typst, with its spoken description; as its source where it is not understood."""

from __future__ import annotations

import functools
from collections.abc import Callable

from nbtypst import languages, tex_grids, tex_speech, tex_typst
from nbtypst.tex import TexError
from nbtypst.tex_reader import Part
from nbtypst.tex_tree import parse
from nbtypst.typst_values import breakable, literal, quoted

_LONGEST = 2_000  # characters of a description


@functools.cache
def written(tex: str, display: bool, lang: str = languages.ENGLISH) -> str:
    """A call that shows the formula, and says it in a language.

    Raises
    ------
    TexError
        When it is not understood.
    """
    parts = parse(tex)
    if display and (lines := tex_grids.lines_of(parts)):
        return _numbered_lines(lines, lang)
    formula = tex_typst.formula(parts) if display else tex_typst.typst(parts)
    if not formula.strip():
        return ""
    spoken = _spoken(parts, lang)
    if tex_grids.has_numbers(parts):
        if display:
            return f"#nb-lines({quoted(spoken)}, tag => $ {formula} $);"
        return f"#nb-math({quoted(spoken)}, [#let tag(_) = none; ${formula}$]);"
    room = " " if display else ""
    made = f"#nb-math({quoted(spoken)}, [${room}{formula}{room}$]);"
    number = tex_typst.tag_of(parts)
    return f"#nb-numbered({quoted(number)}, [{made}]);" if number and display else made


def _spoken(parts: list[Part], lang: str) -> str:
    return tex_speech.say(parts, lang)[:_LONGEST] or languages.speech(lang)["phrases"]["formula"]


def _numbered_lines(lines: Part, lang: str) -> str:
    """Lines that keep their alignment as one formula; centred ones each as a formula of its own."""
    if max(len(row) for row in lines.rows) > 1:
        return f"#nb-lines({quoted(_spoken([lines], lang))}, tag => $ {tex_typst.numbered(lines)} $);"
    made = []
    for row in lines.rows:
        parts = row[0]
        body = tex_typst.typst(parts)
        if body:
            number = tex_typst.tag_of(parts)
            made.append(f"({quoted(number)}, {quoted(_spoken(parts, lang))}, [$ {body} $])")
    return f"#nb-centred(({', '.join(made)},));" if made else ""


def shown(tex: str, display: bool, warn: Callable[[str], None], lang: str = languages.ENGLISH) -> str:
    """A call that shows the formula, or its source, which `warn` is told."""
    try:
        return written(tex, display, lang)
    except (TexError, RecursionError, ValueError, IndexError) as error:
        source = " ".join(tex.split())
        warn(f"a formula is shown as its source ({error or 'nested too deeply'}): {source[:60]}")
        return f"#nb-inline-code({literal(breakable(source, 30))});"
