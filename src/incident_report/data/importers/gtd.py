"""The Global Terrorism Database: its 135-column CSV (Windows-1252) or XLSX.

From the GTD codebook: day or month 0 is unknown up to 2011, later the midpoint with the range in
`approxdate`; an empty nkill is unknown, -9 and -99 are codes for unknown; deaths of linked attacks are
shared out in fractions. `doubtterr` is not filtered on: it would drop most attacks on bases.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date
from pathlib import Path

from incident_report.data.importers.common import (
    LINE,
    Imported,
    ImportFault,
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
    "eventid", "iyear", "imonth", "iday", "approxdate", "country_txt", "provstate", "city", "latitude", "longitude",
    "specificity", "summary", "success", "attacktype1_txt", "targtype1_txt", "targsubtype1_txt", "target1", "gname",
    "claimed", "weaptype1_txt", "weapsubtype1_txt", "weapdetail", "nkill", "nkillus", "nwound", "nwoundus",
    "scite1", "scite2", "scite3", "dbsource",
)  # fmt: skip
URL = "https://www.start.umd.edu/gtd"
_UNKNOWN = (-9.0, -99.0)
_PLACED = {"1": "town", "2": "town", "3": "governorate", "4": "governorate"}  # specificity -> coordinate_precision


def read(path: Path, mapping: Path, selection: Selection) -> Imported:
    """Import a GTD file; see `common.Imported`.

    Raises
    ------
    ImportFault
        Also where a spreadsheet has turned event ids into numbers such as ``2.00E+11``: what they
        were cannot be recovered.
    """
    frame, encoding = read_table(path, REQUIRED, "a GTD file")
    for line, key in zip(frame[LINE], frame["eventid"], strict=True):
        if not re.fullmatch(r"\d{12}", key):
            raise ImportFault(
                f"{path}:{line}: eventid {key!r} is not twelve digits; a spreadsheet has changed the ids, so download"
                " the file again and import it unopened"
            )
    result = Imported()
    if encoding == "Windows-1252":
        result.notes["the file is in Windows-1252, as GTD's CSV is"] += 1

    def draft(raw: Mapping[str, str]) -> dict[str, str] | str:
        when = _date(raw)
        if isinstance(when, str):
            return when
        day, precision = when
        if refused := selection.refuses(raw["country_txt"], day):
            return refused
        claimed = raw["gname"] if raw["claimed"] == "1" and raw["gname"] != "Unknown" else ""
        cited = [c for c in (raw["scite1"], raw["scite2"], raw["scite3"]) if c]
        sources = [add_source(result, "gtd", c[:160]) for c in cited] or [add_source(result, "gtd", "GTD", url=URL)]
        hurt = {ours: people(result, raw[theirs], _UNKNOWN) for ours, theirs in _PEOPLE.items()}
        for part, whole in (("us_killed", "killed"), ("us_wounded", "wounded")):
            if hurt[part] == "0" and not hurt[whole]:
                hurt[part] = ""  # zero of an unknown total is not a report that nobody was hurt
                result.notes["US casualties of zero beside an unknown total; left unknown"] += 1
        return {
            "incident_id": f"GTD-{raw['eventid']}",
            "date": day.isoformat(),
            "date_precision": precision,
            "place": raw["city"],
            "governorate": raw["provstate"],
            **placed(result, raw, "specificity", _PLACED, "a district or larger"),
            "target_name": raw["target1"],
            "munition_detail": raw["weapdetail"],
            **hurt,
            "attributed_to": "" if raw["gname"] == "Unknown" else raw["gname"],
            "claimed_by": claimed,
            "confidence": "high" if len(cited) > 1 else "medium",
            "summary": raw["summary"] or raw["weapdetail"],
            "sources": ";".join(dict.fromkeys(sources)),
        }

    return finish(result, frame, read_mapping(mapping, list(frame.columns)), draft, "eventid")


_PEOPLE = {"killed": "nkill", "wounded": "nwound", "us_killed": "nkillus", "us_wounded": "nwoundus"}


def _date(raw: Mapping[str, str]) -> tuple[date, str] | str:
    """Day and precision, or why there is none."""
    parts = [number(raw[c]) for c in ("iyear", "imonth", "iday")]
    if any(p is None or p != int(p) for p in parts):
        return "iyear, imonth or iday is not a number"
    year, month, day = (int(p or 0) for p in parts)
    if month == 0:
        return "the month is unknown (imonth 0), so no quarter can be given"
    try:
        if day == 0:
            return date(year, month, 1), "month"
        return date(year, month, day), _precision(raw["approxdate"])
    except ValueError:
        return f"{year}-{month}-{day} is not a date"


def _precision(approximate: str) -> str:
    """``day`` without a range, ``week`` for one of at most seven days in a month, else ``month``."""
    if not approximate:
        return "day"
    days = [int(d) for d in re.findall(r"\b(\d{1,2})(?:st|nd|rd|th)?\b", approximate) if int(d) <= 31]
    months = set(re.findall(r"(?i)\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)", approximate))
    close = len(days) >= 2 and max(days) - min(days) <= 7 and len(months) == 1
    return "week" if close else "month"
