"""Deaths, salvos, first uses and silences: unknown is never none, and events are not tags."""

from __future__ import annotations

import itertools
from dataclasses import replace
from types import SimpleNamespace

import pandas as pd
import pytest
from editions import founding
from hypothesis import given, settings
from hypothesis import strategies as st
from made import CONVOY, FOUNDING, Q2, Q3, edition, spread, tally

from incident_report.analysis.casualties import hurt, intercepted, killed, toll
from incident_report.analysis.change import Verdict
from incident_report.analysis.edition import Edition
from incident_report.analysis.expressions import holds
from incident_report.analysis.facts import results_in
from incident_report.analysis.harm import any_casualty
from incident_report.analysis.how_dangerous import SalvosFact, levels, rubric_weights, salvos, silences
from incident_report.analysis.result import replay
from incident_report.analysis.rubric import rubric_levels, shared_days
from incident_report.analysis.techniques import firsts, reports, techniques

RESULTS = (hurt, intercepted, killed, levels, firsts, reports, rubric_levels, salvos, shared_days, silences)
RESULTS += (techniques, toll, rubric_weights)


def two(*rows: dict, before: int = 6) -> Edition:
    """Some attacks of the quarter after `before` of which nothing is told."""
    made = [{**spread(1)[0], **row} for row in rows]
    return edition([*spread(before, Q2), *made], [tally("rocket_drone", Q2, 6), tally("rocket_drone", Q3, 6)])


@pytest.mark.parametrize("function", RESULTS, ids=lambda f: f.__name__)
def test_every_result_replays(function) -> None:
    found = function(FOUNDING)
    assert replay(found.trace(), FOUNDING).digest() == found.digest()


def test_an_unknown_toll_is_not_none() -> None:
    deaths = two({"killed": pd.NA}, {"wounded": 1}).facts.deaths
    assert not deaths.known and deaths.reported is None and deaths.largest is None
    assert (deaths.attacks, deaths.silent, deaths.stated_none) == (2, 2, 0)


def test_none_killed_is_known() -> None:
    deaths = two({"killed": 0}, {}).facts.deaths
    assert (deaths.known, deaths.low, deaths.high, deaths.stated_none, deaths.silent) == (True, 0, 0, 1, 1)
    assert deaths.events == () and holds("deaths is known and deaths.reported == 0", {"deaths": deaths})


def test_one_attack_holds_most_of_the_dead() -> None:
    deaths = two({"killed": 1}, {"killed": 5, "place": "A house"}, {"killed": 0}).facts.deaths
    assert deaths.reported == 6 and deaths.largest.best == 5 and deaths.largest.place == "A house"
    assert [e.best for e in deaths.events] == [5, 1]


def test_where_attacks_tie_none_is_the_largest() -> None:
    assert two({"killed": 2}, {"killed": 2}).facts.deaths.largest is None


def test_a_us_death_is_told_apart_and_an_uncoded_one_is_not_guessed() -> None:
    ed = two({"killed": 3, "us_killed": 2}, {"killed": 1}, {"killed": 4, "us_killed": 0})
    table = killed(ed).table
    assert table.groupby("who")["count"].sum().to_dict() == {"american": 2, "other": 5, "uncoded": 1}
    facts = ed.facts
    assert (facts.us_deaths.reported, facts.us_deaths.silent) == (2, 1)
    assert not holds("us_deaths.reported == 0", facts)


def test_hurt_is_three_valued() -> None:
    ed = two({"killed": 0, "wounded": 0}, {"killed": 0}, {"wounded": 2}, {})
    now = hurt(ed).value
    assert (now.part, now.none, now.silent) == (1, 1, 2)
    only_deaths = hurt(two({"killed": 1}, {"killed": 0}))
    assert only_deaths.value.part == 1 and only_deaths.table["low"].isna().all()


