"""Options: reach as proven bounds, marks against now, statements that age, and the exercise in weights."""

import json
from dataclasses import replace

import numpy as np
import pytest
from editions import founding

from incident_report.analysis.ageing import State, to_look_at
from incident_report.analysis.options import Rating, Sign
from incident_report.analysis.reach import exclusions, reach
from incident_report.analysis.result import replay
from incident_report.analysis.scorecard import CASES, Mark, leads, mark, scorecard
from incident_report.analysis.tradeoffs import acceptability, correlations, first, smaa


@pytest.fixture(scope="module")
def ed():
    return founding()


@pytest.fixture(scope="module")
def fact(ed):
    return ed.facts.options


def changed(ed, **options):
    """The edition with another file of options."""
    return replace(ed, data=replace(ed.data, options={**ed.data.options, **options}))


def with_option(ed, id, **fields):
    return changed(ed, options=[{**o, **fields} if o["id"] == id else o for o in ed.data.options["options"]])


def test_an_attack_is_out_of_reach_only_for_a_stated_reason(ed, fact):
    reasons = exclusions(ed).table
    for option in fact.every:
        share = fact.reach(option)
        out = reasons[reasons["option"] == option.id]["attacks"].sum()
        assert share.low + len(share.could) + out == share.n == fact.attacks
        assert not (set(share.yes) | set(share.could)) & set(share.out)


def test_reach_is_what_a_hand_count_gives(ed, fact):
    rows = ed.incidents(ed.quarter)
    zone = rows[rows["place"].str.contains("Green Zone|International Zone")]["incident_id"]
    assert set(fact.reach("zone-closures").yes) == set(zone)
    convoys = rows[rows["target_category"] == "logistics_convoy"]["incident_id"]
    assert set(fact.reach("convoy-protection").yes) == set(convoys)
    assert set(fact.reach("zone-closures").out) >= set(convoys)


def test_what_the_fields_cannot_rule_out_counts_as_could(ed):
    blank = ed.data.incidents.assign(claimed_by="", attributed_to="", governorate="", place="")
    fact = replace(ed, data=replace(ed.data, incidents=blank)).facts.options
    for id in ("strike-leaders", "arrest-leaders", "takedown-militia", "conditional-truce"):
        assert (fact.reach(id).low, fact.reach(id).high) == (0, fact.attacks)
    contractor = fact.reach("zone-closures").could
    assert contractor and all(i not in fact.reach("zone-closures").out for i in contractor)


def test_general_suspicion_of_a_group_traces_no_attack_to_it(ed, fact):
    rows = ed.incidents(ed.quarter)
    suspected = rows[rows["attributed_to"].str.contains("of ten attacks together")]["incident_id"]
    assert len(suspected) == 10
    assert not set(fact.reach("takedown-militia").yes) & set(suspected)


def test_nothing_the_article_offers_is_aimed_at_the_convoys(ed, fact):
    assert fact.aimed_at.convoys == 0 < fact.aimed_at.rockets
    aimed = {s for o in fact.article for s in o.aimed_at}
    inside = set().union(*(ed.incidents(ed.quarter, s)["incident_id"] for s in aimed))
    assert fact.unaimed == fact.attacks - len(inside)
    assert (
        fact.gaps[0].series.id == "logistics_convoy" and fact.fillers("logistics_convoy")[0].id == "convoy-protection"
    )
    with pytest.raises(AttributeError):
        _ = fact.aimed_at.tanks


def test_an_option_aimed_at_the_convoys_closes_the_gap(ed):
    fact = with_option(ed, "clear-zone", aimed_at=["logistics_convoy"]).facts.options
    assert fact.aimed_at.convoys == 1 and all(g.series.id != "logistics_convoy" for g in fact.gaps)


@pytest.mark.parametrize(("low", "high"), [(a, b) for a in range(1, 6) for b in range(a, 6)])
def test_a_mark_says_no_more_than_its_range(low, high):
    found = mark(low, high)
    assert (found in (Mark.BETTER, Mark.MUCH_BETTER)) == (low > 3)
    assert (found in (Mark.WORSE, Mark.MUCH_WORSE)) == (high < 3)
    assert (found is Mark.OPEN) == (low < 3 < high)


