"""A plan of many editions: what it asks for, and every fault of it by line."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_report.data.importers import Selection, chosen_map
from incident_report.data.importers.split import import_part, plain_name, split
from incident_report.data.importers.table import ImportFault
from incident_report.data.model import DataError
from incident_report.errors import UsageError
from incident_report.publish.plan import Job, Split, jobs, read_plan

MAP = """name: Test
url: https://example.org
licence: open
id: {column: id, prefix: T}
date: {column: day}
country: {column: land}
sheet: 1
"""


def plan(folder: Path, text: str) -> Path:
    path = folder / "plan.yml"
    path.write_text(text, encoding="utf-8")
    return path


def faults(folder: Path, text: str) -> list[tuple[int | None, str]]:
    with pytest.raises(DataError) as caught:
        read_plan(plan(folder, text))
    return [(fault.line, fault.message) for fault in caught.value.faults]


@pytest.mark.parametrize(
    ("text", "line", "said"),
    [
        ("editions: [{data: data}]", 1, "'out' is missing"),
        ("out: x\neditions: []", 2, "[] should be non-empty"),
        ("out: x\neditions:\n- data: data\n  quarter: 2020Q3", 3, "quarter: not a key that is known here"),
        ("out: x\neditions:\n- data: data\n  file: x.csv", 3, "name either data"),
        ("out: x\neditions:\n- quarters: all", 3, "name either data"),
        ("out: x\neditions:\n- data: data\n  countries: all", 4, "goes with file"),
        ("out: x\neditions:\n- file: x.csv", 3, "file needs format"),
        ("out: x\neditions:\n- data: data\n  only: [html, doc]", 4, "'doc' is not one of"),
        ("out: x\neditions:\n- data: data\n  settings: {confidence_floor: [low, lower]}", 4, "lower"),
        ("out: x\nout: y\neditions: [{data: data}]", 2, "twice"),
        ("- a", 1, "must be a mapping"),
    ],
)
def test_each_fault_of_a_plan_is_told_with_its_line(tmp_path: Path, text: str, line: int, said: str) -> None:
    [found] = faults(tmp_path, text)
    assert found[0] == line
    assert said in found[1]


def test_a_batch_goes_nowhere_where_a_report_may_not(tmp_path: Path) -> None:
    with pytest.raises(UsageError):
        read_plan(plan(tmp_path, "out: data/x\neditions: [{data: data}]"))
    with pytest.raises(UsageError, match="no such file"):
        read_plan(tmp_path / "none.yml")


def asked(folder: Path, text: str) -> list[Job]:
    made = read_plan(plan(folder, f"out: {folder}/out\neditions:\n- {text}"))
    [item] = made.items
    assert not isinstance(item, Split)
    return jobs(made.out, item, str(item["data"]))


def test_settings_are_crossed_and_each_edition_has_a_place_of_its_own(tmp_path: Path) -> None:
    made = asked(
        tmp_path,
        "{data: data, quarters: [2020Q2, 2020Q3], settings: {confidence_floor: [low, high], as_of: 2020-10-31}}",
    )
    names = [job.name for job in made]
    assert names == [
        "2020Q2+as-of-2020-10-31",
        "2020Q3+as-of-2020-10-31",
        "2020Q2+floor-high+as-of-2020-10-31",
        "2020Q3+floor-high+as-of-2020-10-31",
    ]
    assert [job.request.out for job in made] == [tmp_path.resolve() / "out" / name for name in names]
    assert all(job.request.alone and job.request.before is None and not job.after for job in made)


def test_a_chain_takes_each_edition_for_the_one_before_the_next(tmp_path: Path) -> None:
    made = asked(tmp_path, "{data: data, quarters: all, chain: true}")
    assert len(made) > 2
    assert [job.after for job in made] == ["", *(job.name for job in made[:-1])]
    assert [job.request.before for job in made[1:]] == [job.request.out for job in made[:-1]]


def test_without_periods_the_newest_is_meant(tmp_path: Path) -> None:
    assert [job.name for job in asked(tmp_path, "{data: data}")] == [
        asked(tmp_path, "{data: data, quarters: all}")[-1].name
    ]


def test_an_export_is_cut_by_country_and_no_row_is_lost(tmp_path: Path) -> None:
    (tmp_path / "map.yml").write_text(MAP)
    lands = ["Iraq", "Syria", "", "Iraq", "Côte d'Ivoire", "iraq "]
    rows = [f'{i},2020-07-0{i},"{land}","a, ""b"""' for i, land in enumerate(lands, 1)]
    (tmp_path / "all.csv").write_text("\n".join(["id,day,land,note", *rows]), encoding="utf-8")
    chart = chosen_map(own=tmp_path / "map.yml")
    found = split(tmp_path / "all.csv", chart, tmp_path)
    assert sorted(found) == ["Côte d'Ivoire", "Syria", "iraq"]
    assert sum(len(table.read_text().splitlines()) - 1 for table in found.values()) == 5
    assert len(set(found.values())) == 3
    assert list(split(tmp_path / "all.csv", chart, tmp_path, ["SYRIA"])) == ["Syria"]
    with pytest.raises(ImportFault, match="Iraqq"):
        split(tmp_path / "all.csv", chart, tmp_path, ["Iraqq"])


@given(st.lists(st.text(min_size=1), min_size=2, max_size=2, unique=True))
def test_no_two_countries_share_a_folder(names: list[str]) -> None:
    one, other = map(plain_name, names)
    assert one.casefold() != other.casefold() or names[0].lower() == names[1].lower()
    assert one.replace("-", "").isalnum()
    assert one.isascii()


def test_a_campaign_that_was_made_of_other_rows_is_left_alone(tmp_path: Path, monkeypatch: Any) -> None:
    table, out, chosen = tmp_path / "iraq.csv", tmp_path / "iraq", Selection("Iraq")
    (tmp_path / "map.yml").write_text(MAP)
    made = []
    monkeypatch.setattr(
        "incident_report.data.importers.split.import_file", lambda *_: made.append(out.mkdir(exist_ok=True))
    )
    table.write_text("id,day,land\n1,2020-07-01,Iraq\n")
    for _ in range(2):
        import_part(table, "", tmp_path / "map.yml", out, chosen)
    assert len(made) == 1
    table.write_text("id,day,land\n2,2020-07-01,Iraq\n")
    with pytest.raises(ImportFault, match="imported from other rows"):
        import_part(table, "", tmp_path / "map.yml", out, chosen)
    assert len(made) == 1
