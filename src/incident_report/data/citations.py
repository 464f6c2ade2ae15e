"""Which sources a campaign cites, wherever it does."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from incident_report.data.documents import members_of
from incident_report.data.rows import Row, as_items, column

# Table -> column with a source id, or with several.
_COLUMNS = {
    "incidents": "sources", "tallies": "source", "context": "source", "posture": "source", "evidence": "source_id",
    "sites": "sources", "routes": "sources", "open_questions": "sources", "corrections": "sources",
}  # fmt: skip


def cited(tables: Mapping[str, Sequence[Row]], documents: Mapping[str, Any]) -> set[str]:
    """Ids of sources that rows of any table, or texts of any document, name."""
    found = {text for _, _, text in members_of(documents) if isinstance(text, str)}
    for table, name in (*_COLUMNS.items(), ("context", "more_sources")):
        found.update(*map(as_items, {*column(tables.get(table, ()), name)}))
    return found
