"""What stands in a line (and code and lists, whose text Pandoc writes) as Typst; long words may break."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any

from nbtypst import ast, formulas, languages
from nbtypst.ast import Node
from nbtypst.typst_cells import FORMULA
from nbtypst.typst_values import breakable, literal

RAGGED = "#[#set par(justify: false);"  # before a paragraph of which no line is stretched
LONGEST = 40  # characters of a word that is not broken
_LONGEST_CODE = 30
_MARKER = re.compile(r"(?:=+|[-+/]|\d+[.)])\Z")
_SIGN = re.compile(r"(-(?=[-?\d])|\.(?=\.\.))")  # what Typst would make another sign of: dashes, minus, dots


def raw(text: str) -> Node:
    """Typst source of ours in a line."""
    return ast.raw(text, inline=True)


def inline(node: Node, lang: str = languages.ENGLISH, longest: int = LONGEST) -> Node | list[Node] | None:
    """What stands for an inline, or for a block that is still as Pandoc made it.

    Formulas are heard in `lang`; words of more than `longest` characters may break.
    """
    if node["t"] == "Str":
        return _str(node["c"], longest)
    if node["t"] == "Code":
        return raw(f"#nb-inline-code({literal(breakable(node['c'][1], min(longest, _LONGEST_CODE)))});")
    if node["t"] == "Math":
        kind, tex = node["c"]
        return raw(formulas.shown(tex, kind["t"] == "DisplayMath", lambda _: None, lang))
    made = _INLINES.get(node["t"])
    return made(node["c"]) if made else None


def _image(content: Any) -> Node:
    triple, inlines, (target, _title) = content
    size = ", ".join(f"{name}: {_length(dict(triple[2]).get(name))}" for name in ("width", "height"))
    return raw(f"#nb-image({literal(target)}, {literal(ast.text_of(inlines))}, {size});")


def _code_block(content: Any) -> Node:
    (_, classes, _), text = content
    language = next((c for c in classes if c not in ("output-text", "raw")), None)
    return ast.raw(f"#nb-code({literal(text.expandtabs(4))}, {literal(language)})")


def _span(content: Any) -> Node | list[Node] | None:
    if "dot" in content[0][1]:
        return _mark(content[0][1], ast.text_of(content[1]))
    if "word" in content[0][1]:
        said = ast.text_of(content[1])
        return raw(f"#nb-word({literal(said.lower())}, {literal(said)});")
    for kind in ("sign", "rating"):
        if kind in content[0][1]:
            return raw(f"#nb-{kind}({literal(_tone(content[0][1], kind))}, {literal(ast.text_of(content[1]))});")
    if FORMULA in content[0][1]:
        return list(content[1])
    _guard(content[1])
    if ["dir", "ltr"] in content[0][2]:  # within a line that runs from the right, and in a list of titles
        return [
            raw(f"#text(lang: {literal(dict(content[0][2]).get('lang', languages.ENGLISH))}, dir: ltr)["),
            *content[1],
            raw("];#nb-turn;"),
        ]
    return None


def _note(blocks: list[Node]) -> None:
    """A note's number and its first words stand in one paragraph."""
    for block in blocks[:1]:
        if block["t"] in ("Para", "Plain") and block["c"][:1] == [raw(RAGGED)]:
            block["c"] = block["c"][1:-1]
    _guard_blocks(blocks)


def _items(items: list[list[Node]]) -> None:
    for item in items:
        _guard_blocks(item)


def _definitions(content: Any) -> None:
    for term, definitions in content:
        _guard(term)
        _items(definitions)


_INLINES: dict[str, Callable[[Any], Node | list[Node] | None]] = {
    "Cite": lambda c: c[1],  # formatted already; Typst's own citations are not wanted
    "Image": _image,
    "CodeBlock": _code_block,
    "Span": _span,
    "Link": lambda c: _guard(c[1]),
    "Header": lambda c: _guard(c[2]),
    "Note": lambda c: _note(c),
    "BulletList": _items,
    "OrderedList": lambda c: _items(c[1]),
    "DefinitionList": _definitions,
    **dict.fromkeys(
        ("Strong", "Emph", "Underline", "Strikeout", "Superscript", "Subscript", "SmallCaps"), lambda c: _guard(c)
    ),
}


def _mark(classes: list[str], words: str) -> Node:
    """A drawn mark, which is heard as its words and beside them where they are to be said."""
    kind = _tone(classes, "dot") or "none"
    return raw(f"#nb-mark({literal(kind)}, {literal(words)}, said: {literal('said' in classes)});")


def _tone(classes: list[str], kind: str) -> str:
    return next((c.removeprefix(f"{kind}-") for c in classes if c.startswith(f"{kind}-")), "")


def _str(text: str, longest: int) -> list[Node] | None:
    """Break long words, and escape what Typst would turn into other signs."""
    broken = breakable(text, longest)
    if not _SIGN.search(broken):
        return None if text == broken else [ast.string(broken)]
    return [raw(f"\\{p}") if i % 2 else ast.string(p) for i, p in enumerate(_SIGN.split(broken)) if p]


def _length(width: str | None) -> str:
    match = re.fullmatch(r"(\d+(?:\.\d+)?)(%|px|in|cm|mm|pt)?", width or "")
    if not match:
        return "none"
    value, unit = float(match.group(1)), match.group(2) or "px"
    return f"{value * 0.75:g}pt" if unit == "px" else f"{min(value, 100) if unit == '%' else value:g}{unit}"


def guarded(inlines: list[Node]) -> list[Node]:
    """Inlines of which the first word starts no heading and no list."""
    copy = list(inlines)
    _guard(copy)
    return copy


def uncited(node: Node) -> Node | None:
    """A paragraph without its citations, nor the blank before each."""
    if node["t"] not in ("Para", "Plain"):
        return None
    kept: list[Node] = []
    for part in node["c"]:
        if part["t"] != "Cite":
            kept.append(part)
        elif kept and kept[-1]["t"] in ("Space", "SoftBreak"):
            kept.pop()
    return {**node, "c": kept}


def _guard_blocks(blocks: list[Node]) -> None:
    for block in blocks[:1]:
        if block["t"] in ("Para", "Plain"):
            _guard(block["c"])


def _guard(inlines: list[Node]) -> None:
    """Keep a first word such as ``=`` or ``1.`` from starting a heading or a list."""
    if inlines and inlines[0]["t"] == "Str" and _MARKER.match(inlines[0]["c"]):
        inlines.insert(0, raw("#none;"))
