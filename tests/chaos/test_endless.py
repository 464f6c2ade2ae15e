"""Nothing without end: each of these stops by itself, within seconds and with a message."""

from __future__ import annotations

import json
import resource
import subprocess
import time
import zipfile
from pathlib import Path

import pytest
from lab import OPEN, Done, Project, campaign, some

from incident_report.paths import DATA

Q3 = "incidents/2020Q3.csv"
GIGABYTE = 2**30


def bounded(project: Project, *arguments: str | Path, seconds: int = 60, memory: int = 3) -> Done:
    """A command that may take so many seconds of the processor and so much memory, and no more."""

    def bound() -> None:
        resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
        resource.setrlimit(resource.RLIMIT_AS, (memory * GIGABYTE, memory * GIGABYTE))

    words = [str(w) for w in project.words(*arguments)]
    done = subprocess.run(
        words,
        cwd=project.root,
        env=project.environment(),
        capture_output=True,
        text=True,
        preexec_fn=bound,
        timeout=300,
    )
    told = Done(done.returncode, done.stdout, done.stderr)
    assert told.code >= 0, f"stopped by the bound on its time: {told.said[-300:]}"
    assert "MemoryError" not in told.said
    return told


CELLS = {
    "too much output": ('import sys\nfor _ in range(100):\n    print("x" * 1_000_000)', "00_one.ipynb"),
    "too much to stderr": (
        'import sys\nfor _ in range(100):\n    print("x" * 1_000_000, file=sys.stderr)',
        "00_one.ipynb",
    ),
    "one huge result": ('"x" * 100_000_000', "00_one.ipynb"),
    "many small outputs": (
        "from IPython.display import display\nfor i in range(200_000):\n    display(i)",
        "00_one.ipynb",
    ),
    "asks for input": ('input("name? ")', "00_one.ipynb"),
    "dies": ("import os, signal\nos.kill(os.getpid(), signal.SIGKILL)", "00_one.ipynb"),
    "leaves": ("import os\nos._exit(0)", "00_one.ipynb"),
    "long message": ('raise ValueError("x" * 100_000)', "ValueError"),
    "message of surrogates": ('raise ValueError("lone \\udce9 surrogate " + "y" * 100_000)', "ValueError"),
    "message of lines": ('raise ValueError("\\n" * 100_000)', "ValueError"),
    "own exception": (
        'class Bad(Exception):\n    def __str__(self): raise RuntimeError("no text")\nraise Bad()',
        "00_one.ipynb",
    ),
    "deep recursion": ("def f(): f()\nf()", "RecursionError"),
    "surrogates printed": ('print("\\udce9 \\ud800")\nshow_prose("txt-z", "Here.")', ""),
}


@pytest.mark.parametrize("name", some(CELLS, "too much output"))
def test_a_cell_that_goes_wrong_is_told_in_one_line(project: Project, name: str) -> None:
    source, told = CELLS[name]
    project.chapter("00_one", OPEN, source)
    done = project.build()
    done.plain()
    if told:
        assert done.code == 1, done.said
        assert told in done.err
        assert len([line for line in done.err.splitlines() if line.startswith("incident-report: ")]) == 1, done.err
        assert not project.report.exists()


def test_a_cell_without_end_is_stopped_at_its_limit(project: Project) -> None:
    project.chapter("00_one", OPEN, "while True: pass")
    begin = time.monotonic()
    done = project.build("--cell-seconds", "3")
    assert done.code == 1, done.said
    assert "00_one.ipynb" in done.plain() and "3" in done.err
    assert time.monotonic() - begin < 90
    assert not project.report.exists()


@pytest.mark.chaos
def test_a_cell_that_will_not_be_interrupted_is_stopped_too(project: Project) -> None:
    project.chapter("00_one", OPEN, "while True:\n    try:\n        while True: pass\n    except BaseException: pass")
    done = project.build("--cell-seconds", "3")
    assert done.code == 1, done.said
    done.plain()


PATTERNS = [
    "^(a+)+$",
    "^(\\w+\\s?)*$",
    "(x+x+)+y",
    "^([a-z]|[a-z])*$",
    "(.*)*\\1$",
    "^(?=(a+))*b",
    "((a{0,99}){0,99}){0,99}$",
]


