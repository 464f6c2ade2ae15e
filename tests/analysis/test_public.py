"""The public layer: questions of a researcher's own, on any selection of rows."""

from __future__ import annotations

import inspect
import math
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from editions import founding

from incident_report import helpers
from incident_report.analysis.by_period import REFERENCES
from incident_report.analysis.catalogue import facts
from incident_report.analysis.edition import Edition
from incident_report.analysis.open import load, open_edition
from incident_report.analysis.public import count, cross, shares, versus
from incident_report.analysis.public_place import evidence, haversine, near
from incident_report.analysis.public_time import around, gaps
from incident_report.analysis.rates import clopper_pearson, garwood
from incident_report.analysis.result import Result, replay
from incident_report.analysis.selection import where
from incident_report.analysis.series_facts import compare
from incident_report.data.model import DataError
from incident_report.helpers import HOMES


@pytest.fixture(scope="module")
def ed() -> Edition:
    return founding()


@pytest.fixture(scope="module")
def convoys(ed: Edition) -> Result:
    return where(ed, series="logistics_convoy")


def test_where_speaks_the_condition_language(ed: Edition) -> None:
    rows = ed.counted
    assert where(ed).rows == tuple(rows["incident_id"])
    deadly = where(ed, killed={"at_least": 1})
    assert set(deadly.rows) == set(rows.loc[rows["killed"].fillna(0) >= 1, "incident_id"])
    assert set(deadly.untold) == set(rows.loc[rows["killed"].isna(), "incident_id"])
    both = where(ed, {"any": [{"attack_method": "rocket"}, {"attack_method": "drone"}]}, governorate="Baghdad")
    again = rows[rows["attack_method"].isin(["rocket", "drone"]) & (rows["governorate"] == "Baghdad")]
    assert set(both.rows) == set(again["incident_id"])
    assert len(where(ed, listed=True)) == len(ed.listed) > len(where(ed))


def test_unknown_text_is_na_in_what_an_edition_gives_as_in_a_selection(ed: Edition) -> None:
    for rows in (ed.counted, where(ed)):
        assert rows["claimed_by"].isna().sum() == len(rows) - rows["claimed_by"].str.len().gt(0).sum() > 0


@pytest.mark.parametrize(
    ("asked", "named"),
    [
        ({"series": "rocket"}, "series is 'rocket'"), ({"governorat": "Baghdad"}, "column is 'governorat'"),
        ({"governorate": "Bagdad"}, "did you mean 'Baghdad'"), ({"quarter": "2020q2"}, "did you mean '2020Q2'"),
        ({"quarter": "2030Q1"}, "quarter is '2030Q1'"), ({"attack_method": ["rocket", "rokket"]}, "'rokket'"),
        ({"killed": {"atleast": 1}}, "at_least"), ({"techniques": "salv"}, "did you mean 'salvo'"),
        ({"condition": {"any": [{"not": {"place_name": "x"}}]}}, "column is 'place_name'"),
        ({"condition": 3}, "condition"),
    ],
)  # fmt: skip
def test_what_does_not_exist_is_refused_in_one_line_that_names_it(ed: Edition, asked: dict, named: str) -> None:
    with pytest.raises(ValueError) as error:
        where(ed, **asked)
    assert named in str(error.value) and "\n" not in str(error.value)


@pytest.mark.parametrize("by", ["quarter", "month", "week", "day"])
def test_periods_hold_every_row_once_with_exact_limits(ed: Edition, convoys: Result, by: str) -> None:
    table = count(ed, convoys, by=by)
    assert table["count"].sum() + len(table.undated) == len(convoys)
    assert table["days"].sum() == 366
    row = table.table.loc[table["count"].idxmax()]
    assert (row["low"], row["high"]) == garwood(int(row["count"]))
    assert row["per_30_days"] == pytest.approx(row["count"] * 30 / row["days"])
    assert (table["count"] == 0).any()


