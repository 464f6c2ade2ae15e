"""Parts of claims.yml that are read by themselves."""

from incident_report.data import views

CLAIMS = {
    "claims": [{"id": "a", "label": "More in spring", "claim": "It rose.", "parts": [{"says": "so", "expect": "x"}]}]
}


def test_a_label_is_read_without_what_the_claim_says():
    other = {"claims": [{**CLAIMS["claims"][0], "claim": "It fell.", "settle": "a log"}]}
    assert views.labels(CLAIMS) == views.labels(other) == {"a": "More in spring"}
    assert views.labels(None) == {}


def test_what_is_tested_is_read_without_its_words():
    other = {"claims": [{**CLAIMS["claims"][0], "label": "Fewer", "claim": "It fell."}]}
    assert views.tests(CLAIMS) == views.tests(other)
