"""What a public build may read of a campaign: nothing that is restricted, no point finer than the rules."""

from __future__ import annotations

import csv
import io
import json
from decimal import Decimal

import pytest
import small
import yaml
from hypothesis import given
from hypothesis import strategies as st

from incident_report.analysis.open import open_edition
from incident_report.cli import main
from incident_report.data import check
from incident_report.data.restrictions import default_rules, rules, without_effect
from incident_report.data.shape import SCHEMAS
from incident_report.data.withhold import public_changes, public_rules
from incident_report.data.withhold_points import coarse
from incident_report.data.withhold_tables import declared
from incident_report.errors import BuildError
from incident_report.publish.attention import rules_without_effect

Q3 = small.Q3


def campaign(**changes: str) -> dict[str, bytes]:
    return {n: t.encode() for n, t in {**small.files(), **changes}.items()}


def public(files: dict[str, bytes]) -> dict[str, bytes]:
    changes = public_changes(files)
    assert public_rules(files) == changes.get("restrictions.yml")  # what check-data asks for
    return {n: c for n, c in {**files, **changes}.items() if c is not None}


def rows(files: dict[str, bytes], name: str) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(files[name].decode("utf-8-sig"), newline="")))


def table(name: str, change) -> str:
    """A table of the small campaign, changed."""
    found = rows(campaign(), name)
    change(found)
    return small.write([{**dict.fromkeys({k: "" for r in found for k in r}, ""), **r} for r in found])


def restrict(at: int, reason: str = "names a witness"):
    def change(found):
        found[at]["restricted"] = reason

    return change


def written(tmp_path, files: dict[str, bytes]):
    return small.make(tmp_path / "public", {**dict.fromkeys(small.files()), **files})


def test_a_restricted_incident_counts_and_says_nothing_else(tmp_path):
    files = campaign(**{Q3: table(Q3, restrict(1))})
    before, after = rows(files, Q3)[1], rows(public(files), Q3)[1]
    assert {c for c, v in after.items() if v and c not in ("incident_id", "sources")} <= {
        "date", "date_precision", "target_category", "attack_method", "confidence", "outcome",
    }  # fmt: skip
    assert after["date"] == before["date"] and after["attack_method"] == before["attack_method"]
    whole, faults = check(written(tmp_path, public(files)))
    assert whole is not None, faults
    assert "restricted" not in whole.incidents and len(whole.incidents) == len(check(
        small.make(tmp_path / "raw"))[0].incidents)  # fmt: skip


def test_doing_it_twice_changes_nothing_more():
    secret = {"columns": {"sites.note": "not ours"}, "persons": [{"name": "A. Person", "accused_of": "theft"}]}
    files = campaign(
        **{
            Q3: table(Q3, restrict(0)),
            "sources.csv": table("sources.csv", restrict(2)),
            "restrictions.yml": yaml.safe_dump(secret),
        }
    )
    once = public(files)
    assert once != files and public_changes(once) == {}


def test_a_correction_holds_for_the_row_that_is_withheld_and_is_not_told():
    line = {"incident_id": "IQ-20200711-1", "field": "attack_method", "old": "arson_mob", "new": "small_arms",
            "reason": "what the driver told in confidence", "date": "2020-10-06", "by": "editor"}  # fmt: skip
    files = campaign(**{Q3: table(Q3, restrict(1)), "corrections.csv": small.write([line])})
    out = public(files)
    assert rows(out, Q3)[1]["attack_method"] == "small_arms"
    assert rows(out, "corrections.csv") == []


def test_a_correction_can_restrict_a_row():
    line = {"incident_id": "IQ-20200711-1", "field": "restricted", "old": "", "new": "a threat", "reason": "asked",
            "date": "2020-10-06", "by": "editor"}  # fmt: skip
    files = campaign(**{"corrections.csv": small.write([line])})
    out = public(files)
    assert rows(out, Q3)[1]["incident_id"] == "withheld-1" and "a threat" not in str(out)


