"""Where a convoy was attacked is told no finer than a governorate or a named highway, in cells and in sentences."""

from __future__ import annotations

import pytest
import small
import yaml
from test_withhold import Q3, campaign, public, rows, table, written

from incident_report.analysis.front import chronicle
from incident_report.analysis.open import open_edition
from incident_report.analysis.rubric import same_day_elsewhere
from incident_report.data import check
from incident_report.data.restrictions import withheld
from incident_report.data.withhold import public_changes
from incident_report.errors import BuildError

ROAD, OTHER = "IQ-20200711-1", "IQ-20200715-1"  # both on convoys
HIGHWAYS = yaml.safe_dump({"routes": {"highways": ["Highway 1", "Samawah-Diwaniyah highway"]}})


def convoy(**cells: str) -> str:
    return table(Q3, lambda found: found[1].update(cells))


def out(**changes: str) -> dict[str, bytes]:
    return public(campaign(**changes))


def told(files: dict[str, bytes], column: str, ident: str = ROAD) -> str:
    return next(r[column] for r in rows(files, Q3) if r["incident_id"] == ident)


@pytest.mark.parametrize(
    ("place", "area", "wanted"),
    [
        ("Hillah, between bridges 15 and 16", "Babil", "Babil"),
        ("Highway 1, exit 12, near Taji", "Baghdad", "Highway 1"),
        ("HIGHWAY 1 at kilometre 40", "Baghdad", "Highway 1"),
        ("Highway 10, exit 12", "Anbar", "Anbar"),
        ("near the toll of a highway", "", "Place withheld"),
        ("", "Babil", ""),
    ],
)
def test_a_place_on_a_route_is_told_as_a_listed_highway_or_the_governorate(place, area, wanted):
    files = out(**{Q3: convoy(place=place, governorate=area), "restrictions.yml": HIGHWAYS})
    assert told(files, "place").partition(" (")[0] == wanted
    assert told(files, "governorate") == area


def test_without_a_list_no_highway_is_told_and_other_targets_keep_their_place():
    files = out()
    assert told(files, "place") == "Qadisiyah"
    assert told(files, "place", "IQ-20200705-1") == "Residential area beside Green Zone, Baghdad"


@pytest.mark.parametrize("kind", ["logistics_convoy", "foreign_security_detail"])
def test_the_kinds_that_move_are_the_rules(kind):
    assert told(out(**{Q3: convoy(target_category=kind)}), "place") == "Qadisiyah"
    open_to_all = yaml.safe_dump({"routes": {"targets": []}})
    assert told(out(**{Q3: convoy(target_category=kind), "restrictions.yml": open_to_all}), "place").startswith("Najmi")


@pytest.mark.parametrize(
    ("summary", "wanted"),
    [
        ("A bomb near Najmi. Nobody hurt.", "Place withheld. Nobody hurt."),
        ("Nobody hurt; it lay 5km off, at a Bridge.", "Nobody hurt; place withheld."),
        ("It lay west of the town! Trucks burned.", "Place withheld! Trucks burned."),
        ("On the Samawah-Diwaniyah highway. All burned.", "On the Samawah-Diwaniyah highway. All burned."),
        ("A bomb in Qadisiyah governorate.", "A bomb in Qadisiyah governorate."),
        ("At Najmi. By a bridge; at Najmi. Trucks burned; it was west of it.", "Place withheld. Trucks burned;"),
        ("A bomb at Mukayshifah.", "Place withheld."),  # the place of another row
        ("Camp Umbridge sent it.", "Camp Umbridge sent it."),  # no bridge
    ],
)  # fmt: skip
def test_a_sentence_that_tells_more_is_withheld_and_says_so(summary, wanted):
    files = out(**{Q3: convoy(summary=summary), "restrictions.yml": HIGHWAYS})
    assert told(files, "summary") == wanted


