"""Later editions that nobody wrote the campaign's texts for: what is printed does not contradict their own rows.

One of them calls methods and targets otherwise than the founding edition, by codes that no text holds: labels come
from the edition's own schema, and a code is no word.
"""

from __future__ import annotations

import csv
import json
import re
import shutil
from collections.abc import Iterator
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
from chapters import coarse, records, texts
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.text import Text

from incident_report.analysis.claims import Verdict as Claimed
from incident_report.analysis.edition import Edition
from incident_report.analysis.open import open_edition
from incident_report.data import check
from incident_report.paths import DATA
from incident_report.present.records import Record
from incident_report.present.words import words_of

pytestmark = pytest.mark.xdist_group("later")  # the editions are made once, not once a worker
SOURCES = "rt-nd;reliefweb-2020-10-01"
ROCKET = {"attack_method": "rocket", "target_category": "embassy_diplomatic", "place": "Green Zone, Baghdad"}
DRONE = {
    "attack_method": "drone", "target_category": "airport", "place": "Erbil airport", "governorate": "Erbil",
    "munition_count": "1", "techniques": "drone_delivered;precision_impact",
}  # fmt: skip
CONVOY = {"attack_method": "ied_roadside", "target_category": "logistics_convoy", "place": "Highway 1"}
NOBODY = {"killed": "0", "wounded": "0", "us_killed": "0", "us_wounded": "0"}
Q4, NEXT = date(2020, 10, 1), date(2021, 1, 1)
Rows = list[dict[str, str]]


def spread(n: int, start: date, step: int, **fields: str) -> Rows:
    return [{"date": (start + timedelta(days=i * step)).isoformat(), **fields} for i in range(n)]


LATER: dict[str, dict[str, Rows]] = {
    "an American killed": {
        "2020Q4": [
            *spread(8, Q4, 5, **ROCKET, **NOBODY),
            *spread(6, Q4, 7, **CONVOY, **NOBODY),
            *spread(4, Q4, 11, **{**ROCKET, "target_category": "coalition_base"}, **NOBODY),
            {"date": "2020-12-20", **ROCKET, "killed": "2", "wounded": "5", "us_killed": "1", "us_wounded": "3"},
        ]
    },
    "no attack": {"2020Q4": []},
    "drones in a new place": {"2020Q4": spread(6, Q4, 9, **ROCKET), "2021Q1": spread(12, NEXT, 7, **DRONE, **NOBODY)},
    "convoys, many dead": {
        "2020Q4": [{**r, "killed": str(i % 3), "wounded": "1"} for i, r in enumerate(spread(24, Q4, 3, **CONVOY))]
    },
}


READ = "an American killed"  # the one whose every text is read, and that has a label of its own
VALUE, LABEL = "rocket", "Zephyr"
RENAMED, CODE = ("attack_method", "target_category"), "zq"  # of columns whose values all begin so there
# With the word that follows, or that comes before where none does; a bare one is a label.
OLD = re.compile(rf"\b{VALUE}\b\W+[\w’-]+|(?:[\w’-]+\W+)?\b{VALUE}\b\W*$", re.IGNORECASE)
SHOWN = ("title", "caption", "alt", "n", "source", "notes", "paragraphs", "rows", "columns")


def campaign(folder: Path, files: dict[str, Rows]) -> tuple[Path, str]:
    """The founding campaign with further quarter files; folder and newest quarter."""
    shutil.copytree(DATA, folder)
    with (DATA / "incidents" / "2020Q3.csv").open(encoding="utf-8", newline="") as stream:
        header = next(csv.reader(stream))
    for quarter, rows in files.items():
        with (folder / "incidents" / f"{quarter}.csv").open("w", encoding="utf-8", newline="") as stream:
            writer = csv.DictWriter(stream, header, restval="", lineterminator="\n")
            writer.writeheader()
            base = {"date_precision": "day", "confidence": "high", "outcome": "carried_out", "sources": SOURCES}
            writer.writerows({"incident_id": f"L-{quarter}-{i}", **base, **row} for i, row in enumerate(rows))
    if files is LATER[READ]:
        rename(folder)
    data, faults = check(folder)
    assert data is not None, [f for f in faults if f.severity == "error"]
    return folder, max(files)


