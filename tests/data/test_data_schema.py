"""The schema is valid by the standard's own validator, and nothing drifts from it."""

import csv
import json
import logging
from pathlib import Path

import pandas as pd
import pytest

from incident_report.data import check, codebook, default_package, load
from incident_report.data.oddities import Outline
from incident_report.paths import DATA

frictionless = pytest.importorskip("frictionless")
logging.getLogger("frictionless").setLevel(logging.ERROR)


def rows_of(name: str) -> list[dict[str, str]]:
    with (DATA / name).open(newline="", encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_package_and_all_data_are_valid():
    report = frictionless.validate(str(DATA / "datapackage.json"))
    assert report.valid, report.flatten(["type", "message"])
    listed = {task.name for task in report.tasks}
    assert {"incidents", "sources", "tallies", "context", "posture", "corrections"} <= listed


def test_frictionless_sees_an_unknown_source(tmp_path):
    raw = json.loads((DATA / "datapackage.json").read_text("utf-8"))
    for name in ("posture.csv", "sources.csv"):
        (tmp_path / name).write_text((DATA / name).read_text("utf-8"))
    raw["resources"] = [r for r in raw["resources"] if r["name"] in ("posture", "sources")]
    (tmp_path / "datapackage.json").write_text(json.dumps(raw))
    assert frictionless.validate(str(tmp_path / "datapackage.json")).valid
    with (tmp_path / "posture.csv").open("a") as stream:
        stream.write("2020-10-01,3000,6,x,nobody-2020\n")
    report = frictionless.validate(str(tmp_path / "datapackage.json"))
    assert [t for (t,) in report.flatten(["type"])] == ["foreign-key"]


def test_a_foreign_key_on_a_list_cannot_be_declared(tmp_path):
    """Why incidents.sources has `itemReference`: the standard compares the whole cell."""
    raw = json.loads((DATA / "datapackage.json").read_text("utf-8"))
    raw["resources"] = [r for r in raw["resources"] if r["name"] in ("incidents", "sources")]
    raw["resources"][0]["path"] = "2020Q2.csv"
    (tmp_path / "2020Q2.csv").write_text((DATA / "incidents/2020Q2.csv").read_text("utf-8"))
    (tmp_path / "sources.csv").write_text((DATA / "sources.csv").read_text("utf-8"))
    path = tmp_path / "datapackage.json"
    path.write_text(json.dumps(raw))
    assert frictionless.validate(str(path)).valid
    key = {"fields": ["sources"], "reference": {"resource": "sources", "fields": ["source_id"]}}
    raw["resources"][0]["schema"]["foreignKeys"] = [key]
    path.write_text(json.dumps(raw))
    try:
        valid = frictionless.validate(str(path)).valid
    except Exception:
        valid = False
    assert not valid


def test_codebook_has_not_drifted():
    assert (DATA / "README.md").read_text("utf-8") == codebook(DATA), "run: incident-report codebook"


def test_codebook_tells_every_field_value_and_weakness():
    text = (DATA / "README.md").read_text("utf-8")
    for table in default_package().tables.values():
        for field in table.fields:
            assert f"| `{field.name}` |" in text
            assert all(f"- `{c.value}` (" in text for c in field.categories)
    weaknesses = load(DATA).campaign.known_weaknesses
    assert len(weaknesses) >= 13
    assert all(" ".join((w if isinstance(w, str) else w["text"]).split()) in text for w in weaknesses)


def test_labels_and_enumerations_agree():
    raw = json.loads((DATA / "datapackage.json").read_text("utf-8"))
    fields = [f for r in raw["resources"] for f in r.get("schema", {}).get("fields", ())]
    for field in fields:
        enum = field.get("constraints", {}).get("enum")
        assert (enum or []) == [c["value"] for c in field.get("categories", ())], field["name"]
        assert field["description"]


def test_every_quarter_file_is_listed():
    raw = json.loads((DATA / "datapackage.json").read_text("utf-8"))
    there = {f"incidents/{p.name}" for p in (DATA / "incidents").glob("*.csv")}
    assert set(raw["resources"][0]["path"]) <= there


def test_project_data_have_no_error():
    data, faults = check(DATA)
    assert data is not None, faults
    assert [f for f in faults if f.severity == "error"] == []


def test_dataset_contract():
    data = load(DATA)
    kinds = {c: str(t) for c, t in data.incidents.dtypes.items()}
    for column in ("munition_count", "killed", "wounded", "us_killed", "us_wounded"):
        assert kinds[column] == "Int64"
    assert kinds["latitude"] == kinds["longitude"] == "Float64"
    assert kinds["date"].startswith("datetime64") and kinds["counted"] == "bool"
    assert all(isinstance(v, tuple) for c in ("techniques", "sources") for v in data.incidents[c])
    assert str(data.tallies["count"].dtype) == "Int64"
    for table in (data.incidents, data.tallies, data.sources, data.context, data.evidence, data.corrections):
        held = {str(t) for t in table.dtypes} - {"Int64", "Float64", "bool", "object", "datetime64[us]"}
        assert held == {"string"} and all(t.storage == "python" for t in table.dtypes if str(t) == "string")
    assert data.context["annotate"].dtype == bool
    assert data.incidents[["date", "incident_id"]].apply(tuple, axis=1).is_monotonic_increasing
    assert data.quarters[:4] == ("2019Q4", "2020Q1", "2020Q2", "2020Q3")


def test_every_row_arrives_as_written():
    data = load(DATA)
    written = [r for p in sorted((DATA / "incidents").glob("*.csv")) for r in rows_of(f"incidents/{p.name}")]
    loaded = {r["incident_id"]: r for r in data.incidents.to_dict("records")}
    assert len(written) == len(loaded)
    corrected = set(zip(data.corrections["incident_id"], data.corrections["field"], strict=True))
    for row in written:
        for column, text in row.items():
            value = loaded[row["incident_id"]][column]
            if (row["incident_id"], column) in corrected:
                continue
            if column == "date":
                assert str(value.date()) == text
            elif column in ("techniques", "sources"):
                assert ";".join(value) == text
            elif column in ("latitude", "longitude") and row["site_id"]:
                assert text == "" and (row["coordinate_precision"] == "town") == bool(pd.isna(value))  # the site's
            elif column in ("latitude", "longitude", "killed", "wounded", "munition_count", "us_killed", "us_wounded"):
                assert (text == "") == bool(pd.isna(value))
                assert not text or float(text) == float(value)
            else:
                assert pd.isna(value) if text == "" else value == text, column
    for name, table in (("tallies.csv", data.tallies), ("sources.csv", data.sources), ("context.csv", data.context)):
        assert len(rows_of(name)) == len(table)


@pytest.mark.parametrize(
    ("incident", "outcome"),
    [
        ("IQ-20200722-1", "found_before_launch"),
        ("IQ-20200715-1", "disputed"),
        ("IQ-20191229-1", "disputed"),
        ("IQ-20200711-1", "carried_out"),  # the US denied that it was the target, not that trucks burned
    ],
)
def test_outcomes(incident, outcome):
    rows = load(DATA).incidents.set_index("incident_id")
    assert rows.loc[incident, "outcome"] == outcome
    assert rows.loc[incident, "counted"] == (outcome == "carried_out")


def test_claimants_have_one_spelling_and_the_original_is_kept():
    rows = load(DATA).incidents.set_index("incident_id")
    names = set(rows["claimed_by"].dropna())
    assert "Usbat al-Thairin" in names and not any("Thaireen" in n or "(" in n for n in names)
    assert "Thaireen" in rows.loc["IQ-20200815-2", "claim_note"]
    assert rows.loc["IQ-20200826-1", "claim_note"].startswith("reported claim, framed as US convoy")


def test_label_points_cover_the_data_and_lie_in_the_country():
    data = load(DATA)
    assert set(data.incidents["governorate"].dropna()) <= set(data.places["governorate"])
    assert len(data.places) == 18
    outline = Outline(data.region, data.campaign.country)
    assert all(outline.holds(r.longitude, r.latitude) for r in data.places.itertuples())
    assert not outline.holds(0, 33.3) and not outline.holds(33.3, 44.4)


def test_schema_files_are_where_the_package_says():
    assert Path(DATA / "datapackage.json").exists()
    assert set(default_package().tables) == {
        "incidents",
        "sources",
        "tallies",
        "context",
        "posture",
        "corrections",
        "evidence",
        "sites",
        "open_questions",
        "method_log",
        "search_protocol",
        "double_coding",
        "coverage",
        "governorates",
        "routes",
        "scores",
    }
