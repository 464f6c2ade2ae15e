"""What a person wrote for a quarter, held against the edition: which sentences stand, and how they print.

`told` gives the text of each part for the `%%prose` cell of the same id. A sentence stands as long as each of
its conditions holds, each of its values is known and each row that it cites is on file; one that does not is
struck through in a draft. `slips` are what no data can mend: a typed number, a comparison without a condition.
"""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from incident_report.analysis.cited import cited
from incident_report.analysis.edition import Edition
from incident_report.analysis.expressions import VERDICTS, describe, holds
from incident_report.analysis.kept import kept
from incident_report.analysis.remember import remembered
from incident_report.analysis.result import Result
from incident_report.data.contents import fingerprint
from incident_report.data.model import CONFIDENCE, Dataset, Fault
from incident_report.data.story import DATES, HEADLINE, Passage, Piece, Story
from incident_report.paths import CODE, TEMPLATES
from incident_report.present.entries import WordsError
from incident_report.present.passages import Broken
from incident_report.present.story_rules import days, opened, opening, slips
from incident_report.present.words import LANGUAGE, phrasebook, words_of
from incident_report.syntax import ExpressionError

_STARS = re.compile(r"(\*+)")
# What Markdown may read as more than a letter, wherever it stands; the rest only where a line or an address begins.
_SIGNS = re.compile(r"[\\`*_{}\[\]()#<>$~^@&|!\"]|-(?=-)|:(?=[:/])|^[-+=:]|(?<=\d)[.)](?= )")
_WRITERS = (CODE / "incident_report" / "present", TEMPLATES / "words")  # what writes a story's sentences
_UNSAID = "…"  # in place of a value that a struck sentence cannot print


@dataclass(frozen=True)
class Sentence:
    """A passage of a story beside an edition.

    Attributes
    ----------
    passage : Passage
    source : str
        What prints, in the language of `%%prose` cells.
    broken : tuple of (expected, now)
        What it says that no longer holds; empty where it stands.
    """

    passage: Passage
    source: str
    broken: tuple[tuple[str, str], ...] = ()

    @property
    def text(self) -> str:
        """Its typed words, for a message."""
        return self.passage.plain


@dataclass(frozen=True)
class Told:
    """The text of a part, the sentences in it that are struck through, and the rows that it cites."""

    source: str
    broken: tuple[Broken, ...] = ()
    rests: tuple[Result, ...] = ()


@dataclass(frozen=True)
class Dated:
    """A line of the quarter's dates.

    Attributes
    ----------
    day : date
        The typed day, as what is cited bears it out.
    text : str
        What happened, as Markdown; struck through where it no longer holds.
    incidents : tuple of str
        Ids cited.
    sources : tuple of str
        Ids of the sources behind what is cited.
    broken : bool
    """

    day: date
    text: str
    incidents: tuple[str, ...]
    sources: tuple[str, ...]
    broken: bool


def story_of(ed: Edition, part: str = "") -> Story | None:
    """The story that an edition tells: that of its quarter, and only with the parameters it was written for.

    Whoever names a part reads nothing else of it.
    """
    usual = ed.confidence_floor == CONFIDENCE[0] and ed.data.as_of is None
    usual = usual and ed.baseline in (None, ed.quarter.shift(-1))
    return ed.data.story(str(ed.quarter), part) if usual else None


def parts(ed: Edition) -> tuple[str, ...]:
    """The parts that the edition's story tells, in the file's order; empty without one."""
    story = story_of(ed)
    return tuple(story.parts) if story else ()


def passages(ed: Edition, part: str) -> tuple[Passage, ...]:
    """Every passage of a part of the edition's story, as it was typed; none without one."""
    story = story_of(ed, part)
    return tuple(story.parts.get(part, ())) if story else ()


@remembered
def sentences(ed: Edition, part: str) -> tuple[Sentence, ...]:
    """Every passage of a part of the edition's story, with what of it no longer holds."""
    return tuple(_sentence(ed, p) for p in passages(ed, part))


def told(ed: Edition, part: str) -> Told | None:
    """The text of a part of the edition's story, for the cell of that id; None where it has no such part."""
    found = sentences(ed, part)
    ids = dict.fromkeys(p.text for s in found for p in s.passage.cites("incident"))
    rests = (cited(ed, ids=" ".join(ids)),) if ids else ()
    return Told(_joined(part, found), _struck(found), rests) if found else None


