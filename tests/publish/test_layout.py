"""Figures on the laid-out page: in the order of their numbers, each in its own chapter."""

from __future__ import annotations

import json
import random
import re
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import pytest

from incident_report.paths import FONTS, TEMPLATES
from incident_report.publish.ahead import settled
from incident_report.publish.laid_out import out_of_order
from incident_report.publish.report import build
from incident_report.publish.request import Request
from nbtypst import ast
from nbtypst.typst_compile import TypstFailure, press
from nbtypst.typst_writer import typst_source

META = {"title": "T", "date": date(2020, 9, 30), "lang": "en-GB"}
# The front's headline and chapters, which print has too, and not the explorer, which is of the page alone.
HEADING = re.compile(r'<h2(?! class="unnumbered">)|\bid="(fig-[\w-]+)"')


def drawing(height: int) -> bytes:
    return f'<svg xmlns="http://www.w3.org/2000/svg" width="450" height="{height}"><path d="M0 0h450"/></svg>'.encode()


def drawn(seed: int) -> tuple[bytes, dict[str, int]]:
    """A report of four chapters with text and figures of any length, and the chapter of each figure."""
    rng = random.Random(seed)
    blocks: list[ast.Node] = []
    pictures: dict[str, bytes] = {}
    homes: dict[str, int] = {}

    def text(most: int) -> None:
        blocks.append(ast.para(ast.words("Seven words stand here in a row. " * rng.randint(1, most))))

    def heading(level: int) -> None:
        blocks.append({"t": "Header", "c": [level, ast.attr(), ast.words("Heading")]})

    for chapter in range(1, 5):
        heading(1)
        text(20)
        for _ in range(rng.choice((0, 1, 1, 2, 3, 4))):
            if rng.random() < 0.7:
                heading(2)
            if rng.random() < 0.5:
                text(30)
            n = str(len(homes) + 1)
            homes[f"Figure {n}"], pictures[f"{n}.svg"] = chapter, drawing(rng.randint(60, 480))
            blocks.append(
                ast.raw(
                    f'#nb-figure(number: "{n}", title: [T], id: "fig-{n}")[#nb-image("{n}.svg", "A", width: 450pt)]'
                )
            )
            for _ in range(rng.randint(0, 3)):
                text(30)
    template = (TEMPLATES / "report.typ").read_text("utf-8")
    source = typst_source(blocks, META, template=template, contents=True, lists=True)
    numbers = [[int(k.split()[1]) for k, n in homes.items() if n == chapter] for chapter in range(5)]
    with press(pictures, font_paths=[FONTS], day=META["date"]) as laid_out:
        return laid_out.pdf(settled(source, numbers, laid_out.ask))[0], homes


@pytest.mark.parametrize("seed", [*range(8), *(pytest.param(n, marks=pytest.mark.chaos) for n in range(8, 80))])
def test_figures_stand_in_order_and_in_their_chapter_whatever_the_lengths(seed: int) -> None:
    content, homes = drawn(seed)
    assert not list(out_of_order(content, homes))


def test_a_figure_out_of_order_or_in_another_chapter_is_seen() -> None:
    content, homes = drawn(3)
    assert len(homes) > 3
    assert list(out_of_order(content, dict(reversed(homes.items()))))
    assert list(out_of_order(content, {k: n % 4 + 1 for k, n in homes.items()}))


def standing(folder: Path) -> list[str]:
    page = (folder / "report.html").read_text("utf-8")
    known = json.loads((folder / "provenance.json").read_text("utf-8"))["records"]
    homes, chapter = {}, 0
    for found in HEADING.finditer(page):
        label = known.get(found[1], {}).get("label") or ""
        chapter += found[1] is None
        if label.startswith("Figure") and "W" not in label:
            homes.setdefault(label, chapter)
    assert len(homes) > 7
    return list(out_of_order((folder / "report.pdf").read_bytes(), homes))


def test_the_founding_report_s_figures_stand_in_order(built: SimpleNamespace) -> None:
    assert not standing(built.folder)


@pytest.mark.chaos
@pytest.mark.parametrize("quarter", ["2019Q4", "2020Q1", "2020Q2"])
def test_a_thin_edition_s_figures_stand_in_order(quarter: str, tmp_path: Path) -> None:
    folder = tmp_path / "report"
    build(Request(quarter=quarter, out=folder, only=("pdf", "html")))
    assert not standing(folder)


def test_places_are_asked_for_without_a_pdf_and_what_typst_refuses_is_said() -> None:
    with press({}) as laid_out:
        assert laid_out.ask("= A\n#pagebreak()\n= B", "query(heading).map(it => it.location().page())") == [1, 2]
        with pytest.raises(TypstFailure, match="unclosed"):
            laid_out.ask("#(", "1")
