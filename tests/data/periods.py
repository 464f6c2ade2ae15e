"""Made-up campaigns that report by month or by year: rows by rule, no real place, people or events."""

from __future__ import annotations

import csv
import random
from collections.abc import Mapping
from datetime import date, timedelta
from pathlib import Path

import yaml

from incident_report.data.package import default_package
from incident_report.periods import Period

COUNTRY = "Ostland"
TOWNS = {"Norburg": (52.4, 20.1), "Seemark": (51.8, 19.2), "Talheim": (51.1, 21.3)}
KINDS = {"rocket": "coalition_base", "ied_roadside": "logistics_convoy", "small_arms": "local_forces"}
# April is missing, July stops on the 20th; one tracker counts the fire on bases of some months.
MONTHLY = {
    "2020-01": 7, "2020-02": 9, "2020-03": 4, "2020-05": 11, "2020-06": 8, "2020-07": 6, "2020-08": 5, "2020-09": 14,
}  # fmt: skip
TALLIED = {"2020-02": 4, "2020-08": 2, "2020-09": 6}
# 2014 is missing.
YEARLY = {
    "2009": 12, "2010": 18, "2011": 25, "2012": 31, "2013": 22, "2015": 17, "2016": 9, "2017": 6, "2018": 14,
    "2019": 28, "2020": 44,
}  # fmt: skip


def monthly(folder: Path) -> Path:
    """Nine months with a gap, a month that is cut, and a tracker."""
    return made_up(folder, "month", MONTHLY, cut={"2020-07": date(2020, 7, 20)}, tallied=TALLIED)


def yearly(folder: Path) -> Path:
    """Twelve years, of which one is missing, and nobody else's counts."""
    return made_up(folder, "year", YEARLY)


def made_up(
    folder: Path,
    unit: str,
    counts: Mapping[str, int],
    *,
    cut: Mapping[str, date] | None = None,
    tallied: Mapping[str, int] | None = None,
) -> Path:
    """Write a campaign folder; the same for the same numbers.

    Parameters
    ----------
    unit : str
        ``month``, ``quarter`` or ``year``, which report.yml names.
    counts : mapping of period -> attacks
        A period that is not in it has no file.
    cut : mapping of period -> its last covered day
    tallied : mapping of period -> a tracker's count of the fire on bases
    """
    chance, cut = random.Random(1), cut or {}
    rows: dict[str, list[dict[str, object]]] = {}
    for name, many in counts.items():
        period = Period.parse(name, unit)
        last = cut.get(name, period.end)
        days = sorted(chance.randint(0, (last - period.start).days) for _ in range(many))
        rows[f"incidents/{name}.csv"] = [
            _row(f"OL-{name}-{i:02d}", period.start + timedelta(d), chance) for i, d in enumerate(days, 1)
        ]
    sources = [_source("herald", "Ostland Herald", "press"), _source("wire", "Norburg Wire", "wire")]
    tables: dict[str, list[dict[str, object]]] = {**rows, "sources.csv": sources}
    tables["geo/governorates.csv"] = [{"governorate": n, "latitude": y, "longitude": x} for n, (y, x) in TOWNS.items()]
    if tallied:
        sources.append(_source("watch", "Ostland Watch", "research"))
        tables["tallies.csv"] = [
            {"tally_id": f"watch-{p}", "tracker": "watch", "series": "fire", "start": Period.parse(p).start,
             "end": Period.parse(p).end, "count": n, "bound": "exact", "unit": "attacks", "source": "watch"}
            for p, n in tallied.items()
        ]  # fmt: skip
    if cut:
        tables["coverage.csv"] = [
            {"quarter": p, "start": Period.parse(p).start, "end": end, "note": "the file stops"}
            for p, end in cut.items()
        ]
    for name, table in tables.items():
        _write(folder / name, name, table)
    report = _report(unit, tracker=bool(tallied))
    (folder / "report.yml").write_text(yaml.safe_dump(report, sort_keys=False), "utf-8")
    return folder


def _row(ident: str, day: date, chance: random.Random) -> dict[str, object]:
    method = chance.choices(list(KINDS), (5, 4, 2))[0]
    town = chance.choice(list(TOWNS))
    y, x = TOWNS[town]
    killed = chance.choice(["", "0", "0", "0", "1", "2"])
    return {
        "incident_id": ident, "date": day, "date_precision": "day", "place": f"{town} road", "governorate": town,
        "latitude": round(y + chance.uniform(-0.2, 0.2), 2), "longitude": round(x + chance.uniform(-0.2, 0.2), 2),
        "target_category": KINDS[method], "attack_method": method, "killed": killed,
        "munition_count": chance.choice(["", "2", "3", "5"]) if method == "rocket" else "",
        "confidence": "high", "summary": f"Attack near {town}.", "sources": "herald;wire",
    }  # fmt: skip


def _source(ident: str, publisher: str, kind: str) -> dict[str, object]:
    return {"source_id": ident, "publisher": publisher, "kind": kind, "reliability": "B", "title": f"{publisher} log"}


def _report(unit: str, *, tracker: bool) -> dict[str, object]:
    fire = {
        "id": "fire",
        "label": "Fire on bases",
        "noun": "rocket attacks on bases",
        "singular": "rocket attack on a base",
    }
    bombs = {"id": "bombs", "label": "Roadside bombs", "noun": "roadside bombs", "singular": "roadside bomb"}
    return {
        "title": f"Attacks in {COUNTRY}",
        "period": unit,
        "authors": ["The project's contributors"],
        "wording": {"actors": "armed groups", "targets": "bases and roads", "country": COUNTRY},
        "series": [
            {**fire, "where": {"attack_method": ["rocket"]}},
            {**bombs, "where": {"attack_method": ["ied_roadside"]}},
        ],
        **({"headline_tracker": "watch", "trackers": {"watch": "Ostland Watch"}} if tracker else {}),
    }


def _write(path: Path, name: str, rows: list[dict[str, object]]) -> None:
    table = next(t for t in default_package().tables.values() if t.path == name or t.name == name.split("/")[0])
    head = [f.name for f in table.fields if not f.imported]
    path.parent.mkdir(parents=True, exist_ok=True)
    with path.open("w", encoding="utf-8", newline="") as stream:
        writer = csv.DictWriter(stream, head, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)