def test_tables_that_speak_of_the_attack_tell_no_more_of_its_place(tmp_path):
    cell = {"incident_id": ROAD, "field": "place"}
    source = {"source_id": "rt-2020-07-12"}
    said = [
        {**cell, **source, "value": "Najmi, by exit 7", "status": "stated", "note": "east of the river"},
        {**cell, **source, "field": "killed", "value": "0", "status": "stated", "note": "no word of Najmi; none hurt"},
    ]
    was = "Najmi area, Samawah-Diwaniyah highway"
    line = {"reason": "the first was rash. At Rumaitha junction, says one", "by": "editor"}
    more = [
        {**cell, **line, "old": was, "new": "Rumaitha junction", "date": "2020-10-06"},
        {**cell, **line, "field": "summary", "old": "A bomb at Najmi.", "new": "A bomb at Rumaitha. A truck burned.",
         "date": "2020-10-07"},
    ]  # fmt: skip
    asked = [
        {**cell, "proposed": "Rumaitha", "question": "Najmi or Rumaitha? One of them.", "certainty": "open"},
        {**cell, "incident_id": "", "field": "row", "proposed": "", "question": "A bomb at Najmi in July.",
         "certainty": "open"},
    ]  # fmt: skip
    files = out(
        **{
            Q3: convoy(summary="A bomb at Najmi."),
            "evidence.csv": small.write(said),
            "corrections.csv": small.write(more),
            "open_questions.csv": small.write([{**r, "sources": ""} for r in asked]),
        }
    )
    everything = "\n".join(c.decode() for n, c in files.items() if n.endswith(".csv") and n != "sources.csv")
    assert "Najmi" not in everything and "Rumaitha" not in everything and "exit 7" not in everything
    assert [r["field"] for r in rows(files, "corrections.csv")] == ["summary"]  # that of the place says nothing more
    assert "A truck burned." in everything and "none hurt" in everything and "the first was rash." in everything
    data, faults = check(written(tmp_path, files))
    assert data is not None, faults


def test_what_the_project_says_of_a_source_tells_no_more_and_a_publishers_title_stays():
    def change(found):
        own = next(r for r in found if r["source_id"] == "rt-2020-07-12")
        own |= {"title": "[Report on a bomb (Najmi area, Samawah-Diwaniyah highway)]", "note": "Names exit 7. Undated."}
        theirs = next(r for r in found if r["source_id"] == "jpost-nd")
        theirs |= {"title": "Trucks burn at Najmi"}

    found = {r["source_id"]: r for r in rows(out(**{"sources.csv": table("sources.csv", change)}), "sources.csv")}
    assert found["rt-2020-07-12"]["title"] == "[Report on a bomb (Qadisiyah)]"
    assert found["rt-2020-07-12"]["note"] == "Place withheld. Undated."
    assert found["jpost-nd"]["title"] == "Trucks burn at Najmi"


def test_a_site_of_a_convoy_is_not_told(tmp_path):
    site = rows(campaign(), "sites.csv")[0]["site_id"]
    files = out(**{Q3: convoy(site_id=site, latitude="", longitude="", coordinate_precision="exact_site")})
    assert told(files, "site_id") == ""
    data, faults = check(written(tmp_path, files))
    assert data is not None, faults
    assert data.incidents.set_index("incident_id").loc[ROAD, ["latitude", "longitude"]].isna().all()


STORY = """---
quarter: 2020Q3
---
# Trucks burn
? all is known

{text}
? all is known

## Dates
- 5 July: Fire at Najmi. [IQ-20200705-1]
"""


@pytest.mark.parametrize(
    ("text", "line"),
    [
        (f"Gunmen stop trucks\nat Najmi. [{ROAD}]", 7),
        (f"Trucks burn [{ROAD}] and, by a bridge, others [{OTHER}].", 7),
        (f"Gunmen stop trucks in Qadisiyah. [{ROAD}]", 0),
        ("Najmi is a town. [IQ-20200705-1]", 0),
    ],
)
def test_a_passage_of_the_story_that_cites_a_convoy_and_tells_more_is_refused(text, line):
    files = campaign(**{"story/2020Q3.md": STORY.format(text=text)})
    if not line:
        public_changes(files)
        return
    with pytest.raises(BuildError, match=rf"story/2020Q3\.md:{line}: '\w+' tells more") as caught:
        public_changes(files)
    assert len(caught.value.lines) == 1
    restricted = STORY.format(text=f"{text}\n! where it was")
    assert b"Gunmen" not in public(campaign(**{"story/2020Q3.md": restricted}))["story/2020Q3.md"]


