"""The codebook's rule for confidence, set beside the letters that coders gave."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import cache

from incident_report.data.model import CONFIDENCE, Fault
from incident_report.data.rows import Report, Row, having

REPUTABLE = ("A", "B", "C")
_UNRATED = "F"
MOST_NAMED = 50  # rows


def by_rule(sources: Sequence[Mapping[str, str]]) -> str | None:
    """The letter that the codebook's rule gives.

    Two outlets that do not relay one text, one of them graded C or better: high. One graded C or
    better, or two weaker ones: medium. One weaker one: low.

    Parameters
    ----------
    sources : sequence of mappings
        With publisher, original ("" where the text is the publisher's own) and reliability.

    Returns
    -------
    str or None
        None where no source is rated, as in imported data: the rule cannot speak.

    Examples
    --------
    >>> one = {"publisher": "A", "original": "AFP", "reliability": "B"}
    >>> by_rule([one, {"publisher": "B", "original": "AFP", "reliability": "C"}])
    'medium'
    >>> by_rule([one, {"publisher": "C", "original": "", "reliability": "D"}])
    'high'
    """
    grades = {s["reliability"] for s in sources}
    if grades <= {_UNRATED}:
        return None
    texts = {_whose(s) for s in sources}
    reputable = bool(grades & set(REPUTABLE))
    if len(texts) > 1:
        return "high" if reputable else "medium"
    return "medium" if reputable else "low"


def _whose(source: Mapping[str, str]) -> str:
    """Whose text a source carries: ``AP: "Blast ..."``, ``AP (cited)`` and ``AP`` are one."""
    name = source.get("original") or source["publisher"]
    return re.split(r"[:(,]", name)[0].strip().casefold().removeprefix("the ")


def check(incidents: Sequence[Row], sources: Sequence[Row], report: Report) -> None:
    """Warn of letters above the rule, row by row, and of those below it in one line."""
    known = {r.values.get("source_id"): r.values for r in sources}

    @cache
    def rule(cites: tuple[str, ...]) -> str | None:
        return by_rule([known[s] for s in cites if s in known])

    def above(letter: str, cites: tuple[str, ...]) -> int:
        return CONFIDENCE.index(letter) - CONFIDENCE.index(rule(cites) or letter)

    columns = "confidence", "sources"
    for row in having(incidents, lambda *cells: above(*cells) > 0, *columns):
        why = "high needs two outlets that do not relay one text, one of them graded C or better"
        message = f"is above what the sources give by the rule, {rule(row.values['sources'])}; {why}"
        report(row.fault("confidence", message, severity="warning"))
    lower = [*having(incidents, lambda *cells: above(*cells) < 0, *columns)]
    if lower:
        listed = ", ".join(f"{r.values['incident_id']} ({r.values['confidence']})" for r in lower[:MOST_NAMED])
        listed += f" and {len(lower) - MOST_NAMED:,} more" if len(lower) > MOST_NAMED else ""
        message = f"{len(lower)} letter(s) stand below the rule by the coder's judgement: {listed}"
        report(Fault("incidents", message, severity="warning"))
