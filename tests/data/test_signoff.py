"""The state of an edition: what people may declare in a story or in report.yml, and what is refused."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from incident_report.data.documents import parse_document
from incident_report.data.model import Fault
from incident_report.data.signoff import (
    REPORT,
    SignOff,
    read_releases,
    read_signoff,
    release_faults,
    signoff_faults,
)

SIGNED = "status: released\nauthor: A. Author\nreviewer: B. Reviewer\npublished: 2020-10-05\n"


def found(text: str) -> tuple[SignOff | None, list[Fault]]:
    document = parse_document("story/2020Q3.md", "quarter: 2020Q3\n" + text, lambda fault: None)
    assert document is not None
    faults = list(signoff_faults(document, document.value))
    return (None if faults else read_signoff(document, document.value)), faults


def test_what_is_signed_says_who_when_and_where_each_stands() -> None:
    made, faults = found(SIGNED + "embargo: 2020-10-05\ndoi: https://doi.org/10.5281/zenodo.123\n")
    assert made is not None and not faults and made.signed
    assert (made.author, made.reviewer, made.published) == ("A. Author", "B. Reviewer", date(2020, 10, 5))
    assert (made.embargo, made.doi, made.lines["reviewer"]) == (date(2020, 10, 5), "10.5281/zenodo.123", 4)


@pytest.mark.parametrize("text", ["", "status:\n", "status: draft\n", "status: in review\nauthor: A. Author\n"])
def test_without_a_signature_it_is_a_draft_or_in_review(text: str) -> None:
    made, faults = found(text)
    assert made is not None and not faults and not made.signed
    assert made.status == ("in review" if "in review" in text else "draft")


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("status: published\n", "status"),
        ("status: [released]\n", "status"),
        ("author: [A. Author]\n", "author"),
        ("reviewer: '-'\n", "reviewer"),
        ("reviewer: 5\n", "reviewer"),
        ("published: soon\n", "published"),
        ("published: 2020-10-05 10:00:00\n", "published"),
        ("embargo: 31-12-2020\n", "embargo"),
        ("doi: 11.1/x\n", "doi"),
        ("doi: 10.5281/zen odo\n", "doi"),
        ("doi: 'javascript:10.5281/x'\n", "doi"),
        ("reason: [a]\n", "reason"),
        ("status: released\n", "status"),
        ("status: released\nauthor: A. Author\n", "status"),
        ("status: released\nauthor: A. Author\nreviewer: a. author\n", "status"),
        ("status: released\nauthor: A. Author\nreviewer: 'Author, A.'\n", "status"),
        ("status: released\nauthor: José Núñez\nreviewer: 'Jose\u0301 Nu\u0301n\u0303ez'\n", "status"),
        ("status: released\nauthor: A. Author\nreviewer: А. Аuthor\n", "status"),
        ("status: released\nauthor: A. Author\nreviewer: A. Au\u200bthor\n", "status"),
        ("published: 2020-W41-1\n", "published"),
        (SIGNED + "embargo: 2020-10-06\n", "published"),
    ],
)
def test_what_is_wrong_is_one_fault_in_its_place(text: str, key: str) -> None:
    _, faults = found(text)
    assert [f.column for f in faults] == [key]


def test_report_yml_signs_editions_by_quarter() -> None:
    text = yaml.safe_dump({"release": {"2013Q4": yaml.safe_load(SIGNED), "2013Q3": {"status": "in review"}}})
    document = parse_document(REPORT, text, lambda fault: None)
    assert document is not None and not list(release_faults(document))
    assert {q: s.status for q, s in read_releases(document).items()} == {"2013Q4": "released", "2013Q3": "in review"}


@pytest.mark.parametrize("listed", [{"201": {}}, {"2013q4": {}}, {"2013Q4": "released"}, {"2013Q4": {"state": "x"}}])
def test_report_yml_is_told_where_it_is_wrong(listed: Mapping[str, Any]) -> None:
    document = parse_document(REPORT, yaml.safe_dump({"release": listed}), lambda fault: None)
    assert document is not None and len(list(release_faults(document))) == 1


VALUES = st.one_of(st.none(), st.booleans(), st.integers(), st.floats(), st.dates(), st.text(), st.lists(st.text()))


@given(st.dictionaries(st.sampled_from(["status", "author", "reviewer", "published", "embargo", "doi"]), VALUES))
def test_any_values_are_read_or_told(values: dict[str, Any]) -> None:
    text = yaml.safe_dump({"quarter": "2020Q3", **values}, allow_unicode=True)
    document = parse_document("story/2020Q3.md", text, lambda fault: None)
    if document is not None and not list(signoff_faults(document, document.value)):
        made = read_signoff(document, document.value)
        assert not made.signed or (made.author and made.reviewer)
