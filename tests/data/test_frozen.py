"""Tables that are handed out: whatever a caller does to them, the next one reads what was loaded."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from editions import founding

from incident_report.analysis.open import load
from incident_report.analysis.public import count
from incident_report.data.frozen import frozen

COLUMNS: dict[str, tuple[Any, str | None, Any]] = {
    "whole": ([1, 2, 3], "Int64", 9),
    "text": (["a", "b", None], "string", "z"),
    "object": ([(1,), (2,), (3,)], None, "z"),
    "day": (["2020-01-01"] * 3, "datetime64[us]", pd.Timestamp("2021-01-01")),
    "truth": ([True, False, True], "bool", False),
    "real": ([1.0, 2.0, 3.0], "float64", 9.0),
    "maybe": ([True, None, True], "boolean", False),
    "kind": (["a", "b", "a"], "category", "b"),
}
DOORS: dict[str, Callable[[pd.Series], Any]] = {
    "values": lambda column: column.values,
    "array": lambda column: column.array,
    "to_numpy": lambda column: column.to_numpy(),
    "asarray": np.asarray,
}


def made(name: str) -> pd.DataFrame:
    cells, kind, _ = COLUMNS[name]
    return frozen(pd.DataFrame({name: pd.Series(cells, dtype=kind)}))  # type: ignore[call-overload]


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", COLUMNS)
def test_what_lies_beneath_a_column_cannot_be_written_to(name: str, door: str) -> None:
    table = made(name)
    found = DOORS[door](table.copy(deep=False)[name])
    if not isinstance(found, np.ndarray) or np.shares_memory(found, np.asarray(table[name])):
        with pytest.raises(ValueError, match="read-only"):
            found[0] = COLUMNS[name][2]
    assert table.equals(made(name))


@pytest.mark.parametrize("name", COLUMNS)
def test_a_copy_can_be_changed_even_when_the_table_is_gone(name: str) -> None:
    copy = made(name).copy(deep=False)
    copy.loc[0, name] = COLUMNS[name][2]
    assert copy.loc[0, name] == COLUMNS[name][2]


@pytest.mark.parametrize("column", ["killed", "latitude", "place", "date", "counted", "sources"])
def test_the_tables_of_data_and_edition_are_read_only(column: str) -> None:
    ed = founding()
    for table in (ed.data.incidents, ed.listed, ed.incidents()):
        before = table[column].tolist()
        with pytest.raises(ValueError, match="read-only"):
            table[column].array[0] = table[column].array[5]
        table.loc[table.index[0], "place"] = "elsewhere"
        assert table[column].tolist() == before or column == "place"
    assert "elsewhere" not in set(ed.data.incidents["place"]) | set(ed.listed["place"])


def test_what_is_taken_out_of_a_result_changes_nothing_in_it() -> None:
    found = count(founding(), by="quarter")
    before = found.digest()
    with pytest.raises(ValueError, match="read-only"):
        found.loc[:, "count"].array[0] = 99
    with pytest.raises(ValueError, match="read-only"):
        found.iloc[0:2]["count"].values[0] = 99
    assert found.digest() == before


def test_data_that_nobody_else_holds_can_be_worked_on() -> None:
    rows = load().incidents
    rows.loc[rows.index[0], "killed"] = 7
    assert rows["killed"].iloc[0] == 7
