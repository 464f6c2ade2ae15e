"""What a story may not do whatever the data say: type a number, compare or total without a condition, assert bare.

Which words count, compare or admit a dispute is the phrasebook's to say (templates/words/<language>/story.md).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date
from functools import cache

from babel.dates import get_month_names

from incident_report.data.evidence import DECISIVE
from incident_report.data.model import Dataset, Fault
from incident_report.data.story import DATES, Passage, Piece, Story
from incident_report.periods import Period
from incident_report.present.usage import pattern
from incident_report.present.words import Words

_GAP = "\ufffc"  # stands for a value or a citation in the passage's text
_QUOTED = re.compile(r"“[^”]*”")
_DIGITS = re.compile(r"[^\W\d_]*\d(?:[\w%]|[.,](?=\d))*")
_YEAR = re.compile(r"(?<![\d,.])(\d{4})(?![\d%]|,\d)")
_ENTRY = "story"


def slips(story: Story, data: Dataset, words: Words) -> Iterator[Fault]:
    """Every breach, each with the line and column of the words.

    Parameters
    ----------
    story : Story
    data : Dataset
        For what is cited: outcome, evidence by cell, days.
    words : Words
        The phrasebook of the campaign's language.
    """
    for passage in story.passages:
        yield from _Passage(story, passage, data, words).slips()


class _Passage:
    def __init__(self, story: Story, passage: Passage, data: Dataset, words: Words) -> None:
        self.story, self.passage, self.data, self.words = story, passage, data, words
        self.text = "".join(p.text if p.kind == "text" else _GAP for p in passage.pieces)
        # A citation of what is not on file proves nothing; the sentence falls for that (see `present.story`).
        self.cited = passage.cites("incident", "source", "context", "lost")

    def slips(self) -> Iterator[Fault]:
        yield from self._bare()
        yield from self._stars()
        for name in self.story.names:  # blanked, not cut: places stay
            self.text = self.text.replace(name, "·" * len(name))
        if self.cited:
            self.text = _QUOTED.sub(lambda m: "·" * len(m[0]), self.text)
        yield from self._dates()
        yield from self._numbers()
        yield from self._comparisons()
        for piece in self.passage.cites("incident"):
            yield from self._incident(piece)

    def _bare(self) -> Iterator[Fault]:
        if not self.passage.conditions and not self.cited:
            message = "rests on nothing: add a line `? condition`, or cite an incident, a source or a line of context"
            yield self._fault(0, self.passage.plain, message)

    def _stars(self) -> Iterator[Fault]:
        for mark in ("**", "*"):
            bare = self.text if mark == "**" else self.text.replace("**", "")
            if bare.count(mark) % 2:
                yield self._fault(self.text.index(mark), mark, "opens emphasis and does not close it in this passage")

    def _dates(self) -> Iterator[Fault]:
        """Blank typed dates out, and name a day that nothing cited bears out."""
        sure = not self.passage.cites("source", "lost")
        cited = {d for p in self.cited for d in days(self.data, p)}
        found = list(_days(self.words).finditer(self.text))
        for m in found:
            if sure and not self._borne_out(m, cited | _bounds(self.story.quarter)):
                message = f"is the day of nothing that is cited here ({self._instead(cited)})"
                yield self._fault(m.start(), m[0], message)
            self.text = self.text[: m.start()] + "·" * len(m[0]) + self.text[m.end() :]
        if self.passage.part == DATES and not (found and found[0].start() == 0 and self.cited):
            message = "must begin with its day, such as `26 August:`, and cite an incident or a line of context"
            yield self._fault(0, self.passage.plain[:40], message)
        self.text = _YEAR.sub(self._year, self.text)

    def _instead(self, cited: set[date]) -> str:
        close = ", ".join(f"{d.day} {d:%B} {d.year}" for d in sorted(cited - _bounds(self.story.quarter)))
        return f"which is of {close}" if close else "cite it"

    def _year(self, m: re.Match[str]) -> str:
        """Blank where it is one of the record's."""
        years = {Period.parse(q).year for q in (*self.data.quarters, self.story.quarter)}
        return "····" if int(m[1]) in {*years, *self.data.context["date"].dt.year} else m[0]

    def _borne_out(self, m: re.Match[str], borne: set[date]) -> bool:
        """Whether every day that is typed, of one month, is among some days."""
        month = _months(self.words)[(m["month"] or m["month2"]).lower()]
        year = int(m["year"]) if m["year"] else None
        return all(_among(borne, int(x), month, year) for x in (m["day"], m["to"], m["day2"]) if x)

    def _numbers(self) -> Iterator[Fault]:
        message = "is a number typed by hand; take it from a fact, such as {rockets.tally.now}, or quote and cite it"
        for m in _DIGITS.finditer(self.text):
            more = f"; a name such as {m[0]} goes under names: at the top" if re.search(r"[^\W\d]", m[0]) else ""
            yield self._fault(m.start(), m[0], message + more)
        for m in self._words("number"):
            yield self._fault(m.start(), m[0], message)

    def _comparisons(self) -> Iterator[Fault]:
        if self.passage.conditions:
            return
        for m in self._words("comparison"):
            message = "compares or totals; add a line `? condition` below that says what must hold for it"
            yield self._fault(m.start(), m[0], message)

    def _incident(self, piece: Piece) -> Iterator[Fault]:
        """A row that is cited must have evidence; what is not counted, or disputed, must be said to be so."""
        row = self.data.incidents.set_index("incident_id").loc[piece.text]
        said = self.data.evidence[self.data.evidence["incident_id"] == piece.text]
        decisive = said[said["field"].isin([*DECISIVE, "row"])]
        at = piece.line, piece.column
        if len(self.data.evidence) and not (decisive["status"] == "stated").any():
            yield self._at(*at, piece.text, "has no stated cell in evidence.csv behind it; add one, or leave it out")
        told = Period.parse(self.story.quarter)
        if (day := row["date"].date()) > told.end:
            yield self._at(*at, piece.text, f"is of {day}, after the story's {told.unit}")
        method = decisive[(decisive["field"] == "attack_method") & (decisive["status"] == "contradicts")]
        outcome, why = row["outcome"], "is not counted"
        if outcome == "carried_out":
            outcome, why = "disputed" if len(method) else "", "has sources that name another method"
        if outcome and next(self._words(f"outcome-{outcome}"), None) is None:
            listed = " ".join(self.words.entries[_ENTRY].fields.get(f"outcome-{outcome}", ("", outcome))[1].split())
            yield self._at(*at, piece.text, f"{why} ({outcome}); say so, with one of: {listed}")

    def _words(self, field: str) -> Iterator[re.Match[str]]:
        _, listed = self.words.entries[_ENTRY].fields.get(field, ("", ""))
        return _pattern(listed).finditer(self.text) if listed.split() else iter(())

    def _fault(self, at: int, value: str, message: str) -> Fault:
        """A fault at a place in the passage's text."""
        for piece in self.passage.pieces:
            length = len(piece.text) if piece.kind == "text" else 1
            if at < length:
                return self._at(piece.line, piece.column + (at if piece.kind == "text" else 0), value, message)
            at -= length
        return self._at(self.passage.line, 1, value, message)

    def _at(self, line: int, column: int, value: str, message: str) -> Fault:
        return Fault(self.story.file, message, line, f"column {column}", value)


