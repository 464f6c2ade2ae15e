"""Alternative texts against the data behind the figures: the maximum that a text names is the maximum."""

import re
import sys

import pytest

from incident_report.paths import DATA, ROOT

sys.path.insert(0, str(ROOT / "tests" / "data"))
from chapters import coarse, records

pytestmark = pytest.mark.xdist_group("alt")  # the chapters run once an edition, not once a worker
SERIES = {
    "Rockets and drones": "rocket_drone",
    "Logistics convoys": "logistics_convoy",
    "Foreign security details": "foreign_security_detail",
    "All attacks": "all",
}


@pytest.fixture(scope="module", params=["2020Q3", "2020Q1"])
def figures(request):
    with pytest.MonkeyPatch.context() as patch:
        coarse(patch)
        found = records(DATA, edition=request.param)
    return {id: one for id, one in found.items() if one.kind == "figure"}


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
    drawn = {(r["basis"], r["series"], r["period"]): r["count"] for r in rows(figures, "fig-quarterly")}
    tally, documented = alt(figures, "fig-quarterly").split("Documented incidents:")
    for basis, text in (("tally", tally), ("documented", documented)):
        for label, series in SERIES.items():
            for part in re.findall(rf"{label} ([^;.]*)", text):
                for count, number, year in re.findall(r"(\d+) \(Q(\d) (\d{4})\)", part):
                    assert drawn[basis, series, f"{year}Q{number}"] == count


def test_monthly_peaks_are_the_peaks(figures):
    text = alt(figures, "fig-monthly")
    for label, series in SERIES.items():
        found = re.search(rf"{label} (?:peak )?in \w+ \d{{4}} at (\d+)", text)
        counts = [int(r["count"]) for r in rows(figures, "fig-monthly") if r["series"] == series and r["count"]]
        assert (int(found[1]) if found else 0) == max(counts, default=0)


def test_the_busiest_day_is_the_busiest(figures):
    for id, column in (("fig-timeline", "all"), ("fig-calendar", "documented")):
        counts = [int(r[column]) for r in rows(figures, id) if r[column]]
        assert f"The most on one day is {max(counts)}" in alt(figures, id)


def test_largest_and_smallest_ratio_are_so(figures):
    ratios = [float(r["rate_ratio"]) for r in rows(figures, "fig-rate-ratios") if r["rate_ratio"] not in ("", "inf")]
    text = alt(figures, "fig-rate-ratios")
    for word, value in (("Largest", max(ratios)), ("smallest", min(ratios))):
        if found := re.search(rf"{word}: .*?, (\d[\d.]*) \(", text):
            assert float(found[1]) == pytest.approx(value, abs=0.006)


def test_the_map_names_its_largest_group_and_adds_up(figures):
    placed = {}
    for row in rows(figures, "fig-map"):
        key = row["precision"], row["place"]
        placed[key] = placed.get(key, 0) + int(row["count"])
    text = alt(figures, "fig-map")
    assert re.search(r" (\d+)[, ;.]", text.split("Largest groups:")[1])[1] == str(max(placed.values()))
    by_method = [int(n) for n in re.findall(r" (\d+)(?=[,.]| and)", text.split("By method:")[1])]
    assert sum(by_method) == sum(placed.values())


def test_targets_add_up(figures):
    table = rows(figures, "fig-targets")
    totals = sorted((sum(int(v) for c, v in r.items() if c != "target_category") for r in table), reverse=True)
    named = re.findall(r" (\d+)(?=[,.]| and)", alt(figures, "fig-targets").split("Targets:")[1].split("Methods:")[0])
    assert [int(n) for n in named] == totals


def test_the_largest_salvo_is_the_largest(figures):
    values = [int(v) for r in rows(figures, "fig-munitions") for v in r["values"].split(";") if v]
    assert f"the largest single attack used {max(values)}" in alt(figures, "fig-munitions")


def test_the_widest_reach_is_the_widest(figures):
    shares = [int(r["covered"]) for r in rows(figures, "fig-reach") if r["series"] == "all"]
    assert f"highest with {max(shares)} of " in alt(figures, "fig-reach")


def test_the_highest_count_of_an_outlook_is_the_highest(figures):
    for id in ("fig-outlook", "fig-outlook-tallies"):
        if id not in figures:
            continue
        for label, series in SERIES.items():
            counts = [int(r["count"]) for r in rows(figures, id) if r["series"] == series and r["count"]]
            if counts:
                assert f"{label}: highest so far {max(counts)} " in alt(figures, id)
