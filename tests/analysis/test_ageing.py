"""What a campaign writes about its data is printed while it holds; what does not hold is dated, left out and listed."""

from __future__ import annotations

from dataclasses import replace

import pytest
import yaml
from editions import founding
from made import FOUNDING
from small import files, make

from incident_report.analysis.ageing import statements_of, to_look_at
from incident_report.analysis.edition import Edition
from incident_report.analysis.how_we_know import weaknesses
from incident_report.data import check
from incident_report.publish.attention import statements_to_look_at


def with_weaknesses(*stated: object) -> Edition:
    return replace(FOUNDING, data=replace(FOUNDING.data, campaign=replace(FOUNDING.campaign, known_weaknesses=stated)))


@pytest.mark.parametrize(
    ("age", "state", "printed"),
    [
        ({}, "current", True),
        ({"valid": {"from": "2020Q1"}}, "current", True),
        ({"valid": {"from": "2020Q1", "to": "2020Q2"}}, "dated", True),
        ({"valid": {"from": "2020Q4"}}, "early", False),
        ({"expect": "record.attacks > 0"}, "current", True),
        ({"expect": "record.attacks == 0"}, "broken", False),
        ({"expect": "no_such_fact is known"}, "open", False),
    ],
)
def test_a_weakness_is_printed_while_it_holds(age: dict, state: str, printed: bool) -> None:
    ed = with_weaknesses({"text": "A.", **age})
    assert weaknesses(ed)["text"].tolist() == (["A."] if printed else [])
    listed = to_look_at(ed)
    listed = listed[listed["file"] == "report.yml"]
    assert listed["state"].tolist() == ([] if state == "current" else [state])


def test_the_list_is_one_over_all_files_and_empty_for_the_founding_edition() -> None:
    assert statements_to_look_at(FOUNDING) == []
    assert {file for file, *_ in statements_of(FOUNDING)} >= {"policy_options.yml", "report.yml"}
    early = founding("2020Q1")
    lines = statements_to_look_at(early)
    assert lines[0].startswith(f"{len(to_look_at(early))} statements") and len(lines) == 22
    assert {*to_look_at(early)["file"]} == {"policy_options.yml", "report.yml"}


def test_faults_in_what_says_until_when_are_named(tmp_path) -> None:
    report = yaml.safe_load(files()["report.yml"])
    report["known_weaknesses"] = [
        {"text": "A.", "valid": {"from": "2020Q3", "to": "2020Q1"}},
        {"text": "B.", "expect": "rokets is rise"},
        {"text": "C.", "until": "2020Q3"},
    ]
    for kept, part in (
        (report["known_weaknesses"][:2], ("lies before", "rokets")),
        ([report["known_weaknesses"][2]], ()),
    ):
        made = make(tmp_path / "data", {"report.yml": yaml.safe_dump({**report, "known_weaknesses": kept})})
        data, faults = check(made)
        assert data is None
        said = [f.message for f in faults if f.file == "report.yml" and f.severity == "error"]
        assert said and all(any(p in m for m in said) for p in part)
