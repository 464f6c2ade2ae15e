"""The web page of a small tree: what it holds, what it must not hold, and how it stands in a browser."""

from __future__ import annotations

import base64
import html
import io
import itertools
import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest
import sample
from browser import SCHEMES, audit, chromium
from fontTools.ttLib import TTFont

from incident_report.colours import contrast
from incident_report.data.model import House
from incident_report.errors import BuildError
from incident_report.paths import TEMPLATES
from incident_report.present.theme import ACCENT, INK, MUTED, NEUTRAL, PALETTE
from incident_report.present.typefaces import FACES, LATIN, faces
from incident_report.publish.around import Around, Citing
from incident_report.publish.charts import BACKGROUND, Drawings, inverted
from incident_report.publish.html import write_html
from incident_report.scripts import shown_by
from scripts import only_ours

AROUND = Around(
    files=["report.pdf", "data.zip", "report.html"],
    data={"fig-one": b"n\n1\n", "tab-one": b"a\nb\n"},
    embeds={"fig-one"},
    rows={"IQ-202000": b'incident_id,place\nIQ-202000,"<b>Zone & ""Green"", 50% #1"\n'},
    cite=Citing("Cite", lambda name, title, address: f"{name} <{title}> {address}"),
    address="https://example.org/report.html",
)


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("html") / "report.html"
    write_html(sample.document(), path, meta=sample.META, resources=sample.pictures(), around=AROUND)
    return path


@pytest.fixture(scope="module")
def text(page: Path) -> str:
    return page.read_text(encoding="utf-8")


def test_nothing_is_fetched_or_run(text: str) -> None:
    only_ours(text, there=False)
    assert not re.search(r"\bon\w+\s*=", re.sub(r">[^<]*<", "><", text.split("</style>", 1)[1]))
    for address in re.findall(r'(?:src|srcset|data|poster)="([^"]*)"', text):
        assert address.startswith("data:image/"), address
    assert all(a.startswith(("data:", "#")) for a in re.findall(r"url\(([^)]*)\)", text))
    assert "default-src 'none'" in text


def test_text_from_data_is_text(text: str) -> None:
    assert "&lt;b&gt;&amp; more&lt;/b&gt;" in text
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text


def test_picture_keeps_its_description(text: str) -> None:
    alts = re.findall(r'<svg role="img" aria-label="([^"]*)" class="(\w+)-chart"', text)
    assert alts == [(html.escape(sample.ALT), "wide"), (html.escape(sample.ALT), "narrow")]


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
    assert len(re.findall(r"<th\b", text)) == len(re.findall(r"<th\b[^>]*\bscope=(?:col|row)\b", text)) > 0


def test_decimals_stand_in_line(text: str) -> None:
    assert re.findall(r'data-pad="([^"]*)"', text) == ["0", ".00"]  # 1.5 and 3 beside 12.25


def test_roles_are_words(text: str) -> None:
    for word in ("Observation.", "Inference.", "Judgement.", "Caveat."):
        assert f'<span class="role">{word}</span>' in text


def test_code_is_folded_at_the_end_of_its_chapter_under_the_name_of_what_it_made(text: str) -> None:
    found = re.findall(r'<details class="code">(.*?)</details>', text, re.DOTALL)
    assert len(found) == 1 and re.search(r"<p>Figure\s1</p>\s*<div", found[0])
    assert text.index('<details class="code">') > text.index('id="fig-one"')
    assert "<details open" not in text


def test_same_bytes(tmp_path: Path, text: str) -> None:
    again = tmp_path / "other.html"
    write_html(sample.document(), again, meta=sample.META, resources=sample.pictures(), around=AROUND)
    assert again.read_text(encoding="utf-8") == text


def test_unknown_picture_stops(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"fig-one\.svg"):
        write_html(sample.document(), tmp_path / "x.html", meta=sample.META, resources={})


@pytest.mark.parametrize("colour", [INK, MUTED, ACCENT, NEUTRAL, *PALETTE])
def test_dark_charts_keep_their_contrast(colour: str) -> None:
    assert contrast(colour, "#ffffff") >= 4.5
    assert contrast(inverted(colour), BACKGROUND) >= 4.5
    assert contrast(inverted(colour), BACKGROUND) == pytest.approx(contrast(colour, "#ffffff"), rel=0.02)


def test_chart_follows_the_scheme_and_keeps_its_text() -> None:
    drawings = Drawings()
    svg = drawings.inline(sample.pictures()["figures/fig-one.svg"], "one", "A chart")
    assert not re.search(r'(?:fill|stroke)="#', svg)
    assert ">29</text>" in svg
    assert "Noto" not in svg  # the page's own face, under its own name
    assert set(re.findall(r"var\(--c(\w{6})\)", drawings.styles())) == {c[1:] for c in drawings.colours}
    assert set(re.findall(r'class="(s\d+)"', svg)) == set(drawings.looks.values())
    assert all(id.startswith("one-") for id in re.findall(r'\b(?:id="|url\(#|href="#)([^")]*)', svg))
    assert "prefers-color-scheme:dark" in drawings.styles()


