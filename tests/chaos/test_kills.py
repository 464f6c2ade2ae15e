"""A build may die at any step: the report's folder is the whole old one or the whole new one, and needs no hand."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import time
from contextlib import suppress
from pathlib import Path

import pytest
from lab import TRIP, Done, Project, kill, leftovers, snapshot, some, until, whole

FIGURE = "from helpers import frequency\nfrequency.quarterly_figure(ed)"


def places(project: Project) -> dict[str, dict[str, str]]:
    """Hashes of what is published: the report's folder and the figures'."""
    return {name: snapshot(project.root / name / "2020Q3") for name in ("reports", "figures")}


class Editions:
    """Two editions that a build turns into each other, with the bytes that each must have."""

    def __init__(self, project: Project) -> None:
        from lab import COUNT, OPEN

        self.project = project
        project.chapter("00_one", OPEN, COUNT.format("one"), FIGURE)
        self.good = {}
        log = project.root.parent / "steps"
        for name in ("second", "first"):
            self.choose(name)
            log.unlink(missing_ok=True)
            done = self.build(TRIP=str(TRIP), TRIP_UNDER=str(project.root), TRIP_LOG=str(log))
            assert done.code == 0, done.said
            self.good[name] = places(project)
        assert self.good["first"]["reports"] != self.good["second"]["reports"]
        self.steps = log.read_text("utf-8").splitlines()  # in reports/ and figures/, of the second build

    def choose(self, name: str) -> None:
        """Edit the data, so that the next build makes this edition."""
        self.project.subtitle(f"The {name} edition")

    def words(self) -> list[str | Path]:
        return self.project.words("build", "--only", "html,figures")

    def build(self, **env: str) -> Done:
        return self.project.end(self.project.start(self.words(), **env))

    def check(self, what: str) -> str:
        """Which of the two editions stands there; it fails if it is neither, or not all of one."""
        now = places(self.project)
        names = [n for n, good in self.good.items() if good["reports"] == now["reports"]]
        assert names, f"{what}: the report is neither of the two editions"
        assert now["figures"] in [g["figures"] for g in self.good.values()], f"{what}: the figures are mixed"
        whole(self.project.report)
        done = self.project.run("verify", self.project.report)
        assert done.code == 0, (what, done.said)
        return names[0]

    def next_build_needs_no_hand(self, name: str, what: str) -> None:
        self.choose(name)
        done = self.build()
        assert done.code == 0, (what, done.said)
        done.plain()
        assert places(self.project) == self.good[name], what
        assert not leftovers(self.project), what


@pytest.fixture
def editions(project: Project) -> Editions:
    return Editions(project)


def kill_at(editions: Editions, at: int, name: str) -> Done:
    editions.choose(name)
    under = str(editions.project.root)
    return editions.project.end(
        editions.project.start(editions.words(), TRIP=str(TRIP), TRIP_UNDER=under, TRIP_AT=str(at))
    )


def trips(editions: Editions, chosen: list[int], taken: list[str], again: int) -> None:
    """Kill at each of the steps; every `again`-th time, and at the end, see that a build then needs no hand."""
    stands = editions.check("before")
    for count, at in enumerate(chosen):
        name = "first" if stands == "second" else "second"
        done = kill_at(editions, at + 1, name)
        what = f"killed before step {at + 1}, {taken[at]}"
        assert done.code == -signal.SIGKILL, f"{what}: exit code {done.code}: {done.said[-500:]}"
        stands = editions.check(what)
        if count % again == again - 1 or count == len(chosen) - 1:
            editions.next_build_needs_no_hand(name, what)
            stands = name


def publishing(taken: list[str]) -> list[int]:
    """The steps from shortly before the first one that changes what is published to the end."""
    swaps = [i for i, step in enumerate(taken) if step.startswith("rename") or "os.rename" in step]
    assert swaps, "no step of the build renames anything; publishing is not one swap"
    return list(range(max(0, swaps[0] - 1), len(taken)))


def test_killed_at_the_steps_of_the_swap(editions: Editions) -> None:
    taken = editions.steps
    late = publishing(taken)
    trips(editions, [late[1], late[-1]], taken, again=2)


@pytest.mark.chaos
def test_killed_at_every_step(editions: Editions) -> None:
    taken = editions.steps
    trips(editions, list(range(len(taken))), taken, again=4)


@pytest.mark.chaos
def test_killed_at_every_step_of_the_very_first_build(project: Project) -> None:
    """Where there was no report before, there is a whole one or none."""
    log = project.root.parent / "steps"
    words = project.words("build", "--only", "html")
    trip = {"TRIP": str(TRIP), "TRIP_UNDER": str(project.root)}
    assert project.end(project.start(words, **trip, TRIP_LOG=str(log))).code == 0
    good = places(project)
    for at in range(1, len(log.read_text("utf-8").splitlines()) + 1):
        import shutil

        shutil.rmtree(project.root / "reports")
        done = project.end(project.start(words, **trip, TRIP_AT=str(at)))
        assert done.code == -signal.SIGKILL, done.said[-500:]
        now = places(project)["reports"]
        assert now in ({}, good["reports"]), f"killed at step {at}: half a report"
        if at % 5 == 0:
            assert project.build().code == 0
            assert places(project)["reports"] == good["reports"]
            assert not leftovers(project)


def staging(project: Project) -> set[str]:
    """Hidden entries beside the reports: there from the first moment of writing."""
    return {p.name for p in (project.root / "reports").glob(".*") if p.is_dir()}


def random_kills(editions: Editions, number: int, seed: int) -> None:
    chance = random.Random(seed)
    project = editions.project
    editions.choose("first")
    begin, first = time.monotonic(), 0.0
    process = project.start(editions.words())
    quiet = staging(project)
    if until(lambda: staging(project) - quiet, process):
        first = time.monotonic() - begin
    assert project.end(process).code == 0
    length = time.monotonic() - begin
    killed, stands = 0, editions.check("before")
    for number_now in range(number):
        name = "first" if stands == "second" else "second"
        editions.choose(name)
        process = project.start(editions.words())
        wait = chance.uniform(first, length) if number_now % 4 else chance.uniform(0, length)
        end = time.monotonic() + wait
        while time.monotonic() < end and process.poll() is None:
            time.sleep(0.0005)
        killed += process.poll() is None
        kill(process)
        stands = editions.check(f"kill {number_now} of seed {seed} after {wait:.3f} s")
        if number_now % 10 == 9:
            editions.next_build_needs_no_hand(name, f"after kill {number_now} of seed {seed}")
            stands = name
    assert killed > number / 3, "most builds had ended before they were killed"
    editions.next_build_needs_no_hand("first", "at the end")


@pytest.mark.chaos
def test_a_hundred_random_kills(editions: Editions) -> None:
    random_kills(editions, 100, 1980)


def swapped(project: Project, before: int) -> bool:
    try:
        return project.report.stat().st_ino != before
    except FileNotFoundError:
        return True


def interrupted(project: Project, sign: signal.Signals, wait: float | None) -> Done:
    """Make, stopped as Ctrl-C stops it (the whole group): after some seconds, or just after the swap."""
    inode = project.report.stat().st_ino
    process = project.start(["make", "report", "PY=./py"])
    if wait is None:
        until(lambda: swapped(project, inode), process)
    else:
        until(lambda: False, process, wait)
    return kill(process, sign)


@pytest.mark.parametrize("sign", some((signal.SIGINT, signal.SIGTERM, signal.SIGHUP), signal.SIGINT))
def test_make_interrupted_just_after_the_swap(ready: Project, sign: signal.Signals) -> None:
    ready.subtitle("Another edition")
    done = interrupted(ready, sign, None)
    assert "Deleting" not in done.said and "Traceback" not in done.said, done.said
    assert (ready.report / "report.pdf").exists()
    whole(ready.report)
    assert ready.make("report").code == 0
    assert "Another edition" in (ready.report / "report.html").read_text("utf-8")
    whole(ready.report)
    assert not leftovers(ready)


@pytest.mark.chaos
def test_make_interrupted_at_random(project: Project) -> None:
    chance = random.Random(4)
    assert project.make("report").code == 0
    for count in range(25):
        project.subtitle(f"Edition {count}")
        sign = chance.choice([signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGKILL])
        done = interrupted(project, sign, chance.uniform(0.1, 4))
        assert "Deleting" not in done.said and "Traceback" not in done.said, done.said
        whole(project.report)
    assert project.make("report").code == 0
    assert not leftovers(project)


@pytest.mark.parametrize("engine", ["fork", "nbclient"])
@pytest.mark.parametrize("sign", some((signal.SIGKILL, signal.SIGINT), signal.SIGKILL))
def test_no_kernel_outlives_a_kill(project: Project, engine: str, sign: signal.Signals) -> None:
    word = project.root.parent / "pid"
    project.chapter(
        "00_one",
        "import os, pathlib, subprocess, time\nown = subprocess.Popen(['sleep', '300'])\n"
        f"pathlib.Path({str(word)!r}).write_text(f'{{os.getpid()}} {{own.pid}}')\ntime.sleep(300)",
    )
    process = project.start(project.words("build", "--only", "html", "--engine", engine))
    assert until(lambda: word.exists() and word.read_text(), process)
    process.send_signal(sign)  # the build alone, not its kernels
    kernel, own = map(int, word.read_text().split())
    end = time.monotonic() + 20
    waited = [kernel, own] if engine == "fork" or sign != signal.SIGKILL else [kernel]
    while time.monotonic() < end and any(map(alive, waited)):
        time.sleep(0.1)
    left = [pid for pid in waited if alive(pid)]
    for pid in (kernel, own):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    kill(process)
    assert not left, "the kernel, or what it started, runs on"


def alive(pid: int) -> bool:
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(pid)], capture_output=True, text=True)
    return done.stdout.strip()[:1] not in ("", "Z")
