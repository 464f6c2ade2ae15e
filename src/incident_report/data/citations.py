"""Which sources a campaign cites, wherever it does."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from incident_report.data.tables import Row

# Table -> column with a source id, or with several.
_COLUMNS = {
    "incidents": "sources", "tallies": "source", "context": "source", "posture": "source", "evidence": "source_id",
    "sites": "sources", "routes": "sources", "open_questions": "sources", "corrections": "sources",
}  # fmt: skip


def cited(tables: Mapping[str, list[Row]], documents: Mapping[str, Any]) -> set[str]:
    """Ids of sources that rows of any table, or texts of any document, name."""
    found = set(_texts(list(documents.values())))
    for name, column in _COLUMNS.items():
        for row in tables.get(name, ()):
            value = row.values[column]
            found.update((value,) if isinstance(value, str) else value)
    return found.union(*(r.values["more_sources"] for r in tables.get("context", ())))


def _texts(part: Any) -> Iterator[str]:
    """Every text in a parsed document."""
    if isinstance(part, str):
        yield part
    for child in part.values() if isinstance(part, dict) else part if isinstance(part, list) else ():
        yield from _texts(child)
