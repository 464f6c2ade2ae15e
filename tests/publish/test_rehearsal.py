"""What was typeset last is typeset again beforehand: the pages are the same, whatever was rehearsed."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from incident_report.paths import FONTS
from incident_report.publish import rehearsal
from incident_report.publish.rehearsal import Rehearsal
from incident_report.store import Store
from nbtypst.typst_compile import Press, press

DAY = date(2020, 9, 30)
HEAD = '#set document(title: "T")\n#set text(lang: "en", font: "Noto Sans")\n#let nb-ahead = ()\n'
DRAWING = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="4" height="4"/></svg>'


def source(word: str) -> str:
    figures = "\n".join(
        f'= Chapter {n}\n{word} {"text " * 400}\n#figure(image("a.svg", alt: "A square"), caption: [{word} {n}])'
        for n in range(3)
    )
    return HEAD + figures


def laid_out(text: str, picture: bytes = DRAWING) -> bytes:
    with press({"a.svg": picture}, font_paths=[FONTS], day=DAY) as made:
        return made.pdf(text)[0]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path)


@pytest.fixture
def typeset(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The sources of rehearsals that came to their end."""
    made: list[str] = []

    @contextmanager
    def noted(*given: Any, **told: Any) -> Iterator[Press]:
        with press(*given, **told) as one:

            def pdf(text: str) -> tuple[bytes, str]:
                found = one.pdf(text)
                made.append(text)
                return found

            yield one._replace(pdf=pdf)

    monkeypatch.setattr(rehearsal, "press", noted)
    return made


def rehearse(store: Store) -> None:
    one = Rehearsal(store, "key")
    one.begin()
    with one._busy:  # it has come to its end
        pass


def test_pages_are_the_same_after_a_rehearsal_of_others(store: Store, typeset: list[str]) -> None:
    wanted = {word: laid_out(source(word)) for word in ("One", "Another")}
    other = DRAWING.replace(b'"4"', b'"8"')
    drawn = laid_out(source("One"), other)
    Rehearsal(store, "key").keep(source("One"), [[]], {"a.svg": DRAWING}, DAY)
    rehearse(store)
    assert typeset == [source("One")]
    assert {word: laid_out(source(word)) for word in wanted} == wanted
    assert laid_out(source("One"), other) == drawn != wanted["One"]


@pytest.mark.parametrize(
    "kept",
    [b"", b"{}", b"[1, 2, 3, 4]", json.dumps(["#(", [[]], {}, "2020-09-30"]).encode(),
     json.dumps(["= A", [[], [1]], {"../a": ""}, "2020-09-30"]).encode()],
)  # fmt: skip
def test_what_cannot_be_rehearsed_stops_nobody(store: Store, typeset: list[str], kept: bytes) -> None:
    store.put("key", kept)
    rehearse(store)
    assert not typeset


def test_a_rehearsal_that_is_ended_begins_nothing_more(
    store: Store, typeset: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    Rehearsal(store, "key").keep(source("One"), [[]], {"a.svg": DRAWING}, DAY)
    one = Rehearsal(store, "key")
    monkeypatch.setattr(rehearsal, "settled", lambda text, homes, ask: one._ended.set() or ask(text, "1"))
    one.begin()
    one.end()
    assert not typeset


def test_without_anything_kept_nothing_is_rehearsed(store: Store, typeset: list[str]) -> None:
    rehearse(store)
    assert not typeset
