"""The story of a quarter, `story/<quarter>.md`: what a person wrote, each sentence under what it rests on.

```
---
quarter: 2020Q3
status: draft
author: A. Name
reviewer:
published:
embargo:
names: [G4S]
---
# More rockets, and no let-up on convoys
? rockets is rise

One analyst counts {rockets.tally.now} rocket and drone attacks.
? rockets.tally is known
Five people died in one house. [IQ-20200928-1]

## Dates
- 20 September: Washington warns that it may close the embassy. [context 2020-09-20]
```

`#` is the headline, what follows up to the first `##` the standfirst; `##` names a part by its id, in any
capitals, spaces for hyphens. A blank line ends a paragraph. A line with `?` is a condition in the facts'
language for the text above it, up to the last such line. A line with `!` restricts that text, with the
reason: it stands in no public report. `{…}` is a value: a fact, and filters of the
phrasebook. `[…]` cites an incident, a source, a line of context by its day, or calls a figure or table.
`<!-- … -->` is for the author alone. Nothing here is computed: `present.story` holds it against an edition.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass, field
from functools import cached_property

from incident_report.data.signoff import SignOff
from incident_report.periods import QUARTER

FOLDER = "story"
HEADLINE, STANDFIRST, DATES, NEXT = "headline", "standfirst", "dates", "next-quarter"
# Parts by the ids of the cells whose text they replace; what an option means adds `meaning-<its id>`.
PARTS = (
    HEADLINE, STANDFIRST, "what-happened", "how-bad", "what-follows", "how-sure", "not-known", DATES,
    NEXT, "watch-for",
    "lead-what-happened", "lead-how-dangerous", "lead-what-can-be-done", "lead-was-the-article-right",
    "lead-what-next", "lead-how-we-know",
)  # fmt: skip


@dataclass(frozen=True)
class Known:
    """What a story may name.

    Attributes
    ----------
    incidents, sources, days : collection of str
        Ids that may be cited, and days (``2020-09-20``) of lines of context.
    options : collection of str
        Ids of policy options.
    facts : collection of str
        Names that values and conditions may read.
    """

    incidents: Collection[str]
    sources: Collection[str]
    days: Collection[str]
    options: Collection[str]
    facts: Collection[str]
    unit: str = QUARTER  # what the campaign reports by

    @property
    def parts(self) -> tuple[str, ...]:
        """Names of parts."""
        return (*PARTS, *(f"meaning-{o}" for o in self.options))


@dataclass(frozen=True)
class Piece:
    """A stretch of one line.

    Attributes
    ----------
    kind : str
        ``text``, ``value`` (`text` is the expression), ``incident``, ``source``, ``context`` (a day),
        ``shown`` (a figure or a table) or ``lost`` (a citation of what is not on file).
    text : str
    line, column : int
        Where it begins in the file, from 1.
    """

    kind: str
    text: str
    line: int
    column: int


@dataclass(frozen=True)
class Condition:
    """What must hold for the text above it."""

    text: str
    line: int


@dataclass(frozen=True)
class Passage:
    """A stretch of text that stands or falls as one: under its conditions, with its citations.

    Attributes
    ----------
    part : str
        The part it belongs to: ``headline``, ``dates``, ``lead-what-happened`` …
    pieces : tuple of Piece
    conditions : tuple of Condition
    opens : bool
        Whether it opens a paragraph; otherwise it goes on with the one before.
    restricted : str
        Why it must not leave the project; empty for most.
    """

    part: str
    pieces: tuple[Piece, ...]
    conditions: tuple[Condition, ...] = ()
    opens: bool = True
    restricted: str = ""

    @property
    def line(self) -> int:
        """The line on which it begins."""
        return self.pieces[0].line

    @property
    def plain(self) -> str:
        """The typed text alone; values and citations left out."""
        return " ".join(" ".join(p.text for p in self.pieces if p.kind == "text").split())

    def cites(self, *kinds: str) -> tuple[Piece, ...]:
        """Its citations of some kinds; without one, all that prove something."""
        return tuple(p for p in self.pieces if p.kind in (kinds or ("incident", "source", "context")))


@dataclass(frozen=True)
class Story:
    """A quarter's story as written.

    Attributes
    ----------
    file : str
        In the campaign folder, such as ``story/2020Q3.md``.
    quarter : str
    signed : SignOff
        Who answers for the edition, and how far it is; of a translation also its language and translator.
    names : tuple of str
        Names that carry a digit or a number word and are no count: ``G4S``.
    passages : tuple of Passage
        In the file's order.
    """

    file: str
    quarter: str
    signed: SignOff = field(default_factory=SignOff)
    names: tuple[str, ...] = ()
    passages: tuple[Passage, ...] = field(default=())

    @cached_property
    def parts(self) -> dict[str, tuple[Passage, ...]]:
        """Passages by part, in the file's order."""
        names = dict.fromkeys(p.part for p in self.passages)
        return {name: tuple(p for p in self.passages if p.part == name) for name in names}

    @property
    def status(self) -> str:
        """``draft``, ``in review`` or ``released``."""
        return self.signed.status

    def __repr__(self) -> str:
        return f"<story of {self.quarter}, {self.status}: {', '.join(self.parts) or 'no part'}>"
