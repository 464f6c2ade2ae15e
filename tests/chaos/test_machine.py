"""States of the machine: full disk, no permission, a folder that is gone; one line, and the last report stands."""

from __future__ import annotations

import os
import resource
import shutil
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from lab import OPEN, Done, Project, snapshot, some, until, whole

ROOT_USER = os.geteuid() == 0
WAIT = """import pathlib, time
pathlib.Path({0!r}).touch()
while not pathlib.Path({1!r}).exists():
    time.sleep(0.05)"""


def stands(project: Project, before: dict[str, str], done: Done) -> None:
    """The build failed in one line and left the last report alone."""
    assert done.code == 1 or done.code == 2, done.said[-1500:]
    done.plain()
    assert len([line for line in done.err.splitlines() if line.startswith("incident-report: ")]) == 1, done.err
    assert snapshot(project.report) == before
    whole(project.report)


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Callable[[str], Path]]:
    """Makes small file systems; only root may."""
    made: list[Path] = []

    def mount(size: str) -> Path:
        path = tmp_path / f"disk{len(made)}"
        path.mkdir()
        done = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={size}", "none", str(path)], capture_output=True)
        if done.returncode:
            pytest.skip("only root may mount a small disk here")
        made.append(path)
        return path

    yield mount
    for path in made:
        subprocess.run(["umount", "-l", str(path)], capture_output=True, check=False)


def test_full_disk_at_the_reports(ready: Project, small_disk: Callable[[str], Path]) -> None:
    kept = ready.root / "reports"
    full = sum(p.stat().st_size for p in kept.rglob("*") if p.is_file())
    disk = small_disk(f"{full // 1024 + 60}k")
    shutil.copytree(kept, disk, dirs_exist_ok=True)
    kept.rename(ready.root / "moved")
    kept.symlink_to(disk)
    before = snapshot(ready.report)
    ready.subtitle("Larger")
    ready.chapter("00_one", OPEN, 'show_prose("txt-a", "0123456789abcdef " * 5000)')
    stands(ready, before, ready.build())
    assert [p.name for p in disk.iterdir() if p.name.startswith(".") and p.is_dir()] == []


@pytest.mark.parametrize("kilobytes", some((40, 200), 200))
def test_a_bound_on_the_size_of_files(ready: Project, kilobytes: int) -> None:
    """A quota: what is too large cannot be written, at whichever file that comes."""
    before = snapshot(ready.report)
    ready.subtitle("Larger")
    ready.chapter("00_one", OPEN, 'show_prose("txt-a", "0123456789abcdef " * 20000)')
    limit = kilobytes * 1024

    def bound() -> None:
        import signal

        signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
        resource.setrlimit(resource.RLIMIT_FSIZE, (limit, limit))

    words = [os.fspath(w) for w in ready.words("build", "--only", "html")]
    done = subprocess.run(
        words, cwd=ready.root, env=ready.environment(), capture_output=True, text=True, preexec_fn=bound, timeout=120
    )
    stands(ready, before, Done(done.returncode, done.stdout, done.stderr))


@pytest.mark.chaos
def test_full_disk_for_temporary_files(ready: Project, small_disk: Callable[[str], Path]) -> None:
    disk = small_disk("16k")
    (disk / "full").write_bytes(b"x" * 12_000)
    before = snapshot(ready.report)
    ready.subtitle("Another")
    done = ready.build(TMPDIR=str(disk))
    done.plain()
    if done.code:
        assert snapshot(ready.report) == before
    whole(ready.report)


def test_a_file_where_a_folder_must_be(ready: Project) -> None:
    before = snapshot(ready.report)
    ready.subtitle("Another")
    shutil.rmtree(ready.root / "figures", ignore_errors=True)
    (ready.root / "figures").write_text("in the way")
    done = ready.run("build", "--only", "html,figures")
    stands(ready, before, done)
    assert (ready.root / "figures").read_text() == "in the way"
    assert ready.make("report").code != 0
    assert snapshot(ready.report) == before


@pytest.mark.chaos
def test_reports_that_cannot_be_written(ready: Project, small_disk: Callable[[str], Path]) -> None:
    disk = small_disk("4m")
    kept = ready.root / "reports"
    shutil.copytree(kept, disk, dirs_exist_ok=True)
    shutil.rmtree(kept)
    kept.symlink_to(disk)
    subprocess.run(["mount", "-o", "remount,ro", str(disk)], check=True)
    before = snapshot(ready.report)
    ready.subtitle("Another")
    stands(ready, before, ready.build())


@pytest.mark.skipif(ROOT_USER, reason="root may write anywhere")
def test_reports_without_permission(ready: Project) -> None:
    before = snapshot(ready.report)
    ready.subtitle("Another")
    (ready.root / "reports").chmod(0o500)
    try:
        stands(ready, before, ready.build())
    finally:
        (ready.root / "reports").chmod(0o700)


@pytest.mark.chaos
def test_immutable_places(ready: Project) -> None:
    """chattr +i stops even root; where the file system has no such thing the test is skipped."""
    if (
        not shutil.which("chattr")
        or subprocess.run(["chattr", "+i", str(ready.report)], capture_output=True).returncode
    ):
        pytest.skip("no chattr here")
    try:
        before = snapshot(ready.report)
        ready.subtitle("Another")
        done = ready.build()
    finally:
        subprocess.run(["chattr", "-i", str(ready.report)], check=True)
    stands(ready, before, done)


