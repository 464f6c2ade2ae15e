"""A campaign folder is a closed set: what nobody reads is named, and nothing is read from outside."""

import os
import shutil
import sys
from functools import cache
from pathlib import Path

import pytest

from incident_report.cli import main
from incident_report.data import DataError, campaign_files, check, format_faults
from incident_report.data.known import COMPANIONS, DOCUMENTS
from incident_report.data.package import read_package
from incident_report.paths import DATA, ROOT

sys.path.insert(0, str(Path(__file__).parents[1] / "data"))
from small import Q3, files, make


@pytest.fixture
def whole(tmp_path):
    """The founding campaign, every kind of file in it."""
    return Path(shutil.copytree(DATA, tmp_path / "d"))


@cache
def founding_faults():
    return check(DATA)[1]


def named(folder, name):
    data, faults = check(folder)
    found = [f for f in faults if f.file == name]
    assert found, f"{name!r} is not named:\n{format_faults(faults)}"
    return data, found


MISNAMED = [
    ("corrections.csv", "correction.csv"),
    ("corrections.csv", "corrections (1).csv"),
    ("corrections.csv", "corrections.csv.bak"),
    ("corrections.csv", "Corrections.CSV"),
    ("corrections.csv", "corrections.tsv"),
    ("corrections.csv", "corrections"),
    ("claims.yml", "claims.yaml"),
    ("claims.yml", "claim.yml"),
    ("policy_options.yml", "policy-options.yml"),
    ("policy_options.yml", "options.yml"),
    ("tallies.csv", "Tallies.csv"),
    ("tallies.csv", "tallies.xlsx"),
    ("tallies.csv", "tallies.csv.gz"),
    ("tallies.csv", "tally.csv"),
    ("tallies.csv", "geo/tallies.csv"),
    ("context.csv", "context .csv"),
    ("context.csv", " context.csv"),
    ("sophistication.yml", "sophistication.yaml"),
    ("coverage.csv", "coverage\u200b.csv"),
    ("geo/region.geojson", "geo/region.json"),
    ("geo/region.geojson", "region.geojson"),
    ("geo/governorates.csv", "governorates.csv"),
    ("incidents/2020Q3.csv", "incidents/2020Q3.CSV"),
    ("incidents/2020Q3.csv", "incidents/2020q3.csv"),
    ("incidents/2020Q3.csv", "incidents/2020Q3.txt"),
    ("incidents/2020Q3.csv", "2020Q3.csv"),
    ("geo", "Geo"),
    ("geo", "geo "),
]


@pytest.mark.parametrize(("right", "wrong"), MISNAMED)
def test_a_known_file_under_a_near_name_is_an_error(whole, right, wrong):
    (whole / right).rename(whole / wrong)
    data, found = named(whole, wrong)
    assert data is None and any(f.severity == "error" for f in found)
    assert any(Path(right).stem in f.message for f in found)


@pytest.mark.parametrize(
    "name",
    ["notes.txt", "tallies_old.csv", "photos", "drafts", "claims.yml.bak", "incidents/2020Q3.xlsx", "geo/more", "x"],
)
def test_a_stranger_is_a_warning(whole, name):
    (whole / name).mkdir() if "." not in name else (whole / name).write_text("x")
    data, found = named(whole, name)
    assert data is not None and {f.severity for f in found} == {"warning"}


@pytest.mark.parametrize(
    "name",
    [
        *(".DS_Store", "~$tallies.xlsx", "tallies.csv~", ".replaced/tallies.csv", ".~lock.tallies.csv#", "Thumbs.db"),
        *("README.md", "LICENSE.txt", "import/left_out.csv", "incidents/.x.csv", "edition/incidents.csv"),
    ],
)
def test_what_belongs_and_what_programs_leave_is_no_stranger(whole, name):
    (whole / name).parent.mkdir(exist_ok=True)
    (whole / name).write_text("x")
    assert check(whole)[1] == founding_faults()


def test_thousands_of_strangers_are_a_few_lines(whole):
    for i in range(3000):
        (whole / f"photo{i}.jpg").touch()
    assert len(format_faults(check(whole)[1]).splitlines()) < 80
    for i in range(3000, 6000):
        (whole / f"photo{i}.jpg").touch()
    assert check(whole)[0] is None


