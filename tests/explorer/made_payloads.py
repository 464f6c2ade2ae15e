"""Payloads of made-up incidents in the explorer's format, and a page that shows one: no edition is needed."""

from __future__ import annotations

import base64
import gzip
import itertools
import json
import re
import struct
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import yaml

from incident_report.analysis.rates import garwood
from incident_report.present.explorer import module

ROOT = Path(__file__).parents[2]
SOURCES = ROOT / "templates/explorer"
EPOCH = date(1970, 1, 1).toordinal()
UNKNOWN = -(2**31)
METHODS = ("rocket", "ied_roadside", "drone", "mortar", "arson_mob")
TARGETS = ("logistics_convoy", "embassy_diplomatic", "airport", "coalition_base", "contractor_private", "other")
AREAS = {"Anbar": (41.6, 32.9), "Babil": (44.5, 32.5), "Baghdad": (44.4, 33.3), "Basra": (47.3, 30.4),
         "Dhi Qar": (46.2, 31.1), "Erbil": (44.1, 36.4), "Nineveh": (42.3, 36.0), "Salah al-Din": (43.6, 34.6),
         }  # fmt: skip
SITES = (("Green Zone", 44.396, 33.299), ("BIAP", 44.234, 33.262), ("Camp Taji", 44.26, 33.52), ("Balad", 44.36, 33.94))
GROUPS = ("Group A", "Group B (unconfirmed, by one outlet’s account)", "سرايا", "Group C")
OUTLINE = [(38.8, 33.4), (41.0, 34.4), (41.4, 35.6), (42.4, 37.1), (44.3, 37.0), (45.4, 36.0), (46.3, 35.7),
           (45.4, 34.0), (46.1, 33.0), (47.7, 31.8), (48.5, 29.9), (47.0, 30.0), (44.7, 29.2), (42.1, 31.1),
           (39.2, 32.1),
           ]  # fmt: skip
HOSTILE = (
    '<img src=x onerror="alert(1)">', "</script><script>alert(2)</script>", "javascript:alert(3)",
    "\u202egnp.exe\u202c",
    "=HYPERLINK(\"http://x\")", "شارع المطار", "{{ 7*7 }} ${7*7}", "a,~ b&c=d#e%",
)  # fmt: skip


def rows(n: int, seed: int = 1) -> dict[str, np.ndarray]:
    """Columns of `n` made-up incidents as numbers: codes from 0 (unknown), days, hundred-thousandths of a degree."""
    draw = np.random.default_rng(seed)
    first, last = (date(d.year, d.month, d.day).toordinal() - EPOCH for d in (date(2019, 10, 1), date(2020, 9, 30)))
    day = np.sort(first + (draw.beta(2.2, 1.3, n) * (last - first + 1)).astype(np.int32))
    site = draw.integers(0, len(SITES), n)
    kind = draw.choice(4, n, p=(0.45, 0.35, 0.1, 0.1))  # 0 site, 1 town, 2 governorate, 3 nothing
    area = draw.integers(1, len(AREAS) + 1, n)
    middles = np.array(list(AREAS.values()))[area - 1]
    spread = draw.normal(0, 0.35, (n, 2)) if n > 1000 else np.round(draw.normal(0, 0.5, (n, 2)), 0) / 2
    points = np.array([[x, y] for _, x, y in SITES])[site]
    town = middles + spread
    lon = np.where(kind == 0, points[:, 0], np.where(kind == 1, town[:, 0], np.nan))
    lat = np.where(kind == 0, points[:, 1], np.where(kind == 1, town[:, 1], np.nan))
    if n > 1000:
        lon, lat = (
            lon + np.where(kind == 0, draw.normal(0, 0.05, n), 0),
            lat + np.where(kind == 0, draw.normal(0, 0.05, n), 0),
        )
    outcome = draw.choice(3, n, p=(0.9, 0.06, 0.04)) + 1
    confidence = draw.choice(3, n, p=(0.6, 0.25, 0.15)) + 1
    return {
        "date": day.astype(np.int32),
        "date_precision": draw.choice(2, n, p=(0.96, 0.04)) + 1,
        "longitude": np.where(np.isnan(lon), UNKNOWN, np.round(np.nan_to_num(lon) * 1e5)).astype(np.int32),
        "latitude": np.where(np.isnan(lat), UNKNOWN, np.round(np.nan_to_num(lat) * 1e5)).astype(np.int32),
        "coordinate_precision": np.array([2, 3, 4, 0])[kind],
        "governorate": np.where(kind == 3, 0, area),
        "attack_method": draw.choice(6, n, p=(0.05, 0.35, 0.4, 0.08, 0.07, 0.05)),
        "target_category": draw.integers(1, len(TARGETS) + 1, n),
        "confidence": confidence,
        "outcome": outcome,
        "counted": np.where(outcome == 1, 1, 2),
        "attributed_to": draw.choice(5, n, p=(0.5, 0.2, 0.15, 0.1, 0.05)),
        "killed": np.where(draw.random(n) < 0.3, UNKNOWN, draw.poisson(0.3, n)).astype(np.int32),
        "techniques": draw.integers(0, 3, n),  # 0 none, 1 one, 2 two
    }


