"""A build reads one private copy, publishes only what is still true of its sources, and knows when it is due."""

from __future__ import annotations

import io
import json
import os
import re
import shutil
import subprocess
import sys
import time
from pathlib import Path

import nbformat
import pytest
from small import make

from incident_report.analysis.open import open_edition
from incident_report.cli import main
from incident_report.data.folders import named
from incident_report.data.model import DataError
from incident_report.data.shape import looked_at, shape_errors
from incident_report.errors import BuildError
from incident_report.paths import DATA, ROOT, SEAL, sealed
from incident_report.publish import provenance
from incident_report.publish import seal as seal_module
from incident_report.publish.due import why_due
from incident_report.publish.inputs import Sources, changed, content_hash, digest
from incident_report.publish.report import build
from incident_report.publish.request import Request
from incident_report.publish.seal import sealed as sealed_run

PARAMETERS = "\n".join(
    f'{name}: str = ""  # help'
    for name in ("quarter", "baseline", "data_folder", "confidence_floor", "as_of", "previous")
)
OPEN = "from helpers import open_edition, show_prose, frequency\ned = open_edition(data_folder, quarter=quarter)"
SAY = 'show_prose("txt-{0}", f"Chapter {0} counts {{len(ed.counted)}} of {{data_folder}}.")'


def chapter(folder: Path, name: str, *cells: str) -> None:
    v4 = nbformat.v4
    made = [v4.new_markdown_cell(f"# {name}", id="title")]
    made.append(v4.new_code_cell(PARAMETERS, id="parameters", metadata={"tags": ["parameters"]}))
    made += [v4.new_code_cell(source, id=f"c{i}") for i, source in enumerate(cells)]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    folder.mkdir(exist_ok=True)
    nbformat.write(v4.new_notebook(cells=made, metadata=metadata), folder / f"{name}.ipynb")


@pytest.fixture
def campaign(tmp_path):
    """The small campaign: what is tested is what becomes of its files."""
    return make(tmp_path / "campaign", {"README.md": "About the data."})


@pytest.fixture
def request_of(campaign, tmp_path):
    """A request for one small chapter on a copy of the data."""

    def make(**more) -> Request:
        values = {"data": str(campaign), "notebooks": tmp_path / "nb", "only": ("html",), "out": tmp_path / "out"}
        return Request(**{**values, **more})

    chapter(tmp_path / "nb", "00_one", OPEN, SAY.format("one"), "frequency.quarterly_figure(ed)")
    return make


def run(request: Request) -> Path:
    return build(request, stream=io.StringIO())


def test_every_chapter_reads_the_copy_and_names_the_folder_as_its_user_does(request_of, campaign, tmp_path):
    spoil = f"from pathlib import Path\np = Path({str(campaign)!r}, 'incidents', '2020Q3.csv')\nkept = p.read_bytes()"
    lines = "p.write_bytes(b'\\n'.join(kept.split(b'\\n')[:-2]) + b'\\n')"
    chapter(tmp_path / "nb", "00_one", spoil, lines, OPEN, SAY.format("one"), "p.write_bytes(kept)")
    whole = len(open_edition(str(campaign)).counted)
    folder = run(request_of())
    text = (folder / "report.html").read_text("utf-8")
    assert f"Chapter one counts {whole} of {campaign}." in text
    assert ".cache" not in text
    known = provenance.read(folder)
    assert known["parameters"]["data_folder"] == str(campaign)
    assert ".cache" not in json.dumps(known)


def test_a_shape_is_looked_at_by_who_seals_and_by_no_kernel_and_a_wrong_one_reaches_none(
    request_of, campaign, tmp_path, monkeypatch
):
    seen = 'import sys; assert "jsonschema" not in sys.modules'
    chapter(tmp_path / "nb", "00_one", OPEN, seen, SAY.format("one"))
    assert "Chapter one counts" in (run(request_of(engine="fork")) / "report.html").read_text("utf-8")
    report = campaign / "report.yml"
    report.write_text(re.sub("^title: .*$", "title: 5", report.read_text("utf-8"), flags=re.M), encoding="utf-8")
    asked: list[str] = []
    monkeypatch.setattr("incident_report.publish.forked.Server.kernel", lambda *_a: asked.append("") or 1 / 0)
    with pytest.raises(DataError, match="title"):
        run(request_of(engine="fork", out=tmp_path / "other"))
    assert not asked
    monkeypatch.setenv(SEAL, "a run's")
    assert shape_errors({"n": 1}, {"type": "array"}), "what is not its copy is looked at"
    with looked_at():
        assert shape_errors({"n": 1}, {"type": "array"}) == []
    assert shape_errors({"n": 1}, {"type": "array"})


