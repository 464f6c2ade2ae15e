"""A second language: its phrases and texts stand in for the English ones; numbers, dates and plurals follow Babel."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import chapters
import pytest
from babel import Locale
from babel.dates import format_date
from babel.numbers import format_decimal, format_percent

from incident_report.analysis.edition import Edition
from incident_report.analysis.open import open_edition
from incident_report.periods import Period
from incident_report.present.records import Record
from incident_report.present.words import Words, phrasebook, words_of

GERMAN = phrasebook("de")
LOCALE = Locale("de")
CHAPTER = "05_what_next"


@pytest.fixture(scope="module")
def german() -> Edition:
    ed = open_edition(quarter="2020Q3")
    campaign = replace(ed.campaign, raw={**ed.campaign.raw, "language": "de"})
    return replace(ed, data=replace(ed.data, campaign=campaign, stories={}))  # the story is told in English


@pytest.fixture(scope="module")
def made(german: Edition) -> Iterator[dict[str, Record]]:
    with pytest.MonkeyPatch.context() as patch:
        chapters.coarse(patch)
        yield chapters.chapter(CHAPTER, german)


@pytest.mark.parametrize("value", [0, 1, 2, 9, 10, 1172, 1234567])
def test_numbers_and_plurals_are_the_languages(value: int) -> None:
    context = {"n": value, "p": 0.256}
    assert GERMAN.text("{{ n | number }}", context, markdown=False) == format_decimal(value, locale=LOCALE)
    assert GERMAN.text("{{ p | percent }}", context, markdown=False) == format_percent(0.256, "#,##0%", locale=LOCALE)
    form = {"one": "Angriff", "other": "Angriffe"}[LOCALE.plural_form(value)]
    said = GERMAN.text("{{ count(n, 'Angriff', 'Angriffe') }}", context, markdown=False)
    assert said == f"{format_decimal(value, locale=LOCALE)} {form}"


def test_days_periods_and_lists_are_the_languages() -> None:
    day = date(2020, 3, 7)
    context = {"day": day, "end": date(2020, 9, 25), "q": Period(2020, 3), "all": ["a", "b", "c"]}
    month = format_date(day, "MMMM", locale=LOCALE)
    assert GERMAN.text("{{ day | date }}", context, markdown=False) == f"7. {month} 2020"
    assert GERMAN.text("{{ span(day, end) }}", context, markdown=False).endswith("bis 25. September 2020")
    assert GERMAN.text("{{ period(q) }}", context, markdown=False) == "das dritte Quartal 2020"
    assert GERMAN.text("{{ all | and_list }}", context, markdown=False) == "a, b und c"


def test_a_phrase_of_the_language_is_used_inside_english_ones_and_what_is_missing_stays_english() -> None:
    assert "bis" in GERMAN.text("{{ span(a, b) }}", {"a": date(2020, 1, 1), "b": date(2020, 2, 1)}, markdown=False)
    english = phrasebook("en")
    assert GERMAN.phrase("annex_title") == english.phrase("annex_title")
    assert GERMAN.text("{{ from_to(2, 3) }}", {}, markdown=False) == "zwei to drei"  # English phrase, German numbers
    assert GERMAN.entries.keys() > {"lead-what-next"} and GERMAN.entries.keys() >= english.entries.keys()
    assert GERMAN.entries["fig-counts"].fields == english.entries["fig-counts"].fields


def test_the_section_says_in_german_what_it_says_in_english(german: Edition, made: dict[str, Record]) -> None:
    english = chapters.chapter(CHAPTER, open_edition(quarter="2020Q3"))
    for id in ("lead-what-next", "txt-likelihood", "fig-outlook"):
        there, here = english[id].content, made[id].content
        assert [t["sha256"] for t in there["trace"]] == [t["sha256"] for t in here["trace"]]
        for field in ("paragraphs", "title", "alt", "caption"):
            assert (field in there) == (field in here) and (there.get(field) != here.get(field) or field not in there)
    first = german.facts.outlook.series[0]
    lead = made["lead-what-next"].content["paragraphs"][0]
    assert f"{first.low} bis {first.high}" in lead and "im vierten Quartal 2020" in lead
    assert made["tab-backtest"].content["title"] == english["tab-backtest"].content["title"]  # not translated


def test_the_language_has_nothing_that_the_english_report_has_not() -> None:
    english, notebooks = phrasebook("en"), {p.stem for p in chapters.NOTEBOOKS.glob("*.ipynb")}
    import nbformat

    cells = {c.id for p in chapters.NOTEBOOKS.glob("*.ipynb") for c in nbformat.read(p, as_version=4).cells}
    own = Words("de").entries.keys() - english.entries.keys()
    for id in own:
        chapter, _, cell = id.rpartition("/")
        assert (chapter in notebooks and cell in cells) or any(id in s for s in _prose())


def _prose() -> list[str]:
    import nbformat

    books = (nbformat.read(p, as_version=4) for p in chapters.NOTEBOOKS.glob("*.ipynb"))
    return [c.source.split("\n")[0] for b in books for c in b.cells if c.source.startswith("%%prose")]


def test_an_edition_speaks_its_campaigns_language(german: Edition) -> None:
    assert str(words_of(german).locale) == "de" and words_of(german).own(f"{CHAPTER}/title").startswith("# Wie")
