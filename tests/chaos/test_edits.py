"""One snapshot: what is edited while a build runs is not in the report, or stops the build in one line."""

from __future__ import annotations

import json
import shutil
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lab import COUNT, OPEN, Project, kill, snapshot, some, until, whole

WAIT = "import os, pathlib, time\nwhile not pathlib.Path({0!r}).exists(): time.sleep(0.05)"


class Held:
    """A build whose second chapter waits for our word before it reads anything."""

    def __init__(self, project: Project) -> None:
        self.project = project
        self.word = project.root.parent / "go"
        self.reached = project.root.parent / "reached"
        project.chapter("00_one", OPEN, COUNT.format("one"))
        project.chapter(
            "01_two",
            f"import pathlib\npathlib.Path({str(self.reached)!r}).touch()",
            WAIT.format(str(self.word)),
            OPEN,
            COUNT.format("two"),
        )
        self.process: subprocess.Popen[str] | None = None

    def begin(self, *arguments: str) -> None:
        self.process = self.project.start(self.project.words("build", "--only", "html", *arguments))
        assert until(self.reached.exists, self.process), self.process.communicate()

    def release(self) -> tuple[int, str]:
        assert self.process is not None
        self.word.touch()
        done = self.project.end(self.process)
        done.plain()
        return done.code, done.said


def add_row(project: Project) -> None:
    path = project.root / "data/incidents/2020Q3.csv"
    head, *rows = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text("".join([head, *rows[:-2]]), "utf-8")


def same_size_same_time(project: Project) -> None:
    """Clocks and sizes do not show this one."""
    import os

    path = project.root / "data/incidents/2020Q3.csv"
    stat, text = path.stat(), path.read_bytes()
    path.write_bytes(text.replace(b"Baghdad", b"Baghdat", 1))
    os.utime(path, ns=(stat.st_atime_ns, stat.st_mtime_ns))


def new_file(project: Project) -> None:
    shutil.copy(project.root / "data/incidents/2020Q2.csv", project.root / "data/incidents/2020Q1.csv")


def lost_file(project: Project) -> None:
    (project.root / "data/corrections.csv").unlink()


def replaced_folder(project: Project) -> None:
    """As `git checkout` or a synchronising program does it."""
    shutil.copytree(project.root / "data", project.root / "data.new")
    (project.root / "data").rename(project.root / "data.old")
    (project.root / "data.new").rename(project.root / "data")
    add_row(project)


def lost_folder(project: Project) -> None:
    shutil.rmtree(project.root / "data")


def notebook(project: Project) -> None:
    project.chapter("01_two", OPEN, 'show_prose("txt-two", "Another chapter.")')


def new_notebook(project: Project) -> None:
    project.chapter("02_three", OPEN, 'show_prose("txt-three", "A third chapter.")')


def lost_notebook(project: Project) -> None:
    (project.root / "notebooks/00_one.ipynb").unlink()


def template(project: Project) -> None:
    path = next(p for p in sorted((project.root / "templates").rglob("*")) if p.suffix in (".css", ".html"))
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")


def code(project: Project) -> None:
    path = project.root / "src/incident_report/periods.py"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")


def exporter(project: Project) -> None:
    path = next(iter(sorted((project.root / "src/nbtypst").glob("*.lua"))))
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")


def lock(project: Project) -> None:
    path = project.root / "requirements.lock"
    path.write_text(path.read_text("utf-8") + "\n", "utf-8")


EDITS = [add_row, same_size_same_time, new_file, lost_file, notebook, new_notebook, lost_notebook, template, code]
MORE = [replaced_folder, lost_folder, exporter]


def edited(project: Project, edit: Callable[[Project], None]) -> None:
    held = Held(project)
    before = snapshot(project.root / "reports")
    project.subtitle("A second edition")
    held.begin()
    edit(project)
    code, said = held.release()
    assert code == 1, f"published although {edit.__name__} changed what it was built from"
    assert snapshot(project.root / "reports") == before, "something was published"
    assert len([line for line in said.splitlines() if line.startswith("incident-report: ")]) == 1, said


@pytest.mark.parametrize("edit", some([*EDITS, *MORE], same_size_same_time))
def test_an_edit_during_a_build_stops_it_with_one_line(ready: Project, edit: Callable[[Project], None]) -> None:
    edited(ready, edit)


