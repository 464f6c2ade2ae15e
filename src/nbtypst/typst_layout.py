"""How a table is set: size of type, widths of columns, page, and groups of columns where one page is too narrow.

Widths are estimated here, in points, from numbers of characters. ``nb-table`` measures the longest words of each column
in the face in use and has the last word: no word is wider than its column.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from itertools import product

from nbtypst.typst_values import pieces

GAP = 9.0  # points between columns
LONGEST = 18  # characters of a word that is not broken
SHORTER = 12  # the same, where columns are many
_SIZES = (7.6, 7.5)
_SMALLER = (7.6, 7.0, 6.5)
WHOLE = 20  # lines; a taller row may break over pages
_LIGATURE = 0.53  # mean width of a character, in em
SHRUNK = 6.2  # points; type of formulas that ask for more room
_TALL = 25  # lines of a row that asks for more room

# Where a line may end: at a blank that is no no-break space, after / and, before no digit, after a hyphen.
_BREAK = re.compile(r"[^\S\u00a0\u202f]|(?<=/)")
_MARK = re.compile(r"(?:(?:•|\d+\.)\u00a0)+")  # as `lines` sets it
_BREAK_OR_HYPHEN = re.compile(r"[^\S\u00a0\u202f]|(?<=/)|(?<=-)(?!\d)")


@dataclass(frozen=True)
class Room:
    """Width of the text, in points, on a page that stands and on one that is turned (0: it may not be)."""

    upright: float = 453.0
    turned: float = 700.0
    em: float = 10.5  # size of the text

    def word(self, longest: int) -> int:
        """The most characters of a word that surely fits, `longest` at most."""
        return max(4, min(longest, int(self.upright / (0.9 * self.em)) - 2))


@dataclass(frozen=True)
class Column:
    """What one column holds: texts of its head and of its body (cells that span columns aside), and its wish.

    `bold`: its body is set bold as its head is; `code`: it holds code; `formulas`: ems of the widest part of a formula
    that stays in one line, and of all formulas of a cell.
    """

    heads: Sequence[str]
    texts: Sequence[str]
    wanted: float | None = None
    bold: bool = False
    code: bool = False
    formulas: tuple[float, float] = (0.0, 0.0)

    def words(self, longest: int) -> tuple[set[str], set[str]]:
        """What is not broken in head and body, if words of more than `longest` characters are."""
        return (
            {p for t in set(self.heads) for w in _BREAK.split(t) for p in _unbroken(w, longest)},
            {p for t in set(self.texts) for w in _BREAK_OR_HYPHEN.split(t) for p in _unbroken(w, longest)},
        )


def _unbroken(word: str, longest: int) -> list[str]:
    """A word's pieces; the mark of a list's item stays with the first, and is no part of what is broken."""
    mark = _MARK.match(word)
    first, *rest = pieces(word[mark.end() :] if mark else word, longest) or [""]
    return [f"{mark[0] if mark else ''}{first}", *rest]


@dataclass(frozen=True)
class Part:
    """Columns that stand side by side, by number, and their widths as shares (None: automatic)."""

    columns: Sequence[int]
    widths: Sequence[float | None]


@dataclass(frozen=True)
class Layout:
    """How a table is set: type size in points, the page, and its groups of columns."""

    size: float
    parts: Sequence[Part]
    landscape: bool = False
    lines: float = 0.0  # estimated lines of all rows
    whole: bool = True  # no row so tall that it must be let break over pages
    longest: int = LONGEST
    roomy: bool = False  # each column is as wide as its cells


@dataclass(frozen=True)
class _Try:
    """A layout that may do: whether its words fit, and how tall most of its rows are."""

    layout: Layout
    fits: bool
    tall: float

    @property
    def reads(self) -> bool:
        """Whether its words fit into rows that are not too tall to read."""
        return self.fits and self.tall <= _TALL


def choose(
    columns: Sequence[Column],
    rows: Sequence[Sequence[str]],
    room: Room,
    *,
    wide: bool = False,
    fixed: bool = False,
    labels: int = 0,
) -> Layout:
    """The largest type at which a table reads well: upright if it can be, else on its side, else in groups of columns.

    Parameters
    ----------
    columns : sequence
        What each column holds.
    rows : sequence
        Texts of the body's rows that have a cell in each column.
    room : Room
        Width of the text.
    wide : bool
        The table asks to be turned before its type is as small as it may be.
    fixed : bool
        Columns are as wide as they ask, on one upright page or turned, whatever they hold.
    labels : int
        Columns at the left that name the rows, and stand before each group.
    """
    if not columns:
        return Layout(_SIZES[0], [Part([], [])])
    attempt = partial(_attempt, columns, rows, room)
    best, settled = _at_usual_sizes(attempt, room, wide=wide)
    if settled or fixed or best.reads:
        return best.layout
    best, settled = _at_smaller_sizes(attempt, room, best)
    if settled or (best.fits and len(columns) <= 3):
        return best.layout
    return _in_groups(columns, rows, room, max(1, labels))


def _at_usual_sizes(attempt: Callable[[float, bool, int], _Try], room: Room, *, wide: bool) -> tuple[_Try, bool]:
    """The first layout that does, or the last one, and whether it does."""
    for turned, size in product((False, True) if wide and room.turned else (False,), _SIZES):
        found = attempt(size, turned, LONGEST)
        roomy = not wide and size == _SIZES[0] and found.tall <= 9
        if found.fits and (found.tall <= 7 or turned or roomy):
            return found, True
    return found, False


def _at_smaller_sizes(attempt: Callable[[float, bool, int], _Try], room: Room, best: _Try) -> tuple[_Try, bool]:
    """The first layout of small type that reads, or the last one that fits, and whether it reads."""
    for turned, size in product((False, True) if room.turned else (False,), _SMALLER):
        found = attempt(size, turned, SHORTER)
        if found.reads:
            return found, True
        best = found if found.fits else best
    return best, False


def _attempt(
    columns: Sequence[Column], rows: Sequence[Sequence[str]], room: Room, size: float, turned: bool, longest: int
) -> _Try:
    em = size * _LIGATURE
    usable = (room.turned if turned else room.upright) - GAP * len(columns)
    narrow, full = _widths(columns, em, longest)
    wanted = [c.wanted for c in columns]
    every = range(len(columns))
    if sum(full) <= usable and not any(wanted):
        part = Part(every, [None] * len(columns))
        roomy = 1.2 * sum(full) <= usable  # a guess may be wrong
        return _Try(Layout(size, [part], turned, len(rows), longest=longest, roomy=roomy), True, 1)
    fits = sum(narrow) <= usable
    if not fits:
        narrow = [w * max(usable, 1.0) / sum(narrow) for w in narrow]
    widths = _share(narrow, full, usable, wanted)
    lines = [max(_lines(text, widths[i], em) for i, text in enumerate(row)) for row in rows]
    tall = sorted(lines)[len(lines) * 3 // 4] if lines else 1
    whole = max(lines, default=1) <= WHOLE
    return _Try(Layout(size, [Part(every, _with_gaps(widths))], turned, sum(lines), whole, longest), fits, tall)


def _widths(columns: Sequence[Column], em: float, longest: int) -> tuple[list[float], list[float]]:
    """Width of each column's longest word, and of its longest cell (of a head no more than 24 characters)."""
    narrow, full = [], []
    for column in columns:
        heads, texts = column.words(longest)
        word = max([len(w) * 1.1 for w in heads] + [len(w) for w in texts] + [2.0])  # a head is bold
        cell = max([len(t) for t in column.texts] + [min(len(t) * 1.1, 24) for t in column.heads] + [word])
        run, whole = column.formulas
        narrow.append(max(em * word, run * min(SHRUNK, em / _LIGATURE)) + 2)
        full.append(em * max(cell, word + whole / _LIGATURE) * 1.05 + 3)
    return narrow, full


