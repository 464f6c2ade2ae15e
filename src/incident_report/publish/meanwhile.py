"""What of a report needs none of its chapters, and is made while these run in processes of their own."""

from __future__ import annotations

from dataclasses import dataclass, field

from incident_report.analysis.edition import Edition
from incident_report.publish.attention import rules_without_effect, statements_to_look_at
from incident_report.publish.bundle import WithoutRecords, without_records


@dataclass
class Meanwhile:
    """Call it once, before the report is written.

    Attributes
    ----------
    files : WithoutRecords
        Of data.zip.
    lines : list of str
        What the analyst is told.
    """

    edition: Edition
    folder: str
    files: WithoutRecords = field(init=False)
    lines: list[str] = field(init=False)

    def __call__(self) -> None:
        """Make it."""
        self.files = without_records(self.edition)
        self.lines = [*rules_without_effect(self.edition, self.folder), *statements_to_look_at(self.edition)]
