"""A newer export brought into a campaign: exactly what was added, changed and deleted; nothing of one's own lost."""

from __future__ import annotations

import csv
from pathlib import Path

import pytest
from foreign import ACLED, ACLED_ROW, write
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from incident_report.cli import main
from incident_report.data import check

QUARTERS = {"2022Q1": "2022-02", "2022Q2": "2022-05"}


def row(number: int, month: str = "2022-05", **more: str) -> dict[str, str]:
    day = f"{month}-{1 + number % 27:02}"
    own = {"event_id_cnty": f"XYZ{number}", "event_date": day, "location": f"Town {number}"}
    return {**ACLED_ROW, **own, **more}


def first(tmp_path: Path, rows: list[dict[str, str]]) -> Path:
    write(tmp_path / "first.csv", ACLED, rows)
    folder = tmp_path / "mine"
    assert main(["import", str(tmp_path / "first.csv"), "--from", "acled", "--out", str(folder)]) == 0
    return folder


def update(tmp_path: Path, rows: list[dict[str, str]], folder: Path, *options: str) -> int:
    write(tmp_path / "next.csv", ACLED, rows)
    return main(["import", str(tmp_path / "next.csv"), "--from", "acled", "--into", str(folder), *options])


def incidents(folder: Path) -> dict[str, dict[str, object]]:
    data, faults = check(folder)
    assert data is not None, faults
    return data.incidents.set_index("incident_id").to_dict("index")


def cells(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def edit(path: Path, ident: str, column: str, value: str) -> None:
    rows = cells(path)
    next(r for r in rows if r["incident_id"] == ident)[column] = value
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)


@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(data=st.data())
def test_exactly_what_was_added_changed_and_deleted_is_found(tmp_path_factory, capsys, data) -> None:
    tmp_path = tmp_path_factory.mktemp("update")
    numbers = range(40)
    months = {n: sorted(QUARTERS.values())[n % 2] for n in numbers}
    fates = ["k", "k", *data.draw(st.lists(st.sampled_from("kkkkacd"), min_size=38, max_size=38))]  # both quarters stay
    was = [row(n, months[n]) for n in numbers if fates[n] != "a"]
    now = [
        row(n, months[n], **({"location": "Elsewhere"} if fates[n] == "c" else {})) for n in numbers if fates[n] != "d"
    ]
    folder = first(tmp_path, was)
    capsys.readouterr()
    assert update(tmp_path, now, folder) == 0
    told = capsys.readouterr().out
    wanted = f"{fates.count('a')} rows added, {fates.count('c')} changed, {fates.count('d')} gone, 0 cells left to you"
    assert wanted in told.splitlines()
    for number, fate in enumerate(fates):
        line = {"c": f"  changed, ACLED-XYZ{number} place:", "d": f"  gone, ACLED-XYZ{number} ("}.get(fate)
        assert line is None or line in told


def test_nothing_is_written_until_it_is_said_and_then_all_of_it(tmp_path: Path, capsys) -> None:
    folder = first(tmp_path, [row(n, m) for n, m in ((1, "2022-02"), (2, "2022-02"), (3, "2022-05"), (4, "2022-05"))])
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    now = [row(1, "2022-02", location="New"), row(3, "2022-05", fatalities="7"), row(5, "2022-05"), row(6, "2022-08")]
    assert update(tmp_path, now, folder) == 0
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before
    assert update(tmp_path, now, folder, "--yes") == 0
    rows = incidents(folder)
    assert set(rows) == {f"ACLED-XYZ{n}" for n in range(1, 7)}
    assert rows["ACLED-XYZ1"]["place"] == "New"
    assert rows["ACLED-XYZ3"]["killed"] == 7
    assert {i for i, r in rows.items() if r["outcome"] == "disputed"} == {"ACLED-XYZ2", "ACLED-XYZ4"}
    # The quarter that was the newest changed in its file, the one before by corrections alone.
    assert (folder / "incidents" / "2022Q1.csv").read_bytes() == before[folder / "incidents" / "2022Q1.csv"]
    assert {(c["incident_id"], c["field"]) for c in cells(folder / "corrections.csv")} == {
        ("ACLED-XYZ1", "place"), ("ACLED-XYZ2", "outcome"),
    }  # fmt: skip
    capsys.readouterr()
    assert update(tmp_path, now, folder) == 0
    assert "0 rows added, 0 changed, 0 gone, 0 cells left to you" in capsys.readouterr().out


