"""One section of *What happened* as a function, for notebooks that were written against it."""

from __future__ import annotations

from incident_report.analysis.edition import Edition
from incident_report.analysis.series_facts import counts
from incident_report.present import charts
from incident_report.present.records import Record
from incident_report.present.show import show


def quarterly_figure(ed: Edition, quarters_shown: int = 8) -> Record:
    """Attacks by quarter, a panel a series, as the first cells of ``01_what_happened.ipynb`` draw them."""
    look = charts.look(ed)
    shown = look.periods(quarters_shown)
    ax = charts.canvas(1, len(ed.campaign.series), height=2.2)
    for panel, each in zip(ax, ed.facts.edition.series, strict=True):
        own, other = each.headline.counts.table, each.other.counts.table
        colour = look.colours[each.series.id]
        charts.trend(own, panel, faint=other, colour=colour, labels=shown, breaks=look.breaks, title=each.label)
    return show(ax, counts(ed), "fig-quarterly")
