"""What a language's usage.yml says: words that assert a verdict, words of doubt, acronyms that need no explaining."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any

import yaml

from incident_report.analysis.edition import Edition
from incident_report.paths import TEMPLATES
from incident_report.present.words import words_of


@dataclass(frozen=True)
class Usage:
    """One language's words about words.

    Attributes
    ----------
    says : mapping of verdict -> pattern
        Words that assert the verdict.
    unsaid, doubt, turns : pattern
        Phrases in which such a word asserts nothing; words that say that an event rests on little; words that open
        what would change a verdict.
    red : pattern
        Words and signs that show a red assumption.
    plain : frozenset of str
        Acronyms that read as words.
    acronyms : mapping of short -> long form
    """

    says: dict[str, re.Pattern[str]]
    unsaid: re.Pattern[str]
    doubt: re.Pattern[str]
    turns: re.Pattern[str]
    red: re.Pattern[str]
    plain: frozenset[str]
    acronyms: dict[str, str]

    def verdicts(self, text: str) -> set[str]:
        """The verdicts that a text asserts.

        Examples
        --------
        >>> sorted(usage("en").verdicts("Rockets doubled; convoys show no rise"))
        ['rise']
        >>> usage("en").verdicts("No detectable fall in convoys")
        set()
        """
        rest = self.unsaid.sub(" ", text)
        return {verdict for verdict, pattern in self.says.items() if pattern.search(rest)}


def pattern(words: Iterable[str], inside: str = r"\w") -> re.Pattern[str]:
    """Whole words and phrases, whatever their capitals; ``*`` ends a stem.

    Parameters
    ----------
    inside : str
        A sign that goes on with a word, as a pattern.
    """
    parts = [re.escape(w).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for w in words]
    return re.compile(rf"(?<!{inside})(?:{'|'.join(parts)})(?!{inside})", re.I) if parts else re.compile(r"(?!)")


def _both(one: Any, other: Any) -> Any:
    """Two files in one: mappings key by key, lists one behind the other."""
    if isinstance(one, Mapping) and isinstance(other, Mapping):
        return {
            k: _both(one[k], other[k]) if k in one and k in other else one.get(k, other.get(k))
            for k in {**one, **other}
        }
    return [*one, *other] if isinstance(one, list) and isinstance(other, list) else other


@cache
def usage(language: str) -> Usage:
    """What a language's file says, and the English one: what a phrasebook lacks reads as in English."""
    raw: dict[str, Any] = {}
    for name in dict.fromkeys(("en", language)):
        path = TEMPLATES / "words" / name / "usage.yml"
        raw = _both(raw, yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {})
    says = {verdict: pattern(words) for verdict, words in raw.get("says", {}).items()}
    plain, acronyms = frozenset(raw.get("plain", ())), dict(raw.get("acronyms", {}))
    unsaid, doubt, turns, red = (pattern(raw.get(key, ())) for key in ("unsaid", "doubt", "turns", "red"))
    return Usage(says, unsaid, doubt, turns, red, plain, acronyms)


def usage_of(ed: Edition) -> Usage:
    """That of an edition's language."""
    return usage(words_of(ed).language)


def acronyms_of(ed: Edition) -> dict[str, str]:
    """Acronyms that a report spells out, ours and the campaign's: short -> long form."""
    return {**usage_of(ed).acronyms, **ed.campaign.acronyms}
