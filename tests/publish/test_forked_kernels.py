"""Kernels that are forked from a warm process: as ordinary ones in all they put out, and gone when they should be."""

from __future__ import annotations

import io
import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import nbformat
import pytest
from small import make

from incident_report.paths import CODE, FACE
from incident_report.publish import client, forked
from incident_report.publish.environment import kernel_environment
from incident_report.publish.forked import FORK, PLAIN, Server, warm
from incident_report.publish.jupyter import papermill
from incident_report.publish.report import build
from incident_report.publish.request import Request

if not forked.can_fork():
    pytest.skip("kernels cannot be forked here", allow_module_level=True)

NAMES = ("quarter", "baseline", "data_folder", "confidence_floor", "as_of")
PARAMETERS = "\n".join(f'{name}: str = ""  # help' for name in NAMES)
OPEN = "from helpers import frequency, open_edition, show_prose\ned = open_edition(data_folder, quarter=quarter)"
# A chart outside our theme is shown by the back end that the kernel chose, and what a kernel can see of its start.
BARE = "from matplotlib import pyplot as plt\nfig, ax = plt.subplots()\n_ = ax.plot([1, 2, 4])"
SEEN = """import os, sys, scipy.stats
seen = [sys.argv[0], [p == "" for p in sys.path], sorted(os.environ.keys() - {"JPY_PARENT_PID"})]
show_prose("txt-seen", " ".join(map(str, seen)).replace("_", " ").lower())"""


def chapter(folder, name, *cells):
    v4 = nbformat.v4
    made = [v4.new_markdown_cell(f"# {name}", id="title")]
    made.append(v4.new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]}))
    made += [v4.new_code_cell(source, id=f"c{i}") for i, source in enumerate(cells)]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    folder.mkdir(exist_ok=True)
    path = folder / f"{name}.ipynb"
    nbformat.write(v4.new_notebook(cells=made, metadata=metadata), path)
    return path


def environment(tmp_path):
    path = os.pathsep.join(map(str, (CODE, FACE)))
    return {**kernel_environment(tmp_path / "cache", 0), "PYTHONPATH": path}


def test_forked_and_ordinary_kernels_make_the_same_bytes_with_and_without_memory(tmp_path, monkeypatch):
    data = str(make(tmp_path / "data"))
    chapter(tmp_path / "nb", "00_one", OPEN, "frequency.quarterly_figure(ed)", BARE)
    chapter(tmp_path / "nb", "01_two", OPEN, SEEN)
    files = []
    for engine, store in ((PLAIN, "on"), (FORK, "on"), (FORK, "off")):
        monkeypatch.setenv("INCIDENT_REPORT_STORE", store)
        out = tmp_path / f"{engine}-{store}"
        request = Request(data=data, notebooks=tmp_path / "nb", out=out, engine=engine, only=("html", "figures"))
        build(request, stream=io.StringIO())
        files.append({p.relative_to(out).as_posix(): p.read_bytes() for p in out.rglob("*") if p.is_file()})
    plain, *others = files
    assert len(plain) > 5
    for other in others:
        assert other.keys() == plain.keys()
        assert [name for name in plain if plain[name] != other[name]] == []


def test_nothing_is_remembered_where_that_is_turned_off():
    code = """
from incident_report.analysis.remember import remembered
asked = []
class Edition: pass
answer = remembered(lambda ed, x: asked.append(x))
one = Edition()
answer(one, 1); answer(one, 1)
print(len(asked))
"""
    said = {
        store: subprocess.run(
            [sys.executable, "-c", code],
            env={**os.environ, "INCIDENT_REPORT_STORE": store},
            capture_output=True,
            text=True,
        ).stdout.strip()
        for store in ("on", "off")
    }
    assert said == {"on": "1", "off": "2"}


