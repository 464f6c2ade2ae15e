"""Where one row, day or tracker decides, headline and title say what would change them; else they do not."""

from __future__ import annotations

import sys
from collections.abc import Callable
from datetime import date
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parents[1] / "analysis"))
sys.path.insert(0, str(Path(__file__).parents[1] / "data"))
from chapters import chapter, coarse
from made import Q2, Q3, ROCKET, edition, spread, tally

from incident_report.analysis.change import Verdict
from incident_report.analysis.edition import Edition
from incident_report.present.words import words_of


def followed(rows: list[dict], before: int, now: int, *more: dict) -> Edition:
    """Rows that another tracker counted in full: the record can be compared, and is the headline."""
    counts = [tally("rocket_drone", Q2, before, "isw"), tally("rocket_drone", Q3, now, "isw")]
    return edition(rows, [*counts, *more])


@cache
def least() -> int:
    """The smallest count that is a clear rise over ten."""
    made = (n for n in range(11, 60) if level(n) is Verdict.RISE)
    return next(made)


def level(n: int) -> Verdict:
    return followed([*spread(10, Q2), *spread(n)], 10, n).facts.edition.series[0].verdict


def one_row() -> Edition:
    return followed([*spread(10, Q2), *spread(least())], 10, least())


def one_day() -> Edition:
    same = [{"date": date(2020, 9, 9), **ROCKET} for _ in range(6)]
    return followed([*spread(10, Q2), *spread(least() + 3 - 6), *same], 10, least() + 3)


def one_tracker() -> Edition:
    counts = [tally("rocket_drone", q, n) for q, n in ((Q2, 10), (Q3, 60))]
    return edition([], counts + [tally("rocket_drone", q, 30, "isw") for q in (Q2, Q3)])


def nothing() -> Edition:
    return followed([*spread(10, Q2), *spread(60)], 10, 60)


KINDS = ("single_row", "single_day", "single_tracker")


@pytest.mark.parametrize(
    ("made", "kinds"),
    [(one_row, {"single_row"}), (one_day, {"single_day"}), (one_tracker, {"single_tracker"}), (nothing, set())],
)
def test_headline_and_title_say_what_would_change_them(
    made: Callable[[], Edition], kinds: set[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    coarse(monkeypatch)
    ed = made()
    series = ed.facts.edition.series[0]
    assert series.verdict is Verdict.RISE and set(series.found.plausible_flips) == kinds
    found = chapter("01_what_happened", ed, periods_shown=8, window_days=14)
    headline = found["lead-what-happened"].content["paragraphs"][0].split("\n")[0]
    title = found["fig-counts"].content["title"]
    doubt = words_of(ed).phrase("unless", series)
    doubts = {kind: words_of(ed).phrase("flip", kind, series.found) for kind in KINDS}
    bare = words_of(ed).phrase("in_headline", series)
    assert bool(doubt) == bool(kinds)
    for text in (headline, title):
        assert bare.lower() in text.lower()
        assert doubt.strip(", ") in text
        assert {kind for kind, said in doubts.items() if said in text.split(";")[0]} == kinds