@pytest.mark.parametrize("name", ["context.csv", "posture.csv", "tallies.csv", "sites.csv", "geo/governorates.csv"])
def test_a_restricted_row_of_another_table_is_left_out(tmp_path, name):
    files = campaign(**{name: table(name, restrict(0))})
    out = public(files)
    assert len(rows(out, name)) == len(rows(files, name)) - 1
    assert check(written(tmp_path, out))[0] is not None


def test_a_restricted_source_has_a_stand_in_of_its_kind_and_grade(tmp_path):
    ident = rows(campaign(), Q3)[0]["sources"].split(";")[0]
    at = next(i for i, r in enumerate(rows(campaign(), "sources.csv")) if r["source_id"] == ident)
    files = campaign(**{"sources.csv": table("sources.csv", restrict(at))})
    out = public(files)
    old, new = rows(files, "sources.csv")[at], rows(out, "sources.csv")[-1]
    assert rows(out, Q3)[0]["sources"].split(";")[0] == new["source_id"] != ident
    assert (new["kind"], new["reliability"], new["url"]) == (old["kind"], old["reliability"], "")
    assert ident not in str({n: c for n, c in out.items() if n.endswith(".csv")})
    assert check(written(tmp_path, out))[0] is not None


def test_sources_that_only_withheld_rows_cite_are_left_out():
    files = campaign(**{Q3: table(Q3, restrict(1))})
    only = set(rows(files, Q3)[1]["sources"].split(";"))
    rest = {s for q in (small.Q2, Q3) for i, r in enumerate(rows(files, q)) for s in r["sources"].split(";")
            if (q, i) != (Q3, 1)}  # fmt: skip
    assert only - rest
    assert not (only - rest) & {r["source_id"] for r in rows(public(files), "sources.csv")}


def test_what_foreign_files_held_row_by_row_is_no_part_of_it():
    files = campaign(**{"import/dataset.csv": "id,secret\n1,2\n"})
    assert "import/dataset.csv" not in public(files)


@pytest.mark.parametrize(
    ("content", "named"),
    [
        ("columns: {incidents.date: why}", "incidents.date"),
        ("columns: {incidents.summary: }", "columns.incidents.summary"),
        ("coordinates: {sites: {site_point: fine}}", "coordinates.sites.site_point"),
        ("persons: [{name: X}]", "accused_of"),
        ("{", "YAML"),
        ("secret: yes", "secret"),
    ],
)
def test_rules_that_cannot_be_carried_out_stop_everything(content, named):
    with pytest.raises(BuildError, match=named):
        public_changes(campaign(**{"restrictions.yml": content}))


MISSPELT = """coordinates:
  sites:
    site_pont: 0.1
  targets: {convoys: none}
  paths: 0.1
routes:
  targets: [logistics_convoys]
  highway: [Highway 1]
given_by_sources:
  interceptd: ["yes"]
  intercepted: [maybe]
  techniques: [precision_impakt]
columns:
  incidents.munition_detial: why
  incident.munition_detail: why
persons:
  - {name: X, accused_off: theft}
words: {persons: nobody}
colums: {}
"""


def test_each_name_that_there_is_not_is_one_line_with_its_place_and_what_there_is(tmp_path):
    with pytest.raises(BuildError) as caught:
        public_changes(campaign(**{"restrictions.yml": MISSPELT}))
    where = [tuple(line.split(": ")[:2]) for line in caught.value.lines]
    assert where == [
        ("restrictions.yml:3", "coordinates.sites.site_pont"),
        ("restrictions.yml:4", "coordinates.targets.convoys"),
        ("restrictions.yml:5", "coordinates.paths"),
        ("restrictions.yml:7", "routes.targets.0"),
        ("restrictions.yml:8", "routes.highway"),
        ("restrictions.yml:10", "given_by_sources.interceptd"),
        ("restrictions.yml:11", "given_by_sources.intercepted.0"),
        ("restrictions.yml:12", "given_by_sources.techniques.0"),
        ("restrictions.yml:14", "columns.incidents.munition_detial"),
        ("restrictions.yml:15", "columns.incident.munition_detail"),
        ("restrictions.yml:17", "persons.0"),  # lacks what it is accused of
        ("restrictions.yml:17", "persons.0.accused_off"),
        ("restrictions.yml:18", "words.persons"),
        ("restrictions.yml:19", "colums"),
    ]
    there = ["site_point", "logistics_convoy", "routes", "logistics_convoy", "highways", "intercepted", "partial",
             "precision_impact", "munition_detail", "incidents", "", "accused_of", "person", "columns"]  # fmt: skip
    assert all(name in line for name, line in zip(there, caught.value.lines, strict=True))
    _, faults = check(small.make(tmp_path / "c", {"restrictions.yml": MISSPELT}))
    assert [f.line for f in faults if f.file == "restrictions.yml"] == [int(w.partition(":")[2]) for w, _ in where]


