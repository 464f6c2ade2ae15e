"""Enumeration values as a reader should see them, from the data's own schema."""

from __future__ import annotations

from functools import cache

from incident_report.data.package import project_package


@cache
def _labels() -> dict[str, str]:
    tables = project_package().tables.values()
    return {c.value: c.label for table in tables for f in table.fields for c in f.categories}


def label(value: str) -> str:
    """``ied_roadside`` as ``Roadside bomb``; a value that the schema does not name keeps its own words."""
    if not value:
        return "Not stated"
    text = value.replace("_", " ")
    return _labels().get(value, text[:1].upper() + text[1:])
