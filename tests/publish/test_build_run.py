"""Running notebooks: parameters, failures, and what a failure leaves behind."""

from __future__ import annotations

import io
import os
import time
from pathlib import Path

import pytest
from small import make

from incident_report.errors import BuildError, NotebookError, UsageError
from incident_report.paths import CODE, FACE
from incident_report.publish.environment import kernel_environment
from incident_report.publish.jupyter import nbformat
from incident_report.publish.parameters import assign, convert, read_cell
from incident_report.publish.report import build
from incident_report.publish.request import Request
from incident_report.publish.run import run_notebooks

SHARED = {"quarter": "2020Q3", "baseline": "", "data_folder": "data", "confidence_floor": "low", "as_of": ""}
PARAMETERS = "\n".join(f'{name}: str = "{value}"  # help' for name, value in SHARED.items())
RECORD = """from helpers import show_prose
show_prose("txt-{0}", "Text of {0}.")"""


def notebook(folder: Path, name: str, *cells: str, parameters: str = PARAMETERS) -> Path:
    v4 = nbformat.v4
    made = [v4.new_markdown_cell(f"# {name[3:]}", id="title")]
    made.append(v4.new_code_cell(parameters, id="parameters", metadata={"tags": ["parameters"]}))
    made += [v4.new_code_cell(source, id=f"cell-{i}") for i, source in enumerate(cells)]
    metadata = {"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}}
    path = folder / f"{name}.ipynb"
    folder.mkdir(exist_ok=True)
    nbformat.write(v4.new_notebook(cells=made, metadata=metadata), path)
    return path


ENV = {"PYTHONPATH": os.pathsep.join(map(str, (CODE, FACE)))}


@pytest.fixture
def run(tmp_path, server):
    """Run notebooks in forked kernels, or with `server=None` in ordinary ones."""

    def ran(*paths, **options):
        env = kernel_environment(tmp_path / "cache", 0) | ENV
        values = {path: dict(SHARED) for path in paths}
        return run_notebooks(values, env=env, stream=io.StringIO(), **{"server": server, **options})

    return ran


def test_a_raising_notebook_is_named_with_cell_and_last_line_and_the_others_are_killed(tmp_path, run):
    good = notebook(tmp_path / "nb", "00_slow", "import time; time.sleep(60)")
    bad = notebook(tmp_path / "nb", "01_bad", "x = 1", "raise ValueError('first line\\nlast \\x1b[31mline')")
    start = time.monotonic()
    with pytest.raises(NotebookError) as caught:
        run(good, bad)
    assert str(caught.value) == "01_bad.ipynb: cell 4 (cell-1): ValueError: first line … last line"
    assert time.monotonic() - start < 50


def test_leaving_a_notebook_early_is_a_failure(tmp_path, run):
    path = notebook(tmp_path / "nb", "00_exit", "import sys; sys.exit(0)", "print('never')")
    with pytest.raises(NotebookError, match=r"00_exit\.ipynb: cell 3 \(cell-0\)"):
        run(path)


def test_a_dead_kernel_and_a_slow_cell_are_failures(tmp_path, run):
    dead = notebook(tmp_path / "nb", "00_dead", "import os; os._exit(3)")
    with pytest.raises(NotebookError, match=r"00_dead\.ipynb: cell 3 \(cell-0\): .*died"):
        run(dead)
    slow = notebook(tmp_path / "nb2", "00_slow", "import time; time.sleep(30)")
    with pytest.raises(NotebookError, match=r"00_slow\.ipynb: cell 3 \(cell-0\): .* 2 seconds"):
        run(slow, cell_seconds=2)


@pytest.mark.parametrize("source", ["print('x' * 3_000_000)", "while True: print('x' * 100)"])
def test_a_cell_that_puts_out_without_end_is_stopped(tmp_path, run, monkeypatch, source):
    monkeypatch.setattr("incident_report.publish.client.CELL_BYTES", 2_000_000)
    path = notebook(tmp_path / "nb", "00_loud", source)
    with pytest.raises(NotebookError, match=r"00_loud\.ipynb: cell 3 \(cell-0\): .*more than 2 MB"):
        run(path)


def test_the_bound_of_a_notebook_holds_over_its_cells(tmp_path, run, monkeypatch):
    monkeypatch.setattr("incident_report.publish.client.NOTEBOOK_BYTES", 1_000_000)
    path = notebook(tmp_path / "nb", "00_loud", *["print('x' * 600_000)"] * 2)
    with pytest.raises(NotebookError, match=r"00_loud\.ipynb: cell 4 \(cell-1\): .*more than 1 MB"):
        run(path)


def test_an_error_of_any_length_and_any_character_keeps_its_message(tmp_path, run):
    path = notebook(tmp_path / "nb", "00_odd", r"raise ValueError('first \ud800 ' + 'x' * 100_000 + ' last')")
    with pytest.raises(NotebookError) as caught:
        run(path)
    line = str(caught.value)
    assert line.startswith(r"00_odd.ipynb: cell 3 (cell-0): ValueError: first \ud800 x")
    assert line.endswith(" last")
    assert len(line) < 1000


def test_a_failure_leaves_the_last_good_report_as_it_was(tmp_path):
    folder, out = tmp_path / "nb", tmp_path / "out" / "2020Q3"
    notebook(folder, "00_a", RECORD.format("a"))
    request = Request(data=str(make(tmp_path / "data")), notebooks=folder, out=out, only=("html", "figures"))
    build(request, stream=io.StringIO())
    before = {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()}
    assert {Path("report.html"), Path("data.zip"), Path("provenance.json")} <= set(before)
    faults = {
        "raise RuntimeError('no')": "RuntimeError: no",
        RECORD.format("b"): "txt-b",  # an id that another chapter has, see below
        'from helpers import show_prose\nshow_prose("txt-c", "See @fig-nowhere.")': "@fig-nowhere",
        'from helpers import show_prose\nshow_prose("txt-c", "Says [@nobody].")': "@nobody",
    }
    for source, told in faults.items():
        notebook(folder, "00_a", RECORD.format("b"))
        notebook(folder, "01_b", source)
        with pytest.raises(BuildError, match=told):
            build(request, stream=io.StringIO())
        assert {p.relative_to(out): p.read_bytes() for p in out.rglob("*") if p.is_file()} == before
        assert [p.name for p in out.parent.iterdir()] == ["2020Q3"], "nothing is left lying about"


def test_parameters_are_read_as_python_reads_them():
    found = read_cell('a: int = 3  # how many\nb: str = "x = # y"  # criterion=weight pairs\nc = 1\n')
    assert (found["a"].type, found["a"].default, found["a"].help) == ("int", "3", "how many")
    assert (found["b"].default, found["b"].help) == ("'x = # y'", "criterion=weight pairs")
    assert found["c"].type == ""


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("int", "3", 3),
        ("float", "3", 3.0),
        ("float", "0.5", 0.5),
        ("bool", "yes", True),
        ("bool", "False", False),
        ("str", "3", "3"),
        ("list[str]", "['a']", ["a"]),
        ("dict", "{'a': 1}", {"a": 1}),
    ],
)
def test_values_of_the_right_type(kind, text, value):
    parameter = read_cell(f"x: {kind} = 0  # x")["x"]
    found = convert(parameter, text, "nb")
    assert found == value and type(found) is type(value)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("int", "two"),
        ("int", "2.5"),
        ("int", "True"),
        ("float", "nan?"),
        ("bool", "2"),
        ("list", "(1, 2)"),
        ("dict", "["),
    ],
)
def test_values_of_the_wrong_type(kind, text):
    with pytest.raises(UsageError, match=f"must be {kind}"):
        convert(read_cell(f"x: {kind} = 0  # x")["x"], text, "nb")


def test_unknown_names_and_bad_cells_are_refused_before_a_kernel_starts(tmp_path):
    more = f"{PARAMETERS}\ndraws: int = 10  # number of draws"
    one = notebook(tmp_path, "00_one", parameters=more)
    two = notebook(tmp_path, "01_two")
    values = assign([one, two], SHARED, {"draws": "20"})
    assert values == {one: {**SHARED, "draws": 20}, two: SHARED}
    with pytest.raises(UsageError, match="did you mean 'draws'"):
        assign([one, two], SHARED, {"drwas": "20"})
    bare = notebook(tmp_path, "02_bare", parameters="x = 1")
    with pytest.raises(BuildError) as caught:
        assign([bare], SHARED, {})
    assert len(caught.value.lines) == len(SHARED) + 1
    (tmp_path / "03_no.ipynb").write_text("{")
    with pytest.raises(BuildError, match=r"03_no\.ipynb: not a readable notebook"):
        assign([tmp_path / "03_no.ipynb"], SHARED, {})
