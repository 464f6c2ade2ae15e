"""Outlines of any country: found by the name that people use, sound, with its neighbours."""

from __future__ import annotations

import json

import pytest

from incident_report.data.files import Folder
from incident_report.data.outlines import country_called, country_names, region
from incident_report.data.region import FILE, read


@pytest.mark.parametrize(
    ("written", "name"),
    [
        ("Iraq", "Iraq"),
        ("yemen", "Yemen"),
        ("Central African Republic", "Central African Rep."),
        ("Democratic Republic of the Congo", "Dem. Rep. Congo"),
        ("Bosnia and Herzegovina", "Bosnia and Herz."),
        ("Cote d'Ivoire", "Côte d'Ivoire"),
        ("United States", "United States of America"),
        ("UAE", "United Arab Emirates"),
        ("South Sudan", "S. Sudan"),
    ],
)
def test_a_country_is_found_by_the_names_that_people_use(written: str, name: str) -> None:
    assert country_called(written) == name


@pytest.mark.parametrize(("written", "hint"), [("Yemem", "Yemen"), ("", "English"), ("United", "United")])
def test_a_name_that_is_none_is_refused_with_a_hint(written: str, hint: str) -> None:
    with pytest.raises(ValueError, match=hint):
        region(written)


@pytest.mark.parametrize("name", ["Iraq", "Fiji", "Russia", "Vatican", "Chile", "France", "Antarctica"])
def test_an_outline_passes_the_loaders_own_check(name: str, tmp_path) -> None:
    made = region(name)
    (tmp_path / "geo").mkdir()
    (tmp_path / FILE).write_text(json.dumps(made), "utf-8")
    faults: list[object] = []
    assert read(Folder(tmp_path, faults.append)) is not None
    assert not faults
    assert made["features"][0]["properties"]["name"] == name


def test_neighbours_are_drawn_and_far_lands_are_not() -> None:
    names = {f["properties"]["name"] for f in region("Iraq")["features"]}
    assert {"Iran", "Syria", "Kuwait", "Turkey", "Saudi Arabia", "Jordan"} <= names
    assert not {"India", "France", "Libya"} & names


def test_a_country_over_several_seas_is_seen_where_most_of_it_is() -> None:
    west, south, east, north = region("France")["bbox"]
    assert (west, east) == pytest.approx((-4.8, 9.6), abs=0.2)
    assert (south, north) == pytest.approx((41.4, 51.1), abs=0.2)


def test_every_country_has_a_ring() -> None:
    assert len(country_names()) > 230
    small = [n for n in country_names() if n in ("Monaco", "Vatican", "Nauru", "San Marino", "Malta")]
    assert all(region(n)["features"][0]["properties"]["name"] == n for n in small)
