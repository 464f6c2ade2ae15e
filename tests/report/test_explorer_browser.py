"""The explorer in Chromium: the numbers of the analysis, one selection by address, code and command, no request."""

from __future__ import annotations

import csv
import io
import random
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import sample
from browser import PAIRS, chromium
from editions import founding

from incident_report.analysis.edition import Edition
from incident_report.analysis.explorer import DEFAULTS, select, values, view_of
from incident_report.analysis.open import open_edition
from incident_report.analysis.public import PERIODS, count
from incident_report.analysis.selection import where
from incident_report.present.explorer import FACETS, payload
from incident_report.present.explorer_columns import words
from incident_report.publish.around import Around
from incident_report.publish.explorer import explored, write_explorer
from incident_report.publish.html import write_html
from scripts import only_ours

pytestmark = chromium
ED = founding()
FACE = "document.getElementById('explore').explorer"
SLOW = 2  # times that a machine at other work may take longer
# The time from the page's start until the explorer is drawn.
READY = """new MutationObserver((_, seen) => {
 if (!document.querySelector('#explore .x-time')) return;
 seen.disconnect();
 requestAnimationFrame(() => setTimeout(() => window.ready = performance.now())); })
 .observe(document, {childList: true, subtree: true})"""
TWIN = """selector => { const one = document.querySelector(selector); one.querySelector('details').open = true;
 return new Promise(done => setTimeout(() => done([...one.querySelectorAll('tbody tr')].map(
 row => [...row.children].map(cell => cell.textContent))), 50)); }"""


def some(made: Iterator[dict[str, Any]], quick: int) -> list[Any]:
    """Views, all but the first few for the long form only."""
    return [pytest.param(v, id=str(n), marks=() if n < quick else pytest.mark.chaos) for n, v in enumerate(made)]


def views(n: int, seed: int = 12) -> Iterator[dict[str, Any]]:
    """Views of every kind: each part there in about half of them."""
    draw = random.Random(seed)
    days = [str(d.date()) for d in pd.date_range(ED.quarters[0].start, ED.quarter.end)]
    for _ in range(n):
        view: dict[str, Any] = {"by": draw.choice(PERIODS), "counting": draw.choice(["counted", "listed"])}
        if draw.random() < 0.6:
            view["time"] = sorted(draw.sample(days, 2))
        if draw.random() < 0.4:
            view["box"] = [draw.uniform(41, 44), draw.uniform(29, 33), draw.uniform(44.3, 48), draw.uniform(33.3, 37)]
        column = draw.choice(["attack_method", "governorate", "confidence", "techniques", "claimed_by"])
        if draw.random() < 0.6:
            view["where"] = {column: draw.sample([None, *values(ED, column)], 2)}
        if draw.random() < 0.3:
            view["series"] = draw.choice(ED.campaign.series).id
        if draw.random() < 0.3:
            view["search"] = draw.choice(["Baghdad", "KATYUSHA iq-2020", "convoy damaged", "embassy"])
        yield view


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("explorer") / "explore.html"
    write_explorer(ED, path)
    return path


@pytest.fixture(scope="module")
def go(browser: Any, page: Path) -> Callable[[str], Any]:
    """Opens the page at an address; gives its tab, which nothing was told or asked by."""
    tab = browser.new_context(viewport={"width": 1000, "height": 800}).new_page()
    tab.on("console", lambda m: pytest.fail(f"console: {m.text}"))
    tab.on("pageerror", lambda e: pytest.fail(f"error: {e}"))

    def opened(address: str) -> Any:
        tab.goto("about:blank")
        tab.goto(page.as_uri() + address)
        tab.wait_for_selector("#explore .x-time")
        return tab

    return opened


def shown(tab: Any, view: Mapping[str, Any]) -> dict[str, Any]:
    """Ask for a view; what the explorer then has."""
    tab.evaluate(f"view => {FACE}.setView(view)", dict(view))
    tab.wait_for_timeout(400)  # until changes have been quiet for a while
    found: dict[str, Any] = tab.evaluate(f"{FACE}.view")
    return found