def code(text: str) -> str:
    """Values by their new codes; what no schema names has none."""
    return re.sub(r"\b(?!null|other|unknown)[a-z_]+", rf"{CODE}\g<0>", text)


def rename(folder: Path) -> None:
    """Give methods and targets other codes wherever the campaign names them, and one method another label."""
    package = folder / "datapackage.json"
    schema = json.loads(package.read_text("utf-8"))
    fields = next(r for r in schema["resources"] if r["name"] == "incidents")["schema"]["fields"]
    for field in (f for f in fields if f["name"] in RENAMED):
        for category in field["categories"]:
            category["label"] = LABEL if category["value"] == VALUE else category["label"]
            category["value"] = code(category["value"])
        if "enum" in field.get("constraints", {}):
            field["constraints"]["enum"] = list(map(code, field["constraints"]["enum"]))
    package.write_text(json.dumps(schema), encoding="utf-8")
    names = "|".join(RENAMED)
    for path in folder.glob("*.yml"):  # attack_method: [rocket, drone], and cell("IQ-1", "attack_method", "drone")
        listed = rf'((?:{names})(?:: |", "))(\[[^]]*\]|\w+)'
        path.write_text(re.sub(listed, lambda m: m[1] + code(m[2]), path.read_text("utf-8")), encoding="utf-8")
    for path in (*folder.glob("*.csv"), *folder.glob("incidents/*.csv")):
        table = pd.read_csv(path, dtype=str, keep_default_na=False)
        for column in table.columns.intersection(RENAMED):
            table[column] = table[column].map(code)
        of = table.get("field", pd.Series("", table.index)).isin(RENAMED)
        for column in table.columns.intersection(["value", "old", "new", "proposed"]):
            table.loc[of, column] = table.loc[of, column].map(code)
        table.to_csv(path, index=False, lineterminator="\n")


@pytest.fixture(scope="module")
def drawn() -> list[str]:
    """All that stands in the charts of the edition that is read; filled as they are drawn."""
    return []


@pytest.fixture(scope="module")
def made(
    tmp_path_factory: pytest.TempPathFactory, drawn: list[str]
) -> Iterator[dict[str, tuple[Edition, dict[str, Record]]]]:
    """Every later edition, one of them with its records, made once."""
    found = {}
    with pytest.MonkeyPatch.context() as patch:
        coarse(patch)
        write = FigureCanvasSVG.print_svg

        def noted(self: FigureCanvasSVG, *given: Any, **more: Any) -> Any:
            drawn.extend(t.get_text() for t in self.figure.findobj(Text) if t.get_text())
            return write(self, *given, **more)

        patch.setattr(FigureCanvasSVG, "print_svg", noted)
        for i, (name, files) in enumerate(LATER.items()):
            folder, quarter = campaign(tmp_path_factory.mktemp("later") / f"c{i}", files)
            shown = records(folder, quarter=quarter) if name == READ else {}
            found[name] = (open_edition(str(folder), quarter=quarter), shown)
    yield found


def claim(ed: Edition, id: str) -> Claimed:
    return next(c.verdict for c in ed.facts.claims.every if c.id == id)


def test_the_last_american_deaths_are_no_longer_so_once_another_is_on_file(made) -> None:
    ed, found = made["an American killed"]
    assert claim(ed, "last-us-deaths") is Claimed.OVERTAKEN
    assert claim(made["no attack"][0], "last-us-deaths") is not Claimed.OVERTAKEN
    assert ed.facts.us_deaths.low == 1
    headline = words_of(ed).phrase("killed_in_short", ed.facts.deaths, ed.facts.us_deaths, ed.facts.harm.us)
    assert headline in " ".join(texts(found["lead-how-dangerous"]))


def test_what_was_written_for_an_earlier_edition_is_dated_or_left_out(made) -> None:
    """No statement that is not current stands in any text without its date."""
    from incident_report.analysis.ageing import statements_of

    ed, found = made[READ]
    # A claim is the article's, and is printed with its verdict.
    aged = [s for file, *_, s in statements_of(ed) if not s.current and file != "claims.yml"]
    assert aged
    say = words_of(ed).phrase
    printed = [t for id, one in found.items() if id != "tab-to-look-at" for t in texts(one)]
    printed += [
        str(cell)
        for id, r in found.items()
        if id != "tab-to-look-at"
        for row in r.content.get("rows", [])
        for cell in row
    ]
    plain = [t.replace("\\", "") for t in printed]
    for s in aged:
        for text in plain:
            at = text.find(s.text)
            while at >= 0:
                assert s.dated and text[:at].endswith(say("stated", s).partition(s.text[:-1])[0]), s.text
                at = text.find(s.text, at + 1)


