"""The language of maps: foreign layouts, any make of file, faults in one line, drafts."""

import json
import shutil
from datetime import datetime

import pytest
import yaml
from examples import examples
from foreign import ACLED, ACLED_ROW, MAPS, write
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl import Workbook

from incident_report.analysis import evidence
from incident_report.cli import main
from incident_report.data.importers import FORMATS, ImportFault, MapFault, Selection, chosen_map, import_file, read
from incident_report.data.importers.draft import draft_map
from incident_report.data.importers.map_shape import schema
from incident_report.data.loader import load
from incident_report.paths import ROOT

LAYOUTS = {"drone_strikes": "csv", "aid_workers": "csv", "piracy": "csv", "cyber": "json"}
BASE = {"name": "Mine", "id": "key", "date": {"column": "when", "formats": ["d/m/yyyy"]}}


def layout(name):
    return MAPS / f"{name}.{LAYOUTS[name]}", MAPS / f"{name}.yml"


def mine(tmp_path, text, rows="key,when\nA,3/1/2019\n", **more):
    """What a table becomes by a map that is given as YAML or as keys besides `BASE`."""
    (tmp_path / "mine.yml").write_text(text if isinstance(text, str) else yaml.safe_dump({**BASE, **text}), "utf-8")
    name = tmp_path / more.pop("file", "in.csv")
    if rows is not None:
        name.write_text(rows, "utf-8")
    return read(name, chosen_map(own=tmp_path / "mine.yml"), Selection(**more))


# ---- four layouts -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_foreign_layout_becomes_a_campaign_by_its_map(tmp_path, name):
    table, chart = layout(name)
    result, _ = import_file(table, chosen_map(own=chart), tmp_path / "out")
    data = load(tmp_path / "out")
    assert result.rows == len(data.incidents) + len(result.left_out) > 0
    assert data.incidents["date"].notna().all()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("drone_strikes", [{"attack_method": ("rocket", "mortar", "missile", "drone")}]),  # none without a row
        ("piracy", [{"attributed_to": ("Pirates",)}, {"attributed_to": ("Robbers",)}]),  # the map's own
        ("cyber", [{"original_target": ("Critical infrastructure",)}, {"target_category": ("government",)}]),
    ],
)
def test_series_are_by_what_the_rows_tell(tmp_path, name, expected):
    table, chart = layout(name)
    import_file(table, chosen_map(own=chart), tmp_path / "out")
    assert [dict(s.where) for s in load(tmp_path / "out").campaign.series] == expected


def test_series_are_by_target_where_weapons_are_unknown_else_one(tmp_path):
    rows = "key,when,t\nA,3/1/2019,Port\nB,4/1/2019,Port\n"
    for codes, expected in (
        ({"Port": "government"}, {"target_category": ("government",)}),
        ({}, {"outcome": ("carried_out",)}),
    ):
        (tmp_path / "mine.yml").write_text(yaml.safe_dump({**BASE, "target_category": {"column": "t", "codes": codes}}))
        (tmp_path / "in.csv").write_text(rows)
        out = tmp_path / f"out{len(codes)}"
        import_file(tmp_path / "in.csv", chosen_map(own=tmp_path / "mine.yml"), out)
        assert [dict(s.where) for s in load(out).campaign.series] == [expected]


def test_lowest_and_highest_make_a_range_and_days_come_first(tmp_path):
    table, chart = layout("drone_strikes")
    import_file(table, chosen_map(own=chart), tmp_path / "out")
    data = load(tmp_path / "out")
    rows = data.incidents.set_index("incident_id")
    assert str(rows.loc["STRIKE-XY003", "date"].date()) == "2019-02-09"
    toll = evidence.toll(data, data.incidents)
    assert (toll.low, toll.best, toll.high) == (10, 10, 17)
    assert rows.loc["STRIKE-XY002", "outcome"] == "doubtful"


def test_hxl_tags_decimal_commas_and_codes_in_words(tmp_path):
    table, chart = layout("aid_workers")
    result = read(table, chosen_map(own=chart), Selection())
    first = result.incidents[0]
    assert (first["latitude"], first["coordinate_precision"], first["attack_method"]) == (
        "10.512",
        "town",
        "small_arms",
    )
    assert result.notes["HXL tag row skipped"] == 1
    assert any("decimal comma" in line for line in result.found)
    assert [x.reason for x in result.left_out] == ["an arrest by a state's forces"]