def test_a_kind_of_the_campaigns_own_schema_may_have_a_rule(tmp_path):
    package = json.loads((SCHEMAS / "default_datapackage.json").read_text("utf-8"))
    incidents = next(r for r in package["resources"] if r["name"] == "incidents")
    kinds = next(f for f in incidents["schema"]["fields"] if f["name"] == "target_category")
    kinds["constraints"]["enum"].append("train")
    own = {"restrictions.yml": "routes: {targets: [train, logistics_convoy]}"}
    assert rules(own["restrictions.yml"].encode(), json.dumps(package).encode())["routes"]["targets"][0] == "train"
    with pytest.raises(BuildError, match="'train' is not known"):
        public_changes(campaign(**own))


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("persons: []\npersons: []", 2),
        ("columns:\n  sites.note: a\n  sites.note: b", 3),
        ("persons: &a []\nwords: *a", 0),
    ],
)
def test_a_rule_that_another_would_cover_is_refused(content, line):
    with pytest.raises(BuildError, match=rf"restrictions\.yml:{line}: " if line else "alias"):
        public_changes(campaign(**{"restrictions.yml": content}))


def test_the_rules_that_come_with_the_package_name_what_the_schema_has():
    found = yaml.safe_dump({k: v for k, v in default_rules().items()})
    assert rules(found.encode()) == default_rules()
    kinds = {*default_rules()["coordinates"]["targets"]} - {"other"}
    assert kinds <= {*declared(None)["incidents"]["target_category"]}
    assert {*default_rules()["coordinates"]["sites"]} - {"other"} <= {*declared(None)["sites"]["precision"]}
    assert {*default_rules()["routes"]["targets"]} <= {*declared(None)["incidents"]["target_category"]}


@pytest.mark.parametrize("content", ["", "# nothing\n", "---\n"])
def test_a_file_without_rules_leaves_the_default_ones(content):
    assert rules(content.encode()) == default_rules()


def test_check_data_names_rules_that_cannot_be_read(tmp_path):
    folder = small.make(tmp_path / "c", {"restrictions.yml": "columns: {incidents.summary: }"})
    found, faults = check(folder)
    assert found is None and [f.file for f in faults if f.severity == "error"] == ["restrictions.yml"]


def test_a_campaigns_rules_are_laid_over_the_default_ones():
    found = rules(b"coordinates: {sites: {site_point: 0.5}}")
    assert found["coordinates"]["sites"]["site_point"] == 0.5
    assert found["coordinates"]["sites"]["other"] == rules(None)["coordinates"]["sites"]["other"]


def test_a_restricted_text_that_stands_elsewhere_too_stops_the_build():
    text = "the driver named the officer who sold the route"

    def tell(found):
        found[1] |= {"summary": text, "restricted": "a witness"}

    def again(found):
        found[0]["summary"] = f"As {text}, it is said."

    files = campaign(**{Q3: table(Q3, tell), "context.csv": table("context.csv", again)})
    with pytest.raises(BuildError, match=r"context\.csv"):
        public_changes(files)


