"""Where, when and on what attacks fell: values that words and charts rest on."""

from __future__ import annotations

from datetime import date

import pandas as pd
import pytest
from made import CONVOY, FOUNDING, Q3, edition, spread, tally

from incident_report.analysis.places import densest


def test_one_chart_holds_one_kind_of_count() -> None:
    drawn = [s.series.id for s in FOUNDING.facts.edition.drawn]
    assert drawn == ["rocket_drone", "logistics_convoy"]
    assert {s.basis for s in FOUNDING.facts.outlook.drawn} == {"tally"}
    bare = edition(spread(3), []).facts.edition
    assert bare.drawn == bare.series


@pytest.mark.parametrize(("days", "month"), [((3, 12, 13), 8), ((3, 12), None), ((), None)])
def test_a_month_is_the_peak_only_alone(days: tuple[int, ...], month: int | None) -> None:
    at = [date(2020, 7, 3), date(2020, 8, 12), date(2020, 8, 13)][: len(days)]
    found = edition([{"date": d, **CONVOY} for d in at], []).facts.months.peak
    assert (found.period.number if found else None) == month


@pytest.mark.parametrize(("months", "alone"), [((8, 8), 8), ((8, 8, 9), None), ((), None)])
def test_a_month_is_alone_only_with_every_attack(months: tuple[int, ...], alone: int | None) -> None:
    found = edition([{"date": date(2020, m, 3), **CONVOY} for m in months], []).facts.months.alone
    assert (found.period.number if found else None) == alone


def test_what_two_counts_leave_between_them_shows_a_thin_month() -> None:
    [found] = FOUNDING.facts.months.thin
    assert (found.tallied, found.documented, found.derived) == (10, 2, True)
    assert (found.start, found.end) == (date(2020, 7, 1), date(2020, 7, 29))
    assert edition(spread(9), [tally("rocket_drone", Q3, 9)]).facts.months.thin == ()


def test_suspicion_needs_a_row_that_names_somebody() -> None:
    assert FOUNDING.facts.groups.suspected > 0
    rows = spread(2, attributed_to=pd.NA)
    assert edition(rows, []).facts.groups.suspected == 0
    assert edition([*rows, *spread(1, attributed_to="a militia, say police")], []).facts.groups.suspected == 1


def test_a_disputed_method_is_counted_as_coded_and_named() -> None:
    [found] = FOUNDING.facts.targets.disputed
    assert (found.method, found.count, found.disputed, found.rivals) == ("drone", 1, 1, ("rocket",))
    assert sum(p.count for p in FOUNDING.facts.targets.pairs) == FOUNDING.facts.targets.attacks


@pytest.mark.parametrize(("methods", "told"), [(["other", "unknown"], False), (["other", "rocket"], True), ([], False)])
def test_means_are_told_where_any_attack_has_a_method(methods: list[str], told: bool) -> None:
    rows = [{"date": date(2020, 8, 1 + i), **CONVOY, "attack_method": m} for i, m in enumerate(methods)]
    assert edition(rows, []).facts.targets.means == told


def test_of_events_without_a_clear_difference_the_latest_is_told() -> None:
    events = FOUNDING.facts.events
    assert not events.clear and events.told == events.of_quarter[-1:]
    assert edition(spread(4), []).facts.events.told == edition(spread(4), []).facts.events.of_quarter[-1:]


def test_the_enlarged_part_has_the_name_of_its_governorate() -> None:
    found = FOUNDING.facts.places.enlarged
    assert found is not None
    assert (found.name, found.attacks, found.sites) == ("Baghdad", 19, 3)
    assert edition([], []).facts.places.enlarged is None


@pytest.mark.parametrize(("elsewhere", "enlarged"), [("site", True), ("governorate", True), (None, False)])
def test_sites_that_lie_close_are_enlarged_where_any_other_place_lies_apart(
    elsewhere: str | None, enlarged: bool
) -> None:
    spots = [("site", 33.3, 44.2), ("site", 33.3, 44.4), ("site", 33.5, 44.3), (elsewhere, 30.5, 47.8)]
    points = pd.DataFrame(spots, columns=["precision", "latitude", "longitude"]).assign(count=1).dropna()
    assert (densest(points) is not None) == enlarged


def test_an_attack_listed_before_the_first_says_why_it_is_not_counted() -> None:
    [first] = [f for f in FOUNDING.facts.techniques.firsts if "drone" in f.methods]
    assert (first.listed, first.outcome) == (date(2020, 7, 23), "found_before_launch")


def test_a_series_counts_attacks_that_no_map_can_show() -> None:
    rows = [{"date": date(2020, 8, 1), **CONVOY, "governorate": where} for where in (pd.NA, "Basra")]
    places = edition(rows, []).facts.places
    assert places.attacks("logistics_convoy") == 2
    assert sum(a.count for a in places.areas("logistics_convoy")) == 1
