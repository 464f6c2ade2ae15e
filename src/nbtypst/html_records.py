"""Figures, tables, paragraphs and code of the tree as HTML that a screen reader can use."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from html import escape

from nbtypst.ast import Node, classes_of, div, nodes, para, raw, span, string, text_of
from nbtypst.html_record_tables import table

ROLES = {"observation": "Observation", "inference": "Inference", "judgement": "Judgement", "caveat": "Caveat"}
_ROWS, _LETTERS = 6, 500  # of a table that stands open


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
