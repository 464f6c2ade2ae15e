"""The frequency chapter on changed data: every text true and whole, no chart breaks."""

import math
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import date

import pandas as pd
import pytest

from incident_report.analysis.change import Verdict, changes
from incident_report.analysis.counts import BASES, DOCUMENTED, TALLY, count
from incident_report.analysis.edition import Edition
from incident_report.analysis.open import open_edition
from incident_report.periods import Quarter
from incident_report.present import frequency, method
from incident_report.present.change import VERDICT_WORDS, change_words
from incident_report.present.records import Record

BASE = open_edition("data", edition="2020Q3")
NOW = str(BASE.quarter)


def changed(baseline: Quarter | None = BASE.baseline, **fields) -> Edition:
    return Edition(replace(BASE.data, **fields), BASE.quarter, baseline, BASE.confidence_floor)


def tallies(change) -> pd.DataFrame:
    table = BASE.data.tallies.copy()
    table["count"] = pd.array([change(int(c)) for c in table["count"]], dtype="Int64")
    return table


def times(rows: pd.DataFrame, n: int) -> pd.DataFrame:
    copies = [rows.assign(incident_id=rows["incident_id"] + f"-{i}") for i in range(n)]
    return pd.concat(copies).sort_values(["date", "incident_id"], ignore_index=True)


