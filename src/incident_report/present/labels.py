"""Enumeration values as a reader should see them; `Dataset.label` knows a campaign's own words too."""

from __future__ import annotations

from incident_report.data.package import default_package


def label(value: str) -> str:
    """``ied_roadside`` as ``Roadside bomb``; a value that the schema does not name keeps its own words."""
    if not value:
        return "Not stated"
    text = value.replace("_", " ")
    words = (w[value] for w in default_package().vocabulary.values() if value in w)
    return next(words, text[:1].upper() + text[1:])
