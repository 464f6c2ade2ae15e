"""The fonts that a report brings: of each, the letters of European languages and what else a page or picture shows."""

from __future__ import annotations

import base64
import io
import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import unescape

from incident_report.paths import FONTS
from incident_report.scripts import ARABIC, added, shown_by

# Family as pages name it, file, weight, style; Arabic has one face, which stands for all.
FACES = (
    ("Report Serif", "NotoSerif-Regular", 400, "normal"),
    ("Report Serif", "NotoSerif-Italic", 400, "italic"),
    ("Report Serif", "NotoSerif-Bold", 700, "normal"),
    ("Report Serif", "NotoSerif-BoldItalic", 700, "italic"),
    ("Report Sans", "NotoSans-Regular", 400, "normal"),
    ("Report Sans", "NotoSans-Italic", 400, "italic"),
    ("Report Sans", "NotoSans-Bold", 700, "normal"),
)
FAMILIES = "'Noto Sans', 'Noto Naskh Arabic', sans-serif"  # as an SVG of `theme` names them
ARABIC_LETTERS = re.compile("[\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\ufb50-\ufdff\ufe70-\ufefc]")
_ARABIC_RANGE = "U+600-6FF,U+750-77F,U+8A0-8FF,U+FB50-FDFF,U+FE70-FEFC"
_PICTURE = (("NotoSans-Regular", 400, "normal"), ("NotoSans-Bold", 700, "normal"), ("NotoSans-Italic", 400, "italic"))
_BASE = frozenset([*range(0x20, 0x7F), 0xA0, 0xB7, 0xD7, 0xE9, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2026])
_DRAWN = ("kern", "mark", "ccmp")
PAGE_FEATURES = (*_DRAWN, "liga", "lnum", "locl", "mkmk", "tnum")  # what a browser asks for, and report.css
_SIGNS = "‐‑–—‘’‚“”„†•…′″€ʻʼʾʿ"
_ACCENTS = "áàâäçéèêíñóôöúüß"
# What a page's faces hold anyway: of few letters where a text needs no others, else of all European languages.
COMMON = frozenset([*range(0x20, 0x7F), *map(ord, f"\u00a0§«»°±·×{_SIGNS}{_ACCENTS}{_ACCENTS.upper()}")])
LATIN = frozenset([*range(0x20, 0x7F), *range(0xA0, 0x180), *map(ord, _SIGNS)])
SHORT = ".common"  # in the name of a face's file
MORE = "Report Sans More"  # the family of what those faces lack, beside each of them in report.css
Part = tuple[str, frozenset[int], tuple[str, ...]]  # font, letters, features
parts: dict[Part, bytes] = {}  # that were cut, by this process or, as `publish.faces` has found them, by one before
worn: set[Part] = set()  # those that something shows
_TEXTS = re.compile(r"<text\b([^>]*)>(.*?)</text>", re.DOTALL)


def faces(text: str, families: Sequence[str] = ("Report Serif", "Report Sans")) -> Iterator[str]:
    """Rules for the faces that a page needs: with the letters of `COMMON` or `LATIN`, and all others of the text.

    Letters of other scripts stand once, in one face for all families and weights, `MORE`.
    """
    letters = frozenset(ord(c) for c in set(text) if c.isprintable())
    part, shown = "" if letters & LATIN - COMMON else SHORT, letters - LATIN
    for family, name, weight, style in FACES:
        if family in families:
            yield _rule(family, weight, style, (FONTS / f"{name}{part}.woff2").read_bytes(), kind="woff2")
            if shown and (rest := shown & shown_by(name)):
                yield _rule(family, weight, style, _part(name, rest, PAGE_FEATURES), _reach(rest))
    yield from _arabic(MORE, text)
    for name in added():
        if letters := shown & (shown_by(name) - _own()):
            yield _rule(MORE, 400, "normal", _part(name, letters, ("*",)), _reach(letters))


@cache
def _own() -> frozenset[int]:
    """Code points of the fonts that the report brings."""
    return frozenset().union(*map(shown_by, (ARABIC, *(name for _, name, _, _ in FACES))))


def _reach(letters: frozenset[int]) -> str:
    return ",".join(f"U+{c:X}" for c in sorted(letters))


def carrying(svg: str, *, ready: bool = False) -> str:
    """An SVG with the letters that it shows in it, so that it looks the same wherever it is opened.

    Parameters
    ----------
    svg : str
        As `theme.figure_content` writes it: text as text, in Noto Sans.
    ready : bool
        With the faces that lie ready, and no letters cut but those that they lack: cutting a face takes longer than
        drawing most charts, and of a look in a notebook nobody counts the bytes.
    """
    texts = _TEXTS.findall(svg)
    if not texts:
        return svg
    letters = "".join(unescape(re.sub(r"<[^>]*>", "", inner)) for _, inner in texts)
    style = " ".join(attributes for attributes, _ in texts)
    rules = "".join(
        rule
        for name, weight, look in _PICTURE
        if (weight == 400 or "font-weight: 700" in style) and (look == "normal" or "font-style: italic" in style)
        for rule in _worn(name, weight, look, frozenset(map(ord, letters)), ready)
    )
    rules += "".join(_arabic("Noto Naskh Arabic", letters))
    return re.sub(r"(<svg\b[^>]*>)", lambda m: f"{m[1]}<style>{rules}</style>", svg, count=1)


def _worn(name: str, weight: int, style: str, letters: frozenset[int], ready: bool) -> Iterator[str]:
    """A picture's face: one cut for its letters, or the ready one with another for what that lacks."""
    if not ready:
        yield _rule("Noto Sans", weight, style, _part(name, _BASE | letters))
        return
    yield _rule("Noto Sans", weight, style, (FONTS / f"{name}.woff2").read_bytes(), kind="woff2")
    rest = frozenset(c for c in letters - LATIN if chr(c).isprintable())
    if rest and (shown := rest & shown_by(name)):
        yield _rule("Noto Sans", weight, style, _part(name, shown), _reach(shown))


def _arabic(family: str, text: str) -> Iterator[str]:
    if found := ARABIC_LETTERS.findall(text):
        yield _rule(family, 400, "normal", _part(ARABIC, frozenset(map(ord, found))), _ARABIC_RANGE)


def _rule(family: str, weight: int, style: str, font: bytes, reach: str = "", kind: str = "ttf") -> str:
    data = base64.b64encode(font).decode()
    limit = f"unicode-range:{reach};" if reach else ""
    name = {"ttf": "truetype"}.get(kind, kind)
    return (
        f'@font-face{{font-family:"{family}";font-weight:{weight};font-style:{style};{limit}'
        f"src:url(data:font/{kind};base64,{data}) format('{name}')}}"
    )


def _part(name: str, letters: frozenset[int], features: tuple[str, ...] = _DRAWN) -> bytes:
    """A font with these letters only, those that it has; no clock and no compression: the same bytes everywhere."""
    key = name, letters, features
    worn.add(key)
    if key not in parts:
        parts[key] = _cut(name, letters & shown_by(name), features)
    return parts[key]


@cache
def _cut(name: str, letters: frozenset[int], features: tuple[str, ...]) -> bytes:
    from fontTools import subset
    from fontTools.ttLib import TTFont

    font = TTFont(FONTS / f"{name}.ttf", recalcTimestamp=False)
    options = subset.Options(hinting=False, notdef_outline=True, name_IDs=[])
    if name != ARABIC:
        options.layout_features = list(features)
    cut = subset.Subsetter(options)
    cut.populate(unicodes=sorted(letters))
    cut.subset(font)
    out = io.BytesIO()
    font.save(out)
    return out.getvalue()
