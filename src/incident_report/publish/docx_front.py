"""What is drawn elsewhere and has to be told with signs and small tables in Word: marks, numbers, dates."""

from __future__ import annotations

from nbtypst.ast import Node, classes_of, div, para, span, string, strong, text_of

# As the page and the PDF draw them.
_GLUE = "\u00a0"
_SIGNS = {"full": "●", "most": "◕", "half": "◐", "some": "◔", "empty": "○", "same": "=", "none": "–", "open": "?",
          "up": "▲", "level": "▬", "down": "▽"}  # fmt: skip


def signed(node: Node) -> Node:
    """A mark as its sign and its words; the words alone where no sign is known."""
    classes = classes_of(node)
    sign = next((s for kind, s in _SIGNS.items() if f"dot-{kind}" in classes), "")
    return span([string(f"{sign}{_GLUE}"), *node["c"][1]] if sign else node["c"][1], classes=classes)


def parted(node: Node) -> Node | None:
    """A paragraph that opens with a mark: its sign is enough where it stands alone, else a colon parts the two."""
    first, *others = node["c"] or [{"t": "Null"}]
    if "dot" not in classes_of(first) or "said" in classes_of(first):
        return None
    if others:
        return {**node, "c": [first, string(":"), *others]}
    sign, glue, _ = text_of(first, glued=True).partition(_GLUE)
    return {**node, "c": [string(sign)]} if glue else None


def list_table(node: Node) -> Node:
    """A list as a table without lines: numbers side by side, each above its label; else a row an item."""
    items = [[n for b in item["c"][1] for n in b["c"] if n["t"] == "Span"] for item in node["c"][1]]
    if "numbers" in classes_of(node):
        styles = ("Front Number", "Record Cell", "Record Cell")
        cells = [[_line(style, part) for part, style in zip(item, styles, strict=False)] for item in items]
        made = _table([cells], [1 / max(1, len(cells))] * len(cells))
    else:
        rows = [[[_line("Compact", strong([item[0]]))], [_line("Compact", *_rest(item[1:]))]] for item in items]
        made = _table(rows, [0.12, 0.88])
    return div([made], node["c"][0][0])


def _rest(parts: list[Node]) -> list[Node]:
    return [n for i, part in enumerate(parts) for n in ([{"t": "Space"}] if i else []) + [part]]


def _line(style: str, *inlines: Node) -> Node:
    return div([para(list(inlines))], custom_style=style)


def _table(rows: list[list[list[Node]]], widths: list[float]) -> Node:
    def attributes() -> list[object]:
        return ["", [], []]

    left = {"t": "AlignDefault"}
    lines = [[attributes(), [[attributes(), left, 1, 1, blocks] for blocks in row]] for row in rows]
    columns = [[left, {"t": "ColWidth", "c": round(width, 4)}] for width in widths]
    empty = [attributes(), []]
    body = [attributes(), 0, [], lines]
    return {"t": "Table", "c": [attributes(), [None, []], columns, empty, [body], [attributes(), []]]}
