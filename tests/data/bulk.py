"""A hundred thousand made-up rows: an ACLED export of which all are kept, and a campaign over twenty quarters."""

from __future__ import annotations

import sys
from datetime import date, timedelta
from pathlib import Path

from foreign import ACLED, ACLED_ROW, write

KINDS = (
    (
        "Explosions/Remote violence",
        "Remote explosive/landmine/IED",
        "A roadside bomb hit a patrol near {town}. 2 killed.",
    ),
    (
        "Explosions/Remote violence",
        "Shelling/artillery/missile attack",
        "Rockets fell on a base at {town}. No casualties.",
    ),
    ("Violence against civilians", "Attack", "Gunmen shot dead a trader in {town}."),
)
START, DAYS = date(2018, 1, 1), 1826  # twenty quarters


def export(path: Path, rows: int = 100_000) -> Path:
    """An export in ACLED's layout; no row's narrative, place and id is another's."""

    def one(i: int) -> dict[str, str]:
        kind, sub, notes = KINDS[i % len(KINDS)]
        spot = i * 7919 % 4000  # what follows in time is not near
        town = f"Town {spot}"
        civilians = kind == "Violence against civilians"
        return ACLED_ROW | {
            "event_id_cnty": f"XYZ{i}", "event_date": str(START + timedelta(days=i * DAYS // rows)), "event_type": kind,
            "sub_event_type": sub, "actor1": f"Group {i % 37}", "actor2": "Civilians (Xyland)" if civilians else "",
            "inter2": "7" if civilians else "0", "assoc_actor_2": "", "admin1": f"Province {i % 18}", "location": town,
            "latitude": f"{10 + spot / 1000:.3f}", "longitude": f"{20 + spot * 1049 % 3001 / 1000:.3f}",
            "source": f"Daily; Herald {i % 60}", "notes": f"On day {i}: {notes.format(town=town)}",
            "fatalities": str(i % 4), "timestamp": str(1_600_000_000 + i),
        }  # fmt: skip

    return write(path, ACLED, map(one, range(rows)))


if __name__ == "__main__":  # tests/data/bulk.py FILE [ROWS]
    export(Path(sys.argv[1]), int((sys.argv[2:] or ["100000"])[0]))