def _in_groups(columns: Sequence[Column], rows: Sequence[Sequence[str]], room: Room, labels: int) -> Layout:
    """Columns in groups, as many side by side as the page has room for, each after those that name the rows."""
    size = _SMALLER[0]
    em = size * _LIGATURE
    narrow, _ = _widths(columns, em, SHORTER)
    labels = min(labels, len(columns) - 1)
    cells = [em * max(map(len, column.texts), default=0) * 1.05 + 3 for column in columns]
    likes = [max(n, min(cell, em * SHORTER * 2)) + GAP for n, cell in zip(narrow, cells, strict=True)]
    own = sum(likes[:labels])
    turned = bool(room.turned) and own + max(likes[labels:], default=0) > room.upright
    usable = room.turned if turned else room.upright
    parts, lines, tallest = [], 0.0, 1.0
    for group in _packed(likes, labels, usable - own):
        columns_of = [*range(labels), *group]
        part = [columns[i] for i in columns_of]
        own_rows = [[row[i] for i in columns_of] for row in rows]
        found = _attempt(part, own_rows, Room(usable, 0), size, False, SHORTER).layout
        parts.append(Part(columns_of, found.parts[0].widths))
        lines += found.lines + 3
        tallest = max(tallest, 1 if found.whole else WHOLE + 1)
    return Layout(size, parts, turned, lines, tallest <= WHOLE, SHORTER)