def test_persons_without_sign_off_have_no_name():
    person = {"name": "Ali Example", "spelt": ["Example"], "accused_of": "selling routes"}

    def tell(found):
        found[0] |= {"label": "Ali Example arrested", "summary": "Police hold Example. Ali Example denies it."}

    for signed, there in ((None, False), ({"by": "The editor", "date": "2020-10-01"}, True)):
        one = {**person, **({"signed_off": signed} if signed else {})}
        files = campaign(
            **{"context.csv": table("context.csv", tell), "restrictions.yml": yaml.safe_dump({"persons": [one]})}
        )
        assert ("Example" in public(files)["context.csv"].decode()) is there
    hidden = campaign(
        **{"context.csv": table("context.csv", tell), "restrictions.yml": yaml.safe_dump({"persons": [person]})}
    )
    assert rows(public(hidden), "context.csv")[0]["summary"] == (
        "Police hold a person not named here. A person not named here denies it."
    )
    assert "selling" not in public(hidden)["restrictions.yml"].decode()


def test_an_aim_that_no_source_gives_is_left_out():
    def tell(found):
        found[1] |= {"techniques": "precision_impact;salvo", "intercepted": "yes"}
        found[2] |= {"techniques": "precision_impact", "intercepted": "no"}

    ids = [r["incident_id"] for r in rows(campaign(), Q3)]
    source = rows(campaign(), "sources.csv")[0]["source_id"]
    said = [
        {"incident_id": ids[1], "field": "techniques", "value": "salvo", "source_id": source, "status": "stated"},
        {"incident_id": ids[1], "field": "intercepted", "value": "yes", "source_id": source, "status": "inferred"},
        {"incident_id": ids[2], "field": "intercepted", "value": "no", "source_id": source, "status": "stated"},
    ]
    files = campaign(**{Q3: table(Q3, tell), "evidence.csv": small.write([{**r, "note": ""} for r in said])})
    out = rows(public(files), Q3)
    assert (out[1]["techniques"], out[1]["intercepted"]) == ("salvo", "")
    assert (out[2]["techniques"], out[2]["intercepted"]) == (
        "precision_impact",
        "no",
    )  # evidence is silent on the first


STORY = """---
quarter: 2020Q3
---
# Fewer attacks
? all is known

Quiet words. Witness Zaki saw it.
! a witness
More quiet words [IQ-20200711-1].
? all is known
The end.

## How bad
Bad. <!-- a note
of two lines -->
! told in confidence
## Dates
- 1 July: one thing.
- 2 July: the other thing of Zaki.
! a witness
"""


def test_a_story_goes_out_without_its_restricted_passages():
    files = campaign(**{Q3: table(Q3, restrict(1)), "story/2020Q3.md": STORY})
    text = public(files)["story/2020Q3.md"].decode()
    assert "Zaki" not in text and "More quiet" not in text and "!" not in text.replace("<!--", "")
    assert "The end." in text and "one thing" in text and "Fewer attacks" in text and "Bad." not in text


def test_without_its_headline_a_story_has_no_standfirst():
    story = STORY.replace("# Fewer attacks\n", "# Fewer attacks\n! too early\n")
    text = public(campaign(**{"story/2020Q3.md": story}))["story/2020Q3.md"].decode()
    assert "The end." not in text and "one thing" in text


@pytest.mark.parametrize("text", ["! alone", "Text.\n!", "Text.\n!   "])
def test_a_restriction_needs_a_text_and_a_reason(tmp_path, text):
    story = f"---\nquarter: 2020Q3\n---\n# Quiet\n\n{text}\n"
    found, faults = check(small.make(tmp_path / "c", {"story/2020Q3.md": story}))
    assert found is None and {f.file for f in faults if f.severity == "error"} == {"story/2020Q3.md"}


steps = st.sampled_from([Decimal(s) for s in ("0.01", "0.05", "0.1", "0.25", "1")])
degrees = st.decimals(-180, 180, allow_nan=False, places=7)


@given(degrees, steps)
def test_a_coarse_point_lies_on_the_grid_beside_the_true_one(value, step):
    text = coarse(f"{value:f}", step)
    assert abs(Decimal(text) - value) <= step / 2 and Decimal(text) % step == 0
    assert coarse(text, step) == text


