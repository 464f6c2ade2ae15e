"""The maps of ACLED, UCDP GED and GTD: the traps that are known, each on a made-up file; real files where at hand."""

import csv

import pytest
from foreign import ACLED, ACLED_ROW, CASES, GTD, GTD_ROW, REAL, UCDP, one, read, write
from openpyxl import Workbook

from incident_report.analysis import evidence
from incident_report.cli import main
from incident_report.data.importers import ImportFault, Selection, chosen_map, import_file
from incident_report.data.importers import read as read_file
from incident_report.data.loader import load

STATES = ("1", "8", "State forces", "External/Other forces")
ARMED = ("2", "3", "4", "Rebel group", "Political militia", "Identity militia")
TURKEY = {"actor1": "Military Forces of Ruritania (2016-)", "assoc_actor_2": "", "actor2": "Group Alpha"}


# ---- ACLED ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-02-23", "2022-02-23"),
        ("2022-02-23T00:00:00", "2022-02-23"),
        ("2022-02-23 00:00:00.000", "2022-02-23"),
        ("31-12-19", "2019-12-31"),
        ("16 May 2025", "2025-05-16"),
        ("01-January-1999", "1999-01-01"),
        ("2022-02-30", None),
        ("0025-05-16", None),
        ("02/23/2022", None),
        ("", None),
    ],
)
def test_dates_in_the_forms_that_acled_writes(tmp_path, text, day):
    row, result = one("acled", tmp_path, event_date=text)
    assert (row and row["date"]) == day
    assert day or text[:4] in result.left_out[0].reason or "no date" in result.left_out[0].reason


@pytest.mark.parametrize("inter", STATES)
@pytest.mark.parametrize("sub_event", ["Air/drone strike", "Shelling/artillery/missile attack"])
def test_a_states_own_strike_is_left_out_or_kept_open_and_never_turned_round(tmp_path, inter, sub_event):
    for other, name in ((ARMED[0], "Group Alpha"), (ARMED[4], "Group Beta"), ("7", "Civilians (Xyland)"), ("", "")):
        changes = {**TURKEY, "sub_event_type": sub_event, "inter1": inter, "inter2": other, "actor2": name}
        row, result = one("acled", tmp_path, **changes)
        assert row is None and "own operation" in result.left_out[0].reason
        kept = read("acled", tmp_path, [changes], keep_state_operations=True).incidents[0]
        assert (kept["attributed_to"], kept["target_name"], kept["target_category"]) == ("", "", "other")


@pytest.mark.parametrize("inter", STATES)
def test_a_states_violence_against_civilians_is_its_own_operation_whatever_the_order(tmp_path, inter):
    state = ("Police Forces of Xyland (2020-)", inter)
    people = ("Civilians (Xyland)", "7")
    for first, second in ((state, people), (people, state)):
        row, result = one(
            "acled", tmp_path, event_type="Violence against civilians", sub_event_type="Attack", assoc_actor_2="",
            actor1=first[0], inter1=first[1], actor2=second[0], inter2=second[1],
        )  # fmt: skip
        assert row is None and "own operation" in result.left_out[0].reason


def test_in_a_clash_nobody_is_said_to_have_attacked(tmp_path):
    sides = [("Military Forces of Xyland (2016-)", "1"), ("Group Alpha", "2")]
    for (first, one_code), (second, other_code) in (sides, sides[::-1]):
        row, _ = one(
            "acled", tmp_path, event_type="Battles", sub_event_type="Armed clash", assoc_actor_2="", actor1=first,
            inter1=one_code, actor2=second, inter2=other_code, notes="Three fighters were killed in a clash.",
        )  # fmt: skip
        assert (row["attributed_to"], row["target_name"], row["target_category"]) == ("", "", "other")
        assert {"Group Alpha", sides[0][0]} == set(row["original_target"].split(" / "))


