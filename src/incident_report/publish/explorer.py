"""The explorer in pages: a section of report.html, and explore.html, one file that fetches nothing.

A page allows one script, by the hash of its bytes, and no other: the joined module, which JupyterLab shows as well,
and the few lines that start it in a page. The data stand beside it as text, which no browser runs.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from html import escape
from pathlib import Path
from typing import Any

from markupsafe import Markup

from incident_report.analysis.edition import Edition
from incident_report.data.writing import write_file
from incident_report.errors import BuildError
from incident_report.present.explorer import DATA, FOLDER, page_script, payload, styles, texts
from incident_report.present.explorer_columns import PAGE, words
from incident_report.present.words import words_of
from incident_report.publish.page import filled
from incident_report.publish.row_links import list_of_rows
from nbtypst.ast import Node, attr_of, printable
from nbtypst.ast import words as inlines

MARK = "incident-report explorer"  # says in a file of its own that it is ours
_ANNEX, _SECTION, _HOME, _DATA = "sec-annex", "sec-explore", "explore", "explore-data"


@cache
def policy() -> str:
    """What a page's content-security policy says of scripts: this one, by its SHA-256, and no other."""
    digest = hashlib.sha256(page_script().encode()).digest()
    return f"script-src 'sha256-{base64.b64encode(digest).decode()}'; "


@dataclass(frozen=True)
class Explored:
    """The explorer of one edition, for a page.

    Attributes
    ----------
    packed : bytes
        As `present.explorer.payload` gives it.
    said : mapping of key -> text
        As `present.explorer_columns.words`.
    counts : mapping of name -> text
        What the page's own sentences name.
    """

    packed: bytes
    said: Mapping[str, str]
    counts: Mapping[str, str] = field(default_factory=dict)

    def says(self, key: str, **links: Markup) -> Markup:
        """A sentence of the page, its names filled in; whatever is no link of ours is escaped."""
        text = escape(self.said[key])
        for name, value in {**{k: escape(v) for k, v in self.counts.items()}, **links}.items():
            text = text.replace(f"{{{name}}}", str(value))
        return Markup(text)  # noqa: S704 - escaped above

    @property
    def tags(self) -> Markup:
        """Data and script, for the end of a page."""
        data = base64.b64encode(self.packed).decode()
        return Markup(  # noqa: S704 - base64, and a file of ours without an end of script in it
            f'<script type="application/octet-stream" id="{_DATA}">{data}</script>\n'
            f'<script type="module">{page_script()}</script>'
        )

    @property
    def text(self) -> str:
        """Everything that it can show, for fonts that must have it."""
        return "".join((*texts(self.packed), *map(str, self.said.values())))

    def section(self, table: str, name: str) -> str:
        """The section below its heading: what it is, where the same stands without a script, and a closed fold."""
        link = Markup('<a href="#{}">{}</a>').format(table, name) if table else Markup("data.zip")
        return (
            f"<p>{self.says('says')} {self.says('table', table=link)}</p>\n"
            f"<noscript><p>{self.says('without')}</p></noscript>\n"
            f'<details class="explorer-fold"><summary>{self.says("open")}</summary>\n'
            f'<div class="explorer" id="{_HOME}"><p>{self.says("loading")}</p></div>\n</details>'
        )


def explored(ed: Edition, **given: Any) -> Explored:
    """The explorer of an edition; the rest as `present.explorer.payload` takes it."""
    own, n = words_of(ed), len(ed.listed)
    said = words(own.language, PAGE)
    says = said.get(f"says.{own.locale.plural_form(n) if n else 'none'}", said["says.other"])
    counts = {"n": own.plain(n), "quarter": words_of(ed).phrase("quarter_label", ed.quarter)}
    return Explored(payload(ed, **given), {**said, "says": says}, counts)


def with_section(
    blocks: list[Node], one: Explored, ids: Collection[str], names: Mapping[str, str], keep: Any
) -> list[Node]:
    """The report's tree with a section for the explorer before the annex, or at its end.

    Parameters
    ----------
    ids : collection of str
        Of incidents, to find the table that lists them.
    names : mapping of record id -> name
        Such as ``Table 3``.
    keep : callable
        Takes HTML of ours, gives a node that stands for it.
    """
    table = list_of_rows(blocks, ids)
    heading = {"t": "Header", "c": [1, [_SECTION, ["unnumbered"], []], inlines(str(one.said["title"]))]}
    made = [heading, keep(one.section(table, names.get(table, table)), inline=False)]
    at = next((i for i, b in enumerate(blocks) if b["t"] == "Header" and _id(b) == _ANNEX), len(blocks))
    return [*blocks[:at], *made, *blocks[at:]]


def write_explorer(ed: Edition, path: Path, data: str = DATA, mark: str = "") -> int:
    """Write an edition's explorer as one file, under a mark if there is one; gives its size in bytes.

    Raises
    ------
    BuildError
        If another file stands there, which this one would replace.
    """
    if path.exists() and not (path.is_file() and MARK.encode() in path.read_bytes()[:4096]):
        raise BuildError(f"{path}: is there and is not an explorer of ours; move it away or choose another --out")
    one = explored(ed, data=data)
    values = {
        "lang": str(words_of(ed).locale).replace("_", "-"),
        "mark": MARK,
        "policy": Markup(policy()),  # noqa: S704 - a hash
        "styles": Markup((FOLDER / "page.css").read_text("utf-8") + styles()),  # noqa: S704 - our own files
        "title": printable(ed.campaign.title),
        "kicker": ". ".join(filter(None, (mark, one.counts["quarter"]))),
        "heading": one.says("title"),
        "says": one.says("says"),
        "without": one.says("without"),
        "loading": one.says("loading"),
        "tags": one.tags,
    }
    content = filled("explore.html", values).encode()
    write_file(path, content)
    return len(content)


def _id(node: Node) -> str:
    found: Sequence[Any] | None = attr_of(node)
    return str(found[0]) if found else ""
