"""Kernels of all builds share the machine's seats."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
import time

import pytest

from incident_report.publish import run
from incident_report.publish.run import run_notebooks
from incident_report.publish.seats import seat


@pytest.fixture(autouse=True)
def own(monkeypatch, tmp_path):
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(tmp_path))


def _most_at_once(count, takers):
    """How many of so many threads ever held a seat together."""
    inside, most, lock = 0, 0, threading.Lock()

    def take():
        nonlocal inside, most
        with seat(threading.Event(), count):
            with lock:
                inside += 1
                most = max(most, inside)
            time.sleep(0.02)
            with lock:
                inside -= 1

    threads = [threading.Thread(target=take) for _ in range(takers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(20)
    return most


def test_no_more_kernels_than_seats_work_at_once_and_all_get_one():
    assert _most_at_once(2, 6) == 2


def test_a_seat_is_shared_between_processes_and_free_when_its_holder_dies():
    script = (
        "import sys, threading, time; from incident_report.publish.seats import seat\n"
        "with seat(threading.Event(), 1): print('has it', flush=True); time.sleep(60)"
    )
    with subprocess.Popen([sys.executable, "-c", script], stdout=subprocess.PIPE) as other:
        assert other.stdout.readline()
        stop = threading.Event()
        threading.Timer(0.3, stop.set).start()
        with seat(stop, 1):
            assert stop.is_set()  # it waited in vain
        other.kill()
    start = time.monotonic()
    with seat(threading.Event(), 1):
        assert time.monotonic() - start < 5


def test_a_folder_that_others_may_write_to_bounds_nothing_and_stops_nothing(tmp_path):
    folder = tmp_path / f"incident-report-{os.getuid()}"
    folder.mkdir()
    folder.chmod(0o777)
    assert _most_at_once(1, 3) >= 1
    assert not list(folder.iterdir())


def test_the_longest_chapter_is_begun_first(monkeypatch, tmp_path):
    begun = []
    monkeypatch.setattr("incident_report.publish.run.COUNT", 1)

    def execute(node, _out, **_):
        begun.append(node.metadata["name"])
        return node

    paths = []
    for name in ("a", "b", "c"):
        path = tmp_path / f"{name}.ipynb"
        made = run.nbformat.v4.new_notebook(metadata={"name": name})
        run.nbformat.write(made, path)
        paths.append(path)
    monkeypatch.setattr(run.papermill, "execute_notebook", execute)
    done = run_notebooks({p: {} for p in paths}, env={}, seconds={paths[1]: 3.0, paths[2]: 1.0})
    assert begun == ["b", "c", "a"]
    assert list(done) == paths
