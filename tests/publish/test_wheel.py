"""The wheel, installed into an environment of its own, does in an empty folder what the checkout does."""

from __future__ import annotations

import csv
import json
import shutil
import subprocess
import sys
import sysconfig
import venv
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest
from foreign import GTD, GTD_ROW, write

from incident_report.paths import NOTEBOOKS, ROOT

SECOND = ROOT / "campaigns" / "syria-2012-2013-sample"
CHAPTER = "02_how_dangerous.ipynb"
pytestmark = pytest.mark.xdist_group("wheel")


class Elsewhere:
    """A folder without the project, and a Python that has its wheel and the locked packages, but no checkout."""

    def __init__(self, root: Path) -> None:
        self.folder, self.home = root / "elsewhere", root / "env"
        build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(root / "dist")]
        subprocess.run(build, cwd=ROOT, check=True, capture_output=True)
        (self.wheel,) = (root / "dist").glob("*.whl")
        venv.create(self.home, with_pip=False)
        own = Path(sysconfig.get_path("purelib", vars={"base": str(self.home)}))
        # A line of a .pth file adds a folder, and reads no .pth file in it: the editable install stays behind.
        (own / "locked.pth").write_text(sysconfig.get_path("purelib") + "\n")
        install = ["pip", "--python", str(self.home / "bin" / "python"), "install", "--no-deps", "--no-index"]
        subprocess.run([sys.executable, "-m", *install, str(self.wheel)], check=True, capture_output=True)
        self.folder.mkdir()

    def run(self, *command: str) -> subprocess.CompletedProcess[str]:
        """A program of the environment, in the folder."""
        program = [str(self.home / "bin" / command[0]), *command[1:]]
        return subprocess.run(program, cwd=self.folder, capture_output=True, text=True)

    def make(self, target: str, folder: str) -> None:
        """A target of a campaign's own Makefile, with this environment's Python."""
        python = f"PY={self.home / 'bin' / 'python'}"
        done = subprocess.run(["make", target, python], cwd=self.folder / folder, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr

    def trim(self, folder: Path) -> None:
        """Leave one chapter: its maker may change them, and one shows what all would."""
        for path in (folder / "notebooks").glob("*.ipynb"):
            if path.name != CHAPTER:
                path.unlink()

    def command(self, *options: str) -> str:
        """What a command of ours says; it must succeed."""
        done = self.run("incident-report", *options)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory: pytest.TempPathFactory) -> Elsewhere:
    made = Elsewhere(tmp_path_factory.mktemp("wheel"))
    shutil.copytree(SECOND, made.folder / "campaign")
    return made


def names(wheel: Path) -> Sequence[str]:
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


def test_chapters_templates_and_the_kernels_face_travel_and_nothing_hides_anothers_helpers(elsewhere):
    there = names(elsewhere.wheel)
    chapters = {f"incident_report/notebooks/{p.name}" for p in NOTEBOOKS.glob("*.ipynb")}
    assert chapters <= set(there)
    assert {"incident_report/templates/report.css", "incident_report/requirements.lock"} <= set(there)
    assert {n.split("/")[0].partition("-")[0] for n in there} == {"incident_report", "nbtypst"}
    probe = "import incident_report.helpers as h, importlib.util as u; print(h.__file__, u.find_spec('helpers'))"
    said = elsewhere.run("python", "-c", probe).stdout
    assert str(elsewhere.home) in said and said.strip().endswith("None")


def test_it_checks_a_campaign(elsewhere):
    assert "0 errors" in elsewhere.command("check-data", "--data", "campaign")


def test_it_builds_a_report(elsewhere):
    (elsewhere.folder / "notebooks").mkdir()
    shutil.copy(NOTEBOOKS / CHAPTER, elsewhere.folder / "notebooks")
    elsewhere.command("build", "--data", "campaign", "--only", "html,pdf")
    (made,) = elsewhere.folder.glob("reports/**/provenance.json")
    assert (made.parent / "report.pdf").read_bytes().startswith(b"%PDF")
    assert json.loads(made.read_text("utf-8"))["records"]
    shutil.rmtree(elsewhere.folder / "notebooks")


def test_it_imports(elsewhere):
    write(elsewhere.folder / "gtd.csv", GTD, [GTD_ROW])
    assert "1 rows added" in elsewhere.command("import", "gtd.csv", "--from", "gtd", "--out", "imported")
    assert "0 errors" in elsewhere.command("check-data", "--data", "imported")


def fill(data: Path, quarter: str) -> None:
    """Ten made-up rows and their source."""

    def add(path: Path, rows: list[dict[str, str]]) -> None:
        with path.open(encoding="utf-8") as file:
            head = next(csv.reader(file))
        with path.open("a", encoding="utf-8", newline="") as file:
            csv.DictWriter(file, head, restval="").writerows(rows)

    row = {
        "date_precision": "day", "place": "Djibo", "governorate": "Sahel", "latitude": "14.1", "longitude": "-1.6",
        "target_category": "local_forces", "attack_method": "ied_roadside", "confidence": "medium",
        "outcome": "carried_out", "summary": "Made up for a test.", "sources": "wire",
    }  # fmt: skip
    days = [f"2024-0{1 + i // 4}-{5 + 6 * (i % 4):02}" for i in range(10)]
    own = [{"incident_id": f"BF-{d.replace('-', '')}-1", "date": d, "killed": str(i % 3)} for i, d in enumerate(days)]
    add(data / "incidents" / f"{quarter}.csv", [row | one for one in own])
    add(data / "sources.csv", [{"source_id": "wire", "publisher": "Wire", "kind": "press", "reliability": "C"}])


def test_a_campaign_is_begun_filled_built_and_gone_on_from_elsewhere(elsewhere):
    said = elsewhere.command("init", "sahel", "--country", "Burkina Faso", "--quarter", "2024Q1")
    assert "README.md" in said
    first = elsewhere.folder / "sahel"
    fill(first / "data", "2024Q1")
    elsewhere.trim(first)
    elsewhere.make("report", "sahel")
    elsewhere.command("init", "again", "--from", "sahel/reports/2024Q1/data.zip")
    elsewhere.trim(elsewhere.folder / "again")
    elsewhere.make("report", "again")
    for name in ("report.pdf", "data.zip"):
        one, other = (elsewhere.folder / f / "reports" / "2024Q1" / name for f in ("sahel", "again"))
        assert one.read_bytes() == other.read_bytes(), name


@pytest.mark.chaos
def test_it_builds_every_chapter(elsewhere):
    elsewhere.command("build", "--data", "campaign", "--out", "whole", "--only", "html,pdf,docx")
    assert (elsewhere.folder / "whole" / "report.docx").is_file()
