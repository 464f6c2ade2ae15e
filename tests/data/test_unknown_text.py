"""Text in tables: unknown is NA, and what holds it does not depend on what else is installed."""

from __future__ import annotations

from importlib.util import find_spec

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_report.data import default_package
from incident_report.data.model import TEXT, as_written
from incident_report.data.rows import Row
from incident_report.data.tables import frame

TABLE = default_package().tables["method_log"]
TEXTS = st.lists(st.text(max_size=5), min_size=1, max_size=6)


def made(texts: list[str]) -> pd.DataFrame:
    blank = {f.name: () if f.type == "list" else "" for f in TABLE.fields}
    return frame([Row("method_log.csv", i + 2, {}, {**blank, "note": t}) for i, t in enumerate(texts)], TABLE)


@given(TEXTS)
def test_exactly_what_is_empty_is_na_and_the_rest_is_as_written(texts: list[str]) -> None:
    notes = made(texts)["note"]
    assert list(notes.isna()) == [t == "" for t in texts]
    assert list(notes.dropna()) == [t for t in texts if t]
    assert list(as_written(made(texts))["note"]) == texts


@pytest.mark.parametrize("storage", ["auto", "python"] + ["pyarrow"] * bool(find_spec("pyarrow")))
@given(texts=TEXTS)
def test_storage_is_pythons_whatever_the_library_would_choose(storage: str, texts: list[str]) -> None:
    with pd.option_context("mode.string_storage", storage):
        whole = made(texts)
        for table in (whole, pd.concat([whole, whole]), whole.merge(whole, on="note"), whole[whole["note"].notna()]):
            assert table["note"].dtype == TEXT and table["note"].dtype.storage == "python"
            assert all(v is pd.NA for v in table["note"][table["note"].isna()])


def test_a_table_without_rows_has_the_same_types() -> None:
    assert frame([], TABLE)["note"].dtype == TEXT and list(as_written(frame([], TABLE))["note"]) == []
