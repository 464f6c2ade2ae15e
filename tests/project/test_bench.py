"""What `make bench` makes of its measurements; the measuring itself takes minutes and is no test."""

from __future__ import annotations

import json
import re
import sys
from pathlib import Path

import pytest
from editions import founding

from incident_report.analysis.exact import grid
from incident_report.analysis.result import ANALYSES
from incident_report.analysis.what_happened import days
from incident_report.paths import ROOT

sys.path.insert(0, str(ROOT / "scripts"))
import bench
import bench_cost
import bench_page

WHEN = {
    "machine": {"day": "2020-09-30", "cores": 2, "processor": "x", "python": "3.11", "system": "Linux"},
    "load": [0.5, 1.0],
}


def cost(wall: float, memory: float = 100) -> dict[str, float]:
    return {"wall": wall, "cpu": wall, "memory": memory}


def results(**walls: float) -> dict:
    steps = {"plain script": 20, "stock chain": 60, "chapters": 9, "cold build": 12, "nothing changed": 0.2}
    steps |= dict.fromkeys(bench.EDITS, 2.0) | {name.replace("_", " "): wall for name, wall in walls.items()}
    three = {name: [cost(w) for w in (9 * w, w, w)] for name, w in steps.items()}
    drawn = [
        {"first": first, "loaded": ["scipy.stats"], "alone": None, "again": {"a": 0.1, "b": again}}
        for first, again in ((9, 0.2), (1.5, 0.3), (1.0, 0.2))
    ]
    return {
        "steps": {**WHEN, "remember": False, "rounds": three},
        "lab": {**WHEN, "rounds": {"01_x": drawn}},
        "sizes": {},
    }


def kept(found: dict) -> dict[str, str]:
    return {bar.name: bar.kept for bar in bench_page.bars(found)}


def broken(found: dict) -> set[str]:
    return {name for name, said in kept(found).items() if said == "no"}


def test_bars_are_held_against_medians() -> None:
    assert not broken(results())
    slow = broken(results(cold_build=14, nothing_changed=0.3))
    assert slow == {"cold build, wall ÷ plain script", "nothing changed, wall, s"}


def test_a_notebook_is_held_against_the_slowest_of_its_charts() -> None:
    found = results()
    assert bench_page.notebooks(found)["01_x"] == {
        "first": 1.5, "loaded": ["scipy.stats"], "alone": None, "slowest": "b", "again": 0.2,
    }  # fmt: skip
    found["lab"]["rounds"]["01_x"][2]["again"]["b"] = 0.3
    assert broken(found) == {"01_x: a chart drawn again, CPU, s"}


def test_a_bar_of_which_nothing_was_measured_says_so_and_one_that_did_not_finish_is_not_kept() -> None:
    none = kept({})
    assert set(none.values()) == {"not measured"}
    found = results()
    small = {**WHEN, "steps": {"build": cost(30), "check-data": cost(1)}}
    large = {**WHEN, "steps": {"build": {"failed": "ended with -9"}, "check-data": cost(9, 2000)}}
    found["sizes"] = {"100/20": small, "100000/20": large, "100000/1": {**WHEN, "steps": {"build": cost(170)}}}
    assert broken(found) == {
        "100,000 rows in 20 quarters: check-data, memory, MB",
        "100,000 rows in 20 quarters: build, wall ÷ 100 rows in 20 quarters",
    }
    assert kept(found)["100,000 rows in 1 quarter: build, wall ÷ 100 rows in 20 quarters"] == "yes"


def test_an_analysis_is_held_against_the_power_of_the_rows_that_its_time_grows_with() -> None:
    found = results()
    few, many = {"a.b": 0.1, "a.c": 0.0001, "a.small": 0.0}, {"a.b": 1.0, "a.c": 0.1, "a.small": 0.01, "a.new": 9.0}
    rounds = {"1000": [few], "100000": [many]}
    found["growth"] = {**WHEN, "rounds": rounds}
    assert bench_page.growth(found)["a.b"] == (0.1, 1.0, pytest.approx(0.5))
    assert list(bench_page.growth(found)) == ["a.b", "a.c"]
    assert broken(found) == {"time of each analysis: power of the rows"}
    assert "| `a.b` | 0.100 | 1.00 | 0.50 |" in bench_page.page(found)
    few["a.c"] = 0.001
    assert not broken(found)


def test_an_analysis_is_what_gives_a_result_and_nothing_else_that_is_remembered(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bench, "floor", lambda _folder: (days(founding()), grid((1.0, 2.0))))
    assert bench.analyses("data", str(tmp_path / "told.json")) == 0
    told = json.loads((tmp_path / "told.json").read_text("utf-8"))
    assert told["what_happened.days"] >= 0 and "exact.grid" not in told
    assert all(f"incident_report.analysis.{name}" in ANALYSES for name in told)


def test_every_step_notebook_bar_and_size_stands_in_a_table() -> None:
    found = results()
    found["sizes"] = {"1000/20": {**WHEN, "steps": {"check-data": cost(1), "build": {"failed": "ended with 1: x"}}}}
    text = bench_page.page(found)
    rows = [line for line in text.splitlines() if line.startswith("| ")]
    assert len(rows) == 4 + len(bench_page.bars(found)) + len(found["steps"]["rounds"]) + 1 + 2
    assert "| not finished: ended with 1: x |" in text
    assert all(line.count("|") == 6 for line in rows if line.startswith("| 1,000 rows in 20 quarters |"))
    assert "| cold build | 12.00 | 12.00 | 100 | 0.60 | 0.60 |" in text


