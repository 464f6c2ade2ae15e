"""Figures, tables, paragraphs and code of the tree as HTML that a screen reader can use."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from nbtypst.ast import Node, classes_of, div, names_group, nodes, para, raw, span, spread, string, text_of

ROLES = {"observation": "Observation", "inference": "Inference", "judgement": "Judgement", "caveat": "Caveat"}
_NUMBER = re.compile(r"^[^\d.]{0,3}[\d,]+(\.\d+)?$")
_ROWS, _LETTERS = 6, 500  # of a table that stands open
_CARDS = range(3, 13)  # columns of a table whose rows may become cards; report.css knows as many labels
_ALIGN = {"AlignRight": ["num"], "AlignCenter": ["mid"]}


def block(tag: str, content: Sequence[Node], **values: str) -> list[Node]:
    """Blocks between an opening and a closing tag of our own; attribute values are escaped here."""
    pairs = "".join(f' {k.rstrip("_").replace("_", "-")}="{escape(v)}"' for k, v in values.items() if v)
    return [raw(f"<{tag}{pairs}>", "html"), *content, raw(f"</{tag}>", "html")]


def record_writer(
    names: Mapping[str, str], tools: Callable[[str], list[Node]] = lambda _: [], *, folding: bool = False
) -> Callable[[Node], Node | list[Node] | None]:
    """A function that turns a record into HTML and leaves other nodes alone.

    Parameters
    ----------
    names : mapping
        Record id -> ``Figure 3`` or ``Table 2``.
    tools : callable
        Record id -> blocks that end the record, such as links to its data.
    folding : bool
        Long tables behind a disclosure, below their caption; of class ``open-wide`` for a spread, which a wide
        screen may show open.
    """

    def change(node: Node) -> Node | list[Node] | None:
        classes = classes_of(node)
        if node["t"] == "Figure":
            return figure(node, names, tools)
        if node["t"] == "Table":
            own = table(node)
            return own if "record" in classes else loose_table(own)
        if node["t"] == "Div" and "table-record" in classes:
            return table_record(node, names, tools, folding)
        if node["t"] == "Div" and "code-fold" in classes:
            return code(node, names)
        if node["t"] == "Div" and "list-record" in classes:
            return listed(node)
        if node["t"] == "Div" and "prose" in classes:
            return prose(node)
        return None

    return change


def code_after(blocks: Sequence[Node]) -> list[Node]:
    """All code of a chapter in one division at its end; each piece knows the record that it made."""
    out: list[Node] = []
    kept: list[Node] = []  # pieces of the chapter
    fresh = False  # whether the last piece has made nothing yet
    for node in blocks:
        if node["t"] == "Div" and "code-fold" in classes_of(node):
            kept.append(div(node["c"][1], classes=["piece"]))
            fresh = True
            continue
        if node["t"] == "Header" and node["c"][0] == 1:
            out += _gathered(kept)
            kept = []
        elif fresh and (node["t"] == "Figure" or "table-record" in classes_of(node)):
            kept[-1]["c"][0][2].append(["made", node["c"][0][0]])
        fresh = False
        out.append(node)
    return [*out, *_gathered(kept)]


def _gathered(pieces: list[Node]) -> list[Node]:
    return [div(pieces, classes=["code-fold"])] if pieces else []


def figure(node: Node, names: Mapping[str, str], tools: Callable[[str], list[Node]]) -> list[Node]:
    """Title and caption above the chart, base and source below it."""
    (id, classes, _), (_, caption), content = node["c"]
    head, foot = parts(caption)
    chart = block(
        "div",
        content,
        class_="scroll chart",
        tabindex="0",
        role="group",
        aria_label=names.get(id) or text_of(head)[:80] or "Figure",
    )
    return block(
        "figure",
        [*block("figcaption", head), *chart, *(block("div", foot, class_="foot") if foot else []), *tools(id)],
        id=id,
        class_=" ".join(["figure", *classes]),
    )


def parts(caption: Sequence[Node]) -> tuple[list[Node], list[Node]]:
    """What stands above a record (title, caption) and what below (n, source)."""
    head: list[Node] = []
    foot: list[Node] = []
    for one in caption:
        classes = {c for inner in nodes(one) for c in classes_of(inner)}
        place = foot if classes & {"record-n", "record-source"} else head
        place.append(para(one["c"]) if one["t"] == "Plain" else one)
    return head, foot


def table_record(node: Node, names: Mapping[str, str], tools: Callable[[str], list[Node]], folding: bool) -> list[Node]:
    """Caption above the table, notes below it, the table in a region that scrolls by itself.

    Its tables are already rewritten (the walk goes from the leaves up).
    """
    (id, classes, _), content = node["c"]
    tables = [n for n in content if n["t"] == "Table"]
    notes = [n for n in content if n["t"] != "Table"]
    captions = [n for t in tables for n in t["c"][1][1]]
    head, foot = parts(captions)
    for one in tables:
        one["c"][1] = [None, []]
    region = block(
        "div",
        tables,
        class_="scroll",
        tabindex="0",
        role="region",
        aria_label=names.get(id) or text_of(head)[:80] or "Table",
    )
    below = [*notes, *foot]
    shown = [*region, *(block("div", below, class_="foot") if below else [])]
    if folding and "glance" not in classes and ("web-only" in classes or _long(tables)):
        rows = sum(len(body[3]) for t in tables for body in t["c"][4])
        label = raw(f"<summary>{escape(names.get(id, 'Table'))}: {rows} row{'s' * (rows != 1)}</summary>", "html")
        shown = block("details", [label, *shown], class_="fold open-wide" if "spread" in classes else "fold")
    return block(
        "figure",
        [*block("figcaption", head), *shown, *tools(id)],
        id=id,
        class_=" ".join(["table", *classes]),
    )


def _long(tables: Sequence[Node]) -> bool:
    """Whether tables are more than a look: many rows, or much text."""
    rows = [row for t in tables for body in t["c"][4] for row in body[3]]
    return len(rows) > _ROWS or sum(len(text_of(cell[4])) for row in rows for cell in row[1]) > _LETTERS


def loose_table(node: Node) -> list[Node]:
    """A table that is no record (from Markdown or a DataFrame's HTML), in a region that scrolls by itself."""
    label = text_of(node["c"][1][1]) or "Table"
    return block("div", [node], class_="scroll loose", tabindex="0", role="group", aria_label=label[:80])


def table(node: Node) -> Node:
    """Scope on header cells, the first column as row headers, alignment by class.

    A table whose cells hold sentences gets class ``cards``: on a phone its rows become cards in which
    the column's label stands before each cell; the table says the labels once, as properties ``--h1``, ``--h2`` and
    so on. The roles of such a table, and of one at a glance, are written out because some browsers forget a table's
    meaning when its display changes.
    """
    attributes, caption, columns, head, bodies, foot = node["c"]
    aligns = [c[0]["t"] for c in columns]
    if "record" in attributes[1]:
        bodies = [part for body in bodies for part in in_groups(body, len(columns))]
    rows = [row for body in bodies for row in body[3]]
    wished = dict(attributes[2]).get("aligns", "").split()
    pads = {i: padding(rows, i) for i, a in enumerate(wished) if a == "decimal"}
    heads = [text_of(cell[4]) for cell in head[1][-1][1]] if head[1] else []
    cards = "glance" not in attributes[1] and len(heads) == len(columns) and _become_cards(rows, len(columns))
    spans = {} if cards else grouped(rows)
    labelled = bool(spans) or (bool(rows) and all(len(r[1]) > 1 and text_of(r[1][0][4]) for r in rows))
    glance = "glance" in attributes[1]
    shaped, said = cards or glance, columns_of_words(rows) if glance else set()
    role = (lambda name: [["role", name]]) if shaped else (lambda name: [])

    def cells(row: list[Any], scope: str = "", number: int = -1) -> list[Any]:
        covered = bool(spans) and number >= 0 and number not in spans
        out, place = [], 1 if covered else 0
        for (id, classes, values), align, down, across, content in row[1][place:]:
            down = spans.get(number, down) if place == 0 else down
            own = align["t"] if align["t"] != "AlignDefault" else aligns[min(place, len(aligns) - 1)]
            more = [["scope", scope]] if scope else [["scope", "row"]] if labelled and place == 0 else []
            more += role("columnheader" if scope == "col" else "rowheader" if more else "cell")
            if number in pads.get(place, {}):
                more.append(["data-pad", pads[place][number]])
            short = place == 0 and " " not in (word := text_of(content)) and len(word) <= 20
            extra = [*_ALIGN.get(own, []), *(["code-like"] if short and not scope else [])]
            extra += ["said"] if place in said else []
            out.append([[id, [*classes, *extra], [*values, *more]], {"t": "AlignDefault"}, down, across, content])
            place += across
        return out

    def line(row: list[Any], scope: str = "", number: int = -1) -> list[Any]:
        return [[row[0][0], row[0][1], [*row[0][2], *role("row")]], cells(row, scope, number)]

    def group(own: list[Any]) -> list[Any]:
        return [own[0], own[1], [*own[2], *role("rowgroup")]]

    count = iter(range(len(rows)))
    head = [group(head[0]), [line(r, "col") for r in head[1]]]
    bodies = [
        [
            group(body[0]),
            1 if labelled else body[1],
            [line(r, "rowgroup" if r[1][0][3] == len(columns) else "col") for r in body[2]],
            [line(r, number=next(count)) for r in body[3]],
        ]
        for body in bodies
    ]
    columns = [[{"t": "AlignDefault"}, c[1]] for c in columns]
    traits = {"labelled": labelled, "cards": cards, "dense": len(columns) > 6}
    classes = [*attributes[1], *(name for name, has in traits.items() if has)]
    said_once = [["style", ";".join(f"--h{i}:{_quoted(h)}" for i, h in enumerate(heads, 1))]] if cards else []
    own = [attributes[0], classes, [*role("table"), *said_once]]
    return {"t": "Table", "c": [own, caption, columns, head, bodies, foot]}


def _quoted(text: str) -> str:
    """A text as a string of CSS."""
    return "'" + re.sub(r"(['\\])", r"\\\1", " ".join(text.split())) + "'"


def in_groups(body: list[Any], columns: int) -> list[list[Any]]:
    """A table's body in parts, each headed by its group's name, which stands across all columns.

    A body without such names, or with one that some rows of it leave blank, stays as it is.
    """
    attributes, heads, above, rows = body
    if not any(names_group(r) for r in rows) or not all(r[1] and text_of(r[1][0][4]) for r in rows):
        return [body]
    parts: list[list[Any]] = [[attributes, heads, above, []]]
    for row in rows:
        if names_group(row):
            parts.append([["", [], []], heads, [spread(row, columns)], []])
        else:
            parts[-1][3].append(row)
    return [part for part in parts if part[2] or part[3]]


def grouped(rows: Sequence[Any]) -> dict[int, int]:
    """Row -> how many rows its first cell heads, where the first cells below a label are left blank.

    Empty where no first cell is blank, or where the table is not of that kind.
    """
    firsts = [text_of(r[1][0][4]) if len(r[1]) > 1 and r[1][0][2] == 1 else None for r in rows]
    if not firsts or not firsts[0] or None in firsts or all(firsts):
        return {}
    starts = [i for i, first in enumerate(firsts) if first]
    return {i: j - i for i, j in zip(starts, [*starts[1:], len(firsts)], strict=True)}


def columns_of_words(rows: Sequence[Any]) -> set[int]:
    """Columns of a table at a glance in which a cell holds words, and no mark with them."""
    return {
        place
        for row in rows
        for place, cell in enumerate(row[1])
        if text_of(cell[4]) and not any("dot" in classes_of(n) for n in nodes(cell[4]))
    }


def _become_cards(rows: Sequence[Any], columns: int) -> bool:
    return columns in _CARDS and all(len(row[1]) == columns for row in rows) and _wordy(rows)


def _wordy(rows: Sequence[Any]) -> bool:
    """Whether a column behind the first holds phrases rather than figures and single words."""
    longest = max((len(r[1]) for r in rows), default=0)
    for place in range(1, longest):
        lengths = [len(text_of(r[1][place][4])) for r in rows if place < len(r[1])]
        if sum(lengths) > 24 * len(lengths):
            return True
    return False


def padding(rows: Sequence[Any], column: int) -> dict[int, str]:
    """What follows each number, unseen, so that the decimal points of a column stand in one line.

    Empty where the column holds anything but numbers and blanks.
    """
    tails: dict[int, str] = {}
    for i, row in enumerate(rows):
        value = text_of(row[1][column][4]) if column < len(row[1]) else ""
        if not any(c.isdigit() for c in value):
            continue
        match = _NUMBER.match(value)
        if match is None:
            return {}
        tails[i] = match[1] or ""
    longest = max((len(t) for t in tails.values()), default=0)
    full = "." + "0" * (longest - 1)
    return {i: full[len(tail) :] for i, tail in tails.items() if len(tail) < longest}


def code(node: Node, names: Mapping[str, str]) -> list[Node]:
    """A chapter's code, folded, each piece under the name of what it made."""
    inner: list[Node] = []
    for piece in node["c"][1]:
        made = names.get(dict(piece["c"][0][2]).get("made", "")) if piece["t"] == "Div" else ""
        inner += [para([string(made)])] if made else []
        inner += piece["c"][1] if piece["t"] == "Div" else [piece]
    return block("details", [raw("<summary>Code for this chapter</summary>", "html"), *inner], class_="code")


def listed(node: Node) -> Node:
    """A list record, each item with its colour as a property that the styles may use."""
    (id, classes, values), items = node["c"]
    made = []
    for item in items:
        (_, own, keys), content = item["c"]
        colour = dict(keys).get("colour", "")
        made.append(div(content, classes=own, **({"style": f"--own: {colour}"} if colour else {})))
    return {"t": "Div", "c": [[id, classes, values], made]}


def prose(node: Node) -> Node | None:
    """The role as a word before the first paragraph."""
    (id, classes, values), content = node["c"]
    role = next((ROLES[c] for c in classes if c in ROLES), "")
    if not role or "headed" in classes or not content or content[0]["t"] not in ("Para", "Plain"):
        return None
    label = span([string(f"{role}.")], classes=["role"])
    first = {"t": content[0]["t"], "c": [label, {"t": "Space"}, *content[0]["c"]]}
    return {"t": "Div", "c": [[id, [*classes, "marked"], values], [first, *content[1:]]]}
