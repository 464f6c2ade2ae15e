"""How sources are cited in the report: by outlet and day."""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import Any

import pandas as pd

from incident_report.data import to_csl
from incident_report.data.export import Say
from incident_report.paths import TEMPLATES

STYLE = "citations.csl"
_SHOWN = ("id", "type", "title", "genre", "issued", "language", "URL", "author", "original-author", "note")
_SECOND_NAME = re.compile(r" \([^()]*\)$")  # Crisis24 (GardaWorld): no bracket within the citation's
_QUOTED = re.compile(r"(?<!\w)['‘]([^'‘’]+)['’](?!\w)")


def style() -> str:
    """The citation style, as XML."""
    return (TEMPLATES / STYLE).read_text(encoding="utf-8")


def cited_items(sources: pd.DataFrame, say: Say) -> list[dict[str, Any]]:
    """Sources as CSL-JSON for that style: the author is the outlet, whoever wrote for it the original author.

    Parameters
    ----------
    sources : DataFrame
        As in `data.model.Dataset`.
    say : callable
        Writes the phrases of `data.export`, and ``reposted``: what an entry says of a page that reposts another
        outlet's work.

    Returns
    -------
    list of dict
        The outlet is the page's publisher, without a second name in brackets; of a page that reposts another
        outlet's work, that outlet, with its series (what follows a comma) and the publisher in the note. What
        describes a page without a title is its genre, and stands without quotation marks.
    """
    items = []
    for row, item in zip(sources.to_dict("records"), to_csl(sources, say), strict=True):
        publisher, signed = row["publisher"], row.get("author")
        whole = item.get("container-title") or publisher
        outlet, _, series = whole.partition(", ") if whole != publisher else (publisher, "", "")
        writers = [a for a in item["author"] if signed and not _same(a.get("literal", ""), (outlet, publisher))]
        note = ". ".join(filter(None, (series, say("reposted", publisher)))) if outlet != publisher else ""
        item |= {"author": [{"literal": _SECOND_NAME.sub("", outlet)}], "original-author": writers, "note": note}
        title = _QUOTED.sub(r"“\1”", item.get("title", ""))
        item |= {"title": "", "genre": title} if row.get("title_basis") == "none" else {"title": title}
        items.append({k: item[k] for k in _SHOWN if item.get(k)})
    return items


def _same(name: str, outlets: Iterable[str]) -> bool:
    """Whether an organisation is an outlet under a longer or shorter name: NRT, NRT Digital Media."""
    return bool(name) and any(name.lower() in o.lower() or o.lower() in name.lower() for o in outlets)
