"""Work that must not grow with the square of the rows: shortcuts for many rows say what the long way says."""

import sys

import numpy as np
import pandas as pd
import pytest
from editions import founding

from incident_report.analysis import exact, left_out, robustness, rubric, shifts, timing, within
from incident_report.analysis.edition import Edition
from incident_report.analysis.finding import Said
from incident_report.data import check
from incident_report.data.ledger import MOST_ALIKE, Ledger
from incident_report.data.model import Fault
from incident_report.data.report import format_faults
from incident_report.paths import ROOT
from incident_report.present.charts import stack

sys.path.insert(0, str(ROOT / "scripts"))
from bench_data import write


def attacks(n, days=30, places=4, seed=3):
    """Rows by chance: some without a place, some without a point, some points that two names share."""
    chance = np.random.default_rng(seed)
    spot = chance.integers(places, size=n)
    known = chance.random(n) < 0.6
    return pd.DataFrame(
        {
            "incident_id": [f"X{i}" for i in range(n)],
            "date": pd.Timestamp("2020-07-01") + pd.to_timedelta(chance.integers(days, size=n), unit="D"),
            "date_precision": np.where(chance.random(n) < 0.9, "day", "month"),
            "attack_method": chance.choice(["rocket", "mortar"], n),
            "place": pd.array(np.where(chance.random(n) < 0.1, None, [f"P{s}" for s in spot]), dtype="string"),
            "latitude": pd.array(np.where(known, 30.0 + spot // 2, np.nan), dtype="Float64"),
            "longitude": pd.array(np.where(known, 40.0, np.nan), dtype="Float64"),
        }
    )


@pytest.mark.parametrize("n", [1, 9, 80])
def test_rows_elsewhere_on_the_same_day_are_those_of_the_long_way(n):
    rows = attacks(n, days=6)
    found = rubric.same_day_elsewhere(rows)
    each = rows.assign(place=rows["place"].fillna("").str.casefold()).to_dict("records")
    for at, one in enumerate(each):
        others = [
            o
            for o in each
            if o is not one
            and all(o[c] == one[c] for c in ("date", "attack_method", "date_precision"))
            and not rubric._one_place(*((r["place"], r["latitude"], r["longitude"]) for r in (one, o)))
        ]
        assert pd.isna(found[at]) if one["date_precision"] != "day" else found[at] == len(others)


def test_chance_by_places_is_chance_by_pairs():
    rows = attacks(60, places=8).assign(latitude=pd.array([pd.NA] * 60, dtype="Float64"))
    one, other = rubric._drawn_by_pair(rows, 40, 800), rubric._drawn_by_place(rows, 40, 800)
    assert one.mean() == pytest.approx(other.mean(), abs=4 * one.std() / 20)
    assert one.std() == pytest.approx(other.std(), rel=0.15)


@pytest.mark.parametrize("cell", [1, 7])
def test_drawn_days_bunch_as_often_as_the_added_up_ones(cell, monkeypatch):
    values = np.bincount(np.random.default_rng(5).integers(0, 60, 70), minlength=60)
    values[10] += 4
    value, p = timing.dispersion_test(values, cell)
    monkeypatch.setattr(timing, "LARGEST", 0)
    assert timing.dispersion_test(values, cell) == pytest.approx((value, p), abs=0.02)


def test_regroupings_by_value_are_those_of_the_attacks(monkeypatch):
    chance = np.random.default_rng(7)
    a, b = chance.choice([0, 1 / 3, 0.5, 2.1], 60), chance.choice([0, 1 / 3, 0.5, 2.4], 50)
    p = shifts._drawn(a, b)
    assert shifts._drawn_by_value(a, b) == pytest.approx(p, abs=0.01)
    monkeypatch.setattr(shifts, "VERY_MANY", 50)
    assert shifts._drawn(a, b) == pytest.approx(p, abs=0.02)
    monkeypatch.setattr(shifts, "MANY", 20)  # more values than that are moved to a grid
    a, b = chance.normal(0.3, 1, 60), chance.normal(0, 1, 50)
    assert shifts._drawn_by_value(a, b) == pytest.approx(shifts.shift(a, b).p, abs=0.02)


def test_kinds_at_equal_numbers_are_the_same_by_logarithms(monkeypatch):
    counts = (900, 3, 4, 2, 100, 51, 51, 1)
    found = exact.rarefied(counts, 700)
    monkeypatch.setattr(exact, "LARGEST_SAMPLE", 0)
    assert exact.rarefied(counts, 700) == pytest.approx(found)


def test_a_steady_window_is_steady_however_many_attacks_it_has(monkeypatch):
    values = np.full(50, 6)
    values[:5] = 8
    found = within.ramp(values)
    monkeypatch.setattr(within, "MOST_ADDED", 0)
    assert within.ramp(values) == pytest.approx(found, abs=0.01)
    parts, days = (60, 50, 40), (31, 31, 30)
    p = within.equal_rates(parts, days)
    monkeypatch.setattr(within, "MOST_SPLIT", 0)
    assert within.equal_rates(parts, days) == pytest.approx(p, abs=0.02)


def test_of_many_rows_few_are_left_out_one_by_one(monkeypatch):
    ed = founding(quarter="2020Q3")
    name = next(n for n, f in robustness.findings(ed).items() if f.rows is None or (f.rows(ed) >= 0).sum() > 60)
    finding = robustness.findings(ed)[name]
    asked = []
    alike = finding.rows(ed) if finding.rows else np.arange(len(ed.counted))

    def counting(variant: Edition) -> Said | None:
        asked.append(len(variant.counted))
        return finding.say(ed)

    list(robustness._left_out(ed, counting, alike))
    monkeypatch.setattr(left_out, "MOST_ROWS_OUT", 10 * len(ed.counted))
    every, asked[:] = len(asked), []
    made = list(robustness._left_out(ed, counting, alike))
    assert len(asked) <= len(made) <= 20 < every
    assert {v.kind for v in made} == {"single_row", "single_day"}


def test_warnings_of_a_kind_are_counted_beyond_a_thousand_and_stop_nothing(monkeypatch):
    monkeypatch.setattr("incident_report.data.ledger.MOST_FAULTS", MOST_ALIKE + 10)
    ledger = Ledger()
    for i in range(20_000):
        ledger.append(Fault("a.csv", f"is near row {i}; is it one?", i + 2, "c", f"v{i}", "warning"))
    ledger.append(Fault("a.csv", "is wrong", 9, "c", "v"))
    assert len(list(ledger)) == MOST_ALIKE + 1 and ledger.failed
    told = format_faults(ledger)
    assert "(20,000 of this kind; " in told and told.endswith("1 error, 20000 warnings")


def test_blocks_of_a_chart_become_bars_where_they_are_many(monkeypatch):
    rows = attacks(400).assign(series=lambda t: t["attack_method"])
    look = {"colours": {"rocket": "#000000", "mortar": "#999999"}, "labels": {"rocket": "R", "mortar": "M"}}
    blocks = stack(rows, **look)
    assert len(blocks.patches) == 400
    monkeypatch.setattr(sys.modules[stack.__module__], "MOST_BLOCKS", 399)
    bars = stack(rows, **look)
    assert len(bars.patches) <= 2 * 6
    assert sum(p.get_height() for p in bars.patches) == 400
    assert bars.get_ylim()[1] == pytest.approx(blocks.get_ylim()[1])


def test_made_campaigns_are_valid_and_the_same_each_time(tmp_path):
    one, two = (write(tmp_path / name, 150, quarters=3) for name in ("a", "b"))
    files = sorted(p.relative_to(one) for p in one.rglob("*.csv"))
    assert all((one / f).read_bytes() == (two / f).read_bytes() for f in files)
    data, faults = check(one)
    assert data is not None, faults
    assert len(data.incidents) == 150 and {"2020Q1", "2020Q2", "2020Q3"} <= set(data.quarters)