CODES: dict[str, tuple[str, list[str], list[str]]] = {
    "date_precision": ("Date precision", ["day", "month"], ["day", "month"]),
    "governorate": ("Governorate", list(AREAS), list(AREAS)),
    "coordinate_precision": (
        "Coordinate precision",
        ["exact_site", "site_point", "town", "governorate", "unknown"],
        ["Exact site", "Point for a site", "Town", "Governorate", "Unknown"],
    ),
    "target_category": ("Target", list(TARGETS), [t.replace("_", " ").capitalize() for t in TARGETS]),
    "attack_method": ("Method", list(METHODS), ["Rocket", "Roadside bomb", "Drone", "Mortar", "Arson by a crowd"]),
    "confidence": ("Confidence", ["high", "medium", "low"], ["High", "Medium", "Low"]),
    "outcome": ("Outcome", ["carried_out", "disputed", "doubtful"], ["carried out", "disputed", "doubtful"]),
    "attributed_to": ("Attributed to", list(GROUPS), list(GROUPS)),
    "counted": ("Counted", ["yes", "no"], ["yes", "no"]),
}


def payload(n: int, *, hostile: bool = False, summaries: bool = True) -> bytes:
    """`n` made-up incidents in the explorer's format."""
    made = rows(n)
    parts: list[bytes] = []
    size = 0

    def slot(kind: str, content: bytes, length: int | None = None) -> dict[str, Any]:
        nonlocal size
        at = size
        padded = content + bytes(-len(content) % 8)
        parts.append(padded)
        size += len(padded)
        return {"type": kind, "at": at, "length": len(content) if length is None else length}

    def array(values: Any, kind: str) -> dict[str, Any]:
        packed = np.asarray(values).astype(f"<{kind}")
        return slot(kind, packed.tobytes(), len(packed))

    def text(values: list[str]) -> dict[str, Any]:
        return slot("utf8", "\0".join(values).encode())

    nasty = HOSTILE if hostile else ("",)
    ids = [f"XX-{i:06d}" for i in range(n)]
    places = [f"Place {i % 40} {nasty[i % len(nasty)]}".strip() for i in range(n)]
    summary = [f"Incident {i} near place {i % 40}. {nasty[i % len(nasty)]}" if summaries else "" for i in range(n)]
    labels = dict(CODES)
    if hostile:
        labels["attributed_to"] = ("Attributed to <b>", list(HOSTILE[:4]), list(HOSTILE[:4]))
    columns: list[dict[str, Any]] = [
        {"name": "incident_id", "label": "Incident", "kind": "text", "buffer": text(ids)},
        {"name": "date", "label": "Date", "kind": "day", "buffer": array(made["date"], "i4")},
        {"name": "place", "label": "Place", "kind": "text", "buffer": text(places)},
        {"name": "summary", "label": "Summary", "kind": "text", "buffer": text(summary)},
        *(
            {"name": name, "label": label, "kind": "code", "values": values, "labels": shown,
             "buffer": array(made[name], "u1")}
            for name, (label, values, shown) in labels.items()
        ),
        {"name": "latitude", "label": "Latitude", "kind": "degrees", "buffer": array(made["latitude"], "i4")},
        {"name": "longitude", "label": "Longitude", "kind": "degrees", "buffer": array(made["longitude"], "i4")},
        {"name": "killed", "label": "Killed", "kind": "number", "buffer": array(made["killed"], "i4")},
        {"name": "techniques", "label": "Techniques", "kind": "list", "values": ["salvo", "timer"],
         "labels": ["Salvo", "Timer"], "offsets": array(np.concatenate([[0], np.cumsum(made["techniques"])]), "u4"),
         "buffer": array([c + 1 for t in made["techniques"] for c in range(t)], "u1")},
        {"name": "sources", "label": "Sources", "kind": "list", "values": ["src-1", "src-2"],
         "labels": ["src-1", "src-2"], "offsets": array(np.arange(n + 1), "u4"),
         "buffer": array(np.arange(n) % 2 + 1, "u1")},
        {"name": "series", "label": "Series", "kind": "list", "values": ["rocket_drone"],
         "labels": ["Rockets and drones"],
         "offsets": array(np.concatenate([[0], np.cumsum(np.isin(made["attack_method"], (1, 3, 4)))]), "u4"),
         "buffer": array(np.ones(int(np.isin(made["attack_method"], (1, 3, 4)).sum())), "u1")},
    ]  # fmt: skip
    exact = [garwood(k) for k in range(min(n, 2000) + 1)]
    header = {
        "version": 1, "title": "Attacks on made-up targets", "edition": "2020Q3", "quarter": "2020Q3",
        "campaign": "made", "lang": "en-GB", "rows": n, "as_of": "2020-10-31", "floor": "low", "columns": columns,
        "facets": ["target_category", "attack_method", "confidence", "governorate", "attributed_to"],
        "table": ["incident_id", "date", "place", "attack_method", "target_category", "governorate", "confidence",
                  "killed"],
        "search": ["incident_id", "place", "summary"], "periods": periods(), "unit": "quarter",
        "covered": [[_day(2019, 10, 1), _day(2019, 12, 31)], [_day(2020, 4, 1), _day(2020, 9, 30)]],
        "limits": {"low": array([a for a, _ in exact], "f8"), "high": array([b for _, b in exact], "f8")},
        "map": {"box": [38.5, 29.0, 48.8, 37.5], "rings": [["Outline", OUTLINE]], "areas": AREAS, "sites": SITES},
        "sources": {
            "src-1": {"label": "Outlet, 1 July 2020", "title": nasty[0] or "A report",
                      "url": "https://example.org/1", "language": "en"},
            "src-2": {"label": "صحيفة", "title": "شارع", "language": "ar",
                      "url": "javascript:alert(4)" if hostile else ""},
        },
        "evidence": {ids[-1]: [
            {"field": "killed", "value": "0", "source": "src-1", "says": "stated", "note": nasty[-1]},
            {"field": "attack_method", "value": "rocket", "source": "src-2", "says": "contradicts", "note": ""}]},
        "anchors": False, "words": yaml.safe_load((ROOT / "templates/words/en/explorer.yml").read_text("utf-8")),
    }  # fmt: skip
    head = json.dumps(header, ensure_ascii=False).encode()
    start = struct.pack("<I", len(head)) + head
    return gzip.compress(start + bytes(-len(start) % 8) + b"".join(parts), 6, mtime=0)


