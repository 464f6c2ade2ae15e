"""Records that no text names are named once, and in print only what print shows."""

from __future__ import annotations

from typing import Any

import pytest

from incident_report.publish.wording import in_order, named
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


@pytest.mark.parametrize(
    ("text", "marked"),
    [
        ("(صحيفة الصباح, 12 October 2021)", "(صحيفة الصباح\u200e, 12 October 2021)"),
        ("في شارع 60: five killed", "في شارع 60: five killed"),  # a number of the name itself
        ("قصف, 12 قتيلا", "قصف, 12 قتيلا"),
        ("Rocket, سامراء; first on file", "Rocket, سامراء; first on file"),
        ("Camp Taji, 12 October", "Camp Taji, 12 October"),
        ("in two: سامراء (6), بيجي (4) and Taji (1)", "in two: سامراء\u200e (6), بيجي\u200e (4) and Taji (1)"),
    ],
)
def test_a_day_behind_a_name_in_arabic_stays_behind_it(text: str, marked: str) -> None:
    assert ast.text_of(in_order([ast.para(ast.words(text))])) == marked