@pytest.mark.parametrize("inter", ARMED)
def test_who_attacked_civilians_is_stated_by_codes_in_either_order(tmp_path, inter):
    row, _ = one("acled", tmp_path, inter1=inter)
    assert (row["attributed_to"], row["target_category"]) == ("Group Alpha", "logistics_convoy")
    swapped, _ = one(
        "acled", tmp_path, actor1="Civilians (Xyland)", inter1="Civilians", actor2="Group Alpha", inter2=inter,
        assoc_actor_2="",
    )  # fmt: skip
    assert (swapped["attributed_to"], swapped["target_category"]) == ("Group Alpha", "civilians")
    placeholder, _ = one("acled", tmp_path, actor1="Unidentified Armed Group (Xyland)", inter1=inter)
    assert placeholder["attributed_to"] == ""


def test_an_attack_by_a_group_on_a_state_is_kept_with_author_and_target_open(tmp_path):
    row, _ = one("acled", tmp_path, actor2="Military Forces of Xyland (2020-)", inter2="1", assoc_actor_2="")
    assert (row["attributed_to"], row["target_category"], row["attack_method"]) == ("", "other", "ied_roadside")


@pytest.mark.parametrize(
    ("notes", "expected"),
    [
        (
            "Forces shot down a drone near the airport.",
            ("carried_out", "yes", "drone"),
        ),  # what is shot down was launched
        ("Forces defused a roadside IED.", ("found_before_launch", "", "ied_roadside")),
    ],
)
@pytest.mark.parametrize("event", ["Strategic developments", "Explosions/Remote violence"])
def test_disrupted_weapons_are_no_strike_of_who_found_them(tmp_path, event, notes, expected):
    changes = {**TURKEY, "inter1": "8", "inter2": "3", "sub_event_type": "Disrupted weapons use", "event_type": event}
    row, _ = one("acled", tmp_path, **changes, notes=notes)
    assert (row["outcome"], row["intercepted"], row["attack_method"]) == expected
    assert (row["attributed_to"], row["target_category"]) == ("", "other")


def test_what_is_no_attack_is_left_out(tmp_path):
    strategic = {"event_type": "Strategic developments"}
    nothing, result = one("acled", tmp_path, **strategic, sub_event_type="Agreement")
    assert nothing is None and result.left_out[0].reason == "a strategic development without a weapon"
    seized = {"sub_event_type": "Disrupted weapons use", "notes": "Troops seized 123 mortar shells."}
    nothing, result = one("acled", tmp_path, **strategic, **seized)
    assert nothing is None and "seizure" in result.left_out[0].reason
    assert [r.words for r in result.review] == ["seized"]


def test_an_arrest_by_a_state_is_its_own_operation_and_a_raid_on_it_is_not(tmp_path):
    clash = {"event_type": "Battles", "sub_event_type": "Armed clash", "assoc_actor_2": ""}
    state, group = ("Military Forces of Xyland (2016-)", "1"), ("Group Alpha", "2")
    for (first, second), notes, kept in (
        ((state, group), "Troops arrested a man.", False),
        ((state, group), "Troops raided a camp and killed three.", True),
        ((group, state), "Fighters raided a post.", True),
        ((state, group), "Fighters attacked a post; two were arrested.", True),
    ):
        row, _ = one(
            "acled",
            tmp_path,
            **clash,
            actor1=first[0],
            inter1=first[1],
            actor2=second[0],
            inter2=second[1],
            notes=notes,
        )
        assert (row is not None) == kept
        assert not row or (row["attributed_to"], row["target_category"]) == ("", "other")


def test_a_weapon_that_the_notes_only_presume_stays_open(tmp_path):
    shelling = {
        "sub_event_type": "Shelling/artillery/missile attack",
        "notes": "Heavy guns, presumably rocket or artillery.",
    }
    assert one("acled", tmp_path, **shelling)[0]["attack_method"] == "other"
    assert one("acled", tmp_path, **{**shelling, "notes": "A rocket fell."})[0]["attack_method"] == "rocket"


@pytest.mark.parametrize(
    "notes", ["Shot near the former embassy district, said the embassy.", "An aid convoy was stopped by the refinery."]
)
def test_a_word_in_the_notes_does_not_decide_the_target(tmp_path, notes):
    row, result = one("acled", tmp_path, assoc_actor_2="Aid Workers (Xyland)", notes=notes)
    assert (row["target_category"], row["target_name"]) == (
        "civilians",
        "Civilians (Xyland); Aid Workers (Xyland)",
    )
    assert not [r for r in result.review if r.rule.startswith("target_category")]