def test_both_coordinates_in_one_cell_by_degrees_and_minutes():
    table, chart = layout("piracy")
    rows = {r["incident_id"]: r for r in read(table, chosen_map(own=chart), Selection()).incidents}
    assert (rows["SEA-2016-11"]["latitude"], rows["SEA-2016-11"]["longitude"]) == ("1.23333", "103.6375")
    assert rows["SEA-2016-17"]["date"] == "2016-02-03"


def test_records_of_a_programming_interface():
    table, chart = layout("cyber")
    result = read(table, chosen_map(own=chart), Selection(country="Xyland"))
    assert [r["attributed_to"] for r in result.incidents] == ["", "Collective Alpha", "Collective Alpha"]
    assert result.incidents[0]["original_method"] == "Disruption; Hijacking with Misuse"
    assert result.incidents[0]["sources"].startswith("cyber-incidents-example-org-")


@pytest.mark.parametrize("name", LAYOUTS)
def test_a_draft_imports_as_it_is(tmp_path, capsys, name):
    table, _ = layout(name)
    out = tmp_path / "draft.yml"
    assert main(["import", "--draft-map", str(table), "--out", str(out)]) == 0
    text = out.read_text("utf-8")
    assert "CHECK" in text
    result = read(table, chosen_map(own=out), Selection())
    assert len(result.incidents) >= 3
    capsys.readouterr()
    assert main(["import", "--draft-map", str(table), "--out", str(out)]) == 1  # never over another file
    assert "exists already" in capsys.readouterr().err
    assert main(["import", "--draft-map", str(table)]) == 0
    assert capsys.readouterr().out == text


def test_a_draft_guesses_neither_author_nor_target_from_two_actors(tmp_path):
    path = write(tmp_path / "in.csv", ACLED, [ACLED_ROW])
    doc = yaml.safe_load(draft_map(path))
    assert not {"attributed_to", "target_name", "target_category", "claimed_by"} & set(doc)
    assert "--from acled" in draft_map(path)


@pytest.mark.parametrize(
    ("cells", "formats", "unsure"),
    [
        (["3/1/2019", "17/1/2019"], ["d/m/yyyy"], False),
        (["1/3/2019", "1/17/2019"], ["m/d/yyyy"], False),
        (["3/1/2019", "4/2/2019"], ["d/m/yyyy"], True),
    ],
)
def test_a_draft_says_when_day_and_month_could_change_places(tmp_path, cells, formats, unsure):
    rows = "".join(f"{i},{c}\n" for i, c in enumerate(cells))
    (tmp_path / "in.csv").write_text("id,date\n" + rows, "utf-8")
    text = draft_map(tmp_path / "in.csv")
    assert yaml.safe_load(text)["date"]["formats"] == formats
    assert ("both ways" in text) == unsure


@pytest.mark.parametrize("cell", ['": evil', "# no comment", "a: b", "yes", "{x", "%", "- x", "é\u2028x", "'", "1e3"])
def test_a_draft_of_hostile_cells_is_sound_yaml(tmp_path, cell):
    write(tmp_path / "in.csv", ["id", "date", f"weapon {cell}", cell or "x"], [
        {"id": "1", "date": "2020-01-01", f"weapon {cell}": cell, cell: cell},
    ])  # fmt: skip
    (tmp_path / "d.yml").write_text(draft_map(tmp_path / "in.csv"), "utf-8")
    assert len(read(tmp_path / "in.csv", chosen_map(own=tmp_path / "d.yml"), Selection()).incidents) == 1


# ---- makes of files -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("separator", "said"), [(",", "commas"), (";", "semicolons"), ("\t", "tabs"), ("|", "vertical bars")]
)
@pytest.mark.parametrize(
    ("encoding", "called"), [("utf-8-sig", "UTF-8"), ("cp1252", "Windows-1252"), ("utf-16", "UTF-16")]
)
def test_separator_and_encoding_are_found_and_said(tmp_path, separator, said, encoding, called):
    text = separator.join(["key", "when", "where"]) + "\n" + separator.join(["A", "3/1/2019", "Çorum"]) + "\n"
    (tmp_path / "in.csv").write_bytes(text.encode(encoding))
    result = mine(tmp_path, {"place": "where"}, rows=None)
    assert result.incidents[0]["place"] == "Çorum"
    assert said in result.found[0] and called in result.found[0]