@pytest.mark.parametrize("pattern", some(PATTERNS, PATTERNS[0]))
def test_a_pattern_that_backtracks_is_bounded(project: Project, tmp_path: Path, pattern: str) -> None:
    schema = json.loads((DATA / "datapackage.json").read_text("utf-8"))
    for one in schema["resources"]:
        for field in one.get("schema", {}).get("fields", []):
            if field["name"] in ("summary", "place"):
                field.setdefault("constraints", {})["pattern"] = pattern
    folder = campaign(tmp_path / "campaign", {"datapackage.json": json.dumps(schema)})
    path = folder / Q3
    path.write_text(path.read_text("utf-8").replace("Baghdad", "a" * 60 + "!").replace(" ", " a"), "utf-8")
    done = bounded(project, "check-data", "--data", folder, seconds=30)
    assert done.code in (0, 1)
    done.plain()


def lines(number: int, length: int) -> bytes:
    return b"\n".join([b"x" * length] * number) + b"\n"


@pytest.mark.chaos
def test_very_long_lines_and_very_many_are_bounded(project: Project, tmp_path: Path) -> None:
    header = campaign(tmp_path / "plain").joinpath(Q3).read_bytes().splitlines()[0]
    million = b",".join(b"c%d" % i for i in range(1_000_000))
    spoilt = {
        "a large file": lines(1, 40_000_000),
        "one line": lines(1, 15_000_000),
        "a line with a quote": header + b'\n"' + b"x" * 15_000_000,
        "a million columns": million + b"\n",
        "a million rows": header + b"\n" + lines(700_000, 20),
        "commas": header + b"\n" + b"," * 15_000_000,
        "quotes": header + b"\n" + b'""' * 7_000_000,
        "empty lines": header + b"\n" * 15_000_000,
    }
    for name, content in spoilt.items():
        folder = campaign(tmp_path / "campaign", {Q3: content})
        done = bounded(project, "check-data", "--data", folder, seconds=30)
        assert done.code == 1, (name, done.said[-300:])
        done.plain()
        assert len(done.said.splitlines()) < 200, name


YAML = {
    "billion laughs": "a: &a [x,x,x,x,x,x,x,x,x]\n"
    + "".join(
        f"{n}: &{n} [*{p},*{p},*{p},*{p},*{p},*{p},*{p},*{p},*{p}]\n"
        for p, n in zip("abcdefghi", "bcdefghij", strict=True)
    ),
    "deep": "a: " + "[" * 20_000 + "]" * 20_000,
    "object": "a: !!python/object/apply:os.system ['touch PWNED']\n",
    "long key": "? " + "x" * 2_000_000 + "\n: y\n",
    "number": "a: " + "9" * 200_000 + "\n",
    "recursive": "&a [*a]\n",
}


@pytest.mark.chaos
def test_yaml_and_json_that_grow_are_bounded(project: Project, tmp_path: Path) -> None:
    for name in ("report.yml", "claims.yml"):
        for kind, content in YAML.items():
            folder = campaign(tmp_path / "campaign", {name: content})
            done = bounded(project, "check-data", "--data", folder, seconds=20, memory=2)
            assert done.code == 1, (name, kind, done.said[-300:])
            done.plain()
            assert not list(tmp_path.rglob("PWNED*")) and not list(project.root.rglob("PWNED*"))
    for kind, content in {
        "deep": "[" * 200_000,
        "number": '{"a": ' + "9" * 200_000 + "}",
        "repeated": '{"a":1,"a":2}',
    }.items():
        folder = campaign(tmp_path / "campaign", {"datapackage.json": content})
        done = bounded(project, "check-data", "--data", folder, seconds=20, memory=2)
        assert done.code == 1, (kind, done.said[-300:])
        done.plain()


def workbook(path: Path, sheet: str, strings: str = "") -> Path:
    """A workbook by hand, so that it may say what no program would write."""
    types = (
        '<?xml version="1.0"?><Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
        '<Default Extension="xml" ContentType="application/xml"/>'
        '<Override PartName="/xl/workbook.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/>'
        '<Override PartName="/xl/worksheets/sheet1.xml" '
        'ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/></Types>'
    )
    relation = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    links = '<?xml version="1.0"?><Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
    one = '<Relationship Id="rId1" Type="{}/{}" Target="{}"/>'
    main = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", types)
        archive.writestr("_rels/.rels", links.format(one.format(relation, "officeDocument", "xl/workbook.xml")))
        archive.writestr(
            "xl/_rels/workbook.xml.rels", links.format(one.format(relation, "worksheet", "worksheets/sheet1.xml"))
        )
        archive.writestr(
            "xl/workbook.xml",
            f'<?xml version="1.0"?><workbook xmlns="{main}" xmlns:r="{relation}"><sheets>'
            '<sheet name="2020Q3" sheetId="1" r:id="rId1"/></sheets></workbook>',
        )
        with archive.open("xl/worksheets/sheet1.xml", "w", force_zip64=True) as stream:
            stream.write(f'<?xml version="1.0"?>{strings}<worksheet xmlns="{main}"><sheetData>'.encode())
            for part in [sheet] if isinstance(sheet, str) else sheet:
                stream.write(part.encode())
            stream.write(b"</sheetData></worksheet>")
    return path


