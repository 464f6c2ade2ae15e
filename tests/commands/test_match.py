"""`incident-report match`: a campaign beside another dataset, event by event."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

from incident_report.cli import main

sys.path.insert(0, str(Path(__file__).parents[1] / "data"))
from foreign import ACLED, ACLED_ROW, write


def row(number: int, day: str, **more: str) -> dict[str, str]:
    own = {
        "event_id_cnty": f"XYZ{number}",
        "event_date": day,
        "latitude": str(10 + number),
        "location": f"Town {number}",
    }
    return {**ACLED_ROW, **own, **more}


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """Three events, one in the first quarter and two in the second."""
    rows = [row(1, "2022-03-05"), row(2, "2022-05-05"), row(3, "2022-05-20")]
    write(tmp_path / "first.csv", ACLED, rows)
    assert main(["import", str(tmp_path / "first.csv"), "--from", "acled", "--out", str(tmp_path / "mine")]) == 0
    return tmp_path / "mine"


def match(campaign: Path, rows: list[dict[str, str]], *options: str) -> int:
    other = write(campaign.parent / "other.csv", ACLED, rows)
    return main(["match", "--with", str(other), "--map", "acled", "--data", str(campaign), *options])


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def test_pairs_and_what_only_one_list_has_are_written(campaign: Path, tmp_path: Path) -> None:
    others = [row(1, "2022-03-06", event_id_cnty="B1"), row(2, "2022-05-08", event_id_cnty="B2"), row(7, "2022-06-01")]
    out = tmp_path / "told"
    assert match(campaign, [*others, row(9, "2019-06-01")], "--out", str(out)) == 0
    assert [(r["ours"], r["theirs"], r["days"]) for r in table(out / "pairs.csv")] == [("ACLED-XYZ1", "ACLED-B1", "1")]
    assert {r["id"] for r in table(out / "only_ours.csv")} == {"ACLED-XYZ2", "ACLED-XYZ3"}
    assert {r["id"] for r in table(out / "only_theirs.csv")} == {"ACLED-B2", "ACLED-XYZ7"}  # 2019 is not our time
    held = {(r["quarter"], r["group"]): (r["events"], r["paired"]) for r in table(out / "ours_in_theirs.csv")}
    assert held["2022Q1", "all"] == ("1", "1")
    assert held["2022Q2", "all"] == ("2", "0")


def test_wider_tolerances_are_taken(campaign: Path, capsys: pytest.CaptureFixture[str]) -> None:
    capsys.readouterr()
    assert match(campaign, [row(2, "2022-05-08", event_id_cnty="B2")], "--days", "3") == 0
    assert "1 pairs within 3 days and 15 km" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("options", "code"),
    [(("--days", "-1"), 2), (("--km", "0"), 2), (("--differ", "3"), 2), (("--country", "Nowhere"), 1)],
)
def test_what_makes_no_sense_is_refused(campaign: Path, capsys: pytest.CaptureFixture[str], options, code) -> None:
    capsys.readouterr()
    assert match(campaign, [row(1, "2022-03-05")], *options) == code
    assert len(capsys.readouterr().err.strip().splitlines()) == 1


def test_a_folder_that_holds_something_is_not_written_to(campaign: Path, tmp_path: Path) -> None:
    (tmp_path / "told").mkdir()
    (tmp_path / "told" / "mine.txt").write_text("x")
    assert match(campaign, [row(1, "2022-03-05")], "--out", str(tmp_path / "told")) == 2
    assert [p.name for p in (tmp_path / "told").iterdir()] == ["mine.txt"]
