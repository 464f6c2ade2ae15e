"""Make src/incident_report/data/schemas/countries.json from Natural Earth's countries, as world-atlas carries them.

    npm pack world-atlas@2.0.2 && tar xzf world-atlas-2.0.2.tgz
    .venv/bin/python scripts/outlines.py package/countries-50m.json

The file stays TopoJSON: a border that two countries share is one arc, so it is simplified once and no gap opens.
"""

from __future__ import annotations

import json
import sys
from pathlib import Path
from typing import Any

import numpy as np

TARGET = Path(__file__).resolve().parents[1] / "src/incident_report/data/schemas/countries.json"
TOLERANCE = 0.025  # degrees by which a line may leave its original
STEP = 0.01  # degrees: coordinates are whole numbers of these
ATTRIBUTION = "Made with Natural Earth 4.1.0 (public domain), 1:50m, via world-atlas 2.0.2, simplified to 0.025 degrees"


def simplified(line: np.ndarray) -> np.ndarray:
    """Douglas and Peucker's line: no point dropped lies farther than the tolerance from what is kept."""
    keep = np.zeros(len(line), dtype=bool)
    keep[[0, -1]] = True
    closed = len(line) > 3 and np.array_equal(line[0], line[-1])
    if closed:  # the two ends are one point: without a third and a fourth the ring would shrink to a line
        keep[int(np.argmax(np.hypot(*(line - line[0]).T)))] = True
    todo = list(zip(np.flatnonzero(keep)[:-1], np.flatnonzero(keep)[1:], strict=True))
    while todo:
        a, b = todo.pop()
        if b - a < 2:
            continue
        start, along = line[a], line[b] - line[a]
        inside = line[a + 1 : b] - start
        length = float(np.hypot(*along))
        away = np.abs(inside @ np.array([-along[1], along[0]])) / length if length else np.hypot(*inside.T)
        at = int(np.argmax(away))
        if away[at] > TOLERANCE or (closed and keep.sum() < 4):
            keep[a + 1 + at] = True
            todo += [(a, a + 1 + at), (a + 1 + at, b)]
    return line[keep]


def arcs(topology: dict[str, Any]) -> list[list[list[int]]]:
    """Every arc simplified, in steps, each point as the difference from the one before."""
    scale, move = (np.array(topology["transform"][k]) for k in ("scale", "translate"))
    made = []
    for arc in topology["arcs"]:
        line = np.cumsum(np.array(arc, dtype=float), axis=0) * scale + move
        whole = np.rint(simplified(line) / STEP).astype(int)
        moved = np.concatenate([[True], np.any(np.diff(whole, axis=0) != 0, axis=1)])
        moved[-1] = True
        whole = whole[moved]
        made.append(np.concatenate([whole[:1], np.diff(whole, axis=0)]).tolist())
    return made


def main() -> None:
    """Write the file."""
    topology = json.loads(Path(sys.argv[1]).read_text("utf-8"))
    countries = [
        {"name": g["properties"]["name"], "type": g["type"], "arcs": g["arcs"]}
        for g in topology["objects"]["countries"]["geometries"]
        if g.get("arcs")
    ]
    out = {"attribution": ATTRIBUTION, "step": STEP, "countries": sorted(countries, key=lambda c: c["name"])}
    out["arcs"] = arcs(topology)
    TARGET.write_text(json.dumps(out, ensure_ascii=False, separators=(",", ":")) + "\n", "utf-8")
    print(f"{TARGET}: {len(countries)} countries, {TARGET.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
