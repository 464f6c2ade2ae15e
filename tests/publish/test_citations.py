"""Sources are cited by outlet and day, and the bibliography's entries open with the same words."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from incident_report.present.words import phrasebook
from incident_report.publish.citations import cited_items, style
from nbtypst import ast
from nbtypst.ast import Node
from nbtypst.numbering import cite


def row(id: str, publisher: str, published: str, **more: Any) -> dict[str, Any]:
    known = {"title": f"Title of {id}", "author": (), "original": "", "title_basis": "page", "language": ""}
    return {
        **known, "source_id": id, "publisher": publisher, "published": published, "kind": "press",
        "reliability": "B", "url": f"https://example.org/{id}", **more,
    }  # fmt: skip


ROWS = [
    row("wire", "Reuters", "2020-08-11", author=("Doe, Jane", "Reuters")),
    row("month", "Rudaw", "2020-09"),
    row("plain-1", "NRT", "", author=("NRT Digital Media",)),
    row("plain-2", "NRT", ""),
    row("repost", "News Site", "2020-09-28", author=("Roe, Richard",), original="An Institute, Paper 7"),
]


@pytest.fixture(scope="module")
def told() -> list[Node]:
    def cited(id: str) -> Node:
        one = {
            "citationId": id, "citationPrefix": [], "citationSuffix": [], "citationMode": {"t": "NormalCitation"},
            "citationNoteNum": 0, "citationHash": 0,
        }  # fmt: skip
        return ast.para([{"t": "Cite", "c": [[one], []]}])

    return cite(
        [cited(r["source_id"]) for r in ROWS], cited_items(pd.DataFrame(ROWS), phrasebook().phrase), csl=style()
    )


def test_the_text_names_outlet_and_day(told: list[Node]) -> None:
    said = [ast.text_of(b) for b in told if b["t"] == "Para"]
    assert said[:2] == ["(Reuters, 11 August 2020)", "(Rudaw, September 2020)"]
    assert sorted(said[2:4]) == ["(NRT, undated a)", "(NRT, undated b)"]
    assert said[4] == "(An Institute, 28 September 2020)"


def test_an_entry_opens_as_it_is_cited_and_names_who_wrote_once(told: list[Node]) -> None:
    cited = {ast.text_of(b)[1:-1] for b in told if b["t"] == "Para"}
    entries = [ast.text_of(n["c"][1]) for n in ast.nodes(told) if n["t"] == "Div" and "csl-entry" in n["c"][0][1]]
    assert {e.split(". ")[0] for e in entries} == cited
    assert entries == sorted(entries)
    told_of = {e.split(",")[0]: e for e in entries}
    assert "Jane Doe, ‘Title of wire’" in told_of["Reuters"] and told_of["Reuters"].count("Reuters") == 1
    assert all(part in told_of["An Institute"] for part in ("Richard Roe", "Paper 7", "reposted by News Site"))
    assert not any("Digital Media" in e for e in entries)


def test_a_second_name_falls_away_and_a_description_is_not_quoted() -> None:
    rows = [
        row("two", "Crisis24 (GardaWorld)", "2020-08-16", title="Claim on 'US vehicles' of Iraq's road"),
        row("none", "Rudaw", "2020-08-16", title="[Report on a bomb]", title_basis="none"),
    ]
    two, none = cited_items(pd.DataFrame(rows), "reposted by {}".format)
    assert two["author"] == [{"literal": "Crisis24"}] and two["title"] == "Claim on “US vehicles” of Iraq's road"
    assert "title" not in none and none["genre"] == "[Report on a bomb]"
