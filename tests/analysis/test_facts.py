"""What a sentence rests on is what was asked for while it was written, whatever other cells asked for before."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest
from editions import founding

from incident_report.analysis.edition import Edition
from incident_report.analysis.facts import results_in
from incident_report.analysis.open import edition_of
from incident_report.paths import CODE
from incident_report.reads import within


def rests(ed: Edition, name: str, *asked: str) -> set[str]:
    """The calls that a fact holds for whoever asks for some of its properties."""
    with within():
        fact = ed.facts[name]
        for one in asked:
            getattr(fact, one)
        return {str(r.call) for r in results_in((fact,))}


@pytest.mark.parametrize(("name", "lazy"), [("options", "gaps"), ("claims", "fragile")])
def test_what_others_have_asked_for_before_does_not_count(name: str, lazy: str) -> None:
    ed, other = (edition_of(replace(founding().data), "2020Q3") for _ in range(2))
    alone = rests(ed, name)
    asked = rests(ed, name, lazy)
    assert rests(ed, name) == alone
    assert rests(ed, name, lazy) == asked == rests(other, name, lazy)
    assert alone <= asked


def test_what_a_lazy_value_took_from_another_counts_each_time_it_is_taken() -> None:
    ed = edition_of(replace(founding().data), "2020Q3")
    series = ed.facts["rockets"]
    with within():
        first = (series.robust, {str(r.call) for r in results_in((series,))})
    with within():
        again = (series.robust, {str(r.call) for r in results_in((series,))})
    with within():
        none = {str(r.call) for r in results_in((series,))}
    assert first == again
    assert none < again[1]


def test_whoever_asks_a_fact_for_what_it_worked_out_before_has_read_what_it_was_made_of() -> None:
    places = edition_of(replace(founding().data), "2020Q3").facts.places
    seen = []
    for _ in range(2):
        with within() as (names, _):
            assert places.enlarged
        seen.append({name for name in names if name.startswith("places/")})
    assert seen[0] == seen[1] >= {"places/latitude", "places/longitude"}


def test_no_fact_works_anything_out_that_only_its_first_reader_has_read() -> None:
    folder = CODE / "incident_report" / "analysis"
    found = [
        p.name for p in folder.glob("*.py") if re.search(r"^\s+@(functools\.)?cached_property", p.read_text(), re.M)
    ]
    assert found == ["result.py"]  # a hash of what the result holds already
