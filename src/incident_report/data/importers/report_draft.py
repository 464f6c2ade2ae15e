"""A report.yml to begin with: title, scope, weaknesses, and series by what the rows tell."""

from __future__ import annotations

from collections import Counter
from typing import Any

from incident_report.data.importers.imported import Imported
from incident_report.data.package import default_package

_ENOUGH = 0.5  # share of rows of which a column tells something before series are made by it
_MOST_SERIES = 4
_BY_METHOD: list[dict[str, Any]] = [
    {
        "id": "fire_from_afar",
        "label": "Fire from afar",
        "noun": "rocket, mortar, missile and drone attacks",
        "singular": "rocket, mortar, missile or drone attack",
        "where": {"attack_method": ["rocket", "mortar", "missile", "drone"]},
    },
    {
        "id": "improvised_device",
        "label": "Improvised devices",
        "noun": "attacks with improvised devices",
        "singular": "attack with an improvised device",
        "where": {"attack_method": ["ied_roadside", "ied_vehicle", "ied_other"]},
    },
    {
        "id": "close_combat",
        "label": "Close combat",
        "noun": "attacks with small arms or grenades",
        "singular": "attack with small arms or grenades",
        "where": {"attack_method": ["small_arms", "grenade"]},
    },
]
_EVERY = {
    "id": "recorded",
    "label": "Recorded events",
    "noun": "recorded events",
    "singular": "recorded event",
    "where": {"outcome": ["carried_out"]},
}


def report(result: Imported, country: str) -> dict[str, Any]:
    """What report.yml holds after an import; the analyst edits it."""
    doc, name = result.doc, result.name
    words = doc.get("wording", {})
    where = country or words.get("country") or "the area covered"
    weaknesses = list(doc.get("weaknesses", ()))
    if "licence" in doc:
        weaknesses.append(f"Terms of {name}: {doc['licence']}")
    return {
        "title": doc.get("title") or f"Attacks recorded by {name} in {where}",
        "subtitle": "Frequency and methods, from imported event data",
        "authors": ["The analyst who ran the import (edit report.yml)"],
        "wording": {
            "actors": words.get("actors", "armed actors of all kinds"),
            "targets": words.get("targets", "targets of all kinds"),
            "country": where,
            "scope": words.get("scope") or f"Events that {name} records in {where}, as its own rules define them.",
        },
        "series": doc.get("series") or _series(result),
        "known_weaknesses": weaknesses or [f"What {name} does not record is not known here."],
    }


def _series(result: Imported) -> list[dict[str, Any]]:
    """Series by method where it is known of most rows, else by target, else all in one; none without a row."""
    if _told(result, "attack_method") >= _ENOUGH:
        methods = {row["attack_method"] for row in result.incidents}
        return [one for one in _BY_METHOD if methods & set(one["where"]["attack_method"])] or [_EVERY]
    if _told(result, "target_category") < _ENOUGH:
        return [_EVERY]
    labels = default_package().labels("incidents", "target_category")
    counts = Counter(row["target_category"] for row in result.incidents)
    return [
        {
            "id": f"on_{value}",
            "label": labels[value],
            "noun": f"attacks on {labels[value].lower()}",
            "singular": f"attack on {labels[value].lower()}",
            "where": {"target_category": [value]},
        }
        for value, _ in counts.most_common()
        if value != "other"
    ][:_MOST_SERIES]


def _told(result: Imported, column: str) -> float:
    return sum(row[column] != "other" for row in result.incidents) / max(len(result.incidents), 1)
