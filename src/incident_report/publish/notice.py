"""What a report says of its own state: the mark on every page of a draft, the notice of a correction on page one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.result import verdict_id
from incident_report.data.signoff import sign_off
from incident_report.present.words import words_of
from incident_report.publish.front import PAGE
from incident_report.publish.versions import Release
from nbtypst import ast
from nbtypst.ast import Node, classes_of

MOST = 30  # corrections in the list
_LONGEST = 14  # words of a reason on page one
_CLASSES = ["prose", "notice"]


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
        What a correcting version changes, and why; on page one.
    details : tuple of str
        The same in full, a paragraph each.
    """

    state: str
    said: str
    notice: str
    details: tuple[str, ...]


def compared_numbers(ed: Edition) -> dict[str, dict[str, Any]]:
    """The numbers by which two versions are compared: key -> low, high (None where unknown) and verdict."""
    facts = ed.facts
    found = {}
    for one in (*facts["edition"].series, facts["edition"].all):
        now = _whole(one.headline.now)
        found[one.series.id] = {"low": now, "high": now, "verdict": verdict_id(one.verdict) if one.verdict else ""}
    for key, name in (("killed", "deaths"), ("us_killed", "us_deaths"), ("wounded", "wounded")):
        low, high = (_whole(getattr(facts[name], end)) for end in ("low", "high"))
        found[key] = {"low": low, "high": high, "verdict": ""}
    return found


def _whole(value: Any) -> int | None:
    return None if value is None or pd.isna(value) else int(value)


def said(ed: Edition, release: Release | None) -> Said:
    """The state of an edition in the words of its language."""
    words = words_of(ed)
    listed = release.corrections if release else ()
    context = {
        "release": release,
        "signed": sign_off(ed.data, str(ed.quarter)),
        "edition": ed.facts["edition"],
        "changed": list(release.changed) if release else [],
        "reasons": list(_reasons(release)) if release else [],
        "rows": release.added + release.removed + release.altered if release else 0,
        "left": max(0, len(listed) - MOST),
    }
    found = words.record("release", context)
    told = [words.phrase("correction_told", row) for row in listed[:MOST]]
    details = (found.get("label-corrects", ""), *told, found.get("label-more", ""))
    return Said(
        found.get("label-state", ""),
        found.get("label-said", ""),
        found.get("label-notice", ""),
        tuple(d for d in details if d),
    )


def _reasons(release: Release) -> Mapping[str, None]:
    """Each reason once, that of whoever signed first, cut where it is long."""
    given = [release.reason, *(str(c.get("reason", "")) for c in release.corrections)]
    return dict.fromkeys(_short(text) for text in given if text.strip())


def _short(text: str) -> str:
    """The text without its full stop, cut where it is long."""
    words = text.split()
    cut = words[:_LONGEST]
    return " ".join(cut).rstrip(".,;: ") + (" …" if len(words) > _LONGEST else "")


def stamped(blocks: list[Node], told: Said) -> list[Node]:
    """The tree with the state in the line at the foot of page one, and a notice at its head.

    Without a front the notice opens the report.
    """
    if told.notice and not any(map(_is_front, blocks)):
        return [_notice(told.notice), *blocks]
    return [_with_foot(_with_notice(b, told.notice), told.said) if _is_front(b) else b for b in blocks]


def _is_front(block: Node) -> bool:
    return block["t"] == "Div" and PAGE in classes_of(block)


def _with_notice(page: Node, notice: str) -> Node:
    """The first of the front's pages; the others hold no headline."""
    if not notice or not any(b["t"] == "Header" and b["c"][0] == 1 for b in page["c"][1]):
        return page
    return {**page, "c": [page["c"][0], [_notice(notice), *page["c"][1]]]}


def _notice(text: str) -> Node:
    return ast.div([ast.para(ast.words(ast.printable(text)))], "notice", _CLASSES)


def _with_foot(page: Node, text: str) -> Node:
    """The page with a sentence at the head of its last line, where it has one."""

    def change(node: Node) -> Node | None:
        if node["t"] != "Div" or "foot" not in classes_of(node) or node["c"][1][0]["t"] not in ("Para", "Plain"):
            return None
        first, *rest = node["c"][1]
        opened = {**first, "c": [*ast.words(ast.printable(text)), {"t": "Space"}, *first["c"]]}
        return {**node, "c": [node["c"][0], [opened, *rest]]}

    changed: Node = ast.transform(page, change)
    return changed
