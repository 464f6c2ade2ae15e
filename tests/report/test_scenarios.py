"""The whole report on data changed by hand: every chapter runs, and no sentence says what the counts do not."""

import csv
import re
import sys
from pathlib import Path

import pytest

from incident_report.analysis.change import Verdict
from incident_report.analysis.edition import Edition
from incident_report.paths import ROOT
from incident_report.publish.gate import faults

sys.path.insert(0, str(ROOT / "tests" / "data"))
from chapters import coarse, draft, texts, unresolved
from settled import settled

QUARTERS = ("2019Q4", "2020Q1", "2020Q2", "2020Q3")
ROCKETS = {"rocket", "mortar", "drone"}


def table(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def write(path: Path, rows: list[dict[str, str]], header: list[str]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, header, lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def change(folder: Path, rows=lambda rows, quarter: rows, tally=lambda row: row) -> None:
    """Rewrite every quarter file and the tallies."""
    for path in (folder / "incidents").glob("*.csv"):
        old = table(path)
        write(path, rows(old, path.stem), list(old[0]))
    old = table(folder / "tallies.csv")
    write(folder / "tallies.csv", [new for row in old if (new := tally(dict(row)))], list(old[0]))


def many(rows, _):
    return [{**r, "incident_id": f"{r['incident_id']}-{i}"} for r in rows for i in range(5)]


def only(folder: Path) -> None:
    for path in (folder / "incidents").glob("*.csv"):
        if path.stem != "2020Q3":
            path.unlink()
    change(folder, tally=lambda row: row if row["start"] >= "2020-07-01" else None)


SCENARIOS = {
    "as it is": change,
    "nothing this quarter": lambda f: change(
        f,
        lambda rows, q: [] if q == "2020Q3" else rows,
        lambda r: {**r, "count": "0"} if r["start"] >= "2020-07" else r,
    ),
    "all equal": lambda f: change(f, lambda rows, _: rows[:8], lambda r: {**r, "count": "8"}),
    "halved": lambda f: change(f, lambda rows, _: rows[::2], lambda r: {**r, "count": str(int(r["count"]) // 2)}),
    "times five": lambda f: change(f, many, lambda r: {**r, "count": str(int(r["count"]) * 5)}),
    "no convoys": lambda f: change(
        f,
        lambda rows, _: [r for r in rows if r["target_category"] != "logistics_convoy"],
        lambda r: r if r["series"] != "logistics_convoy" else None,
    ),
    "one quarter only": only,
    "no tallies": lambda f: change(f, tally=lambda row: None),
    "one quarter only, no tallies": lambda f: (only(f), change(f, tally=lambda row: None)),
}


@pytest.fixture(autouse=True)
def coarse_charts(monkeypatch):
    coarse(monkeypatch)


LONG = set(SCENARIOS) - {"nothing this quarter", "one quarter only, no tallies"}  # make chaos


@pytest.mark.parametrize("name", [pytest.param(n, marks=pytest.mark.chaos if n in LONG else ()) for n in SCENARIOS])
def test_the_whole_report_reads_true(tmp_path, name):
    folder = settled(tmp_path / "data")
    SCENARIOS[name](folder)
    made = draft(folder, quarter="2020Q3")
    assert not faults(made)
    found = {one.id: one for one in made.records}
    assert not unresolved(found)
    for text in (t.replace("\\", "") for r in found.values() for t in texts(r)):
        reads(text)
    directions_are_those_of_the_counts(made.edition)
    documented_counts_are_those_of_the_rows(folder, found)
    if name.endswith("no tallies"):
        assert not any(s.tally.known or s.basis == "tally" for s in made.edition.facts.edition.series)
    if name == "no convoys":
        assert not made.edition.facts.convoys.documented.now and not made.edition.facts.convoys.tally.known


def reads(text: str) -> None:
    """No hole, no leftover of code, a proper beginning and end."""
    text = re.sub(r"\{\.[.\w -]*\}", "", text)  # classes of drawn marks
    assert text.strip() == text and text, repr(text)
    assert not re.search(r"\bnan\b|\bNone\b(?! of|,)|<NA>|\binf\b|\{\}|\(\)|\[\]|  | ,| \.(?!\d)|\.\.(?!\.)", text), (
        text
    )
    assert not re.search(r"(?<!to )\b1 (attacks|incidents|people|days|quarters|claims|options)\b", text), text
    assert not re.search(r"\b(no|zero) .*? (was|is) .*? times\b", text), text


def directions_are_those_of_the_counts(ed: Edition) -> None:
    """A rise is more attacks a day covered than before, a fall fewer."""
    for series in ed.facts.edition.series:
        change = series.headline.change
        if change and change.verdict in (Verdict.RISE, Verdict.FALL):
            now, before = change.count_now / change.now.days, change.count_before / change.days_before
            assert (now > before) == (change.verdict is Verdict.RISE), series.series.id


def documented_counts_are_those_of_the_rows(folder: Path, found) -> None:
    """The published table against a count that knows nothing of the package."""
    shown = found["tab-counts"].content["data"]
    place = {c: i for i, c in enumerate(shown["columns"])}
    for row in shown["rows"]:
        if row[place["basis"]] != "documented" or not row[place["count"]]:
            continue
        path = folder / "incidents" / f"{row[place['period']]}.csv"
        rows = [r for r in table(path) if r.get("outcome") in ("carried_out", "", None)]
        series = row[place["series"]]
        if series == "rocket_drone":
            rows = [r for r in rows if r["attack_method"] in ROCKETS]
        elif series != "all":
            rows = [r for r in rows if r["target_category"] == series]
        assert int(row[place["count"]]) == len(rows), (series, path.stem)
