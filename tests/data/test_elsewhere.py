"""Campaigns unlike the founding one: what their records never tell is left out, once said, and nothing is borrowed."""

import re

import pytest
from chapters import coarse, records, unresolved
from elsewhere import at_sea, fatal_events, in_arabic, without_weapons
from foreign import UCDP, write
from test_campaigns import BROKEN, FOUNDING, everything

from incident_report.analysis.harm import any_casualty
from incident_report.analysis.open import open_edition
from incident_report.analysis.robustness import overview
from incident_report.analysis.within import within_quarter
from incident_report.data import check
from incident_report.data.importers import Selection, chosen_map, import_file

BORROWED = re.compile(FOUNDING.pattern + r"|\b[Rr]ockets?\b|\b[Vv]olley|\b[Ss]alvo|\bgovernorate|\bconvoy|\blaunch")
METHODS = {"fig-targets", "tab-techniques", "fig-munitions", "txt-techniques", "txt-munitions", "txt-targets"}
ODD = {"without_weapons": without_weapons, "at_sea": at_sea, "in_arabic": in_arabic}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Each campaign with its records and its newest edition."""
    top = tmp_path_factory.mktemp("odd")
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        coarse(patch)
        for name, make in ODD.items():
            folder = make(top / name)
            data, faults = check(folder)
            assert data is not None, faults
            quarter = data.quarters[-1]
            found[name] = records(folder, quarter=quarter), open_edition(str(folder), quarter=quarter)
    return found


def said(found):
    """Ids of records that say or show something."""
    return {id for id, r in found.items() if r.kind != "prose" or any(p.strip() for p in r.content["paragraphs"])}


def plain(found, id):
    """The text of one record without the marks of its mark-up."""
    return " ".join(text for i, text in everything({id: found[id]})).replace("\\", "")


@pytest.mark.parametrize("name", ODD)
def test_nothing_is_broken_or_borrowed(made, name):
    found, _ = made[name]
    assert not unresolved(found)
    assert not [(id, t) for id, t in everything(found) if BROKEN.search(t)]
    if name != "in_arabic":  # its own rows speak of rockets and convoys
        assert not [(id, t) for id, t in everything(found) if BORROWED.search(t)]


def test_what_no_row_tells_is_left_out(made):
    found, ed = made["without_weapons"]
    carried = ed.facts.carried
    assert set(carried.never) == {"attack_method", "techniques", "munition_count", "wounded", "claimed_by"}
    assert not (METHODS | {"tab-hurt"}) & said(found)
    assert "txt-scope" in said(found)
    found, ed = made["at_sea"]
    assert not ed.facts.carried.harm
    assert ed.facts.carried.methods
    assert not {"fig-deaths", "tab-deaths", "tab-hurt", "fig-targets", "txt-hurt", "how-bad"} & said(found)
    assert list(found["numbers"].data["key"]) == ["pirates", "robbers", "all"]


def test_a_record_of_deadly_events_has_no_share_of_deadly_ones(made):
    found, ed = made["without_weapons"]
    assert ed.campaign.only_deadly
    assert not ed.facts.harm.known
    assert ed.facts.harm.over_time.n == 0
    assert not {"casualties.trend", "deaths.trend"} & set(found["tab-robustness"].data["finding"])
    assert ed.facts.deaths.low  # the toll itself is told
    assert any_casualty(ed.incidents()).isna().all()


@pytest.mark.parametrize("name", ODD)
def test_chapters_lead_with_the_series_that_the_front_tells(made, name):
    found, ed = made[name]
    told = [s.noun for s in ed.facts.front.series]
    untold = [s.noun for s in ed.facts.edition.series if s.noun not in told]
    assert told[0] in plain(found, "headline")
    for id in ("lead-what-happened", "lead-what-next"):
        assert not [n for n in told if n not in plain(found, id)], id
        assert not [n for n in untold if n in plain(found, id)], id


def test_a_kind_of_attack_is_named_where_it_is_the_only_other(made):
    found, ed = made["in_arabic"]
    kinds = ed.facts.targets.pairs
    assert len(kinds) == 4
    assert all(p.method.split("_")[-1] in plain(found, "txt-targets") for p in kinds)


def test_sources_name_published_tallies_only_where_there_are_some(made):
    for found, ed in made.values():
        assert not len(ed.data.tallies)
        assert found["tab-robustness"].content["source"] == found["tab-counts"].content["source"]


def test_a_floor_that_no_row_reaches_makes_no_verdict_fragile(made):
    for name in ("without_weapons", "at_sea"):
        _, ed = made[name]
        assert set(ed.counted["confidence"]) == {"medium"}
        found = overview(ed).table
        assert "floor" not in " ".join([*found["flips"], *found["survives"]]).split()


def test_a_test_that_was_not_made_finds_neither_yes_nor_no(tmp_path):
    file = write(tmp_path / "in.csv", UCDP, [{**r, "date_prec": "1"} for r in fatal_events({"2022Q1": 8})])
    import_file(file, chosen_map("ucdp-ged"), tmp_path / "data", Selection())
    table = within_quarter(open_edition(str(tmp_path / "data"))).table.set_index("test")
    assert table.loc["levels", "finds"] is None
    untested = table["p"].isna() & table["probability"].isna()
    assert (table["finds"].isna() == untested).all()


def test_a_map_of_known_sites_alone_says_nothing_of_areas(made):
    found, ed = made["at_sea"]
    assert not ed.facts.places.coarse
    assert ed.campaign.district not in found["fig-map"].content["caption"]


def test_places_without_a_district_are_on_the_map_and_said_to_be(made):
    found, ed = made["at_sea"]
    assert ed.facts.places.placed == ed.facts.record.attacks > 0
    assert not ed.facts.places.areas()
    assert str(ed.facts.places.placed) in " ".join(found["txt-where"].content["paragraphs"])


def test_series_are_those_that_some_row_belongs_to(tmp_path):
    rows = [r for r in fatal_events({"2022Q1": 30}) if r["type_of_violence"] != "2"]
    file = write(tmp_path / "in.csv", UCDP, rows)
    import_file(file, chosen_map("ucdp-ged"), tmp_path / "data", Selection())
    data, _ = check(tmp_path / "data")
    assert [s.id for s in data.campaign.series] == ["state_based", "one_sided"]


def test_series_by_the_original_s_types_where_neither_method_nor_target_is_told(tmp_path):
    kind = tmp_path / "map.yml"
    kind.write_text(
        "name: Plain list\nid: {column: id, prefix: P}\ndate: date_start\n"
        "original: {attack_method: type_of_violence}\nplace: where_coordinates\n",
        "utf-8",
    )
    rows = [{**r, "date_start": r["date_start"][:10]} for r in fatal_events({"2022Q1": 20})]
    import_file(write(tmp_path / "in.csv", UCDP, rows), chosen_map("", kind), tmp_path / "data", Selection())
    data, faults = check(tmp_path / "data")
    assert data is not None, faults
    assert {c for s in data.campaign.series for c in s.where} == {"original_method"}
    assert 1 < len(data.campaign.series) <= 4


def test_no_sentence_predicts_a_series_that_never_had_an_attack(tmp_path):
    folder = without_weapons(tmp_path / "data")
    text = (folder / "report.yml").read_text("utf-8")
    never = "series:\n- {id: never, label: Never, noun: nevers, singular: never, where: {original_method: [Nothing]}}\n"
    (folder / "report.yml").write_text(text.replace("series:\n", never, 1), "utf-8")
    ed = open_edition(str(folder), quarter="2022Q4")
    assert "never" not in {s.series.id for s in ed.facts.outlook.series}
    assert "one_sided" in {s.series.id for s in ed.facts.outlook.series}


def test_check_data_asks_where_every_row_is_deadly_and_nobody_says_why(tmp_path):
    folder = without_weapons(tmp_path / "data")
    said = folder / "report.yml"
    asked = {f.column for f in check(folder)[1] if f.file == "report.yml"}
    assert "only_deadly" not in asked
    said.write_text(said.read_text("utf-8").replace("only_deadly: true\n", ""), "utf-8")
    assert "only_deadly" in {f.column for f in check(folder)[1] if f.file == "report.yml"}
