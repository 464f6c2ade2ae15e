"""A page for each chart, to be set in a frame of somebody else's page: nothing in it is fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

from markupsafe import Markup

from incident_report.data.model import House
from incident_report.publish.charts import Drawings
from incident_report.publish.collect import Found
from incident_report.publish.index import plain
from incident_report.publish.page import house_of, page, styles_of
from incident_report.publish.reuse import Kept
from nbtypst.ast import printable


def write_embeds(figures: Sequence[Found], folder: Path, meta: Mapping[str, Any], kept: Kept) -> None:
    """Write ``<id>.html`` of each chart: title, chart (wide and upright), source, and the way to the report.

    Parameters
    ----------
    folder : Path
        Is made; the report lies in the one above it.
    kept : Kept
        What of them was made before.
    """
    if figures:
        folder.mkdir(exist_ok=True)
    for one in figures:
        content = one.content
        values = {
            "lang": meta.get("lang", "en-GB"),
            "title": printable(str(content["title"])),
            "source": plain(str(content.get("source") or "")),
            "report": ", ".join(str(meta[k]) for k in ("mark", "title", "kicker") if meta.get(k)),
            "anchor": one.id,
            "state": str(meta.get("state") or ""),
        }
        drawn = {name: str(content.get(name) or "") for name in ("svg", "svg_narrow", "alt")}
        house = house_of(meta)
        text = kept.page({**values, **drawn, "house": house}, partial(_page, values, drawn, house))
        (folder / f"{one.id}.html").write_text(text, encoding="utf-8", newline="\n")


def _page(values: Mapping[str, Any], drawn: Mapping[str, str], house: House) -> str:
    drawings = Drawings()
    chart = drawings.inline(drawn["svg"].encode(), "w", drawn["alt"], "wide-chart")
    if drawn["svg_narrow"]:
        chart += drawings.inline(drawn["svg_narrow"].encode(), "n", drawn["alt"], "narrow-chart")
    shown = {**values, "chart": Markup(chart)}  # noqa: S704 - made inert, and text in it is escaped
    return page("chart.html", shown, styles_of({"house": house}, drawings), small=True)
