"""The chapter on spoiled copies of the data: every part shows, and its sentences stay true."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

from incident_report.analysis.open import open_edition
from incident_report.present import sophistication as chapter
from incident_report.present.records import Record

OLD = ("2019Q4", "2020Q1", "2020Q2")
FIRE = {"rocket", "mortar", "drone"}
WITH_SERIES = [n for n in chapter.__all__ if "series" in getattr(chapter, n).__annotations__]


def change(folder: Path, quarter: str, how: Callable[[pd.DataFrame], pd.DataFrame]) -> None:
    path = folder / "incidents" / f"{quarter}.csv"
    how(pd.read_csv(path, dtype=str, keep_default_na=False)).to_csv(path, index=False)


def one_quarter(folder: Path) -> None:
    for quarter in OLD:
        (folder / "incidents" / f"{quarter}.csv").unlink()


def one_attack(folder: Path) -> None:
    one_quarter(folder)
    change(folder, "2020Q3", lambda t: t.head(1))


def no_rubric(folder: Path) -> None:
    (folder / "sophistication.yml").unlink()


def all_unknown(folder: Path) -> None:
    names = ["munition_count", "techniques", "killed", "wounded", "us_killed", "us_wounded", "intercepted"]
    for quarter in (*OLD, "2020Q3"):
        change(folder, quarter, lambda t: t.assign(**dict.fromkeys(names, "")))


def no_fire_now(folder: Path) -> None:
    change(folder, "2020Q3", lambda t: t[~t["attack_method"].isin(FIRE)])


def empty_now(folder: Path) -> None:
    change(folder, "2020Q3", lambda t: t.head(0))


def bigger_salvos(folder: Path) -> None:
    change(
        folder, "2020Q3", lambda t: t.assign(munition_count=["40" if m in FIRE else "1" for m in t["attack_method"]])
    )


SCENARIOS = (one_quarter, one_attack, no_rubric, all_unknown, no_fire_now, empty_now, bigger_salvos)


def shown(folder: Path) -> dict[str, Record]:
    edition = open_edition(str(folder), quarter="2020Q3")
    return {name: getattr(chapter, name)(edition) for name in chapter.__all__}


def words(record: Record) -> str:
    content = record.content
    return "\n".join(
        [*content.get("paragraphs", ()), content.get("title", ""), content.get("alt", ""), content.get("n", "")]
    )


@pytest.mark.parametrize("spoil", SCENARIOS, ids=lambda f: f.__name__)
def test_every_part_shows_and_reads(spoil: Callable[[Path], None], campaign: Path) -> None:
    spoil(campaign)
    for name, record in shown(campaign).items():
        text = words(record)
        wrong = r"\bnan\b|\bNone\b(?! of)|<NA>|  |\(\)|inf\b|of no\b|\bof one doc|: \."
        assert not re.search(wrong, text), (name, text)
        assert not re.search(r"\b1 \w+ attacks (state|do)\b", text), (name, text)
        for paragraph in record.content.get("paragraphs", ()):
            assert paragraph[0].isupper() or paragraph[0] in "*0123456789", (name, paragraph)
            assert paragraph.endswith("."), (name, paragraph)


def test_ids_are_unique_and_in_form(campaign: Path) -> None:
    ids = [r.content["id"] for r in shown(campaign).values()]
    assert len(ids) == len(set(ids))
    assert all(re.fullmatch(r"(fig|tab|txt)-[a-z-]+", i) for i in ids)


def test_one_quarter_claims_no_trend(campaign: Path) -> None:
    one_quarter(campaign)
    for name, record in shown(campaign).items():
        assert not re.search(r"clear (rise|fall)|became (higher|lower)", words(record)), (name, words(record))


def test_silence_does_not_become_zero(campaign: Path) -> None:
    all_unknown(campaign)
    found = shown(campaign)
    assert "says how many people were killed" in words(found["harm_text"])
    assert "not known" in words(found["munitions_text"])
    assert "scale of salvo" in words(found["components_text"])
    assert "clear fall" not in words(found["harm_text"])


def test_text_from_the_rubric_is_not_markup(campaign: Path) -> None:
    path = campaign / "sophistication.yml"
    text = path.read_text("utf-8").replace("label: Weapon", 'label: "*W* [x](javascript:1)"')
    path.write_text(text, "utf-8")
    found = shown(campaign)
    assert "[x](javascript" not in words(found["components_text"])
    assert "[x](javascript" not in found["composite_figure"].content["caption"]
