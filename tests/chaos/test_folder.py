"""A campaign folder is a closed set: reading is guarded, what nobody reads is named, what cannot be right is told."""

from __future__ import annotations

import csv
import io
import os
import shutil
import socket
import unicodedata
import zipfile
from collections.abc import Callable
from pathlib import Path

import pytest
from lab import Done, Project, campaign, some

Q3 = "incidents/2020Q3.csv"
SECRET = "a secret that is nobody's business"


def check(project: Project, tmp_path: Path, spoils: dict[str, Callable[[Path], object]]) -> dict[str, Done]:
    """Spoil one campaign each way, check them all."""
    folders = {}
    for number, (name, spoil) in enumerate(spoils.items()):
        folder = campaign(tmp_path / f"c{number}/campaign")
        spoil(folder)
        folders[name] = folder
    done = project.each(*(("check-data", "--data", str(f)) for f in folders.values()))
    for name, one in zip(folders, done, strict=True):
        assert one.code in (0, 1), (name, one.said[-500:])
        one.plain()
    return dict(zip(folders, done, strict=True))


RENAMED = [
    ("corrections.csv", "correction.csv"),
    ("corrections.csv", "corrections.CSV"),
    ("corrections.csv", "corrections.csv.txt"),
    ("corrections.csv", "corrections (1).csv"),
    ("corrections.csv", "Corrections.csv"),
    ("corrections.csv", "incidents/corrections.csv"),
    ("corrections.csv", "geo/corrections.csv"),
    ("tallies.csv", "tally.csv"),
    ("tallies.csv", "tallies.tsv"),
    ("tallies.csv", "tallies.ods"),
    ("tallies.csv", "tallies.csv.gz"),
    ("tallies.csv", "tallіes.csv"),  # a Cyrillic і
    ("tallies.csv", "tallies\u200b.csv"),
    ("context.csv", "contexts.csv"),
    ("posture.csv", "posture"),
    ("coverage.csv", "covarage.csv"),
    ("geo/region.geojson", "geo/region.json"),
    ("geo/region.geojson", "region.geojson"),
    ("geo/governorates.csv", "geo/provinces.csv"),
    (Q3, "incidents/2020q3.csv"),
    (Q3, "incidents/2020-Q3.csv"),
    (Q3, "incidents/2020Q3.txt"),
    (Q3, "incidents/2020Q3.csv.bak"),
    (Q3, "incidents/old/2020Q3.csv"),
    (Q3, "incident/2020Q3.csv"),
    (Q3, "2020Q3.csv"),
]


def test_a_file_that_nobody_reads_is_named(shared: Project, tmp_path: Path) -> None:
    def rename(old: str, new: str) -> Callable[[Path], object]:
        def spoil(folder: Path) -> None:
            (folder / new).parent.mkdir(exist_ok=True)
            (folder / old).rename(folder / new)

        return spoil

    for (old, new), done in zip(
        RENAMED, check(shared, tmp_path, {f"{o} as {n}": rename(o, n) for o, n in RENAMED}).values(), strict=True
    ):
        name = Path(new).name
        plain = name.encode("ascii", "ignore").decode()
        assert name in done.said or (("200b" in done.said.lower() or "і" in done.said) and plain[:4] in done.said), (
            f"{old} as {new} is ignored: {done.said[-400:]}"
        )


def test_a_close_name_gets_did_you_mean(shared: Project, tmp_path: Path) -> None:
    pairs = {"correction.csv": "corrections.csv", "report.yaml": "report.yml", "claim.yml": "claims.yml"}
    spoils = {new: lambda f, n=new: (f / n).write_text("a: 1\n" if n.endswith("ml") else "a\n1\n") for new in pairs}
    for new, done in check(shared, tmp_path, spoils).items():
        assert new in done.said and pairs[new] in done.said, done.said


def test_what_editors_and_systems_leave_does_not_stop_a_build(shared: Project, tmp_path: Path) -> None:
    names = (
        ".DS_Store",
        "Thumbs.db",
        ".~lock.tallies.csv#",
        "tallies.csv~",
        ".tallies.csv.swp",
        ".git/config",
        "desktop.ini",
    )
    spoils: dict[str, Callable[[Path], object]] = {}
    for name in names:

        def spoil(folder: Path, name: str = name) -> None:
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text("x")

        spoils[name] = spoil
    for name, done in check(shared, tmp_path, spoils).items():
        assert done.code == 0, (name, done.said[-400:])


def outward(name: str, target: Path) -> Callable[[Path], object]:
    def spoil(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).symlink_to(target)

    return spoil


def named_pipe(name: str) -> Callable[[Path], object]:
    def spoil(folder: Path) -> None:
        (folder / name).unlink(missing_ok=True)
        os.mkfifo(folder / name)

    return spoil