def meanings(ed: Edition, broken: list[Broken], rests: list[Result]) -> Callable[[Any], str]:
    """`meaning(option)` in a cell: what the story says of an option, or nothing; notes what is struck and cited."""

    def meaning(option: Any) -> str:
        part = f"meaning-{option.id}"
        found = told(ed, part)
        if found is None:
            return ""
        broken.extend(b for b in found.broken if b not in broken)
        rests.extend(r for r in found.rests if r not in rests)
        return Markup(written_part(ed, part))  # noqa: S704 - Markdown with values escaped

    return meaning


@remembered
def dates(ed: Edition) -> tuple[Dated, ...]:
    """The quarter's dates as the story tells them, by day; empty where it tells none."""
    return tuple(sorted((_dated(ed, s) for s in sentences(ed, DATES)), key=lambda d: d.day))


def _dated(ed: Edition, one: Sentence) -> Dated:
    words, named = words_of(ed), one.passage.cites()
    text = _written(ed, one.source, f"{DATES}:{one.passage.line}").strip("~")
    found = opening(words, text)
    said = text[found.end() :] if found else text
    borne = {d for p in named for d in days(ed.data, p)} or {ed.quarter.start}
    return Dated(
        opened(words, text, borne),
        f"~~{said}~~" if one.broken else said[:1].upper() + said[1:],
        tuple(p.text for p in one.passage.cites("incident")),
        tuple(dict.fromkeys(s for p in named for s in _sources(ed, p))),
        bool(one.broken),
    )


def faults(ed: Edition) -> list[Fault]:
    """What is wrong with the edition's story: what is refused in any case, then what no longer holds."""
    story = story_of(ed)
    return [*slips(story, ed.data, words_of(ed)), *lost(ed, story)] if story else []


def story_slips(data: Dataset) -> tuple[Fault, ...]:
    """What is refused in any story of a campaign, whatever the data say."""
    words = phrasebook(str(data.campaign.raw.get("language", LANGUAGE)), data.campaign.period)
    return tuple(f for _, story in sorted(data.stories.items()) for f in slips(story, data, words))


def lost(ed: Edition, story: Story) -> Iterator[Fault]:
    """A line for each sentence that no longer holds: errors of a released story, warnings of a draft."""
    severity = "error" if story.status == "released" else "warning"
    for passage in (p for part in parts(ed) for p in story.parts[part]):
        if broken := _broken(ed, passage):
            said = "; ".join(f"you say {expected}, now {now}" for expected, now in broken)
            yield Fault(story.file, said, passage.line, None, passage.plain, severity)


def _broken(ed: Edition, passage: Passage) -> list[tuple[str, str]]:
    """What of a passage no longer holds, kept for builds to come, whatever else of the story changes."""
    return [*map(tuple, kept(ed, f"passage {fingerprint(passage)}", lambda: _sentence(ed, passage).broken, _WRITERS))]


def _sentence(ed: Edition, passage: Passage) -> Sentence:
    broken: list[tuple[str, str]] = []
    for condition in passage.conditions:
        now = _failed(ed, condition.text)
        if now:
            broken.append((condition.text, now))
    for piece in passage.pieces:
        if piece.kind == "value" and (wrong := _unsaid(ed, piece.text)):
            broken.append((f"{{{piece.text}}}", wrong))
        elif piece.kind == "lost":
            broken.append((f"[{piece.text}]", "it is not on file"))
    text = "".join(_source(ed, passage, bool(broken))).strip()
    if broken:
        return Sentence(passage, f"~~{text}~~", tuple(broken))
    test = " and ".join(f"({c.text})" for c in passage.conditions)
    return Sentence(passage, f"{{% expect {test} %}}{text}{{% endexpect %}}" if test else text)


def _failed(ed: Edition, test: str) -> str:
    """What is now the case where a condition does not hold; empty where it does."""
    try:
        if holds(test, ed.facts):
            return ""
    except ExpressionError as error:
        return str(error)
    now = describe(test, ed.facts)
    # "you say rockets is rise, now level": the name stands before already.
    name, found, verdict = now.partition(" is ")
    return verdict if found and ";" not in now and test in {f"{name} is {v}" for v in VERDICTS} else now


