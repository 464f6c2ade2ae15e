"""ACLED, UCDP GED and GTD: the traps that are known, each on a made-up file; the real files where they are at hand."""

from datetime import date

import pytest
from foreign import ACLED, ACLED_ROW, GTD, GTD_ROW, UCDP, UCDP_ROW, write
from openpyxl import Workbook

from incident_report.cli import main
from incident_report.data.importers import FORMATS, ImportFault, Selection, import_file
from incident_report.data.importers.acled import parse_date
from incident_report.data.loader import load
from incident_report.paths import ROOT

REAL = ROOT.parent / "shared" / "datasets"


def one(kind, tmp_path, columns, row, **changes):
    """The one incident that a one-row file becomes, and the import's outcome."""
    result = read(kind, tmp_path, columns, [{**row, **changes}])
    assert result.rows == len(result.incidents) + len(result.left_out) == 1
    return (result.incidents or [None])[0], result


def read(kind, tmp_path, columns, rows, encoding="utf-8", **selection):
    path = write(tmp_path / "in.csv", columns, rows, encoding)
    return FORMATS[kind][0](path, FORMATS[kind][1], Selection(**selection))


def acled(tmp_path, **changes):
    return one("acled", tmp_path, ACLED, ACLED_ROW, **changes)


def ucdp(tmp_path, **changes):
    return one("ucdp-ged", tmp_path, UCDP, UCDP_ROW, **changes)


def gtd(tmp_path, **changes):
    return one("gtd", tmp_path, GTD, GTD_ROW, **changes)


# ---- ACLED ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("2022-02-23", date(2022, 2, 23)),
        ("31-12-19", date(2019, 12, 31)),
        ("16 May 2025", date(2025, 5, 16)),
        ("01-January-1999", date(1999, 1, 1)),
        ("31-12-97", date(1997, 12, 31)),
        ("2022-02-30", None),
        ("May 2025", None),
        ("16 Mayhem 25", None),
        ("", None),
    ],
)
def test_dates_in_all_forms(text, day):
    assert parse_date(text) == day


def test_a_coalition_target_among_the_associated_actors_makes_it_a_convoy_attack(tmp_path):
    row, _ = acled(tmp_path)
    assert (row["target_category"], row["attack_method"]) == ("logistics_convoy", "ied_roadside")
    assert row["attributed_to"] == "Unidentified Armed Group (Xyland)"
    assert (row["confidence"], row["sources"]) == ("high", "acled-daily-nd;acled-herald-nd")


def test_the_order_of_actors_says_nothing(tmp_path):
    swap = {"actor1": ACLED_ROW["actor2"], "inter1": "7", "actor2": ACLED_ROW["actor1"], "inter2": "3"}
    row, _ = acled(tmp_path, **swap)
    assert row["attributed_to"] == "Unidentified Armed Group (Xyland)"
    assert row["target_name"] == "Civilians (Xyland)"
    both, _ = acled(tmp_path, inter2="2")
    assert (both["attributed_to"], both["target_name"].count(" / ")) == ("", 1)


def test_disrupted_weapons_are_found_before_launch(tmp_path):
    row, _ = acled(
        tmp_path,
        event_type="Strategic developments",
        sub_event_type="Disrupted weapons use",
        notes="Forces shot down a drone near the airport.",
    )
    assert (row["outcome"], row["attack_method"]) == ("found_before_launch", "drone")
    nothing, result = acled(tmp_path, event_type="Strategic developments", sub_event_type="Agreement")
    assert nothing is None
    assert result.left_out[0].reason == "a strategic development without a weapon"


def test_the_point_of_a_provincial_capital_is_not_taken(tmp_path):
    row, result = acled(tmp_path, geo_precision="3")
    assert (row["latitude"], row["longitude"], row["governorate"]) == ("", "", "North")
    assert any("province only" in note for note in result.notes)


def test_coordinates_off_the_earth_are_no_coordinates(tmp_path):
    assert acled(tmp_path, latitude="200")[0]["latitude"] == ""
    assert acled(tmp_path, longitude="nan")[0]["longitude"] == ""