def test_check_data_says_what_the_public_does_not_see_and_what_it_still_would(tmp_path, capsys):
    folder = small.make(tmp_path / "c", {Q3: table(Q3, restrict(1)), "restrictions.yml": "columns: {sites.note: ours}"})
    assert main(["check-data", "--data", str(folder)]) == 0
    assert "incidents in outline: 1, columns empty: 1" in capsys.readouterr().out
    secret = rows(campaign(), Q3)[1]["summary"]
    again = small.make(tmp_path / "d", {Q3: table(Q3, restrict(1)), "README.md": f"As told: {secret}"})
    assert main(["check-data", "--data", str(again)]) == 1
    assert "README.md" in capsys.readouterr().err


def test_what_reviewers_wrote_goes_out_without_restricted_names_and_ids():
    line = {"id": "a", "kind": "Claim", "statement": "So.", "comment": "Is it علي or Ali Example? See IQ-20200711-1.",
            "answer": "=No"}  # fmt: skip
    review = json.dumps({"quarter": "2020Q3", "back": True, "lines": [line]})
    person = yaml.safe_dump({"persons": [{"name": "Ali Example", "accused_of": "theft"}]})
    files = campaign(**{"review/2020Q3.json": review, "restrictions.yml": person, Q3: table(Q3, restrict(1))})
    told = json.loads(public(files)["review/2020Q3.json"])["lines"][0]
    assert told["comment"] == "Is it علي or a person not named here? See withheld-1."
    assert told["answer"] == "=No"


def test_a_restricted_text_in_a_comment_stops_the_build():
    secret = rows(campaign(), Q3)[1]["summary"]
    line = {"id": "a", "kind": "Claim", "statement": "So.", "comment": f"“{secret}”, really?", "answer": ""}
    review = json.dumps({"quarter": "2020Q3", "lines": [line]})
    with pytest.raises(BuildError, match=r"review/2020Q3\.json"):
        public_changes(campaign(**{"review/2020Q3.json": review, Q3: table(Q3, restrict(1))}))


@pytest.mark.parametrize("name", ["incidents.munition_detial", "incident.munition_detail", "incidents.x"])
def test_a_column_that_there_is_not_is_refused_for_what_was_meant_would_go_out(name):
    with pytest.raises(BuildError, match=f"columns.{name}: is no column"):
        public_changes(campaign(**{"restrictions.yml": yaml.safe_dump({"columns": {name: "why"}})}))


@pytest.mark.parametrize(
    "written", ["Mary Zork-Quill", "Mary\nZork-Quill", "Mary\u00a0Zork\u2011Quill", "MARY ZORK-QUILL"]
)
def test_a_persons_name_is_taken_out_over_line_ends_and_in_capitals(written):
    story = f"---\nquarter: 2020Q3\n---\n# Bombs\n? all is known\n\nThen {written} came.\n? all is known\n"
    rule = yaml.safe_dump({"persons": [{"name": "Mary Zork-Quill", "accused_of": "a bomb"}]})
    out = public(campaign(**{"restrictions.yml": rule, "story/2020Q3.md": story}))["story/2020Q3.md"].decode()
    assert "zork" not in out.casefold() and "Then a person not named here came." in out


def test_a_persons_name_over_two_cells_stops_the_build():
    rule = yaml.safe_dump({"persons": [{"name": "Mary Zork-Quill", "accused_of": "a bomb"}]})
    found = rows(campaign(), "sources.csv")
    one, other = [*found[0]][1:3]
    split = table("sources.csv", lambda lines: lines[0].update({one: "by Mary", other: "Zork-Quill"}))
    with pytest.raises(BuildError, match=r"sources\.csv: still names a person"):
        public_rules(campaign(**{"restrictions.yml": rule, "sources.csv": split}))


def test_a_persons_name_within_an_address_stops_the_build():
    rule = yaml.safe_dump({"persons": [{"name": "Mary Zork-Quill", "accused_of": "a bomb"}]})
    address = restrictable("sources.csv", "url", "https://news.example/mary-zork-quill-held")
    with pytest.raises(BuildError, match=r"sources\.csv: still names a person"):
        public_changes(campaign(**{"restrictions.yml": rule, "sources.csv": address}))


