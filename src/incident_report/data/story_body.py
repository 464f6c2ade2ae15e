"""The text of a story below its front matter: lines to passages, each fault with its place."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator

from incident_report.data.cells import suggest
from incident_report.data.model import Fault
from incident_report.data.story import (
    DATES,
    HEADLINE,
    NEXT,
    STANDFIRST,
    Condition,
    Known,
    Passage,
    Piece,
)
from incident_report.syntax import ExpressionError, names_in, value_name

Report = Callable[[Fault], None]
_LONGEST = 300  # signs of one value or condition
_TOKEN = re.compile(r"\{([^{}]*)\}|\[([^\[\]{}]*)\]|[{}\[\]]")
_CONTEXT = re.compile(r"context\s+([0-9]{4}-[0-9]{2}-[0-9]{2})")
_SHOWN = re.compile(r"(?:fig|tab)-[\w-]+")
_PLACES = {HEADLINE: "behind a single #", STANDFIRST: "directly below the headline"}


def at_column(column: int) -> str:
    """A column of a line, for a fault."""
    return f"column {column}"


class Body:
    """One pass over the lines below the front matter."""

    def __init__(self, file: str, known: Known, report: Report) -> None:
        self.file, self.known, self.report = file, known, report
        self.part = ""
        self.seen: set[str] = set()
        self.pieces: list[Piece] = []
        self.conditions: list[Condition] = []
        self.restricted = ""
        self.opens = True

    def read(self, lines: list[tuple[int, str]]) -> Iterator[Passage]:
        """Passages, in order."""
        for number, line in lines:
            text = line.strip()
            if not text:
                yield from self._close(ends=True)
            elif text.startswith("#"):
                yield from self._close(ends=True)
                self._heading(number, text)
            elif text.startswith("?"):
                self._condition(number, text)
            elif text.startswith("!"):
                self._restriction(number, text)
            else:
                yield from self._line(number, line.index(text) + 1, text)
        yield from self._close(ends=True)

    def _line(self, number: int, column: int, text: str) -> Iterator[Passage]:
        """A line of a paragraph, or an item of the list of dates; it may end the passage before it."""
        item = text.startswith("- ")
        alone = item or self.part == HEADLINE
        if self.conditions or self.restricted or alone:
            yield from self._close(ends=alone)
        if self.part == HEADLINE:
            self.part = STANDFIRST
        if self.part == DATES:
            if not item and not self.pieces:
                self._fault(number, 1, text[:40], "is no date; a line here begins with `- `")
        elif item:
            self._fault(number, 1, "- ", "begins a list, which stands only under ## Dates; write a paragraph")
        self._text(number, column + 2 * item, text.removeprefix("- "))

    def _close(self, *, ends: bool) -> Iterator[Passage]:
        if self.pieces:
            yield Passage(self.part, tuple(self.pieces), tuple(self.conditions), self.opens, self.restricted)
            self.opens = False
        self.pieces, self.conditions, self.restricted = [], [], ""
        self.opens = self.opens or ends

    def _heading(self, number: int, text: str) -> None:
        title = text.lstrip("#").strip()
        marks = len(text) - len(text.lstrip("#"))
        if not title or marks > 2:
            self._fault(number, 1, text[:40], "is no heading here: # and the headline, or ## and the name of a part")
            return
        names = [p for p in self.known.parts if p not in _PLACES]
        part = re.sub(r"[^\w]+", "-", title.lower()).strip("-")
        part = {f"next-{self.known.unit}": NEXT}.get(part, part)  # as the campaign reports
        if marks == 1:
            part = HEADLINE
        elif part in _PLACES:
            self._fault(number, 4, title, f"is no part of its own: write the {part} {_PLACES[part]}")
        elif part not in names:
            message = f"is no part of the report{suggest(part, names)}; there are {', '.join(names)}"
            self._fault(number, 4, title, message)
        if part in self.seen:
            self._fault(number, marks + 2, title, "stands twice; keep one")
        self.seen.add(part)
        self.part = part
        if marks == 1:
            self._text(number, 3, title)

    def _condition(self, number: int, text: str) -> None:
        test = text[1:].strip()
        if not self.pieces:
            self._fault(number, 1, text[:40], "stands under no text; put it directly below what it is about")
        elif wrong := _unreadable(test, self.known.facts):
            self._fault(number, 3, test, f"cannot be read as a condition: {wrong}")
        else:
            self.conditions.append(Condition(test, number))

    def _restriction(self, number: int, text: str) -> None:
        self.restricted = text[1:].strip()
        if not self.pieces:
            self._fault(number, 1, text[:40], "stands under no text; put it directly below what it restricts")
        elif not self.restricted:
            self._fault(number, 1, text, "gives no reason; say why the text above must not leave the project")

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
        self.report(Fault(self.file, message, line, at_column(column), value, severity))


def _unreadable(text: str, facts: Collection[str], *, value: bool = False) -> str:
    """What is wrong with an expression, or nothing; it is only read here.

    A value is a fact's name with what hangs on it, and filters: sums and typed numbers are no facts.
    """
    if not text:
        return f"write something, in at most {_LONGEST} signs"
    if len(text) > _LONGEST:
        return f"it has more than {_LONGEST} signs"
    if re.search(r"[{}]|%\}|#\}|%\{", text):
        return "it holds braces"
    try:
        names = names_in(text)
        read = (value_name(text),) if value else names
    except ExpressionError as error:
        return str(error)
    unknown = [name for name in read if name not in facts]
    if unknown:
        return f"there is no fact {unknown[0]!r}{suggest(unknown[0], facts)}; make story lists them"
    return "" if names else "it reads no fact"
