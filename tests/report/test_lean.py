"""What stands in a page for readers of the source goes, and nothing that a browser or a reader sees."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any

import pytest
from browser import chromium

from incident_report.paths import TEMPLATES
from incident_report.present.explorer import module, page_script, styles
from incident_report.present.lean import markup, rules, script
from nbtypst import ast, pandoc


class Seen(HTMLParser):
    """Elements of a page but those without a look of their own, their attributes, and its text, all in order."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[list[tuple[str, str | None]]] = []
        self.text = ""
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in ("span", "a"):
            self.tags.append(tag)
            self.attributes.append(attrs)

    def handle_data(self, data: str) -> None:
        self.text += data


SAID = "x=\"1\" & <b> 'two'"


def test_tables_and_code_of_pandoc_lose_no_element_and_no_word() -> None:
    rows = [[ast.words(SAID), ast.words("2")]] * 2
    table = ast.table([ast.words(h) for h in "ab"], rows, ["left"] * 2, [None] * 2, [], [])
    code = {"t": "CodeBlock", "c": [["", [], []], f"{SAID}\n  if (a < b):\n"]}
    before = pandoc.write(ast.document([table, code, ast.para(ast.words(SAID))]), "html5").decode()
    after = markup(before)
    assert Seen(after).tags == Seen(before).tags
    assert "".join(Seen(after).text.split()) == "".join(Seen(before).text.split())
    assert len(after) < len(before)
    assert 'x="' not in after[after.index("<pre>") : after.index("</pre>")]  # code looks like no attribute


def test_cells_say_in_fewer_signs_what_they_are() -> None:
    cell = '<td class="num" role="cell">1</td><td class="mid said" role="cell">a class="b"</td>'
    after = markup(f'<table><tr id="x" role="row">{cell}</tr></table>')
    assert Seen(after).attributes == Seen(cell.join(["<table><tr id='x' role='row'>", "</tr></table>"])).attributes
    assert '<tr id="x" role=row><td class=num role=cell>1<td class="mid said" role=cell>a class="b"' in after


def test_code_keeps_its_lines_and_the_kinds_of_word_that_the_page_colours() -> None:
    text = 'if x == "y":\n    pass  # why'
    after = markup(
        pandoc.write(ast.document([{"t": "CodeBlock", "c": [["", ["python"], []], text]}]), "html5").decode()
    )
    assert Seen(after).text.strip() == text
    assert set(re.findall(r'class="(\w\w)"', after)) == {"cf", "st", "co"}


def test_citations_are_marked_only_where_that_turns_their_direction() -> None:
    cited = '<p>So <span class="citation" data-cites="a">(<a href="#ref-a">A <em>b</em></a>)</span>.</p>'
    assert markup(cited) == '<p>So (<a href="#ref-a">A <em>b</em></a>).</p>'
    assert markup(cited, rtl=True) == '<p>So <span class="citation">(<a href="#ref-a">A <em>b</em></a>)</span>.</p>'


FILES = sorted(TEMPLATES.glob("explorer/*.js"))


@pytest.mark.parametrize(
    "text", [module(), *(p.read_text("utf-8") for p in FILES)], ids=["all", *(p.stem for p in FILES)]
)
def test_a_script_keeps_every_sign_but_blanks_and_notes(text: str) -> None:
    plain = re.sub(r"/\*\*.*?\*/", "", text, flags=re.DOTALL)
    short = re.sub(r"/\*\*.*?\*/", "", script(text), flags=re.DOTALL)
    plain = re.sub(r"^\s*//.*$", "", plain, flags=re.MULTILINE)
    assert re.findall(r"\w+|[^\w\s]", short) == re.findall(r"\w+|[^\w\s]", plain)
    quoted = r'"(?:[^"\\\n]|\\.)*"|`[^`\n]*`'
    assert re.findall(quoted, short) == re.findall(quoted, plain)


def test_a_statement_of_a_script_ends_where_it_did() -> None:
    assert script("let a = b\nlet c = d\n") == "let a=b\nlet c=d\n"
    assert script("a = b + +c; // d,\ne();\n") == "a = b + +c; // d,\ne();"
    assert "<!--" not in page_script() and "-->" not in page_script()  # which a script in a page may not hold


@chromium
def test_a_browser_reads_the_same_rules(browser: Any) -> None:
    css = (TEMPLATES / "report.css").read_text("utf-8") + styles()
    read = "s => { const x = new CSSStyleSheet(); x.replaceSync(s); return [...x.cssRules].map(r => r.cssText) }"
    tab = browser.new_page()
    before, after = ([re.sub(r",\s+", ",", r) for r in tab.evaluate(read, one)] for one in (css, rules(css)))
    assert after == before and len(before) > 200
    assert len(rules(css)) < 0.92 * len(css)
