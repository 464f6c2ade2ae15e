"""Small made-up files in the layouts of ACLED, UCDP GED and GTD; no row is anybody's data."""

from __future__ import annotations

import csv
from collections.abc import Iterable, Mapping
from pathlib import Path

from incident_report.data.importers import Imported, Selection, chosen_map
from incident_report.data.importers import read as read_file
from incident_report.paths import ROOT

MAPS = Path(__file__).parent / "foreign_maps"
REAL = ROOT.parent / "shared" / "datasets"
CASES = ROOT.parent / "shared" / "cases" / "newdata"

ACLED = (
    "event_id_cnty", "event_date", "time_precision", "event_type", "sub_event_type", "actor1", "assoc_actor_1",
    "inter1", "actor2", "assoc_actor_2", "inter2", "country", "admin1", "location", "latitude", "longitude",
    "geo_precision", "source", "source_scale", "notes", "fatalities", "timestamp",
)  # fmt: skip
UCDP = (
    "id", "type_of_violence", "side_a", "side_b", "number_of_sources", "source_article", "source_office",
    "source_headline", "where_prec", "where_coordinates", "adm_1", "latitude", "longitude", "country",
    "event_clarity", "date_prec", "date_start", "date_end", "best", "low", "high", "deaths_a", "deaths_b",
    "deaths_civilians", "relid",
)  # fmt: skip
GTD = (
    "eventid", "iyear", "imonth", "iday", "approxdate", "country_txt", "provstate", "city", "latitude", "longitude",
    "specificity", "summary", "success", "attacktype1_txt", "targtype1_txt", "targsubtype1_txt", "target1",
    "natlty1_txt", "gname", "claimed", "weaptype1_txt", "weapsubtype1_txt", "weapdetail", "nkill", "nkillus", "nwound",
    "nwoundus", "scite1", "scite2", "scite3", "dbsource", "doubtterr",
)  # fmt: skip

ACLED_ROW = {
    "event_id_cnty": "XYZ1", "event_date": "2022-02-23", "event_type": "Explosions/Remote violence",
    "sub_event_type": "Remote explosive/landmine/IED", "actor1": "Group Alpha", "inter1": "3",
    "actor2": "Civilians (Xyland)", "inter2": "7",
    "assoc_actor_2": "Military Forces of the United States (2021-)", "country": "Xyland", "admin1": "North",
    "location": "Sometown", "latitude": "10.5", "longitude": "20.25", "geo_precision": "1", "time_precision": "1",
    "source": "Daily; Herald", "notes": "A roadside bomb hit a convoy with supplies. No casualties.",
    "fatalities": "0", "timestamp": "1",
}  # fmt: skip
UCDP_ROW = {
    "id": "1", "relid": "XYL-2013-1", "type_of_violence": "1", "side_a": "Government of Xyland", "side_b": "Rebels",
    "number_of_sources": "-1", "source_article": "made up", "source_office": "Daily", "source_headline": "Car bomb",
    "where_prec": "1", "where_coordinates": "Sometown", "adm_1": "North province", "latitude": "10.5",
    "longitude": "20.25", "country": "Xyland", "event_clarity": "1", "date_prec": "1", "date_start": "2013-02-03",
    "date_end": "2013-02-03", "best": "2", "low": "1", "high": "3", "deaths_a": "2", "deaths_b": "0",
    "deaths_civilians": "0",
}  # fmt: skip
GTD_ROW = {
    "eventid": "201302030001", "iyear": "2013", "imonth": "2", "iday": "3", "approxdate": "", "country_txt": "Xyland",
    "provstate": "North", "city": "Sometown", "latitude": "10.5", "longitude": "20.25", "specificity": "1",
    "summary": "02/03/2013: Rockets hit a base.", "success": "1", "attacktype1_txt": "Bombing/Explosion",
    "targtype1_txt": "Military", "targsubtype1_txt": "Military Barracks/Base", "target1": "US Base", "gname": "Unknown",
    "claimed": "0", "weaptype1_txt": "Explosives", "weapsubtype1_txt": "Projectile (rockets, mortars, RPGs, etc.)",
    "weapdetail": "Rockets", "nkill": "", "nkillus": "0", "nwound": "3", "nwoundus": "-99", "scite1": "Daily, 2013",
    "scite2": "", "scite3": "", "dbsource": "made up", "doubtterr": "1",
}  # fmt: skip
LAYOUTS = {"acled": (ACLED, ACLED_ROW), "ucdp-ged": (UCDP, UCDP_ROW), "gtd": (GTD, GTD_ROW)}


def write(path: Path, columns: Iterable[str], rows: Iterable[Mapping[str, str]], encoding: str = "utf-8") -> Path:
    """A CSV file as those datasets come: quoted where needed, CRLF."""
    with path.open("w", encoding=encoding, newline="") as file:
        writer = csv.DictWriter(file, list(columns), restval="")
        writer.writeheader()
        writer.writerows(rows)
    return path


def read(kind: str, folder: Path, rows: Iterable[Mapping[str, str]], encoding: str = "utf-8", **wanted) -> Imported:
    """What rows of a layout become; each is the layout's own row with changes."""
    columns, row = LAYOUTS[kind]
    path = write(folder / "in.csv", columns, [{**row, **changes} for changes in rows], encoding)
    return read_file(path, chosen_map(kind), Selection(**wanted))


def one(kind: str, folder: Path, **changes: str):
    """The one incident that a row becomes (None where it is left out), and the import's outcome."""
    result = read(kind, folder, [changes])
    assert result.rows == len(result.incidents) + len(result.left_out) == 1
    return (result.incidents or [None])[0], result