def test_home_forces_are_local_forces_and_foreign_ones_are_not(tmp_path):
    changes = {"assoc_actor_2": "", "notes": "Shots.", "sub_event_type": "Armed clash"}
    own, _ = acled(tmp_path, actor2="Military Forces of Xyland (2020-)", **changes)
    foreign, result = acled(tmp_path, actor2="Military Forces of Ruritania (2020-)", **changes)
    assert own["target_category"] == "local_forces"
    assert foreign["target_category"] == "other"
    assert "Military Forces of Ruritania" in foreign["original_target"]
    assert sum(result.unmapped["target_category"].values()) == 1


def test_older_upper_case_headers_and_names(tmp_path):
    old = {"assoc_actor_1": "ALLY_ACTOR_1", "assoc_actor_2": "ALLY_ACTOR_2", "geo_precision": "GEO_PRECIS"}
    dropped = ("sub_event_type", "timestamp")
    columns = {c: old.get(c, c.upper()) for c in ACLED if c not in dropped}
    row = {columns[k]: v for k, v in ACLED_ROW.items() if k in columns}
    row |= {"EVENT_DATE": "31-12-19", "EVENT_TYPE": "Battle-No change of territory"}
    result = read("acled", tmp_path, columns.values(), [row])
    made = result.incidents[0]
    assert (made["date"], made["attack_method"], made["target_category"]) == (
        "2019-12-31",
        "small_arms",
        "logistics_convoy",
    )


def test_weekly_aggregates_are_refused(tmp_path):
    path = write(
        tmp_path / "agg.csv",
        ["WEEK", "COUNTRY", "ADMIN1", "EVENT_TYPE", "EVENTS", "FATALITIES", "CENTROID_LATITUDE"],
        [{"WEEK": "2022-01-01", "EVENTS": "12"}],
    )
    with pytest.raises(ImportFault, match="weekly aggregates are counts, not events"):
        import_file("acled", path, tmp_path / "out")
    assert not (tmp_path / "out").exists()


# ---- UCDP GED ---------------------------------------------------------------------------------------------


def test_the_tag_row_is_skipped_and_counted(tmp_path):
    tags = {c: f"#tag+{c}" for c in UCDP}
    result = read("ucdp-ged", tmp_path, UCDP, [tags, UCDP_ROW])
    assert (result.rows, len(result.incidents), result.notes["HXL tag row skipped"]) == (1, 1, 1)
    assert result.incidents[0]["incident_id"] == "UCDP-1"


@pytest.mark.parametrize(("code", "precision"), [("1", "day"), ("2", "week"), ("3", "week"), ("4", "month")])
def test_precision_of_dates(tmp_path, code, precision):
    assert ucdp(tmp_path, date_prec=code)[0]["date_precision"] == precision


def test_a_year_alone_gives_no_quarter(tmp_path):
    row, result = ucdp(tmp_path, date_prec="5")
    assert row is None
    assert "date_prec 5" in result.left_out[0].reason


def test_estimates_out_of_order_are_told_and_best_is_kept(tmp_path):
    row, result = ucdp(tmp_path, low="9")
    assert row["killed"] == "2"
    assert any("out of order" in note for note in result.notes)
    assert "low 9, best 2, high 3" in row["summary"]


def test_one_outlet_is_not_two_whatever_the_number_of_articles(tmp_path):
    assert ucdp(tmp_path)[0]["confidence"] == "medium"
    assert ucdp(tmp_path, number_of_sources="5")[0]["confidence"] == "medium"
    assert ucdp(tmp_path, source_office="Daily; Herald")[0]["confidence"] == "high"
    assert ucdp(tmp_path, event_clarity="2")[0]["confidence"] == "low"


def test_line_breaks_inside_fields_are_one_row(tmp_path):
    rows = [{**UCDP_ROW, "source_article": 'Said:\r\n"one",\n\ntwo'}, {**UCDP_ROW, "id": "2", "date_prec": "5"}]
    result = read("ucdp-ged", tmp_path, UCDP, rows)
    assert result.rows == 2
    assert [x.line for x in result.left_out] == [6]  # where the row starts in the file