@pytest.mark.parametrize("wanted", [2, "2", "Data", " data "])
def test_a_sheet_by_name_or_number(tmp_path, wanted):
    book = Workbook()
    book.worksheets[0].append(["About this book"])
    sheet = book.create_sheet("Data")
    sheet.append(["A title above the table"])
    sheet.append(["key", "when"])
    sheet.append([1, "3/1/2019"])
    book.save(tmp_path / "in.xlsx")
    result = mine(tmp_path, {"sheet": wanted, "header": 2}, rows=None, file="in.xlsx")
    assert [r["incident_id"] for r in result.incidents] == ["1"]
    assert "'Data'" in result.found[0]


@pytest.mark.parametrize(
    ("whole", "records"),
    [
        ([{"key": "A", "when": "3/1/2019"}], None),
        ({"ok": True, "rows": [{"key": "A", "when": "3/1/2019"}]}, None),
        ({"a": {"rows": [{"key": "A", "when": "3/1/2019"}]}, "b": [{"x": 1}]}, "a.rows"),
    ],
)
def test_records_in_json(tmp_path, whole, records):
    (tmp_path / "in.json").write_text(json.dumps(whole), "utf-8")
    result = mine(tmp_path, {"records": records} if records else {}, rows=None, file="in.json")
    assert [r["date"] for r in result.incidents] == ["2019-01-03"]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("{", "in.json:1: not valid JSON"),
        ("[" * 100_000, "not valid JSON"),
        ("3", "no list of records"),
        ('{"a": [{"x": 1}], "b": [{"y": 1}]}', "say in the map which key"),
        ("[1, 2]", "no list of records"),
        ("[]", "needs column"),
    ],
)
def test_json_without_records_is_refused_in_one_line(tmp_path, capsys, content, told):
    (tmp_path / "in.json").write_text(content, "utf-8")
    (tmp_path / "mine.yml").write_text(yaml.safe_dump(BASE), "utf-8")
    assert (
        main(["import", "--map", str(tmp_path / "mine.yml"), str(tmp_path / "in.json"), "--out", str(tmp_path / "o")])
        == 1
    )
    error = capsys.readouterr().err
    assert told in error and error.count("\n") == 1


# ---- the language -------------------------------------------------------------------------------------------


def test_signs_that_nobody_sees_make_no_other_code(tmp_path):
    rows = "key,when,kind\nA,3/1/2019,\u200eRocket\u200f\nB,3/1/2019,Ro\u00adcket\nC,3/1/2019,\u00a0Rocket \n"
    result = mine(tmp_path, {"attack_method": {"column": "kind", "codes": {"Rocket": "rocket"}}}, rows)
    assert [r["attack_method"] for r in result.incidents] == ["rocket"] * 3


def test_rows_without_ids_get_the_day_and_a_number(tmp_path):
    result = mine(tmp_path, {"id": {"prefix": "M"}}, "when\n3/1/2019\n3/1/2019\n4/1/2019\n")
    assert [r["incident_id"] for r in result.incidents] == ["M-20190103-1", "M-20190103-2", "M-20190104-1"]


def test_a_rule_of_words_alone_proposes_and_with_a_field_gives(tmp_path):
    rules = [
        {"to": "rocket", "when": {"kind": "Fire", "text": {"contains": "rocket"}}},
        {"to": "drone", "when": {"text": {"contains": ["drone"]}}},
        {"to": "mortar", "when": {"any": [{"kind": "Mortar"}, {"text": {"contains": "mortar"}}]}},
    ]
    made = [("A", "Fire", "a rocket"), ("B", "Fire", "a drone"), ("C", "Mortar", "mortar"), ("D", "", "mortar")]
    rows = "key,when,kind,text\n" + "".join(f"{key},3/1/2019,{kind},{text}\n" for key, kind, text in made)
    result = mine(tmp_path, {"attack_method": rules, "free_text": ["text"]}, rows)
    assert [r["attack_method"] for r in result.incidents] == ["rocket", "other", "mortar", "other"]
    assert {(r.id, r.value, r.standing) for r in result.review} == {
        ("A", "rocket", "given"),
        ("B", "drone", "proposed"),
        ("D", "mortar", "proposed"),
    }


def test_words_alone_leave_no_row_out(tmp_path):
    rules = [{"reason": "a drill", "when": {"text": {"contains": "drill"}}}]
    result = mine(tmp_path, {"leave_out": rules, "free_text": ["text"]}, "key,when,text\nA,3/1/2019,a drill\n")
    assert len(result.incidents) == 1
    assert [(r.rule, r.value, r.standing) for r in result.review] == [("leave_out 1", "a drill", "proposed")]


