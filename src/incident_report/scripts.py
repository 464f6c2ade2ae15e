"""Scripts of the world that the bundled fonts can show, and which font to add for another."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from incident_report.paths import FONTS

TEXT = ("NotoSerif-Regular", "NotoSerif-Bold", "NotoSans-Regular", "NotoSans-Bold")  # what must show every text
ARABIC = "NotoNaskhArabic-Regular"  # stands in for its script
# Letters of European languages and digits, for which nobody need open a font.
_PLAIN = re.compile("[\u0000-\u017f\u2000-\u206f]*")
# Script, as the names of its letters begin -> the family of fonts that has it.
_FAMILIES = {
    "HEBREW": "Hebrew", "CJK": "CJK", "HIRAGANA": "CJK", "KATAKANA": "CJK", "HANGUL": "KR", "DEVANAGARI": "Devanagari",
    "BENGALI": "Bengali", "THAI": "Thai", "GEORGIAN": "Georgian", "ARMENIAN": "Armenian", "ETHIOPIC": "Ethiopic",
    "SYRIAC": "Syriac", "TAMIL": "Tamil", "MYANMAR": "Myanmar", "KHMER": "Khmer", "TIFINAGH": "Tifinagh",
    "NKO": "NKo", "THAANA": "Thaana", "SINHALA": "Sinhala", "GURMUKHI": "Gurmukhi", "GUJARATI": "Gujarati",
}  # fmt: skip


@cache
def covered() -> frozenset[int]:
    """Code points that every text face can show, or a face of their own script in its place."""
    text = set.intersection(*(set(shown_by(name)) for name in TEXT))
    return frozenset(text.union(*(shown_by(name) for name in (ARABIC, *added()))))


@cache
def shown_by(name: str) -> frozenset[int]:
    """Code points that a font of the project has."""
    from fontTools.ttLib import TTFont

    return frozenset(TTFont(FONTS / f"{name}.ttf", lazy=True).getBestCmap())


def added() -> tuple[str, ...]:
    """Fonts that somebody put beside ours (.ttf), for a script that ours lack."""
    names = {p.stem for p in FONTS.glob("*.ttf")}
    return tuple(sorted(n for n in names if not n.startswith(("NotoSerif-", "NotoSans-")) and n != ARABIC))


def uncovered(text: str) -> dict[str, str]:
    """Scripts of letters and digits that no bundled font has, and the family of fonts to add for each.

    Examples
    --------
    >>> uncovered("Najaf, النجف, İstanbul")
    {}
    >>> uncovered("שלום and 北京, Одеса")
    {'Hebrew': 'Noto Sans Hebrew', 'Cjk': 'Noto Sans CJK', 'Cyrillic': 'Noto Sans'}
    """
    if _PLAIN.fullmatch(text):
        return {}
    found: dict[str, str] = {}
    for letter in dict.fromkeys(text):
        if unicodedata.category(letter)[0] in "LN" and ord(letter) not in covered():
            script = unicodedata.name(letter, "UNKNOWN").split()[0]
            found.setdefault(script.capitalize(), " ".join(["Noto Sans", _FAMILIES.get(script, "")]).strip())
    return found
