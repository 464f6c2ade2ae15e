"""Text speaks of what the campaign reports by: a quarter only where it is one."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path

import pytest

from incident_report.paths import NOTEBOOKS, TEMPLATES
from incident_report.periods import EXAMPLES, UNITS, Period
from incident_report.present.words import phrasebook

_TAG = re.compile(r"\{#.*?#\}|\{\{.*?\}\}|\{%.*?%\}", re.DOTALL)
_QUARTER = re.compile(r"\bquarter(?!-hour)(?:s|ly)?\b", re.IGNORECASE)
HOMES = [p for p in sorted((TEMPLATES / "words/en").glob("*.md")) if p.name != "phrases.md"]


def said(text: str) -> list[str]:
    """What a text says whatever its values: what stands between tags, and texts within them that are no names."""
    quoted = [q for tag in _TAG.findall(text) if not tag.startswith("{#") for q in re.findall(r'"([^"]*)"', tag)]
    return [_TAG.sub(" ", text), *(q for q in quoted if " " in q)]


@pytest.mark.parametrize("path", HOMES, ids=lambda p: p.name)
def test_the_phrasebook_names_no_quarter_outright(path: Path) -> None:
    text = re.sub(r"^#.*$", "", path.read_text("utf-8"), flags=re.MULTILINE)
    assert not [t for t in said(text) if _QUARTER.search(t)]


def test_prose_of_the_notebooks_names_no_quarter_outright() -> None:
    for path in sorted(NOTEBOOKS.glob("0*.ipynb")):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            head, _, body = "".join(cell["source"]).partition("\n")
            if head.startswith("%%prose"):
                assert not [t for t in said(body) if _QUARTER.search(t)], (path.name, cell["id"])


def test_a_heading_that_names_a_quarter_has_words_for_other_units() -> None:
    for path in sorted(NOTEBOOKS.glob("0*.ipynb")):
        for cell in json.loads(path.read_text("utf-8"))["cells"]:
            if cell["cell_type"] == "markdown" and _QUARTER.search("".join(cell["source"])):
                id = f"{path.stem}/{cell['id']}"
                assert phrasebook("en").own(id) == ""  # the notebook's own
                for unit in ("month", "year"):
                    words = phrasebook("en", unit)
                    assert unit in words.text(words.own(id), {}), id


@pytest.mark.parametrize("unit", UNITS)
def test_every_phrase_of_a_unit_reads_as_that_unit(unit: str) -> None:
    words, period = phrasebook("en", unit), Period.parse(EXAMPLES[unit])
    assert words.phrase("unit") == unit
    label = words.phrase("quarter_label", period)
    assert words.phrase("quarter_label", str(period)) == label
    assert label.replace("\u00a0", " ") == period.label
    told = [words.phrase("within_test", "ramp"), words.phrase("period", period)]
    assert not [t for t in told for u in UNITS if u != unit and u in t]
    assert (words.phrase("kind_label", "year_before") == "The year before") == (unit == "year")


def test_runs_and_lists_of_periods() -> None:
    def told(unit: str, *names: str) -> str:
        return phrasebook("en", unit).phrase("periods", [Period.parse(n) for n in names])

    assert told("quarter", "2020Q1", "2020Q2") == "the first and second quarters of 2020"
    assert told("month", "2020-01", "2020-02", "2020-03") == "January to March 2020"
    assert told("month", "2020-01", "2020-03") == "January and March 2020"
    assert told("month", "2019-12", "2020-02") == "December 2019 and February 2020"
    assert told("year", "2014", "2015", "2016") == "2014 to 2016"
    assert told("year", "2014", "2016") == "2014 and 2016"


@pytest.mark.parametrize("language", sorted(p.parent.name for p in (TEMPLATES / "words").glob("*/phrases.md")))
def test_every_language_names_a_month_a_quarter_and_a_year(language: str) -> None:
    for unit in UNITS:
        words, period, now = phrasebook(language, unit), Period.parse(EXAMPLES[unit]), Period.of(date(2021, 1, 1), unit)
        told = [words.phrase(name, period) for name in ("period_name", "period", "months_of", "quarter_label")]
        told.append(words.phrase("months_then", period, now))
        assert all(told), (language, unit)
        assert words.phrase("period_name", period.shift(1)) != words.phrase("period_name", period)
