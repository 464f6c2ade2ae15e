"""ACLED exports: the 31-column layout, and older ones with the same column names.

Codes follow ACLED's codebook. What is known to mislead: the US or coalition target of a convoy attack
stands only among the associated actors; the order of actors is not attacker, then target; drones
shot down and rockets defused are "Disrupted weapons use"; with geo_precision 3 the point is that of
the provincial capital.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

import pandas as pd

from incident_report.data.importers.common import (
    Imported,
    ImportFault,
    Selection,
    add_source,
    finish,
    people,
    placed,
    read_table,
)
from incident_report.data.importers.mapping import read_mapping

REQUIRED = (
    "event_id_cnty", "event_date", "event_type", "actor1", "country", "admin1", "location",
    "latitude", "longitude", "geo_precision", "source", "notes", "fatalities",
)  # fmt: skip
OPTIONAL = (
    "sub_event_type",
    "assoc_actor_1",
    "actor2",
    "assoc_actor_2",
    "inter1",
    "inter2",
    "time_precision",
    "source_scale",
)
URL = "https://acleddata.com"
_AGGREGATE = {"week", "events", "population_exposure", "centroid_latitude"}
_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_PRECISION = {"1": "day", "2": "week", "3": "month"}
_ARMED = {"2", "3", "4", "rebel group", "political militia", "identity militia"}
_PLACED = {"1": "town", "2": "town", "3": "governorate"}  # geo_precision -> coordinate_precision


def parse_date(text: str) -> date | None:
    """ACLED's three ways of writing a day: ``2022-02-23``, ``31-12-19``, ``16 May 2025``."""
    if match := re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)", text):
        year, month, day = (int(g) for g in match.groups())
    elif match := re.fullmatch(r"(\d{1,2})-(\d{1,2})-(\d\d)", text):
        day, month, year = (int(g) for g in match.groups())
        year += 2000 if year < 70 else 1900
    elif match := re.fullmatch(r"(\d{1,2})[ -]([A-Za-z]{3})[a-z]*[ -](\d{4})", text):
        if match[2].lower() not in _MONTHS:
            return None
        day, month, year = int(match[1]), _MONTHS.index(match[2].lower()) + 1, int(match[3])
    else:
        return None
    try:
        return date(year, month, day)
    except ValueError:
        return None


def _table(path: Path) -> tuple[pd.DataFrame, str]:
    """The file as a table; where it is none, a clearer word on ACLED's other kind of file."""
    try:
        return read_table(path, REQUIRED, "an ACLED event file")
    except ImportFault:
        if not path.is_file() or path.suffix.lower() == ".xlsx":
            raise
        names = set(path.open(encoding="utf-8", errors="replace").readline().strip().lower().split(","))
        if len(names & _AGGREGATE) >= 2 and "event_id_cnty" not in names:
            message = "ACLED's weekly aggregates are counts, not events; export the event file instead"
            raise ImportFault(f"{path}: {message}") from None
        raise


def read(path: Path, mapping: Path, selection: Selection) -> Imported:
    """Import an ACLED file; see `common.Imported`."""
    frame, encoding = _table(path)
    for column in OPTIONAL:
        if column not in frame:
            frame[column] = ""
    actors = ["actor1", "assoc_actor_1", "actor2", "assoc_actor_2"]
    frame["home_forces"] = [_home_forces(*row) for row in frame[["country", *actors]].itertuples(index=False)]
    frame["actors"] = ["; ".join(filter(None, row)) for row in frame[actors].itertuples(index=False, name=None)]
    result = Imported()
    if encoding != "UTF-8":
        result.notes[f"the file is in {encoding}"] += 1

    def draft(raw: Mapping[str, str]) -> dict[str, str] | str:
        day = parse_date(raw["event_date"])
        if day is None:
            return f"event_date {raw['event_date']!r} is not a date that ACLED writes"
        if refused := selection.refuses(raw["country"], day):
            return refused
        names = [s.strip() for s in raw["source"].split(";") if s.strip()] or ["ACLED"]
        sources = [add_source(result, "acled", name, url="" if name != "ACLED" else URL) for name in names]
        return {
            "incident_id": f"ACLED-{raw['event_id_cnty']}",
            "date": day.isoformat(),
            "date_precision": _PRECISION.get(raw["time_precision"], "day"),
            "place": raw["location"],
            "governorate": raw["admin1"],
            **placed(result, raw, "geo_precision", _PLACED, "the province only"),
            "target_name": _target(raw),
            "munition_detail": "",
            "killed": people(result, raw["fatalities"]),
            "attributed_to": _attacker(raw),
            "confidence": "high" if len(set(sources)) > 1 else "medium",
            "summary": raw["notes"],
            "sources": ";".join(dict.fromkeys(sources)),
        }

    return finish(result, frame, read_mapping(mapping, list(frame.columns)), draft, "event_id_cnty")


def _home_forces(country: str, *parties: str) -> str:
    """The actors that are forces of the country itself."""
    return "; ".join(p for p in parties if country and f"forces of {country}".casefold() in p.casefold())


def _target(raw: Mapping[str, str]) -> str:
    """The other side of the one armed actor; both sides where no side can be told from the other."""
    attacker, sides = _attacker(raw), [s for s in (raw["actor1"], raw["actor2"]) if s]
    if attacker and len(sides) == 2 and sides[0] != sides[1]:
        return sides[1] if sides[0] == attacker else sides[0]
    return " / ".join(dict.fromkeys(sides))


def _attacker(raw: Mapping[str, str]) -> str:
    """The one non-state armed actor, if exactly one side is one; the order of actors says nothing."""
    sides = [(raw["actor1"], raw["inter1"].casefold()), (raw["actor2"], raw["inter2"].casefold())]
    armed = [name for name, code in sides if name and code in _ARMED]
    return armed[0] if len(armed) == 1 else ""
