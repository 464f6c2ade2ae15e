"""Reach: counted by hand, intervals from published tables, weighting in closed form."""

from dataclasses import replace

import pandas as pd
import pytest

from incident_report.analysis.open import open_edition
from incident_report.analysis.reach import Option, reach, reaches, table, weighted
from incident_report.present import options as shown
from incident_report.present.options.reach import reach_sentence


@pytest.fixture(scope="module")
def ed():
    return open_edition(quarter="2020Q3")


def only(ed, rows):
    """The edition with just these incidents."""
    return replace(ed, data=replace(ed.data, incidents=ed.data.incidents[rows]))


def option(filter):
    return Option("x", "X", "doing x", filter, {})


def by_id(ed):
    return {r.option.id: r for r in reaches(ed)}


def test_shares_are_what_a_hand_count_gives(ed):
    rows = ed.incidents(ed.quarter)
    found = by_id(ed)
    zone = rows["place"].str.contains("Green Zone|International Zone")
    assert set(found["zone-closures"].total.covered) == set(rows.loc[zone, "incident_id"])
    assert found["close-embassy"].total.n == len(rows)
    fire = rows["attack_method"].isin(["rocket", "mortar", "drone"])
    assert len(found["shared-intelligence"].total.covered) == fire.sum()
    assert found["status-quo"].total.covered == ()
    named = found["strike-leaders"].total
    assert len(named.covered) + len(named.unknown) == named.n  # no attack is ruled out for want of a name
    assert named.most == 1


def test_interval_is_clopper_and_pearsons(ed):
    # Their limits are quantiles of beta distributions: qbeta(.025, k, n - k + 1) and qbeta(.975, k + 1, n - k).
    from scipy.stats import beta

    share = by_id(ed)["zone-closures"].total
    k, n = len(share.covered), share.n
    assert share.low == pytest.approx(beta.ppf(0.025, k, n - k + 1), abs=1e-9)
    assert share.high == pytest.approx(beta.ppf(0.975, k + 1, n - k), abs=1e-9)


def test_a_series_that_settles_the_filter_has_no_sampling_noise(ed):
    fire = {s.series: s for s in by_id(ed)["shared-intelligence"].by_series}["rocket_drone"]
    assert (fire.settled, fire.share, fire.low, fire.high) == (True, 1.0, 1.0, 1.0)
    convoys = {s.series: s for s in by_id(ed)["hardening"].by_series}["logistics_convoy"]
    assert (convoys.settled, convoys.share, convoys.high) == (False, 0.0, 0.0)


def test_weighting_is_the_tallies_mean_of_the_series_shares(ed):
    result = weighted(ed, option({"governorate": ["Baghdad"]}))
    tallies = {t.series: t.count / t.days for t in result.tallies}
    total = sum(tallies.values())
    expected = 0.0
    for series, rate in tallies.items():
        rows = ed.incidents(ed.quarter, series)
        expected += rate / total * (rows["governorate"] == "Baghdad").mean()
    assert result.share == pytest.approx(expected)
    assert result.low < result.share < result.high
    assert sum(result.weights.values()) == pytest.approx(1)
    assert result.partial


def test_attacks_outside_the_tallied_series_stay_outside(ed):
    result = weighted(ed, option("everything"))
    inside = set(ed.incidents(ed.quarter, "rocket_drone")["incident_id"])
    inside |= set(ed.incidents(ed.quarter, "logistics_convoy")["incident_id"])
    assert result.outside == len(ed.incidents(ed.quarter)) - len(inside)
    assert (result.share, result.low, result.high) == (1, 1, 1)


def test_bonferroni_bounds_hold_at_their_rate():
    """Two series with known shares and weights: bounds hold the truth in at least 95 % of simulations."""
    import numpy as np

    from incident_report.analysis.rates import clopper_pearson

    rng = np.random.default_rng(7)
    shares, sizes, weights, level = (0.3, 0.8), (26, 29), (27 / 52, 25 / 52), 0.975
    truth = sum(w * p for w, p in zip(weights, shares, strict=True))
    cache = [[clopper_pearson(k, n, level) for k in range(n + 1)] for n in sizes]
    draws = [rng.binomial(n, p, 2000) for n, p in zip(sizes, shares, strict=True)]
    low = sum(w * np.array([c[k][0] for k in d]) for w, c, d in zip(weights, cache, draws, strict=True))
    high = sum(w * np.array([c[k][1] for k in d]) for w, c, d in zip(weights, cache, draws, strict=True))
    assert ((low <= truth) & (truth <= high)).mean() >= 0.95


def test_tallied_series_without_a_documented_attack_leaves_bounds_only(ed):
    less = only(ed, ed.data.incidents["target_category"] != "logistics_convoy")
    result = weighted(less, option({"governorate": ["Baghdad"]}))
    assert result.share is None and 0 < result.low < result.high < 1
    text = reach_sentence(less, reach(less, option({"governorate": ["Baghdad"]})))
    assert "only bounds can be given" in text and "convoy" not in text


def test_no_attack_no_share(ed):
    less = only(ed, ed.data.incidents["quarter"] != "2020Q3")
    assert all(r.total.share is None or r.total.settled is not None for r in reaches(less))
    assert shown.reach_figure(less) is None and shown.reach_table(less) is None
    assert "No documented attack is counted" in shown.reach_text(less).content["paragraphs"][0]
    assert "%" not in reach_sentence(less, reaches(less)[1])


def test_no_percentage_on_fewer_than_ten(ed):
    keep = ed.incidents(ed.quarter)["incident_id"].head(9)
    less = only(ed, ed.data.incidents["incident_id"].isin(keep))
    for r in reaches(less):
        assert "%" not in reach_sentence(less, r)
    assert shown.reach_figure(less) is None
    assert "%" not in str(shown.reach_table(less).content["rows"])


def test_without_tallies_the_text_says_so(ed):
    none = replace(ed, data=replace(ed.data, tallies=ed.data.tallies.iloc[:0]))
    assert all(r.weighted is None for r in reaches(none))
    assert "documented attacks only" in shown.reach_text(none).content["paragraphs"][0]
    assert "weighted" not in shown.reach_figure(none).content["caption"]
    assert "weighted" not in set(table(none)["series"])


def test_trace_names_the_incidents_behind_a_share(ed):
    record = next(r for r in shown.cards(ed) if r.content["id"] == "txt-option-hardening-reach")
    (trace,) = record.content["trace"]
    assert set(by_id(ed)["hardening"].total.covered) <= set(trace["rows"])


def test_table_has_every_option_and_series(ed):
    data = table(ed)
    assert len(data) == len(reaches(ed)) * (len(ed.campaign.series) + 2)
    known = data.dropna(subset=["n"])
    assert (known["covered"] + known["unknown"] <= known["n"]).all()
    assert ((data["low"] <= data["share"] + 1e-12) & (data["share"] <= data["most"] + 1e-12)).all()
    assert isinstance(data, pd.DataFrame)
