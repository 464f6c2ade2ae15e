"""Tables of the Word file: columns in which no word is broken."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from itertools import chain
from typing import Any

from incident_report.paths import FONTS
from nbtypst.ast import Node, div, names_group, para, spread, strong, text_of

TEXT_WIDTH = 6.3  # inches between the margins of the reference document
_CELLS = (("Record Cell", 8.5), ("Record Cell Small", 7.5), ("Record Cell Tiny", 6.5))  # styles and their points
_FACE, _LETTER = "NotoSans-Bold.ttf", 0.62  # a head is bold; a letter that is not in it, of the size
_CELL_EDGE = 7.5  # points beside the text of a cell
_WHOLE = 14  # letters of a word that is not broken after a hyphen or a slash either, such as a row's id
_BLANK = re.compile(r"[^\S\u00a0\u202f]+")  # a no-break space ends no line
_TABLE, _ROW = (re.compile(rb"<w:%s>.*?</w:%s>" % (t, t), re.DOTALL) for t in (b"tbl", b"tr"))
_STYLED = re.compile(rb"<w:pStyle [^>]*>")
_WITHIN = re.compile(r"(?<=/)|(?<=-)(?!\d)")  # nor does a hyphen before a digit


def set_cells(table: Node, small: bool) -> None:
    """Columns wide enough for their longest word, and the style of cells that this allows."""
    _, _, columns, head, bodies, foot = table["c"]
    table["c"][0] = ["", [], []]
    rows = [*head[1], *chain.from_iterable((*b[2], *b[3]) for b in bodies), *foot[1]]
    texts = [_texts(rows, i) for i in range(len(columns))]
    given = [c[1].get("c", 0.0) for c in columns]
    style, shares = fitted(texts, given, small)
    for column, share in zip(columns, shares, strict=True):
        column[1] = {"t": "ColWidth", "c": round(share, 4)}
    for row in rows:
        if alone := names_group(row):
            row[:] = spread(row, len(columns))
        for cell in row[1]:
            inner = [_paragraph(b, bool(alone)) for b in cell[4]] or [para([])]
            cell[4] = [div(inner, custom_style=style)]


def _texts(rows: list[list[Any]], i: int) -> list[str]:
    """What a column's cells say, without rows that name a group."""
    return [text_of(r[1][i][4], glued=True) for r in rows if i < len(r[1]) and not names_group(r)]


def _paragraph(block: Node, bold: bool) -> Node:
    if block["t"] not in ("Plain", "Para"):
        return block
    return para([strong(block["c"])] if bold else block["c"])


def fitted(texts: list[list[str]], given: list[float], small: bool) -> tuple[str, list[float]]:
    """Style of the cells and share of each column: no word is broken where the page is wide enough for all.

    A column gets what its longest word needs; what is left goes to those with more text, or as was wished.
    """
    wish = [g * 100 or _need(t) for g, t in zip(given, texts, strict=True)]
    for cells in _CELLS[small:]:
        style, points = cells
        least = [(_widest(t) * points + _CELL_EDGE) / (TEXT_WIDTH * 72) for t in texts]
        if sum(least) <= 1:
            break
    spare = max(0.0, 1 - sum(least))
    more = [max(0.0, w / sum(wish) - own) for w, own in zip(wish, least, strict=True)]
    total = sum(more) or 1.0
    shares = [own + spare * m / total for own, m in zip(least, more, strict=True)]
    return style, [s / sum(shares) for s in shares]


def _words(cells: list[str]) -> Iterator[str]:
    """What a line cannot end in: words, and of long ones what stands between hyphens and slashes."""
    for word in (w for cell in cells for w in _BLANK.split(cell) if w):
        yield from [word] if len(word) <= _WHOLE else _WITHIN.split(word)


def _widest(cells: list[str]) -> float:
    """Width of the widest word, in ems."""
    letters = _letters()
    return max((sum(letters.get(ord(c), _LETTER) for c in word) for word in _words(cells)), default=_LETTER)


@cache
def _letters() -> dict[int, float]:
    """Width of each letter, in ems."""
    from fontTools.ttLib import TTFont

    with TTFont(FONTS / _FACE, lazy=True) as font:
        widths, em = font["hmtx"], font["head"].unitsPerEm
        return {code: widths[name][0] / em for code, name in font.getBestCmap().items()}


def _need(cells: list[str]) -> float:
    """Letters that a column wants: its longest word, or its longest cell up to two lines of 40."""
    longest = max(map(len, _words(cells)), default=1)
    return 2 + max(min(longest, 18), min(max((len(c) for c in cells), default=1), 80))


def on_pages(xml: bytes) -> bytes:
    """word/document.xml with tables as wide as the text, rows that do not break, and none alone on a page.

    Heads are repeated; the first rows stand with each other, and so do the last two.
    """
    xml = xml.replace(b'<w:tblW w:type="auto" w:w="0" />', b'<w:tblW w:type="pct" w:w="5000" />')
    return _TABLE.sub(_kept, xml)


def _kept(table: re.Match[bytes]) -> bytes:
    rows = _ROW.findall(table[0])
    heads = sum(b"<w:tblHeader" in row for row in rows)
    together = {*range(heads + 1), len(rows) - 2} - {len(rows) - 1}
    numbers = iter(range(len(rows)))

    def change(row: re.Match[bytes]) -> bytes:
        text = row[0].replace(b"<w:trPr>", b"<w:trPr><w:cantSplit />", 1)
        if b"<w:trPr>" not in text:
            text = text.replace(b"<w:tr>", b"<w:tr><w:trPr><w:cantSplit /></w:trPr>", 1)
        return _STYLED.sub(rb"\g<0><w:keepNext />", text) if next(numbers) in together else text

    return _ROW.sub(change, table[0])