def test_days_that_nothing_covers_are_unknown_and_not_zero(tmp_path: Path, campaign: Path) -> None:
    (campaign / "coverage.csv").write_text("quarter,start,end,note\n2019Q4,2019-11-01,2019-12-31,\n")
    rows = campaign / "incidents" / "2019Q4.csv"
    kept = [line for line in rows.read_text("utf-8").splitlines() if "IQ-201910" not in line]
    rows.write_text("\n".join(kept) + "\n", "utf-8")
    table = count(open_edition(str(campaign), quarter="2020Q3"), by="month").table.set_index("period")
    assert pd.isna(table.loc["2019-10", "count"]) and table.loc["2019-10", "days"] == 0
    assert math.isnan(table.loc["2019-10", "low"]) and math.isnan(table.loc["2019-10", "per_30_days"])
    assert table.loc["2019-11", "days"] == 30


def test_a_columns_values_keep_zero_and_unknown_apart(ed: Edition, convoys: Result) -> None:
    claims = count(ed, by="claimed_by")
    assert claims["claimed_by"].isna().tolist() == [False] * (len(claims) - 1) + [True]
    assert claims["count"].sum() == len(ed.counted)
    methods = count(ed, convoys, by="attack_method").table.set_index("attack_method")["count"]
    assert methods["drone"] == 0 and methods.sum() == len(convoys)


@pytest.mark.parametrize("column", ["claimed_by", "techniques", "killed"])
def test_a_selection_without_rows_counts_nothing(ed: Edition, column: str) -> None:
    nothing = where(ed, "nothing")
    assert count(ed, nothing, by=column)["count"].sum() == len(shares(ed, column, nothing)) == 0


def test_a_tally_is_counted_apart(ed: Edition) -> None:
    tally = count(ed, basis="tally", series="rocket_drone").table.set_index("period")
    assert tally.loc["2020Q3", "count"] == ed.tally("2020Q3", "rocket_drone").count
    assert pd.isna(tally.loc["2019Q4", "count"])
    with pytest.raises(ValueError, match="tally"):
        count(ed, where(ed), basis="tally")


def test_two_rows_of_a_count_are_compared(ed: Edition) -> None:
    table = count(ed).table.set_index("period")
    found = versus(table.loc["2020Q3"], table.loc["2020Q2"]).iloc[0]
    assert found["low"] < found["ratio"] < found["high"] and found["verdict"] == "rise"
    with pytest.raises(ValueError, match="not known"):
        versus({"count": pd.NA, "days": 0}, table.loc["2020Q2"])


def test_a_cross_table_adds_up(ed: Edition) -> None:
    table = cross(ed, "attack_method", "target_category").table
    assert table["total"].sum() == len(ed.counted)
    assert (table.drop(columns=["attack_method", "total"]).sum(axis=1) == table["total"]).all()
    lists = cross(ed, "techniques", "attack_method").table
    assert lists["techniques"].isna().sum() == 1


def test_shares_say_what_the_unknown_could_change(ed: Edition) -> None:
    table = shares(ed, "claimed_by").table
    first = table.iloc[0]
    assert first["known"] + first["unknown"] == len(ed.counted)
    assert (first["low"], first["high"]) == clopper_pearson(first["count"], first["known"])
    assert first["least"] == first["count"] / len(ed.counted)
    assert first["most"] == (first["count"] + first["unknown"]) / len(ed.counted)


def test_both_sides_of_a_day_take_every_row(ed: Edition) -> None:
    found = around(ed, "2020-05-07")
    assert found["count"].sum() + len(found.undated) == len(ed.counted)
    assert found["days"].tolist() == [219, 147]
    assert found.verdict is found.value.verdict
    near_by = around(ed, "2020-05-07", days=30)
    assert near_by["days"].tolist() == [30, 30] and near_by["start"].iloc[1] == pd.Timestamp("2020-05-07")


def test_gaps_are_days_between_neighbours(ed: Edition) -> None:
    days = sorted(ed.counted.loc[ed.counted["date_precision"].isin(["day", ""]), "date"])
    row = gaps(ed).table.iloc[0]
    assert row["mean"] * row["gaps"] == pytest.approx((days[-1] - days[0]).days)
    assert row["low"] < row["mean"] < row["high"]
    by_method = gaps(ed, by="attack_method").table
    assert by_method["attacks"].sum() == row["attacks"]
    assert by_method.loc[by_method["gaps"] == 0, "mean"].isna().all()


