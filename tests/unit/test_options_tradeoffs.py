"""SMAA against cases solved by hand; dominance; weights; what the chapter says of a ranking."""

from dataclasses import replace

import numpy as np
import pytest

from incident_report.analysis.open import open_edition
from incident_report.analysis.tradeoffs import (
    Criterion,
    Scores,
    at_weights,
    dominated,
    parse_weights,
    scores,
    smaa,
)
from incident_report.present import options as shown


def table(values, spread=0.0):
    values = np.array(values, dtype=float)
    criteria = tuple(Criterion(f"c{j}", f"C {j}", f"c {j}", "bad", "good", False) for j in range(values.shape[1]))
    names = tuple("abcdefgh"[: len(values)])
    low, high = np.clip(values - spread, 1, 5), np.clip(values + spread, 1, 5)
    return Scores(names, criteria, values, low, high, (1, 5))


@pytest.fixture(scope="module")
def ed():
    return open_edition(quarter="2020Q3")


def test_two_options_two_criteria_by_hand():
    # a = (5, 1), b = (1, 3): a leads where 5w + (1 - w) > w + 3(1 - w), that is w > 1/3; w is uniform on 0..1.
    result = smaa(table([[5, 1], [1, 3]]), doubt=False, draws=40_000)
    assert result.first == pytest.approx([2 / 3, 1 / 3], abs=0.01)
    # Mean of w over (1/3, 1) and over (0, 1/3).
    assert result.central[:, 0] == pytest.approx([2 / 3, 1 / 6], abs=0.01)
    assert result.confidence == pytest.approx([1, 1])  # scores do not vary


def test_three_criteria_one_each():
    # Each option is best on one criterion and alike elsewhere: by symmetry a third each, and ranks too.
    result = smaa(table(np.eye(3) * 4 + 1), doubt=False, draws=40_000)
    assert result.ranks == pytest.approx(np.full((3, 3), 1 / 3), abs=0.01)


def test_three_criteria_by_the_area_of_the_simplex():
    # a = (2, 1, 1), b = (1, 1.5, 1.5): a leads where w1 > (w2 + w3) / 2 = (1 - w1) / 2, that is w1 > 1/3.
    # Under Dirichlet(1, 1, 1) P(w1 > x) = (1 - x)^2, so 4/9.
    result = smaa(table([[2, 1, 1], [1, 1.5, 1.5]]), doubt=False, draws=40_000)
    assert result.first[0] == pytest.approx(4 / 9, abs=0.01)


def test_doubt_about_one_criterion_by_hand():
    # One criterion: scores 3 and 3.5, each uniform within a point: P(a > b) = (2 - 0.5)^2 / 8 = 0.28125.
    result = smaa(table([[3], [3.5]], spread=1), doubt=True, draws=40_000)
    assert result.first[0] == pytest.approx(0.28125, abs=0.01)
    assert result.confidence == pytest.approx(result.first, abs=1e-12)


def test_equal_options_share_their_ranks():
    result = smaa(table([[3, 2], [3, 2], [1, 1]]), doubt=False, draws=100)
    assert result.ranks.tolist() == [[0.5, 0.5, 0], [0.5, 0.5, 0], [0, 0, 1]]


def test_a_dominated_option_never_leads():
    result = smaa(table([[3, 3], [2, 3], [1, 5]]), doubt=False)
    assert result.first[1] == 0
    assert np.isnan(result.central[1]).all() and np.isnan(result.confidence[1])


def test_rows_and_columns_of_the_ranks_sum_to_one(ed):
    for doubt in (False, True):
        ranks = smaa(scores(ed), doubt=doubt).ranks
        assert ranks.sum(axis=0) == pytest.approx(1) and ranks.sum(axis=1) == pytest.approx(1)


def test_same_seed_same_numbers(ed):
    one, other = (smaa(scores(ed), doubt=True) for _ in range(2))
    assert (one.ranks == other.ranks).all()


def test_rank_range_cuts_five_percent_at_either_end():
    result = replace(smaa(table([[3], [2], [1]]), doubt=False, draws=10))
    ranks = np.array([[0.04, 0.9, 0.06], [0.9, 0.05, 0.05], [0.06, 0.05, 0.89]])
    assert replace(result, ranks=ranks).rank_range() == [(2, 3), (1, 2), (1, 3)]


def test_dominance():
    assert dominated(table([[3, 3], [3, 2], [1, 5]])) == [("b", "a")]
    assert dominated(table([[3, 3], [3, 3]])) == []  # equal options dominate each other in neither direction
    assert dominated(table([[2, 2]])) == []


def test_weights_are_read_and_scaled():
    assert parse_weights("", ["a", "b"]) == {"a": 0.5, "b": 0.5}
    assert parse_weights(" a=3 , b = 1", ["a", "b"]) == {"a": 0.75, "b": 0.25}
    assert parse_weights("a=2", ["a", "b", "c"]) == {"a": 0.5, "b": 0.25, "c": 0.25}
    assert parse_weights("a=0", ["a", "b"]) == {"a": 0, "b": 1}


@pytest.mark.parametrize(
    "text", ["a", "x=1", "a=-1", "a=nan", "a=inf", "a=big", "a=1,a=2", "a=0,b=0", "=1", "a=__import__('os')"]
)
def test_weights_that_make_no_sense_are_refused_in_one_line(text):
    with pytest.raises(ValueError, match=r"^weights: .+$"):
        parse_weights(text, ["a", "b"])


def test_ranks_at_weights():
    total, ranks = at_weights(table([[5, 1], [1, 3], [1, 3]]), {"c0": 0.25, "c1": 0.75})
    assert total == pytest.approx([2, 2.5, 2.5])
    assert ranks.tolist() == [3, 1, 1]


def test_judged_scores_stay_within_the_scale(ed):
    found = scores(ed)
    assert (found.low >= 1).all() and (found.high <= 5).all()
    assert ((found.low <= found.values) & (found.values <= found.high)).all()


def test_without_attacks_the_computed_criterion_is_left_out(ed):
    data = ed.data.incidents
    less = replace(ed, data=replace(ed.data, incidents=data[data["quarter"] != "2020Q3"]))
    found = scores(less)
    assert [c.id for c in found.dropped] == ["reach"]
    assert "left out" in shown.criteria_text(less).content["paragraphs"][0]
    assert shown.ranking_table(less, "reach=5,speed=2").content["rows"]


def test_no_rank_is_shown_without_its_sensitivity(ed):
    labels = [c["label"] for c in shown.ranking_table(ed).content["columns"]]
    assert "Rank at these weights" in labels and "Rank, middle 90% of weightings" in labels
    text = shown.ranking_text(ed).content["paragraphs"][0]
    assert "random weightings" in text and "not a finding from the data" in text


def test_the_readers_weights_are_named(ed):
    text = shown.ranking_text(ed, "speed=3").content["paragraphs"][0]
    assert "weights asked for" in text and "speed 33%" in text


def test_scores_are_marked_as_judgement_wherever_they_stand(ed):
    marked = "analyst's judgement"
    for record in (shown.criteria_table(ed), shown.criteria_figure(ed), shown.acceptability_figure(ed)):
        assert marked in (record.content["caption"] + record.content["title"]).lower()
    assert marked in shown.ranking_table(ed).content["caption"]
    assert marked in " ".join(shown.criteria_text(ed).content["paragraphs"])
    judged = [r for r in shown.cards(ed) if r.content.get("role") == "judgement"]
    assert judged and all(marked in r.content["paragraphs"][0].lower() for r in judged)