def sock(folder: Path) -> None:
    (folder / "README.md").unlink(missing_ok=True)
    here = Path.cwd()
    os.chdir(folder)
    try:
        socket.socket(socket.AF_UNIX).bind("README.md")
    finally:
        os.chdir(here)


READ = [
    "README.md",
    "report.yml",
    "tallies.csv",
    Q3,
    "datapackage.json",
    "geo/region.geojson",
    "claims.yml",
    "coverage.csv",
]


def test_a_link_out_of_the_folder_and_anything_but_a_file_are_refused(shared: Project, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(SECRET)
    (tmp_path / "secrets").mkdir()
    (tmp_path / "secrets/2020Q1.csv").write_text(SECRET)
    spoils: dict[str, Callable[[Path], object]] = {}
    for name in READ:
        spoils[f"link {name}"] = outward(name, tmp_path / "secret.md")
        spoils[f"relative link {name}"] = outward(name, Path("../" * (2 + name.count("/"))) / "secret.md")
        spoils[f"link {name} to nowhere"] = outward(name, tmp_path / "nowhere")
        spoils[f"link {name} to a device"] = outward(name, Path("/dev/zero"))
        spoils[f"link {name} to itself"] = outward(name, Path(Path(name).name))
        spoils[f"link {name} to a folder"] = outward(name, tmp_path)
        spoils[f"pipe {name}"] = named_pipe(name)
        spoils[f"folder {name}"] = lambda f, n=name: ((f / n).unlink(missing_ok=True), (f / n).mkdir(parents=True))
    spoils["socket"] = sock
    spoils["unread pipe"] = named_pipe("incidents/2020Q1.csv")
    spoils["folder of incidents"] = lambda f: (shutil.rmtree(f / "geo"), (f / "geo").symlink_to(tmp_path / "secrets"))
    spoils["huge"] = lambda f: os.truncate(_touched(f / "README.md"), 5 * 2**30)
    found = check(shared, tmp_path, spoils)
    assert not [name for name, done in found.items() if SECRET in done.said]
    accepted = [name for name, done in found.items() if done.code == 0]
    assert not accepted


def _touched(path: Path) -> Path:
    path.touch()
    return path


@pytest.mark.chaos
def test_no_linked_secret_is_published(project: Project, tmp_path: Path) -> None:
    (tmp_path / "secret.md").write_text(SECRET)
    for name in ("README.md", "codebook.md", "report.yml.bak", "story/2020Q3.md", ".hidden", "notes.txt"):
        path = project.root / "data" / name
        path.parent.mkdir(exist_ok=True)
        path.symlink_to(tmp_path / "secret.md")
        done = project.build()
        done.plain()
        for bundle in (project.root / "reports").rglob("data.zip"):
            with zipfile.ZipFile(bundle) as archive:
                assert not [n for n in archive.namelist() if SECRET.encode() in archive.read(n)], name
        for page in (project.root / "reports").rglob("*.*"):
            assert SECRET.encode() not in page.read_bytes(), name
        path.unlink()


@pytest.mark.chaos
def test_data_may_be_a_link(project: Project, tmp_path: Path) -> None:
    (project.root / "data").rename(tmp_path / "elsewhere")
    (project.root / "data").symlink_to(tmp_path / "elsewhere")
    for _ in range(2):
        done = project.make("html")
        assert done.code == 0, done.said
    assert (project.root / "reports/2020Q3/report.html").exists()
    assert len(list((project.root / "reports").rglob("report.html"))) == 1
    inode = project.report.stat().st_ino
    assert project.make("html").code == 0
    assert project.report.stat().st_ino == inode, "built again although nothing changed"


def cells(folder: Path, table: str, column: str, value: str, row: int = 1) -> None:
    path = folder / table
    rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
    rows[row][rows[0].index(column)] = value
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows(rows)
    path.write_text(out.getvalue(), "utf-8")


def test_series_trackers_and_groups_outside_their_vocabulary_are_told(shared: Project, tmp_path: Path) -> None:
    cases = [
        ("tallies.csv", "series", "logistic_convoy"),
        ("tallies.csv", "series", "Rocket_Drone"),
        ("tallies.csv", "series", "nan"),
        ("tallies.csv", "series", "NULL"),
        ("tallies.csv", "tracker", "knigths"),
        ("tallies.csv", "tracker", "Knights"),
        ("tallies.csv", "tracker", "N/A"),
        ("tallies.csv", "tracker", "nobody"),
        (Q3, "claimed_by", "Ashab al-Kahaf Brigade of nowhere"),
    ]
    done = check(
        shared, tmp_path, {f"{t} {c} {v}": lambda f, t=t, c=c, v=v: cells(f, t, c, v) for t, c, v in cases[:-1]}
    )
    for (_, column, value), one in zip(cases, done.values(), strict=False):
        assert value in one.said and column in one.said, (column, value, one.said[-400:])


def test_two_tallies_that_contradict_each_other_are_told(shared: Project, tmp_path: Path) -> None:
    def twice(folder: Path) -> None:
        path = folder / "tallies.csv"
        rows = list(csv.reader(io.StringIO(path.read_text("utf-8"))))
        again = [*rows[1]]
        again[rows[0].index("tally_id")] += "-again"
        again[rows[0].index("count")] = "414"
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows([*rows, again])
        path.write_text(out.getvalue(), "utf-8")

    done = check(shared, tmp_path, {"twice": twice})["twice"]
    assert "414" in done.said or "-again" in done.said, done.said


UNSEEN = {
    "zero-width space": "Baghdad\u200b",
    "zero-width joiner": "Bagh\u200ddad",
    "zero-width no-break space": "\ufeffBaghdad",
    "soft hyphen": "Bagh\u00addad",
    "word joiner": "Bagh\u2060dad",
    "right-to-left override": "\u202eBaghdad",
    "isolate": "\u2067Baghdad\u2069",
    "left-to-right mark": "Baghdad\u200e",
    "no-break space": "Green\u00a0Zone",
    "narrow no-break space": "Green\u202fZone",
    "ideographic space": "Green\u3000Zone",
    "non-breaking hyphen": "al\u2011Asad",
    "minus": "al\u2212Asad",
    "Cyrillic a": "B\u0430ghdad",
    "Greek o": "C\u03bfnvoy",
    "full-width letters": "\uff22aghdad",
    "combining only": unicodedata.normalize("NFD", "Bagdád"),
    "tag characters": "Baghdad\U000e0041",
    "variation selector": "Baghdad\ufe0f",
    "Hangul filler": "Baghdad\u3164",
    "braille blank": "Baghdad\u2800",
    "interlinear": "Baghdad\ufff9",
    "private use": "Baghdad\ue000",
    "nan": "nan",
    "NaN": "NaN",
    "NULL": "NULL",
    "None": "None",
    "N/A": "N/A",
    "n.a.": "n/a",
    "#N/A": "#N/A",
    "#REF!": "#REF!",
    "<NA>": "<NA>",
    "dash": "-",
    "question mark": "?",
    "TBD": "TBD",
}


@pytest.mark.parametrize("column", some(["claimed_by", "place", "target_name"], "place"))
def test_what_cannot_be_seen_or_is_no_name_is_told(shared: Project, tmp_path: Path, column: str) -> None:
    spoils = {n: lambda f, v=v: cells(f, Q3, column, v) for n, v in UNSEEN.items()}
    plain = check(shared, tmp_path / "plain", {"plain": lambda f: None})["plain"]
    assert column not in plain.said
    silent = [
        name
        for name, done in check(shared, tmp_path, spoils).items()
        if column not in done.said and name != "combining only"
    ]
    assert not silent, f"nothing is said of {silent} in {column}"


def test_ids_that_look_alike_are_told(shared: Project, tmp_path: Path) -> None:
    values = {
        "hyphen": "IQ\u201120200701-1",
        "Cyrillic": "I\u051a-20200701-1",
        "zero-width": "IQ-20200701-1\u200b",
        "lower case": "iq-20200701-1",
        "full-width": "\uff29Q-20200701-1",
    }
    for name, done in check(
        shared, tmp_path, {n: lambda f, v=v: cells(f, Q3, "incident_id", v) for n, v in values.items()}
    ).items():
        assert "incident_id" in done.said, (name, done.said[-300:])


def test_label_points_outside_the_outline_are_told(shared: Project, tmp_path: Path) -> None:
    spoils: dict[str, Callable[[Path], object]] = {
        f"{column} {value}": lambda f, c=column, v=value: cells(f, "geo/governorates.csv", c, v)
        for column, value in (("longitude", "0"), ("longitude", "91"), ("latitude", "-33.3"), ("latitude", "0"))
    }
    for name, done in check(shared, tmp_path, spoils).items():
        assert "governorates.csv" in done.said, (name, done.said[-300:])


def test_every_spoilt_folder_is_told_as_json_too(shared: Project, tmp_path: Path) -> None:
    import json

    folder = campaign(tmp_path / "campaign")
    path = folder / Q3
    text = path.read_text("utf-8").splitlines(keepends=True)
    path.write_text(text[0] + "".join(text[1].replace("2020-07", "2020-99") for _ in range(500)), "utf-8")
    plain, full = shared.each(
        ("check-data", "--data", str(folder)), ("check-data", "--data", str(folder), "--format", "json")
    )
    assert plain.code == full.code == 1
    assert len(plain.out.splitlines() + plain.err.splitlines()) < 250, "faults are not capped"
    told = json.loads(full.out)
    faults = told["faults"] if isinstance(told, dict) else told
    assert len(faults) >= 500
