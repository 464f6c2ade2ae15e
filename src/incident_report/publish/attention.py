"""What the analyst is told before an edition goes out: statements that do not hold as they stand."""

from __future__ import annotations

from typing import TextIO

from incident_report.analysis.ageing import State, to_look_at
from incident_report.analysis.edition import Edition
from incident_report.data.report import fault_line
from incident_report.data.restrictions import FILE as RESTRICTIONS
from incident_report.errors import BuildError
from incident_report.present.story import faults

MOST = 20
_WHY = {
    State.DATED: "was written for editions to",
    State.EARLY: "speaks of what this edition cannot know",
    State.BROKEN: "its test fails",
    State.OPEN: "its test cannot be answered",
}


def statements_to_look_at(edition: Edition) -> list[str]:
    """One line that counts them and one for each, at most `MOST`; nothing where there is none."""
    found = to_look_at(edition)
    if not len(found):
        return []
    lines = [f"{len(found)} statement{'s' if len(found) > 1 else ''} to look at before {edition.quarter}:"]
    for row in found.records[:MOST]:
        detail = " ".join(t for t in (row["until"], row["now"]) if t)
        text = row["text"] if len(row["text"]) <= 60 else f"{row['text'][:59]}…"
        lines.append(
            f"  {row['file']}, {row['part']}, {row['place']}: {text!r} {_WHY[State(row['state'])]} {detail}".rstrip()
        )
    if len(found) > MOST:
        lines.append(f"  and {len(found) - MOST} more; the table tab-to-look-at of the report has them all")
    return lines


def rules_without_effect(edition: Edition, folder: str) -> list[str]:
    """One line for each rule of do no harm that holds for nothing in this campaign."""
    return [fault_line(f, folder) for f in edition.data.warnings if f.file == RESTRICTIONS]


def check_story(edition: Edition, folder: str, stream: TextIO) -> None:
    """Name every sentence of the story that does not hold, one line each; a draft prints it struck through."""
    found = faults(edition)
    lines = [fault_line(f, folder) for f in found]
    if any(f.severity == "error" for f in found):
        raise BuildError(*lines)
    for line in lines:
        print(line, file=stream, flush=True)