def test_with_a_format_a_maps_keys_replace_its_keys_and_the_rest_stays(tmp_path):
    (tmp_path / "mine.yml").write_text("attack_method: [{to: mortar, when: {sub_event_type: {known: true}}}]", "utf-8")
    path = write(tmp_path / "in.csv", ACLED, [ACLED_ROW])
    result = read(path, chosen_map("acled", tmp_path / "mine.yml"), Selection())
    row = result.incidents[0]
    assert (row["attack_method"], row["target_category"]) == ("mortar", "logistics_convoy")


def test_columns_are_joined_and_others_may_stand_twice(tmp_path):
    rules = [{"to": "airport", "when": {"both": {"contains": "airport"}}}]
    rows = "key,when,a,b,note,note\nA,3/1/2019,the airport,,x,y\nB,3/1/2019,,an airport,,\nC,3/1/2019,airports,,,\n"
    result = mine(tmp_path, {"join": {"both": ["a", "b"]}, "target_category": rules}, rows)
    assert [r["target_category"] for r in result.incidents] == ["airport", "airport", "other"]


def test_techniques_are_all_that_hold(tmp_path):
    rules = [{"to": "salvo", "when": {"many": True}}, {"to": "efp", "when": {"kind": "EFP"}}]
    result = mine(tmp_path, {"techniques": rules}, "key,when,many,kind\nA,3/1/2019,yes,EFP\nB,3/1/2019,no,EFP\n")
    assert [r["techniques"] for r in result.incidents] == ["salvo;efp", "efp"]


def test_a_column_that_the_map_names_and_the_file_lacks_is_said(tmp_path):
    result = mine(tmp_path, {"place": "town", "governorate": "region"})
    assert next(line for line in result.found if "lacks" in line).endswith("region, town")


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a: [", "is not valid YAML"),
        ("[]", "must be a mapping"),
        ("weather: []", "weather: no key here; there are name"),
        ("nmae: x", "did you mean 'name'?"),
        ("place: {column: x, columns: [y]}", "column says the same as columns"),
        ("date: {colum: x}", "did you mean 'column'?"),
        ("killed: {kolme: x}", "there are value, best, low"),
        ("{id: x, date: x}", "name is missing"),
        ("name: [x]", "name: must be a text"),
        ("attack_method: [{to: railgun, when: {notes: x}}]", "'railgun': must be one of rocket"),
        ("attack_method: [{to: [rocket], when: {notes: x}}]", "must be one of rocket"),
        ("attack_method: [{to: rocket}]", "when is missing"),
        ("attack_method: {column: x, codes: {A: railgun}}", "'railgun': must be one of rocket"),
        ("attack_method: {kolumn: x}", "must be a list"),
        ("attack_method: [{to: rocket, when: {notes: {matches: x}}}]", "exactly one of in, contains"),
        ("attack_method: [{to: rocket, when: {notes: {contains: ''}}}]", "words of 1 to"),
        ("attack_method: [{to: rocket, when: {any: []}}]", "needs a list of conditions"),
        ("attack_method: [{to: rocket, when: {notes: {at_least: many}}}]", "needs a number"),
        ("date: {column: x, formats: [dd/qq/yyyy]}", "'qq' is none of them"),
        ("date: {column: x, formats: [d/m/yyyy, m/d/yyyy]}", "cannot both hold"),
        ("date: {formats: [iso]}", "needs either column"),
        ("coordinates: {latitude: y}", "needs latitude and longitude, or point"),
        ("killed: {unknown: [0]}", "needs value"),
        ("{free_text: [notes], attributed_to: notes}", "only from a column that states it"),
        ("leave_out: [{reason: 3, when: {notes: x}}]", "must be a text"),
        ("coverage: {start: 2020-07-01, end: 2020-01-01}", "lies before the start"),
        ("coverage: {start: soon}", "a day like 2020-07-01"),
        ("series: [{id: a b, label: A, noun: a, singular: a, where: {}}]", "takes letters, digits"),
        ("series: [{id: a, label: A, noun: a, singular: a, where: {weapon: [x]}}]", "is no text column of incidents"),
        ("series: [{id: a, label: A, noun: a, singular: a, where: {outcome: [won]}}]", "must be one of carried_out"),
        ("decimal: ';'", "must be one of ., ,"),
    ],
)
def test_a_faulty_map_is_one_clear_line_with_file_and_key(tmp_path, capsys, text, told):
    (tmp_path / "mine.yml").write_text(text, "utf-8")
    path = write(tmp_path / "in.csv", ACLED, [ACLED_ROW])
    kind = [] if text.startswith("{id") else ["--from", "acled"]
    arguments = ["--out", str(tmp_path / "out"), "--map", str(tmp_path / "mine.yml")]
    assert main(["import", *kind, str(path), *arguments]) == 1
    error = capsys.readouterr().err
    assert told in error and "mine.yml" in error
    assert error.count("\n") == 1
    assert not (tmp_path / "out").exists()