class Coded:
    """An edition with the columns that say how precise a point is."""

    campaign = None

    def __init__(self, **columns: list) -> None:
        size = len(next(iter(columns.values())))
        rows = pd.DataFrame(
            {"incident_id": [f"i{n}" for n in range(size)], "date": pd.Timestamp("2020-07-01"), "place": "x"}
        )
        rows["latitude"], rows["longitude"] = 0.0, pd.array([0.0] * size, dtype="Float64")
        self.listed = self.counted = rows.assign(**columns)
        self.data = self
        self.sites = pd.DataFrame(
            {
                "site_id": ["base", "office"], "latitude": [0.0, np.nan], "longitude": [0.0, np.nan],
                "radius_km": [2.0, 0.5], "inside": ["", "base"],
            }
        )  # fmt: skip


@pytest.mark.parametrize(
    ("precision", "site", "km", "within"),
    [
        ("exact_site", "", 12.0, True), ("exact_site", "", 10.0, False), ("town", "", 12.0, None),
        ("town", "", 30.0, True), ("governorate", "", 500.0, None), ("unknown", "", 500.0, None), ("", "", 12.0, True),
        ("site_point", "base", 12.0, None), ("site_point", "base", 14.0, True), ("site_point", "base", 9.0, False),
        ("exact_site", "office", 12.0, None),
    ],
)  # fmt: skip
def test_a_point_answers_only_as_far_as_it_is_precise(
    precision: str, site: str, km: float, within: bool | None
) -> None:
    coded = Coded(coordinate_precision=[precision], site_id=[site])
    found = near(coded, 0.0, 0.1, km)["within"].iloc[0]  # the point lies 11.1 km away
    assert found is pd.NA if within is None else found == within


def test_rows_without_a_point_cannot_be_told(ed: Edition) -> None:
    found = near(ed, 33.299, 44.396, 3)
    assert found.inside + found.outside + found.cannot_tell == len(ed.counted)
    missing = ed.counted.loc[ed.counted["latitude"].isna(), "incident_id"]
    assert found.table.set_index("incident_id").loc[missing, "within"].isna().all()


def test_the_distance_is_the_great_circles() -> None:
    found = haversine(np.array([33.3152]), np.array([44.3661]), 36.1911, 44.0092)  # Baghdad to Erbil
    assert found[0] == pytest.approx(321, abs=2)


@pytest.mark.parametrize(
    "ask",
    [
        lambda ed: count(ed, by="fortnight"), lambda ed: count(ed, basis="guess"), lambda ed: count(ed, series="x"),
        lambda ed: count(ed, pd.DataFrame({"a": [1]})), lambda ed: count(ed, pd.DataFrame({"incident_id": ["no"]})),
        lambda ed: cross(ed, "attack_method", "attack_method"), lambda ed: cross(ed, "x", "attack_method"),
        lambda ed: shares(ed, "x"), lambda ed: around(ed, "7 May 2020"), lambda ed: around(ed, "2031-01-01"),
        lambda ed: around(ed, "2020-05-07", days=-1), lambda ed: gaps(ed, by="x"), lambda ed: near(ed, 100, 0, 3),
        lambda ed: near(ed, 33, 44, 0), lambda ed: near(ed, 33, "44", 3), lambda ed: evidence(ed, "no"),
        lambda ed: ed.incidents("2020q2"), lambda ed: ed.incidents("2030Q1"), lambda ed: ed.incidents(series="x"),
        lambda ed: ed.tally("now", "all"), lambda ed: ed.tally("2020Q2", "x"), lambda ed: facts(ed, "rocket"),
        lambda _: open_edition(as_of="30 June 2020"), lambda _: open_edition(quarter="2020q2"),
        lambda _: open_edition(baseline="2020Q9"), lambda _: load(as_of="soon"),
    ],
)  # fmt: skip
def test_wrong_arguments_are_one_line(ed: Edition, ask) -> None:
    with pytest.raises(ValueError) as error:
        ask(ed)
    assert "\n" not in str(error.value) and str(error.value)[0] != "'"


def test_faults_stand_in_the_message() -> None:
    with pytest.raises(DataError, match="there is no data folder"):
        open_edition("nope")


def test_quarters_may_be_text(ed: Edition) -> None:
    assert len(ed.incidents("2020Q2")) == 10 and ed.has_incidents_file("2020Q2")


