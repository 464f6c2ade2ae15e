"""Tables as whole columns say what the same rows say one by one."""

import random
from collections import Counter
from datetime import date

import pytest

from incident_report.data import default_package
from incident_report.data.columns import Columns, places
from incident_report.data.csvtext import RawTable
from incident_report.data.evidence import check_claims
from incident_report.data.incidents import check_rows
from incident_report.data.oddities import MANY_KILLED, Outline, look_over
from incident_report.data.rows import Row
from incident_report.data.sites import place
from incident_report.data.tables import check_references, check_unique, frame, read_rows
from incident_report.data.vocabulary import check_spellings
from incident_report.periods import Period

TABLE = default_package().tables["incidents"]
NAMES = [f.name for f in TABLE.fields]
JUNK = [
    "",
    "",
    "x",
    "X ",
    "2020-07-03",
    "2020-02-31",
    "-1",
    "3",
    "60",
    "33.3",
    "0",
    "a;b",
    "a;a",
    "nan",
    "B\u0430ghdad",
]
GOOD = dict.fromkeys(NAMES, "") | {
    "incident_id": "a", "date": "2020-07-05", "date_precision": "day", "place": "Taji", "governorate": "Baghdad",
    "target_category": "base", "attack_method": "rocket", "confidence": "low", "outcome": "carried_out", "sources": "s",
    "summary": "Rockets.",
}  # fmt: skip


def raw(seed, file="incidents/2020Q3.csv", most=30):
    chance = random.Random(seed)
    rows = []
    for number in range(chance.randrange(most)):
        row = GOOD | {"incident_id": f"i{chance.choice([number, 1])}"}
        for name in chance.sample(NAMES, chance.choice([0, 0, 1, 3])):
            row[name] = chance.choice(JUNK)
        rows.append([row[n].strip() for n in NAMES])
    return RawTable(file, NAMES, list(enumerate(rows, 2)))


def read(table):
    faults = []
    return read_rows(table, TABLE, faults.append), faults


def as_dicts(rows):
    return [Row(r.file, r.line, dict(r.text), dict(r.values)) for r in rows]


def told(check, rows, *given):
    faults = []
    check(rows, *given, faults.append)
    return faults


@pytest.mark.parametrize("seed", range(20))
def test_a_table_read_at_once_is_its_rows_read_one_by_one(seed):
    table = raw(seed)
    rows, faults = read(table)
    alone, said = [], []
    for line in table.rows:
        one, own = read(RawTable(table.file, NAMES, [line]))
        alone += as_dicts(one)
        said += own
    assert as_dicts(rows) == alone
    assert faults == said


@pytest.mark.parametrize("seed", range(20))
def test_columns_of_several_files_are_their_rows_one_below_the_other(seed):
    chance, rows, whole = random.Random(seed), [], Columns({}, 0)
    for _ in range(3):
        names = chance.sample("abcd", chance.randrange(1, 4))
        part = Columns({n: [chance.choice([None, 1, ""]) for _ in range(4)] for n in names}, 4)
        for at in range(4):
            if chance.random() < 0.3:
                del part.row(at)[names[0]]
        rows += [dict(part.row(at)) for at in range(4)]
        whole.extend(part)
    assert [dict(whole.row(at)) for at in range(whole.length)] == rows
    whole.row(5)["z"] = 3
    assert [("z" in whole.row(at), whole.row(at).get("z")) for at in (4, 5)] == [(False, None), (True, 3)]
    with pytest.raises(KeyError):
        del whole.row(4)["z"]


def test_a_test_looks_at_each_distinct_cell_once():
    seen = []
    assert places(lambda a, b: seen.append((a, b)) or a == b, [1, 2, 1, 2], [1, 1, 1, 2]) == [0, 2, 3]
    assert len(seen) == len({*seen}) == 3


