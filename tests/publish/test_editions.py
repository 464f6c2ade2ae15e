"""The index of editions: what stands there whole is listed, by text that is text, in files that are ours."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from incident_report.publish import editions, provenance
from incident_report.publish.editions import FEED, PAGE, check_index, write_index
from incident_report.publish.inputs import digest
from incident_report.publish.verify import verify


def report(root: Path, name: str, **about: Any) -> Path:
    """A folder that `verify` finds whole."""
    folder = root / name
    folder.mkdir(parents=True)
    (folder / "report.html").write_text("page")
    (folder / "data").write_text("x")
    known = {
        "format": provenance.FORMAT,
        "edition": name[-6:],
        "title": about.pop("title", "A campaign"),
        "inputs_sha256": digest({}),
        "outputs": provenance.outputs(folder),
        "about": {"period": f"Quarter {name[-1:]}", **about},
    }
    (folder / provenance.NAME).write_text(json.dumps(known))
    return folder


def listed(root: Path) -> list[str]:
    return [item["url"] for item in json.loads((root / FEED).read_text())["items"]]


def test_editions_that_are_whole_are_listed_newest_first(tmp_path: Path) -> None:
    for name in ("2020Q2", "2020Q3", "other/2020Q1", "2019Q4"):
        report(tmp_path, name)
    (tmp_path / "2019Q4" / "report.html").write_text("changed")
    (tmp_path / ".2020Q4.building").mkdir()
    told = write_index(tmp_path)
    assert listed(tmp_path) == ["2020Q3/report.html", "2020Q2/report.html", "other/2020Q1/report.html"]
    assert [line.split(":")[0] for line in told] == ["2019Q4"]
    page = (tmp_path / PAGE).read_text()
    assert re.findall(r'<a href="(20[^"]*|other[^"]*)"', page) == listed(tmp_path)
    assert check_index(tmp_path) == []


def test_what_was_built_this_moment_is_not_read_again(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    one, other = report(tmp_path, "2020Q3"), report(tmp_path, "2020Q2")
    read: list[Path] = []
    monkeypatch.setattr(editions, "verify", lambda folder: read.append(folder) or verify(folder))
    write_index(tmp_path, one)
    assert read == [other] and len(listed(tmp_path)) == 2


def test_the_index_says_when_it_is_not_that_of_what_stands_here(tmp_path: Path) -> None:
    one = report(tmp_path, "2020Q3")
    report(tmp_path, "2020Q2")
    write_index(tmp_path)
    known = one / provenance.NAME
    known.write_text(known.read_text() + " ")
    (tmp_path / "2020Q2").rename(tmp_path / ".gone")
    (tmp_path / PAGE).write_text("x")
    assert len(check_index(tmp_path)) == 3


def test_absolute_addresses_where_the_campaign_has_a_site(tmp_path: Path) -> None:
    report(tmp_path, "name/2020Q3", site_url="https://example.org/name")
    write_index(tmp_path)
    assert listed(tmp_path) == ["https://example.org/name/2020Q3/report.html"]
    assert 'href="name/2020Q3/report.html"' in (tmp_path / PAGE).read_text()


@pytest.mark.parametrize("text", ["<script>alert(1)</script>", "{{ 7 * 7 }}", '"><img src=x>', "\u202ex"])
def test_names_from_files_are_text(tmp_path: Path, text: str) -> None:
    report(tmp_path, "2020Q3", title=text, subtitle=text, period=text, publisher=text)
    write_index(tmp_path)
    page = (tmp_path / PAGE).read_text()
    assert not re.search(r"<script|<img|>49<|\u202e", page)
    assert json.loads((tmp_path / FEED).read_text())["items"][0]["summary"] == text


def test_what_somebody_else_put_there_is_left_alone(tmp_path: Path) -> None:
    report(tmp_path, "2020Q3")
    (tmp_path / PAGE).write_text("mine")
    (line,) = write_index(tmp_path)
    assert line.startswith(f"{PAGE}: ")
    assert (tmp_path / PAGE).read_text() == "mine"
    assert not (tmp_path / FEED).exists()


def test_a_provenance_of_another_shape_stops_nothing(tmp_path: Path) -> None:
    folder = report(tmp_path, "2020Q3")
    known = json.loads((folder / provenance.NAME).read_text())
    (folder / provenance.NAME).write_text(json.dumps({**known, "about": ["x"], "title": {"a": 1}}))
    assert write_index(tmp_path) == []
    (tmp_path / FEED).write_text("[]")
    assert len(check_index(tmp_path)) == 1
