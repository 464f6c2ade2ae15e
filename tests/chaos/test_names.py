"""No name and no parameter is part of a command, a make expression or a path: each builds or gets a clear line."""

from __future__ import annotations

import os
import shutil
import unicodedata
from pathlib import Path

import pytest
from lab import Project, campaign, some

CANARY = "PWNED"
SHELL = [
    "x$(id>PWNED)",
    "x`id>PWNED`",
    "R&id>PWNED&x",
    "x;id>PWNED;",
    "x|tee PWNED",
    "$$(id>PWNED)",
    "${shell id>PWNED}",
    "$(shell id>PWNED)",
    "x$(info hello)$(shell touch PWNED)",
    "x'$(id>PWNED)'",
    'x"$(id>PWNED)"',
    'x";id>PWNED;"',
    "x';id>PWNED;'",
    "x\nid>PWNED\n",
    "x\\\nid>PWNED",
    "x#;id>PWNED",
    "x>PWNED",
    "-x; touch PWNED",
]
ORDINARY = [
    "o'brien",
    "a(copy)",
    "R&D",
    "a:b",
    "a|b",
    "a;b",
    "a*b",
    "a?b",
    "[ab]",
    "{a,b}",
    "da ta",
    " leading",
    "trailing ",
    "tab\there",
    "a%b",
    "%",
    "a\\b",
    "a#b",
    "#a",
    "a=b",
    "a,b",
    "a!b",
    "$HOME",
    "$$",
    "~",
    "-n",
    "--help",
    "--data=data",
    "-",
    "a\nb",
    "<b>&amp;",
    "x" * 200,
    unicodedata.normalize("NFD", "émile-Ж"),
    unicodedata.normalize("NFC", "émile-Ж"),
    "داعش",
    "2020Q3",
    "incidents",
    "data",
    "nul",
]
NAMES = [*ORDINARY, *(n for n in SHELL if "/" not in n)]

# Stands in for Python: writes down each argument as it came, one after a NUL.
STAND_IN = """#!/bin/sh
for word in "$@"; do printf '%s\\0' "$word" >>calls; done
"""


def ran(project: Project) -> list[str]:
    """Files that a run command has left; they are taken away, so that the next test starts clean."""
    found = list(project.root.parent.rglob(f"{CANARY}*"))
    for path in found:
        path.unlink()
    return [str(p.relative_to(project.root.parent)) for p in found]


def listed(project: Project) -> list[str]:
    path = project.root / "calls"
    words = path.read_text("utf-8", errors="surrogateescape").split("\0")[:-1] if path.exists() else []
    path.unlink(missing_ok=True)
    return words


@pytest.fixture(scope="module")
def stage(shared: Project) -> Project:
    stand_in = shared.root / "stand-in"
    stand_in.write_text(STAND_IN)
    stand_in.chmod(0o755)
    return shared


@pytest.mark.parametrize("goal", some(["report", "html", "check-data"], "html"))
def test_make_hands_over_a_campaigns_name_as_it_is_and_runs_none(stage: Project, goal: str) -> None:
    for name in NAMES:
        data = f"campaigns/{name}"
        for dry in ((), ("-n",)) if name in SHELL else ((),):  # make would expand a name without running a recipe too
            stage.make(goal, *dry, f"DATA={data}", python="./stand-in")
            assert not ran(stage), f"{name!r} was run"
            words = listed(stage)
            if not dry:
                # GNU make takes "$$" on its command line for "$"; a name with a dollar may be handed over so.
                told = [w.removeprefix("--data=") for w in words]
                assert data in told or data.replace("$$", "$") in told, (name, words)


