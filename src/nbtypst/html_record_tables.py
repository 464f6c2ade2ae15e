"""A table of the tree as one for a web page: scopes, roles, groups, labels for a phone's cards."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Any

from nbtypst.ast import Node, classes_of, names_group, nodes, spread, text_of

_NUMBER = re.compile(r"^[^\d.]{0,3}[\d,]+(\.\d+)?$")
_CARDS = range(3, 13)  # columns of a table whose rows may become cards; report.css knows as many labels
_ALIGN = {"AlignRight": ["num"], "AlignCenter": ["mid"]}


def table(node: Node) -> Node:
    """Scope on header cells, the first column as row headers, alignment by class.

    A table whose cells hold sentences gets class ``cards``: on a phone its rows become cards in which
    the column's label stands before each cell; the table says the labels once, as properties ``--h1``, ``--h2`` and
    so on. The roles of such a table, and of one at a glance, are written out because some browsers forget a table's
    meaning when its display changes.
    """
    attributes, caption, columns, head, bodies, foot = node["c"]
    if "record" in attributes[1]:
        bodies = [part for body in bodies for part in in_groups(body, len(columns))]
    form = _form(attributes, columns, head, [row for body in bodies for row in body[3]])
    count = iter(range(sum(len(body[3]) for body in bodies)))
    head = [form.group(head[0]), [form.line(r, "col") for r in head[1]]]
    bodies = [form.body(body, count) for body in bodies]
    columns = [[{"t": "AlignDefault"}, c[1]] for c in columns]
    own = [attributes[0], [*attributes[1], *form.classes()], [*form.role("table"), *form.labels()]]
    return {"t": "Table", "c": [own, caption, columns, head, bodies, foot]}


@dataclass(frozen=True)
class _Form:
    """What is known of a table before its cells are written.

    Attributes
    ----------
    heads : list of str
        Labels of the columns.
    aligns : list of str
        Alignment of each column.
    pads : mapping of column -> row -> text
        What follows a number, unseen, as `padding` gives it.
    spans : mapping of row -> number of rows
        As `grouped` gives it.
    said : set of int
        As `columns_of_words` gives it.
    """

    heads: list[str]
    aligns: list[str]
    pads: Mapping[int, Mapping[int, str]]
    cards: bool
    glance: bool
    spans: Mapping[int, int]
    labelled: bool
    said: AbstractSet[int]

    def role(self, name: str) -> list[list[str]]:
        return [["role", name]] if self.cards or self.glance else []

    def labels(self) -> list[list[str]]:
        """The labels as properties of the table, for cards."""
        return [["style", ";".join(f"--h{i}:{_quoted(h)}" for i, h in enumerate(self.heads, 1))]] if self.cards else []

    def classes(self) -> list[str]:
        """Of the table: what it is to the styles."""
        traits = {"labelled": self.labelled, "cards": self.cards, "dense": len(self.aligns) > 6}
        return [name for name, has in traits.items() if has]

    def group(self, own: list[Any]) -> list[Any]:
        return [own[0], own[1], [*own[2], *self.role("rowgroup")]]

    def body(self, body: list[Any], count: Iterator[int]) -> list[Any]:
        """A body with its heads, the rows numbered on."""
        own, heads, above, rows = body
        scopes = ["rowgroup" if row[1][0][3] == len(self.aligns) else "col" for row in above]
        return [
            self.group(own),
            1 if self.labelled else heads,
            [self.line(row, scope) for row, scope in zip(above, scopes, strict=True)],
            [self.line(row, number=next(count)) for row in rows],
        ]

    def line(self, row: list[Any], scope: str = "", number: int = -1) -> list[Any]:
        """A row; scope of a heading's, number of one of the body's."""
        return [[row[0][0], row[0][1], [*row[0][2], *self.role("row")]], list(self._cells(row, scope, number))]

    def _cells(self, row: list[Any], scope: str, number: int) -> Iterator[list[Any]]:
        place = int(bool(self.spans) and number >= 0 and number not in self.spans)  # its first cell is another row's
        for (id, classes, values), align, down, across, content in row[1][place:]:
            down = self.spans.get(number, down) if place == 0 else down
            more = [*values, *self._means(place, scope), *self._padded(place, number)]
            extra = [*classes, *self._looks(place, align["t"], None if scope else text_of(content))]
            yield [[id, extra, more], {"t": "AlignDefault"}, down, across, content]
            place += across

    def _means(self, place: int, scope: str) -> list[list[str]]:
        heads = scope or ("row" if self.labelled and place == 0 else "")
        role = {"": "cell", "col": "columnheader"}.get(heads, "rowheader")
        return [*([["scope", heads]] if heads else []), *self.role(role)]

    def _padded(self, place: int, number: int) -> list[list[str]]:
        pad = self.pads.get(place, {}).get(number)
        return [] if pad is None else [["data-pad", pad]]

    def _looks(self, place: int, align: str, text: str | None) -> list[str]:
        own = align if align != "AlignDefault" else self.aligns[min(place, len(self.aligns) - 1)]
        return [*_ALIGN.get(own, []), *["code-like"] * _is_code(place, text), *["said"] * (place in self.said)]


def _is_code(place: int, text: str | None) -> bool:
    return text is not None and place == 0 and " " not in text and len(text) <= 20


def _form(attributes: Sequence[Any], columns: Sequence[Any], head: Sequence[Any], rows: Sequence[Any]) -> _Form:
    wished = dict(attributes[2]).get("aligns", "").split()
    heads = [text_of(cell[4]) for cell in head[1][-1][1]] if head[1] else []
    glance = "glance" in attributes[1]
    cards = not glance and _become_cards(rows, len(columns), heads)
    spans = {} if cards else grouped(rows)
    return _Form(
        heads=heads,
        aligns=[c[0]["t"] for c in columns],
        pads={i: padding(rows, i) for i, a in enumerate(wished) if a == "decimal"},
        cards=cards,
        glance=glance,
        spans=spans,
        labelled=bool(spans) or _labelled(rows),
        said=columns_of_words(rows) if glance else set(),
    )


def _labelled(rows: Sequence[Any]) -> bool:
    """Whether each row begins with a label of what follows in it."""
    return bool(rows) and all(len(row[1]) > 1 and _first(row) for row in rows)


def _first(row: Sequence[Any]) -> str:
    """What a row's first cell says."""
    return text_of(row[1][0][4]) if row[1] else ""