def build(name: str) -> Edition:
    rows, table = BASE.data.incidents, BASE.data.tallies
    now, none = rows[rows["quarter"] == NOW], table.iloc[:0]
    blank = pd.array([pd.NA] * len(rows), dtype="Float64")
    match name:
        case "as is":
            return BASE
        case "zero now":
            zero = table.assign(count=table["count"].where(table["start"] < "2020-07-01", 0))
            return changed(incidents=rows[rows["quarter"] != NOW], tallies=zero)
        case "nothing at all":
            return changed(incidents=rows.iloc[:0], tallies=none)
        case "one attack":
            return changed(incidents=now[now["counted"]].head(1), tallies=none)
        case "halved":
            return changed(incidents=rows.iloc[::2].reset_index(drop=True), tallies=tallies(lambda c: c // 2))
        case "times five":
            return changed(incidents=times(rows, 5), tallies=tallies(lambda c: 5 * c))
        case "equal":
            return changed(tallies=tallies(lambda c: 20))
        case "no convoys":
            kept = rows[rows["target_category"] != "logistics_convoy"].reset_index(drop=True)
            return changed(incidents=kept, tallies=table[table["series"] != "logistics_convoy"])
        case "one quarter":
            return changed(
                None,
                incidents=now.reset_index(drop=True),
                quarters=(NOW,),
                coverage={NOW: BASE.data.coverage[NOW]},
                tallies=table[table["start"] >= "2020-07-01"],
            )
        case "gap":
            return changed(
                Quarter(2020, 1),
                incidents=rows[rows["quarter"] != "2020Q2"].reset_index(drop=True),
                quarters=tuple(q for q in BASE.data.quarters if q != "2020Q2"),
                coverage={q: w for q, w in BASE.data.coverage.items() if q != "2020Q2"},
                tallies=none,
            )
        case "bare":
            bare = rows.assign(latitude=blank, longitude=blank, governorate="", claimed_by="", place="")
            return changed(
                incidents=bare, posture=BASE.data.posture.iloc[:0], context=BASE.data.context.iloc[:0], region=None
            )
        case "lower bounds":
            return changed(tallies=table.assign(bound="at_least"))
        case "partial file":
            return changed(
                incidents=rows[rows["date"] <= "2020-08-15"].reset_index(drop=True),
                coverage={**BASE.data.coverage, NOW: (date(2020, 7, 1), date(2020, 8, 15))},
            )
    raise KeyError(name)


SCENARIOS = (
    "as is", "zero now", "nothing at all", "one attack", "halved", "times five", "equal", "no convoys", "one quarter",
    "gap", "bare", "lower bounds", "partial file",
)  # fmt: skip
CHAPTER = {name: getattr(frequency, name) for name in frequency.__all__}
CHAPTER |= {n: getattr(method, n) for n in method.__all__ if n.startswith(("coverage", "triangulation"))}


@pytest.fixture(scope="module", params=SCENARIOS)
def edition(request) -> Edition:
    return build(request.param)


@pytest.fixture(scope="module")
def records(edition: Edition) -> dict[str, Record]:
    # All charts are drawn where data are few, the usual place for them to break; the others are slow to draw.
    few = len(edition.listed) < 62
    wanted = {n: f for n, f in CHAPTER.items() if few or not n.endswith("_figure") or n == "ratios_figure"}
    made = {name: call(edition) for name, call in wanted.items()}
    return {name: record for name, record in made.items() if record is not None}


def texts(records: dict[str, Record]) -> Iterator[tuple[str, str]]:
    for name, record in records.items():
        content = record.content
        for key in ("title", "alt", "caption", "n"):
            if content.get(key):
                yield name, content[key]
        yield from ((name, p) for p in content.get("paragraphs", ()))
        yield from ((name, p) for p in content.get("notes", ()))


def test_texts_are_whole(records) -> None:
    for name, text in texts(records):
        assert not re.search(r"\bnan\b|\binf\b|None|<NA>|  |\( *\)|, ,|\.\.|: \.|;\.|\bin \d+ \w+ to\b", text), (
            name,
            text,
        )
        assert text[0].upper() == text[0], (name, text)
        assert not re.search(r"\b(1|one) (attacks|incidents|counts|cases|days are)\b", text), (name, text)
        assert not re.search(r"because|caused by|led to|thanks to|as a result", text.replace("because only the", "")), (
            text
        )


def test_prose_ends_in_a_stop(records) -> None:
    for name, record in records.items():
        for paragraph in record.content.get("paragraphs", ()):
            assert paragraph.endswith((".", ":")), (name, paragraph)


def test_ids_are_unique(records) -> None:
    ids = [r.content["id"] for r in records.values()]
    assert len(ids) == len(set(ids))


def test_figures_and_tables_are_traced(records) -> None:
    for name, record in records.items():
        if record.kind != "prose":
            assert record.content["trace"], name
            for trace in record.content["trace"]:
                module, function = trace["function"].rsplit(".", 1)
                assert hasattr(__import__(module, fromlist=[function]), function), trace["function"]


def test_verdicts_follow_the_counts(edition) -> None:
    for basis in BASES:
        for change in changes(edition, basis):
            words = change_words(edition, change, caveat=False)
            assert VERDICT_WORDS[change.verdict] in words
            rate = change.count_now / change.now.days - change.count_before / change.days_before
            if change.verdict is Verdict.RISE:
                assert rate > 0 and "fall" not in words and change.p_adjusted < 0.05
            elif change.verdict is Verdict.FALL:
                assert rate < 0 and "rise" not in words and change.p_adjusted < 0.05
            else:
                assert "a rise" not in words and "a fall" not in words
            if change.count_now + change.count_before < 6:
                assert change.verdict is Verdict.TOO_FEW


def test_bases_are_never_mixed(edition) -> None:
    for basis in BASES:
        for change in changes(edition, basis):
            assert {c.basis for c in (change.now, *change.before)} == {basis}
            assert {c.series for c in (change.now, *change.before)} == {change.series}


def test_unknown_is_not_zero(edition) -> None:
    for quarter in edition.quarters:
        for series in edition.series:
            documented = count(edition, quarter, series.id, DOCUMENTED)
            tallied = count(edition, quarter, series.id, TALLY)
            assert (documented.count is None) == (not edition.has_incidents_file(quarter))
            assert (tallied.count is None) == (edition.tally(quarter, series.id) is None)
            assert math.isnan(documented.rate) == (documented.count is None)


def test_the_article_s_figures_stand_in_text_and_table() -> None:
    text = " ".join(frequency.counts_text(BASE).content["paragraphs"])
    assert "19 in Q1 2020, 11 in Q2 2020 and 27 in Q3 2020" in text
    assert "14 in Q1 2020, 27 in Q2 2020 and 25 in Q3 2020" in text
    rows = [r[4] for r in frequency.quarterly_table(BASE).content["rows"] if r[4] not in ("none published", "unknown")]
    assert rows[:3] == ["19", "11", "27"] and rows[7:10] == ["14", "27", "25"]
    said = " ".join(frequency.change_text(BASE).content["paragraphs"])
    assert re.search(r"27 rocket and drone attacks .* against 11 .*?: a rise that chance hardly explains", said)
    assert re.search(r"25 convoy attacks .* against 27 .*?: no detectable change", said)


def test_no_percentage_on_a_base_below_ten() -> None:
    few = replace(BASE.data, incidents=BASE.data.incidents[BASE.data.incidents["quarter"] == "2019Q4"].head(8))
    edition = Edition(few, Quarter(2019, 4), None)
    for name in ("responsibility_text", "responsibility_table", "targets_figure"):
        record = CHAPTER[name](edition)
        if record is not None:
            shown = " ".join([record.content.get("title", ""), *record.content.get("paragraphs", ())])
            assert "%" not in shown, shown
