"""Where outputs go: nothing that is somebody else's is ever replaced, and no two reports share a place."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest
from lab import Project, campaign, snapshot, some, whole

MINE = "mine, and nobody may touch it"


def full(folder: Path, name: str = "thesis.txt") -> Path:
    """A folder with somebody's file in it."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).write_text(MINE)
    return folder


def repository(tmp: Path) -> Path:
    return full(tmp / "work", ".git/config")


def hidden_only(tmp: Path) -> Path:
    return full(tmp / "dots", ".config")


def empty_folder_inside(tmp: Path) -> Path:
    (tmp / "outer/inner").mkdir(parents=True)
    return tmp / "outer"


def linked(tmp: Path) -> Path:
    (tmp / "link").symlink_to(full(tmp / "target"))
    return tmp / "link"


def link_in_the_way(tmp: Path) -> Path:
    (tmp / "gone").symlink_to(tmp / "nowhere")
    full(tmp / "other")
    return tmp / "gone"


def file(tmp: Path) -> Path:
    return full(tmp / "files") / "thesis.txt"


def below_a_file(tmp: Path) -> Path:
    return full(tmp / "files") / "thesis.txt/out"


def another_provenance(tmp: Path) -> Path:
    folder = full(tmp / "release")
    (folder / "provenance.json").write_text('{"_type": "https://in-toto.io/Statement/v1", "subject": []}')
    return folder


def broken_provenance(tmp: Path) -> Path:
    folder = full(tmp / "release")
    (folder / "provenance.json").write_text("[[[")
    return folder


def pipe(tmp: Path) -> Path:
    full(tmp / "pipes")
    os.mkfifo(tmp / "pipes/out")
    return tmp / "pipes/out"


STRANGERS = [
    full,
    repository,
    hidden_only,
    empty_folder_inside,
    linked,
    link_in_the_way,
    file,
    below_a_file,
    another_provenance,
    broken_provenance,
    pipe,
]


def state(folder: Path) -> dict[str, str]:
    """Files with their hashes, and everything else that lies in a folder by its kind."""
    found = snapshot(folder)
    for path in sorted(folder.rglob("*")):
        if path.is_symlink():
            found[str(path.relative_to(folder))] = f"link to {path.readlink()}"
        elif not path.is_file():
            found[str(path.relative_to(folder))] = "folder" if path.is_dir() else "special"
    return {k: v for k, v in found.items() if "__pycache__" not in k}


def test_out_never_touches_what_is_somebody_elses(shared: Project, tmp_path: Path) -> None:
    calls, before = [], []
    for number, make in enumerate(STRANGERS):
        base = tmp_path / str(number)
        base.mkdir()
        target = make(base) if make is not full else full(base / "docs")
        calls.append(("build", "--only", "html", "--out", str(target)))
        before.append(state(base))
    for number, (make, done) in enumerate(zip(STRANGERS, shared.each(*calls, cwd=tmp_path), strict=True)):
        assert state(tmp_path / str(number)) == before[number], make.__name__
        if make is not link_in_the_way:
            done.refused()
        done.plain()


PROJECT_FOLDERS = [
    "",
    " ",
    ".",
    "./",
    "..",
    "../..",
    "data",
    "data/",
    "data/incidents",
    "data/new/place",
    "data/../data/incidents",
    "notebooks",
    "notebooks/out",
    "src",
    "src/incident_report",
    "templates/fonts",
    "scripts",
    "reports",
    "reports/",
    "figures",
    "reports/2020Q3/..",
]


@pytest.mark.parametrize("where", some(["root", "inside", "above"], "inside"))
def test_out_is_never_the_project_its_data_or_a_folder_around_them(project: Project, where: str) -> None:
    full(project.root / "reports/2019Q4")
    full(project.root / "figures/2019Q4")
    before = state(project.root)
    cwd = {"root": project.root, "inside": project.root / "data/geo", "above": project.root.parent}[where]
    said = project.each(
        *(("build", "--only", "html", "--data", "data", "--out", out) for out in PROJECT_FOLDERS), cwd=cwd
    )
    # Seen from elsewhere a relative name is another folder: there it may be made if it is new.
    absolute = project.each(
        *(("build", "--only", "html", "--out", str(project.root / out)) for out in PROJECT_FOLDERS if out.strip()),
        cwd=cwd,
    )
    after = state(project.root)
    assert {k: after.get(k) for k in before} == before
    for out, done in zip([o for o in PROJECT_FOLDERS if o.strip()], absolute, strict=True):
        assert done.code == 2, f"--out {project.root / out}: exit code {done.code}: {done.said[-300:]}"
        done.refused()
    for out, done in zip(PROJECT_FOLDERS, said, strict=True):
        done.plain()
        if out.strip() in ("", ".", "./", "..", "../.."):
            assert done.code == 2, f"--out {out!r} in {cwd}: exit code {done.code}: {done.said[-300:]}"