def _quoted(text: str) -> str:
    """A text as a string of CSS."""
    return "'" + re.sub(r"(['\\])", r"\\\1", " ".join(text.split())) + "'"


def in_groups(body: list[Any], columns: int) -> list[list[Any]]:
    """A table's body in parts, each headed by its group's name, which stands across all columns.

    A body without such names, or with one that some rows of it leave blank, stays as it is.
    """
    attributes, heads, above, rows = body
    if not any(names_group(row) for row in rows) or not all(_first(row) for row in rows):
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
    firsts = [_first(row) for row in rows]
    if all(firsts) or not firsts[0] or not all(_labels_itself(row) for row in rows):
        return {}
    starts = [i for i, first in enumerate(firsts) if first]
    return {i: j - i for i, j in zip(starts, [*starts[1:], len(firsts)], strict=True)}


def _labels_itself(row: Sequence[Any]) -> bool:
    """Whether a row's first cell stands before others, and in no other row."""
    return len(row[1]) > 1 and bool(row[1][0][2] == 1)


def columns_of_words(rows: Sequence[Any]) -> set[int]:
    """Columns of a table at a glance in which a cell holds words, and no mark with them."""
    return {
        place
        for row in rows
        for place, cell in enumerate(row[1])
        if text_of(cell[4]) and not any("dot" in classes_of(n) for n in nodes(cell[4]))
    }


def _become_cards(rows: Sequence[Any], columns: int, heads: Sequence[str]) -> bool:
    even = len(heads) == columns and all(len(row[1]) == columns for row in rows)
    return even and columns in _CARDS and _wordy(rows)


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
