"""Test a campaign's claims: which check, on which days, with which verdict."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

from incident_report.analysis import claim_checks, event_checks
from incident_report.analysis.edition import Edition
from incident_report.analysis.verdicts import REGISTRY, Outcome, Span, Verdict

CHECKS = (claim_checks, event_checks)  # importing them registers their checks


@dataclass(frozen=True)
class Tested:
    """A claim and its verdict."""

    id: str
    claim: str
    place: str
    about: Span
    check: str
    args: Mapping[str, Any]
    settle: str
    indirect: str
    outcome: Outcome

    @property
    def verdict(self) -> Verdict:
        """The outcome's verdict."""
        return self.outcome.verdict


def evaluate(edition: Edition) -> tuple[Tested, ...]:
    """Every claim with its verdict, in the file's order; nothing where the campaign lists no claims.

    A claim about days after the edition's last (or after `as_of`) is not tested: the edition cannot
    know. A test marked indirect never does better than `PARTLY`.
    """
    document = edition.data.claims or {}
    return tuple(_test(edition, claim) for claim in document.get("claims", ()))


def tally_verdicts(tested: tuple[Tested, ...]) -> dict[Verdict, int]:
    """How many claims have each verdict, in the order of `Verdict`."""
    found = Counter(t.verdict for t in tested)
    return {verdict: found[verdict] for verdict in Verdict}


def last_known_day(edition: Edition) -> date:
    """The last day that this edition can say something about."""
    as_of = edition.data.as_of
    return min(edition.quarter.end, as_of) if as_of else edition.quarter.end


def _test(edition: Edition, claim: Mapping[str, Any]) -> Tested:
    about = Span(date.fromisoformat(claim["about"]["from"]), date.fromisoformat(claim["about"]["to"]))
    indirect = claim.get("indirect", "")
    if about.end > last_known_day(edition):
        outcome = Outcome(Verdict.UNTESTABLE, {"beyond": True})
    else:
        outcome = REGISTRY[claim["check"]](edition, about, **claim.get("args", {}))
        if indirect and outcome.verdict is Verdict.SUPPORTED:
            outcome = replace(outcome, verdict=Verdict.PARTLY)
    return Tested(
        id=claim["id"],
        claim=" ".join(claim["claim"].split()),
        place=claim["place"],
        about=about,
        check=claim["check"],
        args=claim.get("args", {}),
        settle=claim["settle"],
        indirect=indirect,
        outcome=outcome,
    )