def test_no_setting_of_make_is_run(stage: Project) -> None:
    goals = ("report", "new-quarter", "diff", "workbook", "serve")
    settings = ("QUARTER", "BASELINE", "AS_OF", "FLOOR", "PREVIOUS", "DATA", "FROM", "TO", "OUTPUT", "PORT")
    for text in SHELL:
        every = dict.fromkeys(settings, text)
        for given in ({}, every):  # on make's command line, and in the environment
            done = stage.make(*goals, *([] if given else [f"{k}={text}" for k in every]), python="./stand-in", **given)
            assert not ran(stage), f"{text!r} was run"
            assert listed(stage).count("incident_report") == len(goals), done.said


def test_no_variable_of_the_makefile_is_run(stage: Project) -> None:
    """Nor what the environment happens to hold under the name of one."""
    for setting in ("CLI", "BUILD", "NAME", "PLACE", "EDITION", "FOLDER", "OUT", "NOTED", "SIGNATURE"):
        stage.make("report", python="./stand-in", **{setting: f"$(shell touch {CANARY})"})
        assert not ran(stage), setting
    listed(stage)


def test_parameters_with_shell_text_are_refused_or_read_as_text(project: Project) -> None:
    options = ("--quarter", "--baseline", "--as-of", "--confidence-floor", "--previous", "--data", "--only", "-p")
    words = [
        *SHELL,
        "",
        "../../etc",
        "2020Q3/../../x",
        "2020Q3\n",
        "2020Q3\x7f",
        "\udce9",
        "x" * 1500,
        "٢٠٢٠Q٣",
        "2020q3",
    ]
    quick = not os.environ.get("LONG")  # there each word is tried with two of the options
    calls = [
        (
            "build",
            "--only",
            "html",
            "--out",
            str(project.root / f"out/{i}/{n}"),
            f"{option}={word}" if option != "-p" else f"-p{word}",
        )
        for i, option in enumerate(options)
        for n, word in enumerate(words)
        if not quick or (n - i) % 4 == 0
    ]
    project.chapter("00_one", "raise RuntimeError('a chapter ran')")
    for call, done in zip(calls, project.each(*calls), strict=True):
        assert done.code in (0, 1, 2), (call, done.said[-500:])
        done.plain()
    assert not ran(project)
    assert not list((project.root / "out").rglob("*.html"))


def build_each(project: Project, names: list[str]) -> None:
    """Build a campaign under each of the names through make: a report of its own, or one clear line."""
    seen: dict[str, str] = {}
    for name in names:
        folder = project.root / "campaigns" / name
        shutil.rmtree(folder, ignore_errors=True)
        campaign(folder)
        done = project.make("html", f"DATA=campaigns/{name.replace('$', '$$')}")
        assert not ran(project), f"{name!r} was run"
        done.plain()
        pages = {p.parent.as_posix() for p in (project.root / "reports").rglob("report.html")}
        if done.code:
            assert "incident-report: " in done.err, (name, done.said[-500:])
            continue
        new = pages - set(seen)
        assert len(new) == 1, f"{name!r} has no place of its own: {done.said[-300:]}"
        seen[new.pop()] = name
    outside = [p for p in project.root.parent.iterdir() if p != project.root]
    assert not outside, outside


def test_odd_names_build_or_get_one_clear_line(project: Project) -> None:
    build_each(project, ["a\nb", "x$(id>PWNED)"])


@pytest.mark.chaos
def test_every_odd_name_builds_or_gets_one_clear_line(project: Project) -> None:
    build_each(project, NAMES)


def test_names_in_the_folder_are_never_paths_or_commands(project: Project, tmp_path: Path) -> None:
    """Files of a campaign under names that a shell or a terminal would act on are named, and nothing else happens."""
    calls, names = [], [n for n in NAMES if n not in ("incidents", "2020Q3", "data")]
    for number, name in enumerate(names):
        folder = campaign(tmp_path / f"campaigns/{number}")
        (folder / f"{name}.csv").write_text("a,b\n1,2\n")
        calls.append(("check-data", "--data", str(folder)))
    for name, done in zip(names, project.each(*calls), strict=True):
        assert done.code in (0, 1), name
        done.plain()
    assert not ran(project)
