"""UCDP GED: the 49-column file and the HDX variant with its tag row.

GED holds only events with at least one death (UCDP GED codebook): counts of its rows are not counts of
attacks. Days, places and numbers of sources carry precision codes that are honoured here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from incident_report.data.importers.common import Imported, Selection, add_source, finish, number, read_table
from incident_report.data.importers.mapping import read_mapping

REQUIRED = (
    "id", "type_of_violence", "side_a", "side_b", "number_of_sources", "source_article", "source_office",
    "source_headline", "where_prec", "where_coordinates", "adm_1", "latitude", "longitude", "country",
    "event_clarity", "date_prec", "date_start", "date_end", "best", "low", "high", "deaths_civilians",
)  # fmt: skip
URL = "https://ucdp.uu.se/downloads/"
_DATE_PRECISION = {"1": "day", "2": "week", "3": "week", "4": "month"}
_MOST_SOURCES = 4  # named in a row; GED lists every article


def read(path: Path, mapping: Path, selection: Selection) -> Imported:
    """Import a UCDP GED file; see `common.Imported`."""
    frame, encoding = read_table(path, REQUIRED, "a UCDP GED file")
    result = Imported()
    if encoding != "UTF-8":
        result.notes[f"the file is in {encoding}"] += 1
    if len(frame) and sum(str(v).startswith("#") for v in frame.iloc[0]) > 5:
        result.notes["HXL tag row skipped"] += 1
        frame = frame.iloc[1:].reset_index(drop=True)

    def draft(raw: Mapping[str, str]) -> dict[str, str] | str:
        day = _day(raw["date_start"])
        if day is None:
            return f"date_start {raw['date_start']!r} is not a date"
        if refused := selection.refuses(raw["country"], day):
            return refused
        if raw["date_prec"] not in _DATE_PRECISION:
            return "the day is known to the year only (date_prec 5), so no quarter can be given"
        deaths = [number(raw[c]) for c in ("low", "best", "high")]
        low, best, high = (None if d is None else int(d) for d in deaths)
        if best is None or best < 0:
            result.notes["best estimate of deaths missing; left unknown"] += 1
        elif not ((low or 0) <= best <= (high if high is not None else best)):
            result.notes["low, best and high estimates out of order; best kept"] += 1
        point = raw["where_prec"] in ("1", "2")
        if not point:
            result.notes["placed in a district or larger, so without coordinates"] += 1
        return {
            "incident_id": f"UCDP-{raw['id']}",
            "date": day.isoformat(),
            "date_precision": _DATE_PRECISION[raw["date_prec"]],
            "place": raw["where_coordinates"],
            "governorate": raw["adm_1"].removesuffix("province").strip(),
            "latitude": raw["latitude"] if point else "",
            "longitude": raw["longitude"] if point else "",
            "target_name": raw["side_b"] if raw["type_of_violence"] == "3" else raw["side_a"],
            "munition_detail": "",
            "killed": "" if best is None or best < 0 else str(best),
            "attributed_to": raw["side_a"] if raw["type_of_violence"] == "3" else raw["side_b"],
            "confidence": _confidence(raw),
            "summary": f"Deaths: low {raw['low']}, best {raw['best']}, high {raw['high']}. {raw['source_headline']}",
            "sources": ";".join(_sources(result, raw)),
        }

    return finish(result, frame, read_mapping(mapping, list(frame.columns)), draft, "id")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def _confidence(raw: Mapping[str, str]) -> str:
    """Two sources high, one or an unknown number (-1) medium; an event of low clarity is low."""
    if raw["event_clarity"] == "2":
        return "low"
    return "high" if (number(raw["number_of_sources"]) or 0) >= 2 else "medium"


def _sources(result: Imported, raw: Mapping[str, str]) -> list[str]:
    names = [n.strip() for n in raw["source_office"].split(";") if n.strip()]
    names = list(dict.fromkeys(names))[:_MOST_SOURCES] or ["UCDP GED"]
    return list(dict.fromkeys(add_source(result, "ucdp", n, url=URL if n == "UCDP GED" else "") for n in names))