def days(data: Dataset, piece: Piece) -> set[date]:
    """The days of what is cited: of an incident its own and those that its sources give; none of a source."""
    if piece.kind == "context":
        return {date.fromisoformat(piece.text)}
    found = {d.date() for d in data.incidents.loc[data.incidents["incident_id"] == piece.text, "date"]}
    said = data.evidence
    given = said[(said["incident_id"] == piece.text) & (said["field"] == "date")]["value"]
    return found | {date.fromisoformat(v) for v in given if re.fullmatch(r"\d{4}-\d\d-\d\d", v)}


def opening(words: Words, text: str) -> re.Match[str] | None:
    """The day with which a text opens, and the sign behind it; None where it opens with none."""
    return re.compile(rf"{_days(words).pattern}[:,.]?\s*", re.IGNORECASE).match(text)


def opened(words: Words, text: str, borne: set[date]) -> date:
    """Which of the days that are borne out a text opens with; the first of them where it says none."""
    found = opening(words, text)
    typed = found and (int(found["day"] or found["day2"]), _months(words)[(found["month"] or found["month2"]).lower()])
    return min((d for d in borne if (d.day, d.month) == typed), default=min(borne))


def _bounds(quarter: str) -> set[date]:
    window = Period.parse(quarter)
    return {window.start, window.end}


def _among(known: set[date], day: int, month: int, year: int | None) -> bool:
    return any((d.day, d.month) == (day, month) and year in (None, d.year) for d in known)


@cache
def _months(words: Words) -> dict[str, int]:
    return {name.lower(): n for n, name in get_month_names("wide", locale=words.locale).items()}


@cache
def _days(words: Words) -> re.Pattern[str]:
    """A day of a month, or several, with or without a year, in the order of the language or the other."""
    months = "|".join(map(re.escape, _months(words)))
    before = rf"(?P<day>\d{{1,2}})\.?(?:\s*(?:[–-]|[^\W\d]+)\s*(?P<to>\d{{1,2}})\.?)?\s+(?P<month>{months})"
    after = rf"(?P<month2>{months})\s+(?P<day2>\d{{1,2}})(?!\d)"
    return re.compile(rf"\b(?:{before}|{after})\b(?:,?\s+(?P<year>\d{{4}}))?", re.IGNORECASE)


@cache
def _pattern(listed: str) -> re.Pattern[str]:
    return pattern(listed.split(), inside=r"[\w-]")