def test_the_baseline_takes_in_now_on_every_objective(fact):
    [baseline] = [o for o in fact.every if o.baseline]
    assert all(s.low <= 3 <= s.high for s in fact.scores(baseline))


def test_a_hope_that_a_red_assumption_bears_on_is_marked(ed, fact):
    for s in fact.card.value:
        assert s.red == (s.high > 3 and s.objective.id in s.option.red_on)
    assert fact.card.table["red"].any()


def test_a_score_beyond_the_options_reach_is_marked(ed):
    option = next(o for o in ed.data.options["options"] if o["id"] == "zone-closures")
    scores = {**option["scores"], "protect": {"low": 3, "high": 5, "reason": "x"}}
    assert with_option(ed, "zone-closures", scores=scores).facts.options.card.table["beyond"].sum() == 1


def test_leads_are_the_highest_at_their_worst(fact):
    for lead in fact.leads:
        on = [s for s in fact.card.value if s.objective == lead.objective]
        for top in lead.surest:
            assert all((s.low, s.high) <= (top.low, top.high) for s in on) and top.high > 3
        if lead.boldest:
            assert lead.boldest.high == max(s.high for s in on)
    protect = fact.lead("protect")
    assert [s.option.id for s in protect.surest] == ["close-embassy"]
    assert {o.id for o in protect.costs} == {"mission", "militias", "consent", "cost"}


def test_where_nothing_beats_now_nothing_leads(ed):
    flat = [
        {**o, "scores": {k: {"low": 3, "high": 3, "reason": "x"} for k in o["scores"]}}
        for o in ed.data.options["options"]
    ]
    fact = changed(ed, options=flat).facts.options
    assert all(not lead.surest and lead.boldest is None for lead in leads(fact.card.value))
    assert [o.id for o in fact.cases] == ["convoy-protection"]  # aimed at what nothing offered is aimed at


def test_cases_are_few_and_hold_what_fills_the_gap(fact):
    assert 0 < len(fact.cases) <= CASES
    assert "convoy-protection" in [o.id for o in fact.cases] and not any(o.baseline for o in fact.cases)
    assert {o.id for o in fact.cases} | {o.id for o in fact.others} == {o.id for o in fact.every}


def aged(ed):
    table = to_look_at(ed).table
    return table[table["file"] == "policy_options.yml"]


def test_the_founding_edition_has_nothing_to_look_at(fact):
    assert len(aged(fact._ed)) == 0
    assert {o.weakest.rating for o in fact.every} <= {Rating.RED, Rating.AMBER}


def test_statements_age_in_a_later_edition(ed):
    # The same file as if written for the quarter before: this edition is then a later one.
    before = str(ed.quarter.shift(-1))
    older = json.loads(json.dumps(ed.data.options["options"]).replace(f'": "{ed.quarter}"', f'": "{before}"'))
    found = changed(ed, options=older).facts.options
    assert set(aged(found._ed)["state"]) == {"dated"}
    carry_on = found.of("carry-on")
    assert carry_on.judgement.dated and str(carry_on.judgement.until) == before
    assert found.of("zone-closures").assumptions[1].rating is Rating.UNREVIEWED
    assert len(found.red) < len(ed.facts.options.red)


def test_an_earlier_edition_does_not_know_what_came_later():
    found = founding("2020Q1").facts.options
    assert set(aged(found._ed)["state"]) == {"early"}
    assert not any(s.why and s.why.shown and "September" in s.why.text and s.sign is not Sign.UNKNOWN
                   for o in found.every for s in o.signposts)  # fmt: skip


def test_a_test_that_fails_takes_its_statement_away(ed):
    option = ed.data.options["options"][5]
    raw = {**option["assumptions"][0], "basis": "analyst", "incidents": [], "expect": "record.attacks > 1000"}
    found = with_option(ed, option["id"], assumptions=[raw]).facts.options
    assert found.of(option["id"]).assumptions[0].why.state is State.BROKEN
    assert list(aged(found._ed)["now"]) and found.of(option["id"]).weakest.rating is Rating.UNREVIEWED


