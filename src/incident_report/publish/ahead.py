"""Which figures go to the head of a page, so that none leaves a hole before it, overtakes another or its chapter.

On the page where its chapter begins a figure stands where it is; from the first that finds no room there, all of
the chapter go to the heads of pages. Floats at one edge keep their order, and on a page without its chapter's
heading none can stand above it. Which page that is shows only when the report is laid out: so it is laid out again
until nothing moves. (Typst can ask for places as it lays out, and then often ends between two answers.)
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence, Set
from typing import Any

from nbtypst import ast
from nbtypst.ast import Node
from nbtypst.typst_values import literal

ROUNDS = 6  # two or three are enough, unless a figure fits by a hair
RETURNS = 2  # of a chapter's figures to where they were; after that all of them stay there

# Number and sheet of every figure, and the sheets on which chapters begin.
_PLACES = """(
  query(figure.where(kind: image)).map(it => ((it.numbering)(), it.location().page())),
  query(heading.where(level: 1)).filter(it => it.bookmarked == true or it.bookmarked == auto and it.outlined)
    .map(it => it.location().page()),
)"""
_AHEAD = re.compile(r"^#let nb-ahead = .*$", re.MULTILINE)


def chapters(blocks: Sequence[Node]) -> list[list[int]]:
    """Numbers of the figures of every chapter; first, of what stands before the first chapter."""
    found: list[list[int]] = [[]]
    number = 0
    for node in ast.nodes(list(blocks), "Table"):
        if node["t"] == "Header" and node["c"][0] == 1:
            found.append([])
        elif node["t"] == "Figure" and "unnumbered" not in node["c"][0][1] and (node["c"][0][0] or node["c"][1][1]):
            number += 1
            found[-1].append(number)
    return found


def settled(source: str, chapters: Sequence[Sequence[int]], ask: Callable[[str, str], Any]) -> str:
    """The source with every figure in its place.

    Parameters
    ----------
    source : str
        Of Typst, with the line ``#let nb-ahead = ...``, whatever that says.
    chapters : sequence of sequence of int
        As the function `chapters` gives them.
    ask : callable
        Source and an expression of Typst's -> its value, as `Press` has it.
    """

    def told(figures: Set[int]) -> str:
        line = f"#let nb-ahead = {literal([str(n) for n in sorted(figures)])}"
        return _AHEAD.sub(lambda _: line, source, count=1)

    own = [ids for ids in chapters[1:] if ids]
    ahead: list[Set[int]] = [set() for _ in own]
    returns = [0] * len(own)
    for _ in range(ROUNDS if own else 0):
        laid_out = told(set().union(*ahead))
        figures, heads = ask(laid_out, _PLACES)
        stands = {int(number): page for number, page in figures}
        begins = dict(zip(range(len(chapters) - 1, 0, -1), reversed(heads), strict=False))
        wanted = [_late(ids, begins.get(n, 1), stands) for n, ids in enumerate(chapters) if n and ids]
        returns = [r + bool(a - w) for r, a, w in zip(returns, ahead, wanted, strict=True)]
        wanted = [w if r <= RETURNS else set() for r, w in zip(returns, wanted, strict=True)]
        if wanted == ahead:
            return laid_out
        ahead = wanted
    return told(set())


def _late(numbers: Sequence[int], head: int, stands: Mapping[int, int]) -> Set[int]:
    """From the first figure that is not on the page of the chapter's heading, all."""
    on_it = [stands.get(n, head) == head for n in numbers]
    return set(numbers[on_it.index(False) :]) if False in on_it else set()