def test_what_was_edited_by_hand_is_left_to_a_person(tmp_path: Path, capsys) -> None:
    folder = first(tmp_path, [row(1), row(2)])
    edit(folder / "incidents" / "2022Q2.csv", "ACLED-XYZ1", "place", "Mine")
    edit(folder / "incidents" / "2022Q2.csv", "ACLED-XYZ2", "attack_method", "drone")
    assert update(tmp_path, [row(1, location="Theirs"), row(2, location="Theirs")], folder, "--yes") == 0
    rows = incidents(folder)
    assert [rows[f"ACLED-XYZ{n}"]["place"] for n in (1, 2)] == ["Mine", "Theirs"]
    assert rows["ACLED-XYZ2"]["attack_method"] == "drone"
    assert "1 changed, 0 gone, 1 cells left to you" in capsys.readouterr().out


def test_a_row_that_moves_into_another_quarter_is_left_to_a_person(tmp_path: Path, capsys) -> None:
    folder = first(tmp_path, [row(1), row(2), row(3, "2022-02")])
    assert update(tmp_path, [row(1), row(2, "2022-02"), row(3, "2022-02")], folder, "--yes") == 0
    assert incidents(folder)["ACLED-XYZ2"]["date"].month == 5
    assert "would move it" in capsys.readouterr().out


def test_a_row_that_the_rules_now_leave_out_is_disputed_with_the_reason(tmp_path: Path) -> None:
    folder = first(tmp_path, [row(1, "2022-02"), row(2, "2022-02"), row(3)])
    now = [row(1, "2022-02"), row(2, "2022-02", event_type="Protests", sub_event_type="Peaceful protest"), row(3)]
    assert update(tmp_path, now, folder, "--yes") == 0
    (line,) = cells(folder / "corrections.csv")
    assert (line["incident_id"], line["new"]) == ("ACLED-XYZ2", "disputed")
    assert "protest" in line["reason"]


def test_rows_beyond_the_quarters_or_days_of_the_export_are_not_gone(tmp_path: Path, capsys) -> None:
    folder = first(tmp_path, [row(1, "2022-02"), row(3), row(20)])
    assert update(tmp_path, [row(3), row(4)], folder) == 0
    assert "1 rows added, 0 changed, 1 gone" in capsys.readouterr().out
    assert update(tmp_path, [row(3), row(4)], folder, "--to-date", "2022-05-10") == 0
    assert "1 rows added, 0 changed, 0 gone" in capsys.readouterr().out


@pytest.mark.parametrize("options", [("--into", "none"), ("--into", "mine", "--out", "other"), ()])
def test_a_place_that_makes_no_sense_is_refused(tmp_path: Path, monkeypatch, capsys, options) -> None:
    first(tmp_path, [row(1)])
    monkeypatch.chdir(tmp_path)
    capsys.readouterr()
    assert main(["import", "first.csv", "--from", "acled", *options]) == 2
    assert len(capsys.readouterr().err.splitlines()) == 1


def test_another_sources_export_is_refused(tmp_path: Path, capsys) -> None:
    folder = first(tmp_path, [row(1), row(2)])
    assert update(tmp_path, [row(8), row(9)], folder, "--yes") == 1
    assert "not a newer export" in capsys.readouterr().err


