"""What a report says of its own state: the mark on every page of a draft, the notice of a correction on page one."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import product
from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.result import verdict_id
from incident_report.data.signoff import sign_off
from incident_report.present.words import Words, words_of
from incident_report.publish.changed import differing, told_already
from incident_report.publish.front import CHANGES, PAGE
from incident_report.publish.versions import Release
from nbtypst import ast
from nbtypst.ast import Node, classes_of

MOST = 24  # passages on page one
LISTED = 90  # paragraphs in the section
_LONGEST = 14  # words of a reason on page one
_ROWS = 2  # cells behind a reason on page one
_CLASSES = ["prose", "notice"]
_SECTION = "sec-changes"


@dataclass(frozen=True)
class Said:
    """The state of a report in words.

    Attributes
    ----------
    state : str
        On every page of what is not released; empty for a version.
    said : str
        The first sentence of the line at the foot of page one.
    notice : str
        What a correcting version changes of what is read first, and why; on page one.
    title : str
        Of the section behind the front that says all of it.
    more : str
        What leads there from page one.
    details : tuple of str
        That section, a paragraph each.
    """

    state: str
    said: str
    notice: str
    title: str
    more: str
    details: tuple[str, ...]


def compared_numbers(ed: Edition) -> dict[str, dict[str, Any]]:
    """The numbers by which two versions are compared: key -> low, high (None where unknown) and verdict."""
    facts = ed.facts
    found = {}
    for one in (*facts["edition"].series, facts["edition"].all):
        id = one.series.id
        found[id] = _figures(one.headline.now, verdict=verdict_id(one.verdict) if one.verdict else "")
        found[f"{id}/before"] = _figures(one.headline.before)
        if one.basis == "tally":
            found[f"{id}/documented"] = _figures(one.documented.now)
    for key, name in (("killed", "deaths"), ("us_killed", "us_deaths"), ("wounded", "wounded")):
        found[key] = _figures(facts[name].low, facts[name].high)
    return found


def _figures(low: Any, high: Any = None, verdict: str = "") -> dict[str, Any]:
    return {"low": _whole(low), "high": _whole(low if high is None else high), "verdict": verdict}


def _whole(value: Any) -> int | None:
    return None if value is None or pd.isna(value) else int(value)


def said(ed: Edition, release: Release | None) -> Said:
    """The state of an edition in the words of its language."""
    words, signed = words_of(ed), sign_off(ed.data, str(ed.quarter))
    short = _in_short(words, release, signed.published) if release else []
    context = {
        "release": release,
        "signed": signed,
        "edition": ed.facts["edition"],
        "statements": short[:MOST],
        "left": max(0, len(short) - MOST),
        "reasons": list(_reasons(release)) if release else [],
    }
    found = words.record("release", context)
    details = tuple(_details(words, release, found)) if release and release.before else ()
    return Said(
        found.get("label-state", ""),
        found.get("label-said", ""),
        found.get("label-notice", ""),
        found.get("label-changed", "") if details else "",
        found.get("label-more", "") if details else "",
        details,
    )


def _in_short(words: Words, release: Release, day: date | None) -> list[tuple[str, str, str]]:
    """Passages that differ in more than the numbers that are told: where, and what differs; nothing where reworded."""
    known = set(_told_pairs(words, release, day))
    short = []
    for one in release.statements:
        if told_already(one["before"], one["now"], known):
            continue
        place = words.phrase("statement_place", one["id"], one["place"])
        short += [(place, *pair) for pair in differing(one["before"], one["now"])] or [(place, "", "")]
    return list(dict.fromkeys(short))


def _told_pairs(words: Words, release: Release, day: date | None) -> Iterator[tuple[str, str]]:
    """Words of the version before and of this one that say what the notice says: its numbers and the day."""
    for one in release.changed:
        yield from product(*(set(_written(words, one[when])) for when in ("before", "now")))
    if release.day_before and day:
        days = date.fromisoformat(release.day_before), day
        yield from zip(*(words.phrase("date", one).casefold().split() for one in days), strict=False)
    yield release.before, release.version


def _written(words: Words, figures: Mapping[str, Any]) -> Iterator[str]:
    """How the text may write a number: in digits and as a word, each end and the range."""
    ends = [figures["low"], figures["high"]]
    for n in (n for n in ends if n is not None):
        yield from (words.phrase(name, n).strip().casefold() for name in ("decimal", "small", "bare"))
    if None not in ends:
        yield "–".join(words.phrase("decimal", n) for n in ends)


def _reasons(release: Release) -> Iterator[tuple[str, str]]:
    """Each reason once with the rows that it is given for, that of whoever signed first; cut where it is long."""
    given: dict[str, list[str]] = {release.reason: []} if release.reason.strip() else {}
    for row in release.corrections:
        if row["reason"].strip():
            given.setdefault(row["reason"], []).append(f"{row['incident_id']} {row['field']}".strip())
    for reason, rows in given.items():
        more = f" + {len(rows) - _ROWS}" if len(rows) > _ROWS else ""
        yield _short(reason), f"{', '.join(rows[:_ROWS])}{more}"


def _short(text: str) -> str:
    """The text without its full stop, cut where it is long."""
    words = text.split()
    cut = words[:_LONGEST]
    return " ".join(cut).rstrip(".,;: ") + (" …" if len(words) > _LONGEST else "")


def _details(words: Words, release: Release, found: Mapping[str, str]) -> Iterator[str]:
    """All that a version changes, a paragraph each: passages in full, corrections with their reasons, other cells."""
    yield found["label-corrects"]
    told = [words.phrase("statement_told", one) for one in release.statements]
    told += [words.phrase("correction_told", row) for row in release.corrections]
    told += [words.phrase("row_told", row) for row in release.rows]
    yield from told[:LISTED]
    if len(told) > LISTED:
        yield words.phrase("changes_left", len(told) - LISTED)


def stamped(blocks: list[Node], told: Said) -> list[Node]:
    """The tree with the state in the line at the foot of page one, and a notice at its head.

    Behind the front stands what a correcting version changes, in full. Without a front both open the report.
    """
    last = max((n for n, b in enumerate(blocks, 1) if _is_front(b)), default=0)
    front = [_with_foot(_with_notice(b, told), told.said) if _is_front(b) else b for b in blocks[:last]]
    opening = [_notice(told)] if told.notice and not last else []
    return [*opening, *front, *_section(told), *blocks[last:]]


def _section(told: Said) -> list[Node]:
    if not told.details:
        return []
    heading = {"t": "Header", "c": [2, ast.attr(_SECTION, ["unnumbered", "unlisted"]), _text(told.title)]}
    return [ast.div([heading, *(ast.para(_text(line)) for line in told.details)], classes=[CHANGES])]


def _is_front(block: Node) -> bool:
    return block["t"] == "Div" and PAGE in classes_of(block)


def _with_notice(page: Node, told: Said) -> Node:
    """The first of the front's pages; the others hold no headline."""
    if not told.notice or not any(b["t"] == "Header" and b["c"][0] == 1 for b in page["c"][1]):
        return page
    return {**page, "c": [page["c"][0], [_notice(told), *page["c"][1]]]}


def _notice(told: Said) -> Node:
    more = [{"t": "Space"}, ast.link(_text(told.more), f"#{_SECTION}")] if told.more else []
    return ast.div([ast.para([*_text(told.notice), *more])], "notice", _CLASSES)


def _text(text: str) -> list[Node]:
    return ast.words(ast.printable(text))


def _with_foot(page: Node, text: str) -> Node:
    """The page with a sentence at the head of its last line, where it has one."""

    def change(node: Node) -> Node | None:
        if node["t"] != "Div" or "foot" not in classes_of(node) or node["c"][1][0]["t"] not in ("Para", "Plain"):
            return None
        first, *rest = node["c"][1]
        opened = {**first, "c": [*_text(text), {"t": "Space"}, *first["c"]]}
        return {**node, "c": [node["c"][0], [opened, *rest]]}

    changed: Node = ast.transform(page, change)
    return changed
