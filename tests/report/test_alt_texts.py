"""Alternative texts against the data behind the figures: the maximum that a text names is the maximum."""

import re
import sys

import pytest

from incident_report.paths import ROOT
from incident_report.present.words import phrasebook

sys.path.insert(0, str(ROOT / "tests" / "data"))
from chapters import founding_records
from editions import founding

pytestmark = pytest.mark.xdist_group("founding")  # the chapters run once an edition, not once a worker
SERIES = {s.label: s.series.id for s in (*founding().facts.edition.series, founding().facts.edition.all)}


@pytest.fixture(scope="module", params=["2020Q3", pytest.param("2020Q1", marks=pytest.mark.chaos)])
def figures(request):
    return {id: one for id, one in founding_records(request.param).items() if one.kind == "figure"}


def rows(figures, id):
    data = figures[id].content["data"]
    return [dict(zip(data["columns"], row, strict=True)) for row in data["rows"]]


def alt(figures, id):
    return figures[id].content["alt"]


def test_every_figure_has_one_to_three_sentences_and_does_not_repeat_its_title(figures):
    for id, one in figures.items():
        text = one.content["alt"]
        assert 40 < len(text) < 1000, (id, len(text))
        assert text.endswith(".") and text != one.content["title"]


def test_quarterly_counts_are_those_drawn(figures):
    drawn, text = rows(figures, "fig-counts"), alt(figures, "fig-counts")
    for period in {r["period"] for r in drawn}:
        text = text.replace(phrasebook().phrase("quarter_label", period), "")
    told = {label: series for label, series in SERIES.items() if label in text}
    assert told
    for label, series in told.items():
        said = re.findall(r"\d+", text.partition(f"{label}:")[2].split(".")[0])
        assert said == [r["count"] for r in drawn if r["series"] == series and r["count"]]


def test_the_map_names_the_largest_place_of_each_series(figures):
    placed = {}
    for row in rows(figures, "fig-map"):
        sums = placed.setdefault(row["series"], {})
        sums[row["place"], row["precision"]] = sums.get((row["place"], row["precision"]), 0) + int(row["count"])
    for label, series in SERIES.items():
        found = re.search(rf"{label}: .*? (\d+)[,.]", alt(figures, "fig-map"))
        assert (int(found[1]) if found else 0) == max(placed.get(series, {"": 0}).values())


def test_targets_add_up(figures):
    counts = [int(r["count"]) for r in rows(figures, "fig-targets")]
    named = re.findall(r" (\d+)(?=[;.])", alt(figures, "fig-targets"))
    assert [int(n) for n in named] == counts[:8]


def test_the_largest_salvo_is_the_largest(figures):
    drawn = rows(figures, "fig-munitions")
    last = max(r["period"] for r in drawn)
    values = [int(r["munitions"]) for r in drawn if r["period"] == last]
    assert {max(values), len(values)} <= set(map(int, re.findall(r"\d+", alt(figures, "fig-munitions"))))


def test_what_an_option_bears_on_is_what_is_drawn(figures):
    text = alt(figures, "fig-reach")
    for label, series in list(SERIES.items())[:2]:
        drawn = [r for r in rows(figures, "fig-reach") if r["series"] == series]
        found = re.search(rf"{label}\D+(\d+)", text)
        assert not drawn or not found or int(found[1]) == int(drawn[0]["attacks"])
        for row in drawn:
            assert int(row["low"]) <= int(row["high"]) <= int(row["attacks"])
