"""Many editions on workers that are processes of their own: the same files as a build, whatever dies on the way."""

from __future__ import annotations

import compileall
import io
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from small import Q2, files, make
from tiny_build import PARAMETERS

from incident_report.errors import UsageError
from incident_report.paths import CODE, LOCK, TEMPLATES
from incident_report.publish import batch, provenance
from incident_report.publish.batch import failures, run_batch
from incident_report.publish.jupyter import nbformat
from incident_report.publish.plan import read_plan
from incident_report.publish.report import build
from incident_report.publish.request import Request

OPEN = "from helpers import frequency, open_edition, show_prose\ned = open_edition(data_folder, quarter=quarter)\n"
CELLS = {
    "00_one": OPEN
    + 'assert quarter != "2020Q1", "not this one"\nshow_prose("txt-a", f"Incidents: {len(ed.counted)}.")',
    "01_two": f"{OPEN}frequency.quarterly_figure(ed)",
}
QUARTERS = ("2020Q1", "2020Q2", "2020Q3")  # one that fails, one that is lost between two runs, one that stays


@pytest.fixture(scope="module")
def chapters(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder, v4 = tmp_path_factory.mktemp("chapters"), nbformat.v4
    kernel = {"name": "python3", "display_name": "Python 3", "language": "python"}
    for name, source in CELLS.items():
        parameters = v4.new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]})
        cells = [v4.new_markdown_cell(f"# {name[3:]}", id="title"), parameters, v4.new_code_cell(source, id="cell")]
        nbformat.write(v4.new_notebook(cells=cells, metadata={"kernelspec": kernel}), folder / f"{name}.ipynb")
    return folder


