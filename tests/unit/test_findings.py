"""Key findings: how many, in which order, worded by what the data show."""

import re

import pytest

from incident_report.analysis.open import open_edition
from incident_report.present.findings import findings, findings_box
from incident_report.present.findings.rules import TOPICS, Finding, choose


def candidate(topic, weight, headline="H."):
    return Finding(topic, weight, headline, "T.", "b", "c", "@fig-x")


def test_at_most_six_and_no_topic_crowds_out_the_others():
    many = [candidate("frequency", w) for w in (90, 80, 70)] + [candidate(t, 10) for t in TOPICS[1:]]
    chosen = choose(many)
    assert len(chosen) == 6
    assert [f.topic for f in chosen][:2] == ["frequency", "frequency"]


def test_frequency_fills_up_to_three_where_nothing_else_is_known():
    assert len(choose([candidate("frequency", w) for w in (3, 2, 1)])) == 3


def test_findings_come_in_the_order_of_the_report():
    order = [TOPICS.index(f.topic) for f in choose([candidate(t, i) for i, t in enumerate(TOPICS)])]
    assert order == sorted(order)


@pytest.mark.parametrize("quarter", ["2019Q4", "2020Q1", "2020Q2", "2020Q3"])
def test_every_edition_has_some_with_basis_and_confidence(quarter):
    chosen = findings(open_edition(quarter=quarter))
    # The first quarter on file has nothing before it: nothing came more often, and nothing is new.
    assert (2 if quarter == "2019Q4" else 3) <= len(chosen) <= 6
    for finding in chosen:
        text = finding.markdown()
        assert "*Basis:*" in text
        assert re.search(r"\*Confidence:\* (high|moderate|low)[ ,]", text)
        assert finding.trace
        assert "  " not in text and "None" not in re.sub(r"None of the", "", text) and "nan" not in text


@pytest.mark.parametrize("quarter", ["2019Q4", "2020Q1", "2020Q2", "2020Q3"])
def test_likelihood_and_confidence_never_share_a_sentence(quarter):
    words = r"almost no chance|unlikely|roughly even chance|likely|almost certain"
    for paragraph in findings_box(open_edition(quarter=quarter)).content["paragraphs"]:
        for sentence in re.split(r"(?<=[.!?])\s", paragraph):
            assert not (re.search(words, sentence) and "onfidence" in sentence), sentence


def test_the_founding_edition_says_what_its_tests_say():
    text = " ".join(findings_box(open_edition(quarter="2020Q3")).content["paragraphs"]).replace("\\", "")
    assert "27 rocket and drone attacks" in text and "against 11" in text
    assert "Rocket and drone attacks came clearly more often." in text
    assert "25 convoy attacks" in text and "Convoy attacks show no detectable change." in text
    assert "rate ratio 2.60, 95% interval 1.25 to 5.80" in text  # R 4.2.2: poisson.test(c(27, 11), c(86, 91))


def test_a_rise_in_the_record_alone_is_not_called_a_rise_in_attacks():
    text = " ".join(findings_box(open_edition(quarter="2020Q1")).content["paragraphs"])
    assert "clearly more often" not in text