def test_a_row_that_is_gone_takes_its_statements_away(ed):
    rows = ed.data.incidents
    less = replace(ed, data=replace(ed.data, incidents=rows[rows["incident_id"] != "IQ-20200930-1"]))
    texts = set(aged(less)["text"])
    assert any("30 September" in t for t in texts)


def test_a_sign_that_reads_what_cannot_be_compared_is_unknown(ed):
    alone = replace(ed, baseline=None)
    [sign] = [s for o in alone.facts.options.every for s in o.signposts if s.text.startswith("Fewer convoy")]
    assert sign.sign is Sign.UNKNOWN


def test_a_sign_whose_counts_are_too_few_is_unknown(ed):
    few = ed.data.tallies.copy()
    few.loc[few["series"] == "logistics_convoy", "count"] = 1
    [sign] = [
        s
        for o in replace(ed, data=replace(ed.data, tallies=few)).facts.options.every
        for s in o.signposts
        if s.text.startswith("Fewer convoy")
    ]
    assert sign.sign is Sign.UNKNOWN


def test_a_death_of_an_american_leaves_no_sign_that_says_there_was_none(ed):
    rows = ed.data.incidents.copy()
    rows.loc[rows["incident_id"] == "IQ-20200816-1", ["killed", "us_killed"]] = 1
    found = replace(ed, data=replace(ed.data, incidents=rows)).facts.options
    [before], [after] = (
        [s for s in o.of("carry-on").signposts if s.why and s.why.expected] for o in (ed.facts.options, found)
    )
    assert (before.sign, after.sign) == (Sign.NOT_MET, Sign.UNKNOWN) and not after.why.shown


def test_packages_are_unions(fact):
    for package in fact.packages:
        shares = [fact.reach(o) for o in package.options]
        assert set(package.reach.yes) == set().union(*(s.yes for s in shares))
        assert package.reach.high >= max(s.high for s in shares)


def test_every_call_replays(ed):
    for made in (reach(ed), scorecard(ed), exclusions(ed), ed.facts.options.aims, ed.facts.options.watch):
        assert replay(made.trace(), ed).digest() == made.digest()


def test_without_options_there_is_nothing_and_no_error(ed):
    none = replace(ed, data=replace(ed.data, options=None))
    fact = none.facts.options
    assert not fact.known and fact.cases == () and len(fact.watch) == 0 and len(acceptability(none)) == 0
    assert len(correlations(none)) == 0 and len(aged(fact._ed)) == 0


def test_two_options_two_objectives_by_hand():
    # a = (5, 1), b = (1, 3): a leads where 5w + (1 - w) > w + 3(1 - w), that is w > 1/3; w is uniform on 0..1.
    scores = np.array([[5.0, 1.0], [1.0, 3.0]])
    assert smaa(scores, scores, draws=40_000) == pytest.approx([2 / 3, 1 / 3], abs=0.01)


def test_three_objectives_by_the_area_of_the_simplex():
    # a = (2, 1, 1), b = (1, 1.5, 1.5): a leads where w1 > 1/3; under Dirichlet(1, 1, 1) P(w1 > x) = (1 - x)^2.
    scores = np.array([[2.0, 1.0, 1.0], [1.0, 1.5, 1.5]])
    assert smaa(scores, scores, draws=40_000)[0] == pytest.approx(4 / 9, abs=0.01)


def test_ranges_by_hand():
    # One objective: 2 to 4 against 2.5 to 4.5, each uniform: P(a > b) = (2 - 0.5)^2 / 8 = 0.28125.
    low, high = np.array([[2.0], [2.5]]), np.array([[4.0], [4.5]])
    assert smaa(low, high, draws=40_000)[0] == pytest.approx(0.28125, abs=0.01)


def test_options_that_tie_share_the_draw():
    same = np.full((2, 3), 3.0)
    assert smaa(same, same, draws=100).tolist() == [0.5, 0.5]


def test_another_seed_stays_within_what_is_printed(ed):
    from incident_report.analysis.tradeoffs import ranges

    low, high = ranges(ed)
    one, other = (smaa(low, high, draws=20_000, seed=s) for s in (1, 2))
    for a, b in zip(one, other, strict=True):
        found = first(float(a), 20_000)
        # Two independent samples differ by at most the sum of their own margins.
        assert abs(a - b) <= (found.high - found.low)