def test_any_casualty_is_three_valued() -> None:
    frame = pd.DataFrame({"killed": [0, 0, None, None, 1], "wounded": [0, None, 2, None, None]}).astype("Int64")
    assert [None if pd.isna(v) else bool(v) for v in any_casualty(frame)] == [False, None, True, None, True]


@settings(max_examples=25, deadline=None)
@given(st.lists(st.tuples(st.sampled_from([None, 0, 1, 7]), st.sampled_from([None, 0, 1])), max_size=8))
def test_tolls_and_silences_add_up(values: list) -> None:
    rows = [{"killed": pd.NA if k is None else k, "us_killed": pd.NA if not k else u} for k, u in values]
    rows = [{c: v for c, v in row.items() if v is not None} for row in rows]
    deaths = two(*rows).facts.deaths
    assert deaths.now.told + deaths.silent == deaths.attacks == len(values)
    told = [k for k, _ in values if k is not None]
    assert (deaths.reported or 0) == sum(told) == sum(e.best for e in deaths.events)
    assert deaths.now.low <= deaths.now.best <= deaths.now.high


def test_a_name_that_is_none_is_refused() -> None:
    with pytest.raises(ValueError, match="field is 'dead'"):
        toll(FOUNDING, field="dead")
    with pytest.raises(ValueError, match="who is 'eu'"):
        hurt(FOUNDING, who="eu")


def armed(now: list[int], before: list[int]) -> Edition:
    rows = [{**r, "munition_count": n} for q, ns in ((Q2, before), (Q3, now)) for r, n in zip(
        spread(len(ns), q), ns, strict=True)]  # fmt: skip
    return edition(rows, [tally("rocket_drone", Q2, len(before)), tally("rocket_drone", Q3, len(now))])


@pytest.mark.parametrize(
    ("now", "before", "said"),
    [
        ([1] * 12, [9, 10, 11, 12] * 3, Verdict.FALL),
        ([9, 10, 11, 12] * 3, [1] * 12, Verdict.RISE),
        ([1, 2, 3] * 4, [1, 2, 3] * 4, Verdict.LEVEL),
        ([1], [2] * 12, Verdict.TOO_FEW),
    ],
)
def test_salvos_speak_by_their_test(now, before, said) -> None:
    fact = armed(now, before).facts.salvos
    assert fact.verdict is fact.main.verdict is said
    assert fact.now.values == tuple(sorted(now))


def test_one_barrage_makes_a_fall_fragile() -> None:
    fact = armed([1] * 12, [2, *[1] * 11]).facts.salvos
    assert fact.verdict is Verdict.LEVEL and not fact.fragile
    strong = armed([1] * 12, [9, 10, 11, 12] * 3).facts.salvos
    assert strong.verdict is Verdict.FALL and not strong.fragile


@pytest.mark.parametrize(("over_time", "lately"), list(itertools.product(Verdict, Verdict)))
def test_salvos_rest_on_the_baseline_where_that_alone_can_be_tested(over_time: Verdict, lately: Verdict) -> None:
    fact = SalvosFact(None, None, "2020Q3", SimpleNamespace(verdict=lately), SimpleNamespace(verdict=over_time))
    clear = Verdict.RISE, Verdict.FALL, Verdict.LEVEL
    assert fact.verdict == next((v for v in (over_time, lately) if v in clear), fact.verdict)
    assert over_time not in clear or fact.main is fact.over_time


def test_a_quarter_without_the_series_has_no_salvo() -> None:
    fact = edition([*spread(3, Q2)], []).facts.salvos
    assert not fact.known and fact.verdict is not Verdict.FALL


@pytest.mark.parametrize(("sources", "single"), [(("a",), True), (("a", "b"), False)])
def test_a_first_use_says_whether_one_source_alone_tells_of_it(sources: tuple[str, ...], single: bool) -> None:
    [first] = two({"attack_method": "drone", "sources": sources}, {}).facts.techniques.firsts
    assert first.single == single