def press(tab: Any, key: str) -> str:
    """Press a button of "copy as"; the text that it gives."""
    tab.evaluate("document.querySelector('#explore details.x-copy').open = true")
    tab.get_by_role("button", name=words()[key], exact=True).click()
    tab.wait_for_timeout(50)
    return str(tab.locator("#explore details.x-copy textarea").input_value())


def ids(tab: Any) -> list[str]:
    """Incidents of the CSV that the explorer gives."""
    tab.evaluate("document.querySelector('#explore details.x-copy').open = true")
    with tab.expect_download() as saved:
        tab.get_by_role("button", name=words()["copy.csv"], exact=True).click()
    text = Path(saved.value.path()).read_text("utf-8-sig")
    return sorted(row["incident_id"] for row in csv.DictReader(io.StringIO(text)))


def number(text: str) -> float:
    return float(text.replace(",", ""))


@pytest.mark.parametrize("view", some(views(10), 5))
def test_numbers_are_those_of_the_analysis(go: Callable[[str], Any], view: dict[str, Any]) -> None:
    tab = go("")
    assert shown(tab, view) == view_of(ED, view)
    rows = select(ED, view)
    assert ids(tab) == sorted(rows.rows)
    table = count(ED, rows, by=view["by"]).table
    lines = tab.evaluate(TWIN, "#explore .x-time")
    assert [line[0] for line in lines] == table["period"].tolist()
    for line, there in zip(lines, table.itertuples(), strict=True):
        assert number(line[4]) == there.days
        if there.days:
            same(line[1:4], there)
    for place, column in enumerate(FACETS, start=1):
        others = {k: v for k, v in view.get("where", {}).items() if k != column}
        counted = count(ED, select(ED, {**view, "where": others}), by=column).table
        lines = tab.evaluate(TWIN, f"#explore .x-facet:nth-of-type({place})")
        found = {line[0]: line[1:] for line in lines if number(line[1])}
        there = [row for row in counted.itertuples() if row.count]
        labels = [words()["unknown"] if pd.isna(r[1]) else ED.data.label(r[1], column) if column in ED.data.labels
                  else r[1] for r in there]  # fmt: skip
        assert set(found) == set(labels)
        for label, row in zip(labels, there, strict=True):
            same(found[label], row)


def same(cells: list[str], row: Any) -> None:
    """Count, lower and upper limit, as printed to two decimals."""
    assert number(cells[0]) == row.count
    assert number(cells[1]) == pytest.approx(row.low, abs=0.00501)
    assert number(cells[2]) == pytest.approx(row.high, abs=0.00501)


@pytest.mark.parametrize("view", some(views(5, seed=3), 3))
def test_address_code_and_view_select_the_same_rows(go: Callable[[str], Any], view: dict[str, Any]) -> None:
    tab = go("")
    whole, expected = shown(tab, view), sorted(select(ED, view).rows)
    code = press(tab, "copy.python")
    space: dict[str, Any] = {"ed": ED, "where": where}
    exec(code, space)
    assert sorted(space["rows"].rows) == expected
    address = tab.evaluate("location.hash")
    again = go(address)
    assert again.evaluate(f"{FACE}.view") == whole and ids(again) == expected


def test_a_whole_quarter_can_be_a_report_and_what_cannot_says_why(go: Callable[[str], Any]) -> None:
    tab = go("#explore?time=2020-04-01..2020-06-30")
    command = press(tab, "copy.report")
    given = dict(word.split("=") for word in command.removeprefix("make report ").split())
    ed = open_edition("data", quarter=given["QUARTER"], confidence_floor=given["FLOOR"])
    assert sorted(ed.incidents(ed.quarter)["incident_id"]) == ids(tab)
    tab = go("#explore?time=2020-04-01..2020-06-29&attack_method=rocket")
    said = press(tab, "copy.report")
    assert "make report" not in said and words()["part.time"] in said and words()["part.where"] in said


def test_what_cannot_be_read_of_an_address_is_dropped(go: Callable[[str], Any]) -> None:
    tab = go("#explore?by=year&time=soon&attack_method=catapult&box=1,2&open=nobody&sort=x.up&counting=listed")
    assert tab.evaluate(f"{FACE}.view") == {**DEFAULTS, "where": {}, "counting": "listed"}
    assert words()["dropped"] in tab.locator("#explore").inner_text()


