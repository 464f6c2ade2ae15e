"""report.yml: what a campaign is called and how it is counted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from typing import Any

from incident_report.data import ageing
from incident_report.data.cells import one_of, suggest
from incident_report.data.documents import Document, shape_faults
from incident_report.data.files import Folder
from incident_report.data.house import SCHEMA as HOUSE
from incident_report.data.house import house, house_faults
from incident_report.data.model import Campaign, Fault, Series
from incident_report.data.package import Package
from incident_report.data.tables import Report
from incident_report.paths import TEMPLATES

FILE = "report.yml"
_TEXT = {"type": "string", "minLength": 1, "pattern": r"\S"}
_TEXTS = {"type": "array", "items": _TEXT}
_SERIES = {
    "type": "object",
    "additionalProperties": False,
    "required": ["id", "label", "noun", "singular"],
    "properties": {
        "id": {"type": "string", "pattern": r"^[A-Za-z][A-Za-z0-9_]*$"},
        "label": _TEXT,
        "noun": _TEXT,
        "singular": _TEXT,
        "fact": {"type": "string", "pattern": "^[a-z][a-z0-9_]{0,39}$"},
        "where": {"type": "object", "additionalProperties": {"type": "array", "items": _TEXT, "minItems": 1}},
    },
}
SCHEMA: dict[str, Any] = {
    "type": "object",
    "required": ["title", "authors", "wording", "series"],
    "properties": {
        "title": _TEXT,
        "subtitle": {"type": "string"},
        "authors": {**_TEXTS, "minItems": 1},
        "wording": {
            "type": "object",
            "required": ["actors", "targets", "country"],
            "properties": {"actors": _TEXT, "targets": _TEXT, "country": _TEXT, "scope": {"type": "string"}},
        },
        "series": {"type": "array", "items": _SERIES, "minItems": 1},
        "all_series": _SERIES,
        "other_series": _TEXTS,  # what trackers count by and the campaign does not
        "headline_tracker": {"type": ["string", "null"]},
        "trackers": {"type": "object", "additionalProperties": _TEXT},
        "article": {"type": ["string", "null"]},
        "article_name": {"type": ["string", "null"]},
        "known_weaknesses": {
            "type": "array",
            "items": {
                "anyOf": [
                    _TEXT,
                    {
                        "type": "object",
                        "additionalProperties": False,
                        "required": ["text"],
                        "properties": {"text": _TEXT, **ageing.SCHEMA},
                    },
                ]
            },
        },
        "licence": _TEXT,
        "language": _TEXT,
        "vocabulary": {
            "type": "object",
            "additionalProperties": False,
            "properties": {
                "acronyms": {
                    "type": "object",
                    "propertyNames": {"pattern": r"^[A-Za-z][A-Za-z0-9&-]{1,19}$"},
                    "additionalProperties": _TEXT,
                },
                "names": {"type": "object", "additionalProperties": _TEXTS},
            },
        },
        **HOUSE,
    },
}
_ALL = {"id": "all", "label": "All attacks", "noun": "attacks of all kinds", "singular": "attack of any kind"}


def read_campaign(
    document: Document,
    package: Package,
    sources: Collection[str] | None,
    trackers: Collection[str] | None,
    folder: Folder,
    report: Report,
) -> Campaign | None:
    """The campaign, or None with faults.

    Parameters
    ----------
    document : Document
        report.yml.
    package : Package
        The series' columns and values must be declared there.
    sources, trackers : collections of str or None
        Ids in sources.csv and tallies.csv; None where that file could not be read.
    folder : Folder
        Where a logo lies.
    """
    faults = list(shape_faults(document, SCHEMA))
    if not faults:
        faults = [*_series_faults(document, package), *_reference_faults(document, sources, trackers)]
        faults += _weakness_faults(document)
        faults += house_faults(document, folder)
    for fault in faults:
        report(fault)
    return None if any(f.severity == "error" for f in faults) else _campaign(document.value)


def _series_faults(document: Document, package: Package) -> list[Fault]:
    raw = document.value
    table = package.tables["incidents"]
    places = [(("series", i), s) for i, s in enumerate(raw["series"])]
    if "all_series" in raw:
        places.append((("all_series",), raw["all_series"]))  # type: ignore[arg-type]
    faults, seen = [], set()
    for at, series in places:
        where = [*at, "id"]
        if series["id"] in seen or (series["id"] == "all" and at[0] == "series"):
            faults.append(_fault(document, where, series["id"], "is the id of another series ('all' is taken)"))
        seen.add(series["id"])
        for column, values in series.get("where", {}).items():
            path = [*at, "where", column]
            field = table.by_name.get(column)
            if field is None or field.type != "string":
                names = [f.name for f in table.fields if f.type == "string"]
                message = f"is not a text column of incidents{suggest(column, names)}"
                faults.append(_fault(document, path, column, message))
                continue
            for value in values if field.categories else ():
                if value not in field.allowed:
                    allowed = one_of(c.value for c in field.categories)
                    faults.append(_fault(document, path, value, f"must be {allowed}{suggest(value, field.allowed)}"))
    if "all_series" in raw and raw["all_series"]["id"] != "all":
        faults.append(_fault(document, ["all_series", "id"], raw["all_series"]["id"], "must be 'all'"))
    return faults


def _reference_faults(
    document: Document, sources: Collection[str] | None, trackers: Collection[str] | None
) -> list[Fault]:
    raw, faults = document.value, []
    for key in raw:
        near = suggest(str(key), SCHEMA["properties"])
        if key not in SCHEMA["properties"] and near:
            message = f"is not a key that the report reads{near}"
            faults.append(_fault(document, [str(key)], str(key), message, "warning"))
    there = sorted(p.parent.name for p in (TEMPLATES / "words").glob("*/phrases.md"))
    if raw.get("language", there[0]) not in there:
        message = f"has no phrasebook; it must be {one_of(there)}"
        faults.append(_fault(document, ["language"], raw["language"], message))
    article = raw.get("article")
    if article and sources is not None and article not in sources:
        message = f"is not a source_id of sources{suggest(article, sources)}"
        faults.append(_fault(document, ["article"], article, message))
    tracker = raw.get("headline_tracker")
    if tracker and trackers is not None and tracker not in trackers:
        message = f"has no row in tallies.csv{suggest(tracker, trackers)}"
        faults.append(_fault(document, ["headline_tracker"], tracker, message, "warning"))
    return faults


def _weakness_faults(document: Document) -> Iterator[Fault]:
    campaign = _campaign(document.value)
    names = fact_names(campaign)
    for i, one in enumerate(campaign.known_weaknesses):
        for at, message in ageing.currency(one, names):
            yield _fault(document, ["known_weaknesses", i, at], "", message)


def fact_names(campaign: Campaign) -> list[str]:
    """What a condition may read: the campaign's series and the catalogue."""
    from incident_report.analysis.facts import CATALOGUE

    return [*(s.fact for s in campaign.series), campaign.all_series.fact, *CATALOGUE]