def test_a_first_use_is_one_event_however_many_tags() -> None:
    drone = {"attack_method": "drone", "techniques": ("drone_delivered", "precision_impact")}
    new = two(drone, {}).facts.techniques
    [one] = new.firsts
    assert one.methods == ("drone",) and one.techniques == ("drone_delivered", "precision_impact")


def test_what_the_floor_leaves_out_is_still_on_file() -> None:
    drone = {"attack_method": "drone"}
    rows = [*spread(1, Q2, **drone, confidence="low"), *spread(2, Q2), *spread(1, Q3, **drone), *spread(2, Q3)]
    for floor in ("low", "high"):
        ed = replace(edition(rows, []), confidence_floor=floor)
        assert "drone" not in [m for f in ed.facts.techniques.firsts for m in f.methods]


def test_the_first_quarter_on_file_has_nothing_new() -> None:
    first = founding("2019Q4").facts.techniques
    assert not first.comparable and first.firsts == ()


def test_a_use_told_by_the_article_alone_says_so() -> None:
    article = FOUNDING.campaign.article
    [one] = two({"attack_method": "drone", "sources": (article,)}).facts.techniques.firsts
    other = two({"attack_method": "drone", "sources": (article, "rt-nd")}).facts.techniques.firsts[0]
    assert one.article_alone and one.disputed and not other.article_alone


def test_a_drone_found_before_launch_is_listed_apart() -> None:
    drone = FOUNDING.facts.techniques
    [use] = [u for u in drone.made.value if u.value == "drone"]
    assert use.total == 1 and use.listed is not None and use.listed < use.first


def test_reports_without_attacks_count_nothing() -> None:
    assert len(reports(FOUNDING)) == len(FOUNDING.facts.techniques.untraced) == 4
    assert not len(reports(founding("2020Q2")))


def test_silences_count_what_is_known_of_all() -> None:
    found = two({"munition_count": 2, "killed": 0}, {"killed": 1}, {**CONVOY}).facts.silences
    assert (found.of("killed").known, found.of("munition_count").known, found.of("killed").attacks) == (2, 1, 3)
    assert found.of("killed").share == pytest.approx(2 / 3)
    assert found.of("wounded") is None  # no row on file knows it
    assert {t.field for t in found.blind} == {"trigger", "accuracy"} == set(found.thin)


def test_without_a_rubric_nothing_is_scored_and_the_rest_stands() -> None:
    bare = Edition(replace(FOUNDING.data, sophistication=None), FOUNDING.quarter, FOUNDING.baseline)
    for function in (levels, rubric_weights, reports, rubric_levels, shared_days):
        assert not len(function(bare))
    assert {t.field for t in bare.facts.silences.fields} >= {"killed", "date"}
    assert bare.facts.salvos.known


def test_an_edition_without_attacks_reads_as_such() -> None:
    facts = edition(spread(6, Q2), []).facts
    assert facts.deaths.attacks == 0 and not facts.deaths.known
    assert facts.harm.share.attacks == 0 and facts.techniques.firsts == ()
    assert all(t.share is None for t in facts.silences.fields)


def test_facts_rest_on_results() -> None:
    for name in ("deaths", "us_deaths", "harm", "salvos", "techniques", "silences"):
        assert list(results_in(FOUNDING.facts[name])), name


def test_founding_edition() -> None:
    facts = FOUNDING.facts
    assert (facts.deaths.low, facts.deaths.reported, facts.deaths.high, len(facts.deaths.rows)) == (7, 7, 9, 3)
    assert facts.deaths.largest.incident_id == "IQ-20200928-1"
    assert facts.us_deaths.reported == facts.us_wounded.reported == 0
    assert (facts.deaths.largest.low, facts.deaths.largest.high) == (5, 7)
    [drone] = facts.techniques.firsts
    assert drone.methods == ("drone",) and drone.article_alone and drone.rivals == ("rocket",)
    assert facts.salvos.verdict is Verdict.LEVEL and facts.salvos.now.median == 2
