"""The built report as a web page, and as a Word file."""

from __future__ import annotations

import gzip
import itertools
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from browser import PAIRS, audit, chromium

from scripts import only_ours


@pytest.fixture(scope="module")
def page(built: SimpleNamespace) -> Path:
    return Path(built.folder) / "report.html"


@pytest.fixture(scope="module")
def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


# Every pair is tried of the small page in test_html_sample.py.
@chromium
@pytest.mark.parametrize(("scheme", "width"), PAIRS)
def test_in_a_browser(browser: Any, page: Path, scheme: str, width: int) -> None:
    found = audit(browser, page, scheme, width)
    assert found.violations == []
    assert found.messages == []
    assert found.requests == []
    assert found.scroll_width <= width


def test_page_and_pdf_stay_light(page: Path) -> None:
    content = page.read_bytes()
    assert len(content) < 1_300_000
    assert len(gzip.compress(content, 9)) < 450_000
    assert (page.parent / "report.pdf").stat().st_size < 1_100_000


def test_what_leads_within_the_page_arrives(text: str) -> None:
    aims = set(
        re.findall(r'\bhref="#([^"]+)"|url\(#([^)]+)\)', re.sub(r"<script\b.*?</script>", "", text, flags=re.DOTALL))
    )
    assert {a or b for a, b in aims} <= set(re.findall(r'\sid="([^"]*)"', text)) | {"content"}


def test_nothing_is_fetched_or_run(page: Path, text: str) -> None:
    only_ours(text, there=True)
    text = re.sub(r"(<script\b[^>]*>).*?</script>", r"\1</script>", text, flags=re.DOTALL)
    assert not re.search(r'<(?:iframe|object|embed|base)\b|<link(?! rel="icon" href="data:,">)', text)
    assert not re.search(r"<[^<>]*\son\w+=", text.split("</style>", 1)[1])
    assert all(a.startswith("data:") for a in re.findall(r'\b(?:src|srcset|poster|data)="([^"]*)"', text))
    links = re.findall(r'<a\b[^>]*\bhref="([^"]*)"', text)
    beside = {a for a in links if not re.match(r"#|https?://|mailto:|data:text/csv;", a)}
    assert {"report.pdf", "data.zip"} <= beside
    assert all((page.parent / a).is_file() for a in beside)


def test_every_picture_is_described(text: str) -> None:
    drawn = re.findall(r"<(?:img|svg)\b[^>]*>", text)
    alts = [re.search(r'\b(?:alt|aria-label)="([^"]*)"', tag) for tag in drawn]
    assert alts
    assert all(alt and len(alt[1]) > 30 for alt in alts)


def test_headings_links_and_ids(text: str) -> None:
    levels = [int(n) for n in re.findall(r"<h([1-6])\b", text)]
    assert levels.count(1) == 1
    assert all(later - sooner <= 1 for sooner, later in itertools.pairwise(levels))
    ids = re.findall(r'\sid="([^"]*)"', text)
    assert len(ids) == len(set(ids))
    assert {a for a in re.findall(r'href="#([^"]*)"', text)} <= set(ids)
    assert re.search(r'<html lang="[a-z]{2}(?:-[A-Z]{2})?">', text)


def test_every_figure_and_table_is_numbered_and_its_code_folded(text: str) -> None:
    records = re.findall(
        r'<figure id="([^"]+)" class="(figure|table)(?![^"]*\bunnumbered\b)[^"]*">\s*<figcaption>(.*?)</figcaption>',
        text,
        re.DOTALL,
    )
    assert len(records) > 10
    for id, kind, caption in records:
        words = re.sub(r"<[^>]*>", "", caption)
        assert re.match(rf"\s*{kind.capitalize()}\sW?\d+\. \S", words), id
    assert "<details open" not in text
    chapters = re.findall(r'<section id="[^"]*" class="level2', text)
    assert 1 < text.count('<details class="code">') <= len(chapters) + 1  # one a chapter, and the front's


def test_every_table_has_column_headers(text: str) -> None:
    for table in re.findall(r"<table\b.*?</table>", text, re.DOTALL):
        heads = re.findall(r"<th\b[^>]*>", table)
        assert heads
        assert all("scope=" in head for head in heads)