def test_each_fault_of_a_map_has_its_line(tmp_path, capsys):
    bad = "{}:\n- {{to: {}, when: {{a: 1}}}}\n"
    text = "name: Mine\nid: key\ndate: when\n" + bad.format("attack_method", "gun") + bad.format("outcome", "won")
    (tmp_path / "mine.yml").write_text(text, "utf-8")
    assert (
        main(["import", "--map", str(tmp_path / "mine.yml"), str(tmp_path / "in.csv"), "--out", str(tmp_path / "out")])
        == 1
    )
    lines = capsys.readouterr().err.splitlines()
    assert [("mine.yml:5" in line, "mine.yml:7" in line) for line in lines] == [(True, False), (False, True)]


def test_a_map_that_is_not_there_is_one_line(tmp_path, capsys):
    assert (
        main(["import", "--map", str(tmp_path / "no.yml"), str(tmp_path / "in.csv"), "--out", str(tmp_path / "out")])
        == 1
    )
    assert capsys.readouterr().err.count("\n") == 1


def test_shipped_maps_are_sound_and_say_what_may_be_passed_on():
    for kind in FORMATS:
        doc = chosen_map(kind).doc
        assert doc["licence"] and doc["weaknesses"] and doc["url"]


def test_what_a_person_writes_in_a_quarter_of_an_hour(tmp_path, capsys):
    """Draft, import, check: the way that docs/bring-your-own-data.md describes, without a line of Python."""
    shutil.copy(MAPS / "drone_strikes.csv", tmp_path / "strikes.csv")
    chart, out = tmp_path / "strikes.yml", tmp_path / "strikes"
    assert main(["import", "--draft-map", str(tmp_path / "strikes.csv"), "--out", str(chart)]) == 0
    assert main(["import", "--map", str(chart), str(tmp_path / "strikes.csv"), "--out", str(out)]) == 0
    assert main(["check-data", "--data", str(out)]) == 0
    assert len(load(out).incidents) == 6


def test_the_map_that_the_documentation_shows_is_sound(tmp_path):
    text = (ROOT / "docs" / "bring-your-own-data.md").read_text("utf-8")
    shown = text.split("### What a map says", 1)[1].split("```yaml", 1)[1].split("```", 1)[0]
    (tmp_path / "shown.yml").write_text(shown, "utf-8")
    assert chosen_map(own=tmp_path / "shown.yml").doc["name"] == "Strike list"


@pytest.mark.parametrize("wanted", [0, 3, "Dat"])
def test_a_sheet_that_is_not_there_is_named_with_those_that_are(tmp_path, wanted):
    book = Workbook()
    book.create_sheet("Data")
    book.save(tmp_path / "in.xlsx")
    with pytest.raises(ImportFault, match=r"there is no sheet .*there are Sheet, Data"):
        mine(tmp_path, {"sheet": wanted}, rows=None, file="in.xlsx")


@pytest.mark.parametrize("name", ["in.csv", "in.xlsx"])
def test_another_table_than_ours_without_a_map_is_led_to_one(tmp_path, capsys, name):
    if name.endswith("csv"):
        (tmp_path / name).write_text("key,when\nA,3/1/2019\n", "utf-8")
    else:
        book = Workbook()
        book.worksheets[0].append(["key", "when"])
        book.save(tmp_path / name)
    assert main(["import", str(tmp_path / name), "--out", str(tmp_path / "out")]) == 1
    error = capsys.readouterr().err
    assert "--map" in error and error.count("\n") == 1


def test_a_draft_finds_the_sheet_and_the_row_with_the_names(tmp_path):
    book = Workbook()
    book.worksheets[0].append(["About this list"])
    sheet = book.create_sheet("Incidents")
    sheet.append(["Made-up incidents"])
    sheet.append(["Incident ID", "Date", "Weapon"])
    for i in range(3):
        sheet.append([i + 1, datetime(2019, 1, i + 1), "Rocket"])
    book.save(tmp_path / "in.xlsx")
    (tmp_path / "d.yml").write_text(draft_map(tmp_path / "in.xlsx"), "utf-8")
    result = read(tmp_path / "in.xlsx", chosen_map(own=tmp_path / "d.yml"), Selection())
    assert [(r["date"], r["attack_method"]) for r in result.incidents] == [
        (f"2019-01-0{i}", "rocket") for i in (1, 2, 3)
    ]


