"""Write an import as a campaign folder that the rest of the project can check and build."""

from __future__ import annotations

import csv
import shutil
import statistics
import tempfile
from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path

import yaml

from incident_report.data.importers.common import Imported, ImportFault
from incident_report.data.loader import check
from incident_report.data.model import DataError
from incident_report.data.package import default_package
from incident_report.periods import Quarter

_SERIES = [
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


def write_campaign(result: Imported, out: Path, dataset: str, weaknesses: Iterable[str], country: str) -> Path:
    """Write the folder, check it as any campaign is checked, and only then put it in place.

    Raises
    ------
    ImportFault
        If `out` exists already, or nothing was imported.
    DataError
        If what was imported does not pass the checks; nothing is written.
    """
    if out.exists() and (not out.is_dir() or any(out.iterdir())):
        raise ImportFault(f"{out} exists already; name a new folder, nothing was written")
    if not result.incidents:
        raise ImportFault(f"none of the {result.rows} rows became an incident; nothing was written")
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=out.parent, prefix=".import-") as temporary:
        folder = Path(temporary) / "campaign"
        _write_tables(folder, result)
        text = yaml.safe_dump(_report(dataset, weaknesses, country), sort_keys=False, allow_unicode=True, width=100)
        (folder / "report.yml").write_text(text, "utf-8")
        data, faults = check(folder)
        if data is None:
            raise DataError([f for f in faults if f.severity == "error"])
        if out.exists():
            out.rmdir()
        shutil.move(str(folder), out)
    return out


def _write_tables(folder: Path, result: Imported) -> None:
    tables = default_package().tables
    quarters = defaultdict(list)
    for row in result.incidents:
        quarters[str(Quarter.of(date.fromisoformat(row["date"])))].append(row)
    columns = [f.name for f in tables["incidents"].fields]
    for quarter, rows in sorted(quarters.items()):
        rows.sort(key=lambda r: (r["date"], r["incident_id"]))
        _write(folder / "incidents" / f"{quarter}.csv", columns, rows)
    used = {s for row in result.incidents for s in row["sources"].split(";")}
    sources = [result.sources[key] for key in sorted(used)]
    _write(folder / "sources.csv", [f.name for f in tables["sources"].fields], sources)
    _write(folder / "geo" / "governorates.csv", ["governorate", "latitude", "longitude"], _places(result))
    left = [{"line": str(x.line), "id": x.id, "reason": x.reason} for x in result.left_out]
    _write(folder / "import" / "left_out.csv", ["line", "id", "reason"], left)


def _write(path: Path, columns: list[str], rows: Iterable[Mapping[str, str]]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="", extrasaction="ignore", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _places(result: Imported) -> list[dict[str, str]]:
    """A label point for each district: the median of its placed attacks (no district without one)."""
    points = defaultdict(list)
    for row in result.incidents:
        if row["governorate"] and row["latitude"]:
            points[row["governorate"]].append((float(row["latitude"]), float(row["longitude"])))
    return [
        {
            "governorate": name,
            "latitude": f"{statistics.median(p[0] for p in found):.2f}",
            "longitude": f"{statistics.median(p[1] for p in found):.2f}",
        }
        for name, found in sorted(points.items())
    ]


def _report(dataset: str, weaknesses: Iterable[str], country: str) -> dict[str, object]:
    where = country or "the area covered"
    return {
        "title": f"Attacks recorded by {dataset} in {where}",
        "subtitle": "Frequency and methods, from imported event data",
        "authors": ["The analyst who ran the import (edit report.yml)"],
        "wording": {
            "actors": "armed actors of all kinds",
            "targets": "targets of all kinds",
            "country": where,
            "scope": f"Events that {dataset} records in {where}, as its own rules define them.",
        },
        "series": _SERIES,
        "known_weaknesses": list(weaknesses),
    }
