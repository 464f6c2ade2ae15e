"""The web edition: the page, a page for each chart, and the picture of the share card."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from incident_report.analysis.edition import Edition
from incident_report.present.explorer import DATA
from incident_report.present.words import words_of
from incident_report.publish import provenance, rasters
from incident_report.publish.around import CARD, EMBEDS, FILES, Around, page_words
from incident_report.publish.collect import Found
from incident_report.publish.embed import write_embeds
from incident_report.publish.explorer import explored
from incident_report.publish.html import write_html
from incident_report.publish.page import address, house_of
from incident_report.publish.reuse import Kept


def write_web(
    document: Any,
    folder: Path,
    meta: Mapping[str, Any],
    records: Sequence[Found],
    edition: Edition,
    kept: Kept,
    coming: Collection[str] = (),
) -> None:
    """Write report.html, and embed/ with a page a chart; with a site also card.png.

    Parameters
    ----------
    document : gather.Document
    folder : Path
        The report's; what else of it lies there is offered for download.
    kept : Kept
        What of its pages was made before.
    coming : collection of str
        Names of files that will lie there, too.
    """
    figures = [r for r in records if r.kind == "figure"]
    with ThreadPoolExecutor(1) as pool:  # Pandoc writes the page meanwhile
        embeds = pool.submit(write_embeds, figures, folder / EMBEDS, meta, kept)
        _write_page(document, folder, meta, figures, records, edition, coming)
    embeds.result()


def _write_page(
    document: Any,
    folder: Path,
    meta: Mapping[str, Any],
    figures: Sequence[Found],
    records: Sequence[Found],
    edition: Edition,
    coming: Collection[str],
) -> None:
    if card := house_of(meta).site_url and figures:
        (folder / CARD).write_bytes(rasters.png(figures[0].content["svg"].encode()))
    own, cite = address(meta, provenance.REPORTS["html"]), meta.get("cite")
    cited = cite.item("{id}", "", f"{own}{{address}}") if cite else ""
    given = {"anchors": True, "cite": cited, "data": meta.get("data", DATA)}
    around = Around(
        files=[name for name in FILES if name in coming or (folder / name).is_file()],
        data={r.id: r.csv() for r in records if r.kind in ("figure", "table")},
        embeds={r.id for r in figures},
        rows=meta.get("rows", {}),
        card=bool(card),
        explored=explored(edition, **given) if len(edition.listed) else None,
        cite=cite,
        said=page_words(words_of(edition)),
        address=own,
    )
    write_html(
        document.tree, folder / provenance.REPORTS["html"], meta=meta, resources=document.resources, around=around
    )
