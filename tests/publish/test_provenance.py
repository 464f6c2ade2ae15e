"""provenance.json read in part: who only asks whose a report is does not read where each of its numbers comes from."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from incident_report.publish import provenance
from incident_report.publish.figures import write_json

WHOLE = {
    "format": provenance.FORMAT,
    "inputs_sha256": "0" * 64,
    "about": {"text": 'a\n "records": {', "records": {"one": 1}},
    "outputs": {"data.zip": "1" * 64},
    "predictions": [{"records": 1}],
    "records": {"fig-a": {"trace": [{"rows": 0}]}},
    "rows": {},
    "row_lists": [["a", "b"]],
}
HEAD = {k: v for k, v in WHOLE.items() if k not in ("records", "rows", "row_lists")}


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_json(tmp_path / provenance.NAME, WHOLE)
    return tmp_path


def test_the_head_is_all_that_stands_before_the_records(folder, monkeypatch):
    monkeypatch.setattr(provenance, "read", lambda _: pytest.fail("the whole was read"))
    assert provenance.head(folder) == HEAD


def test_a_report_of_a_million_rows_is_still_ours(folder, monkeypatch):
    assert provenance.read(folder)["records"]["fig-a"]["trace"][0]["rows"] == ["a", "b"]
    monkeypatch.setattr(provenance, "_MOST", 10)
    assert provenance.read(folder) == {**HEAD, "records": {}, "rows": {}}
    assert provenance.strangers(folder) == []


@pytest.mark.parametrize("cut", [0, 1, 30, 150, 400, -3])
def test_a_file_that_is_cut_off_is_no_mark(folder, cut):
    path = folder / provenance.NAME
    path.write_bytes(path.read_bytes()[:cut])
    assert provenance.head(folder) is None


def test_one_that_is_written_otherwise_is_read_whole(folder):
    (folder / provenance.NAME).write_text(json.dumps(WHOLE), "utf-8")
    assert provenance.head(folder) == provenance.read(folder) != None  # noqa: E711 - both, and something


@pytest.mark.parametrize("text", ["", "[]", "{}", "x", '{"inputs_sha256": 1}', '{\n "records": {}\n}\n', "[\n\n]}\n"])
def test_what_is_none_of_ours_is_none(tmp_path, text):
    (tmp_path / provenance.NAME).write_text(text, "utf-8")
    assert provenance.head(tmp_path) is None
    assert provenance.head(tmp_path / "nowhere") is None
