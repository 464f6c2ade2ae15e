"""What a key finding is, and which ones are chosen."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from incident_report.present.records import Trace

FEWEST, MOST = 3, 6
TOPICS = ("frequency", "harm", "sophistication", "options", "claims", "outlook")
PER_TOPIC = {"frequency": 2}  # every other topic has room for one


@dataclass(frozen=True)
class Finding:
    """A candidate for the key findings.

    Parameters
    ----------
    topic : str
        One of `TOPICS`.
    weight : int
        From declared rules: certainty first, then size and novelty.
    headline, text : str (Markdown)
        The finding, and its numbers with comparison and interval.
    basis, confidence : str (Markdown)
        What the numbers rest on; how far that can be trusted, and why.
    see : str
        Cross-reference to where a chapter shows it.
    """

    topic: str
    weight: int
    headline: str
    text: str
    basis: str
    confidence: str
    see: str
    trace: tuple[Trace, ...] = field(default=())

    def markdown(self) -> str:
        """The finding as one paragraph."""
        return (
            f"**{self.headline}** {self.text} *Basis:* {self.basis}. *Confidence:* {self.confidence}. See {self.see}."
        )


def choose(candidates: Sequence[Finding]) -> list[Finding]:
    """At most six findings: the heaviest, two on frequency and one on any other topic.

    Where that leaves fewer than three, further frequency findings fill up. They come out by topic,
    in the report's order. The order in which candidates are given breaks ties, so that the choice
    is total.
    """
    ranked = sorted(candidates, key=lambda f: -f.weight)
    chosen: list[Finding] = []
    for finding in ranked:
        taken = sum(f.topic == finding.topic for f in chosen)
        if taken < PER_TOPIC.get(finding.topic, 1) and len(chosen) < MOST:
            chosen.append(finding)
    for finding in ranked:
        if len(chosen) < FEWEST and finding not in chosen:
            chosen.append(finding)
    return sorted(chosen, key=lambda f: (TOPICS.index(f.topic), -f.weight))