def test_rows_that_words_and_a_field_decided_are_listed(tmp_path):
    _, result = one("acled", tmp_path)
    listed = {(r.rule.split()[0], r.field, r.words, r.value, r.standing) for r in result.review}
    assert listed == {
        ("attack_method", "notes", "roadside", "ied_roadside", "given"),
        ("target_category", "notes", "convoy", "logistics_convoy", "given"),
        ("killed", "notes", "no casualties", "0", "given"),
    }


@pytest.mark.parametrize(
    ("fatalities", "notes", "killed"),
    [
        ("3", "", "3"),
        ("3.0", "", "3"),
        ("0", "There were no fatalities.", "0"),
        ("0.0", "No casualties.", "0"),
        ("0", "Casualties unknown.", ""),
        ("0", "A bomb went off.", ""),
        ("", "No casualties.", ""),
    ],
)
def test_no_death_is_taken_only_where_the_notes_say_that_nobody_died(tmp_path, fatalities, notes, killed):
    assert one("acled", tmp_path, fatalities=fatalities, notes=notes)[0]["killed"] == killed


@pytest.mark.parametrize("code", ["{}", "{}.0", " {} "])
def test_codes_are_compared_as_values(tmp_path, code):
    row, result = one("acled", tmp_path, geo_precision=code.format(2), time_precision=code.format(2))
    assert (row["latitude"], row["coordinate_precision"], row["date_precision"]) == ("10.5", "town", "week")
    assert row["place"] == "Sometown"
    assert not any("larger area" in note for note in result.notes)
    row, result = one("acled", tmp_path, geo_precision=code.format(3))
    assert (row["latitude"], row["longitude"], row["place"], row["governorate"]) == ("", "", "", "North")
    assert any("larger area" in note for note in result.notes)


def test_coordinates_off_the_earth_are_no_coordinates(tmp_path):
    assert one("acled", tmp_path, latitude="200")[0]["latitude"] == ""
    assert one("acled", tmp_path, longitude="nan")[0]["longitude"] == ""


def test_older_upper_case_headers_and_names(tmp_path):
    old = {"assoc_actor_1": "ALLY_ACTOR_1", "assoc_actor_2": "ALLY_ACTOR_2", "geo_precision": "GEO_PRECIS"}
    columns = {c: old.get(c, c.upper()) for c in ACLED if c not in ("sub_event_type", "timestamp")}
    row = {columns[k]: v for k, v in ACLED_ROW.items() if k in columns}
    row |= {"EVENT_DATE": "31-12-19", "EVENT_TYPE": "Remote violence"}
    strike = {**row, "EVENT_ID_CNTY": "XYZ2", "INTER1": "8", "ACTOR1": "Military Forces of Ruritania"}
    path = write(tmp_path / "old.csv", columns.values(), [row, strike])
    result = read_file(path, chosen_map("acled"), Selection())
    assert [(r["date"], r["target_category"]) for r in result.incidents] == [("2019-12-31", "logistics_convoy")]
    assert "own operation" in result.left_out[0].reason
    assert any("sub_event_type" in line for line in result.found)


@pytest.mark.parametrize(
    "columns", [["WEEK", "COUNTRY", "EVENTS"], ["country", "month", "year", "events", "fatalities"]]
)
def test_counts_are_refused(tmp_path, columns):
    path = write(tmp_path / "agg.csv", columns, [dict.fromkeys(columns, "1")])
    with pytest.raises(ImportFault, match="counts"):
        import_file(path, chosen_map("acled"), tmp_path / "out")
    assert not (tmp_path / "out").exists()


# ---- UCDP GED ---------------------------------------------------------------------------------------------


def test_the_tag_row_is_skipped_and_counted(tmp_path):
    result = read("ucdp-ged", tmp_path, [{c: f"#tag+{c.replace('_', '+')}" for c in UCDP}, {}])
    assert (result.rows, len(result.incidents), result.notes["HXL tag row skipped"]) == (1, 1, 1)
    assert result.incidents[0]["incident_id"] == "UCDP-1"


@pytest.mark.parametrize(
    ("code", "precision"),
    [("1", "day"), ("1.0", "day"), ("2", "week"), ("3", "week"), ("4", "month"), ("4.0", "month")],
)
def test_precision_of_dates(tmp_path, code, precision):
    assert one("ucdp-ged", tmp_path, date_prec=code)[0]["date_precision"] == precision


