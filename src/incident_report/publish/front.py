"""The front: two pages that stand alone, made of the blocks of the first chapter."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain

from nbtypst import ast
from nbtypst.ast import Node, classes_of
from nbtypst.lines import as_inlines
from nbtypst.tree import Tree

PAGE, CHANGES = "front-page", "changes"  # a page of the front; behind them, what a correcting version changes
_HEADLINE = "headline"
_CLOSE = "strap"  # what follows stands close


def with_front(tree: Tree) -> Tree:
    """The tree with the chapter that holds a headline set as the front; without one, as it is.

    The headline is the chapter's heading. Blocks up to its first section are page one, all others page two: two
    figures in a row stand beside each other, and so do the last two sections. Nothing in it is numbered or listed,
    and its code comes after both pages.
    """
    chapters = [(name, _front(blocks) if _is_front(blocks) else blocks) for name, blocks in tree.chapters]
    return replace(tree, chapters=chapters)


def _is_front(blocks: Sequence[Node]) -> bool:
    return any(b["t"] == "Div" and _HEADLINE in classes_of(b) for b in blocks)


def _front(blocks: Sequence[Node]) -> list[Node]:
    code = [b for b in blocks if "code-fold" in classes_of(b)]
    told = list(_headed([b for b in blocks if "code-fold" not in classes_of(b)]))
    _unnumber(told)
    first, *sections = _sections(told)
    made = [list(_stretched(list(_beside(page)))) for page in (first, _second(sections)) if page]
    if len(made) > 1:  # what page two does not need stands below it, not in gaps between its parts
        made[1].append(ast.div([], classes=["stretch", "rest"]))
    return [*(ast.div(page, classes=[PAGE]) for page in made), *code]


def _unnumber(blocks: Sequence[Node]) -> None:
    """Take headings out of the contents, and the numbers off them and off figures and tables."""
    for node in ast.nodes(blocks):
        triple = ast.attr_of(node)
        if triple is not None and (node["t"] in ("Header", "Figure") or "table-record" in classes_of(node)):
            triple[1] += ["unnumbered"] + ["unlisted"] * (node["t"] == "Header")


def _second(sections: Sequence[list[Node]]) -> list[Node]:
    """Page two: its sections one below the other, the last two side by side."""
    above, last = sections[:-2], sections[-2:]
    if len(last) > 1:
        last = [[ast.div([ast.div(s, classes=["item"]) for s in last], classes=["beside"])]]
    return list(chain.from_iterable([*above, *last]))


def _headed(blocks: Sequence[Node]) -> Iterator[Node]:
    """The headline in the place of the chapter's own heading, and under its id."""
    title = next((b for b in blocks if b["t"] == "Header" and b["c"][0] == 1), None)
    for block in blocks:
        if "prose" in classes_of(block) and _HEADLINE in classes_of(block):
            triple = title["c"][1] if title else ast.attr("sec-front")
            yield {"t": "Header", "c": [1, triple, as_inlines(block["c"][1])]}
        elif block is not title:
            yield block


def _sections(blocks: Sequence[Node]) -> list[list[Node]]:
    """What stands before the first section, then each section."""
    found: list[list[Node]] = [[]]
    for block in blocks:
        if block["t"] == "Header" and block["c"][0] > 1:
            found.append([])
        found[-1].append(block)
    return found


def _beside(blocks: Sequence[Node]) -> Iterator[Node]:
    """Figures that follow each other in one row."""
    row: list[Node] = []
    for block in [*blocks, None]:
        if block is not None and block["t"] == "Figure":
            row.append(block)
            continue
        if len(row) > 1:
            yield ast.div([ast.div([b], classes=["item"]) for b in row], classes=["beside", "figures"])
        else:
            yield from row
        row = []
        if block is not None:
            yield block


def _stretched(blocks: Sequence[Node]) -> Iterator[Node]:
    """Blocks with what fills a page between them: not below a heading, nor between strap, headline and standfirst."""
    last: Node | None = None
    for block in blocks:
        close = last is None or last["t"] == "Header" or _CLOSE in classes_of(last)
        if not close:
            alike = "headed" in classes_of(block) and "headed" in classes_of(last or block)
            yield ast.div([], classes=["stretch", *(() if alike else ("wide",))])
        yield block
        last = block


def front_pages(blocks: Sequence[Node]) -> list[Node]:
    """The front's pages out of a whole report, with what a correcting version changes."""
    return [b for b in blocks if b["t"] == "Div" and {PAGE, CHANGES} & set(classes_of(b))]
