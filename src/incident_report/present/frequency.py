"""One section of *What happened* as a function, for notebooks that were written against it."""

from __future__ import annotations

from typing import Any

from incident_report.analysis.edition import Edition
from incident_report.analysis.series_facts import counts
from incident_report.present import charts
from incident_report.present.records import Record
from incident_report.present.show import show


def quarterly_figure(ed: Edition, quarters_shown: int = 8) -> Record:
    """Attacks by quarter, a panel a series, as the first cells of ``01_what_happened.ipynb`` draw them."""
    look, drawn = charts.look(ed), ed.facts.edition.drawn
    shown = look.periods(quarters_shown)
    ax = charts.canvas(1, len(drawn), height=2.2)
    for panel, each in zip(ax, drawn, strict=True):
        own, other = each.headline.counts.table, each.other.counts.table
        grey = look.say("other_count", each, ed.facts.edition.tracker) if other["count"].notna().any() else ""
        style: dict[str, Any] = {"colour": look.colours[each.series.id], "labels": shown, "breaks": look.breaks}
        charts.trend(own, panel, faint=other, title=each.label, note=grey, **style)
    return show(ax, counts(ed), "fig-counts")