def _day(year: int, month: int, day: int) -> int:
    return date(year, month, day).toordinal() - EPOCH


def periods() -> dict[str, dict[str, list[Any]]]:
    """Quarters, months and weeks of the made-up edition; the first quarter of 2020 is covered by no file."""
    months = [(2019, 10 + i) for i in range(3)] + [(2020, 1 + i) for i in range(9)]
    starts = [_day(y, m, 1) for y, m in months] + [_day(2020, 10, 1)]
    gap = range(_day(2020, 1, 1), _day(2020, 4, 1))

    def period(labels: list[str], edges: list[int]) -> dict[str, list[Any]]:
        spans = list(itertools.pairwise(edges))
        days = [sum(d not in gap and starts[0] <= d < starts[-1] for d in range(a, b)) for a, b in spans]
        return {"labels": labels, "start": [a for a, _ in spans], "end": [b - 1 for _, b in spans], "days": days}

    weeks = list(range(_day(2019, 9, 30), starts[-1] + 7, 7))
    named = [date.fromordinal(w + EPOCH).isocalendar() for w in weeks]
    return {
        "quarter": period(["2019Q4", "2020Q1", "2020Q2", "2020Q3"], starts[::3]),
        "month": period([f"{y}-{m:02d}" for y, m in months], starts),
        "week": period([f"{w[0]}-W{w[1]:02d}" for w in named[:-1]], weeks),
    }


def page(content: bytes, *, host: str = "{ address: true }") -> str:
    """A page with nothing but the explorer, in the report's colours."""
    report = (ROOT / "templates/report.css").read_text("utf-8")
    colours = "".join(
        re.findall(r"^(?::root|@media screen and \(prefers-color-scheme: dark\)) \{.*?^\}", report, re.M | re.S)
    )
    script = re.sub(r"^export default \{", "const widget = {", module(), flags=re.MULTILINE)
    script = re.sub(r"^export ", "", script, flags=re.MULTILINE)
    style = (SOURCES / "explorer.css").read_text("utf-8")
    return f"""<!doctype html><html lang="en-GB"><head><meta charset="utf-8"><title>Explorer</title>
<meta name="viewport" content="width=device-width"><link rel="icon" href="data:,">
<style>{colours} body {{ margin: 1rem; background: var(--paper); color: var(--ink); }}
h1, h2 {{ font: 1rem sans-serif; }}
{style}</style></head><body><main><h1>Made</h1><h2>Explorer</h2><div id="explore"></div></main>
<script type="text/plain" id="data">{base64.b64encode(content).decode()}</script>
<script type="module">{script}
const text = document.getElementById("data").textContent;
const bytes = Uint8Array.from(atob(text), (c) => c.charCodeAt(0));
globalThis.views = [];
globalThis.explorer = mount(document.getElementById("explore"), bytes, {{ onView: (v) => views.push(v), ...{host} }});
</script></body></html>"""
