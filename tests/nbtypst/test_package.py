"""The package by itself: built, installed into an environment that holds only what it declares, and used there."""

from __future__ import annotations

import ast
import importlib.metadata as metadata
import re
import subprocess
import sys
import sysconfig
import tarfile
import tomllib
import venv
import zipfile
from pathlib import Path

import nbformat
import pytest
from packaging.requirements import Requirement
from traits import FRAME, book, cell, md, shown

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "packages" / "nbtypst"
SOURCES = ROOT / "src" / "nbtypst"
pytestmark = [
    pytest.mark.skipif(not PACKAGE.is_dir(), reason="not in the repository that the package is built from"),
]
_IMPORTED = {"pypandoc": "pypandoc-binary", "markdown_it": "markdown-it-py", "nbformat": "nbconvert",
             "traitlets": "nbconvert", "jupyter_core": "nbconvert", "PIL": "pillow", "yaml": "pyyaml"}  # fmt: skip


def build(target: str, source: Path, out: Path) -> Path:
    command = [sys.executable, "-m", "hatchling", "build", "-t", target, "-d", str(out)]
    subprocess.run(command, cwd=source, check=True, capture_output=True)
    (made,) = out.glob("*.whl" if target == "wheel" else "*.tar.gz")
    return made


def declared() -> dict[str, list[str]]:
    project = tomllib.loads((PACKAGE / "pyproject.toml").read_text("utf-8"))["project"]
    return {"": project["dependencies"], **project["optional-dependencies"]}


def name_of(requirement: str) -> str:
    return re.sub(r"[-_.]+", "-", re.match(r"[\w.-]+", requirement)[0]).lower()


def needed(requirements: list[str]) -> set[str]:
    """Names of the installed distributions that these need, themselves included."""
    found: set[str] = set()
    todo = [Requirement(r) for r in requirements]
    seen: set[str] = set()
    while todo:
        wanted = todo.pop()
        if str(wanted) in seen:
            continue
        seen.add(str(wanted))
        found.add(name_of(wanted.name))
        for other in map(Requirement, metadata.requires(wanted.name) or []):
            extras = wanted.extras or {""}
            if other.marker is None or any(other.marker.evaluate({"extra": extra}) for extra in extras):
                todo.append(other)
    return found


@pytest.fixture(scope="module")
def built(tmp_path_factory) -> dict[str, Path]:
    root = tmp_path_factory.mktemp("package")
    sdist = build("sdist", PACKAGE, root / "sdist")
    with tarfile.open(sdist) as archive:
        archive.extractall(root / "unpacked", filter="data")
    (unpacked,) = (root / "unpacked").iterdir()
    return {
        "root": root, "wheel": build("wheel", PACKAGE, root / "wheel"), "sdist": sdist,
        "again": build("wheel", unpacked, root / "again"), "report": build("wheel", ROOT, root / "report"),
    }  # fmt: skip


@pytest.fixture(scope="module", params=["wheel", "sdist"])
def python(built, request) -> Path:
    """Python of an environment with one of the two and nothing but what it declares, and what builds an sdist."""
    home = built["root"] / f"env-{request.param}"
    venv.create(home, with_pip=False)
    building = tomllib.loads((PACKAGE / "pyproject.toml").read_text("utf-8"))["build-system"]["requires"]
    for name in needed(declared()[""] + building * (request.param == "sdist")):
        _link(metadata.distribution(name), home)
    python = home / "bin" / "python"
    how = ["--no-deps", "--no-index", "--no-build-isolation", "--no-cache-dir"]
    command = [sys.executable, "-m", "pip", "--python", str(python), "install", *how, str(built[request.param])]
    subprocess.run(command, check=True, capture_output=True)
    return python


def _link(distribution: metadata.Distribution, home: Path) -> None:
    own = Path(sysconfig.get_path("purelib", vars={"base": str(home)}))
    for top in {f.parts[0] for f in distribution.files or [] if f.parts[0] != ".."}:
        here = Path(distribution.locate_file(top))
        if here.exists() and not (own / top).exists() and here.suffix != ".pth":
            (own / top).symlink_to(here)


def contents(wheel: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(wheel) as archive:
        return {n: archive.read(n) for n in archive.namelist() if n.startswith("nbtypst/")}


def test_one_folder_is_in_the_wheel_in_the_sdists_wheel_and_in_the_reports(built):
    own = contents(built["wheel"])
    files = {path.relative_to(SOURCES.parent).as_posix() for path in SOURCES.rglob("*") if path.is_file()}
    assert set(own) == {name for name in files if "__pycache__" not in name}
    assert {"nbtypst/py.typed", "nbtypst/base.typ", "nbtypst/speech/en.toml"} <= set(own)
    assert own == contents(built["again"]) == contents(built["report"])


def test_the_sdist_carries_tests_pictures_licence_and_changelog(built):
    with tarfile.open(built["sdist"]) as archive:
        names = {name.partition("/")[2] for name in archive.getnames()}
    assert {"LICENSE", "README.md", "CHANGELOG.md", "tests/test_tables.py"} <= names
    assert [n for n in names if n.startswith("pictures/")]
    for picture in re.findall(r"\]\((pictures/[^)]+)\)", (PACKAGE / "README.md").read_text("utf-8")):
        assert picture in names


def test_it_is_used_in_an_empty_environment(python, tmp_path):
    probe = (
        "import nbtypst, importlib.util as u; print(nbtypst.__file__, *map(u.find_spec, ('incident_report', 'pandas')))"
    )
    said = subprocess.run([python, "-c", probe], cwd=tmp_path, capture_output=True, text=True, check=True).stdout
    assert str(python.parents[1]) in said and said.strip().endswith("None None")
    nbformat.write(book(md("# A\n\nText $x^2$."), cell(shown({"text/html": FRAME}))), tmp_path / "a.ipynb")
    for to, name in (("typst_pdf", "a.pdf"), ("typst", "a.typ")):
        command = [python, "-m", "nbconvert", "--to", to, "a.ipynb"]
        done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True)
        assert done.returncode == 0, done.stderr
        assert (tmp_path / name).stat().st_size > 1000
    assert (tmp_path / "a.pdf").read_bytes().startswith(b"%PDF")


def test_what_is_imported_is_declared():
    own = {name_of(r) for rs in declared().values() for r in rs}
    for path in SOURCES.glob("*.py"):
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            names = [a.name for a in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) and not node.level else []
            for top in {n.partition(".")[0] for n in names} - set(sys.stdlib_module_names) - {"nbtypst"}:
                assert name_of(_IMPORTED.get(top, top)) in own, f"{path.name} imports {top}"


def test_version_and_licence():
    version = re.search(r'__version__ = "([\d.]+)"', (SOURCES / "__init__.py").read_text("utf-8"))
    changes = (PACKAGE / "CHANGELOG.md").read_text("utf-8")
    assert re.search(r"^## ([\d.]+)", changes, re.M)[1] == version[1]
    assert (PACKAGE / "LICENSE").read_text("utf-8") == (ROOT / "LICENSE").read_text("utf-8")