def _unsaid(ed: Edition, expression: str) -> str:
    """Why a value cannot be printed, or nothing."""
    try:
        _written(ed, _value(expression), "value")
    except WordsError as error:
        return str(error).removeprefix("value, line 1: ").removeprefix("value: ").partition(": '{{")[0]
    return ""


def _value(expression: str) -> str:
    return f"{{{{ {expression} }}}}"


def _written(ed: Edition, source: str, name: str) -> str:
    return words_of(ed).text(source, ed.facts, name=name)


UNSOURCED = (HEADLINE, DATES)  # a headline has no sources, a list of dates has them apart


def _source(ed: Edition, passage: Passage, struck: bool) -> Iterator[str]:
    """The pieces in the language of prose cells. Typed text is escaped; nothing of it can be read as a tag."""
    run: list[Piece] = []
    stop = ""  # a full stop waits for the citation that follows it
    for n, piece in enumerate(passage.pieces):
        if piece.kind == "text":
            cited = _cited_next(passage, n)
            if run and cited and not piece.text.strip():
                continue  # citations side by side are one
            yield from _citation(ed, run, stop)
            run, (text, stop) = [], _without_stop(piece.text) if cited else (piece.text, "")
            yield _typed(text)
        elif piece.kind in ("value", "shown"):
            yield _shown(ed, piece, struck)
        elif piece.kind != "lost" and passage.part not in UNSOURCED:
            run.append(piece)
    yield from _citation(ed, run, stop)


def _typed(text: str) -> str:
    """Typed text as Markdown, with the stars that stress."""
    return "".join(t if t.startswith("*") else _letters(t) for t in _STARS.split(text))


def _cited_next(passage: Passage, n: int) -> bool:
    """Whether what follows a piece is a citation that is printed there."""
    following = next((p for p in passage.pieces[n + 1 :] if p.text.strip()), None)
    return passage.part not in UNSOURCED and following in passage.cites()


def _without_stop(text: str) -> tuple[str, str]:
    """Text without the full stop at its end, and that."""
    bare = text.rstrip()
    return (bare[:-1] + " ", ".") if bare.endswith(".") else (text, "")


def _shown(ed: Edition, piece: Piece, struck: bool) -> str:
    if piece.kind == "shown":
        return f"@{piece.text}"
    return _UNSAID if struck and _unsaid(ed, piece.text) else _value(piece.text)


def _citation(ed: Edition, run: list[Piece], stop: str) -> Iterator[str]:
    """Sources of what is cited side by side: of one thing two, of several one each."""
    if run:
        most = 2 if len(run) == 1 else 1
        sources = dict.fromkeys(s for p in run for s in _sources(ed, p)[:most])
        yield _value(f"cite({json.dumps(list(sources))})") + stop


def _letters(text: str) -> str:
    """Typed text as Markdown that shows it letter by letter, with the apostrophes of print."""
    return _SIGNS.sub(r"\\\g<0>", text.replace("'", "’"))


def _sources(ed: Edition, piece: Piece) -> list[str]:
    """The sources behind what is cited."""
    if piece.kind == "source":
        return [piece.text]
    if piece.kind == "incident":
        rows = ed.data.incidents
        return [s for cell in rows.loc[rows["incident_id"] == piece.text, "sources"] for s in cell]
    rows = ed.data.context
    rows = rows[rows["date"].dt.strftime("%Y-%m-%d") == piece.text]
    return [s for row in rows.itertuples() for s in (row.source, *row.more_sources)]


def _joined(part: str, found: tuple[Sentence, ...]) -> str:
    if part == DATES:
        return "\n".join(f"- {s.source}" for s in found)
    return "".join(("\n\n" if s.passage.opens else " ") + s.source for s in found).strip()


def _struck(found: tuple[Sentence, ...]) -> tuple[Broken, ...]:
    return tuple(Broken(s.text, expected, now) for s in found for expected, now in s.broken)


def written_sentence(ed: Edition, one: Sentence) -> str:
    """One sentence as it prints, as Markdown."""
    return _written(ed, one.source, f"{one.passage.part}:{one.passage.line}")


def written_part(ed: Edition, part: str) -> str:
    """A part of the story as it prints, as Markdown; empty where there is none."""
    found = sentences(ed, part)
    return _written(ed, _joined(part, found), part) if found else ""
