"""No word of the data becomes markup: the page has the same elements and attributes whatever the data say."""

from __future__ import annotations

import csv
import io
import json
import re
import zipfile
from collections.abc import Callable
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
import yaml
from lab import Done, Project, snapshot, some

HOSTILE = (
    '" http-equiv="refresh" onload="alert(1)" x="\' autofocus onfocus=\'alert(2)\' --><script>alert(3)</script>'
    "</script></style></title><img src=x onerror=alert(4)><svg onload=alert(5)>&lt;b&gt;&#x3c;i&#x3e; {{ 7*7 }} "
    '${id} $(id) `id` \\input{/etc/passwd} #read("/etc/passwd") [x](javascript:alert(6)) <!-- ]]> %s %(x)s {0} \\\\'
)
LINES = 'first line\nsecond "line"\r\n\n# not a heading\n\n- not a list'
REFRESH = '0;url=http://127.0.0.1:9/" http-equiv="refresh'
INNOCENT = "An innocent text"
STRUCTURED = {
    "id", "fact", "where", "headline_tracker", "article", "valid", "expect", "vocabulary", "colours", "paper", "logo",
    "language", "site_url", "contact",
}  # fmt: skip


META = [REFRESH, 'The "shadow" war', "O'Brien & Söhne <x>", 'a\\"b', "&quot;x&quot;", "`x` $y$ *z*"]


class Elements(HTMLParser):
    """Elements with their attributes' names in order; values of the attributes that carry a text."""

    def __init__(self, page: str) -> None:
        super().__init__(convert_charrefs=True)
        self.shape: list[tuple[str, ...]] = []
        self.values: list[tuple[str, str, str]] = []
        self.feed(page)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.shape.append((tag, *(name for name, _ in attrs)))
        self.values += [(tag, name, value or "") for name, value in attrs]

    def meta(self, page_name: str) -> list[str]:
        """Contents of <meta name="…">."""
        found, last = [], ""
        for tag, name, value in self.values:
            last = value if (tag, name) == ("meta", "name") else last
            if (tag, name) == ("meta", "content") and last == page_name:
                found.append(value)
        return found


def texts(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """Paths of all texts in report.yml that are prose, not the name of something."""
    if isinstance(value, dict):
        return [p for k, v in value.items() if k not in STRUCTURED for p in texts(v, (*path, k))]
    if isinstance(value, list):
        return [p for i, v in enumerate(value) for p in texts(v, (*path, i))]
    return [path] if isinstance(value, str) else []


def put(value: Any, path: tuple[Any, ...], text: str) -> None:
    for key in path[:-1]:
        value = value[key]
    value[path[-1]] = text


def everywhere(project: Project, text: Callable[[str], str]) -> None:
    """Put a text into each free text of report.yml and of the tables."""
    path = project.root / "data/report.yml"
    report = yaml.safe_load(path.read_text("utf-8"))
    for place in texts(report):
        put(report, place, text(str(place[-1])))
    path.write_text(yaml.safe_dump(report, allow_unicode=True, sort_keys=False), "utf-8")
    free = {
        "summary",
        "place",
        "target_name",
        "munition_detail",
        "label",
        "note",
        "scope",
        "publisher",
        "claim_note",
        "title",
    }
    for table in sorted((project.root / "data").rglob("*.csv")):
        rows = list(csv.reader(io.StringIO(table.read_text("utf-8"))))
        for row in rows[1:]:
            for at, column in enumerate(rows[0]):
                if column in free and row[at]:
                    row[at] = text(column)
        out = io.StringIO()
        csv.writer(out, lineterminator="\n").writerows(rows)
        table.write_text(out.getvalue(), "utf-8")


CHAPTER = """from helpers import open_edition, show_prose, show_table
ed = open_edition(data_folder, edition=edition)
show_prose("txt-one", f"Counted: {len(ed.counted)}.")"""


def page_of(project: Project, text: Callable[[str], str]) -> tuple[Done, str]:
    everywhere(project, text)
    done = project.build()
    page = project.report / "report.html"
    return done, page.read_text("utf-8") if done.code == 0 else ""


def test_the_page_has_the_same_shape_whatever_the_texts_say(project: Project) -> None:
    harmless, plain = page_of(project, lambda _: INNOCENT)
    assert harmless.code == 0, harmless.said
    done, hostile = page_of(project, lambda _: HOSTILE)
    done.plain()
    if done.code:
        assert done.code == 1, done.said  # refused as data, which is as good
        return
    assert Elements(hostile).shape == Elements(plain).shape
    assert "alert(1)" in hostile, "the text itself must be there"
    assert "{{ 7*7 }}" in hostile, "a template of the data was worked out"


@pytest.mark.parametrize("text", some(META, REFRESH))
def test_every_meta_value_is_the_datas_own_text(project: Project, text: str) -> None:
    path = project.root / "data/report.yml"
    report = yaml.safe_load(path.read_text("utf-8"))
    path.write_text(
        yaml.safe_dump({**report, "authors": [text, "Second"], "subtitle": text, "title": text}, allow_unicode=True),
        "utf-8",
    )
    done = project.build()
    assert done.code == 0, done.said
    found = Elements((project.report / "report.html").read_text("utf-8"))
    assert all("http-equiv" not in shape or "name" not in shape for shape in found.shape)
    author = found.meta("author")
    assert author and all(
        a in (text, "Second", f"{text}, Second", f"{text}; Second", f"{text} and Second") for a in author
    ), author
    assert any(text in d for d in found.meta("description"))


@pytest.mark.chaos
def test_texts_of_several_lines_and_of_great_length_stay_texts(project: Project) -> None:
    for text in (
        LINES,
        "x" * 30_000,
        "a " * 15_000,
        "\u202eevil",
        "\ud83d\ude00".encode("utf-16", "surrogatepass").decode("utf-16"),
    ):
        done, page = page_of(project, lambda _, text=text: text)
        done.plain()
        if done.code == 0:
            assert not [s for s in Elements(page).shape if s[0] in ("iframe", "object", "embed", "base")]


@pytest.mark.chaos
def test_cells_that_a_spreadsheet_would_run_are_harmless_in_the_bundle(project: Project) -> None:
    starts = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "=cmd|' /C calc'!A0", "＝1+1", " =1+1", '"=1"']
    for start in starts:
        done, _ = page_of(project, lambda _, start=start: f"{start} text")
        if done.code:
            done.refused()
            continue
        with zipfile.ZipFile(project.report / "data.zip") as archive:
            for name in archive.namelist():
                if name.endswith(".csv"):
                    for row in csv.reader(io.StringIO(archive.read(name).decode())):
                        bad = [c for c in row if (c[:1] in "=@\t" and c) or re.match(r"[+-](?![\d.]+$)", c)]
                        assert not bad, (name, bad[:2])