def _fault(document: Document, path: list[Any], value: str, message: str, severity: str = "error") -> Fault:
    column = "".join(f"[{p}]" if isinstance(p, int) else f".{p}" for p in path).lstrip(".")
    return Fault(document.file, message, document.line(path), column, value, severity)


def _one(raw: Mapping[str, Any]) -> Series:
    where = {k: tuple(v) for k, v in raw.get("where", {}).items()}
    return Series(raw["id"], raw["label"], raw["noun"], raw["singular"], where, raw.get("fact", ""))


def _campaign(raw: Mapping[str, Any]) -> Campaign:
    wording, vocabulary = raw["wording"], raw.get("vocabulary", {})
    return Campaign(
        title=raw["title"],
        subtitle=raw.get("subtitle", ""),
        authors=tuple(raw["authors"]),
        actors=wording["actors"],
        targets=wording["targets"],
        country=wording["country"],
        scope=wording.get("scope", ""),
        series=tuple(_one(s) for s in raw["series"]),
        all_series=_one(raw.get("all_series", _ALL)),
        headline_tracker=raw.get("headline_tracker") or None,
        trackers=raw.get("trackers", {}),
        article=raw.get("article") or None,
        article_name=raw.get("article_name") or None,
        known_weaknesses=tuple(raw.get("known_weaknesses", ())),
        licence=raw.get("licence", "CC BY 4.0"),
        acronyms=vocabulary.get("acronyms", {}),
        names={name: tuple(variants) for name, variants in vocabulary.get("names", {}).items()},
        house=house(raw),
        raw=raw,
    )