@pytest.mark.parametrize("code", ["5", "5.0", "", "x"])
def test_a_year_alone_gives_no_quarter(tmp_path, code):
    row, result = one("ucdp-ged", tmp_path, date_prec=code)
    assert row is None
    assert "date_prec 5" in result.left_out[0].reason


def test_low_and_high_are_kept_and_shown_as_a_range(tmp_path):
    columns = [{}, {"id": "2", "low": "9"}, {"id": "3", "low": "4", "best": "4", "high": "9"}]
    result = read("ucdp-ged", tmp_path, columns)
    assert [r["killed"] for r in result.incidents] == ["2", "2", "4"]
    assert any("out of order" in note for note in result.notes)
    import_file(tmp_path / "in.csv", chosen_map("ucdp-ged"), tmp_path / "out")
    data = load(tmp_path / "out")
    toll = evidence.toll(data, data.incidents)
    assert (toll.low, toll.best, toll.high) == (1 + 2 + 4, 2 + 2 + 4, 3 + 2 + 9)
    # A number that a source states beside another's coded one is no range of its own, and this one is graded F.
    with (tmp_path / "out" / "evidence.csv").open("a", encoding="utf-8") as file:
        file.write("UCDP-1,killed,99,ucdp-daily-nd,stated,\n")
    data = load(tmp_path / "out")
    assert evidence.toll(data, data.incidents).high == 3 + 2 + 9


def test_one_outlet_is_not_two_whatever_the_number_of_articles(tmp_path):
    assert one("ucdp-ged", tmp_path)[0]["confidence"] == "medium"
    assert one("ucdp-ged", tmp_path, number_of_sources="5")[0]["confidence"] == "medium"
    assert one("ucdp-ged", tmp_path, source_office="Daily; Herald")[0]["confidence"] == "high"
    assert one("ucdp-ged", tmp_path, event_clarity="2")[0]["confidence"] == "low"


def test_line_breaks_inside_fields_are_one_row(tmp_path):
    result = read("ucdp-ged", tmp_path, [{"source_article": 'Said:\r\n"one",\n\ntwo'}, {"id": "2", "date_prec": "5"}])
    assert result.rows == 2
    assert [x.line for x in result.left_out] == [6]  # where the row starts in the file


@pytest.mark.parametrize("deaths", [("2", "0", "0"), ("0", "5", "0"), ("1", "1", "0"), ("0", "0", "3")])
@pytest.mark.parametrize("kind", ["1", "2"])
def test_deaths_say_no_author(tmp_path, deaths, kind):
    a, b, people = deaths
    row, _ = one("ucdp-ged", tmp_path, type_of_violence=kind, deaths_a=a, deaths_b=b, deaths_civilians=people)
    assert (row["target_category"], row["target_name"], row["attributed_to"]) == ("other", "", "")
    assert row["original_target"] == "Government of Xyland / Rebels"


def test_one_sided_violence_states_its_author_unless_it_is_a_state(tmp_path):
    row, _ = one("ucdp-ged", tmp_path, type_of_violence="3", side_a="Rebels", side_b="Civilians")
    assert (row["target_category"], row["attributed_to"]) == ("civilians", "Rebels")
    nothing, result = one("ucdp-ged", tmp_path, type_of_violence="3.0", side_b="Civilians")
    assert nothing is None and "own operation" in result.left_out[0].reason


def test_a_headline_alone_proposes_and_does_not_decide(tmp_path):
    row, result = one("ucdp-ged", tmp_path)
    assert (row["attack_method"], row["original_method"]) == ("other", "State-based conflict")
    assert [(r.value, r.standing) for r in result.review] == [("ied_vehicle", "proposed")]


def test_series_are_by_type_of_violence_where_weapons_are_unknown(tmp_path):
    rows = [{}, {"id": "2", "type_of_violence": "3", "side_a": "Rebels"}]
    read("ucdp-ged", tmp_path, rows)
    import_file(tmp_path / "in.csv", chosen_map("ucdp-ged"), tmp_path / "out")
    data = load(tmp_path / "out")
    assert {c for s in data.campaign.series for c in s.where} == {"original_method"}


