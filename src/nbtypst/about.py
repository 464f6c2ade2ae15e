"""What a notebook says about itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from typing import Any

from nbtypst import ast, front_matter, languages
from nbtypst.ast import Node

_LONGEST = 2_000  # characters of a title or name: PDF takes no string of 32,768


def metadata(nb: Mapping[str, Any], name: str, blocks: list[Node], warn: Callable[[str], None]) -> dict[str, Any]:
    """What a notebook says about itself; without a title, its first heading or its file's name."""
    about = nb.get("metadata") or {}
    own = about.get("title")
    heading = next((t for n in ast.nodes(blocks) if n["t"] == "Header" and (t := ast.text_of(n["c"][2]))), "")
    day = front_matter.day(about.get("date") or "")
    if about.get("date") and not day:
        warn(f"metadata date: {str(about['date'])[:40]!r} is not understood; write it as 2031-03-03")
    keywords = about.get("keywords") or []

    def short(what: str, value: Any) -> str:
        text = str(value)
        if len(text) > _LONGEST:
            warn(f"metadata {what}: cut behind {_LONGEST:,} characters")
        return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"

    return {
        "title": short("title", own or heading or name),
        "titled": bool(own),
        "subtitle": short("subtitle", about.get("subtitle") or ""),
        "authors": [short("authors", a) for a in front_matter.authors(about.get("authors") or about.get("author"))],
        "date": day or date(2000, 1, 1),  # the standards ask for one; one from the clock would change the bytes
        "day": day.isoformat() if day else "",
        "lang": languages.of_metadata(about, warn),
        "keywords": [short("keywords", k) for k in (keywords if isinstance(keywords, list) else [keywords])],
        "description": short("description", about.get("description") or ""),
        "numbered": any("xref" in ast.classes_of(n) for n in ast.nodes(blocks)),
    }
