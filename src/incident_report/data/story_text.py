"""The text of a story below its front matter: lines to passages, each fault with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator
from datetime import date, datetime
from typing import Any

from incident_report.data.cells import suggest
from incident_report.data.documents import parse_document
from incident_report.data.files import Folder
from incident_report.data.incidents import meant_quarter
from incident_report.data.model import Fault
from incident_report.data.story import (
    DATES,
    FOLDER,
    HEADLINE,
    STANDFIRST,
    STATUSES,
    Condition,
    Known,
    Passage,
    Piece,
    Story,
)

_KEYS = ("quarter", "status", "author", "reviewer", "published", "names")
_MOST_BYTES = 256 * 1024
_COMMENT = re.compile(r"<!--.*?-->", re.DOTALL)
Report = Callable[[Fault], None]
_LONGEST = 300  # signs of one value or condition
_TOKEN = re.compile(r"\{([^{}]*)\}|\[([^\[\]{}]*)\]|[{}\[\]]")
_HEADING = re.compile(r"(#+)\s*(.*)")
_CONTEXT = re.compile(r"context\s+([0-9]{4}-[0-9]{2}-[0-9]{2})")
_SHOWN = re.compile(r"(?:fig|tab)-[\w-]+")
_PLACES = {HEADLINE: "behind a single #", STANDFIRST: "directly below the headline"}


def read_stories(folder: Folder, known: Known) -> dict[str, Story]:
    """Every story of a campaign by quarter; faults go to the folder."""
    found: dict[str, Story] = {}
    base = folder.inside(FOLDER) if folder.exists(FOLDER) else None
    if base is None:
        return {}
    if not base.is_dir():
        folder.report(Fault(FOLDER, "is not a folder; it holds one file a quarter, such as 2020Q3.md"))
        return {}
    for name in folder.names(FOLDER):
        file = f"{FOLDER}/{name}"
        meant = meant_quarter(name)
        if name != f"{meant}.md":
            better = f"{meant}.md" if meant else "the quarter, such as 2020Q3.md"
            folder.report(Fault(file, f"is not the name of a story; call it {better}, or take it away"))
            continue
        text = folder.read_text(file, _MOST_BYTES)
        story = None if text is None else parse_story(file, text, known, folder.report)
        if story is not None:
            found[story.quarter] = story
    return found


def parse_story(file: str, text: str, known: Known, report: Report) -> Story | None:
    """A story, or None with every fault of its form.

    Parameters
    ----------
    file : str
        ``story/<quarter>.md``; the front matter must name the same quarter.
    text : str
    known : Known
        What it may name.
    report : callable
        Takes each fault.
    """
    faults: list[Fault] = []
    lines = re.sub(r"\r\n?", "\n", text).split("\n")
    end = next((n for n, line in enumerate(lines[1:], 1) if line.rstrip() == "---"), None)
    if lines[0].rstrip() != "---" or end is None:
        report(
            Fault(file, "must begin with front matter: a line ---, `quarter: 2020Q3` and the like, a line ---", line=1)
        )
        return None
    # A blank line in place of the first --- keeps the numbers of the lines.
    head = parse_document(file, "\n".join(["", *lines[1:end]]), faults.append)
    values = head.value if head else {}
    for line, key, message in _front_faults(values, file):
        faults.append(Fault(file, message, head.line([key]) if head and line else 2, key, _shown(values.get(key))))
    body = _without_comments("\n".join([*[""] * (end + 1), *lines[end + 1 :]]), file, faults.append)
    passages = tuple(_Body(file, known, faults.append).read(body))
    for fault in faults:
        report(fault)
    if any(f.severity == "error" for f in faults):
        return None
    people = {k: str(values.get(k) or "").strip() for k in ("author", "reviewer")}
    names = tuple(str(n) for n in values.get("names") or ())
    return Story(
        file, str(values["quarter"]), str(values.get("status") or "draft"), **people,
        published=_day(values.get("published")), names=names, passages=passages,
    )  # fmt: skip


def _day(value: Any) -> date | None:
    """A day as YAML reads it, or as text."""
    if isinstance(value, str) and value.strip():
        return date.fromisoformat(value.strip())
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _front_faults(values: dict[Any, Any], file: str) -> Iterator[tuple[bool, str, str]]:
    """(Whether the key is there, the key, what is wrong)."""
    for key in values:
        if key not in _KEYS:
            yield True, str(key), f"is not known here; there are {', '.join(_KEYS)}{suggest(str(key), _KEYS)}"
    wanted = file.rpartition("/")[2].removesuffix(".md")
    if values.get("quarter") != wanted:
        yield "quarter" in values, "quarter", f"must be {wanted}, as the file is called"
    if (values.get("status") or "draft") not in STATUSES:
        yield True, "status", f"must be {' or '.join(STATUSES)}"
    for key in ("author", "reviewer"):
        if values.get(key) is not None and not isinstance(values[key], str):
            yield True, key, "must be a name as text"
    if values.get("published") not in (None, ""):
        try:
            day = _day(values["published"])
        except ValueError:
            day = None
        if day is None:
            yield True, "published", "must be the day of publication, such as 2020-10-05"
    names = values.get("names") or []
    if not isinstance(names, list) or not all(isinstance(n, str) and n.strip() for n in names):
        yield True, "names", "must be a list of names, such as [G4S]; put names of digits alone in quotes"
    people = [str(values.get(key) or "").strip() for key in ("author", "reviewer")]
    if values.get("status") == "released" and (not all(people) or people[0].lower() == people[1].lower()):
        yield True, "status", "is released, which takes an author and another person as reviewer; name both"


def _without_comments(text: str, file: str, report: Report) -> list[tuple[int, str]]:
    """Numbered lines without comments; a line that held nothing else is gone, not blank."""
    bare = _COMMENT.sub(lambda m: "\0" + "\n\0" * m[0].count("\n"), text)
    opened = bare.find("<!--")
    if opened >= 0:
        line = bare.count("\n", 0, opened) + 1
        report(Fault(file, "is opened and never closed; end it with -->", line, _at(1), "<!--"))
        bare = bare[:opened]
    lines = list(enumerate(bare.split("\n"), 1))
    return [(n, x.replace("\0", "")) for n, x in lines if not ("\0" in x and not x.replace("\0", "").strip())]


def _at(column: int) -> str:
    """A column of a line, for a fault."""
    return f"column {column}"


def _shown(value: Any) -> str | None:
    return None if value is None else str(value)


class _Body:
    """One pass over the lines below the front matter."""

    def __init__(self, file: str, known: Known, report: Report) -> None:
        self.file, self.known, self.report = file, known, report
        self.part = ""
        self.seen: set[str] = set()
        self.pieces: list[Piece] = []
        self.conditions: list[Condition] = []
        self.opens = True

    def read(self, lines: list[tuple[int, str]]) -> Iterator[Passage]:
        """Passages, in order."""
        for number, line in lines:
            text = line.strip()
            indent = len(line) - len(line.lstrip())
            if not text:
                yield from self._close(ends=True)
            elif text.startswith("#"):
                yield from self._close(ends=True)
                self._heading(number, text)
            elif text.startswith("?"):
                self._condition(number, text)
            else:
                item = text.startswith("- ")
                if self.conditions or item or self.part == HEADLINE:
                    yield from self._close(ends=item or self.part == HEADLINE)
                if self.part == HEADLINE:
                    self.part = STANDFIRST
                if item and self.part != DATES:
                    self._fault(number, 1, "- ", "begins a list, which stands only under ## Dates; write a paragraph")
                if self.part == DATES and not item and not self.pieces:
                    self._fault(number, 1, text[:40], "is no date; a line here begins with `- `")
                self._text(number, indent + 1 + 2 * item, text[2:] if item else text)
        yield from self._close(ends=True)

    def _close(self, *, ends: bool) -> Iterator[Passage]:
        if self.pieces:
            yield Passage(self.part, tuple(self.pieces), tuple(self.conditions), self.opens)
            self.opens = False
        self.pieces, self.conditions = [], []
        self.opens = self.opens or ends

    def _heading(self, number: int, text: str) -> None:
        found = _HEADING.fullmatch(text)
        marks, title = (found[1], found[2].strip()) if found else ("#", "")
        if not title or len(marks) > 2:
            self._fault(number, 1, text[:40], "is no heading here: # and the headline, or ## and the name of a part")
            return
        part = HEADLINE if marks == "#" else re.sub(r"[^\w]+", "-", title.lower()).strip("-")
        if marks == "##" and part in _PLACES:
            self._fault(number, 4, title, f"is no part of its own: write the {part} {_PLACES[part]}")
        elif part not in self.known.parts:
            names = [p for p in self.known.parts if p not in _PLACES]
            self._fault(
                number, 4, title, f"is no part of the report{suggest(part, names)}; there are {', '.join(names)}"
            )
        if part in self.seen:
            self._fault(number, len(marks) + 2, title, "stands twice; keep one")
        self.seen.add(part)
        self.part = part
        if marks == "#":
            self._text(number, 3, title)

    def _condition(self, number: int, text: str) -> None:
        test = text[1:].strip()
        if not self.pieces:
            self._fault(number, 1, text[:40], "stands under no text; put it directly below what it is about")
        elif wrong := _unreadable(test, self.known.facts):
            self._fault(number, 3, test, f"cannot be read as a condition: {wrong}")
        else:
            self.conditions.append(Condition(test, number))

    def _text(self, number: int, column: int, text: str) -> None:
        if not self.part:
            self._fault(number, column, text[:40], "stands before the headline; begin with a line `# …`")
            self.part = STANDFIRST
        if self.pieces:
            self.pieces.append(Piece("text", " ", number, column))
        at = 0
        for found in _TOKEN.finditer(text):
            if found.start() > at:
                self.pieces.append(Piece("text", text[at : found.start()], number, column + at))
            self._token(number, column + found.start(), found)
            at = found.end()
        if at < len(text):
            self.pieces.append(Piece("text", text[at:], number, column + at))

    def _token(self, number: int, column: int, found: re.Match[str]) -> None:
        if found[1] is not None:
            text = found[1].strip()
            wrong = _unreadable(text, self.known.facts, value=True)
            if wrong:
                self._fault(number, column, found[0], f"is no value: {wrong}")
            self.pieces.append(Piece("value", text, number, column))
        elif found[2] is not None:
            kind = self._cited(found[2].strip())
            if kind == "lost":  # a row may have been taken away: the sentence falls, not the file
                hint = suggest(found[2], [*self.known.incidents, *self.known.sources, *self.known.days])
                message = f"is no incident on file, no source, no figure, and no `context` and its day{hint}"
                self._fault(number, column, found[0], message, "warning")
            text = found[2].strip().lstrip("@")
            self.pieces.append(Piece(kind, text.split()[-1] if kind == "context" else text, number, column))
        else:
            message = "is a bracket without its fellow; a value is {rockets.tally.now}, a citation [IQ-20200928-1]"
            self._fault(number, column, found[0], message)

    def _cited(self, text: str) -> str:
        """What kind of thing a citation cites; ``lost`` where there is none."""
        day = _CONTEXT.fullmatch(text)
        if day:
            return "context" if day[1] in self.known.days else "lost"
        if text in self.known.incidents:
            return "incident"
        if text.lstrip("@") in self.known.sources:
            return "source"
        return "shown" if _SHOWN.fullmatch(text.lstrip("@")) else "lost"

    def _fault(self, line: int, column: int, value: str, message: str, severity: str = "error") -> None:
        self.report(Fault(self.file, message, line, _at(column), value, severity))


def _unreadable(text: str, facts: Collection[str], *, value: bool = False) -> str:
    """What is wrong with an expression, or nothing; it is only read here.

    A value is a fact's name with what hangs on it, and filters: sums and typed numbers are no facts.
    """
    # The language is the facts': one for all conditions.
    from incident_report.analysis.expressions import ExpressionError, names_in, value_name

    if not text or len(text) > _LONGEST:
        return f"write something, in at most {_LONGEST} signs" if not text else f"it has more than {_LONGEST} signs"
    if re.search(r"[{}]|%\}|#\}|%\{", text):
        return "it holds braces"
    try:
        names = names_in(text)
        name = value_name(text) if value else ""
    except ExpressionError as error:
        return str(error)
    unknown = [n for n in ((name,) if value else names) if n not in facts]
    if unknown:
        return f"there is no fact {unknown[0]!r}{suggest(unknown[0], facts)}; make story lists them"
    return "" if names else "it reads no fact"
