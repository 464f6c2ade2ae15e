"""Counts, dates and probabilities as words."""

from __future__ import annotations

from datetime import date
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st
from jinja2 import TemplateSyntaxError, nodes

from incident_report.analysis.expressions import Sandbox
from incident_report.data.restrictions import Withheld
from incident_report.paths import TEMPLATES
from incident_report.present.entries import WordsError
from incident_report.present.phrases import phrases
from incident_report.present.words import phrasebook

ORDER = [
    "almost no chance", "very unlikely", "unlikely", "roughly even chance", "likely", "very likely", "almost certain",
]  # fmt: skip


def say(name: str, *values: object) -> str:
    return phrasebook().phrase(name, *values)


@pytest.mark.parametrize(
    ("value", "words"),
    [(0, "no attacks"), (1, "one attack"), (2, "two attacks"), (27, "27 attacks"), (5200, "5,200 attacks")],
)
def test_counts_agree_with_their_noun(value: int, words: str) -> None:
    assert say("count", value, "attack") == words


@pytest.mark.parametrize(
    ("items", "words"), [([], ""), (["a"], "a"), (["a", "b"], "a and b"), (["a", "b", "c"], "a, b and c")]
)
def test_lists_are_joined_as_in_prose(items: list[str], words: str) -> None:
    assert say("and_list", items) == words


@pytest.mark.parametrize(
    ("part", "whole", "words"), [(1, 9, "1 of 9"), (12, 27, "12 of 27 (44%)"), (0, 0, "none recorded"), (2, 2, "both")]
)
def test_no_percentage_on_a_base_below_ten(part: int, whole: int, words: str) -> None:
    assert say("share", part, whole) == words


def test_a_span_names_a_year_once_unless_it_changes() -> None:
    assert say("span", date(2020, 7, 1), date(2020, 9, 25)) == "1 July to 25 September 2020"
    assert say("span", date(2019, 12, 1), date(2020, 1, 5)) == "1 December 2019 to 5 January 2020"


# Office of the Director of National Intelligence, ICD 203 (2015), D.6.e.2.
@pytest.mark.parametrize(
    ("p", "word"),
    [
        (0, "almost no chance"), (0.03, "almost no chance"), (0.1, "very unlikely"), (0.3, "unlikely"),
        (0.5, "roughly even chance"), (0.45, "roughly even chance"), (0.55, "roughly even chance"),
        (0.7, "likely"), (0.9, "very likely"), (0.97, "almost certain"), (1, "almost certain"),
    ],
)  # fmt: skip
def test_likelihood_words_are_those_of_icd_203(p: float, word: str) -> None:
    assert say("likelihood", p) == word


