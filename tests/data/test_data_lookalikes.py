"""Values that cannot be right: unseen and look-alike signs, words for nothing, undeclared and clashing tallies."""

import csv
import io
import sys
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from incident_report.data import check, format_faults
from incident_report.data.lookalikes import is_nothing, odd_sign, skeleton
from incident_report.scripts import uncovered

sys.path.insert(0, str(Path(__file__).parents[1] / "data"))
from small import Q3, files, make

NAME = "Ashab al-Kahf"


def changed(name, row, **cells):
    rows = list(csv.DictReader(io.StringIO(files()[name])))
    rows[row].update(cells)
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(rows[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return {name: out.getvalue()}


def added(name, **cells):
    text = files()[name]
    rows = list(csv.DictReader(io.StringIO(text)))
    out = io.StringIO(newline="")
    csv.DictWriter(out, list(rows[0]), lineterminator="\n").writerow({**rows[0], **cells})
    return {name: text + out.getvalue()}


def told(tmp_path, changes, file, column):
    data, faults = check(make(tmp_path / "c", changes))
    return data, [f for f in faults if f.file == file and f.column == column]


WRONG = {
    "zero width": "Ashab\u200b al-Kahf",
    "no-break hyphen": "Ashab al\u2011Kahf",
    "hyphen": "Ashab al\u2010Kahf",
    "minus": "Ashab al\u2212Kahf",
    "no-break space": "Ashab\u00a0al-Kahf",
    "thin space": "Ashab\u2009al-Kahf",
    "right to left": "\u202egnp.exe",
    "isolate": "\u2066Ashab\u2069",
    "mark": "Ashab\u200f",
    "soft hyphen": "As\u00adhab",
    "byte order mark": "Ashab\ufeff al-Kahf",
    "word joiner": "Ashab\u2060al-Kahf",
    "joiner between Latin letters": "Ash\u200dab",
    "tag": "Ashab\U000e0041",
    "variation": "Ashab\ufe0f",
    "filler": "Ashab\u3164",
    "Cyrillic a": "Ash\u0430b",
    "Greek omicron": "Saray\u03bf",
    "full width": "\uff21shab",
    "bold": "\U0001d400shab",
    "presentation form": "\ufe8d\ufedf\ufea4",
    "private use": "Ashab\ue000",
    **{f"nothing {i}": w for i, w in enumerate(["nan", "NULL", "N/A", "none", "NaN", "-", "\u2014", "(unknown)", "?"])},
}
RIGHT = [
    "Kata\u2019ib Hezbollah",
    "J\u00fcrgen \u0141\u00f3d\u017a",
    "\u0643\u062a\u0627\u0626\u0628 \u062d\u0632\u0628 \u0627\u0644\u0644\u0647",
    "\u0646\u06cc\u0631\u0648\u0647\u0627\u06cc \u0645\u06cc\u200c\u0634\u0648\u062f",  # a joiner as Persian needs it
    "\u0915\u094d\u200d\u0937",
    "\u0411\u0430\u0433\u0434\u0430\u0434",
    "\u5df4\u683c\u8fbe",
    "\u0e01\u0e33\u0e41\u0e1e\u0e07",
    "Group 5 (first)",
    "None of them",
    "Nana",
]


@pytest.mark.parametrize("column", ["claimed_by", "place", "target_name", "attributed_to"])
@pytest.mark.parametrize("name", WRONG)
def test_a_name_that_is_not_what_it_seems_is_told(tmp_path, name, column):
    data, found = told(tmp_path, changed(Q3, 0, **{column: WRONG[name]}), Q3, column)
    assert data is not None
    assert {(f.severity, f.line, f.value) for f in found} == {("warning", 2, WRONG[name])}
    assert all(line.isprintable() for line in format_faults(found).splitlines())


@pytest.mark.parametrize("name", RIGHT)
def test_a_sound_name_is_not(tmp_path, name):
    found = told(tmp_path, changed(Q3, 0, claimed_by=name), Q3, "claimed_by")[1]
    assert [f for f in found if "no bundled font" not in f.message] == []
    assert len(found) == (1 if uncovered(name) else 0)


@pytest.mark.parametrize(("text", "font"), [("\u5df4\u683c", "Noto Sans CJK"), ("\u05e9\u05dc", "Noto Sans Hebrew")])
def test_a_script_that_no_font_has_is_named_with_the_font_to_add(tmp_path, text, font):
    (found,) = told(tmp_path, changed(Q3, 0, summary=f"Said {text}."), Q3, "summary")[1]
    assert (found.severity, found.line) == ("warning", 2)
    assert f"put {font} " in found.message


@pytest.mark.parametrize("sign", ["\u200f", "\u200c", "\u2013", "\u00a0", "\u2066"])
def test_people_write_freely_in_a_summary(tmp_path, sign):
    assert not told(tmp_path, changed(Q3, 0, summary=f"Fire {sign} on the base"), Q3, "summary")[1]


def test_but_not_in_turned_order(tmp_path):
    assert told(tmp_path, changed(Q3, 0, summary="Fire \u202eno eht esab"), Q3, "summary")[1]


@pytest.mark.parametrize("ident", ["IQ\u20112020-9", "IQ\u20132020-9", "IQ-\u200b9", "\u0406Q-2020-9"])
def test_an_id_holds_plain_signs(tmp_path, ident):
    assert told(tmp_path, changed(Q3, 0, incident_id=ident) | {"corrections.csv": None}, Q3, "incident_id")[1]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (NAME, "Ashab Al-Kahf"),
        (NAME, "Ashab al Kahf"),
        (NAME, "Ashab  al-Kahf"),
        (NAME, "Ashab al\u2013Kahf"),
        ("Kata'ib", "Kata\u2019ib"),
        ("Saray\u00e1", "Saraya\u0301"),
        ("Saray\u00e1", "Saraya"),
        ("Saraya", "\u0405\u0430r\u0430y\u0430"),
        ("\u0643\u062a\u0627", "\u06a9\u062a\u0627"),
    ],
)
def test_two_spellings_of_one_name_are_told(tmp_path, one, other):
    changes = changed(Q3, 0, claimed_by=one)
    rows = changes[Q3].splitlines()
    reader = list(csv.DictReader(io.StringIO(changes[Q3])))
    reader[2]["claimed_by"] = other
    out = io.StringIO(newline="")
    writer = csv.DictWriter(out, list(reader[0]), lineterminator="\n")
    writer.writeheader()
    writer.writerows(reader)
    _, found = told(tmp_path, {Q3: out.getvalue()}, Q3, "claimed_by")
    assert rows and any("nearly" in f.message for f in found)


