"""`incident-report init`: a campaign folder that a stranger can fill, commit and build."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path

import pytest
import yaml

from incident_report.cli import main
from incident_report.data import check
from incident_report.paths import NOTEBOOKS

HOSTILE = '"]: {{ 7 * 7 }} <script> \\ $(id) `id` \u202e #'


def init(*options: str) -> int:
    return main(["init", *options])


def test_a_new_campaign_passes_its_checks_and_has_what_a_stranger_needs(tmp_path: Path) -> None:
    folder = tmp_path / "northern-road"
    assert init(str(folder), "--country", "Yemen", "--quarter", "2024Q1") == 0
    data, faults = check(folder / "data")
    assert data is not None
    assert not [f for f in faults if f.severity == "error"]
    assert data.campaign.raw["wording"]["country"] == "Yemen"
    assert {p.name for p in (folder / "notebooks").iterdir()} == {p.name for p in NOTEBOOKS.glob("*.ipynb")}
    for name in ("Makefile", "README.md", "environment.yml", "CITATION.cff", ".gitignore", "src/helpers.py"):
        assert (folder / name).is_file(), name
    for name in ("datapackage.json", "README.md", "story/2024Q1.md", "geo/region.geojson"):
        assert (folder / "data" / name).is_file(), name
    assert json.loads((folder / "data" / "datapackage.json").read_text("utf-8"))["name"] == "northern-road"


def test_what_a_title_holds_stays_text(tmp_path: Path) -> None:
    folder = tmp_path / "odd"
    assert init(str(folder), "--title", HOSTILE, "--quarter", "2024Q1") == 0
    said = " ".join(HOSTILE.split())
    for name in ("data/report.yml", "CITATION.cff"):
        assert yaml.safe_load((folder / name).read_text("utf-8"))["title"] == said
    assert "<script>" not in (folder / "README.md").read_text("utf-8").replace("\\<", "")


@pytest.mark.parametrize(
    ("options", "code"),
    [
        (("Northern Road",), 2),
        (("../-x",), 2),
        (("road", "--quarter", "2024"), 2),
        (("road", "--country", "Yemem"), 1),
        (("road", "--from", "none.zip"), 1),
        (("road", "--from", "bad.zip"), 1),
        (("road", "--from", "other.zip"), 1),
        (("road", "--from", "climbs.zip"), 1),
        (("road", "--from", "bad.zip", "--country", "Yemen"), 2),
    ],
)
def test_what_makes_no_sense_is_refused_in_a_line_and_nothing_is_written(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], options, code
) -> None:
    monkeypatch.chdir(tmp_path)
    Path("bad.zip").write_text("no zip")
    for name, member in (("other.zip", "a.txt"), ("climbs.zip", "../incidents/2024Q1.csv")):
        with zipfile.ZipFile(name, "w") as archive:
            archive.writestr(member, "x")
    before = sorted(Path().rglob("*"))
    assert init(*options) == code
    assert len(capsys.readouterr().err.strip().splitlines()) == 1
    assert sorted(Path().rglob("*")) == before


def test_a_folder_with_anything_in_it_is_left_alone(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tmp_path / "road").mkdir()
    assert init(str(tmp_path / "road"), "--quarter", "2024Q1") == 0  # an empty one is taken
    (tmp_path / "road" / "README.md").write_text("mine")
    assert init(str(tmp_path / "road"), "--quarter", "2024Q1") == 2
    assert (tmp_path / "road" / "README.md").read_text() == "mine"