def restrictable(name: str, column: str, value: str) -> str:
    return table(name, lambda found: found[0].update({column: value}))


_PART = (
    "---\nquarter: 2020Q3\n{more}---\n# A\n? all is known\n\n## How bad\n{one}\n? all is known\n{two}\n? all is rise\n"
)


@pytest.mark.parametrize("at", [0, 1, 2])
def test_a_passage_restricted_in_one_language_alone_stops_the_build(at):
    told = _PART.format(more="", one="One.", two="Two.").replace("One.\n", "One.\n! a witness\n")
    mark = [("Eins.\n", "Eins.\n! ein Zeuge\n"), ("Zwei.\n", "Zwei.\n! ein Zeuge\n"), ("", "")][at]
    other = _PART.format(more="language: de\n", one="Eins.", two="Zwei.").replace(*mark)
    files = campaign(**{"story/2020Q3.md": told, "story/2020Q3.de.md": other})
    if at == 0:
        assert b"Eins" not in public(files)["story/2020Q3.de.md"]
        return
    with pytest.raises(BuildError, match=r"story/2020Q3.de.md: how-bad: "):
        public_changes(files)


CORRECTED = {"incident_id": "IQ-20200705-1", "reason": "told in confidence by a neighbour", "date": "2020-10-06",
             "by": "editor", "restricted": "a witness"}  # fmt: skip


@pytest.mark.parametrize(
    ("cells", "field", "also"),
    [
        ({"summary": "A rocket hit a house."}, "summary", ()),
        ({"place": "beside the zone"}, "place", ()),
        ({"killed": "1", "us_killed": "0"}, "killed", ("us_killed",)),
        ({"techniques": "salvo"}, "techniques", ()),
    ],
)
def test_a_restricted_correction_takes_its_cell_with_it(tmp_path, cells, field, also):
    line = {**CORRECTED, "field": field, "old": cells[field], "new": {"killed": "3"}.get(field, "drone_delivered")}
    earlier = {**line, "old": "", "new": cells[field], "date": "2020-10-05", "restricted": "", "reason": "first"}
    said = {"incident_id": "IQ-20200705-1", "field": field, "value": cells[field], "source_id": "rt-nd",
            "status": "stated", "note": ""}  # fmt: skip
    files = campaign(
        **{
            Q3: table(Q3, lambda found: found[0].update({**cells, field: ""})),
            "corrections.csv": small.write([earlier, line]),
            "evidence.csv": small.write([said]),
        }
    )
    out = public(files)
    assert {c: rows(out, Q3)[0][c] for c in (field, *also)} == dict.fromkeys((field, *also), "")
    assert rows(out, "corrections.csv") == rows(out, "evidence.csv") == []
    assert CORRECTED["reason"].encode() not in b"".join(out.values()) and public_changes(out) == {}
    data, faults = check(written(tmp_path, out))
    assert data is not None, faults


@pytest.mark.parametrize(("field", "new"), [("outcome", "disputed"), ("date", "2020-07-06")])
def test_a_restricted_correction_of_what_counts_rest_on_is_refused(tmp_path, capsys, field, new):
    old = rows(campaign(), Q3)[0][field]
    plain = {**CORRECTED, "field": "wounded", "old": "1", "new": "2", "restricted": ""}
    line = {**CORRECTED, "field": field, "old": old, "new": new}
    folder = small.make(tmp_path / "c", {"corrections.csv": small.write([plain, line])})
    assert main(["check-data", "--data", str(folder)]) == 1
    told = [text for text in capsys.readouterr().err.splitlines() if "corrections.csv:3" in text]
    assert len(told) == 1 and field in told[0]


def test_a_restricted_correction_of_a_restricted_incident_is_worked_in_and_not_told():
    ident = rows(campaign(), Q3)[1]["incident_id"]
    line = {**CORRECTED, "incident_id": ident, "field": "outcome", "old": "carried_out", "new": "disputed"}
    files = campaign(**{Q3: table(Q3, restrict(1)), "corrections.csv": small.write([line])})
    out = public(files)
    assert rows(out, Q3)[1]["outcome"] == "disputed" and rows(out, "corrections.csv") == []


