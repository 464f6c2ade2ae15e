"""Make only hands on what was typed, as plain text, and owns no file that it could delete."""

from __future__ import annotations

import os
import re
import shutil
import subprocess
import sys

import pytest

from incident_report.paths import ROOT

TELL = f"#!{sys.executable}\nimport sys\nprint(ascii(sys.argv[1:]))\n"
MAKEFILE = (ROOT / "Makefile").read_text("utf-8")
NAMES = [
    "campaigns/x$(id>PWNED)",
    "campaigns/x$(shell touch PWNED)",
    "R&touch PWNED&x",
    "`touch PWNED`",
    "$(touch PWNED)",
    '"; touch PWNED; "',
    "'; touch PWNED; '",
    "o'brien",
    "a(copy)",
    "R&D",
    "a:b",
    "a|b",
    "a;b",
    "a*b",
    "a b",
    "a%b",
    "a#b",
    "a=b",
    "a\\b",
    "~x",
    "$x",
    "$$x",
    "${HOME}",
    "two\nlines",
    "--help",
    "émile",
]


@pytest.fixture
def project(tmp_path):
    """The Makefile beside a stand-in for Python that tells what it was asked."""
    shutil.copy(ROOT / "Makefile", tmp_path)
    tell = tmp_path / "tell"
    tell.write_text(TELL)
    tell.chmod(0o755)
    return tmp_path


def make(project, *arguments, **more):
    """Run make; returns the arguments of each call of Python."""
    env = {k: v for k, v in os.environ.items() if not k.startswith(("MAKE", "MFLAGS", "QUARTER", "DATA"))}
    done = subprocess.run(
        ["make", *arguments, "PY=./tell"], cwd=project, env={**env, **more}, capture_output=True, text=True
    )
    assert done.returncode == 0, done.stderr
    return [eval(line) for line in done.stdout.splitlines() if line.startswith("[")]


@pytest.mark.parametrize("name", NAMES)
def test_what_is_typed_arrives_as_it_is_and_is_never_run(project, name):
    before = sorted(project.rglob("*"))
    variables = {"DATA": "data", "QUARTER": "quarter", "PREVIOUS": "previous", "AS_OF": "as-of"}
    typed, wanted = [f"{v}={name}" for v in variables], {f"--{option}={name}" for option in variables.values()}
    for [call] in (make(project, "report", *typed), make(project, "report", **dict.fromkeys(variables, name))):
        assert wanted <= set(call)
    subprocess.run(["make", "-n", "html", *typed], cwd=project, capture_output=True)
    assert make(project, "diff", f"FROM={name}", f"TO={name}")[0][-2:] == [f"--from={name}", f"--to={name}"]
    assert make(project, "serve", f"PORT={name}")[0][-1] == f"--port={name}"
    assert make(project, "workbook", f"OUTPUT={name}")[0][-1] == f"--out={name}"
    assert make(project, "new-quarter", f"QUARTER={name}")[0][-1] == name
    assert sorted(project.rglob("*")) == before


def test_each_format_asks_for_its_build_if_it_is_due(project):
    wanted = {
        "report": "html,pdf,figures",
        "html": "html",
        "pdf": "pdf",
        "docx": "docx",
        "explore": "explore",
        "figures": "figures",
    }
    for goal, only in wanted.items():
        [call] = make(project, goal)
        assert call[:4] == ["-m", "incident_report", "build", "--if-due"]
        assert f"--only={only}" in call
        assert ("--png" in call) == (goal == "figures")


def test_no_target_is_a_file_and_no_expression_reads_the_folder():
    targets = set(re.findall(r"(?m)^([a-z-]+):", MAKEFILE))
    phony = set(re.search(r"(?s)\.PHONY: (.*?)\n\n", MAKEFILE)[1].replace("\\\n", " ").split())
    assert targets == phony
    assert not re.search(r"\$\((shell|wildcard|eval|file|call|foreach)\b|DELETE_ON_ERROR", MAKEFILE)
    assert len(MAKEFILE.splitlines()) < 66


def test_help_lists_every_target_with_a_line(project):
    done = subprocess.run(
        ["make", "--no-print-directory", "help"], cwd=project, capture_output=True, text=True, check=True
    )
    listed = {line.split()[0] for line in done.stdout.splitlines()}
    assert listed == set(re.findall(r"(?m)^([a-z-]+):", MAKEFILE))
    assert all(len(line.split()) > 2 for line in done.stdout.splitlines())
