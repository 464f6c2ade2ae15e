"""Chapter 2: frequency."""

from incident_report.present.frequency.calendar import calendar_figure
from incident_report.present.frequency.clustering import clustering_table, clustering_text, events_table, events_text
from incident_report.present.frequency.comparisons import (
    change_table,
    change_text,
    documented_change_table,
    ratios_figure,
)
from incident_report.present.frequency.exposure import exposure_table, exposure_text
from incident_report.present.frequency.levels import changepoints_figure, changepoints_text
from incident_report.present.frequency.maps import map_figure, map_table
from incident_report.present.frequency.monthly import monthly_figure
from incident_report.present.frequency.quarterly import counts_text, quarterly_figure, quarterly_table
from incident_report.present.frequency.targets import responsibility_table, responsibility_text, targets_figure
from incident_report.present.frequency.timeline import timeline_figure

__all__ = [
    "calendar_figure",
    "change_table",
    "change_text",
    "changepoints_figure",
    "changepoints_text",
    "clustering_table",
    "clustering_text",
    "counts_text",
    "documented_change_table",
    "events_table",
    "events_text",
    "exposure_table",
    "exposure_text",
    "map_figure",
    "map_table",
    "monthly_figure",
    "quarterly_figure",
    "quarterly_table",
    "ratios_figure",
    "responsibility_table",
    "responsibility_text",
    "targets_figure",
    "timeline_figure",
]
