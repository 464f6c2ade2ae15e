"""Long lists of rows travel from kernel to build as bits, and come out as the lists that they were."""

from __future__ import annotations

import json
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_report.analysis.open import open_edition
from incident_report.analysis.what_happened import days
from incident_report.data.row_sets import packed, unpacked
from incident_report.paths import DATA, SEAL
from incident_report.present import records
from incident_report.present import show as showing
from incident_report.present.records import MIME, traced
from incident_report.publish.collect import collect, rows_of
from incident_report.publish.jupyter import nbformat

IDS = st.lists(st.text(max_size=4), unique=True)


@given(IDS, IDS, st.randoms())
def test_ids_come_back_sorted(known: list[str], others: list[str], chance) -> None:
    ids = [*{*others, *known[::2]}]
    chance.shuffle(ids)
    on_file = pd.Index(sorted(known), dtype=object)
    kept = json.loads(json.dumps(packed(ids, on_file)))
    assert unpacked(kept, on_file) == sorted(ids)


def test_a_build_has_the_lists_of_a_notebook(monkeypatch: pytest.MonkeyPatch) -> None:
    ed = open_edition(str(DATA), quarter="2020Q3")
    made = [days(ed, periods=12), days(ed, periods=1)]
    plain = traced(ed, made)
    monkeypatch.setattr(records, "LONG", 60)
    monkeypatch.setenv(SEAL, "sealed")
    sent = traced(ed, made)
    assert len(made[0].rows) > 60 >= len(made[1].rows)
    assert len(json.dumps(sent[0]["rows"])) < len(json.dumps(plain[0]["rows"])) / 4
    shown = [{"kind": "prose", "id": f"txt-{n}", "trace": sent} for n in range(2)]
    outputs = [nbformat.v4.new_output("display_data", {MIME: record}) for record in shown]
    node = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell("", outputs=outputs)])
    found = collect({Path("a.ipynb"): node}, ed.data)
    assert [one.content["trace"] for one in found] == [plain, plain]
    assert found[0].content["trace"][0]["rows"] is found[1].content["trace"][0]["rows"]
    assert rows_of(found) == {*made[0].rows, *made[1].rows}


def test_a_records_own_data_have_a_limit_that_it_states(monkeypatch: pytest.MonkeyPatch) -> None:
    every = days(open_edition(str(DATA), quarter="2020Q3"), periods=12)
    whole = showing.show(every, "tab-search")
    monkeypatch.setattr(showing, "MOST_ROWS", 10)
    cut = showing.show(every, "tab-search")
    assert cut.content["data"]["rows"] == whole.content["data"]["rows"][:10]
    assert cut.content["source"].startswith(whole.content["source"])
    assert cut.content["source"] != whole.content["source"]
    assert cut.content["rows"] == whole.content["rows"]
