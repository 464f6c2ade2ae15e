"""Records that no text names are named once, and in print only what print shows."""

from __future__ import annotations

from typing import Any

from incident_report.publish.wording import named
from nbtypst import ast
from nbtypst.printed import printed


def record(id: str, *classes: str) -> dict[str, Any]:
    return {"t": "Div", "c": [ast.attr(id, ["record", "table-record", *classes]), []]}


def cited(blocks: list[Any]) -> list[str]:
    return [c["citationId"] for n in ast.nodes(blocks) if n["t"] == "Cite" for c in n["c"][0]]


def test_print_does_not_point_to_a_table_of_the_page() -> None:
    blocks = named([record("tab-a"), record("tab-b", "web-only"), ast.para(ast.words("Told here."))])
    assert cited(blocks) == ["tab-a", "tab-b"]
    assert cited(printed(blocks)) == ["tab-a"]
    assert ast.text_of(printed(blocks)).endswith(".")