@pytest.mark.parametrize(("scheme", "width"), PAIRS)
def test_in_a_report_it_waits_in_a_fold_and_asks_for_nothing(
    browser: Any, tmp_path: Path, scheme: str, width: int
) -> None:
    from axe_playwright_python.sync_playwright import Axe

    path = tmp_path / "report.html"
    around = Around(rows=list(ED.listed["incident_id"]), explored=explored(ED, anchors=True))
    write_html(sample.document(), path, meta=sample.META, resources=sample.pictures(), around=around)
    only_ours(path.read_text("utf-8"), there=True)
    heard: list[str] = []
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=scheme)
    tab = context.new_page()
    tab.on("console", lambda m: heard.append(m.text))
    tab.on("pageerror", lambda e: heard.append(str(e)))
    tab.on("request", lambda r: heard.append(r.url))
    tab.goto(path.as_uri())
    assert not tab.evaluate(f"{FACE} || false")
    tab.locator("#sec-explore summary").first.click()
    tab.wait_for_selector("#explore .x-time")
    assert heard == [path.as_uri()]
    assert tab.evaluate("document.documentElement.scrollWidth") <= width
    found = Axe().run(tab).response["violations"]
    assert [f"{v['id']}: {n['html'][:120]}" for v in found for n in v["nodes"]] == []
    tab.goto("about:blank")
    tab.goto(path.as_uri() + "#explore?by=month")
    tab.wait_for_selector("#explore .x-time")
    assert tab.evaluate(f"{FACE}.view.by") == "month"
    context.close()


def test_without_a_script_the_page_says_where_the_incidents_stand(browser: Any, tmp_path: Path) -> None:
    document, own = sample.document(), ED.listed["incident_id"].iloc[0]
    text = re.sub(r"IQ-202000", own, str(document))
    assert own in text
    around = Around(rows=["IQ-202000"], explored=explored(ED))
    write_html(document, tmp_path / "r.html", meta=sample.META, resources=sample.pictures(), around=around)
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto((tmp_path / "r.html").as_uri())
    section = tab.locator("#sec-explore")
    assert words(file="explorer_page.yml")["without"] in section.inner_text()
    assert section.locator("p a").first.get_attribute("href") == "#tab-two"
    context.close()


def test_each_incident_is_cited_by_its_own_address_and_brings_its_row(browser: Any, tmp_path: Path) -> None:
    without, within = ED.listed["incident_id"].iloc[[0, -1]]
    around = Around(explored=explored(ED, anchors=True, cite="{id}, in: A report {address}"))
    write_html(sample.document(), tmp_path / "r.html", meta=sample.META, resources=sample.pictures(), around=around)
    tab = browser.new_context().new_page()
    tab.goto((tmp_path / "r.html").as_uri() + "#explore")
    tab.wait_for_selector("#explore .x-time")
    tab.evaluate("id => { document.querySelector('h1').id = id; }", within)
    for id, address in ((without, f"#explore?open={without}"), (within, f"#{within}")):
        shown(tab, {"open": id, "counting": "listed"})
        cited = tab.locator("#explore .x-cited").inner_text()
        assert cited == f"{id}, in: A report {address}"
        with tab.expect_download() as saved:
            tab.get_by_role("button", name=words()["copy.row"], exact=True).click()
        text = Path(saved.value.path()).read_text("utf-8-sig")
        assert [row["incident_id"] for row in csv.DictReader(io.StringIO(text))] == [id]
        assert saved.value.suggested_filename == f"{id}.csv"
    tab.context.close()


def test_a_record_without_incidents_says_so(browser: Any, tmp_path: Path) -> None:
    ed = replace(ED, data=replace(ED.data, incidents=ED.data.incidents.iloc[:0]))
    write_explorer(ed, tmp_path / "none.html")
    tab = browser.new_page()
    tab.goto((tmp_path / "none.html").as_uri())
    tab.wait_for_selector("#explore .x-time")
    assert words()["empty_record"] in tab.locator("#explore .x-none").inner_text()
    assert words(file="explorer_page.yml")["says.none"].format(quarter=ED.quarter.label) in tab.inner_text("body")
    tab.close()


