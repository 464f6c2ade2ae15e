"""report.yml: what a campaign is called and how it is counted."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from incident_report.catalogue import CATALOGUE
from incident_report.data import ageing
from incident_report.data.cells import one_of, suggest
from incident_report.data.documents import Document, read_document, with_hint
from incident_report.data.files import Folder
from incident_report.data.house import SCHEMA as HOUSE
from incident_report.data.house import house, house_faults
from incident_report.data.model import Campaign, Fault, Series
from incident_report.data.package import Package, Table
from incident_report.data.rows import Report
from incident_report.data.shape import shape_faults
from incident_report.data.signoff import KEY as RELEASE
from incident_report.data.signoff import read_releases, release_faults
from incident_report.paths import TEMPLATES
from incident_report.periods import QUARTER, UNITS

FILE = "report.yml"
Found = Iterator[tuple[tuple[str | int, ...], str, str, str]]  # path, value, message, severity
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
            "required": ["targets", "country"],
            "properties": {
                **dict.fromkeys(("actors", "targets", "country", "strap", "unit", "district", "districts"), _TEXT),
                "scope": {"type": "string"},
            },
        },
        "series": {"type": "array", "items": _SERIES, "minItems": 1},
        "all_series": _SERIES,
        "other_series": _TEXTS,  # what trackers count by and the campaign does not
        "only_deadly": {"type": "boolean"},
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
        "period": {"enum": list(UNITS)},
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
        RELEASE: {"type": ["object", "null"]},  # see data.signoff
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
    raw = document.value
    faults = [
        replace(fault, line=document.line_of(fault.column or ""))
        for fault in shape_faults(document.file, raw, SCHEMA, with_hint)
    ]
    if not faults:
        found = [*_series(raw, package.tables["incidents"]), *_references(raw, sources, trackers), *_weaknesses(raw)]
        faults = [*(document.fault(*one) for one in found), *house_faults(document, folder), *release_faults(document)]
    for fault in faults:
        report(fault)
    if any(f.severity == "error" for f in faults):
        return None
    return replace(_campaign(raw), releases=read_releases(document))


def _series(raw: Mapping[str, Any], table: Table) -> Found:
    """Ids that are taken, and conditions on columns or values that incidents do not have."""
    taken = {"all"}
    for i, series in enumerate(raw["series"]):
        if series["id"] in taken:
            yield ("series", i, "id"), series["id"], "is the id of another series ('all' is taken)", "error"
        taken.add(series["id"])
        yield from _where(("series", i), series, table)
    every = raw.get("all_series", _ALL)
    if every["id"] != "all":
        yield ("all_series", "id"), every["id"], "must be 'all'", "error"
    yield from _where(("all_series",), every, table)


def _where(at: tuple[str | int, ...], series: Mapping[str, Any], table: Table) -> Found:
    for column, values in series.get("where", {}).items():
        path = (*at, "where", column)
        field = table.by_name.get(column)
        if field is None or field.type != "string":
            names = [f.name for f in table.fields if f.type == "string"]
            yield path, column, f"is not a text column of incidents{suggest(column, names)}", "error"
            continue
        for value in values if field.categories else ():
            if value not in field.allowed:
                allowed = one_of(c.value for c in field.categories)
                yield path, value, f"must be {allowed}{suggest(value, field.allowed)}", "error"


def _references(raw: Mapping[str, Any], sources: Collection[str] | None, trackers: Collection[str] | None) -> Found:
    """Keys that nobody reads, and what is named and not there."""
    for key in raw:
        if key not in SCHEMA["properties"] and (near := suggest(str(key), SCHEMA["properties"])):
            yield (str(key),), str(key), f"is not a key that the report reads{near}", "warning"
    there = sorted(p.parent.name for p in (TEMPLATES / "words").glob("*/phrases.md"))
    if raw.get("language", there[0]) not in there:
        yield ("language",), raw["language"], f"has no phrasebook; it must be {one_of(there)}", "error"
    for key, known, message, severity in (
        ("article", sources, "is not a source_id of sources", "error"),
        ("headline_tracker", trackers, "has no row in tallies.csv", "warning"),
    ):
        if (name := raw.get(key)) and known is not None and name not in known:
            yield (key,), name, f"{message}{suggest(name, known)}", severity


def _weaknesses(raw: Mapping[str, Any]) -> Found:
    campaign = _campaign(raw)
    names = fact_names(campaign)
    for i, one in enumerate(campaign.known_weaknesses):
        for at, message in ageing.currency(one, names):
            yield ("known_weaknesses", i, at), "", message, "error"


def reported_by(raw: Any) -> str:
    """The unit that a report.yml names, a quarter where it names none that there is (which is told elsewhere)."""
    named = raw.get("period", QUARTER) if isinstance(raw, Mapping) else QUARTER
    return named if named in UNITS else QUARTER


def unit_of(folder: Path) -> str:
    """The same of a campaign's folder; its faults are told where the campaign is loaded."""
    faults: list[Fault] = []
    place = Folder(folder, faults.append)
    document = read_document(place, FILE) if place.exists(FILE) else None
    return reported_by(document.value if document else None)


def fact_names(campaign: Campaign) -> list[str]:
    """What a condition may read: the campaign's series and the catalogue."""
    return [*(s.fact for s in campaign.series), campaign.all_series.fact, *CATALOGUE]


def _one(raw: Mapping[str, Any]) -> Series:
    where = {k: tuple(v) for k, v in raw.get("where", {}).items()}
    return Series(raw["id"], raw["label"], raw["noun"], raw["singular"], where, raw.get("fact", ""))


def series_of(raw: Mapping[str, Any]) -> tuple[Series, ...]:
    """The series by which a report.yml counts, then all attacks together."""
    return tuple(map(_one, (*raw["series"], raw.get("all_series") or _ALL)))


def _campaign(raw: Mapping[str, Any]) -> Campaign:
    *series, every = series_of(raw)
    wording, vocabulary = raw["wording"], raw.get("vocabulary", {})
    return Campaign(
        title=raw["title"],
        subtitle=raw.get("subtitle", ""),
        authors=tuple(raw["authors"]),
        actors=wording.get("actors", ""),
        targets=wording["targets"],
        country=wording["country"],
        scope=wording.get("scope", ""),
        strap=wording.get("strap", ""),
        unit=wording.get("unit", ""),
        district=wording.get("district", "district"),
        districts=wording.get("districts") or f"{wording.get('district', 'district')}s",
        only_deadly=raw.get("only_deadly", False),
        series=tuple(series),
        all_series=every,
        headline_tracker=raw.get("headline_tracker") or None,
        trackers=raw.get("trackers", {}),
        article=raw.get("article") or None,
        article_name=raw.get("article_name") or None,
        known_weaknesses=tuple(raw.get("known_weaknesses", ())),
        licence=raw.get("licence", "CC BY 4.0"),
        period=raw.get("period", QUARTER),
        acronyms=vocabulary.get("acronyms", {}),
        names={name: tuple(variants) for name, variants in vocabulary.get("names", {}).items()},
        house=house(raw),
        raw=raw,
    )