@pytest.fixture(scope="module")
def install(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package as a wheel lays it out, to which nobody may write."""
    folder = tmp_path_factory.mktemp("site-packages")
    for name in ("incident_report", "nbtypst"):
        shutil.copytree(CODE / name, folder / name)
    own = folder / "incident_report"
    shutil.copytree(TEMPLATES, own / "templates")
    (own / "face").mkdir()
    shutil.copyfile(CODE / "helpers.py", own / "face" / "helpers.py")
    shutil.copyfile(LOCK, own / "requirements.lock")
    compileall.compile_dir(folder, quiet=2)  # as an installer does: else every process reads all of it anew
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    yield folder
    for path in [folder, *folder.rglob("*")]:
        path.chmod(0o755)


class Cluster:
    """A scheduler and two workers without nannies, started elsewhere, from that install."""

    def __init__(self, install: Path, folder: Path) -> None:
        self._file = folder / "scheduler.json"
        self._environment = {
            **{name: os.environ[name] for name in ("PATH", "HOME", "LD_LIBRARY_PATH") if name in os.environ},
            "PYTHONPATH": str(install),
            "PYTHONDONTWRITEBYTECODE": "1",
            "INCIDENT_REPORT_CACHE": str(folder / "cache"),
        }
        self._folder = folder
        self._scheduler = self._start("dask_scheduler", "--host", "127.0.0.1", "--port", "0")
        while not self._file.exists():
            time.sleep(0.05)
        self.address = ""
        while not self.address:
            try:
                self.address = json.loads(self._file.read_text())["address"]
            except ValueError:
                time.sleep(0.05)
        self.workers = [self._start("dask_worker", "--nthreads", "1", "--no-nanny", "--name", str(n)) for n in range(2)]

    def _start(self, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        command = [sys.executable, "-P", "-m", f"distributed.cli.{module}", "--no-dashboard", *arguments]
        return subprocess.Popen(
            [*command, "--scheduler-file", str(self._file)],
            env=self._environment, cwd=self._folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
        )  # fmt: skip

    def close(self) -> None:
        for process in (*self.workers, self._scheduler):
            process.kill()
            process.wait()


@pytest.fixture
def cluster(install: Path, tmp_path: Path) -> Iterator[Cluster]:
    elsewhere = tmp_path / "elsewhere"
    elsewhere.mkdir()
    made = Cluster(install, elsewhere)
    yield made
    made.close()


class Told(io.StringIO):
    """What the batch says; kills a worker when it tells of the first edition."""

    def __init__(self, worker: subprocess.Popen[bytes]) -> None:
        super().__init__()
        self._worker = worker

    def write(self, text: str) -> int:
        if " 1/" in text:
            self._worker.send_signal(signal.SIGKILL)
        return super().write(text)


def state(folder: Path) -> dict[str, tuple[int, int]]:
    files = (p for p in folder.rglob("*") if p.is_file() and p.parent.name != "__pycache__")  # Python's own affair
    return {str(p): (p.stat().st_mtime_ns, p.stat().st_size) for p in sorted(files)}


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="starts and kills workers as Linux does")
def test_a_batch_survives_a_worker_and_a_chapter_and_makes_what_a_build_makes(
    cluster: Cluster, install: Path, chapters: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = Request(notebooks=chapters)
    monkeypatch.setattr("incident_report.publish.plan.Request", lambda **k: Request(**k, notebooks=made.notebooks))
    data = make(tmp_path / "data", {"incidents/2020Q1.csv": files()[Q2].splitlines()[0] + "\n"})
    (tmp_path / "plan.yml").write_text(
        f"out: {tmp_path}/out\neditions:\n- {{data: {data}, quarters: [{', '.join(QUARTERS)}], only: [html, figures]}}"
    )
    plan, before = read_plan(tmp_path / "plan.yml"), state(install)
    told = run_batch(plan, cluster.address, stream=Told(cluster.workers[0]))
    [campaign] = {Path(name).parent for name in told["editions"]}
    assert {Path(name).name: one["state"] for name, one in told["editions"].items()} == {
        q: "failed" if q == "2020Q1" else "built" for q in QUARTERS
    }
    assert [line.split(":")[0] for line in failures(told)] == [f"{campaign}/2020Q1"]
    assert "not this one" in failures(told)[0]
    assert cluster.workers[0].wait() == -signal.SIGKILL
    assert state(install) == before
    plain = tmp_path / "plain"
    out = tmp_path / "out" / campaign
    alone = Request(data=str(data), quarter="2020Q3", notebooks=chapters, out=plain, alone=True)
    build(replace(alone, only=("html", "figures")), io.StringIO())
    assert provenance.outputs(plain) == provenance.outputs(out / "2020Q3")
    feed = json.loads((tmp_path / "out" / "feed.json").read_text())
    assert [item["url"] for item in feed["items"]] == [f"{campaign}/{q}/report.html" for q in ("2020Q3", "2020Q2")]

    stamps = state(out / "2020Q3")
    lost = provenance.outputs(out / "2020Q2")
    shutil.rmtree(out / "2020Q2")
    monkeypatch.setattr("incident_report.publish.batch.MANY", 1)  # an edition is one task, not one a chapter and one
    again = run_batch(plan, cluster.address, stream=io.StringIO())
    assert [one["state"] for one in again["editions"].values()] == ["failed", "built", "kept"]
    assert state(out / "2020Q3") == stamps
    assert provenance.outputs(out / "2020Q2") == lost
    assert json.loads((tmp_path / "out" / "batch.json").read_text()) == again


class Client:
    """Takes tasks, and runs none."""

    def __init__(self, workers: int) -> None:
        self._workers = workers
        self.asked: dict[tuple[str, str], int] = {}

    def nthreads(self) -> dict[str, int]:
        return {str(n): 1 for n in range(self._workers)}

    def submit(self, _task: Any, *_of: Any, key: tuple[str, str], priority: int, **_how: Any) -> SimpleNamespace:
        self.asked[key] = priority
        return SimpleNamespace(key=key)


@pytest.mark.parametrize(("workers", "kinds"), [(2, {"edition"}), (3, {"edition", "chapter"})])
def test_many_editions_are_a_task_each_and_those_of_one_period_stand_apart(
    workers: int, kinds: set[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("distributed.as_completed", lambda _futures: [])
    settings = "settings: {confidence_floor: [low, medium]}"
    plan = f"out: {tmp_path}/out\neditions: [{{data: {make(tmp_path / 'data')}, quarters: all, {settings}}}]"
    (tmp_path / "plan.yml").write_text(plan)
    read, client = read_plan(tmp_path / "plan.yml"), Client(workers)
    wanted, _left_out = batch._jobs(read, client)
    assert len(wanted) == 4
    assert not list(batch._outcomes(client, wanted[::-1]))
    assert {kind for kind, _name in client.asked} == kinds
    editions = sorted(
        (name for kind, name in client.asked if kind == "edition"), key=lambda n: -client.asked["edition", n]
    )
    assert [Path(name).name[:6] for name in editions] == ["2020Q3", "2020Q2"] * 2


def test_a_scheduler_that_does_not_answer_is_named(tmp_path: Path, monkeypatch: Any) -> None:
    monkeypatch.setattr("incident_report.publish.batch.PATIENCE", 1)
    (tmp_path / "plan.yml").write_text(f"out: {tmp_path}/out\neditions: [{{data: data}}]")
    for address in ("tcp://127.0.0.1:9", "nowhere", "tcp://"):
        with pytest.raises(UsageError, match="does not answer"):
            run_batch(read_plan(tmp_path / "plan.yml"), address, stream=io.StringIO())