def test_a_large_area_has_no_point_and_a_long_event_is_told(tmp_path):
    row, result = one(
        "ucdp-ged", tmp_path, where_prec="4", date_start="2013-03-30", date_end="2013-04-02", date_prec="2"
    )
    assert row["latitude"] == ""
    assert any("one quarter into another" in note for note in result.notes)


# ---- GTD --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ident", ["2.00E+11", "2013", "20130203000x"])
def test_ids_that_a_spreadsheet_changed_are_refused(tmp_path, ident):
    with pytest.raises(ImportFault, match=r"in\.csv:2: eventid .* is not 12 digits"):
        one("gtd", tmp_path, eventid=ident)
    assert one("gtd", tmp_path, eventid="201302030001.0")[0]["incident_id"] == "GTD-201302030001"


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("2013-02-03", "day")),
        ({"iday": "0"}, ("2013-02-01", "month")),
        ({"iday": "0.0", "imonth": "2.0"}, ("2013-02-01", "month")),
        ({"approxdate": "February 1-5, 2013"}, ("2013-02-03", "week")),
        ({"approxdate": "January 30 - February 5, 2013"}, ("2013-02-03", "month")),
    ],
)
def test_approximate_days(tmp_path, changes, expected):
    row, _ = one("gtd", tmp_path, **changes)
    assert (row["date"], row["date_precision"]) == expected


def test_an_unknown_month_is_left_out_with_a_reason(tmp_path):
    row, result = one("gtd", tmp_path, imonth="0")
    assert row is None
    assert "month is unknown" in result.left_out[0].reason


@pytest.mark.parametrize(
    ("text", "killed"),
    [("", ""), ("-9", ""), ("-99", ""), ("-99.0", ""), ("0", "0"), ("3", "3"), ("3.0", "3"), ("0.5", ""), ("inf", "")],
)
def test_deaths_unknown_coded_and_in_fractions(tmp_path, text, killed):
    row, result = one("gtd", tmp_path, nkill=text)
    assert row["killed"] == killed
    assert (row["wounded"], row["us_killed"], row["us_wounded"]) == ("3", "0" if killed else "", "")
    assert any("not a whole number" in n for n in result.notes) == (text in ("0.5", "inf"))


@pytest.mark.parametrize(
    ("target", "category"),
    [
        ("US Military Convoy", "coalition_base"),
        ("Convoy of the U.S. Army", "coalition_base"),
        ("Bus carrying Army Recruits", "local_forces"),
        ("Campus Guard Post", "local_forces"),
        ("Base of Virus Research", "local_forces"),
        ("Post that guards us", "local_forces"),
        ("Industrial Base", "local_forces"),
    ],
)
def test_words_are_whole_words(tmp_path, target, category):
    assert one("gtd", tmp_path, target1=target)[0]["target_category"] == category


def test_windows_1252_is_read_and_told(tmp_path):
    result = read("gtd", tmp_path, [{"city": "Çorum – “north”"}], encoding="cp1252")
    assert result.incidents[0]["place"] == "Çorum – “north”"
    assert any("Windows-1252" in line for line in result.found)


def test_xlsx_with_numbers_as_numbers(tmp_path):
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(GTD))
    numbers = {"eventid", "iyear", "imonth", "iday", "latitude", "longitude", "nwound"}
    sheet.append([float(GTD_ROW[c]) if c in numbers else GTD_ROW.get(c) or None for c in GTD])
    book.save(tmp_path / "gtd.xlsx")
    result = read_file(tmp_path / "gtd.xlsx", chosen_map("gtd"), Selection())
    assert result.incidents[0]["incident_id"] == "GTD-201302030001"
    assert result.incidents[0]["wounded"] == "3"


def test_a_cut_of_its_columns_imports_and_the_missing_ones_are_said_once(tmp_path):
    kept = [
        c for c in GTD if c not in ("approxdate", "specificity", "success", "weapsubtype1_txt", "scite1", "claimed")
    ]
    path = write(tmp_path / "cut.csv", kept, [{k: v for k, v in GTD_ROW.items() if k in kept}])
    result = read_file(path, chosen_map("gtd"), Selection())
    row = result.incidents[0]
    assert (row["target_category"], row["attack_method"], row["latitude"]) == ("coalition_base", "ied_other", "10.5")
    lacking = [line for line in result.found if "lacks" in line]
    assert len(lacking) == 1 and all(c in lacking[0] for c in ("approxdate", "specificity", "scite1"))