@pytest.mark.chaos
def test_no_path_of_the_bundle_leads_out_of_it(project: Project) -> None:
    project.chapter("00_one", CHAPTER)
    assert project.build().code == 0
    with zipfile.ZipFile(project.report / "data.zip") as archive:
        names = archive.namelist()
    assert names and all(not Path(n).is_absolute() and ".." not in Path(n).parts and "\\" not in n for n in names)


OUTPUTS = {
    "script": """from IPython.display import HTML, display
display(HTML("<script>alert(1)</script><iframe src=//x></iframe>"))""",
    "javascript": """from IPython.display import Javascript, display
display(Javascript("alert(1)"))""",
    "svg": """from IPython.display import SVG, display
display(SVG("<svg xmlns='http://www.w3.org/2000/svg' onload='alert(1)'></svg>"))""",
    "markdown": """from IPython.display import Markdown, display
display(Markdown("[x](javascript:alert(1)) <img src=x onerror=alert(1)>"))""",
    "record": 'show_prose("txt-x", "<img src=x onerror=alert(1)> [y](javascript:alert(1))")',
    "id": 'show_prose("txt-x\\" onclick=\\"alert(1)", "Text.")',
    "path": 'show_prose("../../../evil", "Text.")',
}


@pytest.mark.parametrize("name", some(OUTPUTS, "id"))
def test_what_a_notebook_shows_is_inert(project: Project, name: str) -> None:
    before = snapshot(project.root.parent)
    project.chapter("00_one", OPEN_AND_SHOW + OUTPUTS[name])
    done = project.build()
    done.plain()
    if done.code == 0:
        page = Elements((project.report / "report.html").read_text("utf-8"))
        assert not [v for v in page.values if v[1].startswith("on") or v[2].lower().startswith("javascript:")]
        assert not [s for s in page.shape if s[0] in ("iframe", "object", "embed")]
    outside = {k for k in snapshot(project.root.parent) if k not in before and not k.startswith("project/")}
    assert not outside


OPEN_AND_SHOW = "from helpers import open_edition, show_prose\nshow_prose('txt-a', 'Here.')\n"


@pytest.mark.chaos
def test_provenance_is_json_whatever_the_texts_say(project: Project) -> None:
    done, _ = page_of(project, lambda _: HOSTILE)
    if done.code == 0:
        assert json.loads((project.report / "provenance.json").read_text("utf-8"))["edition"] == "2020Q3"
    done.plain()
