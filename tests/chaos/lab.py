"""A small project for each test to ill-treat: our code, a short chapter, seven attacks; a build takes two seconds."""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from incident_report.paths import DATA, ROOT

HERE = Path(__file__).parent
SMALL = ROOT / "tests/data"
TRIP = HERE / "trip"
SHARED = {"quarter": "2020Q3", "baseline": "", "data_folder": "data", "confidence_floor": "low", "as_of": ""}
PARAMETERS = "\n".join(f'{k}: str = "{v}"  # x' for k, v in {**SHARED, "previous": ""}.items())
OPEN = (
    "from helpers import open_edition, show_prose\n"
    "ed = open_edition(data_folder, quarter=quarter, baseline=baseline, "
    "confidence_floor=confidence_floor, as_of=as_of)"
)
COUNT = 'show_prose("txt-{0}", f"Chapter {0} counts {{len(ed.counted)}}.")'
SECONDS = 120  # no command here may take longer, even on a busy machine

# Several runs of one process: what to call, and where, comes in as JSON and goes out as JSON.
_EACH = """
import contextlib, io, json, os, sys, traceback
from incident_report.cli import main
told = []
for where, argv in json.load(sys.stdin):
    os.chdir(where)
    out, err = io.StringIO(), io.StringIO()
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        try:
            code = main(argv)
        except SystemExit as end:
            code = end.code
        except BaseException:
            code = 99
            traceback.print_exc()
    told.append((code, out.getvalue(), err.getvalue()))
print(json.dumps(told), file=sys.__stdout__)
"""


@dataclass(frozen=True)
class Done:
    """How a command ended and what it said."""

    code: int
    out: str
    err: str

    @property
    def said(self) -> str:
        return self.out + self.err

    def refused(self) -> str:
        """What it said, if it was refused as every refusal must be: a line, the right exit code, no traceback."""
        assert self.code in (1, 2), f"exit code {self.code}: {self.said[-2000:]}"
        return self.plain()

    def plain(self) -> str:
        """What it said, if it said it without a traceback and in lines that can be read."""
        assert "Traceback" not in self.said, self.said[-2000:]
        assert self.said.strip(), "not a word was said"
        assert max(map(len, self.said.splitlines())) < 2000
        return self.said


