"""What changed since a published edition: rows and values, never the setting under which they are counted."""

from __future__ import annotations

import csv
import io
from dataclasses import replace

import pytest
import small
from made import Q2, Q3, edition, spread

from incident_report.analysis.edition import Edition
from incident_report.analysis.open import open_edition
from incident_report.analysis.revisions import as_published, since
from incident_report.publish.seal import public_copy

FLOORS = ("low", "medium", "high")


def rows() -> list[dict[str, object]]:
    return [
        {**row, "confidence": FLOORS[i % 3], "outcome": "disputed" if i == 4 else "carried_out"}
        for q in (Q2, Q3)
        for i, row in enumerate(spread(9, q))
    ]


def published(ed: Edition) -> object:
    """The incidents as an edition's data.zip has them: all columns text, counted under its own floor."""
    counted = set(ed.counted["incident_id"])
    return as_published(ed.listed.assign(counted=[i in counted for i in ed.listed["incident_id"]]))


@pytest.mark.parametrize("then", FLOORS)
@pytest.mark.parametrize("now", FLOORS)
def test_another_floor_is_no_change_of_data(then: str, now: str) -> None:
    before, after = (replace(edition(rows(), []), confidence_floor=f) for f in (then, now))
    found = since(published(before), after)
    assert not found.any
    assert (found.counts["before"] == found.counts["after"]).all()
    whole = found.counts[found.counts["series"] == "all"]
    assert whole["after"].sum() == len(after.counted)


def test_a_changed_confidence_changes_the_count_above_it() -> None:
    before = edition(rows(), [])
    raised = rows()
    raised[0]["confidence"] = "high"
    found = since(published(before), replace(edition(raised, []), confidence_floor="high"))
    assert [(c.field, c.old, c.new) for c in found.changed] == [("confidence", "low", "high")]
    whole = found.counts[found.counts["series"] == "all"]
    assert (whole["after"] - whole["before"]).tolist() == [1, 0]


def test_what_is_withheld_now_is_not_told_as_what_it_was_before(tmp_path) -> None:
    whole = small.make(tmp_path / "whole")
    table = list(csv.DictReader(io.StringIO(small.files()[small.Q3], newline="")))
    before = open_edition(str(whole), quarter="2020Q3")
    secret = [{**r, "restricted": "a witness" if i == 1 else ""} for i, r in enumerate(table)]
    rules = "columns: {incidents.summary: not ours}\n"
    folder = small.make(tmp_path / "new", {small.Q3: small.write(secret), "restrictions.yml": rules})
    with public_copy(folder) as copy:
        after = open_edition(str(copy), quarter="2020Q3")
        assert "withheld-1" in set(after.listed["incident_id"])
        found = since(published(before), after)
    assert not (found.added or found.removed or found.changed)
    assert (found.counts["before"] == found.counts["after"]).all()


def test_an_earlier_edition_that_told_more_of_a_route_is_not_quoted_and_other_changes_are(tmp_path) -> None:
    table = list(csv.DictReader(io.StringIO(small.files()[small.Q3], newline="")))
    table[1] |= {"summary": "A bomb at Najmi. All burned.", "killed": "0"}
    before = open_edition(str(small.make(tmp_path / "old", {small.Q3: small.write(table)})), quarter="2020Q3")
    table[1] |= {"summary": "A bomb at Najmi. All burned.", "killed": "1"}
    folder = small.make(tmp_path / "new", {small.Q3: small.write(table)})
    with public_copy(folder) as copy:
        found = since(published(before), open_edition(str(copy), quarter="2020Q3"))
    assert [(c.field, c.old, c.new) for c in found.changed] == [("killed", "0", "1")]
