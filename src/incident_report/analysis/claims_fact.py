"""The fact `claims`, the tables of the chapter, and the claims as findings that doubts may flip."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from incident_report.analysis.claims import MANY, Claim, Verdict, claim_of, every_claim, every_test
from incident_report.analysis.edition import Edition
from incident_report.analysis.finding import Finding, Said, kinds, register_findings
from incident_report.analysis.key_findings import places_of_rows
from incident_report.analysis.remember import kept_property
from incident_report.analysis.result import Outcome, Result, result
from incident_report.analysis.told import Answer, Standing


@result
def claims(ed: Edition) -> Outcome:
    """The claims that the edition can speak of, the doubtful first.

    Returns
    -------
    Result
        One row a claim: claim (id), label, text, place, start, end, verdict, fragile, one column for each standing
        (the parts that stand so, ``; `` between), sources and rows (spaced). `value` is a tuple of `Claim`.
    """
    made = _ordered(ed)
    standings = [s.value for s in Standing]
    table = pd.DataFrame(
        [
            (
                c.id, c.label, c.text, c.place, c.start.isoformat(), c.end.isoformat(), c.verdict.value, c.fragile,
                *("; ".join(p.says for p in c.stands(s)) for s in standings), " ".join(c.sources), " ".join(c.rows),
            )
            for c in made
            if c.verdict
        ],
        columns=["claim", "label", "text", "place", "start", "end", "verdict", "fragile", *standings, "sources",
                 "rows"],
    )  # fmt: skip
    return Outcome(table, [r for c in made for r in c.rows], value=made)


def _ordered(ed: Edition) -> tuple[Claim, ...]:
    order = list(Verdict)
    made = [c for c in every_claim(ed) if c.verdict is not None]
    return tuple(sorted(made, key=lambda c: order.index(c.verdict or Verdict.UNTESTED)))


@result
def verdicts(ed: Edition) -> Outcome:
    """How many claims have each verdict, those that some have, in the order of `Verdict`: verdict, count, claims."""
    made = [c for _, c in every_test(ed) if c.verdict is not None]
    groups = {v.value: [c.id for c in made if c.verdict is v] for v in Verdict}
    table = pd.DataFrame(
        [(v, len(ids), " ".join(ids)) for v, ids in groups.items() if ids],
        columns=["verdict", "count", "claims"],
    )
    return Outcome(table, [r for c in made for r in c.rows])


@dataclass(frozen=True)
class Article:
    """What the claims are taken from.

    Attributes
    ----------
    authors : tuple of str
        First names first; empty where nobody is named.
    publisher, original : str
        Who carries the text that was read; whose it is, where that is somebody else.
    day : date or None
        Of the text that was read, where it is known to the day.
    """

    title: str
    authors: tuple[str, ...]
    publisher: str
    original: str
    day: date | None


@dataclass(frozen=True)
class ClaimsFact:
    """What sentences and conditions read of the claims.

    It holds the verdicts, not the table of the claims: what each verdict survives takes seconds to find out.
    """

    _ed: Edition
    made: Result

    @kept_property
    def known(self) -> bool:
        """Whether there is a claim of the article that this edition can test."""
        return any(c.verdict is not Verdict.UNTESTED for c in self.every)

    @kept_property
    def last(self) -> date:
        """The last day that any of them is about."""
        return max(c.end for c in self.every)

    @kept_property
    def every(self) -> tuple[Claim, ...]:
        """Claims that the edition can speak of, the doubtful first."""
        return _ordered(self._ed)

    @kept_property
    def later(self) -> tuple[Claim, ...]:
        """Claims about days that the edition cannot know yet."""
        return tuple(c for c in every_claim(self._ed) if c.verdict is None)

    @property
    def fragile(self) -> tuple[Claim, ...]:
        """Claims with a verdict that one plausible kind of doubt flips."""
        return tuple(c for c in self.every if c.fragile)

    @kept_property
    def past(self) -> bool:
        """Whether the edition's quarter began after the last day of any claim, so that each is told with its date."""
        return self.known and not self.later and self._ed.quarter.start > self.last

    @property
    def article(self) -> tuple[str, ...]:
        """The article, as a citation takes it."""
        named = self._ed.data.view("claims/article") or self._ed.campaign.article
        return (named,) if named else ()

    @property
    def about(self) -> Article | None:
        """The article by its title, author, outlet and day; None where the sources hold no title of it."""
        rows = self._ed.data.sources
        rows = rows[rows["source_id"].isin(self.article) & rows["title"].notna()]
        if rows.empty:
            return None
        row = rows.iloc[0].fillna("")
        people = tuple(" ".join(reversed(a.split(", ", 1))) for a in row["author"])
        day = date.fromisoformat(row["published"]) if len(row["published"]) == len("2020-01-31") else None
        return Article(row["title"], people, row["publisher"], row["original"], day)

    @kept_property
    def doubtful(self) -> tuple[Claim, ...]:
        """Claims that fail, are overtaken, rest on the article alone, or that evidence could still settle."""
        open_ = tuple(c for c in self.having("untested") if c.parts)
        return (*self.having("not_supported", "overtaken", "alone"), *open_)

    @property
    def article_name(self) -> str:
        """How sentences call the article; empty where the claims are no article's."""
        return (self._ed.campaign.article_name or "") if self.article else ""

    def of(self, id: str) -> Claim:
        """A claim by its id.

        Raises
        ------
        LookupError
            If there is no such claim, or the edition cannot know its days yet.
        """
        for claim in self.every:
            if claim.id == id:
                return claim
        raise LookupError(f"there is no claim {id!r} in this edition; there are {', '.join(c.id for c in self.every)}")

    def label(self, id: str) -> str:
        """What a claim is called, for tables of verdicts: its other words are not read."""
        return str(self._ed.data.view("claims/labels")[id])

    def having(self, *verdicts: str) -> tuple[Claim, ...]:
        """Claims with one of these verdicts: ``having("not_supported")``."""
        known = {v.value for v in Verdict}
        if wrong := [v for v in verdicts if v not in known]:
            raise LookupError(f"there is no verdict {wrong[0]!r}; there are {', '.join(sorted(known))}")
        return tuple(c for c in self.every if c.verdict and c.verdict.value in verdicts)


