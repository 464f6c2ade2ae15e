"""What of a report needs none of its chapters, and is looked at or made while these run in processes of their own."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TextIO

from incident_report.analysis.edition import Edition
from incident_report.publish.attention import check_story, rules_without_effect, statements_to_look_at
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
    stream: TextIO
    files: WithoutRecords = field(init=False)
    lines: list[str] = field(init=False)

    def __call__(self) -> None:
        """Look at the story, which may stop the build, and make the rest.

        Raises
        ------
        BuildError
            If a sentence of the story does not hold.
        """
        check_story(self.edition, self.folder, self.stream)
        self.files = without_records(self.edition)
        self.lines = [*rules_without_effect(self.edition, self.folder), *statements_to_look_at(self.edition)]