@pytest.mark.parametrize("seed", range(20))
def test_checks_of_columns_tell_what_a_look_at_each_row_tells(seed):
    rows, _ = read(raw(seed))
    slow = as_dicts(rows)
    first, twice = {}, []
    for row in slow:
        if (ident := row.values.get("incident_id")) and first.setdefault(ident, row) is not row:
            twice.append((row.line, first[ident].line))
    assert [(f.line, int(f.message.split(":")[1].split(";")[0])) for f in told(check_unique, rows, TABLE)] == twice
    known = {("sources", "source_id"): {"s", "a"}}
    lost = [(r.line, i) for r in slow for i in r.items("sources") if i not in {"s", "a"}]
    found = told(check_references, rows, TABLE, known)
    assert [f.line for f in found if f.column == "sources"] == [line for line, _ in lost]
    often = Counter(r.values.get("place") for r in slow)
    lines = {r.values.get("place"): r.line for r in reversed(slow)}
    alike = {name for name in ("x", "X") if often[name]}
    wrong = alike - {max(alike, key=lambda n: (often[n], -lines[n]), default="")}
    assert {f.value for f in told(check_spellings, rows, TABLE) if f.column == "place"} == wrong
    half = [r.line for r in slow if {"latitude", "longitude"} <= r.values.keys()
            and (r.values["latitude"] is None) != (r.values["longitude"] is None)]  # fmt: skip
    assert [f.line for f in told(check_rows, rows, [], {Period.parse("2020Q3"): ""})] == half


@pytest.mark.parametrize("seed", range(20))
def test_rows_and_their_points_fare_as_dictionaries_do(seed):
    rows, _ = read(raw(seed))
    for at in range(len(rows)):
        rows[at].values["site_id"] = random.Random(seed + at).choice(["", "base", "lost"])
    slow, faults = as_dicts(rows), []
    for row in slow:
        v = row.values
        if v["site_id"] and v.get("latitude") is not None:
            faults.append((row.line, "latitude"))
        elif v["site_id"] == "base" and (v.get("coordinate_precision") or "") in ("", "exact_site", "site_point"):
            v["latitude"], v["longitude"] = 33.0, 44.0
    assert [(f.line, f.column) for f in told(place, rows, {"base": (33.0, 44.0)}) if f.severity == "error"] == faults
    assert as_dicts(rows) == slow
    assert [f.line for f in told(check_claims, rows, [], set())] == [
        r.line for r in slow for p in ("us_killed", "us_wounded")
        if r.values.get(p) == 0 and r.values.get(p[3:]) is None
    ]  # fmt: skip


@pytest.mark.parametrize("seed", range(10))
def test_what_looks_wrong_is_told_of_the_rows_in_which_it_does(seed):
    chance, table = random.Random(seed), raw(seed, most=1)
    cells = []
    for number in range(20):
        row = GOOD | {"incident_id": f"i{number}", "place": f"p{number}", "confidence": chance.choice(["low", "high"])}
        row |= {n: chance.choice(["", "0", "3", "60"]) for n in ("killed", "us_killed", "latitude", "longitude")}
        row |= {"longitude": row["longitude"] if row["latitude"] else ""}
        row |= {"latitude": row["latitude"] if row["longitude"] else "", "sources": chance.choice(["s", "s;t"])}
        cells.append([row[n] for n in NAMES])
    rows, _ = read(RawTable(table.file, NAMES, list(enumerate(cells, 2))))
    square = {"type": "Polygon", "coordinates": [[[1, 1], [1, 9], [9, 9], [9, 1], [1, 1]]]}
    region = {"features": [{"properties": {}, "geometry": square}]}
    wanted = set()
    for r in rows:
        v = r.values
        wanted |= {(r.line, "killed")} if (v["killed"] or 0) > MANY_KILLED else set()
        both = None not in (v["us_killed"], v["killed"])
        wanted |= {(r.line, "us_killed")} if both and v["us_killed"] > v["killed"] else set()
        wanted |= {(r.line, "confidence")} if (v["confidence"], len(v["sources"])) == ("high", 1) else set()
        inside = v["latitude"] == v["longitude"] == 3
        wanted |= {(r.line, "latitude")} if v["latitude"] is not None and not inside else set()
    found = told(look_over, rows, [], [], region, "")
    assert {(f.line, f.column) for f in found if f.column != "incident_id"} == wanted
    outline = Outline(region, "")
    assert outline.beyond({(3.0, 3.0), (0.0, 0.0), (10.0, 5.0)}) == {(0.0, 0.0), (10.0, 5.0)}


def test_a_frame_of_columns_has_the_types_of_the_schema():
    rows, _ = read(RawTable("f.csv", NAMES, [(2, [GOOD[n] for n in NAMES])]))
    table = frame(rows, TABLE)
    assert table["date"].dtype == "datetime64[us]"
    assert table["date"][0].date() == date(2020, 7, 5)
    assert list(table) == NAMES
    assert frame([], TABLE).dtypes.equals(table.dtypes)