def test_a_quarter_without_attacks_is_told_as_what_the_record_holds(made) -> None:
    ed, _ = made["no attack"]
    series = ed.facts.edition.series[0]
    assert series.basis == "documented" and series.headline.known and series.headline.now == 0
    assert not ed.facts.edition.all.documented.now


def test_a_method_that_was_found_before_is_not_the_first_on_file(made) -> None:
    from incident_report.analysis.surprise import candidates

    ed, _ = made["drones in a new place"]
    firsts = {c.value for c in candidates(ed) if c.kind == "first"}
    assert "Erbil" not in firsts  # of 30 September 2020
    assert "drone_delivered" not in firsts  # one was found before launch on 23 July 2020


@pytest.mark.parametrize("name", LATER)
def test_a_quarter_that_the_method_log_does_not_name_is_one_break_and_unrecorded(made, name: str) -> None:
    ed, _ = made[name]
    assert [(str(b.period), b.kind) for b in ed.facts.method.breaks] == [("2020Q2", "coder"), ("2020Q4", "unlogged")]
    assert ed.quarter in ed.facts.method.unsearched


@pytest.mark.parametrize("name", LATER)
def test_no_verdict_of_a_record_that_nobody_else_counted(made, name: str) -> None:
    ed, _ = made[name]
    for series in ed.facts.edition.series:
        assert series.basis == "documented"
        assert series.verdict.value in ("not_comparable", "too_few")


# ---- a method that the campaign calls otherwise is called so everywhere ------------------------------------


def strings(value: Any) -> Iterator[str]:
    """Every text in a nest of mappings and lists."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, dict):
        for one in value.values():
            yield from strings(one)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from strings(one)


def plain(text: str) -> str:
    """Text without marks of Markdown, in small letters, so that it can be found in the campaign's files."""
    return " ".join(re.sub(r"[^\w’]+", " ", text).lower().split())


@pytest.fixture(scope="module")
def own_words() -> str:
    """What the campaign itself writes in files and notebooks hold as their own text, for phrases that are no label."""
    files = [p for kind in ("*.yml", "*.csv", "story/*.md", "incidents/*.csv") for p in DATA.glob(kind)]
    return plain(" ".join(p.read_text("utf-8") for p in files))


def test_no_record_and_no_chart_has_the_old_label(made, drawn, own_words) -> None:
    _, found = made[READ]
    told = [(i, t) for i, r in found.items() for k, v in r.content.items() if k in SHOWN for t in strings(v)]
    left = {
        (id, phrase)
        for id, text in [*told, *(("chart", t) for t in drawn)]
        for phrase in OLD.findall(text)
        if plain(phrase) == VALUE or plain(phrase) not in own_words
    }
    assert left == set()


def test_no_record_and_no_chart_holds_a_code(made, drawn) -> None:
    ed, found = made[READ]
    assert ed.incidents(ed.quarter)["attack_method"].str.startswith(CODE).any()
    told = [(i, t) for i, r in found.items() for k, v in r.content.items() if k in SHOWN for t in strings(v)]
    assert [(i, t) for i, t in [*told, *(("chart", t) for t in drawn)] if re.search(rf"\b{CODE}[a-z]", t, re.I)] == []


@pytest.mark.parametrize(("kind", "field"), [("figure", "alt"), ("table", "rows"), ("prose", "paragraphs")])
def test_the_new_label_stands_in_texts_of_every_kind(made, kind: str, field: str) -> None:
    _, found = made[READ]
    held = [t for r in found.values() if r.kind == kind for t in strings(r.content.get(field))]
    assert any(LABEL.lower() in t.lower() for t in held)


def test_the_new_label_stands_in_a_chart(made, drawn) -> None:
    assert made and any(LABEL.lower() in t.lower() for t in drawn)
