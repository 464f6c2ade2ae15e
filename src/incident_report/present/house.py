"""What a language's house.yml says: words that assert a verdict, words of doubt, acronyms that need no explaining."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

import yaml

from incident_report.paths import TEMPLATES


@dataclass(frozen=True)
class House:
    """One language's words about words.

    Attributes
    ----------
    says : mapping of verdict -> pattern
        Words that assert the verdict.
    unsaid, doubt : pattern
        Phrases in which such a word asserts nothing; words that say that an event rests on little.
    plain : frozenset of str
        Acronyms that read as words.
    acronyms : mapping of short -> long form
    """

    says: dict[str, re.Pattern[str]]
    unsaid: re.Pattern[str]
    doubt: re.Pattern[str]
    plain: frozenset[str]
    acronyms: dict[str, str]

    def verdicts(self, text: str) -> set[str]:
        """The verdicts that a text asserts.

        Examples
        --------
        >>> sorted(house("en").verdicts("Rockets doubled; convoys show no rise"))
        ['rise']
        >>> house("en").verdicts("No detectable fall in convoys")
        set()
        """
        rest = self.unsaid.sub(" ", text)
        return {verdict for verdict, pattern in self.says.items() if pattern.search(rest)}


def pattern(words: Iterable[str]) -> re.Pattern[str]:
    """Whole words and phrases, whatever their capitals; ``*`` ends a stem."""
    parts = [re.escape(w).replace(r"\*", r"\w*").replace(r"\ ", r"\s+") for w in words]
    return re.compile(rf"(?<!\w)(?:{'|'.join(parts)})(?!\w)", re.IGNORECASE) if parts else re.compile(r"(?!)")


@cache
def house(language: str) -> House:
    """What a language's file says; nothing where it has none."""
    path = TEMPLATES / "words" / language / "house.yml"
    raw = yaml.safe_load(path.read_text(encoding="utf-8")) if path.is_file() else {}
    says = {verdict: pattern(words) for verdict, words in raw.get("says", {}).items()}
    plain, acronyms = frozenset(raw.get("plain", ())), dict(raw.get("acronyms", {}))
    return House(says, pattern(raw.get("unsaid", ())), pattern(raw.get("doubt", ())), plain, acronyms)
