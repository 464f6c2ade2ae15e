"""What make runs, and what it leaves alone, seen through a stand-in for Python."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys

import pytest

from incident_report.paths import ROOT

STAND_IN = f"""#!{sys.executable}
import os, sys
from pathlib import Path
arguments = dict(a.lstrip("-").partition("=")[::2] for a in sys.argv[4:])
with open("calls", "a") as log:
    print(arguments.get("only"), arguments.get("quarter"), file=log)
quarter = arguments["quarter"] or sorted(Path(arguments["data"], "incidents").glob("*.csv"))[-1].stem
name = "" if arguments["data"] == "data" else Path(arguments["data"]).name
for kind in arguments["only"].split(","):
    folder = Path("figures" if kind == "figures" else "reports") / name / quarter
    folder.mkdir(parents=True, exist_ok=True)
    (folder / ("manifest.json" if kind == "figures" else "report." + kind)).write_text("x")
"""


@pytest.fixture
def project(tmp_path):
    """A folder with the Makefile and one file of each kind that it watches."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    files = (
        "data/incidents/2020Q2.csv",
        "data/incidents/2020Q3.csv",
        "data/sources.csv",
        "notebooks/00_a.ipynb",
        "src/helpers.py",
        "templates/report.css",
        "requirements.lock",
    )
    for name in files:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
        os.utime(path, (1, 1))
    stand_in = tmp_path / "python"
    stand_in.write_text(STAND_IN)
    stand_in.chmod(0o755)
    return tmp_path


def make(project, *arguments):
    """Run make; returns what it said and the builds that it asked for."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS", "QUARTER", "DATA"))}
    log = project / "calls"
    log.unlink(missing_ok=True)
    done = subprocess.run(["make", *arguments, "PY=./python"], cwd=project, env=env, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    return done.stdout, log.read_text().splitlines() if log.exists() else []


def later(project, name):
    """Make a file younger than everything built so far, without waiting for the clock."""
    for folder in ("reports", "figures", ".cache"):
        for path in (project / folder).rglob("*"):
            os.utime(path, (1000, 1000))
    (project / name).touch()
    os.utime(project / name, (2000, 2000))


def test_one_run_for_all_formats_and_none_when_nothing_changed(project):
    assert make(project, "report")[1] == ["html,pdf,figures "]
    said, calls = make(project, "report")
    assert calls == []
    assert "Nothing to be done for 'report'" in said
    for goal in ("html", "pdf", "figures"):
        assert make(project, goal)[1] == []
    assert make(project, "docx")[1] == ["docx "]


@pytest.mark.parametrize(
    "name",
    ["data/incidents/2020Q3.csv", "data/sources.csv", "notebooks/00_a.ipynb", "src/helpers.py", "templates/report.css"],
)
def test_a_changed_file_builds_again(project, name):
    make(project, "report")
    later(project, name)
    assert make(project, "report")[1] == ["html,pdf,figures "]


def test_a_deleted_file_and_a_changed_setting_build_again(project):
    make(project, "report")
    (project / "data/incidents/2020Q2.csv").unlink()
    assert make(project, "html")[1] == ["html "]
    assert make(project, "html", "FLOOR=medium")[1] == ["html "]
    assert make(project, "html", "FLOOR=medium")[1] == []


def test_the_newest_quarter_another_one_and_another_campaign(project):
    make(project, "report")
    assert (project / "reports/2020Q3/report.pdf").exists()
    later(project, "data/incidents/2020Q4.csv")
    make(project, "report")
    assert (project / "reports/2020Q4/report.pdf").exists()
    assert make(project, "report", "QUARTER=2020Q2")[1] == ["html,pdf,figures 2020Q2"]
    shutil.copytree(project / "data", project / "other")
    assert make(project, "report", "DATA=other")[1] == ["html,pdf,figures "]
    assert make(project, "report", "DATA=other")[1] == []
    assert (project / "reports/other/2020Q4/report.pdf").exists()


def test_help_lists_every_target_with_a_line(project):
    said, _ = make(project, "help")
    listed = {line.split()[0] for line in said.splitlines()}
    wanted = "env lab report html pdf docx check-data figures test lint clean new-quarter codebook help"
    assert set(wanted.split()) <= listed
    assert all(len(line.split()) > 2 for line in said.splitlines())


def test_no_recipe_is_longer_than_a_few_lines():
    length = 0
    for line in (ROOT / "Makefile").read_text("utf-8").splitlines():
        length = length + 1 if line.startswith("\t") else 0
        assert length <= 4