@pytest.mark.parametrize(
    ("code", "told"),
    [
        ("p = Path(D, 'incidents', '2020Q3.csv'); p.write_bytes(p.read_bytes() + b'\\n')", "data/incidents/2020Q3.csv"),
        ("Path(D, 'README.md').unlink()", "data/README.md"),
        ("Path(D, 'new.csv').touch()", "data/new.csv"),
        ("p = Path(N, '00_one.ipynb'); p.write_text(p.read_text() + ' ')", "notebooks/00_one.ipynb"),
    ],
)
def test_a_source_that_changes_while_the_report_is_built_stops_it(request_of, campaign, tmp_path, code, told):
    where = f"from pathlib import Path\nD, N = {str(campaign)!r}, {str(tmp_path / 'nb')!r}\n"
    chapter(tmp_path / "nb", "00_one", where + code)
    with pytest.raises(BuildError, match="changed while the report was built") as caught:
        run(request_of())
    assert caught.value.lines[0].startswith(told)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["campaign", "nb"]


def test_a_file_that_somebody_puts_into_the_place_meanwhile_is_not_lost(request_of, tmp_path):
    folder = run(request_of())
    mine = folder / "mine.txt"
    chapter(tmp_path / "nb", "00_one", f"from pathlib import Path\nPath({str(mine)!r}).write_text('mine')")
    with pytest.raises(BuildError, match=r"mine\.txt"):
        run(request_of())
    assert mine.read_text() == "mine"


def test_a_current_folder_that_is_gone_is_one_line(tmp_path, monkeypatch, capsys):
    (tmp_path / "gone").mkdir()
    monkeypatch.chdir(tmp_path / "gone")
    (tmp_path / "gone").rmdir()
    assert main(["build"]) == 1
    assert capsys.readouterr().err.splitlines() == ["incident-report: the current folder is gone; go to another one"]


def test_code_that_changes_for_a_moment_is_noticed(monkeypatch, tmp_path):
    code = tmp_path / "module.py"
    code.write_text("x = 1")
    monkeypatch.setattr("incident_report.publish.inputs.code_files", lambda: [code])
    monkeypatch.setattr("incident_report.publish.inputs.CODE", tmp_path)
    (tmp_path / "data").mkdir()
    with sealed_run(Sources(tmp_path / "data", (), (), {"data_folder": "data"})) as seal:
        seal.check()
        code.write_text("x = 2")
        code.write_text("x = 1")
        with pytest.raises(BuildError, match=r"module\.py changed"):
            seal.check()


def test_links_out_devices_and_giants_are_copied_as_what_they_are(tmp_path, monkeypatch):
    monkeypatch.setattr("incident_report.publish.inputs.MOST_BYTES", 100)
    (tmp_path / "secret").write_text("secret")
    data = tmp_path / "data"
    data.mkdir()
    (data / "README.md").symlink_to(tmp_path / "secret")
    (data / "inside.csv").symlink_to("real.csv")
    (data / "real.csv").write_text("a\n")
    (data / "broken.csv").symlink_to("nowhere")
    (data / "loop.csv").symlink_to("loop.csv")
    (data / "large.csv").write_text("x" * 101)
    (data / ".hidden").write_text("x")
    os.mkfifo(data / "pipe.csv")
    origin = Sources(data, (), (), {"data_folder": "data"})
    with sealed_run(origin) as seal:
        copy = seal.copy.data
        assert (copy / "README.md").is_symlink() and not (copy / "README.md").resolve().is_relative_to(copy)
        assert (copy / "inside.csv").read_text() == "a\n" and not (copy / "inside.csv").is_symlink()
        assert not (copy / "pipe.csv").is_file()
        assert (copy / "large.csv").stat().st_size == 101
        assert "x" not in (copy / "large.csv").read_text()
        assert not (copy / ".hidden").exists()
        assert not changed(seal.inputs, origin.inputs())
        seal.check()


def test_what_a_killed_run_left_is_swept_and_what_a_living_one_uses_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(seal_module, "RUNS", tmp_path / "runs")
    (tmp_path / "data").mkdir()
    origin = Sources(tmp_path / "data", (), (), {"data_folder": "data"})
    dead = tmp_path / "runs" / "1-dead"
    (dead / "data").mkdir(parents=True)
    (tmp_path / "runs" / "1-dead.lock").touch()
    with sealed_run(origin) as first:
        assert not dead.exists()
        with sealed_run(origin) as second:
            assert first.root.exists() and second.root.exists()
        assert first.root.exists() and not second.root.exists()
    assert list((tmp_path / "runs").iterdir()) == []


