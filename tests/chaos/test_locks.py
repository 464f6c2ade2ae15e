"""Two builds of one place, and what a dead one leaves."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from lab import COUNT, OPEN, Project, kill, leftovers, until, whole


def held(project: Project) -> tuple[Path, Path]:
    """A chapter that says that it runs and waits for a word, once."""
    reached, word = project.root.parent / "reached", project.root.parent / "go"
    project.chapter(
        "00_one",
        f"import pathlib, time\npathlib.Path({str(reached)!r}).touch()\n"
        f"while not pathlib.Path({str(word)!r}).exists(): time.sleep(0.05)",
        OPEN,
        COUNT.format("one"),
    )
    return reached, word


def test_a_second_build_of_one_place_waits_or_says_who_holds_it(project: Project) -> None:
    reached, word = held(project)
    words = project.words("build", "--only", "html")
    one = project.start(words)
    assert until(reached.exists, one)
    two = project.start(words)
    until(lambda: False, two, 4)
    waiting = two.poll() is None
    word.touch()
    first, second = project.end(one), project.end(two)
    assert first.code == 0, first.said
    whole(project.report)
    second.plain()
    if waiting:
        assert second.code == 0, second.said
    else:
        assert second.code in (1, 2) and str(one.pid) in second.said, second.said
    assert not leftovers(project)


@pytest.mark.chaos
def test_builds_of_two_places_do_not_wait_for_each_other(project: Project) -> None:
    reached, word = held(project)
    one = project.start(project.words("build", "--only", "html"))
    assert until(reached.exists, one)
    reached.unlink()
    two = project.start(project.words("build", "--only", "html", "--quarter", "2020Q2"))
    reached_too = until(reached.exists, two, 30)
    word.touch()
    first, second = project.end(one), project.end(two)
    assert reached_too, "the second waited"
    assert first.code == second.code == 0, (first.said, second.said)


def test_a_dead_holders_lock_is_taken_over_at_once(project: Project) -> None:
    reached, word = held(project)
    one = project.start(project.words("build", "--only", "html"))
    assert until(reached.exists, one)
    kill(one)
    word.touch()
    begin = time.monotonic()
    done = project.build()
    assert done.code == 0, done.said
    assert time.monotonic() - begin < 60
    whole(project.report)
    assert not leftovers(project)


@pytest.mark.chaos
def test_a_stopped_holder_is_waited_for_or_named(project: Project) -> None:
    """Ctrl-Z is no death: its place must not be taken from it while it is only asleep."""
    import os
    import signal

    reached, word = held(project)
    one = project.start(project.words("build", "--only", "html"))
    assert until(reached.exists, one)
    os.killpg(one.pid, signal.SIGSTOP)
    two = project.start(project.words("build", "--only", "html"))
    until(lambda: False, two, 4)
    os.killpg(one.pid, signal.SIGCONT)
    word.touch()
    first, second = project.end(one), project.end(two)
    assert first.code == 0, first.said
    second.plain()
    whole(project.report)


@pytest.mark.chaos
def test_a_lock_of_another_process_of_that_number_is_no_lock(project: Project) -> None:
    """What a killed build and a restarted machine leave: files like locks, with the number of a living process."""
    import os

    assert project.build().code == 0
    for path in [p for p in (project.root / "reports").rglob(".*") if p.is_file()]:
        if path.parent != project.report:
            path.write_text(f"{os.getpid()}\n")
    project.subtitle("Again")
    begin = time.monotonic()
    done = project.build()
    assert done.code == 0, done.said
    assert time.monotonic() - begin < 60
    whole(project.report)


@pytest.mark.chaos
def test_staging_of_a_killed_build_is_cleared_by_another_command(project: Project) -> None:
    reached, word = held(project)
    assert not word.exists()
    one = project.start(project.words("build", "--only", "html"))
    assert until(reached.exists, one)
    kill(one)
    word.touch()
    assert project.build("--quarter", "2020Q2").code == 0
    assert project.build().code == 0
    assert not leftovers(project)


@pytest.mark.chaos
def test_many_builds_of_one_place_at_once(project: Project) -> None:
    processes = [project.start(project.words("build", "--only", "html")) for _ in range(3)]
    done = [project.end(p) for p in processes]
    assert any(d.code == 0 for d in done), [d.said for d in done]
    for one in done:
        assert "Traceback" not in one.said
    whole(project.report)
    assert not leftovers(project)