def test_every_kind_of_file_that_is_read_is_declared():
    known = set(campaign_files(DATA))
    tables = {t.path for t in read_package(DATA).tables.values() if "*" not in t.path}
    assert known <= tables | {*DOCUMENTS, *COMPANIONS} | {n for n in known if n.startswith(("incidents/", "story/"))}
    every = {p.relative_to(DATA).as_posix() for p in DATA.rglob("*") if p.is_file() and not p.name.startswith(".")}
    assert known == every


@pytest.mark.parametrize("folder", [DATA, *sorted((ROOT / "campaigns").iterdir())], ids=lambda p: p.name)
def test_our_own_campaigns_hold_no_stranger(folder):
    assert not [f for f in check(folder)[1] if "nobody reads" in f.message]


EVIL = ["README.md", "report.yml", "sources.csv", "datapackage.json", "geo/region.geojson", Q3, "import/left_out.csv"]


def link(path, target):
    path.symlink_to(target)


def pipe(path, target):
    os.mkfifo(path)


def socket(path, target):
    import socket as library

    with library.socket(library.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(path.parent)  # the name of a socket may have about a hundred bytes
        one.bind(path.name)
        os.chdir(here)


def huge(path, target):
    with path.open("wb") as stream:
        stream.truncate(2**40)


@pytest.mark.parametrize("name", EVIL)
@pytest.mark.parametrize(
    ("spoil", "target"),
    [
        *((link, t) for t in ("secret", "/dev/zero", "/etc", "/proc/self/environ", "nowhere")),
        *((make_it, "") for make_it in (pipe, socket, huge, lambda path, target: path.mkdir())),
    ],
)
def test_what_is_no_ordinary_file_in_the_folder_is_refused(tmp_path, name, spoil, target):
    (tmp_path / "secret").write_text(files().get(name, "x"))
    folder = make(tmp_path / "c", {name: None})
    (folder / name).parent.mkdir(exist_ok=True)
    spoil(folder / name, str(tmp_path / "secret") if target == "secret" else target)
    data, faults = check(folder)
    assert data is None and any(f.file == name for f in faults)
    with pytest.raises(DataError) as caught:
        campaign_files(folder)
    assert any(f.file == name for f in caught.value.faults)


def test_a_folder_that_leads_out_is_refused(tmp_path):
    folder = make(tmp_path / "c")
    shutil.move(folder / "geo", tmp_path / "geo")
    (folder / "geo").symlink_to(tmp_path / "geo")
    assert check(folder)[0] is None
    with pytest.raises(DataError):
        campaign_files(folder)


@pytest.mark.parametrize("path", ["../secret.csv", "/etc/passwd", "geo/../../secret.csv"])
def test_a_path_in_the_schema_does_not_lead_out(tmp_path, path):
    import json

    (tmp_path / "secret.csv").write_text(files()["tallies.csv"])
    raw = json.loads((DATA / "datapackage.json").read_text())
    next(r for r in raw["resources"] if r["name"] == "tallies")["path"] = path
    folder = make(tmp_path / "c", {"datapackage.json": json.dumps(raw), "tallies.csv": None})
    assert check(folder)[0] is None
    assert all(p.is_relative_to(folder) for p in campaign_files(folder).values())


def test_the_folder_itself_may_be_a_link(tmp_path):
    folder = make(tmp_path / "c")
    (tmp_path / "data").symlink_to(folder)
    assert check(tmp_path / "data")[0] is not None
    assert list(campaign_files(tmp_path / "data")) == list(campaign_files(folder))


def test_strangers_are_not_in_the_set(tmp_path):
    folder = make(tmp_path / "c")
    before = campaign_files(folder)
    (folder / "more.csv").write_text("a,b\n")
    (folder / ".replaced" / "incidents").mkdir(parents=True)
    (folder / ".replaced" / Q3).write_text("a,b\n")
    assert campaign_files(folder) == before


def test_a_name_that_cannot_be_printed_is_told(tmp_path, capsys):
    folder = make(tmp_path / "c")
    (folder / os.fsdecode(b"\xff\n\x1b[31m.csv")).write_text("x")
    for form in ("text", "json"):
        assert main(["check-data", "--data", str(folder), "--format", form]) == 0
        told = capsys.readouterr().out
        assert "\x1b" not in told and told.encode("utf-8")