@given(st.floats(0, 1), st.floats(0, 1))
def test_a_greater_probability_never_takes_a_weaker_word(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert ORDER.index(say("likelihood", low)) <= ORDER.index(say("likelihood", high))


@pytest.mark.parametrize(
    ("p", "text"), [(0.0004, "p < 0.001"), (0.0132, "p = 0.013"), (0.89, "p = 0.89"), (1.0, "p = 1.00")]
)
def test_p_values_keep_the_digits_that_matter(p: float, text: str) -> None:
    assert say("p_value", p) == text


@pytest.mark.parametrize("value", [None, float("nan")])
def test_what_is_not_known_does_not_print(value: object) -> None:
    with pytest.raises((WordsError, TypeError, ValueError)):
        say("number", value)


@pytest.mark.parametrize(("low", "high", "words"), [(5, 5, "five"), (5, 7, "five to seven"), (0, 2, "up to two")])
def test_a_toll_that_some_reports_deny_has_no_lower_end(low: int, high: int, words: str) -> None:
    assert say("toll_of", {"low": low, "high": high}) == words


@pytest.mark.parametrize(
    ("low", "high", "words"), [(4, 4, "4 of 10"), (9, 10, "9 or 10 of 10"), (2, 9, "between 2 and 9 of 10")]
)
def test_a_share_between_two_bounds(low: int, high: int, words: str) -> None:
    assert say("between", low, high, 10) == words


@pytest.mark.parametrize(("whole", "words"), [(2, "both"), (3, "all three"), (27, "all 27")])
def test_the_whole_of_two_is_both(whole: int, words: str) -> None:
    assert say("every", whole) == words


@pytest.mark.parametrize(
    ("reason", "told"),
    [("A typing error.", "A typing error."), ("Gone.", "not published, since"),
     ("Gone. AP says so.", "published.) AP says so."), ("Gone by now", "Gone by now"), (pd.NA, "–"), ("", "–")],
)  # fmt: skip
def test_a_reason_that_is_withheld_says_why(reason: Any, told: str) -> None:
    said = say("reason_told", reason, Withheld(places=1, word="gone"))
    assert told in said and "Gone." not in said
    assert say("reason_told", "Gone.", None) == say("reason_told", "Gone.", Withheld()) == "Gone."


@pytest.mark.parametrize(
    ("low", "high", "n", "word"),
    [(0, 0, 0, "too few"), (1, 1, 1, "too few"), (0, 0, 1, "too few"), (2, 2, 2, "too few"), (0, 0, 3, "none"),
     (3, 3, 3, "all"), (26, 26, 26, "all"), (25, 26, 26, "most"), (14, 14, 26, "most"), (13, 26, 26, "some"),
     (1, 26, 26, "some"), (0, 26, 26, "open"), (0, 1, 26, "open")],
)  # fmt: skip
def test_how_many_attacks_an_option_can_touch(low: int, high: int, n: int, word: str) -> None:
    assert say("reach_word", {"low": low, "high": high, "n": n}) == word


@pytest.mark.parametrize(("counts", "told"), [([], False), ([3, 26], False), ([26, 2], True), ([1], True)])
def test_a_key_says_what_is_too_few_where_something_is(counts: list[int], told: bool) -> None:
    assert ("too few" in say("reach_few", counts)) is told


@pytest.mark.parametrize(
    ("whole", "moved", "words"),
    [(1, 0, "The one test here keeps its verdict under every"), (1, 1, "The one test here changes its verdict under a"),
     (2, 0, "Both tests here keep their verdict under every"), (2, 2, "Both tests here change their verdict under a"),
     (2, 1, "One of two tests here changes its verdict under a"),
     (3, 2, "Two of three tests here change their verdict under a"),
     (3, 0, "All three tests here keep their verdict under every"),
     (3, 3, "All three tests here change their verdict under a")],
)  # fmt: skip
def test_how_many_of_the_verdicts_drawn_doubts_change(whole: int, moved: int, words: str) -> None:
    assert say("verdicts_kept", whole, moved, "test", " here").strip() == f"{words} declared doubt"


@pytest.mark.parametrize("figure", ["fig-doubts-counts", "fig-doubts-kinds"])
def test_a_title_that_counts_verdicts_says_that_it_counts_those_drawn(figure: str) -> None:
    assert " drawn here" in phrasebook().entries[figure].fields["title"][1]


@pytest.mark.parametrize(
    ("method", "means", "words"),
    [("rocket", True, "by rocket on civilians"), ("other", True, "by other means on civilians"),
     ("other", False, "on civilians"), (None, False, "on civilians")],
)  # fmt: skip
def test_a_campaign_that_codes_no_method_is_told_without_one(method: str | None, means: bool, words: str) -> None:
    assert say("deed", "civilians", method, means).strip() == words


@pytest.mark.parametrize(
    ("before", "now", "words"),
    [((57, 57), (56, 56), "57 before, 56 now"), ((7, 9), (8, 9), "7–9 before, 8–9 now"),
     ((1200, 1200), (1201, 1201), "1,200 before, 1,201 now"), ((7, 7), (None, None), "7 before, unknown now"),
     ((5, 5), (5, 5), "no verdict before, clear rise now")],
)  # fmt: skip
def test_a_number_that_changed_is_told_with_what_it_was(before: Any, now: Any, words: str) -> None:
    first, second = dict(zip(("low", "high"), before, strict=True)), dict(zip(("low", "high"), now, strict=True))
    verdict = "rise" if before == now else ""
    assert say("figures_told", first | {"verdict": ""}, second | {"verdict": verdict}) == words


@pytest.mark.parametrize(("n", "words"), [(0, "are they them"), (1, "is it it"), (2, "are they them")])
def test_verb_and_pronoun_agree_with_their_number(n: int, words: str) -> None:
    assert " ".join(say(name, n) for name in ("are", "they", "them")) == words


@pytest.mark.parametrize(("basis", "words"), [("documented", "no attacks on record"), ("tally", "no attacks")])
def test_a_count_of_none_is_told_as_what_the_record_holds(basis: str, words: str) -> None:
    assert say("in_headline", {"headline": {"known": True, "now": 0}, "noun": "attacks", "basis": basis}) == words


@pytest.mark.parametrize("name", ["do_not_say", "others_silent", "those_silent"])
def test_who_is_silent_is_told_where_somebody_is(name: str) -> None:
    assert say(name, 0) == ""
    assert " one " in say(name, 1) and " 12 " in say(name, 12)


@pytest.mark.parametrize(
    ("best", "reported", "words"),
    [(2, 2, "both"), (5, 5, "all five"), (2, 3, "two of the three"), (12, 40, "12 of the 40")],
)
def test_the_dead_of_one_attack_are_told_of_all(best: int, reported: int, words: str) -> None:
    assert say("dead_in_one", {"best": best}, reported) == words


@pytest.mark.parametrize(
    ("place", "plain", "words"),
    [
        ("Baghdad (2)", "Baghdad", "(rocket; baghdad)"), ("Camp (7)", "Camp (7)", "(rocket; camp (7))"),
        ("Taji", "Taji", "(rocket; taji)"), ("", "", "(rocket)"),
    ],
)  # fmt: skip
def test_a_place_in_a_sentence_has_no_number_of_a_table(place: str, plain: str, words: str) -> None:
    event = {"attack_method": "rocket", "day": date(2020, 8, 21), "place": place, "plain": plain}
    assert say("event_told", event).lower() == f"21 august {words}"


@pytest.mark.parametrize(
    ("places", "numbered"),
    [([], False), (["Taji", None, pd.NA], False), (["Zubair (near Basra)", "Camp (7)"], False), (["A", "A (2)"], True)],
)  # fmt: skip
def test_a_table_says_what_the_numbers_of_its_places_are_only_where_one_has_a_number(
    places: Any, numbered: bool
) -> None:
    coarse, exact = Withheld(places=3, alike=frozenset({"A", "Taji"})), Withheld(rows=1)
    told = say("places_coarse", coarse, places)
    assert bool(told) is numbered
    assert say("places_coarse", exact, places) == say("places_coarse", None, places, True) == ""
    assert (say("places_coarse", coarse, places, True) == told) is numbered  # else that they are coarse, and no more


def test_every_table_of_places_has_words_for_their_numbers() -> None:
    entries = {
        id: {name: source for name, (_, source) in one.fields.items()} for id, one in phrasebook().entries.items()
    }
    tables = {id: f for id, f in entries.items() if "column-place" in f or "row.field, value" in f.get("cell-old", "")}
    assert {"tab-deaths", "tab-incidents", "tab-corrections", "tab-revisions"} <= tables.keys()
    assert [id for id, fields in tables.items() if "places_coarse(" not in fields["caption"]] == []


@pytest.mark.parametrize(
    ("low", "high", "silent", "words"),
    [(0, 4, 0, "up to four wounded"), (9, 9, 0, "nine wounded"), (9, 12, 3, "at least nine wounded"),
     (0, 4, 3, "at least four wounded")],
)  # fmt: skip
def test_wounded_have_a_bound_where_reports_leave_one(low: int, high: int, silent: int, words: str) -> None:
    assert say("wounded_in_short", {"low": low, "high": high, "now": {"silent": silent}}) == words


@pytest.mark.parametrize(
    ("alone", "rivals", "single", "words"),
    [(False, (), False, ""), (False, (), True, "One source alone tells of it."), (True, (), True, "Only A says so."),
     (True, ("b",), True, "Only A says so; other sources say b."),
     (False, ("b", "c"), True, "Other sources say b or c.")],
)  # fmt: skip
def test_who_doubts_a_first(alone: bool, rivals: tuple[str, ...], single: bool, words: str) -> None:
    first = {"article_alone": alone, "rivals": rivals, "single": single}
    assert say("first_doubted", first, "A") == words


@pytest.mark.parametrize(("n", "words"), [(0, ""), (1, "it is"), (3, "they are")])
def test_what_is_withheld_is_told_kind_by_kind(n: int, words: str) -> None:
    kinds = {"rows": 0, "columns": (), "persons": 0, "places": 0, "passages": 0}
    told = say("withheld_told", kinds | {"incidents": n}, "district")
    assert (words in told) if n else (told == "")
    assert say("withheld_told", {"incidents": 0, **kinds, "columns": ("a.b",) * n}, "district").count("column") == min(
        n, 1
    )


@pytest.mark.parametrize("language", [p.parent.name for p in TEMPLATES.glob("words/*/phrases.md")])
def test_every_phrase_of_a_language_can_be_read(language: str) -> None:
    text = (TEMPLATES / "words" / language / "phrases.md").read_text("utf-8")
    env = phrasebook(language)._environment(False)
    env.compile(text)
    assert set(phrases(env, text)) == {m.name for m in env.parse(text).find_all(nodes.Macro)}


@pytest.mark.parametrize("language", [p.parent.name for p in TEMPLATES.glob("words/*/phrases.md")])
def test_a_translated_phrase_takes_all_that_its_english_namesake_is_given(language: str) -> None:
    def taken(of: str) -> dict[str, tuple[int, int]]:
        text = (TEMPLATES / "words" / of / "phrases.md").read_text("utf-8")
        macros = phrasebook(of)._environment(False).parse(text).find_all(nodes.Macro)
        return {m.name: (len(m.args) - len(m.defaults), len(m.args)) for m in macros}

    own, english = taken(language), taken("en")
    unlike = {n for n in own.keys() & english if own[n][0] > english[n][0] or own[n][1] < english[n][1]}
    assert not unlike


def test_a_phrase_sees_those_below_it_and_of_two_the_later_serves() -> None:
    found = phrases(
        Sandbox(),
        "{% macro said(n) %}{{ number(n) }}!{% endmacro %}"
        "{% macro number(n) %}{{ n }}{% endmacro %}{% macro number(n) %}{{ n }},0{% endmacro %}",
    )
    assert found["said"](3) == "3,0!"


def test_a_phrase_that_cannot_be_read_is_told_with_its_line() -> None:
    found = phrases(Sandbox(), "\n\n{% macro bad(n) %}{{ n + }}{% endmacro %}")
    with pytest.raises(TemplateSyntaxError) as error:
        found["bad"](3)
    assert error.value.lineno == 3