@pytest.mark.chaos
def test_home_and_the_current_folder_are_never_an_output(project: Project, tmp_path: Path) -> None:
    home, here = tmp_path / "home", tmp_path / "here"
    home.mkdir()
    here.mkdir()
    for out in (home, Path("~"), here, Path("../here"), Path("../here/.")):
        done = project.end(project.start(project.words("build", "--only", "html", "--out", out), here, HOME=str(home)))
        done.plain()
        assert home.is_dir() and not list(home.glob("report*")), out
        assert here.is_dir() and not (here / "report.html").exists(), out


@pytest.mark.chaos
def test_a_new_and_an_empty_folder_are_taken_and_taken_again(project: Project, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    (tmp_path / "link").symlink_to(tmp_path / "empty2")
    (tmp_path / "empty2").mkdir()
    for out in (tmp_path / "new/place", tmp_path / "empty", tmp_path / "link"):
        assert project.build("--out", out).code == 0
        whole(out)
        project.subtitle(f"Again in {out.name}")
        assert project.build("--out", out).code == 0
        whole(out)
        assert f"Again in {out.name}" in (out / "report.html").read_text("utf-8")
    assert (tmp_path / "link").is_symlink()


def test_a_file_put_into_a_report_is_not_lost(ready: Project, tmp_path: Path) -> None:
    out = tmp_path / "out"
    shutil.copytree(ready.report, out)
    full(out, "notes/letter.txt")
    full(ready.report, "letter.txt")
    ready.subtitle("Another")
    for done in (ready.build("--out", out), ready.build()):
        done.plain()
    assert (out / "notes/letter.txt").read_text() == MINE
    assert (ready.report / "letter.txt").read_text() == MINE


@pytest.mark.chaos
def test_variants_and_campaigns_have_places_of_their_own(project: Project) -> None:
    for name in ("a/syria", "b/syria", "b/syria/data", "campaigns/2020Q3", "campaigns/2020Q3+floor-high", "x/reports"):
        campaign(project.root / name)
    calls = [
        [],
        ["--confidence-floor", "high"],
        ["--data", "a/syria"],
        ["--data", "b/syria"],
        ["--as-of", "2020-09-28"],
        ["--confidence-floor", "high", "--as-of", "2020-09-28"],
        ["--quarter", "2020Q2"],
        ["--data", "campaigns/2020Q3"],
        ["--data", "campaigns/2020Q3+floor-high"],
        ["--data", "x/reports"],
    ]
    before: dict[str, str] = {}
    for call in calls:
        done = project.build(*call)
        assert done.code == 0, done.said
        after = snapshot(project.root / "reports")
        lost = [k for k in before if after.get(k) != before[k]]
        assert not lost, f"{call} changed {lost}"
        new = {str(Path(k).parent) for k in after if k.endswith("report.html")} - {
            str(Path(k).parent) for k in before if k.endswith("report.html")
        }
        assert len(new) == 1, call
        before = after


@pytest.mark.chaos
def test_a_variant_leaves_the_committed_figures_as_they_are(project: Project) -> None:
    project.chapter("00_one", OPEN_AND_FIGURE)
    assert project.run("build", "--only", "figures").code == 0
    before = snapshot(project.root / "figures")
    assert before
    for call in (["--confidence-floor", "high"], ["--as-of", "2020-09-28"], ["--quarter", "2020Q2"]):
        assert project.run("build", "--only", "figures", *call).code == 0
        after = snapshot(project.root / "figures")
        assert {k: after.get(k) for k in before} == before, call


OPEN_AND_FIGURE = """from helpers import frequency, open_edition
ed = open_edition(data_folder, edition=edition, baseline=baseline, confidence_floor=confidence_floor, as_of=as_of)
frequency.quarterly_figure(ed)"""
