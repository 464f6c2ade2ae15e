"""A page for each chart, to be set in a frame of somebody else's page: nothing in it is fetched."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from markupsafe import Markup

from incident_report.publish.charts import Drawings
from incident_report.publish.collect import Found
from incident_report.publish.index import plain
from incident_report.publish.page import page, styles_of
from nbtypst.ast import printable


def write_embeds(figures: Sequence[Found], folder: Path, meta: Mapping[str, Any]) -> None:
    """Write ``<id>.html`` of each chart: title, chart (wide and upright), source, and the way to the report.

    Parameters
    ----------
    folder : Path
        Is made; the report lies in the one above it.
    """
    if figures:
        folder.mkdir(exist_ok=True)
    for one in figures:
        drawings, content = Drawings(), one.content
        drawn = [drawings.inline(content["svg"].encode(), "w", content["alt"], "wide-chart")]
        if content.get("svg_narrow"):
            drawn.append(drawings.inline(content["svg_narrow"].encode(), "n", content["alt"], "narrow-chart"))
        values = {
            "lang": meta.get("lang", "en-GB"),
            "title": printable(str(content["title"])),
            "source": plain(str(content.get("source") or "")),
            "report": ", ".join(str(meta[k]) for k in ("mark", "title", "kicker") if meta.get(k)),
            "anchor": one.id,
            "state": str(meta.get("state") or ""),
            "chart": Markup("".join(drawn)),  # noqa: S704 - made inert, and text in it is escaped
        }
        text = page("chart.html", values, styles_of(meta, drawings), small=True)
        (folder / f"{one.id}.html").write_text(text, encoding="utf-8", newline="\n")
