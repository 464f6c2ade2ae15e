"""A small campaign folder, cut from the founding data, that tests may break."""

from __future__ import annotations

import csv
import io
import shutil
from functools import cache
from pathlib import Path

import yaml

from incident_report.paths import DATA

Q2, Q3 = "incidents/2020Q2.csv", "incidents/2020Q3.csv"


def _read(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def write(rows: list[dict[str, str]], header: list[str] | None = None) -> str:
    """Rows as CSV text."""
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, header or list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return out.getvalue()


@cache
def files() -> dict[str, str]:
    """Text by file name: two quarters, seven attacks, every table, no rubric, options or claims."""
    tables = {
        Q2: _read(Q2)[:3],
        Q3: _read(Q3)[:4],
        "tallies.csv": _read("tallies.csv")[:4],
        "context.csv": _read("context.csv")[-3:],
        "posture.csv": _read("posture.csv"),
        "geo/governorates.csv": _read("geo/governorates.csv"),
    }
    tables["sites.csv"] = _read("sites.csv")
    cited = {s for r in tables["sites.csv"] for s in r["sources"].split(";")}
    cited |= {s for r in tables["context.csv"] for s in r["more_sources"].split(";")}
    cited |= {s for n in (Q2, Q3) for r in tables[n] for s in r["sources"].split(";")}
    cited |= {r["source"] for n in ("tallies.csv", "context.csv", "posture.csv") for r in tables[n]}
    cited.add("iraq-businessnews-2020-09-28")
    tables["sources.csv"] = [r for r in _read("sources.csv") if r["source_id"] in cited]
    ring = [[38, 29], [49, 29], [49, 38], [38, 38], [38, 29]]
    report = yaml.safe_load((DATA / "report.yml").read_text("utf-8"))
    report.pop("other_series")
    report.pop("vocabulary")
    report["known_weaknesses"] = report["known_weaknesses"][:2]
    corrected = {
        "incident_id": "IQ-20200705-1",
        "field": "wounded",
        "old": "1",
        "new": "2",
        "reason": "a later report",
        "date": "2020-10-05",
        "by": "editor",
    }
    covered = {"quarter": "2020Q3", "start": "2020-07-01", "end": "2020-07-31", "note": "rows stop there"}
    import json

    outline = {
        "type": "FeatureCollection",
        "features": [
            {
                "type": "Feature",
                "properties": {"name": report["wording"]["country"]},
                "geometry": {"type": "Polygon", "coordinates": [ring]},
            }
        ],
    }
    return {
        **{name: write(rows) for name, rows in tables.items()},
        "corrections.csv": write([corrected]),
        "coverage.csv": write([covered]),
        "report.yml": yaml.safe_dump(report, sort_keys=False, allow_unicode=True),
        "geo/region.geojson": json.dumps(outline),
    }


def make(folder: Path, changes: dict[str, str | bytes | None] | None = None) -> Path:
    """Write the folder afresh, with some files replaced, added or (None) left out."""
    if folder.exists():
        shutil.rmtree(folder)
    for name, text in {**files(), **(changes or {})}.items():
        if text is None:
            continue
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(text if isinstance(text, bytes) else text.encode("utf-8"))
    return folder
