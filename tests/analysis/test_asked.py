"""What is taken for one thing is all that a reader can see of it; what is read later counts when it is read."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from editions import founding

from incident_report import reads
from incident_report.analysis.asked import again, contents
from incident_report.analysis.edition import Edition
from incident_report.analysis.open import edition_of
from incident_report.analysis.remember import kept_property
from incident_report.analysis.result import Outcome, result
from incident_report.analysis.series_facts import counts
from incident_report.analysis.variants import without
from incident_report.data.contents import content, fingerprint
from incident_report.data.noted import plain

KILLED = {f"incidents/killed@{q}" for q in founding().data.quarters}
FACTS = ("record", "groups", "targets", "events", "deaths", "wounded", "harm", "silences", "techniques", "coverage",
         "sourcing", "places", "carried", "months", "on_file", "rockets", "salvos")  # fmt: skip
DOUBTS = {"robust", "examined", "found", "fragile", "survives", "flips", "holds_for", "plausible", "robustness"}


def fresh(ed: Edition, **tables: Any) -> Edition:
    return edition_of(replace(ed.data, **tables), str(ed.quarter))


def killed(ed: Edition) -> int:
    return int(ed.counted["killed"].sum())


@dataclass(frozen=True)
class Late:
    """A domain object that reads when it is asked."""

    edition: Edition

    @kept_property
    def killed(self) -> int:
        return killed(self.edition)


@result
def late(ed: Edition, *, begun: bool = False) -> Outcome:
    """Its object may have been asked within the call."""
    value = Late(ed)
    return Outcome(pd.DataFrame({"n": [value.killed if begun else 0]}), value=value)


@result
def of_a_function(ed: Edition) -> Outcome:
    """Of which nothing can be told: a reader of the value sees through it."""
    return Outcome(pd.DataFrame({"n": [killed(ed)]}), value=lambda: ed)


def asked(function: Any) -> dict[str, str]:
    with reads.within() as read:
        function()
    return contents(read.asked)


def test_what_a_call_reads_is_hidden_behind_what_it_gave() -> None:
    ed = fresh(founding())
    found = asked(lambda: counts(ed))
    assert [bool(given) for given in found.values()] == [True]
    [(name, given)] = found.items()
    assert again(name, fresh(ed)) == given
    rows = plain(ed.data.incidents)
    assert again(name, fresh(ed, incidents=rows.assign(killed=5))) == given
    assert again(name, fresh(ed, incidents=rows.iloc[:-9].reset_index(drop=True))) != given


@pytest.mark.parametrize("begun", [False, True])
def test_what_a_value_works_out_later_is_read_by_whoever_asks_for_it(begun: bool) -> None:
    ed = fresh(founding())
    assert not KILLED & asked(lambda: late(ed, begun=begun)).keys()
    found = late(ed, begun=begun)
    assert asked(lambda: found.value.killed).keys() >= KILLED
    assert asked(lambda: found.value.killed).keys() >= KILLED  # and again


def test_what_a_fact_works_out_later_is_read_by_whoever_asks_for_it() -> None:
    ed = fresh(founding())
    assert "places/" not in asked(lambda: ed.facts.places)
    assert "places/" in asked(lambda: ed.facts.places.enlarged)
    assert "places/" in asked(lambda: ed.facts.places.enlarged)


def test_a_call_whose_value_cannot_be_told_counts_by_its_cells() -> None:
    found = asked(lambda: of_a_function(fresh(founding())))
    assert found.keys() >= KILLED and not any(found.values())


def test_nothing_asked_of_other_data_than_were_loaded_is_one_thing() -> None:
    ed = fresh(founding())
    variant = without(ed, frozenset(ed.counted["incident_id"][:1]))
    for of in (variant, replace(ed, data=ed.data.but(quarters=()))):
        assert not any(asked(lambda of=of: killed(of) and late(of)).values())
        with pytest.raises(TypeError):
            fingerprint(of)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (Outcome(pd.DataFrame({"a": [1]}), ["x", "y"]), Outcome(pd.DataFrame({"a": [1]}), ["y", "x"])),
        (Outcome(pd.DataFrame({"a": [1]}), verdict="rise"), Outcome(pd.DataFrame({"a": [1]}), verdict="fall")),
        (Outcome(pd.DataFrame({"a": [1]}), value=(1, 2)), Outcome(pd.DataFrame({"a": [1]}), value=(1, 3))),
        (Outcome(pd.DataFrame({"a": [1]}), value=np.ones(2)), Outcome(pd.DataFrame({"a": [1]}), value=np.zeros(2))),
        (Outcome(pd.DataFrame({"a": [1]})), Outcome(pd.DataFrame({"a": [1.0]}))),
        (Outcome(pd.DataFrame({"a": [1, 2]})), Outcome(pd.DataFrame({"a": [2, 1]}, index=[1, 0]).sort_index())),
        (Outcome(pd.DataFrame({"a": [1, 2]})), Outcome(pd.DataFrame({"a": [1, 2]}, index=[1, 0]))),
        (Outcome(pd.DataFrame({"a": [(1, 2)]})), Outcome(pd.DataFrame({"a": [[1, 2]]}))),
        (Outcome(pd.DataFrame({"a": [None]}, dtype=object)), Outcome(pd.DataFrame({"a": [pd.NA]}, dtype=object))),
        (Outcome(pd.DataFrame({"a": [1], "b": [2]})), Outcome(pd.DataFrame({"b": [2], "a": [1]}))),
        (Outcome(pd.DataFrame({"a": [Late(founding())]})), Outcome(pd.DataFrame({"a": [repr(Late(founding()))]}))),
    ],
    ids=lambda one: None,
)
def test_all_that_a_reader_sees_of_a_result_is_in_its_hash(one: Outcome, other: Outcome) -> None:
    made = iter([one, other])
    either = result(lambda ed: next(made))
    assert fingerprint(either(founding())) != fingerprint(either(founding()))


def seen(ed: Edition, fact: str) -> dict[str, tuple[str, dict[str, str], set[str]]]:
    """What a fact says of each of its properties, with what was read for it."""
    found = {}
    names = [n for n in dir(type(ed.facts[fact])) if not n.startswith("_") and n not in DOUBTS]
    for name in names:
        with reads.within() as read:
            value = getattr(ed.facts[fact], name)
        if not callable(value):
            found[name] = (_text(value), contents(read.asked), read.names)
    return found


def _text(value: Any) -> str:
    try:
        return fingerprint(value)
    except TypeError:
        return repr(value)


@pytest.mark.parametrize(
    ("column", "value"),
    [("killed", 7), ("munition_count", 9), ("confidence", "medium"), ("attack_method", "mortar"),
     ("place", "Elsewhere"), ("claimed_by", "Somebody"), ("governorate", "Basra"), ("target_category", "other")],
)  # fmt: skip
def test_where_all_that_was_asked_gives_the_same_so_does_whoever_asked(column: str, value: Any) -> None:
    ed = fresh(founding())
    rows = plain(ed.data.incidents)
    cells = rows[column].astype(object)
    cells[rows.index[rows["quarter"] == "2020Q2"][3]] = value
    other = fresh(ed, incidents=rows.assign(**{column: cells.astype(rows[column].dtype)}))
    same = 0
    for fact in FACTS:
        now = seen(other, fact)
        for name, (text, given, names) in seen(ed, fact).items():
            besides = [n for n, h in given.items() if not h]
            unlike = any(content(ed.data, n) != content(other.data, n) for n in besides)
            if unlike or any(again(n, other) != h for n, h in given.items() if h):
                continue
            assert now[name][0] == text, (fact, name)
            same += any(content(ed.data, n) != content(other.data, n) for n in names)
    assert same > 0  # some read the cell and were found to be the same
