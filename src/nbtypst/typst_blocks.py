"""Blocks as calls of the functions in ``base.typ``: records, figures, tables, lists, terminal output."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import count
from math import inf
from typing import Any

from nbtypst import ast, formulas, languages, typst_tables
from nbtypst.ast import Node
from nbtypst.clean import leftward_language, written_leftwards
from nbtypst.typst_captions import captioned, identifier, lengthy
from nbtypst.typst_cells import FORMULA
from nbtypst.typst_inlines import LONGEST, RAGGED, guarded, raw, uncited
from nbtypst.typst_layout import Room
from nbtypst.typst_marks import AROUND, IN_CELL, NESTED
from nbtypst.typst_repair import MARK
from nbtypst.typst_values import breakable, literal

FRONT = ("strap", "standfirst", "foot", "notice")
LOOKS = ("glance", "spread")  # of tables, each with a function of its own
PLACE = "cell-place"
ROLES = ("observation", "inference", "judgement", "caveat")


class Blocks:
    """Changes one block at a time, innermost first."""

    def __init__(
        self,
        fold: str,
        room: Room | None = None,
        warn: Callable[[str], None] = lambda _: None,
        lang: str = languages.ENGLISH,
    ):
        self._fold = fold
        self.lang = lang
        self._setting = _Setting(room or Room(), self._warn, lang)
        self._told = warn
        self._cell = ""
        self._keys = count(1)

    def _warn(self, message: str) -> None:
        self._told(f"{self._cell}: {message}" if self._cell else message)

    def node(self, node: Node) -> Node | list[Node] | None:
        """What stands for `node`."""
        if node["t"] in ("Str", "Space"):
            return None  # as most are
        method = getattr(self, f"_{node['t'].lower()}", None)
        return method(node) if method else None

    def _para(self, node: Node) -> Node | None:
        if len(node["c"]) == 1 and node["c"][0]["t"] == "Image":
            return ast.plain([raw("#nb-block-image["), node["c"][0], raw("]")])
        return self._plain(node)

    def _plain(self, node: Node) -> Node | None:
        """Pictures among words stay in their line; lines are not stretched where a formula may have one alone."""
        ragged = any(n["t"] == "RawInline" and "#nb-fit(" in n["c"][1] for n in node["c"])
        if not ragged and (len(node["c"]) == 1 or not any(n["t"] == "Image" for n in ast.nodes(node["c"]))):
            return None
        inlines = ast.transform(node["c"], _in_line)
        return {**node, "c": [raw(RAGGED), *guarded(inlines), raw("]")] if ragged else inlines}

    def _header(self, node: Node) -> Node | list[Node] | None:
        """A heading must say something: one without words leaves its place, its picture or formula stays."""
        _, (id, _, pairs), inlines = node["c"]
        if ast.says_something(inlines) or _has_formula(inlines):
            if ["dir", "ltr"] in pairs:
                return _between(f"#nb-ltr({literal(dict(pairs).get('lang', languages.ENGLISH))})[", [node], "]")
            if not written_leftwards([node]):
                return None  # a formula is heard
            return _between(f"#nb-rtl-heading({literal(leftward_language([node]))})[", [node], "]")
        pictured = any(n["t"] == "Image" for n in ast.nodes(inlines))
        self._warn("a heading without words is no heading" if pictured else "a heading without words is left out")
        return ast.plain([*inlines, *([raw(f"#metadata({literal(id)}) #label({literal(id)})")] if id else [])])

    def _span(self, node: Node) -> list[Node] | None:
        """A formula, or the source that stands for it, behind what a reference points at."""
        (id, classes, pairs), inlines = node["c"]
        if "formula" not in classes:
            return None
        anchor = [raw(f"#[#metadata({literal(id)}) #label({literal(id)})];")] if id else []
        line = formulas.CELL if IN_CELL in classes else min(formulas.LINE, self._setting.room.upright / 32)
        around = 0.55 * int(dict(pairs).get(AROUND, "0"))
        return [*anchor, *(self._formula(n["c"], line, around) if n["t"] == "Math" else n for n in inlines)]

    def _formula(self, content: Any, line: float, around: float) -> Node:
        """A call; in a table's cell within a Span that says how wide it is, and what it is where there is room."""
        kind, tex = content
        display = kind["t"] == "DisplayMath"
        made = raw(formulas.shown(tex, display, self._warn, self.lang, line, around, next(self._keys)))
        if line != formulas.CELL:
            return made
        run, whole = (f"{ems:.2f}" for ems in formulas.ems(tex, display))
        plain = formulas.shown(tex, display, lambda _: None, self.lang, inf)
        return ast.span([made], classes=[FORMULA], run=run, whole=whole, plain=plain)

    def _figure(self, node: Node) -> Node:
        triple, (_, caption), body = node["c"]
        inner = [n for block in body if block["t"] in ("Para", "Plain") for n in block["c"]]
        head = captioned("nb-figure", triple[0], caption, self.lang)
        breaks = ", breaks: true" if lengthy(caption) else ""
        return ast.plain([*head, raw(f"id: {identifier(triple[0])}{breaks})["), *inner, raw("]")])

    def _table(self, node: Node) -> Node:
        """A table of Markdown or HTML; one in a record waits for the Div around it."""
        triple = node["c"][0]
        return node if "record" in triple[1] else _set_table(node, triple[0], [], self._setting)

    def _div(self, node: Node) -> list[Node] | Node | None:
        (id, classes, pairs), blocks = node["c"]
        if PLACE in classes:
            self._cell = dict(pairs).get("place", "")
            return ast.raw(f"{MARK}{self._cell}")
        div = _Div(node, id, classes, blocks, self._fold, self._setting)
        for name, made in _DIVS.items():
            if name in classes and not (name == "output" and "html" in classes):
                return made(div)
        if id == "refs":
            return _between("#nb-references[", blocks, "]")
        return _directed(dict(pairs), blocks) or (None if id else blocks)


