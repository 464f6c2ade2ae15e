"""The notebooks' face: what a chapter needs, and no logic."""

from incident_report.analysis.edition import Edition
from incident_report.analysis.open import open_edition
from incident_report.present import options
from incident_report.present.records import Column, Record, Trace, show_prose, show_table
from incident_report.present.theme import show_figure, theme

__all__ = [
    "Column",
    "Edition",
    "Record",
    "Trace",
    "open_edition",
    "options",
    "show_figure",
    "show_prose",
    "show_table",
    "theme",
]