@pytest.mark.chaos
def test_the_data_folder_goes_while_a_build_runs(ready: Project) -> None:
    reached, word = ready.root.parent / "reached", ready.root.parent / "go"
    ready.chapter("00_one", WAIT.format(str(reached), str(word)), OPEN, 'show_prose("txt-a", "Late.")')
    before = snapshot(ready.report)
    process = ready.start(ready.words("build", "--only", "html"))
    assert until(reached.exists, process)
    (ready.root / "data").rename(ready.root / "away")
    word.touch()
    stands(ready, before, ready.end(process))


@pytest.mark.chaos
def test_reports_go_while_a_build_runs(ready: Project) -> None:
    reached, word = ready.root.parent / "reached", ready.root.parent / "go"
    ready.chapter("00_one", WAIT.format(str(reached), str(word)), OPEN, 'show_prose("txt-a", "Late.")')
    process = ready.start(ready.words("build", "--only", "html"))
    assert until(reached.exists, process)
    shutil.rmtree(ready.root / "reports")
    word.touch()
    done = ready.end(process)
    done.plain()
    if done.code == 0:
        whole(ready.report)
    assert ready.build().code == 0
    whole(ready.report)


def test_a_current_folder_that_is_gone(ready: Project, tmp_path: Path) -> None:
    gone = tmp_path / "gone"
    for arguments in (
        ["build", "--only", "html"],
        ["check-data"],
        ["build", "--out", "x"],
        ["explain", "--list"],
        ["verify", "x"],
        ["workbook"],
    ):
        gone.mkdir()
        line = f'cd "{gone}" && rmdir "{gone}" && exec "{ready.python}" -m incident_report ' + " ".join(arguments)
        done = ready.end(ready.start(["sh", "-c", line]))
        assert done.code in (0, 1, 2), (arguments, done.said)
        assert "Traceback" not in done.said, (arguments, done.said)
    whole(ready.report)


STATES: dict[str, dict[str, str]] = {
    "no home": {"HOME": "/nonexistent/home"},
    "empty home": {"HOME": ""},
    "C locale": {"LC_ALL": "C", "LANG": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
    "ascii output": {"PYTHONIOENCODING": "ascii"},
    "Turkish": {"LC_ALL": "tr_TR.UTF-8", "LANG": "tr_TR.UTF-8"},
    "time zone": {"TZ": "Pacific/Kiritimati"},
    "odd time zone": {"TZ": "No/Such_Zone"},
    "hash seed": {"PYTHONHASHSEED": "12345"},
    "user's Python": {"PYTHONWARNINGS": "error::DeprecationWarning", "PYTHONOPTIMIZE": "2", "PYTHONSAFEPATH": "1"},
    "style": {"MPLBACKEND": "svg", "MPLSTYLE": "ggplot"},
    "threads": {"OMP_NUM_THREADS": "7", "OPENBLAS_NUM_THREADS": "3", "OPENBLAS_CORETYPE": "Nehalem"},
    "colours": {"FORCE_COLOR": "1", "CLICOLOR_FORCE": "1", "PY_COLORS": "1", "TERM": "dumb", "COLUMNS": "20"},
    "epoch": {"SOURCE_DATE_EPOCH": "1"},
    "jupyter": {"JUPYTER_PATH": "/nonexistent", "JUPYTER_CONFIG_DIR": "/nonexistent", "IPYTHONDIR": "/nonexistent"},
    "proxy": {"http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"},
    "git": {"GIT_DIR": "/nonexistent", "GIT_CONFIG_GLOBAL": "/nonexistent"},
}


def same_bytes(project: Project, names: list[str]) -> None:
    project.chapter("00_one", OPEN, "from helpers import frequency\nfrequency.quarterly_figure(ed)")
    formats = "html,pdf,docx,figures"
    assert project.run("build", "--only", formats, "--out", project.root.parent / "plain").code == 0
    plain = snapshot(project.root.parent / "plain")
    assert {"report.html", "report.pdf", "report.docx", "data.zip"} <= set(plain)
    for number, name in enumerate(names):
        out = project.root.parent / f"out{number}"
        done = project.end(project.start(project.words("build", "--only", formats, "--out", out), **STATES[name]))
        assert done.code == 0, (name, done.said)
        found = snapshot(out)
        assert {k for k in plain if found.get(k) != plain[k]} <= set(), name
        assert done.err.count("\n") < 10, f"{name}: {done.err}"


@pytest.mark.chaos
def test_same_bytes_in_every_state_of_the_machine(project: Project) -> None:
    same_bytes(project, [*STATES])


@pytest.mark.chaos
def test_same_bytes_and_readable_files_under_a_private_umask(project: Project) -> None:
    out, other = project.root.parent / "out", project.root.parent / "other"
    assert project.build("--out", out).code == 0
    line = f'umask 077; exec "{project.python}" -m incident_report build --only html --out "{other}"'
    assert project.end(project.start(["sh", "-c", line])).code == 0
    assert snapshot(out) == snapshot(other)


@pytest.mark.chaos
def test_input_and_output_that_are_closed(ready: Project) -> None:
    for redirect in ("<&-", ">&-", "2>&-", ">&- 2>&-", "| head -c 0", ">/dev/full", "2>/dev/full"):
        ready.subtitle(f"With {redirect}")
        line = f'"{ready.python}" -m incident_report build --only html {redirect}'
        done = ready.end(ready.start(["sh", "-c", line]))
        assert "Traceback" not in done.said, (redirect, done.said)
        whole(ready.report)


@pytest.mark.chaos
def test_files_that_only_their_owner_may_read(ready: Project) -> None:
    """A file without permission is named; root may read all, so a test by root sees only that nothing breaks."""
    path = ready.root / "data/tallies.csv"
    path.chmod(0)
    done = ready.build()
    done.plain()
    assert done.code == (0 if ROOT_USER else 1)
    if not ROOT_USER:
        assert "tallies.csv" in done.err