def claims_fact(ed: Edition) -> ClaimsFact:
    """The claims in an edition."""
    return ClaimsFact(ed, verdicts(ed))


@register_findings(("claim.",))
def claim_findings(ed: Edition) -> Iterator[Finding]:
    """Claims about many attacks, with the verdict on the rate that stands beside them."""
    for raw, claim in every_test(ed):
        if claim.many:
            say = partial(_say, raw=raw, tallied=_tallied(claim))
            yield Finding(f"claim.{claim.id}", say, rows=partial(_alike, raw=raw))


def _tallied(claim: Claim) -> int:
    """Parts about a tally that is on file."""
    answers = [p.answer.values for p in claim.parts]
    return sum(a.get("tally") is not None or any(c.count is not None for c in a.get("tallies", ())) for a in answers)


def _say(ed: Edition, *, raw: Mapping[str, Any], tallied: int) -> Said | None:
    claim = claim_of(ed, raw)
    if claim.verdict is None or _tallied(claim) < tallied:  # without the tally that it is about it says nothing
        return None
    first = next((p.answer for p in claim.parts if p.answer.kind in MANY), Answer(Standing.OPEN, "open"))
    rate = claim.rate
    verdict = f"{claim.verdict.value} {rate.verdict.value}" if rate else claim.verdict.value
    tallies = rate.rows if rate is not None and rate.basis == "tally" else ()
    return Said(verdict, first.estimate, p_adjusted=first.p, tallies=tallies)


def _alike(ed: Edition, *, raw: Mapping[str, Any]) -> np.ndarray:
    """Rows that a claim's parts cannot tell apart."""
    rows = ed.counted
    tests = " ".join(p.get("expect", "") for p in raw.get("parts", ())) + " techniques"
    end = pd.Timestamp(raw["about"]["to"])
    known = [by_row for p in claim_of(ed, raw).parts if (by_row := p.answer.values.get("by_row"))]
    stand = [rows["incident_id"].map({i: s.value for i, s in by_row.items()}) for by_row in known]
    cells = [rows[c] for c in rows.columns if c in tests]
    return kinds(places_of_rows(ed), rows["date"] > end, *cells, *stand)
