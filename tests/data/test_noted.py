"""A table notes every cell that somebody can have seen: whatever is not noted may change without being noticed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_report import reads
from incident_report.data.contents import content, fingerprint
from incident_report.data.frozen import frozen
from incident_report.data.noted import cells, noted, plain, told

QUARTERS = ["2020Q1", "2020Q1", "2020Q2", "2020Q2", "2020Q3", "2020Q3"]


def table() -> pd.DataFrame:
    return pd.DataFrame(
        {
            "quarter": QUARTERS, "place": list("abcabc"), "killed": pd.array([0, 2, None, 1, 0, 3], "Int64"),
            "summary": list("uvwxyz"),
        }
    )  # fmt: skip


def read(function: Callable[[Any], Any], of: pd.DataFrame | None = None) -> tuple[Any, set[str]]:
    """What a function gives for the noting table, and the cells that it read."""
    with reads.within() as (names, _):
        found = function(noted(table() if of is None else of, "t"))
    return found, names


def test_a_column_of_some_rows_is_read_in_their_periods() -> None:
    found, names = read(lambda t: t.loc[t["place"] == "c", "killed"].tolist())
    assert found == [pd.NA, 3]
    assert names == {f"t/place@{q}" for q in set(QUARTERS)} | {"t/killed@2020Q2", "t/killed@2020Q3"}


@pytest.mark.parametrize(
    "function",
    [
        lambda t: t.to_dict("records"), lambda t: t.values, lambda t: t.iloc[0], lambda t: list(t.itertuples()),
        lambda t: t.groupby("place").size(), lambda t: pd.concat([t, t]), lambda t: t.merge(t, on="place"),
        lambda t: t.loc[0], lambda t: t.loc[lambda one: one.killed > 0], lambda t: t.query("killed > 0"), repr,
        lambda t: t.assign(twice=lambda one: one.killed * 2), lambda t: t[lambda one: one.killed > 0], plain,
        lambda t: t.isna().sum(), lambda t: t.place.tolist(), lambda t: t.set_index(["place", pd.Index(range(6))]),
        lambda t: t.eq(t), lambda t: t.reset_index(), lambda t: t.T, lambda t: t == 1, lambda t: t.to_csv(),
    ],
)  # fmt: skip
def test_what_is_not_known_to_read_a_part_reads_all_of_it(function: Callable[[Any], Any]) -> None:
    assert len(read(function)[1]) == 4 * len(set(QUARTERS))


def test_its_form_is_no_cell() -> None:
    form = (
        len,
        list,
        lambda t: t.shape,
        lambda t: t.columns,
        lambda t: "place" in t,
        lambda t: t.index,
        lambda t: t.empty,
    )
    assert [names for one in form for names in read(one)[1]] == []


STEPS: dict[str, Callable[[Any], Any]] = {
    "killed": lambda t: t[t["killed"].fillna(0) > 0],
    "place": lambda t: t.loc[t["place"] != "a"],
    "late": lambda t: t[t["quarter"] >= "2020Q2"],
    "some": lambda t: t[["quarter", "killed", "place"]],
    "anew": lambda t: t.reset_index(drop=True),
    "ordered": lambda t: t.sort_values(["killed", "place"], ascending=False),
    "known": lambda t: t.dropna(subset=["killed"]),
    "named": lambda t: t if t.index.name else t.set_index("place", drop=False).rename_axis("name"),
    "first": lambda t: t.head(2),
    "more": lambda t: t.assign(other=1),
    "copied": lambda t: t.copy(),
    "every": lambda t: t.loc[[*t.index][::-1]],
}
ENDS: dict[str, Callable[[Any], Any]] = {
    "places": lambda t: t["place"].tolist(),
    "deaths": lambda t: t["killed"].tolist(),
    "told": lambda t: t["summary"].tolist() if "summary" in t else 0,
    "all": lambda t: plain(t).to_dict("records"),
    "says": lambda t: told(t, "killed").tolist(),
    "number": len,
    "which": lambda t: [*map(str, t.index)],
}


@given(st.lists(st.sampled_from(sorted(STEPS)), max_size=5), st.sampled_from(sorted(ENDS)), st.integers(0, 5))
def test_a_change_of_cells_that_were_not_noted_changes_nothing(steps: list[str], end: str, row: int) -> None:
    def asked(t: Any) -> Any:
        for step in steps:
            t = STEPS[step](t)
        return ENDS[end](t)

    found, names = read(asked)
    other = table()
    for column, value in (("place", "z"), ("killed", 9), ("summary", "-")):
        asked_of = f"t/{column}?@{QUARTERS[row]}" in names  # whether it says anything: that must stay
        if f"t/{column}@{QUARTERS[row]}" not in names and not (asked_of and pd.isna(other.loc[row, column])):
            other.loc[row, column] = value
    assert repr(read(asked, other)[0]) == repr(found)


def test_of_rows_that_are_not_numbered_from_nought_the_whole_column_is_read() -> None:
    found, names = read(lambda t: t.loc[t["killed"].fillna(0) > 2, "place"].tolist(), table().iloc[2:])
    assert found == ["c"]
    assert names == {"t/killed", "t/place"}


def test_what_is_changed_in_a_copy_leaves_the_table_as_it_was() -> None:
    whole = noted(frozen(table()), "t")
    copy = whole.copy(deep=False)
    copy.loc[0, "place"] = "elsewhere"
    copy["killed"] = 7
    del copy["summary"]
    assert whole["place"].tolist() == list("abcabc")
    assert whole["killed"].dropna().tolist() == [0, 2, 1, 0, 3]
    assert list(copy) == ["quarter", "place", "killed"]
    assert set(copy["killed"]) == {7}


def test_the_content_of_cells_is_theirs_alone() -> None:
    one, other = table(), table()
    other.loc[0, "killed"] = 5
    assert fingerprint(cells(one, "killed@2020Q2")) == fingerprint(cells(other, "killed@2020Q2"))
    assert fingerprint(cells(one, "killed@2020Q1")) != fingerprint(cells(other, "killed@2020Q1"))
    assert fingerprint(cells(one, "")) == fingerprint(cells(other, ""))
    assert fingerprint(cells(one, "")) != fingerprint(cells(other.iloc[1:], ""))
    moved = other.assign(quarter=[QUARTERS[-1], *QUARTERS[1:]])
    assert fingerprint(cells(one, "")) != fingerprint(cells(moved, ""))


def test_whether_a_cell_says_anything_is_read_without_what_it_says() -> None:
    found, names = read(lambda t: told(t[t["quarter"] == "2020Q2"], "killed").tolist())
    assert found == [False, True]
    assert names == {f"t/quarter@{q}" for q in set(QUARTERS)} | {"t/killed?@2020Q2"}
    one, other, silent = table(), table(), table()
    other.loc[3, "killed"], silent.loc[3, "killed"] = 5, pd.NA
    prints = [fingerprint(cells(rows, "killed?@2020Q2")) for rows in (one, other, silent)]
    assert prints[0] == prints[1] != prints[2]


def test_where_a_column_has_the_name_of_the_question_the_values_are_read() -> None:
    rows = table().rename(columns={"place": "killed?"})
    assert "t/killed@2020Q1" in read(lambda t: told(t, "killed").tolist(), rows)[1]
    assert cells(rows, "killed?@2020Q1").tolist() == ["a", "b"]


def test_a_name_that_there_is_no_longer_is_an_error() -> None:
    class Data:
        t = table()

    with pytest.raises(KeyError):
        content(Data(), "t/wounded@2020Q1")  # type: ignore[arg-type]
