"""Bad input stops before any notebook runs: one line per fault, nothing written, no traceback."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from small import make

from incident_report.cli import main

Q3 = "incidents/2020Q3.csv"


def cell(folder: Path, column: str, value: str, row: int = 1) -> None:
    """Put `value` into one cell of the third quarter."""
    import csv

    path = folder / Q3
    with path.open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    rows[row][rows[0].index(column)] = value
    with path.open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, lineterminator="\n").writerows(rows)


def text(folder: Path) -> str:
    return (folder / Q3).read_text("utf-8")


def header(folder: Path, old: str, new: str) -> None:
    first, rest = text(folder).split("\n", 1)
    (folder / Q3).write_text(f"{first.replace(old, new)}\n{rest}", "utf-8")


def drop_column(folder: Path) -> None:
    import pandas as pd

    frame = pd.read_csv(folder / Q3, dtype=str, keep_default_na=False).drop(columns="target_category")
    frame.to_csv(folder / Q3, index=False)


def add_column(folder: Path) -> None:
    import pandas as pd

    frame = pd.read_csv(folder / Q3, dtype=str, keep_default_na=False).assign(colour="red")
    frame.to_csv(folder / Q3, index=False)


def repeat_row(folder: Path) -> None:
    lines = text(folder).splitlines()
    (folder / Q3).write_text("\n".join([*lines, lines[-1]]) + "\n", "utf-8")


def semicolons(folder: Path) -> None:
    import csv

    with (folder / Q3).open(encoding="utf-8", newline="") as stream:
        rows = list(csv.reader(stream))
    with (folder / Q3).open("w", encoding="utf-8", newline="") as stream:
        csv.writer(stream, delimiter=";").writerows(rows)


def windows_1252(folder: Path) -> None:
    (folder / Q3).write_bytes(text(folder).replace("Baghdad", "Bagdad é", 1).encode("cp1252", "replace"))


@pytest.fixture
def campaign(tmp_path: Path) -> Path:
    """The small campaign: what is tested is how a fault is told."""
    return make(tmp_path / "campaign")


SPOILT = {
    "unknown column": (add_column, "colour"),
    "missing column": (drop_column, "target_category"),
    "no such day": (lambda f: cell(f, "date", "2020-13-45"), "2020-13-45"),
    "other quarter": (lambda f: cell(f, "date", "2020-02-01"), "2020-02-01"),
    "duplicate id": (repeat_row, "IQ-2020"),
    "unknown source": (lambda f: cell(f, "sources", "no-such-source"), "no-such-source"),
    "negative killed": (lambda f: cell(f, "killed", "-1"), "-1"),
    "killed in words": (lambda f: cell(f, "killed", "two"), "two"),
    "unknown target": (lambda f: cell(f, "target_category", "coaliton_base"), "coalition_base"),
    "empty file": (lambda f: (f / Q3).write_bytes(b""), "empty"),
    "Windows-1252": (windows_1252, "UTF-8"),
    "semicolons": (semicolons, "semicolon"),
}


@pytest.fixture
def no_notebook(monkeypatch):
    """No kernel may start."""
    import incident_report.publish.run as run

    def refuse(*args, **kwargs):
        raise AssertionError("a notebook was run")

    monkeypatch.setattr(run, "run_notebooks", refuse)


@pytest.mark.parametrize("name", SPOILT)
def test_spoilt_data(name, campaign, tmp_path, capsys, no_notebook):
    spoil, told = SPOILT[name]
    spoil(campaign)
    out = tmp_path / "out"
    code = main(["build", "--quarter", "2020Q3", "--data", str(campaign), "--out", str(out)])
    err = capsys.readouterr().err
    assert code == 1
    assert told.lower() in err.lower()
    assert "2020Q3.csv" in err
    assert "Traceback" not in err
    assert not out.exists()
    assert sorted(p.name for p in tmp_path.iterdir()) == ["campaign"]
    check = main(["check-data", "--data", str(campaign)])
    assert check == 1
    assert told.lower() in capsys.readouterr().out.lower()


def test_every_fault_has_its_own_line(campaign, tmp_path, capsys, no_notebook):
    cell(campaign, "killed", "-1", 1)
    cell(campaign, "date", "2020-13-45", 2)
    cell(campaign, "target_category", "coaliton_base", 3)
    assert main(["build", "--data", str(campaign), "--out", str(tmp_path / "out")]) == 1
    lines = [line for line in capsys.readouterr().err.splitlines() if line.strip()]
    assert len(lines) == 3
    assert all(re.search(r"2020Q3\.csv:\d+", line) for line in lines)


def test_a_byte_order_mark_is_accepted(campaign, capsys):
    (campaign / Q3).write_bytes(b"\xef\xbb\xbf" + (campaign / Q3).read_bytes())
    assert main(["check-data", "--data", str(campaign)]) == 0


@pytest.mark.parametrize(
    "quarter",
    ["2020Q5", "../../etc", "2021Q1", "2020Q3 2020Q2", "2020q3", " ", "0000Q1", "%", "2020Q3\n", "²020Q3", "--help"],
)
def test_a_quarter_that_is_not_there(quarter, tmp_path, capsys, no_notebook, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert main(["build", f"--quarter={quarter}", "--out", "out"]) == 2
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1
    assert "2019Q4, 2020Q1, 2020Q2, 2020Q3" in lines[0]
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["--parameter", "weigths=a"], "weigths"),
        (["--parameter", "quarter=2020Q2"], "quarter"),
        (["--parameter", "nonsense"], "NAME=VALUE"),
        (["--only", "epub"], "epub"),
        (["--as-of", "yesterday"], "yesterday"),
        (["--as-of", "1990-01-01"], "1990"),
        (["--baseline", "2020Q4"], "2020Q4"),
        (["--baseline", "2018Q1"], "2018Q1"),
        (["--baseline", "Q2"], "Q2"),
        (["--data", "no/such/folder"], "no/such/folder"),
    ],
)
def test_wrong_use(arguments, told, campaign, tmp_path, capsys, no_notebook):
    assert main(["build", "--data", str(campaign), "--out", str(tmp_path / "out"), *arguments]) in (1, 2)
    lines = capsys.readouterr().err.splitlines()
    assert len(lines) == 1, lines
    assert told in lines[0]
    assert list(tmp_path.iterdir()) == [campaign]