def test_a_campaign_with_a_fault_is_not_touched(tmp_path: Path, capsys) -> None:
    folder = first(tmp_path, [row(1), row(2)])
    edit(folder / "incidents" / "2022Q2.csv", "ACLED-XYZ1", "attack_method", "nonsense")
    before = {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert update(tmp_path, [row(1), row(3)], folder, "--yes") == 1
    assert {p: p.read_bytes() for p in folder.rglob("*") if p.is_file()} == before


# ---- provisional releases, and which row is newer ----------------------------------------------------------


def test_a_provisional_release_adds_marked_rows_and_leaves_final_ones(tmp_path: Path) -> None:
    folder = first(tmp_path, [row(i) for i in range(6)])
    monthly = [row(1, fatalities="9"), *(row(i, "2022-06") for i in range(20, 24))]
    assert update(tmp_path, monthly, folder, "--provisional", "--yes") == 0
    made = incidents(folder)
    held = {i for i, r in made.items() if r["provisional"] == "yes"}
    assert held == {f"ACLED-XYZ{i}" for i in range(20, 24)}
    assert made["ACLED-XYZ1"]["killed"] != 9 and len(made) == 10
    assert {r["outcome"] for r in made.values()} == {"carried_out"}  # a month says nothing of other months


def test_a_release_of_another_month_shares_no_row(tmp_path: Path) -> None:
    folder = first(tmp_path, [row(i) for i in range(6)])
    monthly = [row(i, "2022-06") for i in range(20, 24)]
    assert update(tmp_path, monthly, folder, "--yes") != 0  # not said to be provisional: another source
    assert update(tmp_path, monthly, folder, "--provisional", "--yes") == 0


@pytest.mark.parametrize("later", [False, True], ids=["in the newest quarter", "in an earlier one"])
def test_a_final_release_replaces_a_provisional_one(tmp_path: Path, later: bool) -> None:
    folder = first(tmp_path, [row(i, "2022-02") for i in range(4)])
    assert update(tmp_path, [row(i) for i in range(20, 24)], folder, "--provisional", "--yes") == 0
    third = [row(i, "2022-08") for i in range(40, 43)] if later else []
    if later:
        assert update(tmp_path, third, folder, "--provisional", "--yes") == 0
    final = [*(row(i, "2022-02") for i in range(4)), row(20), row(21, fatalities="7"), row(22), row(30)]
    assert update(tmp_path, final, folder, "--yes") == 0
    made = incidents(folder)
    assert made["ACLED-XYZ21"]["killed"] == 7
    assert {i for i, r in made.items() if r["outcome"] == "disputed"} == {"ACLED-XYZ23"}
    unheld = {f"ACLED-XYZ{i}" for i in (0, 1, 2, 3, 20, 21, 22, 30)}
    assert unheld <= {i for i, r in made.items() if r["provisional"] != "yes"}
    if later:
        assert {i for i, r in made.items() if r["provisional"] == "yes"} >= {f"ACLED-XYZ{i}" for i in range(40, 43)}
    assert update(tmp_path, final, folder) == 0  # nothing is left to do


def test_the_provider_s_time_stamp_says_which_row_is_newer(tmp_path: Path, capsys) -> None:
    folder = first(tmp_path, [row(i, timestamp="1650000000") for i in range(5)])
    older = row(1, fatalities="8", timestamp="999999999")
    newer = row(2, fatalities="6", timestamp="1660000000")
    rest = [row(i, timestamp="1650000000") for i in (0, 3, 4)]
    assert update(tmp_path, [older, newer, *rest], folder, "--yes") == 0
    made = incidents(folder)
    assert made["ACLED-XYZ2"]["killed"] == 6
    assert made["ACLED-XYZ1"]["killed"] != 8
    again = [row(1, fatalities="8", timestamp="1640000000"), newer, *rest]
    capsys.readouterr()
    assert update(tmp_path, again, folder) == 0
    assert "nothing was written" in capsys.readouterr().out  # still older than what was read first


def test_a_row_that_comes_back_counts_again(tmp_path: Path) -> None:
    rows = [row(i) for i in range(5)]
    folder = first(tmp_path, rows)
    assert update(tmp_path, rows[1:], folder, "--yes") == 0
    assert incidents(folder)["ACLED-XYZ0"]["outcome"] == "disputed"
    assert update(tmp_path, rows, folder, "--yes") == 0
    assert incidents(folder)["ACLED-XYZ0"]["outcome"] == "carried_out"


def test_reports_say_how_much_is_provisional(tmp_path: Path) -> None:
    from incident_report.analysis.open import open_edition

    folder = first(tmp_path, [row(i, "2022-02") for i in range(4)])
    assert open_edition(str(folder), quarter="2022Q1").facts.record.provisional == 0
    assert update(tmp_path, [row(i) for i in range(20, 23)], folder, "--provisional", "--yes") == 0
    facts = open_edition(str(folder), quarter="2022Q2").facts
    assert (facts.record.provisional, facts.record.attacks, facts.front.provisional) == (3, 3, True)
