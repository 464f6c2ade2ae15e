"""Many rows: whole columns are read first, and give what a row-by-row reading would."""

import gc
import math
import random
from collections import Counter
from datetime import date, timedelta

import pytest
from bulk import export

from incident_report.data import check, default_package
from incident_report.data.csvtext import RawTable
from incident_report.data.importers import Selection, chosen_map, import_file
from incident_report.data.oddities import look_over
from incident_report.data.rows import Row
from incident_report.data.tables import read_rows
from incident_report.data.twins import MOST_TWINS, NEAR_KM

TABLE = default_package().tables["tallies"]


def near(a, b):
    lat1, lat2 = math.radians(a["latitude"]), math.radians(b["latitude"])
    east = math.radians(a["longitude"] - b["longitude"]) * math.cos((lat1 + lat2) / 2)
    return 6371.0 * math.hypot(lat1 - lat2, east) <= NEAR_KM


def twins(rows):
    """Pairs that may be one attack, the long way."""
    rows = sorted((r.values for r in rows), key=lambda v: (v["date"], v["incident_id"]))
    for i, one in enumerate(rows):
        for other in rows[:i]:
            if one["attack_method"] != other["attack_method"]:
                continue
            apart = (one["date"] - other["date"]).days
            close = None not in (one["latitude"], other["latitude"]) and near(one, other)
            if (apart == 0 and (one["place"] == other["place"] or close)) or (apart == 1 and close):
                yield one["incident_id"], other["incident_id"]


@pytest.mark.parametrize("seed", range(8))
def test_rows_that_may_be_one_attack_are_those_of_the_long_way(seed):
    chance, rows = random.Random(seed), []
    for i in range(chance.choice([1, 7, 90])):
        known = chance.random() < 0.8
        values = {
            "incident_id": f"X{i:03}", "date": date(2020, 1, 1) + timedelta(days=chance.randrange(5)),
            "place": chance.choice(["", "A", "B"]), "attack_method": chance.choice(["rocket", "mortar"]),
            "latitude": 33 + chance.random() * 0.3 if known else None,
            "longitude": 44 + chance.random() * 0.3 if known else None,
            "date_precision": "day", "confidence": "medium", "sources": ("s",),
            **dict.fromkeys(("killed", "wounded", "us_killed", "us_wounded")),
        }  # fmt: skip
        rows.append(Row("f.csv", i + 2, {"incident_id": values["incident_id"]}, values))
    faults = []
    look_over(rows, [], [], None, "", faults.append)
    told = [f for f in faults if f.column == "incident_id"]
    found = {(f.value, f.message.partition(" as ")[2].split()[0] if " as " in f.message else "") for f in told}
    assert sum(1 + f.more for f in told) == len(set(twins(rows)))
    assert max(Counter(f.value for f in told).values(), default=0) <= MOST_TWINS
    assert {one for one, _ in found} == {one for one, _ in twins(rows)}


def test_a_wrong_cell_is_told_by_row_and_leaves_the_other_columns_whole():
    names = [f.name for f in TABLE.fields]
    good = dict.fromkeys(names, "") | {
        "tally_id": "a", "tracker": "t", "series": "s", "start": "2020-07-01", "end": "2020-07-31", "count": "3",
    }  # fmt: skip
    bad = good | {"count": "three", "end": "soon"}
    cells = [[(bad if i % 3 == 1 else good)[n] for n in names] for i in range(6)]
    raw = RawTable("tallies.csv", names, list(enumerate(cells, 2)))
    faults = []
    rows = read_rows(raw, TABLE, faults.append)
    wrong = [(f.line, f.column) for f in faults if f.column in ("count", "end")]
    assert [line for line, _ in wrong] == [3, 3, 6, 6]  # row by row
    assert {column for _, column in wrong} == {"count", "end"}
    assert ["count" in r.values for r in rows] == [True, False, True, True, False, True]
    assert all(r.text["tally_id"] == r.values["tally_id"] == "a" for r in rows)


def test_a_file_without_a_known_column_gives_rows_without_cells():
    raw = RawTable("tallies.csv", ["nothing"], [(2, ["x"]), (3, ["y"])])
    rows = read_rows(raw, TABLE, lambda fault: None)
    assert [r.line for r in rows] == [2, 3]


def test_the_search_for_cycles_goes_on_after_a_check(tmp_path):
    assert check(tmp_path)[0] is None
    assert gc.isenabled()


def test_every_row_of_a_large_export_is_kept_over_all_its_quarters(tmp_path):
    file = export(tmp_path / "in.csv", 1500)
    result, _ = import_file(file, chosen_map("acled"), tmp_path / "data", Selection())
    data, faults = check(tmp_path / "data")
    assert data is not None, faults
    assert (result.rows, len(data.incidents), len(data.quarters)) == (1500, 1500, 20)
