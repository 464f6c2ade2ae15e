"""What lies around the page: files to download, the data of each record, pages of single charts."""

from __future__ import annotations

import base64
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from html import escape
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from incident_report.publish.explorer import Explored

EMBEDS = "embed"  # folder of the charts' own pages, in the report's
CARD = "card.png"  # the picture of the share card
# File in the report's folder -> what it is called, in the order in which they are offered.
FILES = {
    "report.pdf": "Report (PDF)",
    "brief.pdf": "Brief (PDF)",
    "report.docx": "Report (Word)",
    "explore.html": "Explorer (one file)",
    "data.zip": "Data (zip)",
    "report.html": "Web page",
}


def web_parts(listed: Iterable[str]) -> list[str]:
    """Those of a report's outputs that belong to its web page."""
    return [name for name in listed if name.startswith(f"{EMBEDS}/") or name == CARD]


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
    rows : collection of str
        Ids of incidents, whose lines have addresses.
    card : bool
        Whether the folder holds a picture for the share card.
    explored : Explored, optional
        The explorer of the edition, for a section of the page; without it the page holds no script.
    """

    files: Collection[str] = ()
    data: Mapping[str, bytes] = field(default_factory=dict)
    embeds: Collection[str] = ()
    rows: Collection[str] = ()
    card: bool = False
    explored: Explored | None = None

    @property
    def downloads(self) -> list[tuple[str, str]]:
        """Address and name of what can be downloaded, the page itself left out."""
        return [(name, label) for name, label in FILES.items() if name in self.files and name != "report.html"]

    def tools(self, id: str, name: str) -> str:
        """Links of one record: to itself, to its data, to its own page."""
        said = escape(name or id)
        links = [f'<a href="#{escape(id)}" aria-label="Link to {said}">Link</a>'] if id else []
        if id in self.data:
            data = base64.b64encode(self.data[id]).decode()
            links.append(
                f'<a href="data:text/csv;charset=utf-8;base64,{data}" download="{escape(id)}.csv" '
                f'aria-label="Data of {said} as CSV">CSV</a>'
            )
        if id in self.embeds:
            links.append(f'<a href="{EMBEDS}/{escape(id)}.html" aria-label="{said} on its own">Embed</a>')
        return f'<p class="tools">{" ".join(links)}</p>' if links else ""


NOTHING = Around()
