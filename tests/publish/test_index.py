"""The rows in provenance.json: every one that is asked for, in the order of ids, written as it is made."""

from __future__ import annotations

import json

import pytest
from editions import founding

from incident_report.publish import index
from incident_report.publish.figures import write_json
from incident_report.publish.index import row_index


@pytest.fixture(scope="module")
def data():
    return founding().data


def test_rows_are_written_one_after_another_as_a_whole_mapping_would_be(data, tmp_path, monkeypatch):
    monkeypatch.setattr(index, "_AT_ONCE", 7)
    asked = [*data.incidents["incident_id"], *data.tallies["tally_id"], "no-such-row"]
    rows = row_index(data, asked)
    whole = dict(rows.items())
    write_json(tmp_path / "one.json", {"rows": rows, "more": [1]})
    written = (tmp_path / "one.json").read_text("utf-8")
    assert written == json.dumps({"rows": whole, "more": [1]}, indent=1, ensure_ascii=False) + "\n"
    assert [*whole] == sorted(asked[:-1]) and len(rows) == len(whole)
    assert {row["kind"] for row in whole.values()} == {"incident", "tally"}


def test_a_row_says_where_it_stands(data):
    for id, row in row_index(data, data.incidents["incident_id"][:20]).items():
        file, line = row["at"].split(":")
        assert (data.folder / file).read_text("utf-8-sig").splitlines()[int(line) - 1].startswith(id)


def test_no_rows_are_an_empty_mapping(data, tmp_path):
    write_json(tmp_path / "one.json", {"rows": row_index(data, ())})
    assert (tmp_path / "one.json").read_text("utf-8") == '{\n "rows": {}\n}\n'
