"""What reviewers said of an edition and how it was answered: ``review/<quarter>.json`` in the campaign's folder.

JSON with every sign beyond ASCII escaped: no text that somebody can type into a sheet is lost or changed there.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, astuple, dataclass, fields, replace
from pathlib import Path
from typing import Any

from incident_report.data.files import Folder
from incident_report.data.incidents import better_name
from incident_report.data.model import Fault
from incident_report.data.shape import shape_faults
from incident_report.data.spreadsheet import csv_bytes
from incident_report.data.writing import write_file

FOLDER = "review"
_OURS = ("kind", "statement", "evidence", "robustness", "condition")  # columns that nobody else writes in
_TEXT = {"type": "string"}
_LINE = {"type": "object", "required": ["id", "kind", "statement", "comment", "answer"], "additionalProperties": _TEXT}
_SCHEMA = {
    "type": "object",
    "required": ["quarter", "lines"],
    "additionalProperties": False,
    "properties": {"quarter": _TEXT, "back": {"type": "boolean"}, "lines": {"type": "array", "items": _LINE}},
}


@dataclass(frozen=True)
class Line:
    """One thing to review, and what was said of it.

    Attributes
    ----------
    id : str
        Where it comes from: ``story/headline/1``, ``option/zone-closures/judgement``.
    kind, statement, evidence, robustness, condition : str
    comment, answer : str
        As given, line ends as line feeds; empty where nobody wrote any.
    """

    id: str
    kind: str
    statement: str
    evidence: str = ""
    robustness: str = ""
    condition: str = ""
    comment: str = ""
    answer: str = ""


@dataclass(frozen=True)
class Review:
    """The review of one quarter; `back` says whether a sheet has come back."""

    quarter: str
    lines: tuple[Line, ...]
    back: bool = False

    @property
    def comments(self) -> int:
        """Lines on which somebody commented."""
        return sum(bool(one.comment.strip()) for one in self.lines)

    @property
    def answered(self) -> int:
        """Comments that have an answer."""
        return self.comments - len(self.unanswered)

    @property
    def unanswered(self) -> tuple[Line, ...]:
        """Lines with a comment and without an answer."""
        return tuple(one for one in self.lines if one.comment.strip() and not one.answer.strip())


def read_reviews(folder: Folder, unit: str) -> dict[str, Review]:
    """Every review that a campaign keeps, by period (its `unit`); faults go to the folder."""
    found = {}
    for name in folder.names(FOLDER) if folder.exists(FOLDER) and (folder.path / FOLDER).is_dir() else ():
        file = f"{FOLDER}/{name}"
        if better := better_name(name, ".json", unit):
            folder.report(Fault(file, f"is not the name of a review; call it {better}, or take it away"))
            continue
        raw = folder.read_json(file)
        faults = shape_faults(file, raw, _SCHEMA) if raw is not None else []
        if raw is not None and not faults and raw["quarter"] != name.removesuffix(".json"):
            faults = [Fault(file, "is the review of another quarter", column="quarter", value=raw["quarter"])]
        for fault in faults:
            folder.report(fault)
        if raw is not None and not faults:
            found[raw["quarter"]] = Review(
                raw["quarter"], tuple(_line(one) for one in raw["lines"]), raw.get("back", False)
            )
    return found


def _line(raw: Mapping[str, Any]) -> Line:
    return Line(**{name: str(raw.get(name, "")) for name in Line.__dataclass_fields__})


def keep_review(folder: Path, review: Review) -> Path:
    """Put a review into the campaign's folder, in place of the one that was there; gives its path."""
    path = folder / FOLDER / f"{review.quarter}.json"
    path.parent.mkdir(exist_ok=True)
    write_file(path, as_json(review))
    return path


def as_csv(review: Review) -> bytes:
    """The sheet as it is kept beside a report: every statement, comment and answer; no cell runs as a formula."""
    return csv_bytes([[f.name for f in fields(Line)], *map(astuple, review.lines)])


def as_json(review: Review) -> bytes:
    """A review as a file."""
    told = {"quarter": review.quarter, "back": review.back, "lines": [asdict(one) for one in review.lines]}
    return (json.dumps(told, indent=1) + "\n").encode("ascii")


def sent_again(now: Sequence[Line], before: Review | None) -> tuple[Line, ...]:
    """What goes out: the statements of today, with all that was said of them so far.

    A statement that is gone stays in the sheet, last, if somebody commented on it.
    """
    said = {one.id: one for one in (before.lines if before else ())}
    kept = [replace(one, comment=said[one.id].comment, answer=said[one.id].answer) if one.id in said else one
            for one in now]  # fmt: skip
    there = {one.id for one in now}
    return (*kept, *(one for one in said.values() if one.id not in there and (one.comment or one.answer)))


def fits(sent: Review, back: Sequence[Line]) -> list[str]:
    """What of a sheet that went out did not come back as it was sent; one line each.

    Parameters
    ----------
    sent : Review
        As it is kept.
    back : sequence of Line
        What stands in the sheet; what was kept of it before may not be missing there.
    """
    count = Counter(one.id for one in back)
    lines = [f"{i}: stands in {n} rows; keep one, with every comment" for i, n in count.items() if n > 1]
    seen = {one.id: one for one in back}
    for one in sent.lines:
        if one.id not in seen:
            lines.append(f"{one.id}: is missing; a sheet comes back with all its rows")
            continue
        for name in (n for n in _OURS if getattr(seen[one.id], n).split() != getattr(one, n).split()):
            lines.append(f"{one.id}: its {name} is not the one that went out; comments go into their own column")
        if one.comment.strip() and not seen[one.id].comment.strip():
            lines.append(f"{one.id}: has lost the comment that is on file: {' '.join(one.comment.split())[:60]!r}")
    wanted = {one.id for one in sent.lines}
    lines += [f"{one.id!r}: is in no sheet that went out" for one in back if one.id not in wanted]
    lines += [f"{o.id}: has an answer and no comment" for o in back if o.answer.strip() and not o.comment.strip()]
    return lines


def taken_back(sent: Review, back: Sequence[Line]) -> Review:
    """The review as kept once a sheet has come back: our statements, their comments and answers."""
    given = {one.id: one for one in back}
    lines = (replace(one, comment=given[one.id].comment, answer=given[one.id].answer) for one in sent.lines)
    return Review(sent.quarter, tuple(lines), back=True)