def test_in_a_sealed_run_only_what_was_copied_can_be_opened(tmp_path, monkeypatch):
    assert sealed("data", "data") is None
    (tmp_path / "data").mkdir()
    origin = Sources(tmp_path / "data", (), (), {"data_folder": "my data"})
    with sealed_run(origin) as seal:
        for name, value in seal.environment.items():
            monkeypatch.setenv(name, value)
        assert sealed("data", "my data") == seal.copy.data
        for kind, name in (("data", str(DATA)), ("data", "campaigns/other"), ("previous", "reports/2020Q2")):
            with pytest.raises(ValueError, match="not part of this build"):
                sealed(kind, name)


@pytest.mark.parametrize("name", ["", "data.zip", "provenance.json"])
def test_the_previous_edition_is_read_from_a_copy_and_counts_as_an_input(request_of, tmp_path, name):
    before = run(request_of(quarter="2020Q2", out=tmp_path / "before"))
    cells = ["from helpers import read_previous, revisions, show_prose", OPEN]
    cells += [
        'show_prose("txt-a", f"Before: {read_previous(previous)[\'edition\']}")',
        'show_prose("txt-b", f"Compared: {revisions(ed, previous=previous).value is not None}")',
    ]
    chapter(tmp_path / "nb", "00_one", *cells)
    request = request_of(previous=before / name if name else before)
    folder = run(request)
    page = (folder / "report.html").read_text("utf-8")
    assert "Before: 2020Q2" in page and "Compared: True" in page
    assert provenance.read(folder)["parameters"]["previous"] == named(before / name)
    assert not why_due(request)
    with (before / "data.zip").open("ab") as stream:
        stream.write(b" ")
    assert why_due(request).startswith("previous/data.zip")


def test_an_edition_that_is_found_beside_counts_as_an_input(request_of, tmp_path, monkeypatch):
    from incident_report.publish import before, places, report

    for module, name in ((before, "REPORTS"), (places, "REPORTS"), (report, "REPORTS"), (places, "FIGURES")):
        monkeypatch.setattr(module, name, tmp_path / name.lower())
    chapter(tmp_path / "nb", "00_one", OPEN, 'show_prose("txt-a", f"Before: {previous[-6:]}")')
    first = run(request_of(quarter="2020Q2", out=None))
    assert not provenance.read(first)["parameters"].get("previous")
    request = request_of(quarter="2020Q3", out=None)
    folder = run(request)
    assert folder.parent == first.parent and folder.name == "2020Q3"
    assert "Before: 2020Q2" in (folder / "report.html").read_text("utf-8")
    assert not why_due(request)
    with (first / "data.zip").open("ab") as stream:
        stream.write(b" ")
    assert why_due(request)  # what it stood on is not as it was published


def test_provenance_vouches_for_every_file(request_of):
    folder = run(request_of(only=("html", "figures")))
    known = provenance.read(folder)
    assert known["format"] == provenance.FORMAT
    there = {p.relative_to(folder).as_posix() for p in folder.rglob("*") if p.is_file()}
    assert set(known["outputs"]) == there - {"provenance.json"}
    assert known["outputs"] == provenance.outputs(folder)
    assert known["figures"] == provenance.outputs(folder / known["figures_at"])
    assert {"fig-counts.svg", "fig-counts.csv", "manifest.json"} <= set(known["figures"])
    assert known["lock"] == content_hash(ROOT / "requirements.lock")
    kinds = ("parameters", "data", "notebooks", "previous", "code", "lock", "versions")
    assert known["inputs_sha256"] == digest({kind: known[kind] for kind in kinds})


def test_a_format_is_carried_over_only_if_it_is_as_it_was_built(request_of):
    folder = run(request_of(only=("html", "figures")))
    run(request_of(only=("docx", "explore")))
    assert {"report.html", "report.docx", "explore.html", "figures"} <= {p.name for p in folder.iterdir()}
    assert provenance.read(folder)["figures"] == provenance.outputs(folder / "figures")
    with (folder / "report.html").open("a") as stream:
        stream.write(" ")
    run(request_of(only=("figures",)))
    assert "report.html" not in provenance.read(folder)["outputs"]
    assert not (folder / "report.html").exists()
    assert (folder / "report.docx").exists() and (folder / "explore.html").exists()