@dataclass(frozen=True)
class _Setting:
    """Where tables stand, who is told how they are set, and the document's language."""

    room: Room
    warn: Callable[[str], None]
    lang: str


@dataclass(frozen=True)
class _Div:
    """A division: the node, its id, classes and blocks, and what becomes of folded code."""

    node: Node
    id: str
    classes: list[str]
    blocks: list[Node]
    fold: str
    setting: _Setting


def _has_formula(inlines: list[Node]) -> bool:
    return any(n["t"] == "RawInline" and "#nb-math(" in n["c"][1] for n in ast.nodes(inlines))


def _directed(keys: dict[str, str], blocks: list[Node]) -> list[Node] | Node | None:
    """Blocks with the direction that their division gives; None where it gives none."""
    if keys.get("dir") == "rtl":
        # One block: whoever sets blocks side by side must not set its brackets apart.
        return ast.div(_between(f"#nb-rtl({literal(keys.get('lang', 'ar'))})[", blocks, "]"))
    if keys.get("dir") == "ltr" and "lang" in keys:
        return _between(f"#nb-ltr({literal(keys['lang'])})[", blocks, "]")
    return None


def _in_line(node: Node) -> list[Node] | None:
    return [raw("#box["), node, raw("]")] if node["t"] == "Image" else None


def _kind_of(classes: list[str]) -> str:
    return next((c for c in classes if c != "callout"), "note")


def _record_table(div: _Div) -> Node | None:
    table = next((b for b in div.blocks if b["t"] == "Table"), None)
    notes = [n for b in div.blocks if b["t"] == "Div" for n in b["c"][1]]
    look = next((look for look in LOOKS if look in div.classes), "table")
    return _set_table(table, div.id, notes, div.setting, f"nb-{look}") if table else None


def _printed(div: _Div) -> list[Node]:
    kind = next((c for c in div.classes if c in ("stderr", "error")), "stdout")
    return [_terminal(b, kind) for b in div.blocks]


def _prose(div: _Div) -> list[Node]:
    look = next((c for c in div.classes if c in FRONT), "")
    if look == "strap":
        return _between(f"#nb-strap(id: {identifier(div.id)}, [", _side_by_side([[b] for b in div.blocks]), "])")
    if look:
        return _between(f"#nb-{look}(id: {identifier(div.id)})[", div.blocks, "]")
    if "headed" in div.classes:
        head, *rest = div.blocks
        return _between(f"#nb-labelled({literal(ast.text_of(head))}, id: {identifier(div.id)})[", rest, "]")
    role = next((c for c in div.classes if c in ROLES), "")
    blocks = _marked(role, div.blocks) if role else div.blocks
    return _between(f"#nb-prose({literal(role)}, id: {identifier(div.id)})[", blocks, "]")


def _marked(role: str, blocks: list[Node]) -> list[Node]:
    """The role's mark before the first words."""
    mark = raw(f"#nb-role({literal(role)});")
    if not blocks or blocks[0]["t"] not in ("Para", "Plain"):
        return [ast.para([mark]), *blocks]
    blocks[0]["c"] = [mark, {"t": "Space"}, *blocks[0]["c"]]
    return blocks


# Room between the parts of a front page: some at least, and a share of what the page has left.
_STRETCH = {"wide": "#v(0.6em)#v(1fr)", "rest": "#v(4fr)"}


