"""What a record's data say in a file: as the tables in data/ say it, not as Python would."""

from __future__ import annotations

import pandas as pd
import pytest

from incident_report.present.records import frame_json


@pytest.mark.parametrize(
    ("value", "written"),
    [
        (pd.Timestamp("2020-07-05"), "2020-07-05"), (pd.NaT, ""), (pd.NA, ""), (None, ""), (float("nan"), ""),
        (("a", "b"), "a;b"), ((), ""), (0.1 + 0.2, "0.3"), (7, "7"), ("x", "x"),
    ],
)  # fmt: skip
def test_a_cell_is_written_as_in_the_data(value: object, written: str) -> None:
    assert frame_json(pd.DataFrame({"c": pd.Series([value], dtype=object)}))["rows"] == [[written]]