class Project:
    """A copy of the code with its own data, notebooks, figures and reports."""

    def __init__(self, root: Path, like: Project | None = None) -> None:
        self.root = root
        if like:
            shutil.copytree(like.root, root, dirs_exist_ok=True, symlinks=True)
        else:
            self._make()
        self.python = root / "py"
        self.python.write_text(f'#!/bin/sh\nPYTHONPATH="${{TRIP:+$TRIP:}}{root}/src" exec "{sys.executable}" "$@"\n')
        self.python.chmod(0o755)

    def _make(self) -> None:
        root = self.root
        for name in ("src", "templates", "scripts"):
            shutil.copytree(ROOT / name, root / name, ignore=shutil.ignore_patterns("*.egg-info"))
        for name in ("Makefile", "pyproject.toml", "requirements.lock"):
            shutil.copy2(ROOT / name, root / name)
        campaign(root / "data")
        (root / "notebooks").mkdir()
        self.chapter("00_one", OPEN, COUNT.format("one"))

    @property
    def report(self) -> Path:
        """Where the report of the newest quarter goes."""
        return self.root / "reports/2020Q3"

    def chapter(self, name: str, *cells: str) -> Path:
        """Write a notebook with these code cells."""
        made: list[dict[str, Any]] = [
            {"cell_type": "markdown", "id": "title", "metadata": {}, "source": f"# {name[3:].title()}"},
            _code("parameters", PARAMETERS, ["parameters"]),
            *(_code(f"cell-{i}", source) for i, source in enumerate(cells)),
        ]
        kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
        node = {"cells": made, "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5}
        path = self.root / f"notebooks/{name}.ipynb"
        path.write_text(json.dumps(node))
        return path

    def subtitle(self, text: str) -> None:
        """Change one word of the data, so that the next report differs."""
        import yaml

        path = self.root / "data/report.yml"
        report = yaml.safe_load(path.read_text("utf-8"))
        path.write_text(yaml.safe_dump({**report, "subtitle": text}, sort_keys=False, allow_unicode=True), "utf-8")

    def environment(self, **more: str) -> dict[str, str]:
        """The caller's environment without what make and pytest put into it."""
        drop = ("MAKE", "MFLAGS", "PYTEST", "QUARTER", "DATA", "PYTHONDONTWRITEBYTECODE")
        return {**{k: v for k, v in os.environ.items() if not k.startswith(drop)}, "TRIP": "", **more}

    def start(self, command: Sequence[str | Path], cwd: Path | None = None, **env: str) -> subprocess.Popen[str]:
        """A command in a process group of its own, where Ctrl-C works as at a terminal."""
        ours = signal.signal(signal.SIGINT, signal.default_int_handler)  # not `preexec_fn`, which copies our memory
        try:
            return subprocess.Popen(
                [os.fspath(c) for c in command],
                cwd=cwd or self.root,
                env=self.environment(**env),
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                stdin=subprocess.DEVNULL,
                text=True,
                errors="backslashreplace",
                start_new_session=True,
            )
        finally:
            signal.signal(signal.SIGINT, ours)

    def run(self, *arguments: str | Path, cwd: Path | None = None, **env: str) -> Done:
        """`incident-report` with these arguments, to its end."""
        return self.end(self.start(self.words(*arguments), cwd, **env))

    def words(self, *arguments: str | Path) -> list[str | Path]:
        """The command line of `incident-report` with these arguments."""
        return [self.python, "-m", "incident_report", *arguments]

    def build(self, *arguments: str | Path, **env: str) -> Done:
        """Build the web page."""
        return self.run("build", "--only", "html", *arguments, **env)

    def make(self, *arguments: str, python: str = "./py", **env: str) -> Done:
        """Make, with the test's own Python."""
        return self.end(self.start(["make", *arguments, f"PY={python}"], **env))

    def end(self, process: subprocess.Popen[str], seconds: int = SECONDS) -> Done:
        """Wait for a command; nothing of it is left running."""
        try:
            out, err = process.communicate(timeout=seconds)
        except subprocess.TimeoutExpired:
            kill(process)
            raise
        return Done(process.returncode, out, err)

    def each(self, *calls: Sequence[str], cwd: Path | None = None) -> list[Done]:
        """Many short commands in one process, since most of a short one is its imports."""
        where = os.fspath(cwd or self.root)
        process = subprocess.run(
            [self.python, "-c", _EACH],
            input=json.dumps([(where, [*call]) for call in calls]),
            cwd=self.root,
            env=self.environment(),
            capture_output=True,
            text=True,
            timeout=SECONDS + 10 * len(calls),
        )
        assert process.returncode == 0, process.stderr
        return [Done(*told) for told in json.loads(process.stdout.splitlines()[-1])]


def _code(name: str, source: str, tags: Sequence[str] = ()) -> dict[str, Any]:
    metadata = {"tags": [*tags]} if tags else {}
    return {
        "cell_type": "code",
        "id": name,
        "metadata": metadata,
        "source": source,
        "outputs": [],
        "execution_count": None,
    }


def campaign(folder: Path, changes: Mapping[str, str | bytes | None] | None = None) -> Path:
    """The small campaign of the data tests with the founding schema."""
    sys.path.insert(0, str(SMALL))
    try:
        import small
    finally:
        sys.path.remove(str(SMALL))
    schema = (DATA / "datapackage.json").read_text("utf-8")
    return small.make(folder, {"datapackage.json": schema, **(changes or {})})


def kill(process: subprocess.Popen[str], sign: signal.Signals = signal.SIGKILL) -> Done:
    """End a whole process group, and wait for it."""
    with suppress(ProcessLookupError):
        os.killpg(process.pid, sign)
    out, err = process.communicate(timeout=SECONDS)
    return Done(process.returncode, out, err)


def snapshot(folder: Path) -> dict[str, str]:
    """SHA-256 of every file below a folder by its path; empty where there is none."""
    return {
        p.relative_to(folder).as_posix(): hashlib.sha256(p.read_bytes()).hexdigest()
        for p in sorted(folder.rglob("*"))
        if p.is_file()
    }


def whole(folder: Path) -> None:
    """Fail unless the folder holds exactly what its provenance.json says, byte by byte.

    Written without the project's own code, so that it and `incident-report verify` check each other.
    """
    listed = json.loads((folder / "provenance.json").read_text("utf-8"))["outputs"]
    there = {k: v for k, v in snapshot(folder).items() if k != "provenance.json"}
    assert there and there == listed


def leftovers(project: Project) -> list[str]:
    """Hidden folders that a build left beside reports and figures."""
    return [
        str(p.relative_to(project.root))
        for name in ("reports", "figures")
        for p in sorted((project.root / name).rglob(".*"))
        if p.is_dir()
    ]


def until(condition: Any, process: subprocess.Popen[str], seconds: float = SECONDS) -> bool:
    """Wait until something is the case or the process has ended; says whether it was the case."""
    for _ in every(0.0005, seconds):
        if condition():
            return True
        if process.poll() is not None:
            return bool(condition())
    return False


def some(values: Iterable[Any], *quick: Any) -> list[Any]:
    """Parameters of a test, all but the quick ones for the long form only."""
    return [v if v in quick else pytest.param(v, marks=pytest.mark.chaos) for v in values]


def every(step: float, seconds: float) -> Iterator[None]:
    """Ticks until time is up."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        yield
        time.sleep(step)