HOSTILE = (
    "</script><script>document.title = 'run'</script>", "<img src=x onerror=\"document.title = 'run'\">",
    "\u202etxt.exe", "{{ 7 * 7 }}", "=1+1", "javascript:document.title='run'", "السلام عليكم",
    "a\x00b", "${document.title = 'run'}",
)  # fmt: skip


def test_hostile_texts_stay_text(browser: Any, tmp_path: Path) -> None:
    rows, sources = ED.data.incidents.copy(), ED.data.sources.copy()
    for column in ("place", "target_name", "summary", "attributed_to", "claimed_by", "munition_detail"):
        rows[column] = pd.array([HOSTILE[i % len(HOSTILE)] for i in range(len(rows))], dtype=rows[column].dtype)
    for column in ("title", "url", "publisher"):
        sources[column] = pd.array([HOSTILE[i % len(HOSTILE)] for i in range(len(sources))], dtype="string[python]")
    campaign = replace(ED.campaign, title=HOSTILE[0])
    ed = replace(ED, data=replace(ED.data, incidents=rows, sources=sources, campaign=campaign))
    write_explorer(ed, tmp_path / "h.html")
    only_ours((tmp_path / "h.html").read_text("utf-8"), there=True)
    heard: list[str] = []
    tab = browser.new_page()
    tab.on("console", lambda m: heard.append(m.text))
    tab.on("request", lambda r: heard.append(r.url))
    tab.goto((tmp_path / "h.html").as_uri() + f"#explore?open={ed.listed['incident_id'].iloc[0]}&counting=listed")
    tab.wait_for_selector("#explore .x-time")
    tab.wait_for_timeout(300)
    assert tab.title().startswith("</script>") and len(heard) == 1
    assert tab.evaluate("document.querySelectorAll('#explore :is(img, script, iframe)').length") == 0
    hrefs = tab.evaluate("[...document.querySelectorAll('#explore a')].map(a => a.getAttribute('href'))")
    assert all(re.match("https?://|#", h) for h in hrefs)
    assert ids(tab) == sorted(ed.listed["incident_id"])
    tab.close()


def large(n: int = 100_000) -> Edition:
    """An edition of made-up rows of every kind, without summaries."""
    draw, data = np.random.default_rng(5), ED.data
    rows = data.incidents.iloc[draw.integers(0, len(data.incidents), n)].reset_index(drop=True)
    day = pd.Timestamp(ED.quarters[0].start) + pd.to_timedelta(draw.integers(0, 366, n), unit="D")
    rows = rows.assign(date=day, longitude=pd.array(draw.normal(44.4, 1, n).round(4), dtype="Float64"))
    rows = rows.assign(latitude=pd.array(draw.normal(33.3, 1, n).round(4), dtype="Float64"), summary=pd.NA)
    rows = rows.astype({"summary": data.incidents["summary"].dtype}).sort_values("date", ignore_index=True)
    rows["incident_id"] = [f"IQ-{d:%Y%m%d}-{i}" for i, d in enumerate(rows["date"])]
    rows["incident_id"] = rows["incident_id"].astype(data.incidents["incident_id"].dtype)
    return replace(ED, data=replace(data, incidents=rows))


def test_sizes_and_time_until_it_is_ready(browser: Any, page: Path, tmp_path: Path) -> None:
    data = len(payload(ED)) * 4 / 3
    assert page.stat().st_size - data < 120_000
    size = write_explorer(large(), tmp_path / "large.html")
    assert size < 8_000_000
    tab = browser.new_page()
    tab.add_init_script(READY)
    tab.goto((tmp_path / "large.html").as_uri())
    tab.wait_for_selector("#explore .x-time", timeout=60_000)
    tab.wait_for_function("window.ready")
    ready = tab.evaluate("window.ready")
    empty = page.stat().st_size - data
    print(f"\nwithout data {empty:,.0f} bytes; 100,000 rows {size:,} bytes, drawn after {ready:,.0f} ms")
    assert ready < 2000 * SLOW
    tab.close()
