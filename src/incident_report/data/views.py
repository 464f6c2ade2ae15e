"""Parts of a campaign's files that are read by themselves, so that a word that nothing computes with moves no number.

Each is a function of one file's content. Who takes a part out of a `Dataset` (`Dataset.view`) has read no more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

WORDS = frozenset(
    {"label", "claim", "place", "says", "settle", "untested"}
)  # of a claim: what is said, not what is asked
AGES = frozenset({"valid", "expect", "incidents"})  # a statement with one of them may cease to hold


def tests(claims: Mapping[str, Any] | None) -> Any:
    """claims.yml without its words: what is tested and how."""
    return _wordless(claims)


def ageing(claims: Mapping[str, Any] | None) -> Any:
    """Entries of claims.yml that can cease to hold."""
    return [one for one in (claims or {}).get("claims", ()) if AGES & set(one)]


def article(claims: Mapping[str, Any] | None) -> Any:
    """Whose claims they are."""
    return (claims or {}).get("article")


def labels(claims: Mapping[str, Any] | None) -> Any:
    """What each claim of claims.yml is called in tables of verdicts, by its id."""
    return {one["id"]: one["label"] for one in (claims or {}).get("claims", ())}


# Name -> the field of the `Dataset` that it is a part of, and which part.
VIEWS: dict[str, tuple[str, Callable[[Any], Any]]] = {
    "claims/tests": ("claims", tests),
    "claims/ageing": ("claims", ageing),
    "claims/article": ("claims", article),
    "claims/labels": ("claims", labels),
}


def _wordless(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {k: "" if k in WORDS and isinstance(v, str) else _wordless(v) for k, v in value.items()}
    return [_wordless(v) for v in value] if isinstance(value, list) else value
