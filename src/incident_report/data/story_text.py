"""The files of stories: front matter, comments, and what a file as a whole must hold."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from incident_report.data.cells import suggest
from incident_report.data.documents import Document, parse_document
from incident_report.data.files import Folder
from incident_report.data.incidents import better_name
from incident_report.data.model import Fault
from incident_report.data.shape import shape_errors
from incident_report.data.signoff import TOLD, read_signoff, signoff_faults
from incident_report.data.story import (
    FOLDER,
    Known,
    Story,
)
from incident_report.data.story_body import Body, Report, at_column
from incident_report.data.translation import NAME, differences, language_of
from incident_report.periods import EXAMPLES

_EMPTY = [None, "", False, 0]
_FRONT = {
    "properties": {
        "names": {"anyOf": [{"enum": _EMPTY}, {"type": "array", "items": {"type": "string", "pattern": r"\S"}}]},
    },
}
_NAMES = "must be a list of names, such as [G4S]; put names of digits alone in quotes"
_KEYS = ("quarter", *TOLD, "names")
_MOST_BYTES = 256 * 1024
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)


def read_stories(folder: Folder, known: Known) -> dict[str, Story]:
    """Every story of a campaign by period; faults go to the folder."""
    found: dict[str, Story] = {}
    base = folder.inside(FOLDER) if folder.exists(FOLDER) else None
    if base is None:
        return {}
    if not base.is_dir():
        example = f"{EXAMPLES[known.unit]}.md"
        folder.report(Fault(FOLDER, f"is not a folder; it holds one file a {known.unit}, such as {example}"))
        return {}
    for name in folder.names(FOLDER):
        file = f"{FOLDER}/{name}"
        if translation := NAME.fullmatch(name):
            _check_translation(folder, file, translation[1], known)
            continue
        if better := better_name(name, ".md", known.unit):
            folder.report(Fault(file, f"is not the name of a story; call it {better}, or take it away"))
            continue
        text = folder.read_text(file, _MOST_BYTES)
        story = None if text is None else parse_story(file, text, known, folder.report)
        if story is not None:
            found[story.quarter] = story
    return found


def _check_translation(folder: Folder, file: str, quarter: str, known: Known) -> None:
    """A translation is read as the story is and rests on the same; what it lacks stops only a build in it."""
    text = folder.read_text(file, _MOST_BYTES)
    if text is None:
        return

    def warn(fault: Fault) -> None:
        folder.report(replace(fault, severity="warning"))

    parse_story(file, text, known, warn)
    original = f"{FOLDER}/{quarter}.md"
    told = folder.read_text(original, _MOST_BYTES) if folder.exists(original) else None
    for line in differences(told, text) if told else ():
        warn(Fault(file, line))
    if language_of(text) != file.split(".")[1]:
        warn(Fault(file, "must name its language in the front matter, as the file is called", column="language"))


def parse_story(file: str, text: str, known: Known, report: Report) -> Story | None:
    """A story, or None with every fault of its form.

    Parameters
    ----------
    file : str
        ``story/<period>.md``; the front matter must name the same period, under `quarter`.
    text : str
    known : Known
        What it may name.
    report : callable
        Takes each fault.
    """
    faults: list[Fault] = []
    lines = re.sub(r"\r\n?", "\n", text).split("\n")
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), 0)
    if lines[0].rstrip() != "---" or not end:
        message = "must begin with front matter: a line ---, `quarter: 2020Q3` and the like, a line ---"
        report(Fault(file, message, line=1))
        return None
    # A blank line in place of the first --- keeps the numbers of the lines.
    head = parse_document(file, "\n".join(["", *lines[1:end]]), faults.append)
    if head:
        faults += _front_faults(head)
    body = _without_comments("\n".join([*[""] * (end + 1), *lines[end + 1 :]]), file, faults.append)
    passages = tuple(Body(file, known, faults.append).read(body))
    for fault in faults:
        report(fault)
    if head is None or any(f.severity == "error" for f in faults):
        return None
    return Story(file, **_front(head), passages=passages)


def _front(head: Document) -> dict[str, Any]:
    """The front matter as a `Story` has it; what is left out or empty has its default."""
    return {
        "quarter": str(head.value["quarter"]),
        "signed": read_signoff(head, head.value),
        "names": tuple(str(name) for name in head.value.get("names") or ()),
    }


def _front_faults(head: Document) -> Iterator[Fault]:
    values = head.value
    for key in values:
        if key not in _KEYS:
            message = f"is not known here; there are {', '.join(_KEYS)}{suggest(str(key), _KEYS)}"
            yield head.fault((str(key),), values[key], message)
    for _ in shape_errors(values, _FRONT)[:1]:
        yield head.fault(("names",), values["names"], _NAMES)
    wanted = head.file.rpartition("/")[2].partition(".")[0]
    if str(values.get("quarter")) != wanted:
        yield head.fault(("quarter",), values.get("quarter"), f"must be {wanted}, as the file is called")
    yield from signoff_faults(head, values)


def _without_comments(text: str, file: str, report: Report) -> list[tuple[int, str]]:
    """Numbered lines without comments; a line that held nothing else is gone, not blank."""
    bare = _COMMENT.sub(lambda m: "\0" + "\n\0" * m[0].count("\n"), text)
    opened = bare.find("<!--")
    if opened >= 0:
        line = bare.count("\n", 0, opened) + 1
        report(Fault(file, "is opened and never closed; end it with -->", line, at_column(1), "<!--"))
        bare = bare[:opened]
    lines = list(enumerate(bare.split("\n"), 1))
    return [(n, x.replace("\0", "")) for n, x in lines if not ("\0" in x and not x.replace("\0", "").strip())]
