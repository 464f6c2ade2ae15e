"""A report.yml to begin with: title, scope, weaknesses, and series by what the rows tell."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from typing import Any

from incident_report.data.importers.imported import Imported
from incident_report.data.package import default_package
from incident_report.periods import QUARTER

_ENOUGH = 0.5  # share of rows of which a column tells something before series are made by it
_MOST_SERIES = 4
_MOST_TYPES = 12  # more kinds of event are no types but descriptions
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
    made: dict[str, Any] = {
        "title": doc.get("title") or f"Attacks recorded by {name} in {where}",
        "subtitle": "From imported event data",
        **({} if result.period == QUARTER else {"period": result.period}),
        "authors": ["The analyst who ran the import (edit report.yml)"],
        "wording": _wording(words, where, name),
        "series": _with_rows(doc.get("series", []), result) or _series(result),
        "licence": _licence(doc.get("licence", "")) or f"on the terms of {name}",
        "known_weaknesses": weaknesses or [f"What {name} does not record is not known here."],
    }
    return made | ({"only_deadly": True} if doc.get("only_deadly") else {})


def _wording(words: Mapping[str, Any], where: str, name: str) -> dict[str, Any]:
    return {
        **{key: words[key] for key in ("actors", "unit") if key in words},
        "strap": words.get("strap") or f"{where[:1].upper()}{where[1:]}: events recorded by {name}",
        "targets": words.get("targets", "targets of all kinds"),
        "country": where,
        "scope": words.get("scope") or f"Events that {name} records in {where}, as its own rules define them.",
    }


def _licence(terms: str) -> str:
    """A Creative Commons licence by its name; other terms are a sentence of their own among the weaknesses."""
    return terms.partition(":")[0] if terms.startswith("CC ") else ""


def _with_rows(series: list[dict[str, Any]], result: Imported) -> list[dict[str, Any]]:
    """Series that some row belongs to: of the others there is nothing to follow."""
    return [
        one
        for one in series
        if any(
            all(row.get(column, "") in allowed for column, allowed in one["where"].items()) for row in result.incidents
        )
    ]


def _series(result: Imported) -> list[dict[str, Any]]:
    """Series by method where it is known of most rows, else by target or the original's own types, else all in one."""
    if _told(result, "attack_method") >= _ENOUGH:
        return _with_rows(_BY_METHOD, result) or [_EVERY]
    if _told(result, "target_category") < _ENOUGH:
        return _by_type(result) or [_EVERY]
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


def _by_type(result: Imported) -> list[dict[str, Any]]:
    """Series by the original's types of event, where they are few and most rows have one."""
    types = Counter(row["original_method"] for row in result.incidents if row.get("original_method"))
    if not 1 < len(types) <= _MOST_TYPES or types.total() < _ENOUGH * len(result.incidents):
        return []
    return [
        {
            "id": f"type_{number}",
            "label": name,
            "noun": f"events of the type “{name}”",
            "singular": f"event of the type “{name}”",
            "where": {"original_method": [name]},
        }
        for number, (name, _) in enumerate(types.most_common(_MOST_SERIES), 1)
    ]


def _told(result: Imported, column: str) -> float:
    return sum(row[column] != "other" for row in result.incidents) / max(len(result.incidents), 1)