def _packed(likes: Sequence[float], labels: int, usable: float) -> Iterator[list[int]]:
    """Numbers of the columns behind the labels, a list a group."""
    group: list[int] = []
    used = 0.0
    for i in range(labels, len(likes)):
        if group and used + likes[i] > usable:
            yield group
            group, used = [], 0.0
        group.append(i)
        used += likes[i]
    if group:
        yield group


def _with_gaps(widths: Sequence[float]) -> list[float | None]:
    """Shares of the whole for columns whose cells hold their part of the gaps too."""
    ends = (0, len(widths) - 1)
    padded = [w + GAP - GAP / 2 * ends.count(i) for i, w in enumerate(widths)]
    return [w / sum(padded) for w in padded]


def _lines(text: str, width: float, em: float) -> float:
    return max(1.0, -(-len(text) * em * 1.08 // max(width, 1.0)))


def _share(
    narrow: Sequence[float], full: Sequence[float], usable: float, wanted: Sequence[float | None]
) -> list[float]:
    """Widths between the longest word and the longest cell; short text first, long text gets more, but not all."""
    if all(wanted):
        return _as_asked(narrow, usable, [w or 0 for w in wanted])
    widths = _modest_first(narrow, full, usable)
    appetite = [max(0.0, f - n) ** 0.6 for f, n in zip(full, narrow, strict=True)]
    for _ in range(4):  # what a column cannot use goes to the others
        if not _fed(widths, full, appetite, usable - sum(widths)):
            break
    rest = usable - sum(widths)
    return [w + max(0.0, rest) / len(widths) for w in widths]


def _fed(widths: list[float], full: Sequence[float], appetite: Sequence[float], rest: float) -> bool:
    """Give what is left to the columns that can use it; whether there was anything to give and to take."""
    hungry = [i for i in range(len(widths)) if widths[i] < full[i] - 0.1]
    total = sum(appetite[i] for i in hungry)
    if not hungry or rest < 0.5 or total <= 0:
        return False
    for i in hungry:
        widths[i] += min(rest * appetite[i] / total, full[i] - widths[i])
    return True


def _as_asked(narrow: Sequence[float], usable: float, wanted: Sequence[float]) -> list[float]:
    """The widths that were asked for, but no word is cut to please a wish."""
    asked = [usable * w / sum(wanted) for w in wanted]
    short = sum(max(0.0, n - a) for n, a in zip(narrow, asked, strict=True))
    spare = sum(max(0.0, a - n) for n, a in zip(narrow, asked, strict=True))
    keep = 1 - short / spare if spare > short else 0.0
    return [max(n, n + (a - n) * keep) for n, a in zip(narrow, asked, strict=True)]


def _modest_first(narrow: Sequence[float], full: Sequence[float], usable: float) -> list[float]:
    """A column that asks for less than its part gets it: a date stays on one line."""
    widths = list(narrow)
    rest = usable - sum(narrow)
    least = sorted(range(len(widths)), key=lambda i: full[i] - narrow[i])
    for left, i in enumerate(least):
        if full[i] - widths[i] > rest / (len(least) - left):
            break
        rest -= max(0.0, full[i] - widths[i])
        widths[i] = max(widths[i], full[i])
    return widths
