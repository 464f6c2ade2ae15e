"""`incident-report explain` and `facts`: where a number stands, what decided, and whether it still comes out."""

from __future__ import annotations

import json
from types import SimpleNamespace

import pytest

from incident_report.cli import main
from incident_report.commands._told import decided, is_number, number_hits, word_hits


def record(**given: object) -> dict:
    return {"kind": "table", "label": "", "notebook": "x", "cell": "c", "title": "", "text": "", "trace": [], **given}


RECORDS = {
    "txt-a": record(text="There were 1,200 attacks, 27 of them by night, 2.57 times as many."),
    "txt-days": record(text="Reported on 2020-07-27 [@news-2020-08-27]; 27-28."),
    "txt-b": record(text="On 127 days and 27.5 nights; version 0.27."),
    "tab-a": record(title="Two", cells={"columns": ["Series", "Now"], "rows": [["Rockets", "27 in 87"], ["", "19"]]}),
    "fig-a": record(cells={"columns": ["series", "ratio"], "rows": [["rockets", "2.5673"], ["convoys", "0.9685"]]}),
}


@pytest.mark.parametrize(
    ("asked", "ids"),
    [
        ("27", ["txt-a", "tab-a"]), ("2.57", ["txt-a", "fig-a"]), ("1,200", ["txt-a"]), ("1200", ["txt-a"]),
        ("19", ["tab-a"]), ("28", []), ("0.97", ["fig-a"]),
    ],
)  # fmt: skip
def test_a_number_is_found_in_words_tables_and_charts_and_not_within_another(asked: str, ids: list[str]) -> None:
    assert is_number(asked) and [h.id for h in number_hits(RECORDS, asked)] == ids


def test_a_cell_is_told_by_its_row_and_column() -> None:
    [hit] = number_hits(RECORDS, "19")
    assert hit.where == "Rockets, Now: 19"


def test_words_are_found_in_cells_too() -> None:
    assert [h.id for h in word_hits(RECORDS, "by  NIGHT")] == ["txt-a"]
    assert [h.id for h in word_hits(RECORDS, "convoys")] == ["fig-a"]


def test_the_column_that_decided_is_named() -> None:
    row = {
        "fields": {"attack_method": "rocket", "killed": "", "governorate": "Baghdad", "outcome": "carried_out"},
        "series": {"rocket_drone": ["attack_method"]},
    }
    assert decided(row, {"series": "rocket_drone"}) == {"attack_method": "rocket"}
    assert decided(row, {"governorate": "Baghdad"}) == {"governorate": "Baghdad"}
    assert decided(row, {"by": "killed"}) == {"killed": "unknown"}
    assert decided(row, {"condition": {"any": [{"killed": {"at_least": 1}}]}}) == {"killed": "unknown"}
    assert decided(row, {}) == {"outcome": "carried_out"}


def told(built: SimpleNamespace, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = main(["explain", *arguments, "--report", str(built.folder)])
    return code, capsys.readouterr().out


def test_several_places_are_listed_and_one_fits_a_screen(built, capsys) -> None:
    report = json.loads((built.folder / "provenance.json").read_text("utf-8"))
    code, listed = told(built, capsys, "27")
    assert code == 0 and len(listed.splitlines()) <= 30
    for id in report["records"]:
        code, out = told(built, capsys, id)
        assert code == 0 and len(out.splitlines()) <= 42, id
    longest = max(report["records"], key=lambda i: len(report["records"][i]["trace"]))
    assert len(told(built, capsys, longest, "--all")[1]) > len(told(built, capsys, longest)[1])


def test_every_recorded_call_gives_the_same_again(built, capsys) -> None:
    code, out = told(built, capsys, "--replay")
    assert code == 0, out
    assert int(out.split()[0]) > 50


def test_facts_are_listed(capsys) -> None:
    assert main(["facts", "rockets", "--depth", "1", "--quarter", "2020Q3"]) == 0
    assert capsys.readouterr().out.startswith("rockets")
    assert main(["facts", "rockets", "--format", "json"]) == 0
    rows = {r["name"]: r for r in json.loads(capsys.readouterr().out)}
    assert rows["rockets.tally.now"]["value"] == "27" and rows["rockets"]["verdict"]
    assert main(["facts", "nothing"]) == 2 and main(["facts", "--quarter", "2020q3"]) == 2
