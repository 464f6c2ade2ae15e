"""An environment that is broken in any way is made anew by make, without a hand."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from lab import Project, some


def gone(venv: Path) -> None:
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").symlink_to("/nonexistent/python")


def no_python(venv: Path) -> None:
    (venv / "bin").mkdir(parents=True)


def not_executable(venv: Path) -> None:
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").write_text("#!/bin/sh\n")


def crashes(venv: Path) -> None:
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").write_text("#!/bin/sh\nkill -SEGV $$\n")
    (venv / "bin/python").chmod(0o755)


def folder_for_python(venv: Path) -> None:
    (venv / "bin/python").mkdir(parents=True)


def file_for_environment(venv: Path) -> None:
    venv.write_text("x")


def link_to_nowhere(venv: Path) -> None:
    venv.symlink_to("/nonexistent/venv")


def old_python(venv: Path) -> None:
    (venv / "bin").mkdir(parents=True)
    (venv / "bin/python").write_text("#!/bin/sh\nexit 1\n")
    (venv / "bin/python").chmod(0o755)


BROKEN = [
    gone,
    no_python,
    not_executable,
    crashes,
    folder_for_python,
    file_for_environment,
    link_to_nowhere,
    old_python,
]


@pytest.fixture
def clone(project: Project, tmp_path: Path) -> Project:
    """A project whose environment is made by a stand-in, to which every package is there already."""
    stand_in = tmp_path / "bin/python3"
    stand_in.parent.mkdir()
    stand_in.write_text(
        f"""#!/bin/sh
case "$*" in
    "-m venv "*) mkdir -p .venv/bin && cp "$0" .venv/bin/python && echo made >>made ;;
    "-m pip "*|"-m uv "*|"-m compileall "*) ;;
    *) PYTHONPATH="{project.root}/src" exec "{sys.executable}" "$@" ;;
esac
"""
    )
    stand_in.chmod(0o755)
    return project


def make(project: Project) -> subprocess.CompletedProcess[str]:
    env = project.environment(PYTHON=str(project.root.parents[2] / "bin/python3"))
    return subprocess.run(
        ["make", "check-data"], cwd=project.root, env=env, capture_output=True, text=True, timeout=120
    )


@pytest.mark.parametrize("spoil", some(BROKEN, gone))
def test_a_broken_environment_is_made_anew(clone: Project, spoil: Callable[[Path], None]) -> None:
    venv = clone.root / ".venv"
    spoil(venv)
    if venv.is_dir():
        # As after an upgrade of Python: everything says that the environment is fresh.
        (venv / ".made-in").write_text(f"{os.path.realpath(clone.root)}\n")
        (venv / ".stamp").touch()
        os.utime(venv / ".stamp", (4e9, 4e9))
    done = make(clone)
    assert done.returncode == 0, done.stdout + done.stderr
    assert (clone.root / "made").read_text() == "made\n"
    again = make(clone)
    assert again.returncode == 0, again.stdout + again.stderr
    assert (clone.root / "made").read_text() == "made\n", "made anew each time"


@pytest.mark.chaos
def test_a_moved_project_gets_an_environment_of_its_own(clone: Project) -> None:
    assert make(clone).returncode == 0
    shutil.move(clone.root, clone.root.with_name("moved"))
    clone.root = clone.root.with_name("moved")
    stand_in = clone.root.parents[2] / "bin/python3"
    stand_in.write_text(stand_in.read_text().replace("/project/src", "/moved/src"))
    assert make(clone).returncode == 0
    assert (clone.root / "made").read_text() == "made\nmade\n"
