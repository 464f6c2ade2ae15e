"""Every chapter, cell by cell, on data that nobody wrote it for: other campaigns, and quarters made up here."""

import csv
import random
import re
import shutil
from datetime import timedelta
from pathlib import Path

import pytest
from chapters import coarse, records, texts, unresolved

from incident_report.analysis.open import open_edition
from incident_report.data.loader import check
from incident_report.paths import DATA, ROOT
from incident_report.periods import Period
from incident_report.present.records import MIME
from incident_report.publish.absent import drop_absent

OTHER = ROOT / "campaigns" / "syria-2012-2013-sample"
FOUNDING = re.compile(r"Iraq|Baghdad|\b[Mm]ilitia|Knights|Kataib|Green Zone|C-RAM|\bUS\b|[Ee]mbass|[Cc]oalition")
BROKEN = re.compile(r"\bnan\b|\bNaN\b|<NA>|\bNone\b(?! of| says| told| for| to| once)|  \b|\(\)|\{|\}|\.\.(?!\.)| ,")

MARKS = re.compile(r"\{\.[.\w -]*\}")  # classes of drawn marks


def everything(found):
    """All text that a reader sees, with cells of tables."""
    for id, record in found.items():
        for text in texts(record):
            if not text.startswith(":::"):  # the place of the bibliography: no text
                yield id, MARKS.sub("", text)
        for row in record.content.get("rows", []):
            for cell in row:
                yield id, MARKS.sub("", cell)


def made_up(folder: Path, quarter: str, rows: int, seed: int, **columns) -> Path:
    """The founding campaign with one more quarter, whose rows hold what `columns` allow and else nothing."""
    shutil.copytree(DATA, folder)
    with (DATA / "incidents" / "2020Q3.csv").open(encoding="utf-8", newline="") as file:
        header = next(csv.reader(file))
    chance, span = random.Random(seed), Period.parse(quarter)
    base = {"date_precision": ["day"], "target_category": ["other"], "attack_method": ["other"], "sources": ["rt-nd"]}
    choices = base | {"confidence": ["low", "medium"], "outcome": ["carried_out"]} | columns
    with (folder / "incidents" / f"{quarter}.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, restval="", lineterminator="\n")
        writer.writeheader()
        for i in range(rows):
            day = span.start + timedelta(days=chance.randrange(59))
            row = {k: chance.choice(v) for k, v in choices.items()}
            writer.writerow(row | {"incident_id": f"MADE-{i}", "date": day.isoformat()})
    return folder


def test_the_second_campaign_names_nothing_of_the_first(monkeypatch):
    coarse(monkeypatch)
    data, faults = check(OTHER)
    assert data is not None, faults
    found = records(OTHER, quarter="2013Q4")
    assert not unresolved(found)
    named = [(id, t) for id, t in everything(found) if FOUNDING.search(t)]
    assert not named
    assert "sample" in " ".join(texts(found["txt-scope"]))
    assert "sample" in " ".join(texts(found["front-strap"]))  # page one stands alone
    assert "UCDP" in " ".join(texts(found["txt-what-is-counted"]))  # its own unit, not a volley
    assert {"fig-map", "tab-exclusions", "tab-rubric"} <= set(found)
    assert not {"tab-claims", "fig-claims", "tab-verdicts", "tab-doubts"} & set(found)  # no article is under test


@pytest.mark.parametrize(
    ("quarter", "rows", "columns"),
    [
        pytest.param("2020Q4", 15, {}, marks=pytest.mark.chaos, id="all unknown"),  # a front of such: test_front.py
        pytest.param(
            "2021Q1",
            40,
            {
                "attack_method": ["drone"],
                "target_category": ["airport", "coalition_base"],
                "killed": ["", "0", "250"],
                "wounded": ["", "0", "900"],
                "governorate": ["Baghdad", "Erbil"],
                "claimed_by": ["", "A *group* [x](y)"],
            },
            id="drones alone, after a gap",
        ),
    ],
)
def test_a_quarter_that_nobody_has_seen_reads_whole(tmp_path, monkeypatch, quarter, rows, columns):
    coarse(monkeypatch)
    folder = made_up(tmp_path / "data", quarter, rows, 1, **columns)
    data, faults = check(folder)
    assert data is not None, faults
    found = records(folder, quarter=quarter)
    assert not unresolved(found)
    broken = [(id, t) for id, t in everything(found) if BROKEN.search(t)]
    assert not broken
    facts = open_edition(str(folder), quarter=quarter).facts
    assert all(one.basis == "documented" and not one.tally.known for one in facts.edition.series)
    assert facts.record.attacks == rows
    assert ("fig-map" in found) == bool(columns)


# ---- what is absent is said once --------------------------------------------------------------------------


def cell(kind, source, *paragraphs):
    import nbformat.v4 as v4

    if kind == "md":
        return v4.new_markdown_cell(source)
    data = [{MIME: {"kind": "prose", "id": source, "paragraphs": list(p)}} for p in paragraphs]
    return v4.new_code_cell(source, outputs=[v4.new_output("execute_result", d) for d in data])


def shown(node):
    return [c.source for c in node.cells]


def test_a_section_that_only_repeats_goes_with_its_heading():
    import nbformat.v4 as v4

    node = v4.new_notebook(
        cells=[
            cell("md", "# Chapter"),
            cell("code", "a", ["Nothing here."]),
            cell("md", "## Gone"),
            cell("code", "b", ["Nothing here."]),
            cell("md", "### Gone, too"),
            cell("code", "c", []),
            cell("md", "## Kept"),
            cell("code", "d", ["Something."]),
        ]
    )
    assert shown(drop_absent(node)) == ["# Chapter", "a", "## Kept", "d"]


def test_a_chapter_without_anything_is_its_title_and_one_sentence():
    import nbformat.v4 as v4

    node = v4.new_notebook(
        cells=[
            cell("md", "# Chapter"),
            cell("code", "imports"),
            cell("code", "a", ["Nothing here."]),
            cell("md", "Every option fills one template."),
            cell("md", "## More"),
            cell("code", "b", ["Nothing here."]),
        ]
    )
    assert shown(drop_absent(node)) == ["# Chapter", "imports", "a"]


def test_a_chapter_that_has_only_empty_records_is_no_chapter():
    import nbformat.v4 as v4

    node = v4.new_notebook(cells=[cell("md", "# Chapter"), cell("code", "imports"), cell("code", "a", [])])
    node.cells[-1].outputs = [v4.new_output("execute_result", {MIME: {"kind": "prose", "id": "a", "paragraphs": []}})]
    assert shown(drop_absent(node)) == []


def test_a_heading_over_code_that_put_out_nothing_goes():
    import nbformat.v4 as v4

    cells = [cell("md", "# C"), cell("code", "a", ["A."]), cell("md", "## Gone"), cell("code", "b")]
    cells += [cell("md", "## Text\n\nstays"), cell("code", "c")]
    assert shown(drop_absent(v4.new_notebook(cells=cells))) == ["# C", "a", "## Text\n\nstays", "c"]


def test_nothing_is_touched_where_nothing_repeats():
    import nbformat.v4 as v4

    node = v4.new_notebook(cells=[cell("md", "# C"), cell("code", "a", ["A."]), cell("md", "## S"), cell("md", "text")])
    assert len(drop_absent(node).cells) == 4