def test_every_answer_replays(ed: Edition, convoys: Result) -> None:
    answers = [
        convoys, count(ed, convoys, by="week"), cross(ed, "attack_method", "governorate", convoys),
        shares(ed, "confidence", convoys), around(ed, "2020-05-07", rows=convoys), gaps(ed, convoys, by="governorate"),
        near(ed, 33.299, 44.396, 3, convoys), count(ed, convoys.table[convoys["killed"] == 0]),
    ]  # fmt: skip
    for answer in answers:
        again = replay(answer.trace(), ed)
        assert again.digest() == answer.digest(), answer.call


def test_no_caller_can_change_a_table(ed: Edition) -> None:
    for ask in (
        lambda: ed.counted,
        lambda: ed.listed,
        ed.incidents,
        lambda: ed.data.incidents,
        lambda: ed.data.sources,
    ):
        before = len(ask())
        mine = ask()
        mine.iloc[0, 0] = "changed"
        mine.drop(mine.index[:5], inplace=True)
        mine["new"] = 1
        assert len(ask()) == before and "new" not in ask() and ask().iloc[0, 0] != "changed"


@pytest.mark.filterwarnings("ignore::pandas.errors.ChainedAssignmentError")
def test_a_result_is_not_taken_for_rows_of_something_else(convoys: Result) -> None:
    for take in (pd.DataFrame, np.asarray):
        with pytest.raises(TypeError, match=r"result\.table"):
            take(convoys)
    assert pd.DataFrame(convoys.table).equals(convoys.table)


def test_no_caller_can_change_a_result(ed: Edition) -> None:
    kept = ed.facts.rockets.headline.counts
    before = kept.digest()
    kept.iloc[0, 0] = "changed"
    kept.insert(0, "new", 1)
    kept.drop(kept.table.index[:1], inplace=True)
    assert ed.facts.rockets.headline.counts.digest() == before


def test_a_results_index_and_count_are_its_tables(ed: Edition) -> None:
    """Not those of the tuple that sentences read."""
    found = ed.facts.rockets.headline.counts
    assert isinstance(found.value, tuple)
    assert found.index.equals(found.table.index)
    assert found.count().equals(found.table.count())
    with pytest.raises(AttributeError, match="has no 'bit_length'"):
        _ = ed.facts.targets.made.bit_length


def test_objects_show_themselves_in_little(ed: Edition) -> None:
    for one in (ed, ed.data, ed.campaign):
        assert len(repr(one)) < 200 and "\n" not in repr(one)
        assert len(one._repr_html_()) < 4000


@pytest.mark.xdist_group("founding")
def test_facts_list_names_values_and_verdicts(ed: Edition) -> None:
    table = facts(ed).set_index("name")
    assert table.loc["rockets.tally.now", "value"] == str(ed.facts.rockets.tally.now)
    assert table.loc["rockets", "verdict"] == ed.facts.rockets.verdict.value
    assert not table.loc["details.tally.now", "known"]
    assert set(ed.facts) <= {name.split(".")[0] for name in table.index}


def _taking(name: str) -> list[tuple[Any, str]]:
    """Every public function that is asked of an edition and takes such a parameter."""
    found = [getattr(helpers, one) for one in HOMES]
    return [f for f in found if callable(f) and {"ed", name} <= {*_parameters(f)}]


def _parameters(function: Any) -> tuple[str, ...]:
    try:
        return tuple(inspect.signature(function).parameters)
    except (TypeError, ValueError):
        return ()


@pytest.mark.parametrize(
    ("name", "value", "least"), [("series", "nope", 10), ("basis", "tallly", 3), ("period", "2031Q1", 5)]
)
def test_a_name_that_there_is_not_is_refused_by_every_analysis_that_takes_it(
    ed: Edition, name: str, value: str, least: int
) -> None:
    found = _taking(name)
    assert len(found) >= least
    for function in found:
        with pytest.raises(ValueError, match=f"^{name} is '{value}', which does not exist"):
            function(ed, **{name: value})


def test_a_kind_of_comparison_that_there_is_not_is_refused(ed: Edition) -> None:
    with pytest.raises(ValueError, match=r"^kind is 'year', which does not exist"):
        compare(ed, kind="year")
    assert set(compare(ed).table["kind"]) <= set(REFERENCES)
