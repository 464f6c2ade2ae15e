"""The article's claims against what is on file: each in its parts, each with one verdict and its doubts.

A claim's parts are conditions over the facts or questions to `on_file`; its verdict follows from how they stand.
"""

from __future__ import annotations

from collections import ChainMap
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from enum import Enum
from typing import Any

from incident_report.analysis.ageing import State, statement
from incident_report.analysis.edition import Edition
from incident_report.analysis.expressions import evaluate
from incident_report.analysis.on_file import OnFile, last_known_day
from incident_report.analysis.remember import kept_property, remembered
from incident_report.analysis.robustness import Robustness, examine
from incident_report.analysis.told import Answer, Standing
from incident_report.syntax import ExpressionError

MANY = ("more", "none", "share", "kinds", "techniques", "tally")  # questions about many attacks: doubts can move them


class Verdict(Enum):
    """What is on file about a claim; in the order in which readers should see them."""

    NOT = "not_supported"
    OVERTAKEN = "overtaken"  # it was so; the edition's own data say that it no longer is
    ALONE = "alone"  # it rests on the article alone
    UNTESTED = "untested"
    PARTLY = "partly"
    SUPPORTED = "supported"


@dataclass(frozen=True)
class Part:
    """One thing that a claim asserts.

    Attributes
    ----------
    says : str
        As a noun phrase.
    central : bool
        Whether the claim turns on it.
    """

    says: str
    answer: Answer
    central: bool = False

    @property
    def standing(self) -> str:
        """How it stands."""
        return self.answer.standing.value


@dataclass(frozen=True)
class Claim:
    """A claim with its verdict.

    Attributes
    ----------
    label, text, place : str
        A name for lists, the claim in our words, where the article makes it.
    start, end : date
        The days that it is about.
    verdict : Verdict or None
        None in an edition that cannot know those days yet.
    untested, settle : str
        Why no data reach it; what would decide it. Either may be empty.
    """

    _ed: Edition
    id: str
    label: str
    text: str
    place: str
    start: date
    end: date
    verdict: Verdict | None
    parts: tuple[Part, ...]
    untested: str
    settle: str

    def stands(self, *standings: str) -> tuple[Part, ...]:
        """Its parts that stand so: ``stands("borne_out")``."""
        return tuple(p for p in self.parts if p.standing in standings)

    @property
    def sources(self) -> tuple[str, ...]:
        """Every source of its parts."""
        return tuple(dict.fromkeys(s for p in self.parts for s in p.answer.sources))

    def sources_of(self, standing: str) -> tuple[str, ...]:
        """Sources of the parts that stand so."""
        return tuple(dict.fromkeys(s for p in self.stands(standing) for s in p.answer.sources))

    @property
    def rows(self) -> tuple[str, ...]:
        """Every row behind its parts."""
        return tuple(dict.fromkeys(r for p in self.parts for r in p.answer.rows))

    @property
    def rate(self) -> Any:
        """The comparison of rates beside a claim about counts; None for any other."""
        return next((r for p in self.parts if (r := p.answer.values.get("rate")) is not None), None)

    @property
    def many(self) -> bool:
        """Whether it is tested on many attacks, so that doubts about the data can move its verdict."""
        tested = self.verdict not in (None, Verdict.UNTESTED)
        return tested and any(p.answer.kind in MANY for p in self.parts)

    @kept_property
    def found(self) -> Robustness | None:
        """What its verdict survives and what flips it; None where no doubt can move it."""
        made = examine(self._ed, f"claim.{self.id}") if self.many else None
        return made.value if made is not None else None

    @property
    def fragile(self) -> bool:
        """Whether one plausible kind of doubt flips its verdict, or that on the rate beside it."""
        return self.found is not None and self.found.fragile


def verdict_of_parts(parts: tuple[Part, ...]) -> Verdict:
    """The verdict that follows from how a claim's parts stand.

    What it turns on decides first: with a central part denied it is not supported, with one open it is untested,
    with one that only the article states it rests on the article alone. Else it is supported where every part is
    borne out; partly where some is, or sources differ; not supported where every part is denied.
    """
    every = {p.answer.standing for p in parts}
    central = {p.answer.standing for p in parts if p.central}
    for standing, verdict in _TURNS.items():
        if standing in central:
            return verdict
    if every == {Standing.BORNE_OUT}:
        return Verdict.SUPPORTED
    if every & {Standing.BORNE_OUT, Standing.PART, Standing.DISPUTED}:
        return Verdict.PARTLY
    if every == {Standing.DENIED}:
        return Verdict.NOT
    return Verdict.ALONE if Standing.ALONE in every else Verdict.UNTESTED


_TURNS = {Standing.DENIED: Verdict.NOT, Standing.OPEN: Verdict.UNTESTED, Standing.ALONE: Verdict.ALONE}


def claim_of(ed: Edition, raw: Mapping[str, Any]) -> Claim:
    """A claim of the file with its verdict in an edition.

    Parameters
    ----------
    raw : mapping
        An entry of claims.yml.
    """
    start, end = (date.fromisoformat(raw["about"][k]) for k in ("from", "to"))
    early = end > last_known_day(ed)
    asked, overtaken = OnFile(ed, end), statement(ed, raw, "claim").state is State.BROKEN
    parts = () if early else tuple(_part(ed, asked, p) for p in raw.get("parts", ()))
    verdict = None if early else Verdict.OVERTAKEN if overtaken else verdict_of_parts(parts)
    text, untested = (" ".join(raw.get(k, "").split()) for k in ("claim", "untested"))
    return Claim(
        ed, raw["id"], raw["label"], text, raw["place"], start, end, verdict, parts, untested, raw.get("settle", "")
    )


def _part(ed: Edition, asked: OnFile, raw: Mapping[str, Any]) -> Part:
    if "expect" in raw:
        answer = _answer(ed, asked, raw["expect"])
    elif {"stated_by", "denied_by"} & set(raw):
        answer = asked.stated(raw.get("stated_by", ()), raw.get("denied_by", ()))
    else:
        answer = Answer(Standing.OPEN, "open")
    return Part(raw["says"], answer, raw.get("central", False))


def _answer(ed: Edition, asked: OnFile, test: str) -> Answer:
    """A question's answer, or a condition's yes or no; what cannot be answered is open, never a no."""
    try:
        found = evaluate(test, ChainMap({"on_file": asked}, ed.facts))  # type: ignore[arg-type]
    except ExpressionError:
        return Answer(Standing.OPEN, "condition")
    if isinstance(found, Answer):
        return found
    standing = Standing.BORNE_OUT if found is True else Standing.DENIED if found is False else Standing.OPEN
    return Answer(standing, "condition")


@remembered
def stated(ed: Edition) -> Sequence[Mapping[str, Any]]:
    """The article's claims as the file states them, in its order; none where no article is named."""
    file = ed.data.claims or {}
    return file.get("claims", ()) if file.get("article") or ed.campaign.article else ()


@remembered
def tested(ed: Edition) -> Sequence[Mapping[str, Any]]:
    """As `stated`, without the words: what is asked of the data, and no more."""
    file = ed.data.view("claims/tests") or {}
    return file.get("claims", ()) if file.get("article") or ed.campaign.article else ()


@remembered
def every_test(ed: Edition) -> tuple[tuple[Mapping[str, Any], Claim], ...]:
    """All claims as `tested` has them, each with its verdict."""
    return tuple((raw, claim_of(ed, raw)) for raw in tested(ed))


@remembered
def every_claim(ed: Edition) -> tuple[Claim, ...]:
    """All claims of the article, in the file's order."""
    return tuple(claim_of(ed, raw) for raw in stated(ed))