def test_a_restricted_incident_has_the_sources_that_it_was_corrected_to(tmp_path):
    first = rows(campaign(), Q3)[1]
    other = next(r["source_id"] for r in rows(campaign(), "sources.csv") if r["source_id"] not in first["sources"])
    line = {"incident_id": first["incident_id"], "field": "sources", "old": first["sources"], "new": other,
            "reason": "a slip", "date": "2020-10-06", "by": "editor"}  # fmt: skip
    files = campaign(**{Q3: table(Q3, restrict(1)), "corrections.csv": small.write([line])})
    out = public(files)
    assert rows(out, Q3)[1]["sources"].count(";") == 0
    assert rows(out, Q3)[1]["sources"] in {r["source_id"] for r in rows(out, "sources.csv")}
    assert check(written(tmp_path, out))[0] is not None


def _schema(column: str, old: str, new: str) -> str:
    """The default schema with one value of the incidents called something else."""
    package = json.loads((SCHEMAS / "default_datapackage.json").read_text("utf-8"))
    incidents = next(r for r in package["resources"] if r["name"] == "incidents")
    (field,) = (f for f in incidents["schema"]["fields"] if f["name"] == column)
    return json.dumps(package).replace(json.dumps(field), json.dumps(field).replace(f'"{old}"', f'"{new}"'))


CONVOYS = _schema("target_category", "logistics_convoy", "supply_column")


@pytest.mark.parametrize(
    ("schema", "own", "told"),
    [
        ("", "", []),
        ("", "routes: {highways: [Highway 1]}", []),
        (CONVOYS, "", ["routes.targets"]),
        (CONVOYS, "routes: {targets: [supply_column]}", []),
        (CONVOYS, "routes: {targets: []}", []),
        (CONVOYS, "routes: {targets: [supply_column, logistics_convoy]}", ["routes.targets"]),
        (CONVOYS, "{routes: {targets: []}, coordinates: {targets: {logistics_convoy: 0.1}}}", ["coordinates.targets"]),
        (_schema("techniques", "precision_impact", "hit_exactly"), "", ["given_by_sources.techniques"]),
        (_schema("attack_method", "rocket", "rockets"), "", []),
    ],
)
def test_a_rule_that_names_what_this_campaign_calls_otherwise_is_told_of(schema, own, told):
    found = without_effect(own.encode() or None, schema.encode() or None, roads=False)
    assert [rule for rule, _ in found] == told
    assert all(("supply_column" if "target" in rule else "hit_exactly") in message for rule, message in found)


@pytest.mark.parametrize(("roads", "told"), [(True, 1), (False, 0)])
def test_a_campaign_without_what_moves_along_a_road_is_told_so_only_where_it_has_roads(roads, told):
    package = json.loads((SCHEMAS / "default_datapackage.json").read_text("utf-8"))
    incidents = next(r for r in package["resources"] if r["name"] == "incidents")
    (field,) = (f for f in incidents["schema"]["fields"] if f["name"] == "target_category")
    field["constraints"]["enum"] = ["government", "other"]
    assert len(without_effect(None, json.dumps(package).encode(), roads=roads)) == told


def test_check_data_and_build_warn_of_convoys_under_another_name(tmp_path):
    content = {n: t.replace("logistics_convoy", "supply_column") for n, t in small.files().items()}
    _, faults = check(small.make(tmp_path / "c", {**content, "datapackage.json": CONVOYS}))
    (warning,) = (f for f in faults if f.file == "restrictions.yml")
    assert (warning.severity, warning.column) == ("warning", "routes.targets")
    assert "logistics_convoy" in warning.message and "supply_column" in warning.message
    (line,) = rules_without_effect(open_edition(data_folder=tmp_path / "c"), "mine")
    assert line.strip().startswith("mine/restrictions.yml") and warning.message in line