def _front_page(div: _Div) -> list[Node]:
    # It stands alone, without the list of what is cited.
    blocks = ast.transform(div.blocks, uncited)
    return _between("#nb-front-page[", [_headline(b) for b in blocks], "]")


def _beside(div: _Div) -> list[Node]:
    at = "bottom" if "figures" in div.classes else "top"
    return _between(f"#nb-beside(at: {at}, [", _side_by_side([b["c"][1] for b in div.blocks]), "])")


def _side_by_side(parts: list[list[Node]]) -> list[Node]:
    """Arguments of a call: parts with a comma between."""
    return [b for i, part in enumerate(parts) for b in ([ast.raw("], [")] if i else []) + part]


def _as_it_is(div: _Div) -> Node:
    """Notes of a table, items of a list or a row: what holds them asks for them."""
    return div.node


# In this order: the first class that a division has decides.
_DIVS: dict[str, Callable[[_Div], list[Node] | Node | None]] = {
    "table-record": _record_table,
    "table-notes": _as_it_is,
    "code-fold": lambda div: [] if div.fold == "drop" else div.blocks,
    "output": _printed,
    "key-findings": lambda div: _between("#nb-findings[", div.blocks, "]"),
    "prose": _prose,
    "item": _as_it_is,
    "list-record": lambda div: _set_list(div.node),
    "stretch": lambda div: [ast.raw(next((w for c, w in _STRETCH.items() if c in div.classes), "#v(0.4fr)"))],
    "front-page": _front_page,
    "changes": lambda div: _between("#nb-changes[", div.blocks, "]"),
    "beside": _beside,
    "callout": lambda div: _between(f"#nb-callout({literal(_kind_of(div.classes))})[", div.blocks, "]"),
    "lost": lambda div: [ast.raw(f"#nb-lost({literal(breakable(b['c'][1], LONGEST))})") for b in div.blocks],
    "output-note": lambda div: _between("#nb-note[", div.blocks, "]"),
}

CONTAINERS = {*_DIVS} - {"table-record", "output", "code-fold", "output-note"}  # the others leave nothing around


def _between(before: str, blocks: list[Node], after: str) -> list[Node]:
    return [ast.raw(before), *blocks, ast.raw(after)]


def _set_table(table: Node, id: str, notes: list[Node], setting: _Setting, function: str = "nb-table") -> Node:
    room = Room(setting.room.upright, 0.0) if NESTED in ast.classes_of(table) else setting.room
    cells, layout = typst_tables.source(table, fixed=function != "nb-table", room=room, warn=setting.warn)
    caption = [*table["c"][1][1], *notes]
    head = captioned(function, id, caption, setting.lang)
    lines = int(layout.lines) + typst_tables.HALF_A_PAGE * lengthy(caption)
    settings = f"id: {identifier(id)}, landscape: {literal(layout.landscape)}, lines: {lines}, "
    settings += f"whole: {literal(layout.whole)}, "
    return ast.plain([*head, raw(settings), *cells, raw(")")])


def _headline(node: Node) -> Node:
    """A front's heading as its headline."""
    if node["t"] != "Header" or node["c"][0] > 1:
        return node
    _, (id, _, _), inlines = node["c"]
    return ast.plain([raw(f"#nb-headline(id: {identifier(id)})["), *guarded(inlines), raw("]")])


def _set_list(node: Node) -> Node:
    """A list's items, each its colour and its parts by name."""
    (id, classes, _), items = node["c"]
    look = next((c for c in classes if c != "list-record"), "")
    out = [raw(f"#nb-list({literal(look)}, id: {identifier(id)}, (")]
    for item in items:
        colour = dict(item["c"][0][2]).get("colour", "") if item["t"] == "Div" else ""
        out.append(raw(f"({literal(colour or None)}, ("))
        for part in (n for b in item["c"][1] for n in b["c"] if n["t"] == "Span"):
            out += [raw(f"{literal(part['c'][0][1][0])}: ["), *guarded(part["c"][1]), raw("], ")]
        out.append(raw(")), "))
    return ast.plain([*out, raw("))")])


def _terminal(block: Node, kind: str) -> Node:
    if block["t"] == "LineBlock":
        lines = [
            [[piece, run["c"][0][1]] for run in line if run["t"] == "Code" for piece in [run["c"][1]]]
            for line in block["c"]
        ]
        return ast.raw(f"#nb-ansi({literal(kind)}, {literal(lines)})")
    if block["t"] == "CodeBlock":
        return ast.raw(f"#nb-output({literal(kind)}, {literal(block['c'][1].expandtabs(8))})")
    return block