@pytest.mark.chaos
def test_chapters_bundle_and_hash_are_of_one_set_of_data(project: Project) -> None:
    """The edit is taken back before the end, so nothing need stop the build, and nothing of it may be seen."""
    held = Held(project)
    path = project.root / "data/incidents/2020Q3.csv"
    text = path.read_text("utf-8")
    held.begin()
    add_row(project)
    (project.root / "notebooks/00_one.ipynb").rename(project.root / "kept")
    held.word.touch()
    assert held.process is not None
    until(lambda: False, held.process, 1.5)
    (project.root / "kept").rename(project.root / "notebooks/00_one.ipynb")
    path.write_text(text, "utf-8")
    code, said = held.release()
    if code:
        assert code == 1, said
        return
    page = (project.report / "report.html").read_text("utf-8")
    counts = {word: page.partition(f"Chapter {word} counts ")[2].partition(".")[0] for word in ("one", "two")}
    assert counts["one"] == counts["two"] != ""
    whole(project.report)
    with zipfile.ZipFile(project.report / "data.zip") as archive:
        names = [n for n in archive.namelist() if n.startswith("incidents")]
        kept = sum(archive.read(n).decode().count("\nIQ-20200") for n in names)
    assert kept == text.count("\nIQ-") + (project.root / "data/incidents/2020Q2.csv").read_text("utf-8").count("\nIQ-")


@pytest.mark.chaos
def test_an_edit_during_a_build_is_due_afterwards(project: Project) -> None:
    """Freshness goes by content: a file saved while the build ran is newer, whatever the clock says."""
    held = Held(project)
    held.begin()
    add_row(project)
    held.release()
    first = (project.report / "report.html").read_text("utf-8") if project.report.exists() else ""
    assert project.make("html").code == 0
    assert (project.report / "report.html").read_text("utf-8") != first
    page = (project.report / "report.html").read_text("utf-8")
    again = project.make("html")
    assert again.code == 0 and again.said.strip()
    assert (project.report / "report.html").read_text("utf-8") == page


def test_due_by_content_not_by_clock(ready: Project) -> None:
    """What an editor, a checkout or a copy does to times of files asks for no build; a changed byte does."""
    import os

    inode = ready.report.stat().st_ino
    for path in [*(ready.root / "data").rglob("*"), *(ready.root / "src/incident_report").glob("*.py")]:
        os.utime(path)
    assert ready.make("html").code == 0
    assert ready.report.stat().st_ino == inode, "built again although nothing changed"
    same_size_same_time(ready)
    assert ready.make("html").code == 0
    assert ready.report.stat().st_ino != inode, "a changed byte was not seen"
    path = ready.report / "report.html"
    path.write_bytes(path.read_bytes() + b" ")
    assert ready.make("html").code == 0
    whole(ready.report)


@pytest.mark.chaos
def test_each_setting_asks_for_a_build_of_its_own(project: Project) -> None:
    for setting in ((), ("FLOOR=high",), ("AS_OF=2020-09-28",), ("QUARTER=2020Q2",)):
        assert project.make("html", *setting).code == 0
    pages = sorted((project.root / "reports").rglob("report.html"))
    assert len(pages) == 4
    inodes = [p.parent.stat().st_ino for p in pages]
    for setting in ((), ("FLOOR=high",), ("AS_OF=2020-09-28",), ("QUARTER=2020Q2",)):
        assert project.make("html", *setting).code == 0
    assert [p.parent.stat().st_ino for p in pages] == inodes


def test_provenance_names_the_bytes_that_were_used(first_build: Project) -> None:
    import hashlib

    provenance = json.loads((first_build.report / "provenance.json").read_text("utf-8"))
    with zipfile.ZipFile(first_build.report / "data.zip") as published:
        for name, digest in provenance["data"].items():
            own = first_build.root / "data" / name
            used = [own.read_bytes()] if own.is_file() else []  # or, of what not all may see, what went out
            used += [published.read(name)] if name in published.namelist() else []
            assert digest in [hashlib.sha256(content).hexdigest() for content in used], name
    everything = json.dumps(provenance)
    assert hashlib.sha256((first_build.root / "requirements.lock").read_bytes()).hexdigest() in everything
    assert str(first_build.root) not in everything, "a path of this machine is in provenance.json"


@pytest.mark.chaos
def test_a_chapter_cannot_change_the_data_under_the_others(project: Project) -> None:
    """A notebook that writes into its data folder: the source stays as it was, or the build stops."""
    before = snapshot(project.root / "data")
    project.chapter(
        "00_one",
        OPEN,
        "import pathlib\nfrom incident_report.paths import ROOT\n"
        "for p in [pathlib.Path(data_folder), ROOT / data_folder]:\n"
        "    if (p / 'sources.csv').exists():\n"
        "        (p / 'corrections.csv').write_text('ruined')",
        COUNT.format("one"),
    )
    process = project.start(project.words("build", "--only", "html"))
    done = project.end(process)
    done.plain()
    if done.code == 0:
        assert snapshot(project.root / "data") == before
        whole(project.report)
    kill(process) if process.poll() is None else None


@pytest.mark.chaos
def test_folders_of_a_report_are_plain_files(project: Project, tmp_path: Path) -> None:
    """No link and nothing executable in what is sent to others."""
    assert project.run("build", "--only", "html,figures", "--out", tmp_path / "out").code == 0
    for path in (tmp_path / "out").rglob("*"):
        assert not path.is_symlink()
        assert path.is_dir() or not path.stat().st_mode & 0o111, path
