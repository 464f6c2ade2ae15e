"""A byte that was changed after a build is found, whichever it is; what was not changed is not."""

from __future__ import annotations

import json
import os
import random
import shutil
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lab import OPEN, Project, whole

pytestmark = pytest.mark.xdist_group("changed bytes")  # the report is built once, not once a worker


@pytest.fixture(scope="module")
def good(shared: Project) -> Project:
    """A project with a report in all formats and its figures."""
    shared.chapter("00_one", OPEN, "from helpers import frequency\nfrequency.quarterly_figure(ed)")
    done = shared.run("build", "--only", "html,pdf,docx,figures")
    assert done.code == 0, done.said
    whole(shared.report)
    return shared


def flip(path: Path, at: int) -> None:
    content = bytearray(path.read_bytes())
    content[at % len(content)] ^= 1
    path.write_bytes(bytes(content))


def published(project: Project) -> list[Path]:
    return [p for n in ("reports", "figures") for p in sorted((project.root / n / "2020Q3").rglob("*")) if p.is_file()]


def test_one_byte_of_any_file_is_found(good: Project) -> None:
    chance = random.Random(3)
    files = [p for p in published(good) if p.name != "provenance.json"]
    assert {"report.html", "report.pdf", "report.docx", "data.zip", "manifest.json"} <= {p.name for p in files}
    assert good.run("verify", good.report).code == 0
    for path in files:
        kept = path.read_bytes()
        flip(path, chance.randrange(len(kept)))
        done = good.run("verify", good.report)
        path.write_bytes(kept)
        assert done.code == 1, f"{path.name} was changed and verify says: {done.said}"
        assert path.name in done.said
    assert good.run("verify", good.report).code == 0


def append(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\n")


def truncate(path: Path) -> None:
    os.truncate(path, path.stat().st_size - 1)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def remove(path: Path) -> None:
    path.unlink()


def link(path: Path) -> None:
    """The same bytes, but not the file."""
    other = path.parent.parent / "elsewhere"
    shutil.copy(path, other)
    path.unlink()
    path.symlink_to(other)


@pytest.mark.parametrize("change", [append, truncate, empty, remove, link])
def test_other_changes_are_found_in_a_copy_sent_to_somebody(
    good: Project, tmp_path: Path, change: Callable[[Path], None]
) -> None:
    for name in ("report.html", "data.zip", "provenance.json"):
        copy = tmp_path / name.partition(".")[0] / "2020Q3"
        shutil.copytree(good.report, copy)
        change(copy / name)
        done = good.run("verify", copy)
        if name == "provenance.json" and change in (append, truncate, link):
            continue  # a line end more or less, or a link, says the same
        assert done.code in (1, 2), f"{name}, {change.__name__}: {done.said}"
        done.plain()


def test_a_file_that_was_added_is_found(good: Project, tmp_path: Path) -> None:
    for name in ("extra.html", "figures/extra.svg", "report.html.js"):
        copy = tmp_path / name.replace("/", "-") / "2020Q3"
        shutil.copytree(good.report, copy)
        (copy / name).parent.mkdir(exist_ok=True)
        (copy / name).write_text("x")
        done = good.run("verify", copy)
        assert done.code == 1 and Path(name).name in done.said, done.said


def test_a_forged_provenance_is_no_traceback_and_no_path_out(good: Project, tmp_path: Path) -> None:
    real = json.loads((good.report / "provenance.json").read_text("utf-8"))
    (tmp_path / "secret").write_text("secret")
    forged = [
        {**real, "outputs": {**real["outputs"], "../../secret": "0" * 64}},
        {**real, "outputs": {**real["outputs"], str(tmp_path / "secret"): "0" * 64}},
        {**real, "outputs": {**real["outputs"], "a\x00b": "0" * 64, "x\ny": "0" * 64, "": "0" * 64}},
        {**real, "outputs": "everything"},
        {**real, "outputs": {"report.html": 3, "data.zip": None}},
        {**real, "outputs": {}},
        {**real, "figures": {"../../../../etc/passwd": "0" * 64}, "figures_at": "/etc"},
        {**real, "figures_at": "../../../../../../../.."},
        {**real, "parameters": {"quarter": "../../x", "data_folder": "/etc"}},
        {k: v for k, v in real.items() if k != "outputs"},
        [],
        {},
        None,
    ]
    for number, content in enumerate(forged):
        copy = tmp_path / f"{number}/2020Q3"
        shutil.copytree(good.report, copy)
        (copy / "provenance.json").write_text(json.dumps(content))
        for rebuild in ((), ("--rebuild",)) if number in (8, 11) else ((),):
            done = good.run("verify", copy, *rebuild)
            # What lies beside a report is looked for there and nowhere else, so a false place is not found.
            assert done.code in ((0, 1) if number in (6, 7) else (1, 2)), (number, done.said)
            done.plain()
            assert "root:" not in done.said


def test_a_bundle_alone_is_verified_and_a_changed_one_is_not(good: Project, tmp_path: Path) -> None:
    bundle = tmp_path / "data.zip"
    shutil.copy(good.report / "data.zip", bundle)
    assert good.run("verify", bundle).code == 0
    with zipfile.ZipFile(bundle) as archive:
        files = {n: archive.read(n) for n in archive.namelist()}
    table = next(n for n in files if n.startswith("incidents"))
    for change in ({table: files[table][:-9] + b"?" + files[table][-8:]}, {table: None}, {"extra.csv": b"a\n1\n"}):
        with zipfile.ZipFile(bundle, "w") as archive:
            for name, content in {**files, **change}.items():
                if content is not None:
                    archive.writestr(name, content)
        done = good.run("verify", bundle)
        assert done.code == 1, (change.keys(), done.said)
        done.plain()


def test_a_bundle_is_a_campaign_that_builds_again_to_the_same_page(good: Project, tmp_path: Path) -> None:
    folder = tmp_path / "campaign"
    with zipfile.ZipFile(good.report / "data.zip") as archive:
        archive.extractall(folder)
    assert good.run("check-data", "--data", folder).code == 0
    done = good.run("verify", "--rebuild", good.report)
    assert done.code == 0, done.said
    assert good.run("verify", "--rebuild", good.report / "data.zip").refused()