def test_points_of_geojson_have_the_longitude_first(tmp_path):
    feature = {
        "properties": {"key": "A", "when": "3/1/2019"},
        "geometry": {"type": "Point", "coordinates": [44.25, 33.5]},
    }
    (tmp_path / "in.geojson").write_text(json.dumps({"type": "FeatureCollection", "features": [feature]}), "utf-8")
    names = {"id": "properties.key", "date": {"column": "properties.when", "formats": ["d/m/yyyy"]}}
    place = {"coordinates": {"point": "geometry.coordinates", "order": "longitude first"}}
    result = mine(tmp_path, {**names, **place}, rows=None, file="in.geojson")
    assert (result.incidents[0]["latitude"], result.incidents[0]["longitude"]) == ("33.5", "44.25")


@settings(max_examples=examples(60, 500), deadline=None)
@given(
    st.binary(max_size=300) | st.text(max_size=200).map(str.encode),
    st.sampled_from(["csv", "tsv", "json", "xlsx", "txt"]),
)
def test_no_file_however_odd_ends_in_a_traceback(tmp_path_factory, content, ending):
    path = tmp_path_factory.mktemp("odd") / f"in.{ending}"
    path.write_bytes(content)
    try:
        text = draft_map(path)
    except ImportFault as fault:
        assert "\n" not in str(fault)
    else:
        assert isinstance(yaml.safe_load(text), dict)


SCALARS = st.one_of(
    st.none(),
    st.booleans(),
    st.integers(-3, 3),
    st.sampled_from(["key", "when", "what", "", "iso", "d/m/yyyy", "rocket", "2020-01-01"]),
)
INNER = (
    "column", "columns", "codes", "formats", "when", "to", "reason", "what", "all", "not", "contains", "in", "known",
    "precision", "best", "low", "latitude", "longitude", "point", "unknown", "join", "value",
)  # fmt: skip
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from(INNER), inner, max_size=3),
    max_leaves=8,
)


def test_no_map_however_odd_ends_in_a_traceback(tmp_path_factory):
    folder = tmp_path_factory.mktemp("maps")
    (folder / "in.csv").write_text("key,when,what\nA,3/1/2019,rocket fire\nB,2019-01-03,\n", "utf-8")

    @settings(max_examples=examples(150, 2000), deadline=None)
    @given(st.dictionaries(st.sampled_from(sorted(schema()["properties"])), VALUES, max_size=6), st.booleans())
    def check(doc, sound):
        (folder / "odd.yml").write_text(yaml.safe_dump({**(BASE if sound else {}), **doc}), "utf-8")
        try:
            result = read(folder / "in.csv", chosen_map(own=folder / "odd.yml"), Selection())
        except MapFault as fault:
            assert all("odd.yml" in line for line in str(fault).split("\n"))
        except ImportFault as fault:
            assert "\n" not in str(fault)
        else:
            assert result.rows == len(result.incidents) + len(result.left_out)

    check()


@pytest.mark.parametrize(
    ("when", "kept"),
    [
        ({"n": {"at_least": 2}}, "BC"),
        ({"n": {"at_least": 2, "at_most": 2.5}}, "B"),
        ({"n": [1, None]}, "AD"),
        ({"n": {"known": False}}, "D"),
        ({"not": {"n": ["3.0"]}}, "ABD"),
        ({"all": [{"n": {"known": True}}, {"not": {"n": 1}}]}, "BC"),
        ("everything", "ABCD"),
    ],
)
def test_conditions_over_cells(tmp_path, when, kept):
    rows = "key,when,n\nA,3/1/2019,1.0\nB,3/1/2019,2\nC,3/1/2019,03\nD,3/1/2019,\n"
    result = mine(tmp_path, {"attack_method": [{"to": "rocket", "when": when}]}, rows)
    assert "".join(r["incident_id"] for r in result.incidents if r["attack_method"] == "rocket") == kept


def test_a_table_without_ids_of_which_no_row_is_kept_is_told_row_by_row(tmp_path):
    result = mine(tmp_path, {"id": {"prefix": "MINE"}}, "key,when\nA,soon\nB,\n")
    assert (result.incidents, [x.line for x in result.left_out]) == ([], [2, 3])