@given(st.text(max_size=20))
def test_a_skeleton_says_nothing_of_what_nobody_sees(text):
    assert skeleton(skeleton(text)) == skeleton(text)
    assert skeleton(f"\u200b{text}\ufeff") == skeleton(text) == skeleton(f" {text} ")


@given(st.text(st.characters(codec="ascii"), max_size=20))
def test_plain_text_is_never_odd(text):
    assert odd_sign(text) == "" and odd_sign(text, ident=True) == ""


@given(st.characters(categories=["Cf"]))
def test_every_format_sign_is_told_or_seen(sign):
    assert odd_sign(f"a{sign}b") or "ARABIC" in unicodedata.name(sign) or ord(sign) in (0x70F, 0x110BD, 0x110CD)


def test_words_for_nothing():
    assert all(map(is_nothing, ["nan", "NaN", " NULL ", "[none]", "N/A", "-", "\u2014", "unknown"]))
    assert not any(map(is_nothing, ["", "Nan Group", "0", "unattributed", "a"]))


# ---- tallies ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "series", ["logistic_convoy", "nan", "NULL", "Rocket_Drone", "mortar", "all_", "rocket_drone\u200b"]
)
def test_a_tally_of_an_undeclared_series_is_told(tmp_path, series):
    data, found = told(tmp_path, changed("tallies.csv", 0, series=series), "tallies.csv", "series")
    assert data is not None
    assert any(f.line == 2 and f.value == series and "report.yml" in f.message for f in found)