def test_whether_a_build_is_due_is_decided_by_content(request_of, campaign, tmp_path):
    wanted = request_of(only=("html", "figures"))
    assert why_due(wanted)
    folder = run(wanted)
    os.utime(campaign / "report.yml", (1, 1))
    (campaign / "report.yml").touch()
    assert not why_due(wanted)
    assert why_due(request_of(only=("html", "pdf")))
    assert why_due(request_of(only=("figures",), png=True))
    assert why_due(request_of(confidence_floor="high"))
    kept = {p: p.read_bytes() for p in (folder / "report.html", folder / "data.zip", folder / "figures/fig-counts.svg")}
    for path, content in kept.items():
        path.write_bytes(content.replace(b"2020", b"2021", 1) if path.suffix != ".zip" else content[:-1] + b"x")
        assert path.name in why_due(wanted)
        path.unlink()
        assert path.name in why_due(wanted)
        path.write_bytes(content)
    assert not why_due(wanted)
    for path in (campaign / "incidents/2020Q3.csv", campaign / "README.md", tmp_path / "nb/00_one.ipynb"):
        content = path.read_bytes()
        stamp = path.stat()
        path.write_bytes(content.swapcase())
        os.utime(path, ns=(stamp.st_atime_ns, stamp.st_mtime_ns))
        assert path.name in why_due(wanted), "the size and the time are the same, the content is not"
        path.write_bytes(content)
    (campaign / "incidents/2020Q2.csv").rename(campaign / "aside.csv")
    assert why_due(wanted)


def test_nothing_to_do_is_said_and_a_report_verified_at_once_and_without_pandas(request_of, tmp_path):
    out = str(run(request_of()))
    code = f"""
import sys
from pathlib import Path
from incident_report.publish.due import why_due
from incident_report.publish.editions import check_index
from incident_report.publish.request import Request
from incident_report.publish.verify import verify
r = Request(data={request_of().data!r}, notebooks=Path({str(tmp_path / "nb")!r}), only=("html",), out=Path({out!r}))
assert not why_due(r)
assert check_index and not verify(Path({out!r})).faults
assert not {{"pandas", "numpy", "matplotlib", "nbformat"}} & set(sys.modules)
"""
    start = time.perf_counter()
    subprocess.run([sys.executable, "-c", code], check=True)
    assert time.perf_counter() - start < 5  # 0.15 s on an idle machine


def test_an_interrupted_build_says_that_the_last_report_stands_only_where_it_does(request_of, monkeypatch, capsys):
    import incident_report.publish.report as report

    def interrupted(*args, **kwargs):
        raise KeyboardInterrupt

    def full(*args, **kwargs):
        raise OSError(28, "No space left on device")

    request = request_of()
    monkeypatch.setattr("incident_report.commands._edition.request", lambda args, **more: request)
    for there in (False, True):
        for fault, code in ((interrupted, 130), (full, 1)):
            with monkeypatch.context() as patch:
                patch.setattr(report, "_run", fault)
                assert main(["build"]) == code
            lines = capsys.readouterr().err.splitlines()
            lines = [line for line in lines if line.startswith("incident-report")]
            assert len(lines) == 1
            assert ("the last good report is as it was" in lines[0]) == there
            assert fault is interrupted or "out: No space left on device" in lines[0]
        run(request)
    with (request.out / "report.html").open("a") as stream:
        stream.write("changed by hand")
    with monkeypatch.context() as patch:
        patch.setattr(report, "_run", interrupted)
        assert main(["build"]) == 130
    assert "as it was" not in capsys.readouterr().err


def test_two_builds_at_once_of_one_place_are_both_whole(request_of, tmp_path, campaign):
    out = str(tmp_path / "out")
    code = f"""
from pathlib import Path
from incident_report.publish.report import build
from incident_report.publish.request import Request
build(Request(data={str(campaign)!r}, notebooks=Path({str(tmp_path / "nb")!r}), only=("html",), out=Path({out!r})))
"""
    both = [subprocess.Popen([sys.executable, "-c", code], stderr=subprocess.PIPE, text=True) for _ in range(2)]
    said = [p.communicate()[1] for p in both]
    assert [p.returncode for p in both] == [0, 0], said
    assert sum("waiting for it" in text for text in said) == 1
    assert provenance.read(tmp_path / "out")["outputs"] == provenance.outputs(tmp_path / "out")
    assert sorted(p.name for p in tmp_path.iterdir()) == ["campaign", "nb", "out"]


def test_a_link_as_out_is_followed_and_the_link_stays(request_of, tmp_path):
    shutil.copytree(run(request_of()), tmp_path / "real")
    (tmp_path / "link").symlink_to("real")
    run(request_of(out=tmp_path / "link"))
    assert (tmp_path / "link").is_symlink()
    assert provenance.read(tmp_path / "real")["outputs"] == provenance.outputs(tmp_path / "real")