def test_the_real_header_is_known():
    path = REAL / "gtd_header_135.csv"
    if not path.exists():
        pytest.skip("the header of GTD is not at hand")
    result = read_file(path, chosen_map("gtd"), Selection())
    assert (result.rows, result.incidents) == (0, [])


# ---- the real files ---------------------------------------------------------------------------------------


def test_no_strike_of_a_state_is_attributed_to_its_victim_in_a_real_export():
    path = REAL / "acled_31col_iraq_2022H1.csv"
    if not path.exists():
        pytest.skip("the export is not at hand")
    with path.open(encoding="utf-8-sig", newline="") as file:
        raw = {f"ACLED-{r['event_id_cnty']}": r for r in csv.DictReader(file)}
    for keep in (False, True):
        result = read_file(path, chosen_map("acled"), Selection(keep_state_operations=keep))
        for row in result.incidents:
            sides = {raw[row["incident_id"]][c] for c in ("inter1", "inter2")}
            assert not (row["attributed_to"] and sides & {"1", "8"})
        strikes = [r for r in result.incidents if raw[r["incident_id"]]["sub_event_type"] == "Air/drone strike"]
        assert (len(strikes) > 50) == keep


@pytest.mark.parametrize(
    ("kind", "name", "options", "quarters"),
    [
        ("acled", "acled_31col_iraq_2022H1.csv", ["--country", "Iraq"], ("2022Q1", "2022Q2")),
        (
            "ucdp-ged",
            "ucdp_ged191_hdx_iraq_2003plus.csv",
            ["--country", "Iraq", "--from-date", "2014-01-01", "--to-date", "2017-12-31"],
            tuple(f"{y}Q{q}" for y in range(2014, 2018) for q in range(1, 5)),
        ),
        ("ucdp-ged", "ucdp_ged231_49col_sample1000.csv", ["--country", "Syria"], None),
    ],
)
def test_real_files_import_with_every_row_accounted_for(tmp_path, capsys, kind, name, options, quarters):
    if not (REAL / name).exists():
        pytest.skip(f"{name} is not at hand")
    out = tmp_path / "campaign"
    assert main(["import", "--from", kind, str(REAL / name), "--out", str(out), *options]) == 0
    first = capsys.readouterr().out.splitlines()[0]
    rows, imported, left = (int(w) for w in first.replace(",", "").split() if w.isdigit())
    data = load(out)
    listed = (out / "import" / "left_out.csv").read_text("utf-8").splitlines()[1:]
    assert rows == imported + left == len(data.incidents) + len(listed)
    assert all(line.split(",", 2)[2] for line in listed)
    assert quarters is None or data.quarters == quarters


@pytest.mark.parametrize(
    ("kind", "name", "imported"),
    [
        ("acled", "acled_state_strikes.csv", 1),
        ("acled", "acled_words_in_notes.csv", 2),
        ("acled", "acled_resaved_floats.csv", 3),
        ("acled", "acled_iso_timestamps.csv", 1),
        ("acled", "acled_stops_mid_quarter.csv", 8),
        ("gtd", "gtd_bus_campus.csv", 4),
        ("gtd", "gtd_18_columns.csv", 3),
        ("gtd", "gtd_resaved_floats.csv", 3),
        ("ucdp-ged", "ged_rebels_lose_men.csv", 10),
    ],
)
def test_files_that_were_once_misread(tmp_path, kind, name, imported):
    if not (CASES / name).exists():
        pytest.skip(f"{name} is not at hand")
    result, _ = import_file(CASES / name, chosen_map(kind), tmp_path / "out")
    assert len(result.incidents) == imported
    assert len(load(tmp_path / "out").incidents) == imported


def test_nothing_is_named_after_a_path_that_is_not_there(tmp_path, capsys):
    assert main(["import", "--from", "acled", str(tmp_path / "no.csv"), "--out", str(tmp_path / "out")]) == 1
    assert "there is no such file" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
