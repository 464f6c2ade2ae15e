"""Labels come from the edition's own schema: a method that the campaign calls otherwise is called so everywhere."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import chapters
import pytest
from matplotlib.figure import Figure
from matplotlib.text import Text

from incident_report.analysis.open import open_edition
from incident_report.paths import DATA
from incident_report.present.records import Record

pytestmark = pytest.mark.xdist_group("labels")
VALUE, LABEL = "rocket", "Zephyr"
# With the word that follows, or that comes before where none does; a bare one is a label.
OLD = re.compile(rf"\b{VALUE}\b\W+[\w’-]+|(?:[\w’-]+\W+)?\b{VALUE}\b\W*$", re.IGNORECASE)


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
def relabelled(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("campaign") / "data"
    shutil.copytree(DATA, folder)
    schema = json.loads((folder / "datapackage.json").read_text("utf-8"))
    fields = next(r for r in schema["resources"] if r["name"] == "incidents")["schema"]["fields"]
    for field in fields:
        for category in field.get("categories", ()):
            if category["value"] == VALUE:
                category["label"] = LABEL
    (folder / "datapackage.json").write_text(json.dumps(schema), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def made(relabelled: Path) -> tuple[dict[str, Record], list[str]]:
    """The records of every chapter, and all that stands in their charts."""
    drawn: list[str] = []
    save = Figure.savefig

    def quick(self: Figure, out: Any, **k: Any) -> Any:
        drawn.extend(t.get_text() for t in self.findobj(Text) if t.get_text())
        return save(self, out, **{**k, "dpi": 20}) if k["format"] == "png" else out.write("<svg/>")

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Figure, "savefig", quick)
        ed = open_edition(str(relabelled), quarter="2020Q3")
        names = sorted(p.stem for p in chapters.NOTEBOOKS.glob("[0-9][0-9]_*.ipynb"))
        return {id: r for name in names for id, r in chapters.chapter(name, ed).items()}, drawn


@pytest.fixture(scope="module")
def own_words(relabelled: Path) -> str:
    """What the campaign itself writes in files and notebooks hold as their own text, for phrases that are no label."""
    files = [p for kind in ("*.yml", "*.csv", "story/*.md", "incidents/*.csv") for p in relabelled.glob(kind)]
    return plain(" ".join(p.read_text("utf-8") for p in files))


def test_no_record_and_no_chart_has_the_old_label(made, own_words):
    records, drawn = made
    left = {
        (id, found)
        for id, text in [
            *((i, t) for i, r in records.items() for k, v in r.content.items() if k in SHOWN for t in strings(v)),
            *(("chart", t) for t in drawn),
        ]
        for found in OLD.findall(text)
        if plain(found) == VALUE or plain(found) not in own_words
    }
    assert left == set()


SHOWN = ("title", "caption", "alt", "n", "source", "notes", "paragraphs", "rows", "columns")


@pytest.mark.parametrize(("kind", "field"), [("figure", "alt"), ("table", "rows"), ("prose", "paragraphs")])
def test_the_new_label_stands_in_texts_of_every_kind(made, kind, field):
    records, _ = made
    held = [t for r in records.values() if r.kind == kind for t in strings(r.content.get(field))]
    assert any(LABEL.lower() in t.lower() for t in held)


def test_the_new_label_stands_in_a_chart(made):
    assert any(LABEL.lower() in t.lower() for t in made[1])
