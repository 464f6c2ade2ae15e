"""Campaigns by month and by year: what their files are called, what a gap is, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from periods import MONTHLY, monthly, yearly

from incident_report.cli import main
from incident_report.data import check
from incident_report.data.folders import available


def errors(folder: Path) -> list[str]:
    return [f"{f.file}: {f.message}" for f in check(folder)[1] if f.severity == "error"]


def test_a_month_without_a_file_is_a_gap_and_one_that_is_cut_is_covered_in_part(tmp_path: Path) -> None:
    data, _ = check(monthly(tmp_path))
    assert data is not None
    assert data.campaign.period == "month"
    assert data.quarters == tuple(MONTHLY) == tuple(available(tmp_path))
    assert "2020-04" not in data.coverage
    assert [str(d) for d in data.coverage["2020-07"]] == ["2020-07-01", "2020-07-20"]
    assert data.incidents.groupby("quarter").size().to_dict() == MONTHLY


def test_files_of_another_length_than_the_campaign_declares_are_one_clear_line(tmp_path: Path) -> None:
    folder = monthly(tmp_path)
    for name in ("2020-01", "2020-02"):
        (folder / f"incidents/{name}.csv").rename(folder / f"incidents/{name[:4]}Q{name[-1]}.csv")
    found = [e for e in errors(folder) if e.startswith("incidents/")]
    assert found == [
        "incidents/2020Q1.csv: is named after a quarter (and 1 more), and the campaign reports by month; "
        "call it like 2020-07.csv, or say period: quarter in report.yml"
    ]


@pytest.mark.parametrize(
    ("name", "better"), [("2020_7.csv", "2020-07.csv"), ("July.csv", "the month, such as 2020-07")]
)
def test_a_wrongly_written_month_is_told_its_name(tmp_path: Path, name: str, better: str) -> None:
    folder = monthly(tmp_path)
    (folder / "incidents/2020-07.csv").rename(folder / "incidents" / name)
    assert any(e.startswith(f"incidents/{name}:") and better in e for e in errors(folder))


def test_a_row_outside_its_month_is_told_where_it_belongs(tmp_path: Path) -> None:
    folder = monthly(tmp_path)
    path = folder / "incidents/2020-09.csv"
    path.write_text(path.read_text("utf-8").replace(",2020-09-", ",2020-08-", 1), "utf-8")
    assert any("it belongs in incidents/2020-08.csv" in e for e in errors(folder))


def test_a_quarter_in_a_table_of_a_yearly_campaign_is_refused(tmp_path: Path) -> None:
    folder = yearly(tmp_path)
    (folder / "coverage.csv").write_text("quarter,start,end,note\n2020Q3,2020-07-01,2020-08-31,\n", "utf-8")
    assert any("names no year" in e for e in errors(folder))


def test_an_unknown_unit_is_refused(tmp_path: Path) -> None:
    folder = yearly(tmp_path)
    report = yaml.safe_load((folder / "report.yml").read_text("utf-8"))
    (folder / "report.yml").write_text(yaml.safe_dump({**report, "period": "week"}), "utf-8")
    assert any(e.startswith("report.yml") and "month" in e for e in errors(folder))


@pytest.mark.parametrize(("unit", "quarter", "following"), [("month", "2024-12", "2025-01"), ("year", "2024", "2025")])
def test_a_campaign_is_begun_and_gone_on_with_by_its_unit(
    tmp_path: Path, unit: str, quarter: str, following: str
) -> None:
    target = tmp_path / "northern-road"
    assert main(["init", str(target), "--period", unit, "--quarter", quarter]) == 0
    assert available(target / "data") == [quarter]
    assert main(["new-quarter", "--data", str(target / "data"), following]) == 0
    assert (target / f"data/story/{following}.md").is_file()
    assert main(["new-quarter", "--data", str(target / "data"), "2025Q1"]) == 2
    data, _ = check(target / "data")
    assert data is not None
    assert data.campaign.period == unit
    assert data.quarters == (quarter, following)


def test_an_import_writes_a_file_a_month_and_a_newer_export_goes_on_by_month(tmp_path: Path) -> None:
    chart, out = tmp_path / "map.yml", tmp_path / "out"
    chart.write_text(yaml.safe_dump({"name": "A list", "id": {"column": "id"}, "date": {"column": "day"}}), "utf-8")

    def export(name: str, months: tuple[int, ...], moved: str = "") -> str:
        table = tmp_path / name
        rows = "".join(f"{m}-{d},2020-{m:02d}-{d:02d}\n" for m in months for d in (5, 9))
        table.write_text("id,day\n" + rows.replace("2-5,2020-02-05", moved or "2-5,2020-02-05"), "utf-8")
        return str(table)

    first = export("first.csv", (1, 2, 4))
    assert main(["import", first, "--map", str(chart), "--period", "month", "--out", str(out)]) == 0
    assert available(out) == ["2020-01", "2020-02", "2020-04"]
    data, _ = check(out)
    assert data is not None
    assert data.campaign.period == "month"
    assert str(data.coverage["2020-04"][1]) == "2020-04-09"  # the file's last event
    later = export("later.csv", (1, 2, 4, 5), "2-5,2020-02-06")
    assert main(["import", later, "--map", str(chart), "--into", str(out), "--yes"]) == 0
    assert available(out) == ["2020-01", "2020-02", "2020-04", "2020-05"]
    assert (out / "corrections.csv").read_text("utf-8").splitlines()[1].startswith("2-5,date,2020-02-05,2020-02-06,")