@pytest.mark.parametrize("written_as", ["incidents: [{}]", "cases:\n    - {}"])
def test_an_entry_of_options_or_claims_that_cites_a_convoy_and_tells_more_is_refused(written_as):
    text = f"options:\n- why: Trucks burned at kilometre 7.\n  {written_as.format(ROAD)}\n- why: A kilometre is long.\n"
    with pytest.raises(BuildError, match=r"policy_options\.yml:2: 'kilometre'") as caught:
        public_changes(campaign(**{"policy_options.yml": text}))
    assert len(caught.value.lines) == 1


def test_a_place_that_also_stands_word_by_word_in_another_file_stops_the_build():
    with pytest.raises(BuildError, match=r"README\.md: still holds"):
        public_changes(campaign(**{"README.md": "Trucks at Najmi area, Samawah-Diwaniyah highway, for one."}))


def test_two_places_stay_two(tmp_path):
    def change(found):
        found[2] |= {c: found[1][c] for c in ("date", "date_precision", "attack_method", "governorate")}
        found[3] |= {c: found[1][c] for c in ("date", "date_precision", "attack_method", "governorate", "place")}
        found[3] |= {"target_category": "logistics_convoy", "site_id": "", "latitude": "", "longitude": ""}

    files = campaign(**{Q3: table(Q3, change)})
    places = [r["place"] for r in rows(public(files), Q3)[1:4]]
    assert places == ["Qadisiyah", "Qadisiyah (2)", "Qadisiyah"]
    assert public_changes(public(files)) == {}
    counts = []
    for name, found in (("whole", files), ("public", public(files))):
        ed = open_edition(str(small.make(tmp_path / name, {**dict.fromkeys(small.files()), **found})), quarter="2020Q3")
        counts.append(same_day_elsewhere(ed.incidents()).tolist())
    assert counts[0] == counts[1]


def test_a_number_that_keeps_places_apart_is_no_part_of_their_plain_name_and_one_of_the_name_stays(tmp_path):
    places = ("Camp (7)", "Highway 1, exit 7", "Highway 1, exit 8", "Babil")

    def change(found):
        for row, place in zip(found, places, strict=False):
            row |= {"place": place, "governorate": "Babil", "killed": "1", "outcome": "carried_out"}
        found[3]["target_category"] = "logistics_convoy"

    files = out(**{Q3: table(Q3, change), "restrictions.yml": HIGHWAYS})
    ed = open_edition(str(small.make(tmp_path / "public", {**dict.fromkeys(small.files()), **files})), quarter="2020Q3")
    names = {e.place: e.plain for e in ed.facts.deaths.events}
    assert names == {"Camp (7)": "Camp (7)", "Highway 1": "Highway 1", "Highway 1 (2)": "Highway 1", "Babil": "Babil"}
    assert {*chronicle(ed)["place"]} >= {"Camp (7)", "Highway 1", "Babil"}
    assert ed.data.plain_place("Babil (3)") == "Babil" and ed.data.plain_place("Place withheld (2)") == "Place withheld"


def test_a_listed_highway_by_itself_may_stand_anywhere_though_a_number_is_put_to_it():
    road = "the road called Highway 1"

    def change(found):
        for row, place in zip(found[1:3], (f"{road}, exit 7", road), strict=True):
            row["place"] = place

    rule = yaml.safe_dump({"routes": {"highways": [road]}})
    files = out(**{Q3: table(Q3, change), "restrictions.yml": rule, "README.md": f"On {road}."})
    assert [r["place"] for r in rows(files, Q3)[1:3]] == [road, f"{road} (2)"]


def test_how_many_places_are_told_coarsely_is_said_and_a_second_pass_adds_none():
    first = out(**{"restrictions.yml": HIGHWAYS})
    assert withheld(first["restrictions.yml"]).places == 3
    assert public_changes(first) == {}


def test_a_script_without_capitals_has_names_too():
    files = out(**{Q3: convoy(place="قرب الحلة", governorate="بابل", summary="عبوة في الحلة. احترقت شاحنة.")})
    assert told(files, "place") == "بابل"
    assert told(files, "summary") == "Place withheld. احترقت شاحنة."
