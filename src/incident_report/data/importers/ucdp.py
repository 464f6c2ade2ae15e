"""UCDP GED: the 49-column file and the HDX variant with its tag row.

GED holds only events with at least one death (UCDP GED codebook): counts of its rows are not counts of
attacks. Days, places and numbers of sources carry precision codes that are honoured here.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from pathlib import Path

from incident_report.data.importers.common import (
    Imported,
    Selection,
    add_source,
    finish,
    number,
    people,
    placed,
    read_table,
)
from incident_report.data.importers.mapping import read_mapping

REQUIRED = (
    "id", "type_of_violence", "side_a", "side_b", "number_of_sources", "source_article", "source_office",
    "source_headline", "where_prec", "where_coordinates", "adm_1", "latitude", "longitude", "country",
    "event_clarity", "date_prec", "date_start", "date_end", "best", "low", "high", "deaths_a", "deaths_b",
    "deaths_civilians",
)  # fmt: skip
URL = "https://ucdp.uu.se/downloads/"
_DATE_PRECISION = {"1": "day", "2": "week", "3": "week", "4": "month"}
_MOST_SOURCES = 4  # named in a row; GED lists every article
_PLACED = {"1": "site_point", "2": "town", "3": "governorate", "4": "governorate"}  # where_prec -> coordinate_precision


def read(path: Path, mapping: Path, selection: Selection) -> Imported:
    """Import a UCDP GED file; see `common.Imported`."""
    frame, encoding = read_table(path, REQUIRED, "a UCDP GED file")
    result = Imported()
    if encoding != "UTF-8":
        result.notes[f"the file is in {encoding}"] += 1
    if len(frame) and sum(str(v).startswith("#") for v in frame.iloc[0]) > 5:
        result.notes["HXL tag row skipped"] += 1
        frame = frame.iloc[1:].reset_index(drop=True)
    parts = frame[["deaths_a", "deaths_b", "deaths_civilians"]].itertuples(index=False, name=None)
    frame["lost"] = [_lost(p) for p in parts]

    def draft(raw: Mapping[str, str]) -> dict[str, str] | str:
        day = _day(raw["date_start"])
        if day is None:
            return f"date_start {raw['date_start']!r} is not a date"
        if refused := selection.refuses(raw["country"], day):
            return refused
        if raw["date_prec"] not in _DATE_PRECISION:
            return "the day is known to the year only (date_prec 5), so no quarter can be given"
        end = _day(raw["date_end"])
        if end is not None and (end.year, (end.month - 1) // 3) != (day.year, (day.month - 1) // 3):
            result.notes["from one quarter into another; put under its first day"] += 1
        killed = people(result, raw["best"])
        if not killed:
            result.notes["best estimate of deaths missing; left unknown"] += 1
        elif out_of_order(raw):
            result.notes["low, best and high estimates out of order; best kept"] += 1
        sources = _sources(result, raw)
        attacker, target = sides(raw)
        return {
            "incident_id": f"UCDP-{raw['id']}",
            "date": day.isoformat(),
            "date_precision": _DATE_PRECISION[raw["date_prec"]],
            "place": raw["where_coordinates"],
            "governorate": raw["adm_1"].removesuffix("province").strip(),
            **placed(result, raw, "where_prec", _PLACED, "a district or larger"),
            "target_name": target,
            "munition_detail": "",
            "killed": killed,
            "attributed_to": attacker,
            "confidence": _confidence(raw, sources),
            "summary": f"Deaths: low {raw['low']}, best {raw['best']}, high {raw['high']}. {raw['source_headline']}",
            "sources": ";".join(sources),
        }

    return finish(result, frame, read_mapping(mapping, list(frame.columns)), draft, "id")


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text[:10])
    except ValueError:
        return None


def sides(raw: Mapping[str, str]) -> tuple[str, str]:
    """Attacker and target, as far as the deaths tell.

    GED names an attacker only where violence is one-sided. In a fight the side that alone lost people is
    taken for the target; where both did, or neither, nobody is.
    """
    a, b = raw["side_a"], raw["side_b"]
    if raw["type_of_violence"] == "3":
        return a, b
    if raw["lost"] == "side_a":
        return b, a
    if raw["lost"] == "side_b":
        return a, b
    return "", f"{a} / {b}"


def out_of_order(raw: Mapping[str, str]) -> bool:
    """Whether low <= best <= high is broken, or one of them is no number."""
    low, best, high = (number(raw[c]) for c in ("low", "best", "high"))
    return low is None or best is None or high is None or not low <= best <= high


def _lost(deaths: tuple[str, ...]) -> str:
    """The one party that lost people, or nothing."""
    names = ("side_a", "side_b", "civilians")
    hurt = [name for name, text in zip(names, deaths, strict=True) if (number(text) or 0) > 0]
    return hurt[0] if len(hurt) == 1 else ""


def _confidence(raw: Mapping[str, str], sources: list[str]) -> str:
    """Two outlets named make it high, whatever `number_of_sources` (-1 is unknown); low clarity makes it low."""
    if raw["event_clarity"] == "2":
        return "low"
    return "high" if len(sources) > 1 else "medium"


def _sources(result: Imported, raw: Mapping[str, str]) -> list[str]:
    names = [n.strip() for n in raw["source_office"].split(";") if n.strip()]
    names = list(dict.fromkeys(names))[:_MOST_SOURCES] or ["UCDP GED"]
    return list(dict.fromkeys(add_source(result, "ucdp", n, url=URL if n == "UCDP GED" else "") for n in names))
