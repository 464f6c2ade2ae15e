"""The web page of a small tree: what it holds, what it must not hold, and how it stands in a browser."""

from __future__ import annotations

import base64
import itertools
import re
from pathlib import Path

import pytest
import sample
from browser import SCHEMES, audit, chromium

from incident_report.errors import BuildError
from incident_report.present.theme import ACCENT, INK, MUTED, NEUTRAL, PALETTE
from incident_report.publish.charts import BACKGROUND, contrast, inverted, responsive
from incident_report.publish.html import write_html


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("html") / "report.html"
    write_html(sample.document(), path, meta=sample.META, resources=sample.pictures())
    return path


@pytest.fixture(scope="module")
def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_nothing_is_fetched_or_run(text: str) -> None:
    assert "<script" not in text
    assert not re.search(r"\bon\w+\s*=", re.sub(r">[^<]*<", "><", text.split("</style>", 1)[1]))
    for address in re.findall(r'(?:src|srcset|data|poster)="([^"]*)"', text):
        assert address.startswith("data:image/"), address
    assert all(a.startswith("data:") for a in re.findall(r"url\(([^)]*)\)", text))
    assert "default-src 'none'" in text


def test_text_from_data_is_text(text: str) -> None:
    assert "&lt;b&gt;&amp; more&lt;/b&gt;" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_picture_keeps_its_description(text: str) -> None:
    (alt,) = re.findall(r'<img[^>]*\balt="([^"]*)"', text)
    assert alt == sample.ALT.replace('"', "&quot;").replace("<", "&lt;").replace(">", "&gt;")


def test_headings_in_order(text: str) -> None:
    levels = [int(n) for n in re.findall(r"<h([1-6])\b", text)]
    assert levels.count(1) == 1
    assert levels[0] == 1
    assert all(b - a <= 1 for a, b in itertools.pairwise(levels))


def test_ids_are_unique_and_links_lead_somewhere(text: str) -> None:
    ids = re.findall(r'\sid="([^"]*)"', text)
    assert len(ids) == len(set(ids))
    assert {a for a in re.findall(r'href="#([^"]*)"', text)} <= set(ids)


def test_table_headers_have_a_scope(text: str) -> None:
    assert len(re.findall(r"<th\b", text)) == len(re.findall(r'<th\b[^>]*scope="(?:col|row)"', text)) > 0


def test_decimals_stand_in_line(text: str) -> None:
    assert re.findall(r'data-pad="([^"]*)"', text) == ["0", ".00"]  # 1.5 and 3 beside 12.25


def test_roles_are_words(text: str) -> None:
    for word in ("Observation.", "Inference.", "Judgement.", "Caveat."):
        assert f'<span class="role">{word}</span>' in text


def test_code_is_folded_behind_its_figure(text: str) -> None:
    assert text.index("<summary>Code for Figure") > text.index('id="fig-one"')
    assert "<details open" not in text


def test_same_bytes(tmp_path: Path, text: str) -> None:
    again = tmp_path / "other.html"
    write_html(sample.document(), again, meta=sample.META, resources=sample.pictures())
    assert again.read_text(encoding="utf-8") == text


def test_unknown_picture_stops(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"fig-one\.svg"):
        write_html(sample.document(), tmp_path / "x.html", meta=sample.META, resources={})


@pytest.mark.parametrize("colour", [INK, MUTED, ACCENT, NEUTRAL, *PALETTE])
def test_dark_charts_keep_their_contrast(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= 4.5
    assert contrast(inverted(colour), BACKGROUND) >= 4.5
    assert contrast(inverted(colour), BACKGROUND) == pytest.approx(contrast(colour, "#ffffff"), rel=0.02)


def test_chart_follows_the_scheme() -> None:
    svg = responsive(sample.pictures()["figures/fig-one.svg"]).decode()
    assert "prefers-color-scheme:dark" in svg
    assert not re.search(r'(?:fill|stroke)="#', svg)
    assert "<metadata" not in svg
    assert "<!DOCTYPE" not in svg


@pytest.mark.parametrize(
    "bad",
    [
        "<script>1</script>",
        '<path onload="x()"/>',
        '<use xlink:href="https://example.org/x.svg#a"/>',
        "<foreignObject/>",
    ],
)
def test_live_svg_is_refused(bad: str) -> None:
    with pytest.raises(ValueError, match="refused"):
        responsive(f"<svg>{bad}</svg>".encode())


@chromium
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [390, 1400])
def test_in_a_browser(page: Path, scheme: str, width: int) -> None:
    found = audit(page, scheme, width)
    assert found.violations == []
    assert found.messages == []
    assert found.requests == []
    assert found.scroll_width <= width


def test_fonts_travel_with_the_page(text: str) -> None:
    fonts = re.findall(r"url\(data:font/woff2;base64,([^)]*)\)", text)
    assert len(fonts) >= 7
    assert all(base64.b64decode(f)[:4] == b"wOF2" for f in fonts)


def test_a_label_heads_the_rows_below_it() -> None:
    from nbtypst import ast, pandoc
    from nbtypst.html_records import record_writer

    rows = [["Convoys", "Q1", "1.5"], ["", "Q2", "22.25"], ["Rockets", "Q1", "3"]]
    tree = ast.table(
        [ast.words(h) for h in ("Series", "Quarter", "Rate")],
        [[ast.words(c) for c in row] for row in rows],
        ["left", "left", "decimal"],
        [None] * 3,
        [],
        ["record"],
    )
    shown = pandoc.write(ast.document([record_writer({})(tree)]), "html5").decode()  # type: ignore[list-item]
    assert re.search(r'<th[^>]*rowspan="2"[^>]*scope="row"|<th[^>]*scope="row"[^>]*rowspan="2"', shown)
    assert shown.count('scope="row"') == 2
    assert re.findall(r'data-pad="([^"]*)"', shown) == ["0", ".00"]
    assert shown.count("<td") == 6