def test_workbooks_that_grow_are_bounded(project: Project, tmp_path: Path) -> None:
    far = '<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row>'
    wide = (
        '<row r="1">'
        + "".join(f'<c r="{_letters(i)}1" t="inlineStr"><is><t>x</t></is></c>' for i in range(1, 16385))
        + "</row>"
    )
    laughs = (
        '<!DOCTYPE x [<!ENTITY a "ha"><!ENTITY b "&a;&a;&a;&a;&a;&a;"><!ENTITY c "&b;&b;&b;&b;&b;&b;">'
        '<!ENTITY d SYSTEM "file:///etc/passwd">]>'
    )
    books = {
        "far cell": workbook(tmp_path / "far.xlsx", far),
        "far column": workbook(tmp_path / "wide.xlsx", wide + far),
        "entities": workbook(
            tmp_path / "laughs.xlsx", '<row r="1"><c r="A1" t="inlineStr"><is><t>&c;&d;</t></is></c></row>', laughs
        ),
        "bomb": workbook(tmp_path / "bomb.xlsx", "<row>" + " " * 300_000_000 + "</row>"),
        "negative": workbook(tmp_path / "negative.xlsx", '<row r="-1"><c r="A0"/></row>'),
        "long text": workbook(
            tmp_path / "long.xlsx", f'<row r="1"><c r="A1" t="inlineStr"><is><t>{"x" * 5_000_000}</t></is></c></row>'
        ),
    }
    for name, path in books.items():
        before = (project.root / f"data/{Q3}").read_bytes()
        done = bounded(project, "import", path, seconds=25, memory=2)
        assert done.code in (1, 2), (name, done.said[-400:])
        done.plain()
        assert "root:" not in done.said
        assert (project.root / f"data/{Q3}").read_bytes() == before, name


def _letters(number: int) -> str:
    text = ""
    while number:
        number, rest = divmod(number - 1, 26)
        text = chr(65 + rest) + text
    return text


def archive_of(path: Path, files: dict[str, bytes]) -> Path:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return path


@pytest.mark.chaos
def test_archives_of_others_are_bounded_and_write_nowhere(project: Project, tmp_path: Path) -> None:
    """A data.zip from outside, given to verify, diff and --previous."""
    bomb = archive_of(
        tmp_path / "bomb.zip", {"datapackage.json": b'{"x": "' + b" " * 400_000_000 + b'"}', "incidents.csv": b"a\n"}
    )
    up = archive_of(
        tmp_path / "up.zip",
        {"../../../PWNED.csv": b"x", "/tmp/PWNED.csv": b"x", "C:\\PWNED": b"x", "incidents.csv": b"a\n"},
    )
    many = archive_of(tmp_path / "many.zip", {f"f{i}.csv": b"" for i in range(70_000)})
    odd = tmp_path / "odd.zip"
    odd.write_bytes(b"PK\x03\x04 not a zip")
    with zipfile.ZipFile(tmp_path / "link.zip", "w") as archive:
        entry = zipfile.ZipInfo("incidents.csv")
        entry.create_system, entry.external_attr = 3, 0o120777 << 16
        archive.writestr(entry, "/etc/passwd")
    for path in (bomb, up, many, odd, tmp_path / "link.zip", Path("/dev/zero"), tmp_path):
        for arguments in (
            ["verify", str(path)],
            ["verify", "--rebuild", str(path)],
            ["diff", "--from", str(path), "--to", str(path)],
            ["build", "--only", "html", "--previous", str(path)],
        ):
            done = bounded(project, *arguments, seconds=30, memory=4)
            assert done.code in (1, 2), (arguments, done.said[-400:])
            done.plain()
            assert "root:" not in done.said
    assert not list(tmp_path.rglob("PWNED*")) and not list(project.root.rglob("PWNED*"))
    assert not Path("/tmp/PWNED.csv").exists()