def test_who_attacked_is_said_only_where_deaths_tell(tmp_path):
    lost = ucdp(tmp_path)[0]
    assert (lost["target_category"], lost["attributed_to"]) == ("local_forces", "Rebels")
    fight = ucdp(tmp_path, deaths_b="4")[0]
    assert (fight["target_category"], fight["attributed_to"]) == ("other", "")
    assert fight["original_target"] == "Government of Xyland / Rebels"
    onesided = ucdp(tmp_path, type_of_violence="3", side_a="Rebels", side_b="Civilians")[0]
    assert (onesided["target_category"], onesided["attributed_to"]) == ("civilians", "Rebels")


def test_a_large_area_has_no_point_and_a_long_event_is_told(tmp_path):
    row, result = ucdp(tmp_path, where_prec="4", date_start="2013-03-30", date_end="2013-04-02", date_prec="2")
    assert row["latitude"] == ""
    assert any("one quarter into another" in note for note in result.notes)


# ---- GTD --------------------------------------------------------------------------------------------------


def test_ids_that_a_spreadsheet_changed_are_refused(tmp_path):
    with pytest.raises(ImportFault, match=r"in\.csv:2: eventid '2\.00E\+11' is not twelve digits"):
        gtd(tmp_path, eventid="2.00E+11")


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({}, ("2013-02-03", "day")),
        ({"iday": "0"}, ("2013-02-01", "month")),
        ({"approxdate": "February 1-5, 2013"}, ("2013-02-03", "week")),
        ({"approxdate": "January 30 - February 5, 2013"}, ("2013-02-03", "month")),
    ],
)
def test_approximate_days(tmp_path, changes, expected):
    row, _ = gtd(tmp_path, **changes)
    assert (row["date"], row["date_precision"]) == expected


def test_an_unknown_month_is_left_out_with_a_reason(tmp_path):
    row, result = gtd(tmp_path, imonth="0")
    assert row is None
    assert "imonth 0" in result.left_out[0].reason


@pytest.mark.parametrize(
    ("text", "killed"), [("", ""), ("-9", ""), ("-99", ""), ("0", "0"), ("3", "3"), ("0.5", ""), ("inf", "")]
)
def test_deaths_unknown_coded_and_in_fractions(tmp_path, text, killed):
    row, result = gtd(tmp_path, nkill=text)
    assert row["killed"] == killed
    assert (row["wounded"], row["us_killed"], row["us_wounded"]) == ("3", "0" if killed else "", "")
    assert any("not a whole number" in n for n in result.notes) == (text in ("0.5", "inf"))


def test_doubtful_terrorism_is_kept(tmp_path):
    row, _ = gtd(tmp_path)
    assert (row["target_category"], row["attack_method"]) == ("coalition_base", "rocket")


def test_windows_1252_is_read_and_told(tmp_path):
    result = read("gtd", tmp_path, GTD, [{**GTD_ROW, "city": "Çorum – “north”"}], encoding="cp1252")
    assert result.incidents[0]["place"] == "Çorum – “north”"
    assert any("Windows-1252" in note for note in result.notes)


def test_xlsx_with_numbers_as_numbers(tmp_path):
    book = Workbook()
    sheet = book.worksheets[0]
    sheet.append(list(GTD))
    numbers = {"eventid", "iyear", "imonth", "iday", "latitude", "longitude", "nwound"}
    sheet.append([float(GTD_ROW[c]) if c in numbers else GTD_ROW[c] or None for c in GTD])
    book.save(tmp_path / "gtd.xlsx")
    result = FORMATS["gtd"][0](tmp_path / "gtd.xlsx", FORMATS["gtd"][1], Selection())
    assert result.incidents[0]["incident_id"] == "GTD-201302030001"
    assert result.incidents[0]["wounded"] == "3"


def test_the_real_header_is_known():
    path = REAL / "gtd_header_135.csv"
    if not path.exists():
        pytest.skip("the header of GTD is not at hand")
    result = FORMATS["gtd"][0](path, FORMATS["gtd"][1], Selection())
    assert (result.rows, result.incidents) == (0, [])


# ---- the real files ---------------------------------------------------------------------------------------


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


def test_nothing_is_named_after_a_path_that_is_not_there(tmp_path, capsys):
    assert main(["import", "--from", "acled", str(tmp_path / "no.csv"), "--out", str(tmp_path / "out")]) == 1
    assert "there is no such file" in capsys.readouterr().err
    assert not (tmp_path / "out").exists()