def test_no_number_of_the_page_is_typed() -> None:
    bare = re.sub(r"\{\{.*?\}\}|\{%.*?%\}", "", bench_page.TEMPLATE.read_text("utf-8"))
    assert not re.findall(r"\d", bare)


def test_the_chart_has_a_panel_for_steps_and_one_for_sizes_and_is_told_in_words() -> None:
    found = results()
    small = bench_page.chart(found)
    found["sizes"] = {f"{n}/20": {**WHEN, "steps": {"build": cost(n / 50)}} for n in (100, 1000)}
    assert bench_page.chart(found) == bench_page.chart(found)
    assert small.count('id="axes_') == 1 and bench_page.chart(found).count('id="axes_') == 2
    told = bench_page.alternative(bench_page.medians(found), found["sizes"])
    assert "cold build 12.0 and 12.0" in told and "1,000 rows in 20 quarters 20.00" in told
    assert f"![{told}](performance.svg)" in bench_page.page(found)


@pytest.mark.skipif(not bench_page.RESULTS.is_file(), reason="nothing was measured yet")
def test_the_page_and_its_chart_are_what_the_results_give() -> None:
    found = json.loads(bench_page.RESULTS.read_text("utf-8"))
    assert bench_page.PAGE.read_text("utf-8") == bench_page.page(found), "run scripts/bench.py write"
    assert bench_page.CHART.read_text("utf-8") == bench_page.chart(found), "run scripts/bench.py write"


def test_what_is_edited_is_there_once() -> None:
    for file, old, _ in bench.EDITS.values():
        assert (ROOT / file).read_text("utf-8").count(old) == 1, file


def place(folder: Path) -> bench.Place:
    made = object.__new__(bench.Place)
    made.root, made.others = folder, {}
    return made


def test_a_command_is_timed_with_its_children_and_a_failure_is_told(tmp_path: Path) -> None:
    busy = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(10**7))'])"
    assert place(tmp_path).run("-c", busy)["cpu"] > 0.1
    with pytest.raises(bench.subprocess.CalledProcessError) as caught:
        place(tmp_path).run("-c", "import sys; sys.exit('so it is')")
    assert "so it is" in caught.value.stderr


def test_a_step_of_a_size_that_fails_or_takes_too_long_is_told_and_the_next_one_is_taken(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert place(tmp_path)._tried("-c", "raise SystemExit('no memory')") == {"failed": "ended with 1: no memory"}
    monkeypatch.setattr(bench_cost, "SECONDS", 0.2)
    assert place(tmp_path)._tried("-c", "import time; time.sleep(9)")["failed"].startswith("ended with -15")


def test_what_is_measured_takes_its_place_and_the_rest_stays(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    out, asked = tmp_path / "bench.json", []
    parts = [{"steps": {"a": 1}}, {"sizes": {"100/20": {"b": 2}}}]
    monkeypatch.setattr(bench, "measured", lambda *given, **more: asked.append((given, more)) or iter(parts))
    out.write_text(json.dumps({"lab": 3, "steps": 0, "sizes": {"100/20": 0, "7/1": 4}}), "utf-8")
    words = ["run", "--rounds", "1", "--sizes", "100,100000/1", "--remember", "--out", str(out)]
    assert bench.main(words) == 0
    assert asked == [((1, ("100/20", "100000/1"), 0, False), {"remember": True})]
    assert json.loads(out.read_text("utf-8")) == {
        "lab": 3, "steps": {"a": 1}, "sizes": {"100/20": {"b": 2}, "7/1": 4},
    }  # fmt: skip
    assert [p.name for p in tmp_path.iterdir()] == ["bench.json"]


@pytest.mark.parametrize(
    ("option", "given"), [("--rounds", "-1"), ("--rounds", "many"), ("--sizes", "1,x"), ("--sizes", "10/0")]
)
def test_rounds_and_sizes_are_numbers(option: str, given: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        bench.main(["run", f"{option}={given}"])
    assert end.value.code == 2
    assert option in capsys.readouterr().err


def test_a_folder_is_told_to_a_chapter_only_where_it_asks() -> None:
    for path in bench.chapters(ROOT):
        assert bench.parameters(path, "x") == {"quarter": "2020Q3", "data_folder": "x"}
    assert json.dumps(bench_cost.machine()) and sys.version_info >= (3, 11)


def test_many_editions_are_held_against_the_same_one_after_the_other() -> None:
    found = results()
    assert kept(found)["a batch on two workers: memory, MB"] == "not measured"
    alone, batch = {**cost(420), "cpu": 600, "editions": 24}, {**cost(370, 5000), "cpu": 580}
    found["many"] = {**WHEN, "rounds": {"one after the other": [alone], "as a batch": [batch]}}
    name = "24 editions as a batch on two workers"
    assert broken(found) == {f"{name}: wall ÷ half of their CPU time, one after the other", f"{name}: memory, MB"}
    assert "| as a batch, two workers | 370.0 | 580.0 | 5000 |" in bench_page.page(found)
