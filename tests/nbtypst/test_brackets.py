"""A reference and sources side by side share one pair of brackets; nothing else does."""

from __future__ import annotations

import pytest

from nbtypst import ast
from nbtypst.ast import Node
from nbtypst.brackets import joined

FIGURE = ast.link(ast.words("Figure 1"), "#fig-a", ["xref"])
PLAIN = ast.link(ast.words("Figure 1"), "#fig-a")


def sources() -> Node:
    return {"t": "Cite", "c": [[], [ast.string("("), PLAIN, ast.string("2020)")]]}


def bracketed(link: Node) -> list[Node]:
    return [ast.string("("), link, ast.string(")")]


@pytest.mark.parametrize(
    ("inlines", "read"),
    [
        ([*bracketed(FIGURE), {"t": "Space"}, sources()], "(Figure 1; Figure 12020)"),
        ([sources(), {"t": "Space"}, *bracketed(FIGURE), ast.string(".")], "(Figure 12020; Figure 1)."),
        ([*bracketed(PLAIN), {"t": "Space"}, sources()], "(Figure 1) (Figure 12020)"),
        ([sources(), {"t": "Space"}, ast.string("(late)")], "(Figure 12020) (late)"),
    ],
)
def test_a_reference_and_sources_share_a_bracket(inlines: list[Node], read: str) -> None:
    given = ast.para(inlines)
    before = ast.text_of(given)
    assert ast.text_of(joined([given])) == read
    assert ast.text_of(given) == before
