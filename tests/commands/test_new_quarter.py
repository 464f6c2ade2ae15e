"""`incident-report new-quarter`: the files of a quarter, and the computed leads once its rows are in."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from incident_report.cli import main
from incident_report.data import check
from incident_report.paths import DATA


@pytest.fixture
def data(tmp_path: Path) -> Path:
    """The founding data without their story."""
    folder = tmp_path / "data"
    shutil.copytree(DATA, folder, ignore=shutil.ignore_patterns("story"))
    return folder


def test_with_rows_and_no_story_the_computed_text_is_written_as_notes(data: Path) -> None:
    assert main(["new-quarter", "2020Q3", "--data", str(data)]) == 0
    text = (data / "story" / "2020Q3.md").read_text("utf-8")
    for part in ("Headline", "What happened", "Lead: what happened", "Lead: what next"):
        note = text[text.index(f"# {part}") :]
        assert note.splitlines()[1].startswith("Computed now: ")
    found, faults = check(data)
    assert found is not None, faults
    assert "2020Q3" in found.stories
    assert not found.stories["2020Q3"].parts  # notes are no text: the computed one still serves


def test_what_somebody_has_begun_is_never_written_over(data: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (data / "story").mkdir()
    (data / "story" / "2020Q3.md").write_text("mine", "utf-8")
    assert main(["new-quarter", "2020Q3", "--data", str(data)]) == 1
    assert (data / "story" / "2020Q3.md").read_text("utf-8") == "mine"


def test_a_new_quarter_has_notes_alone_until_its_rows_are_in(data: Path) -> None:
    assert main(["new-quarter", "2020Q4", "--data", str(data)]) == 0
    assert "Computed now" not in (data / "story" / "2020Q4.md").read_text("utf-8")
    assert main(["new-quarter", "2020Q4", "--data", str(data)]) == 1