def test_what_a_label_says_stays_as_it_is() -> None:
    said = 'id="x" #ffffff url(#a)'
    svg = f'<svg><text style="fill: #000000">{said}</text></svg>'.encode()
    assert f">{said}</text>" in Drawings().inline(svg, "one", "")


def test_only_what_is_there_is_offered(text: str) -> None:
    (nav,) = re.findall(r'<nav class="downloads".*?</nav>', text, re.DOTALL)
    assert re.findall(r'href="([^"]*)"', nav) == ["report.pdf", "data.zip"]


def test_data_stand_beside_each_record(text: str) -> None:
    found = re.findall(r'<a href="data:text/csv;charset=utf-8,([^"]*)" download="([^"]*)"', text)
    assert {name: unquote(html.unescape(data)).encode() for data, name in found if "IQ-" not in name} == {
        f"{id}.csv": data for id, data in AROUND.data.items()
    }
    assert re.findall(r'href="(embed/[^"]*)"', text) == ["embed/fig-one.html"]


def test_headings_records_and_rows_have_addresses(text: str) -> None:
    linked = set(re.findall(r'href="#([^"]*)"', text))
    assert {"sec-how-often", "fig-one", "tab-one", "IQ-202000"} <= linked
    assert text.count('id="IQ-202000"') == 1


def test_every_record_and_every_row_says_how_it_is_cited(text: str) -> None:
    cited = re.findall(r'<details class="cite"><summary>Cite</summary><div><p>([^<]*)</p>', text)
    said = [html.unescape(c) for c in cited]
    assert len(said) == len(set(said))
    at = AROUND.address
    assert {f"Figure 1 <{sample.TITLE}> {at}#fig-one", f"IQ-202000 <> {at}#IQ-202000"} <= set(said)
    assert {s.partition(f" {at}#")[2] for s in said} == {"IQ-202000", *re.findall(r'<figure id="([^"]*)"', text)}


def test_a_row_brings_its_own_data(text: str) -> None:
    (line,) = re.findall(r'<tr id="IQ-202000".*?</tr>', text, re.DOTALL)
    ((data, name),) = re.findall(r'<a href="data:text/csv;charset=utf-8,([^"]*)" download="([^"]*)"', line)
    assert (unquote(html.unescape(data)).encode(), name) == (AROUND.rows["IQ-202000"], "IQ-202000.csv")


def test_absolute_addresses_only_with_a_site(tmp_path: Path, text: str) -> None:
    assert "og:title" in text
    assert not re.search(r'og:(?:url|image)|rel="canonical"', text)
    house = House(publisher="A & </script> B", site_url="https://example.org/r", colours={"accent": "#123456"})
    meta = {**sample.META, "house": house, "place": "2020Q3"}
    write_html(
        sample.document(),
        tmp_path / "x.html",
        meta=meta,
        resources=sample.pictures(),
        around=replace(AROUND, card=True),
    )
    own = (tmp_path / "x.html").read_text("utf-8")
    for address in ("https://example.org/r/2020Q3/report.html", "https://example.org/r/2020Q3/card.png"):
        assert f'content="{address}"' in own
    (linked,) = re.findall(r'<script type="application/ld\+json">(.*?)</script>', own)
    assert json.loads(linked)["publisher"]["name"] == house.publisher
    assert json.loads(linked)["isBasedOn"]["@type"] == "Dataset"
    assert "--accent:#123456" in own


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
        Drawings().inline(f"<svg>{bad}</svg>".encode(), "x", "")


@chromium
@pytest.mark.parametrize("scheme", SCHEMES)
@pytest.mark.parametrize("width", [390, 1400])
def test_in_a_browser(browser: Any, page: Path, scheme: str, width: int) -> None:
    found = audit(browser, page, scheme, width)
    assert found.violations == []
    assert found.messages == []
    assert found.requests == []
    assert found.scroll_width <= width


def test_fonts_travel_with_the_page(text: str) -> None:
    fonts = re.findall(r"url\(data:font/woff2;base64,([^)]*)\)", text)
    assert len(fonts) == 7
    assert all(base64.b64decode(f)[:4] == b"wOF2" for f in fonts)


