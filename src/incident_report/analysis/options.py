"""The campaign's policy options as sentences and tables read them: statements, assumptions, signposts."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum
from typing import Any

from incident_report.analysis.ageing import Statement, statement
from incident_report.analysis.change import Verdict
from incident_report.analysis.edition import Edition
from incident_report.analysis.expressions import holds
from incident_report.analysis.remember import kept_property, remembered
from incident_report.syntax import ExpressionError, names_in

# What every option says, each an attribute: who acts, what the host state must agree to, what comes first, how it
# is meant to work, how it fails, what would stop it, how long until it works, what the authors make of it, what
# would change their mind, what the article says.
STATEMENTS = (
    "who", "agree", "first_step", "mechanism", "fails", "stops", "time", "judgement", "change_mind", "view",
)  # fmt: skip


class Rating(Enum):
    """How an assumption stands; worst first."""

    RED = "red"
    AMBER = "amber"
    UNREVIEWED = "unreviewed"  # what the rating rests on is not current
    GREEN = "green"


class Sign(Enum):
    """Whether a signpost is there."""

    MET = "met"
    PARTLY = "partly"
    NOT_MET = "not_met"
    UNKNOWN = "unknown"


@dataclass(frozen=True)
class Assumption:
    """What must be true for an option to work.

    Attributes
    ----------
    text : str
    rating : Rating
    why : Statement
    bears_on : tuple of str
        Ids of objectives.
    """

    text: str
    rating: Rating
    why: Statement
    bears_on: tuple[str, ...]


@dataclass(frozen=True)
class Signpost:
    """Something to watch.

    Attributes
    ----------
    text : str
    sign : Sign
    why : Statement or None
        What the state rests on; None where a test over the facts decides.
    """

    text: str
    sign: Sign
    why: Statement | None = None


@dataclass(frozen=True)
class Option:
    """One policy option; what it says is worked out when asked for, since its tests may read other options."""

    _ed: Edition
    raw: Mapping[str, Any]
    id: str
    group: str
    label: str
    phrase: str  # within a sentence: "closing the embassy"
    aimed_at: tuple[str, ...]  # ids of series
    article: bool  # raised by the article; else added by the project
    baseline: bool

    def say(self, name: str) -> Statement:
        """A statement by its name in the file: ``who``, ``agree``, ``fails`` …."""
        return statement(self._ed, self.raw[name])

    def __getattr__(self, name: str) -> Statement:
        if name in STATEMENTS:
            return self.say(name)
        raise AttributeError(f"an option has no {name!r}")

    @kept_property
    def assumptions(self) -> tuple[Assumption, ...]:
        """In the file's order; a rating whose reason is not current is unreviewed."""
        made = []
        for raw in self.raw["assumptions"]:
            why = statement(self._ed, raw, "why")
            rating = Rating(raw["rating"]) if why.current else Rating.UNREVIEWED
            made.append(Assumption(raw["text"], rating, why, tuple(raw["bears_on"])))
        return tuple(made)

    @property
    def weakest(self) -> Assumption:
        """The assumption with the worst rating, the first of several."""
        order = list(Rating)
        return min(self.assumptions, key=lambda a: order.index(a.rating))

    @property
    def red_on(self) -> frozenset[str]:
        """Objectives that a red assumption bears on."""
        return frozenset(o for a in self.assumptions if a.rating is Rating.RED for o in a.bears_on)

    @kept_property
    def signposts(self) -> tuple[Signpost, ...]:
        """What to watch, each with its state in this edition."""
        return tuple(_signpost(self._ed, raw) for raw in self.raw["signposts"])

    @property
    def traced(self) -> int:
        """Documented attacks that the option bears on for sure."""
        from incident_report.analysis.reach import share

        return len(share(self._ed, self, self._ed.campaign.all_series).yes)


def _signpost(ed: Edition, raw: Mapping[str, Any]) -> Signpost:
    if "test" in raw:
        return Signpost(raw["text"], _sign(ed, raw["test"]))
    why = statement(ed, raw["state"])
    return Signpost(raw["text"], Sign(raw["state"]["is"]) if why.current else Sign.UNKNOWN, why)


def _sign(ed: Edition, test: str) -> Sign:
    """Yes, no, or unknown where the test reads what cannot be compared or is too few to tell: that is never a no."""
    try:
        if holds(test, ed.facts):
            return Sign.MET
    except ExpressionError:
        return Sign.UNKNOWN
    verdicts = {getattr(ed.facts[name], "verdict", None) for name in names_in(test)}
    return Sign.UNKNOWN if verdicts & {Verdict.NOT_COMPARABLE, Verdict.TOO_FEW} else Sign.NOT_MET


@remembered
def read_options(ed: Edition) -> tuple[Option, ...]:
    """The campaign's options, group by group in the file's order; empty without a file."""
    return tuple(_options(ed))


def _options(ed: Edition) -> Iterator[Option]:
    doc = ed.data.options or {"options": (), "groups": ()}
    order = [g["id"] for g in doc["groups"]]
    for o in sorted(doc["options"], key=lambda o: order.index(o["group"])):
        yield Option(
            ed, o, o["id"], o["group"], o["label"], o["phrase"], tuple(o["aimed_at"]), o["origin"] == "article",
            bool(o.get("baseline")),
        )  # fmt: skip
