"""What `make bench` makes of its measurements; the measuring itself takes minutes and is no test."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path

import pytest

from incident_report.paths import ROOT

_spec = importlib.util.spec_from_file_location("bench", ROOT / "scripts" / "bench.py")
assert _spec and _spec.loader
bench = importlib.util.module_from_spec(_spec)
_spec.loader.exec_module(bench)


def results(**walls: float) -> dict:
    steps = {"plain script": 20, "stock chain": 60, "chapters": 9, "cold build": 12, "nothing changed": 0.2}
    steps |= dict.fromkeys(bench.EDITS, 2.0) | {name.replace("_", " "): wall for name, wall in walls.items()}
    three = {name: [{"wall": w, "cpu": w, "memory": 100} for w in (9 * w, w, w)] for name, w in steps.items()}
    machine = {"day": "2020-09-30", "cores": 2, "processor": "x", "python": "3.11", "system": "Linux"}
    return {"machine": machine, "remember": False, "load": [0.5, 1.0], "steps": three, "sizes": {}}


def kept(found: dict) -> dict[tuple[str, str], bool]:
    return {(b["step"], b["of"]): b["kept"] for b in bench.judged(found)}


def test_bars_are_held_against_medians() -> None:
    assert all(kept(results()).values())
    slow = kept(results(cold_build=14, nothing_changed=0.3))
    assert {bar for bar, good in slow.items() if not good} == {("cold build", "plain script"), ("nothing changed", "")}


def test_every_step_every_bar_and_every_size_stands_in_a_table() -> None:
    found = results()
    found["sizes"] = {"1000": {"check-data": {"wall": 1.0, "cpu": 1.0, "memory": 90}}}
    rows = [line for line in bench.table(found).splitlines() if line.startswith("| ")]
    assert len(rows) == 3 + len(found["steps"]) + len(bench.BARS) + 1 + 1
    assert any(row.startswith("| 1000 |") for row in rows)


def test_what_is_edited_is_there_once() -> None:
    for file, old, _ in bench.EDITS.values():
        assert (ROOT / file).read_text("utf-8").count(old) == 1, file


def test_a_command_is_timed_with_its_children_and_a_failure_is_told(tmp_path: Path) -> None:
    place = object.__new__(bench.Place)
    place.root = tmp_path
    busy = "import subprocess, sys; subprocess.run([sys.executable, '-c', 'sum(range(10**7))'])"
    assert place.run("-c", busy)["cpu"] > 0.1
    with pytest.raises(bench.subprocess.CalledProcessError) as caught:
        place.run("-c", "import sys; sys.exit('so it is')")
    assert "so it is" in caught.value.stderr


def test_what_is_asked_for_is_run_and_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    asked = []
    monkeypatch.setattr(bench, "run", lambda *given, **more: asked.append((given, more)) or results())
    out = tmp_path / "bench.json"
    assert bench.main(["run", "--rounds", "1", "--sizes", "100,1000", "--remember", "--out", str(out)]) == 0
    assert asked == [((1, [100, 1000]), {"remember": True})]
    assert json.loads(out.read_text("utf-8")) == results()


@pytest.mark.parametrize("rounds", ["0", "many"])
def test_rounds_are_a_number(rounds: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        bench.main(["run", "--rounds", rounds])
    assert end.value.code == 2
    assert "--rounds" in capsys.readouterr().err


def test_a_folder_is_told_to_a_chapter_only_where_it_asks() -> None:
    for path in bench.chapters(ROOT):
        assert bench.parameters(path, "x") == {"quarter": "2020Q3", "data_folder": "x"}
    assert json.dumps(bench.machine()) and sys.version_info >= (3, 11)
