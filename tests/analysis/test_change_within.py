"""Levels and months: mass by period, tests of one question reconciled, exposure by dated steps."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta
from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from made import FOUNDING, Q2, Q3, ROCKET, edition, spread, tally

from incident_report.analysis.change import Verdict
from incident_report.analysis.changepoint import PRIORS, change_points
from incident_report.analysis.counts import TALLY
from incident_report.analysis.edition import Edition
from incident_report.analysis.exposure import exposed, exposure, level
from incident_report.analysis.result import replay
from incident_report.analysis.timing import around, dated
from incident_report.analysis.within import equal_rates, ramp, within_quarter


def test_change_points_are_told_as_mass_by_period_with_rates_of_real_divisions() -> None:
    found = change_points(FOUNDING, series="rocket_drone")
    own = found[found["prior"] == "reported"].set_index("period")
    assert own["given_one"].sum() == pytest.approx(1)
    counts = dated(FOUNDING, "rocket_drone")["date"]  # without rows known to the week only
    for row in own.itertuples():
        before = (counts < row.day).sum() / (row.day - pd.Timestamp("2019-10-01")).days
        assert row.before == pytest.approx(30 * before)
    # Two humps: either side of December the record runs at 1 and 6, either side of July at 3.9 and 10.4.
    assert own.loc["2019Q4", ["before", "after"]].tolist() == pytest.approx([1.0, 6.0], abs=0.1)
    assert own.loc["2020Q3", ["before", "after"]].tolist() == pytest.approx([3.9, 10.4], abs=0.1)
    assert found.several and set(found.periods) == {"2019Q4", "2020Q3"}


def test_the_prior_is_told_with_what_hangs_on_it() -> None:
    found = change_points(FOUNDING, series="rocket_drone")
    assert set(found["prior"]) == set(PRIORS)
    p = found.table.groupby("prior")["p_change"].first()
    assert (found.p_low, found.p_high) == (p.min(), p.max()) == pytest.approx((0.898, 0.929), abs=5e-3)
    assert not found.sure and p["reported"] >= 0.9  # under the reported prior, but not under every one
    assert replay(found.trace(), FOUNDING).digest() == found.digest()
    assert change_points(FOUNDING, series="all", by="month").sure
    with pytest.raises(ValueError, match="quarter or year"):
        change_points(FOUNDING, by="week")


def test_too_little_to_tell_levels() -> None:
    found = change_points(edition(spread(3), []), series="rocket_drone")
    assert len(found) == 0 and not found.known and not found.sure


def month_counts(*parts: int) -> list[dict]:
    firsts = (date(2020, 7, 1), date(2020, 8, 1), date(2020, 9, 1))
    return [
        {"date": first + timedelta(days=i * 29 // max(n, 1)), **ROCKET}
        for first, n in zip(firsts, parts, strict=True)
        for i in range(n)
    ]


def by_month(*parts: int) -> list[dict]:
    days = ((1, 31), (1, 31), (1, 30))
    return [
        tally("rocket_drone", Q3, n, start=date(2020, m, a), end=date(2020, m, b))
        for m, (a, b), n in zip((7, 8, 9), days, parts, strict=True)
    ]


def test_a_ramp_that_no_test_of_bunching_sees_is_still_seen() -> None:
    found = within_quarter(edition(month_counts(2, 10, 20), by_month(2, 10, 20)), series="rocket_drone")
    assert found.verdict is Verdict.RISE and not found.bursts and found.months and found.ramp and not found.agree


def test_a_ramp_of_the_record_alone_is_not_comparable() -> None:
    found = within_quarter(edition(month_counts(2, 10, 20), by_month(10, 11, 20)), series="rocket_drone")
    assert found.verdict is Verdict.NOT_COMPARABLE and found.because == ("coverage_thin",)
    assert found.direction is Verdict.RISE and found.uneven
    convoys = within_quarter(FOUNDING, series="logistics_convoy")
    assert convoys.verdict is Verdict.NOT_COMPARABLE and convoys.month_counts == (2, 10, 17)


def test_a_steady_quarter_is_steady_by_every_test() -> None:
    found = within_quarter(edition(month_counts(10, 10, 10), by_month(10, 10, 10)), series="rocket_drone")
    assert found.verdict is Verdict.LEVEL and found.agree and not found.uneven
    few = within_quarter(edition(month_counts(1, 1, 1), by_month(1, 1, 1)), series="rocket_drone")
    assert few.verdict is Verdict.NOT_COMPARABLE or "few" in few.because


@settings(max_examples=40, deadline=None)
@given(st.lists(st.integers(0, 4), min_size=2, max_size=3), st.data())
def test_equal_rates_adds_up_every_split(parts: list[int], data: st.DataObject) -> None:
    days = tuple(data.draw(st.integers(20, 31)) for _ in parts)
    n, share = sum(parts), np.array(days) / sum(days)
    chances: dict[tuple[int, ...], float] = {}
    for places in product(range(len(parts)), repeat=n):
        key = tuple(places.count(i) for i in range(len(parts)))
        chances[key] = chances.get(key, 0.0) + float(np.prod([share[i] for i in places]))
    own = chances[tuple(parts)] if n else 1.0
    assert equal_rates(tuple(parts), days) == pytest.approx(sum(p for p in chances.values() if p <= own * (1 + 1e-9)))


@settings(max_examples=30, deadline=None)
@given(st.lists(st.integers(0, 2), min_size=2, max_size=5).filter(lambda v: 0 < sum(v) <= 5))
def test_the_ramp_adds_up_every_placing(values: list[int]) -> None:
    sums = np.array([sum(c) for c in product(range(len(values)), repeat=sum(values))])
    own = sum(i * v for i, v in enumerate(values))
    assert ramp(np.array(values))[1] == pytest.approx(min(1, 2 * min((sums <= own).mean(), (sums >= own).mean())))


def test_days_around_an_event_are_compared_only_where_others_counted_them() -> None:
    assert all(a.verdict is Verdict.NOT_COMPARABLE for a in around(FOUNDING, "rocket_drone"))


def posture(*steps: tuple[str, int]) -> Edition:
    rows = pd.DataFrame(
        {"date": pd.to_datetime([d for d, _ in steps]), "us_sites": [v for _, v in steps], "source": "s"}
    ).astype({"us_sites": "Int64"})
    ed = edition(spread(9), [tally("rocket_drone", Q3, 27, end=date(2020, 9, 25))])
    return Edition(replace(ed.data, posture=rows), Q3, Q2)


def test_a_dated_value_stands_until_the_next() -> None:
    ed = posture(("2020-04-07", 8), ("2020-07-25", 7), ("2020-08-23", 6))
    found = level(ed, Q3, "us_sites")
    assert found is not None and [v for _, v in found.steps] == [8, 7, 6] and found.known == 92
    assert found.value == pytest.approx((24 * 8 + 29 * 7 + 39 * 6) / 92)
    (one,) = [e for e in exposed(ed, TALLY) if e.count.series == "rocket_drone"]
    assert one.level.value == pytest.approx((24 * 8 + 29 * 7 + 34 * 6) / 87)  # over the days counted
    assert one.rate == pytest.approx(27 / one.level.value * 30 / 87) == pytest.approx(1.35, abs=0.005)
    assert exposure(ed, basis=TALLY)["rate"].tolist() == [one.rate]


def test_days_before_the_first_value_are_not_known_and_no_value_is_carried_on_for_want_of_news() -> None:
    found = level(posture(("2020-08-31", 10)), Q3, "us_sites")
    assert found is not None and (found.value, found.known) == (10, 31)
    assert level(posture(("2020-04-07", 8)), Q3, "us_sites") is None
    assert level(posture(("2020-04-07", 8)), Q3, "us_troops") is None
