"""The one expression language: what it answers, and what it refuses."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest
from editions import founding
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateAssertionError, UndefinedError

from incident_report.analysis.change import Verdict
from incident_report.analysis.expressions import Sandbox, describe, evaluate, holds
from incident_report.analysis.open import open_edition
from incident_report.analysis.result import replay, traces
from incident_report.analysis.series_facts import compare, counts
from incident_report.syntax import ExpressionError, names_in


class Level:
    """A fact with a verdict and a history."""

    def __init__(self, verdict: Verdict | None, counts: list[int | None]) -> None:
        self.verdict, self.counts, self.now = verdict, counts, counts[-1]

    def since(self, period: str = "") -> list[int | None]:
        return self.counts


FACTS = {
    "up": Level(Verdict.RISE, [3, 1, 9]),
    "tied": Level(Verdict.LEVEL, [9, 1, 9]),
    "gap": Level(Verdict.NOT_COMPARABLE, [None, 9]),
    "deaths": 5,
    "missing": pd.NA,
}


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("up is rise", True), ("up is fall", False), ("up is level", False), ("up is clear", True),
        ("gap is level", False), ("gap is rise", False), ("gap is not_comparable", True),
        ("up is highest_since", True), ("tied is highest_since", False), ("gap is highest_since", False),
        ("up is lowest_since", False), ("deaths == 5 and up is rise", True), ("missing is known", False),
        ("deaths is unknown", False),
    ],
)  # fmt: skip
def test_tests_name_one_verdict_each(text: str, answer: bool) -> None:
    assert holds(text, FACTS) is answer


@pytest.mark.parametrize(
    "text",
    [
        "deaths", "up", "upp is rise", "deaths is rise", "missing > 3", "missing == 3", "up.wrong > 1", "1 +", "",
        "deaths is rising", "'a' * 10000000000 == ''", "2 ** 99999999 > 1", "up.__class__ == 1", "().__class__ == 1",
        "deaths == 5\n", "up.since.__globals__ == 1", "x" * 2000,
    ],
)  # fmt: skip
def test_what_is_no_condition_is_refused_in_one_line(text: str) -> None:
    with pytest.raises(ExpressionError) as error:
        holds(text, FACTS)
    assert "\n" not in str(error.value)


@given(st.text(max_size=60))
def test_any_text_is_answered_or_refused(text: str) -> None:
    try:
        evaluate(text, FACTS)
    except ExpressionError as error:
        assert "\n" not in str(error)


def test_no_expression_can_write(tmp_path: Path) -> None:
    ed = open_edition()
    target = tmp_path / "out"
    for text in (
        f"rockets.tally.counts.to_csv('{target}')",
        f"rockets.tally.counts.table.to_pickle('{target}')",
        f"rockets.tally.counts.edition.data.folder.joinpath('{target}').touch()",
    ):
        with pytest.raises(ExpressionError):
            holds(text, ed.facts)
    assert not target.exists()


def test_what_broke_is_told_with_its_present_value() -> None:
    assert describe("up is fall and deaths > 7", FACTS) == "up is rise; deaths = 5"
    assert describe("deaths | string | length == 3", FACTS) == "deaths | string | length = 1"
    assert describe('"a" in words | map("upper")', {"words": ["a"]}) == "words | map(\"upper\") = ['A']"
    assert names_in("up is fall and deaths > 7") == ("deaths", "up")


@pytest.mark.parametrize("test", ["largest.low > 3", "2 * largest.low > 3", "largest.id == 'x'"])
def test_what_is_not_there_is_said_to_be_unknown(test: str) -> None:
    with pytest.raises(ExpressionError, match="not known") as told:
        holds(test, FACTS | {"largest": None})
    assert "None" not in str(told.value)


def test_facts_of_the_series_replay_to_themselves() -> None:
    ed = founding()
    level = ed.facts.rockets.tally
    assert (level.now, level.before, level.of("2020Q1")) == (27, 11, 19)
    for made in (level.counts, level.compared):
        assert replay(made.trace(), ed).digest() == made.digest()


def test_a_table_that_leaves_a_result_is_a_copy() -> None:
    level = founding().facts.rockets.tally
    taken = level.counts.table
    taken.drop(taken.index, inplace=True)
    taken = level.counts["count"]
    taken[:] = 0
    assert level.now == 27 and (level.counts["count"].dropna() > 0).all()


def test_what_is_shown_stands_first_in_a_trace_and_a_call_once() -> None:
    ed = founding()
    own = [compare(ed, kind="baseline"), counts(ed)]
    kept = traces(own, [*reversed(own), compare(ed)])
    assert [t["function"] for t in kept[:2]] == [r.call.function for r in own] and len(kept) == 3


def test_a_text_is_compiled_once_and_with_names_of_its_own_each_time() -> None:
    env = Sandbox()
    assert env.from_string("{{ 1 + n }}") is env.from_string("{{ 1 + n }}")
    assert env.from_string("{{ 1 + n }}").render(n=1) == "2"
    assert env.from_string("{{ 1 + n }}", globals={"n": 2}).render() == "3"
    with pytest.raises(UndefinedError):
        env.from_string("{{ 1 + n }}").render()


def test_what_is_compiled_once_for_all_sandboxes_answers_with_the_filters_of_each() -> None:
    """Jinja2 would work a filter of a written-out value out while it compiles, with the filter at hand."""
    told = []
    for label in ("Rocket", "Sparkler"):
        env = Sandbox(finalize=lambda value, label=label: f"{value} by {label}")
        env.filters["label"] = lambda _, label=label: label
        told.append(env.from_string("{{ 'rocket' | label }}, {{ 7 }}").render())
    assert told == ["Rocket by Rocket, 7 by Rocket", "Sparkler by Sparkler, 7 by Sparkler"]
    first, second = Sandbox(), Sandbox()
    assert first.compile("{{ n }}") is second.compile("{{ n }}")
    second.filters["half"] = lambda n: n / 2
    with pytest.raises(TemplateAssertionError, match="half"):
        first.from_string("{{ n | half }}")
    assert Sandbox(autoescape=True).from_string("{{ '<' ~ n }}").render(n="<") == "&lt;&lt;"
    assert Sandbox().from_string("{{ '<' ~ n }}").render(n="<") == "<<"
