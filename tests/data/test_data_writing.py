"""A write is whole or not at all, keeps what it replaced, and knows what it changed."""

import contextlib
import os
import shutil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from incident_report.cli import main
from incident_report.data import DataError, campaign_files, check, codebook, refresh_package, writing
from incident_report.data.changes import as_rows, compare
from incident_report.data.writing import INCOMING, REPLACED, BusyError, finish, write_file, write_files
from incident_report.paths import DATA
from incident_report.publish.seal import _copy_folder

OLD = {"a.csv": b"old a", "incidents/b.csv": b"old b"}
NEW = {"a.csv": b"new a", "incidents/b.csv": b"new b", "geo/c.csv": b"new c"}


@pytest.fixture
def folder(tmp_path):
    for name, content in OLD.items():
        (tmp_path / "d" / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / "d" / name).write_bytes(content)
    return tmp_path / "d"


def there(folder):
    files = (p for p in folder.rglob("*") if p.is_file())
    return {p.relative_to(folder).as_posix(): p.read_bytes() for p in files if REPLACED not in p.parts}


def test_files_are_put_in_place_and_the_old_ones_kept(folder):
    kept = write_files(folder, NEW)
    assert there(folder) == NEW and kept == folder / REPLACED
    assert {p.relative_to(kept).as_posix(): p.read_bytes() for p in kept.rglob("*") if p.is_file()} == OLD
    write_files(folder, {"a.csv": b"newer"})
    assert (kept / "a.csv").read_bytes() == b"new a" and not (kept / "incidents").exists()
    assert write_files(folder, {}) is None


class Stopped(BaseException):
    """As an interrupt or a kill: nothing catches it."""


STEPS = ["fsync", "rename", "replace", "mkdir", "rmtree"]


@pytest.mark.parametrize("nth", range(8))
@pytest.mark.parametrize("step", STEPS)
@pytest.mark.parametrize("error", [Stopped, OSError])
def test_stopped_at_any_step_it_is_the_old_or_becomes_the_new(folder, monkeypatch, step, nth, error):
    owner = {"fsync": os, "rmtree": shutil}.get(step, writing.Path)
    real, calls = getattr(owner, step), []

    def stop(*args, **kwargs):
        calls.append(args)
        if len(calls) == nth + 1:
            raise error(28, "No space left on device")
        return real(*args, **kwargs)

    with monkeypatch.context() as patch:
        patch.setattr(owner, step, stop)
        with contextlib.suppress(Stopped, OSError):
            write_files(folder, NEW)
    begun = (folder / INCOMING).exists()
    finish(folder)
    assert there(folder) in ((NEW,) if begun else (OLD, NEW))
    write_files(folder, {"a.csv": b"newer"})
    assert not [p for p in folder.iterdir() if p.name.startswith(".") and p.name != REPLACED]


def test_a_stopped_write_is_an_error_until_it_is_completed(tmp_path, capsys):
    folder = tmp_path / "d"
    shutil.copytree(DATA, folder)
    (folder / INCOMING).mkdir()
    (folder / INCOMING / "context.csv").write_text("date,label,kind,annotate,summary,source\n")
    data, faults = check(folder)
    assert data is None and any(f.file == INCOMING for f in faults)
    with pytest.raises(DataError):
        campaign_files(folder)
    assert main(["check-data", "--data", str(folder)]) == 0
    assert "context.csv" in capsys.readouterr().err
    assert check(folder)[0].context.empty and not (folder / INCOMING).exists()


def test_a_sealed_copy_of_a_stopped_write_is_refused_too(tmp_path):
    shutil.copytree(DATA, tmp_path / "d")
    _copy_folder(tmp_path / "d", tmp_path / "sound")
    assert check(tmp_path / "sound")[0] is not None
    (tmp_path / "d" / INCOMING).mkdir()
    _copy_folder(tmp_path / "d", tmp_path / "half")
    assert check(tmp_path / "half")[0] is None


def test_two_writers_do_not_meet(folder):
    with writing._locked(folder), pytest.raises(BusyError):
        write_files(folder, NEW)
    assert there(folder) == OLD
    write_files(folder, NEW)


def test_a_link_is_replaced_and_not_followed(tmp_path):
    (tmp_path / "mine").write_text("mine")
    (tmp_path / "link").symlink_to(tmp_path / "mine")
    write_file(tmp_path / "link", b"new")
    assert (tmp_path / "mine").read_text() == "mine" and not (tmp_path / "link").is_symlink()
    assert (tmp_path / "link").read_bytes() == b"new"


@pytest.mark.parametrize("name", ["README.md", "datapackage.json"])
def test_the_codebook_writes_through_no_link(tmp_path, name, capsys):
    folder = tmp_path / "d"
    shutil.copytree(DATA, folder)
    shutil.move(folder / name, tmp_path / "mine")
    (folder / name).symlink_to(tmp_path / "mine")
    before = (tmp_path / "mine").read_bytes()
    (folder / "incidents" / "2020Q3.csv").unlink()  # so that both files would change
    main(["codebook", "--data", str(folder)])
    assert (tmp_path / "mine").read_bytes() == before


def test_a_file_keeps_its_permissions(tmp_path):
    path = tmp_path / "x"
    path.write_text("x")
    path.chmod(0o640)
    write_file(path, b"y")
    assert path.stat().st_mode & 0o777 == 0o640
    assert [p.name for p in tmp_path.iterdir()] == ["x"]


def test_refresh_lists_new_quarters(tmp_path):
    folder = tmp_path / "d"
    shutil.copytree(DATA, folder)
    assert refresh_package(folder) is False
    shutil.copy(folder / "incidents/2020Q3.csv", folder / "incidents/2020Q4.csv")
    assert refresh_package(folder) is True and "2020Q4" in (folder / "datapackage.json").read_text()
    assert codebook(folder) == codebook(DATA)


# ---- what changed -----------------------------------------------------------------------------------------

ROWS = st.lists(
    st.fixed_dictionaries({"id": st.sampled_from("abcde")}, optional={"n": st.sampled_from("12")}), max_size=8
)


@given(ROWS, ROWS)
def test_the_count_of_rows_adds_up(before, after):
    found = compare(before, after, "id")
    assert len(before) + len(found.added) - len(found.removed) == len(after)
    assert not compare(before, list(reversed(before)), "id").changed
    back = compare(after, before, "id")
    assert sorted(found.added) == sorted(back.removed) and sorted(found.changed) == sorted(back.changed)


@given(ROWS)
def test_nothing_changes_where_nothing_differs(rows):
    found = compare(rows, rows, "id")
    assert not (found.added or found.changed or found.removed or found.emptied)


def test_emptied_cells_and_lost_columns_are_counted():
    before = as_rows([["id", "n", "m"], ["a", "1", "2"], ["b", "1", ""], ["", "", ""]])
    after = as_rows([["id", "n"], ["b", ""], ["a", "1"]])
    found = compare(before, after, "id")
    assert (found.added, found.changed, found.removed, found.emptied) == ((), ("a", "b"), (), 2)
    assert str(found) == "0 rows added, 2 changed, 0 removed, 2 cells emptied"
