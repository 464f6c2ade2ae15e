"""What lies around the page: files to download, the data of each record, pages of single charts."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from types import MappingProxyType
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from incident_report.present.words import Words
    from incident_report.publish.explorer import Explored

EMBEDS = "embed"  # folder of the charts' own pages, in the report's
CARD = "card.png"  # the picture of the share card
# File in the report's folder -> what it is called, in the order in which they are offered.
REVIEW = "review.csv"
FILES = {
    "report.pdf": "Report (PDF)",
    "brief.pdf": "Brief (PDF)",
    "report.docx": "Report (Word)",
    "explore.html": "Explorer (one file)",
    "data.zip": "Data (zip)",
    REVIEW: "Review (CSV)",
    "report.html": "Web page",
}


def web_parts(listed: Iterable[str]) -> list[str]:
    """Those of a report's outputs that belong to its web page."""
    return [name for name in listed if name.startswith(f"{EMBEDS}/") or name == CARD]


NONE: Mapping[str, tuple[str, str]] = MappingProxyType({})
_SAID = ("contents", "skip", "downloads", "lists", "link", "link_to", "embed", "data", "data_with", "alone")
_LONG = 1000  # bytes of data that a page does not say twice
_PLAIN = " ,;:/()'!*@$+?=[]|"  # what an address of data may hold as it stands


@dataclass(frozen=True)
class Citing:
    """How one item of the report is cited.

    Attributes
    ----------
    label : str
        Name of the disclosure that holds it.
    item : function (name, title, address) -> str
        Such as of ``Figure 3`` and what it shows; either may be empty.
    """

    label: str
    item: Callable[[str, str, str], str]

    def html(self, name: str, title: str, address: str, more: str = "") -> str:
        """A disclosure with the citation, and more of our own HTML behind it."""
        said = escape(self.item(name, title, address))
        label = escape(self.label)
        return f'<details class="cite"><summary>{label}</summary><div><p>{said}</p>{more}</div></details>'


def page_words(words: Words | None = None) -> dict[str, str]:
    """What the page says beside the report, in a language; without one in English."""
    from incident_report.present.words import phrasebook  # whoever asks only for names of files needs none

    return {id: (words or phrasebook()).phrase("page_word", id) for id in _SAID}


@dataclass(frozen=True)
class Around:
    """What a page links to beside its own text.

    Attributes
    ----------
    files : collection of str
        Names in the report's folder; links are relative to it.
    data : mapping of record id -> CSV
        Offered beside each figure and table; it is part of the page, so nothing is fetched.
    embeds : collection of record ids
        Charts that have a page of their own in the folder ``embed``.
    rows : mapping of incident -> CSV
        Incidents whose lines have addresses, each with its own row.
    card : bool
        Whether the folder holds a picture for the share card.
    explored : Explored, optional
        The explorer of the edition, for a section of the page; without it the page holds no script.
    cite : Citing, optional
        How its items are cited.
    said : mapping
        The page's own words, as `page_words` gives them in the report's language.
    address : str
        Of the page; empty where the campaign has no site.
    """

    files: Collection[str] = ()
    data: Mapping[str, bytes] = field(default_factory=dict)
    embeds: Collection[str] = ()
    rows: Mapping[str, bytes] = field(default_factory=dict)
    card: bool = False
    explored: Explored | None = None
    cite: Citing | None = None
    said: Mapping[str, str] = field(default_factory=page_words)
    address: str = ""

    @property
    def downloads(self) -> list[tuple[str, str]]:
        """Address and name of what can be downloaded, the page itself left out."""
        return [(name, label) for name, label in FILES.items() if name in self.files and name != "report.html"]

    def same(self, names: Mapping[str, str]) -> dict[str, tuple[str, str]]:
        """Of records whose data are long and those of an earlier one: that one's id and name.

        Parameters
        ----------
        names : mapping of record id -> name
            Records of the page, in order.
        """
        first: dict[bytes, str] = {}
        long = {id: self.data[id] for id in names if len(self.data.get(id, b"")) > _LONG}
        return {id: (other, names[other]) for id, data in long.items() if (other := first.setdefault(data, id)) != id}

    def tools(self, id: str, name: str, title: str = "", same: Mapping[str, tuple[str, str]] = NONE) -> str:
        """Links of one record: to itself, to its data, to its own page; and how it is cited.

        Parameters
        ----------
        name, title : str
            ``Figure 3`` and what it shows; a record without a number has a title alone.
        same : mapping
            As `same` gives it: the page holds long data once, and what shows them again leads there.
        """
        said = escape(name or title or id)
        links = (
            [f'<a href="#{escape(id)}" aria-label="{self.said["link_to"]} {said}">{self.said["link"]}</a>']
            if id
            else []
        )
        if id in self.data:
            links.append(self._data(id, said, same))
        if id in self.embeds:
            alone = self.said["alone"].format(said)
            links.append(f'<a href="{EMBEDS}/{escape(id)}.html" aria-label="{alone}">{self.said["embed"]}</a>')
        if id and self.cite:
            links.append(self.cite.html(name, title, f"{self.address}#{id}"))
        return f'<div class="tools">{" ".join(links)}</div>' if links else ""

    def _data(self, id: str, said: str, same: Mapping[str, tuple[str, str]]) -> str:
        if id in same:
            other, where = map(escape, same[id])
            label = self.said["data_with"].format(said, where)
            return f'<a href="#csv-{other}" aria-label="{label}">CSV: {where}</a>'
        own = f'id="csv-{escape(id)}" ' if any(id == first for first, _ in same.values()) else ""
        address = _csv(self.data[id])
        label = self.said["data"].format(said)
        return f'<a {own}href="{address}" download="{escape(id)}.csv" aria-label="{label}">CSV</a>'

    def row(self, id: str) -> str:
        """How an incident is cited, and its own row."""
        if self.cite is None:
            return ""
        link = f'<a href="{_csv(self.rows[id])}" download="{escape(id)}.csv">CSV</a>'
        return self.cite.html(id, "", f"{self.address}#{id}", link)


def _csv(data: bytes) -> str:
    """The address of a table; unlike base64, text that is quoted stays nearly as short, and can be packed."""
    return f"data:text/csv;charset=utf-8,{escape(quote(data, safe=_PLAIN))}"