def test_letters_beyond_those_of_european_languages_are_cut_out_of_the_whole_font() -> None:
    assert not [rule for rule in faces("Bahaa Abdul-Husseïn ʿAbd, 5 → 6 ≈ 7\u200e\n") if "font/ttf" in rule]
    rules = [rule for rule in faces("Nāẓim ẓ") if "font/ttf" in rule]
    assert len(rules) == 7 and all("unicode-range:U+1E93;" in rule for rule in rules)
    for rule in rules:
        font = TTFont(io.BytesIO(base64.b64decode(re.search(r"base64,([^)]*)", rule)[1])))  # type: ignore[index]
        assert set(font.getBestCmap()) == {0x1E93}
    assert [rule.count("Report Sans") for rule in faces("النجف", ("Report Sans",))] == [1, 1, 1, 1]


@pytest.mark.parametrize("name", [name for _, name, _, _ in FACES])
def test_a_face_of_the_page_has_every_letter_that_it_is_trusted_with(name: str) -> None:
    missing = LATIN - shown_by(name)
    assert not [chr(c) for c in missing]


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


def test_a_groups_name_stands_across_the_table() -> None:
    from nbtypst import ast, pandoc
    from nbtypst.html_records import record_writer

    cells = [["Protect", "", ""], ["Close", "yes", ""], ["Leave", "no", "yes"]]
    rows = [[ast.words(c) for c in row] for row in cells]
    tree = ast.table([ast.words(h) for h in "ABC"], rows, ["left"] * 3, [None] * 3, [], ["record"])
    shown = pandoc.write(ast.document([record_writer({})(tree)]), "html5").decode()  # type: ignore[list-item]
    assert re.findall(r'<th (?=[^>]*scope="rowgroup")[^>]*colspan="(\d)"[^>]*>([^<]*)', shown) == [("3", "Protect")]
    assert shown.count('scope="row"') == 2
    assert shown.count("<td") == 4


@chromium
def test_marks_are_printed_and_charts_beside_each_other_fill_a_phone(browser: Any, tmp_path: Path) -> None:
    css = (TEMPLATES / "report.css").read_text("utf-8")
    marks = "".join(f'<span class="dot dot-{kind}">x</span>' for kind in ("full", "half", "none", "up"))
    chart = '<div class="chart"><span class="drawn" style="--w:.5"><svg viewBox="0 0 9 9"></svg></span></div>'
    row = f'<div class="beside figures"><div class="item"><figure class="figure">{chart}</figure></div></div>'
    (tmp_path / "x.html").write_text(
        f'<meta name="viewport" content="width=device-width"><style>{css}</style>{marks}{row}', "utf-8"
    )
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    tab.goto((tmp_path / "x.html").as_uri())
    wide = tab.evaluate("document.querySelector('svg').getBoundingClientRect().width")
    kept = "[...document.querySelectorAll('.dot')].map(e => getComputedStyle(e, '::before').printColorAdjust)"
    assert tab.evaluate(kept) == ["exact"] * 4  # a browser prints no background unless it is told to
    assert wide == pytest.approx(390, abs=20)


@chromium
def test_a_row_that_becomes_a_card_names_each_of_its_cells(browser: Any, tmp_path: Path) -> None:
    from nbtypst import ast, pandoc
    from nbtypst.html_records import record_writer

    heads = ["Id", "It's \\ here", 'A "place"', "Day"]
    tree = ast.table(
        [ast.words(h) for h in heads],
        [[ast.words(c) for c in ("x", "y", "a place with a long name, longer than a label", "z")]] * 2,
        ["left"] * 4,
        [None] * 4,
        [],
        ["record"],
    )
    shown = pandoc.write(ast.document([record_writer({})(tree)]), "html5").decode()  # type: ignore[list-item]
    css = (TEMPLATES / "report.css").read_text("utf-8")
    (tmp_path / "x.html").write_text(f"<meta charset=utf-8><style>{css}</style>{shown}", "utf-8")
    tab = browser.new_page(viewport={"width": 390, "height": 800})
    tab.goto((tmp_path / "x.html").as_uri())
    said = "[...document.querySelectorAll('tr:last-child td')].map(e => getComputedStyle(e, '::before').content)"
    assert [json.loads(one) for one in tab.evaluate(said)] == [f"{head}: " for head in heads[1:]]


def test_long_data_of_several_records_stand_once_and_the_others_lead_there(tmp_path: Path) -> None:
    data = {"fig-one": b"n\n" + b"1\n" * 600, "tab-one": b"n\n" + b"1\n" * 600}
    write_html(
        sample.document(),
        tmp_path / "x.html",
        meta=sample.META,
        resources=sample.pictures(),
        around=replace(AROUND, data=data),
    )
    own = (tmp_path / "x.html").read_text("utf-8")
    assert re.findall(r'<a id="csv-([^"]*)" href="data:text/csv[^"]*" download="([^"]*)"', own) == [
        ("fig-one", "fig-one.csv")
    ]
    assert re.findall(r'<figure id="tab-one".*?<a href="#csv-([^"]*)"[^>]*>([^<]*)</a>', own, re.DOTALL) == [
        ("fig-one", "CSV: Figure 1")
    ]
