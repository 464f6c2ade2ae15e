"""The explorer as one file by the command line: what it writes, and what it leaves alone."""

from __future__ import annotations

from pathlib import Path

import pytest

from incident_report.cli import main
from incident_report.publish.explorer import MARK


def test_it_writes_one_file_and_replaces_only_its_own(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    out = tmp_path / "x.html"
    assert main(["explore", "--quarter=2020Q2", f"--out={out}"]) == 0
    before = out.read_bytes()
    assert MARK.encode() in before and str(out) in capsys.readouterr().out
    assert main(["explore", "--quarter=2020Q3", f"--out={out}"]) == 0
    assert out.read_bytes() != before
    out.write_text("mine")
    assert main(["explore", f"--out={out}"]) == 1
    assert out.read_text() == "mine" and capsys.readouterr().err.count("\n") == 1


@pytest.mark.parametrize(
    ("given", "code"), [("--quarter=2030Q1", 2), ("--as-of=soon", 2), ("--data=nowhere", 2), ("--out=/dev/null/x", 1)]
)
def test_what_cannot_be_done_is_one_line(given: str, code: int, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["explore", "--quarter=2020Q3", given]) == code
    assert capsys.readouterr().err.count("\n") == 1
