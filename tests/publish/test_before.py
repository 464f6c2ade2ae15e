"""The edition before is found by itself: the last earlier one beside it, and nothing else."""

import hashlib
import json
from dataclasses import replace
from pathlib import Path

import pytest

from incident_report.analysis.how_we_know import _knew_more
from incident_report.analysis.open import open_edition
from incident_report.paths import DATA
from incident_report.publish import before as module
from incident_report.publish.before import last_before, with_before
from incident_report.publish.places import places
from incident_report.publish.request import Request


def edition(folder: Path, name: str = "", **changes) -> Path:
    """A folder as an edition leaves it: its provenance vouches for its data."""
    folder.mkdir(parents=True)
    (folder / "data.zip").write_bytes(b"data of " + folder.name.encode())
    digest = hashlib.sha256((folder / "data.zip").read_bytes()).hexdigest()
    known = {"format": "incident-report/1", "inputs_sha256": "0" * 64, "edition": name or folder.name}
    known |= {"outputs": {"data.zip": digest}}
    (folder / "provenance.json").write_text(json.dumps(known | changes), "utf-8")
    return folder


def test_the_last_earlier_edition_is_taken(tmp_path):
    for name in ("2019Q4", "2020Q1", "2020Q3", "2020Q4"):
        edition(tmp_path / name)
    assert last_before(tmp_path, "2020Q3") == (tmp_path / "2020Q1").resolve()
    assert last_before(tmp_path, "2019Q4") is None
    assert last_before(tmp_path / "none", "2019Q4") is None


def test_variants_strangers_and_changed_editions_are_not(tmp_path):
    edition(tmp_path / "2020Q2+floor-high", "2020Q2")
    edition(tmp_path / "2020Q2", "2019Q4")
    edition(tmp_path / "2020Q1", outputs={"data.zip": "0" * 64})
    edition(tmp_path / "2019Q4", format="another/1")
    (tmp_path / "2019Q3").mkdir()
    edition(tmp_path / "notes1")
    edition(tmp_path / "2019Q2")
    assert last_before(tmp_path, "2020Q3") == (tmp_path / "2019Q2").resolve()


@pytest.fixture
def asked(tmp_path, monkeypatch):
    """A request for a quarter of a campaign whose reports folder is a temporary one."""
    monkeypatch.setattr(module, "REPORTS", tmp_path / "reports")
    chapters = tmp_path / "nb"
    chapters.mkdir()
    (chapters / "00_one.ipynb").write_text('"previous: str"', "utf-8")
    before = edition(tmp_path / "reports" / "2020Q2")
    return Request(quarter="2020Q3", notebooks=chapters), DATA.resolve(), before


def test_what_is_found_is_an_input_and_not_part_of_the_place(asked):
    request, folder, before = asked
    found = with_before(request, folder, "2020Q3")
    assert found.before == before.resolve()
    assert places(folder, "2020Q3", found) == places(folder, "2020Q3", request)
    assert found.chosen()["previous"].endswith("2020Q2")
    kept = found.sources(folder, "2020Q3").inputs()["previous"]
    assert set(kept) == {"data.zip", "provenance.json"}
    (before / "data.zip").write_bytes(b"built again")
    assert with_before(request, folder, "2020Q3").before is None


def test_none_another_place_and_a_name_turn_the_search_off(asked, tmp_path):
    request, folder, before = asked
    for change in ({"alone": True}, {"out": tmp_path / "out"}, {"previous": before}):
        assert with_before(replace(request, **change), folder, "2020Q3").before is None
    assert places(folder, "2020Q3", replace(request, alone=True)).report.name == "2020Q3+no-previous"
    (request.notebooks / "00_one.ipynb").write_text("asks for nothing", "utf-8")
    assert with_before(request, folder, "2020Q3").before is None


def test_a_hidden_row_is_no_change_of_data():
    ed = open_edition(quarter="2020Q3", as_of="2020-09-01")
    later, earlier = {"parameters": {"as_of": ""}}, {"parameters": {"as_of": "2020-07-15"}}
    assert _knew_more(later, ed)
    assert not _knew_more(earlier, ed)
    assert not _knew_more(later, open_edition(quarter="2020Q3"))
