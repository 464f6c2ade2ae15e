"""Parts of a document that Typst refuses, found by halves and shown as their text; all others stay as they are.

A part is a block, or a formula, a picture or a note in a line; blocks hold parts of their own. Nothing here runs unless
Typst refuses the document.
"""

from __future__ import annotations

import copy
import itertools
from collections import Counter
from collections.abc import Callable, Collection, Iterator
from typing import Any

from nbtypst import ast
from nbtypst.ast import Node
from nbtypst.lines import as_inlines
from nbtypst.typst_values import label, literal

# What a warning calls them.
_NAMES = {
    "Math": "formula", "Image": "picture", "Note": "footnote", "Header": "heading", "Table": "table",
    "Figure": "figure", "CodeBlock": "text", "LineBlock": "text", "BlockQuote": "quotation", "BulletList": "list",
    "OrderedList": "list", "DefinitionList": "list", "Para": "paragraph", "Plain": "paragraph", "Div": "block",
}  # fmt: skip
_INLINE = ("Math", "Image", "Note")
_MOST = 60  # parts that are found one by one; behind them whole halves are shown as text


class Parts:
    """One document's parts.

    Parameters
    ----------
    blocks : list of Node
        The numbered tree, with the Divs ``cell-place`` that say where a cell begins.
    write : callable
        Makes Typst source of such a tree.
    """

    def __init__(self, blocks: list[Node], write: Callable[[list[Node]], str]):
        self._blocks = blocks
        self._write = write
        self._instead: dict[int, list[Node]] = {}  # number of a part -> what is shown instead
        self._refuses: Callable[[str], bool] = lambda _: False

    def mended(self, refuses: Callable[[str], bool], warn: Callable[[str], None]) -> str:
        """Source of the document in which what Typst refuses is shown as its text.

        Parameters
        ----------
        refuses : callable
            Whether Typst refuses a source.
        warn : callable
            Told of each part that is shown as its text.
        """
        self._blocks, self._refuses = _numbered(self._blocks), refuses
        parts = list(_within(self._blocks))
        if not self._refused(_numbers(parts)):  # else it is none of them
            self._formulas(list({str(n["c"]): n for n in ast.nodes(self._blocks) if n["t"] == "Math"}.values()))
            if self._refused(()):
                self._search(parts, frozenset())
        for node in ast.nodes(self._blocks):
            if node.get("part") in self._instead:
                warn(f"{node['said']}; its text is shown instead: {_text(node)[:60]}")
        return self._source(())

    def _formulas(self, formulas: list[Node]) -> None:
        """Replace formulas that Typst refuses without all else, wherever they stand."""
        if not formulas or not self._refuses(self._write([ast.para([{"t": "Math", "c": f["c"]}]) for f in formulas])):
            return
        if len(formulas) == 1:
            same = (n for n in ast.nodes(self._blocks) if n["t"] == "Math" and n["c"] == formulas[0]["c"])
            self._instead |= {node["part"]: _as_text(node)[0] for node in same}
        else:
            middle = len(formulas) // 2
            self._formulas(formulas[:middle])
            self._formulas(formulas[middle:])

    def _search(self, parts: list[Node], hidden: frozenset[int]) -> bool:
        """Replace what is refused among `parts` (something is, where others are `hidden`); whether that helped.

        Each is tried with all that stands before it, which may be what makes it wrong.
        """
        if len(parts) == 1:
            return self._one(parts[0], hidden)
        if len(self._instead) > _MOST:
            self._instead |= {part["part"]: _as_text(part)[-1] for part in parts}
            return not self._refused(hidden)
        middle = len(parts) // 2
        halves = ((parts[:middle], hidden | _numbers(parts[middle:])), (parts[middle:], hidden))
        return all(not self._refused(without) or self._search(half, without) for half, without in halves)

    def _one(self, part: Node, hidden: frozenset[int]) -> bool:
        """Replace what is refused in a part; all of it, where that does not help."""
        before = dict(self._instead)
        inner = list(_within(part["c"]))
        if inner and not self._refused(hidden | _numbers(inner)) and self._search(inner, hidden):
            return True
        self._instead = before
        for made in _as_text(part):
            self._instead[part["part"]] = made
            if not self._refused(hidden):
                return True
        return False

    def _refused(self, hidden: Collection[int]) -> bool:
        try:
            source = self._source(hidden)
        except Exception:  # without a part that it needs, a record cannot be written
            return True
        return self._refuses(source)

    def _source(self, hidden: Collection[int]) -> str:
        """The document without the parts that are hidden."""

        def change(node: Node) -> list[Node] | None:
            part = node.pop("part", None)
            return [] if part in hidden else self._instead.get(part)

        return self._write(ast.transform(self._blocks, change))


def _numbered(blocks: list[Node]) -> list[Node]:
    """A copy in which each part has its number, how a warning calls it, and whether it stands in the text itself."""
    blocks = copy.deepcopy(blocks)
    numbers = itertools.count()
    place, seen = "", Counter[str]()
    for block in blocks:
        if "cell-place" in ast.classes_of(block):
            place, seen = f"{dict(block['c'][0][2])['place']}: ", Counter()
            continue
        flow = {id(node) for node in _flow([block])}
        for node in filter(lambda node: node["t"] in _NAMES, ast.nodes(block)):
            name = _NAMES[node["t"]]
            seen[name] += 1
            node["part"], node["flow"] = next(numbers), id(node) in flow
            node["said"] = f"{place}Typst cannot set {name} {seen[name]}"
    return blocks


def _flow(blocks: list[Node]) -> Iterator[Node]:
    """Blocks between which a panel may stand."""
    for block in blocks:
        yield block
        if block["t"] in ("Div", "BlockQuote"):
            yield from _flow(block["c"] if block["t"] == "BlockQuote" else block["c"][1])


def _within(tree: Any) -> Iterator[Node]:
    """The outermost parts of a tree."""
    stack = [tree]
    while stack:
        value = stack.pop()
        if isinstance(value, dict) and "part" in value:
            yield value
        elif isinstance(value, dict | list):
            stack.extend(reversed(list(value.values() if isinstance(value, dict) else value)))


def _numbers(parts: list[Node]) -> frozenset[int]:
    return frozenset(part["part"] for part in parts)


def _as_text(part: Node) -> list[list[Node]]:
    """What may stand for a part, best first: its text in a line, or in a panel where one can stand."""
    ids = sorted({triple[0] for node in ast.nodes(part) if (triple := ast.attr_of(node)) and triple[0]})
    anchors = [ast.raw(f"#metadata({literal(id)}) #label({literal(id)})", inline=True) for id in map(label, ids)]
    text = _text(part)
    code = [*anchors, *as_inlines([ast.code_block(text)])]
    if not part["flow"]:
        return [code if part["t"] in _INLINE else [ast.plain(code)]]
    panel = ast.div([ast.code_block(text)], classes=["lost"])
    if part["t"] != "Header":
        return [[ast.plain(anchors), panel]]
    level, triple, _ = part["c"]  # it stays a heading, or levels below it would skip one
    plain, dots = ({"t": "Header", "c": [level, triple, ast.words(words)]} for words in (text, "…"))
    return [[plain], [dots, panel]]


def _text(part: Node) -> str:
    """What a block says, its notes too, line by line."""
    said = ast.transform(part, lambda n: ast.words(f" ({ast.text_of(n['c'])})") if n["t"] == "Note" else None)
    lines = itertools.groupby(as_inlines([said]), lambda node: node["t"] == "LineBreak")
    return "\n".join(ast.text_of(list(line)) for broken, line in lines if not broken)