@pytest.mark.parametrize("tracker", ["knigths", "Knights", "nan", "somebody"])
def test_a_tally_of_an_undeclared_tracker_is_told(tmp_path, tracker):
    assert told(tmp_path, changed("tallies.csv", 0, tracker=tracker), "tallies.csv", "tracker")[1]


def test_what_is_declared_is_not(tmp_path):
    report = files()["report.yml"] + "other_series: [rocket]\n"
    changes = changed("tallies.csv", 0, series="rocket") | {"report.yml": report}
    assert not told(tmp_path, changes, "tallies.csv", "series")[1]


@pytest.mark.parametrize(
    ("cells", "severity"),
    [
        ({"count": "41"}, "error"),
        ({"count": "41", "bound": "at_least"}, "warning"),
        ({"count": "41", "scope": "other targets"}, "warning"),
        ({"count": "15", "start": "2020-02-01"}, "warning"),  # more in a part than in the whole
        ({"count": "41", "unit": "devices"}, None),
        ({"count": "41", "tracker": "isw"}, None),
        ({"count": "41", "end": "2020-04-30"}, None),
        ({"count": "3", "start": "2020-02-01"}, None),
    ],
)
def test_two_tallies_that_contradict_each_other(tmp_path, cells, severity):
    data, found = told(tmp_path, added("tallies.csv", tally_id="second", **cells), "tallies.csv", "count")
    assert [f.severity for f in found] == ([severity] if severity else [])
    assert (data is None) == (severity == "error")


# ---- places -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("latitude", "longitude"), [("32.9", "0"), ("32.9", "91"), ("0", "0"), ("44.4", "33.3")])
def test_a_label_point_outside_the_outline_is_told(tmp_path, latitude, longitude):
    changes = changed("geo/governorates.csv", 0, latitude=latitude, longitude=longitude)
    data, found = told(tmp_path, changes, "geo/governorates.csv", "latitude")
    assert data is not None and [(f.line, f.severity) for f in found] == [(2, "warning")]


def test_a_point_off_the_earth_is_an_error(tmp_path):
    changes = changed("geo/governorates.csv", 0, longitude="191")
    assert told(tmp_path, changes, "geo/governorates.csv", "longitude")[0] is None


def test_without_an_outline_only_the_null_island_is_told(tmp_path):
    changes = changed(Q3, 0, latitude="0", longitude="0") | {"geo/region.geojson": None}
    assert told(tmp_path, changes, Q3, "latitude")[1]


@pytest.mark.parametrize("new", ["nan", "Ashab\u200b al-Kahf"])
def test_a_corrected_value_is_looked_at_as_well(tmp_path, new):
    line = f"incident_id,field,old,new,reason,date,by\nIQ-20200705-1,claimed_by,,{new},x,2020-11-01,editor\n"
    assert told(tmp_path, {"corrections.csv": line}, "corrections.csv", "new")[1]


def test_a_spelling_that_the_campaign_rules_out_is_told(tmp_path):
    report = yaml.safe_load(files()["report.yml"])
    report["vocabulary"] = {"names": {"Green Zone": ["International Zone"]}}
    rows = files()[Q3].replace("Green Zone", "International Zone")
    folder = make(tmp_path / "data", {"report.yml": yaml.safe_dump(report), Q3: rows})
    told = [f for f in check(folder)[1] if "vocabulary.names" in f.message]
    assert {(f.file, f.column, f.severity) for f in told} >= {(Q3, "place", "warning")}
    report["wording"]["scope"] = "Fire on the International Zone."
    folder = make(tmp_path / "data", {"report.yml": yaml.safe_dump(report)})
    told = [f for f in check(folder)[1] if "vocabulary.names" in f.message]
    assert ("report.yml", "wording.scope", "error") in {(f.file, f.column, f.severity) for f in told}
