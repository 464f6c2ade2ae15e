"""A translation rests on what its original rests on; facts are not touched."""

from __future__ import annotations

import pytest
import small
import yaml

from incident_report.data import check
from incident_report.data.translation import differences, language_of, translated
from incident_report.errors import BuildError
from incident_report.paths import DATA

ORIGINAL = """---
quarter: 2020Q3
---
# Rockets rise
? rockets is rise

They count {rockets.tally.now | small} attacks. [IQ-20200705-1]
? rockets is rise
Quietly said.
! a witness

## How bad
It was bad. [IQ-20200711-1]
? deaths.known
"""
SAME = """---
quarter: 2020Q3
language: de
translator: A. Name
---
# Mehr Raketen
? rockets is rise

Leise gesagt.
! ein Zeuge
Es sind {rockets.tally.now} Angriffe. [IQ-20200705-1]
? rockets  is rise

## How bad
<!-- Das war schlimm. -->
Es war schlimm. [IQ-20200711-1]
? deaths.known
"""


def test_other_words_order_and_filters_are_no_difference():
    assert differences(ORIGINAL, SAME) == []
    assert differences(ORIGINAL, SAME.partition("## How bad")[0]) == []  # a part may be left to the computed text


@pytest.mark.parametrize(
    ("old", "new", "part"),
    [
        ("? deaths.known\n", "", "how-bad"),
        ("? rockets  is rise", "? rockets is level", "standfirst"),
        ("{rockets.tally.now}", "27", "standfirst"),
        ("{rockets.tally.now}", "{rockets.tally.before}", "standfirst"),
        ("[IQ-20200711-1]", "[IQ-20200705-1]", "how-bad"),
        ("! ein Zeuge\n", "", "standfirst"),
        ("## How bad", "## How sure", "how-sure"),
        ("# Mehr Raketen\n? rockets is rise", "# Mehr Raketen", "headline"),
    ],
)
def test_what_rests_on_something_else_is_named_by_its_part(old, new, part):
    found = differences(ORIGINAL, SAME.replace(old, new))
    assert found and {line.partition(":")[0] for line in found} == {part}


def files(**more: str) -> dict[str, bytes]:
    return {"report.yml": b"title: T\nlanguage: en\n", **{n: t.encode() for n, t in more.items()}}


def test_the_translation_takes_the_place_of_the_story_and_nothing_else_changes():
    given = files(**{"story/2020Q3.md": ORIGINAL, "story/2020Q3.de.md": SAME, "sources.csv": "a"})
    out = translated(given, "2020Q3", "de")
    assert out == {
        "report.yml": b"title: T\nlanguage: de\n",
        "story/2020Q3.md": SAME.encode(),
        "story/2020Q3.de.md": None,
    }
    after = {n: c for n, c in {**given, **out}.items() if c is not None}
    assert translated(after, "2020Q3", "de") == {}


def test_a_story_in_another_language_is_not_told():
    assert translated(files(**{"story/2020Q3.md": ORIGINAL}), "2020Q3", "de")["story/2020Q3.md"] is None


def test_a_translation_that_says_something_else_is_not_built():
    given = files(**{"story/2020Q3.md": ORIGINAL, "story/2020Q3.de.md": SAME.replace("? deaths.known\n", "")})
    with pytest.raises(BuildError, match=r"2020Q3\.de\.md: how-bad"):
        translated(given, "2020Q3", "de")


def test_check_data_holds_a_translation_against_its_original(tmp_path):
    report = yaml.safe_load(small.files()["report.yml"])
    assert report["series"][0]["fact"] == "rockets"
    good = {"story/2020Q3.md": ORIGINAL, "story/2020Q3.de.md": SAME}
    assert "story/2020Q3.de.md" not in {f.file for f in check(small.make(tmp_path / "good", good))[1]}
    for bad in (
        SAME.replace("? deaths.known\n", ""),
        SAME.replace("language: de", "language: fr"),
        SAME.replace("---", "", 1),
    ):
        found, faults = check(small.make(tmp_path / "bad", {**good, "story/2020Q3.de.md": bad}))
        assert found is not None  # the report in the campaign's own language is none the worse for it
        assert "story/2020Q3.de.md" in {f.file for f in faults}


def test_the_sample_rests_on_what_the_founding_story_rests_on_and_is_unsigned():
    original, sample = ((DATA / "story" / name).read_text("utf-8") for name in ("2020Q3.md", "2020Q3.ar.md"))
    assert differences(original, sample) == [] and language_of(sample) == "ar"
    assert "translator:\n" in sample
