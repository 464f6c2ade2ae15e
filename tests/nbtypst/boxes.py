"""Where words stand on the pages of a PDF."""

from __future__ import annotations

import re
import shutil
import subprocess
import tempfile
from dataclasses import dataclass
from html import unescape

import pytest

MARGIN = 25 / 25.4 * 72  # points; default.typ
LEANING = 0.06  # of its height, by which an italic sign stands over the next
TUCKED = 0.25  # the same, by which an index stands under a formula's letter
_PAGE = re.compile(r'<page width="([\d.]+)" height="([\d.]+)">(.*?)</page>', re.S)
_WORD = re.compile(r'<word xMin="(-?[\d.]+)" yMin="(-?[\d.]+)" xMax="(-?[\d.]+)" yMax="(-?[\d.]+)">(.*?)</word>')

# A formula's accents and large signs: their tall boxes touch what stands above and below.
_TALL = re.compile("[\u0300-\u036f\u20d0-\u20ff\u239b-\u23b7\u23de\u23df∑∏∫∮√′]")
_LETTER = re.compile("[\U0001d400-\U0001d7ffℎ\u0370-\u03ff]")  # of a formula: an x is less than half as high as its box


@dataclass(frozen=True)
class Word:
    text: str
    page: int
    left: float
    top: float
    right: float
    bottom: float
    width: float  # of its page
    height: float

    @property
    def middle(self) -> float:
        return (self.left + self.right) / 2


def words(content: bytes) -> list[Word]:
    if shutil.which("pdftotext") is None:
        pytest.skip("pdftotext (poppler) is not installed")
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(content)
        file.flush()
        done = subprocess.run(["pdftotext", "-bbox", file.name, "-"], capture_output=True, check=True)
    return [
        Word(unescape(text).replace("\u200b", ""), number, *map(float, box), float(width), float(height))
        for number, (width, height, body) in enumerate(_PAGE.findall(done.stdout.decode(errors="replace")))
        for *box, text in _WORD.findall(body)
    ]


def _core(word: Word) -> tuple[float, float]:
    """Top and bottom of a word without the room that a formula's letters leave free."""
    high = word.bottom - word.top
    return (word.top + 0.35 * high, word.bottom - 0.2 * high) if _LETTER.search(word.text) else (word.top, word.bottom)


def overlaps(found: list[Word]) -> list[tuple[str, str]]:
    """Pairs of words of which one is printed over the other; tall boxes may touch, slanted signs lean over the next."""
    out = []
    for page in {w.page for w in found}:
        here = sorted((w for w in found if w.page == page), key=lambda w: w.left)
        for i, one in enumerate(here):
            for other in here[i + 1 :]:
                if other.left > one.right - 0.4:
                    break
                leaning = TUCKED if _LETTER.search(one.text) else LEANING
                if other.right == other.left or one.right - other.left < leaning * max(
                    one.bottom - one.top, other.bottom - other.top
                ):
                    continue
                if _TALL.search(one.text) or _TALL.search(other.text):
                    continue
                (top, bottom), (upper, lower) = _core(one), _core(other)
                if min(bottom, lower) - max(top, upper) > 0.35 * min(bottom - top, lower - upper):
                    out.append((one.text, other.text))
    return out


def outside(found: list[Word], margin: float = MARGIN) -> list[str]:
    """Words that begin before the left margin or end behind the right one."""
    return [w.text for w in found if w.left < margin - 1 or w.right > w.width - margin + 1]


def rows_of(found: list[Word]) -> list[list[Word]]:
    """Words in lines, from the top."""
    out: list[list[Word]] = []
    for word in sorted(found, key=lambda w: (w.page, round(w.bottom), w.left)):
        if out and out[-1][0].page == word.page and abs(out[-1][0].bottom - word.bottom) < 2:
            out[-1].append(word)
        else:
            out.append([word])
    return [sorted(row, key=lambda w: w.left) for row in out]


def the(found: list[Word], text: str) -> Word:
    """The word that stands once."""
    (only,) = [w for w in found if w.text == text]
    return only


__all__ = ["MARGIN", "Word", "outside", "overlaps", "rows_of", "the", "words"]
