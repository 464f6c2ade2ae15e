"""What is not translated in a report that is read from right to left: marked as English, from left to right."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from babel import Locale

from incident_report.present.words import LANGUAGE
from nbtypst import ast
from nbtypst.ast import Node
from nbtypst.clean import letters

_WAY = {"lang": LANGUAGE, "dir": "ltr"}


def turned(blocks: Sequence[Node], locale: Locale) -> list[Node]:
    """The blocks, those of which most letters run from the left in a Div that says so; others as they are.

    Parameters
    ----------
    locale : Locale
        The report's. Where it is read from left to right, nothing is changed.

    Examples
    --------
    >>> said = ast.para(ast.words("Knights counts 27."))
    >>> turned([said], Locale("ar"))[0]["c"][0][2]
    [['lang', 'en'], ['dir', 'ltr']]
    >>> turned([said], Locale("de")) == [said]
    True
    """
    return list(_turned(blocks)) if locale.text_direction == "rtl" else list(blocks)


def unturned(blocks: Sequence[Node]) -> list[Node]:
    """The blocks without the Divs that `turned` put around some: figures and paragraphs where they were.

    Examples
    --------
    >>> said = ast.para(ast.words("Knights counts 27."))
    >>> unturned(turned([said], Locale("ar"))) == [said]
    True
    """
    return [own for block in blocks for own in (block["c"][1] if _marks(block) else [block])]


def _marks(block: Node) -> bool:
    return block["t"] == "Div" and block["c"][0] == ast.attr(**_WAY)


def _turned(blocks: Sequence[Node]) -> Iterator[Node]:
    for block in blocks:
        if block["t"] == "Header":
            yield _heading(block) if _foreign(block) else block
        elif {"code-fold", "beside"} & {*ast.classes_of(block)}:
            yield block  # code runs from the left anyway; what stands side by side is one block
        elif block["t"] == "Div" and (not _foreign(block) or _headed(block)):
            yield {**block, "c": [block["c"][0], list(_turned(block["c"][1]))]}
        elif _foreign(block):
            yield ast.div([ast.transform([block], _title)[0]], **_WAY)
        else:
            yield block


def _foreign(block: Node) -> bool:
    """Whether more letters run from the left than from the right; those of sources that it cites are not its own."""
    own = ast.transform([block], _uncited)
    found = letters(own) or letters([block])
    return found["L"] > found["R"] + found["AL"]


def _uncited(node: Node) -> list[Node] | None:
    return [] if node["t"] == "Link" and node["c"][2][0].startswith("#ref-") else None


def _headed(block: Node) -> bool:
    return any(node["t"] == "Header" for node in ast.nodes(block["c"][1]))


def _heading(block: Node) -> Node:
    """A heading, whose words stand in the contents too."""
    level, (id, classes, pairs), inlines = block["c"]
    attr = [id, classes, [*pairs, *map(list, _WAY.items())]]
    return {**block, "c": [level, attr, [ast.span(inlines, **_WAY)]]}


def _title(node: Node) -> Node | None:
    """A record's title, which stands in a list too; its label stays in the report's language."""
    if node["t"] != "Span" or "record-title" not in node["c"][0][1]:
        return None
    return {**node, "c": [node["c"][0], ast.transform(node["c"][1], _words)]}


def _words(node: Node) -> Node | None:
    if node["t"] != "Strong":
        return None
    labels = [i for i, inline in enumerate(node["c"], 1) if "record-label" in ast.classes_of(inline)]
    first = next((i for i, n in enumerate(node["c"]) if n["t"] != "Space" and i >= max(labels, default=0)), 0)
    return {**node, "c": [*node["c"][:first], ast.span(node["c"][first:], **_WAY)]}
