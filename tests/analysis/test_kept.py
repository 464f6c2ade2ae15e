"""What is kept is what would be worked out: each cell that it rests on counts, and no other."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from editions import founding

import incident_report
from incident_report import reads
from incident_report.analysis import kept as module
from incident_report.analysis.edition import Edition
from incident_report.analysis.kept import kept
from incident_report.analysis.open import edition_of
from incident_report.analysis.robustness import findings, robustness
from incident_report.data.noted import plain
from incident_report.store import AFRESH, SETTING


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A store of its own, for a process that began after all of its code was written."""
    monkeypatch.setenv(SETTING, str(tmp_path / "store"))
    monkeypatch.delenv(AFRESH, raising=False)
    monkeypatch.setattr(incident_report, "BEGAN", float("inf"))
    module._store.cache_clear()
    module._code.cache_clear()
    yield tmp_path / "store"
    module._store.cache_clear()
    module._code.cache_clear()


def fresh(ed: Edition, **tables: Any) -> Edition:
    """The same edition, or one of other data, that remembers nothing."""
    return edition_of(replace(ed.data, **tables), str(ed.quarter))


def with_cells(ed: Edition, column: str, quarter: str, value: Any) -> Edition:
    rows = ed.data.incidents
    cells = rows[column].copy()
    cells[rows["quarter"] == quarter] = value
    return fresh(ed, incidents=plain(rows.assign(**{column: cells})))


def deaths(ed: Edition) -> int:
    rows = ed.counted
    return int(rows.loc[rows["quarter"] == "2020Q3", "killed"].sum())


def asked(ed: Edition) -> tuple[Any, int]:
    """What is kept of an edition, and how often it was worked out for that."""
    times = []
    return kept(ed, "deaths", lambda: times.append(1) or deaths(ed)), len(times)


def test_it_is_worked_out_once_and_again_when_a_cell_changes_that_it_read(store: Path) -> None:
    ed = founding()
    assert asked(ed) == (deaths(ed), 1)
    assert asked(fresh(ed)) == (deaths(ed), 0)
    assert asked(with_cells(ed, "summary", "2020Q3", "-")) == (deaths(ed), 0)
    assert asked(with_cells(ed, "killed", "2020Q2", 5)) == (deaths(ed), 0)
    changed = with_cells(ed, "killed", "2020Q3", 5)
    assert asked(changed) == (deaths(changed), 1)
    assert deaths(changed) != deaths(ed)
    assert asked(fresh(ed)) == (deaths(ed), 0)
    assert asked(replace(ed, confidence_floor="high")) == (deaths(replace(ed, confidence_floor="high")), 1)


def test_it_counts_as_reading_what_was_read_when_it_was_worked_out(store: Path) -> None:
    one, other = fresh(founding()), fresh(founding())
    with reads.within() as (first, _):
        assert asked(one)[1] == 1
    with reads.within() as (again, _):
        assert asked(other)[1] == 0
    assert first == again
    assert "incidents/killed@2020Q3" in again


def test_nothing_is_kept_of_data_that_were_made_of_others(store: Path) -> None:
    rows = founding().data.incidents
    variant = replace(founding(), data=founding().data.but(incidents=rows.assign(killed=5)))
    assert [asked(variant)[1], asked(variant)[1]] == [1, 1]


def test_nothing_is_kept_of_code_that_may_have_changed_since_the_process_began(
    store: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(incident_report, "BEGAN", 0.0)
    assert [asked(founding())[1], asked(founding())[1]] == [1, 1]
    assert list(store.glob("*")) == []


def test_other_code_that_it_reaches_is_another_key(store: Path, tmp_path: Path) -> None:
    folder = tmp_path / "code"
    folder.mkdir()
    (folder / "words.md").write_text("one")

    def times() -> int:
        made: list[int] = []
        kept(founding(), "words", lambda: made.append(1), (folder,))
        return len(made)

    assert [times(), times()] == [1, 0]
    (folder / "words.md").write_text("two")
    module._code.cache_clear()
    assert [times(), times()] == [1, 0]


@pytest.mark.parametrize("column", ["summary", "munition_count", "killed", "governorate", "claimed_by"])
def test_a_finding_is_the_same_whatever_stands_in_cells_that_it_did_not_read(column: str) -> None:
    ed = fresh(founding())
    for name in ("rockets.tally.baseline", "munitions.trend", "first.drone", "levels.convoys"):
        if name not in findings(ed):
            continue
        ed = fresh(ed)
        with reads.within() as (names, _):
            found = robustness(ed, finding=name)
        for quarter in ("2020Q2", "2020Q3"):
            if f"incidents/{column}@{quarter}" not in names:
                value = 7 if pd.api.types.is_numeric_dtype(ed.data.incidents[column]) else "elsewhere"
                other = robustness(with_cells(ed, column, quarter, value), finding=name)
                assert other.digest() == found.digest(), (name, quarter)