def test_a_notebook_runs_in_a_child_of_the_warm_process_for_whoever_calls_papermill(tmp_path, monkeypatch):
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        monkeypatch.delenv(name, raising=False)
    name = "from pathlib import Path; import os; print(Path(f'/proc/{os.getppid()}/cmdline').read_text())"
    path = chapter(tmp_path, "00_who", name)
    try:
        done = papermill.execute_notebook(
            str(path), None, engine_name="incident-report", kernel_name="python3", progress_bar=False
        )
    finally:
        client._own_server().close()
        client._own_server.cache_clear()
    assert "incident_report.publish.warm" in done.cells[-1].outputs[0].text


@pytest.mark.parametrize(("folder", "transport"), [("short", "ipc"), ("long" * 30, "tcp")])
def test_no_number_that_another_build_may_choose_names_a_kernel_s_sockets(tmp_path, monkeypatch, folder, transport):
    own = Path("/tmp") / f"{tmp_path.name[-8:]}{os.getpid()}" / folder
    own.mkdir(parents=True)
    monkeypatch.setattr(tempfile, "tempdir", str(own))
    path = chapter(tmp_path, "00_how", "import ipykernel.connect as c\nprint(c.get_connection_info())")
    done = papermill.execute_notebook(
        str(path), None, engine_name="incident-report", kernel_name="python3", progress_bar=False, server=None
    )
    seen = json.loads(done.cells[-1].outputs[0].text)
    try:
        assert seen["transport"] == transport
        assert seen["ip"].startswith(str(own)) is (transport == "ipc")
        assert list(own.iterdir()) == []  # nothing is left
    finally:
        shutil.rmtree(own.parent)


def ended(child, seconds=20.0):
    child.wait(seconds)
    return child.poll() is not None


def test_a_kernel_dies_with_the_warm_process_and_that_with_the_build(tmp_path):
    server = Server(environment(tmp_path))
    argv = ["-f", str(tmp_path / "connection.json")]
    one = server.kernel(argv, environment(tmp_path), str(tmp_path))
    assert one.poll() is None
    os.kill(server._process.pid, signal.SIGKILL)
    assert ended(one)
    server.close()

    server = Server(environment(tmp_path))
    two = server.kernel(argv, environment(tmp_path), str(tmp_path))
    server._own.close()  # all that a build which is killed leaves behind
    assert ended(two)
    assert server._process.wait(20) == 0


@pytest.mark.parametrize(
    ("engine", "kernels", "there"), [("", 0, False), ("", 1, False), ("", 2, True), (FORK, 1, True), (PLAIN, 2, False)]
)
def test_a_warm_process_is_begun_where_it_pays_or_is_asked_for(engine, kernels, there, tmp_path):
    with forked.begun(engine, kernels, environment(tmp_path)) as server:
        assert (server is not None) is there


@pytest.mark.parametrize("left", [[], ["scipy.stats"]])
def test_a_library_that_is_left_to_kernels_is_imported_by_the_one_that_needs_it(left, tmp_path):
    path = chapter(
        tmp_path, "00_two", "import sys; print('scipy.stats' in sys.modules)", "import scipy.stats; print(1)"
    )
    with forked.begun(FORK, 1, environment(tmp_path), left) as server:
        done = papermill.execute_notebook(
            str(path), None, engine_name="incident-report", kernel_name="python3", progress_bar=False, server=server
        )
    assert [cell.outputs[0].text for cell in done.cells[-2:]] == [f"{not left}\n", "1\n"]


def test_closing_early_waits_for_no_import(tmp_path):
    start = time.monotonic()
    Server(environment(tmp_path)).close()
    assert time.monotonic() - start < 1


def test_where_none_can_be_forked_a_kernel_is_started(tmp_path, monkeypatch):
    monkeypatch.setattr(forked, "can_fork", lambda: False)
    for engine in ("", FORK):
        with warm({}, engine, 7, {}) as none:
            assert none is None
    dead = Server(environment(tmp_path))
    dead._process.kill()
    path = chapter(tmp_path, "00_two", "print(1 + 1)")
    done = papermill.execute_notebook(
        str(path), None, engine_name="incident-report", kernel_name="python3", progress_bar=False, server=dead
    )
    assert done.cells[-1].outputs[0].text == "2\n"
    dead.close()
