"""A campaign's own schema: what it may change, and what it may not."""

import json
import sys
from pathlib import Path

import pytest

from incident_report.data import check, codebook, format_faults, load, refresh_package
from incident_report.paths import DATA

sys.path.insert(0, str(Path(__file__).parents[1] / "data"))
from small import Q3, files, make


def schema():
    raw = json.loads((DATA / "datapackage.json").read_text("utf-8"))
    fields = raw["resources"][0]["schema"]["fields"]
    return raw, fields, {f["name"]: f for f in fields}


def test_it_may_allow_other_values_and_add_columns(tmp_path):
    raw, fields, by_name = schema()
    by_name["target_category"]["constraints"]["enum"].append("tanker")
    by_name["target_category"]["categories"].append({"value": "tanker", "label": "Oil tanker"})
    fields.append({"name": "phase", "type": "string", "default": "first", "description": "Phase of the campaign."})
    changed = files()[Q3].replace("embassy_diplomatic", "tanker", 1)
    folder = make(tmp_path / "c", {"datapackage.json": json.dumps(raw), Q3: changed})
    data = load(folder)
    assert "tanker" in set(data.incidents["target_category"])
    assert set(data.incidents["phase"]) == {"first"}
    assert "- `tanker` (Oil tanker)" in codebook(folder) and "| `phase` |" in codebook(folder)


def lose_a_field(raw, fields, by_name):
    fields.remove(by_name["date"])


def change_a_type(raw, fields, by_name):
    by_name["killed"]["type"] = "string"


def widen_what_is_counted(raw, fields, by_name):
    by_name["outcome"]["categories"].append({"value": "planned", "label": "Planned"})


def take_a_computed_name(raw, fields, by_name):
    fields.append({"name": "quarter", "type": "string", "default": ""})


def bad_pattern(raw, fields, by_name):
    by_name["place"]["constraints"] = {"pattern": "("}


def bad_limit(raw, fields, by_name):
    by_name["killed"]["constraints"] = {"minimum": "none"}


def no_resources(raw, fields, by_name):
    raw["resources"] = raw["resources"][1:]


@pytest.mark.parametrize(
    ("spoil", "words"),
    [
        (lose_a_field, "no field 'date'"),
        (change_a_type, "must be integer"),
        (widen_what_is_counted, "planned"),
        (take_a_computed_name, "computed"),
        (bad_pattern, "regular expression"),
        (bad_limit, "minimum and maximum"),
        (no_resources, "no resource 'incidents'"),
    ],
)
def test_it_may_not_take_away_what_the_report_needs(tmp_path, spoil, words):
    raw, fields, by_name = schema()
    spoil(raw, fields, by_name)
    data, faults = check(make(tmp_path / "c", {"datapackage.json": json.dumps(raw)}))
    assert data is None
    assert any(f.file == "datapackage.json" and words in f.message for f in faults), format_faults(faults)


def test_a_new_file_is_listed_without_changing_the_codebook(tmp_path):
    raw, _, _ = schema()
    folder = make(tmp_path / "c", {"datapackage.json": json.dumps(raw)})
    before = codebook(folder)
    assert refresh_package(folder)
    (folder / "incidents/2020Q4.csv").write_text(files()[Q3].splitlines()[0] + "\n")
    assert refresh_package(folder) and not refresh_package(folder)
    listed = json.loads((folder / "datapackage.json").read_text("utf-8"))["resources"][0]["path"]
    assert listed == ["incidents/2020Q2.csv", "incidents/2020Q3.csv", "incidents/2020Q4.csv"]
    assert codebook(folder) == before
