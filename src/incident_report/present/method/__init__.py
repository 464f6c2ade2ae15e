"""Chapter 1: data and method."""

from incident_report.present.method.caveats import caveats_text
from incident_report.present.method.coverage import coverage_table, coverage_text
from incident_report.present.method.scope import (
    floor_text,
    ledger_table,
    not_counted_text,
    scope_text,
    support_text,
    weaknesses_text,
)
from incident_report.present.method.sources import completeness_table, sources_table
from incident_report.present.method.triangulation import triangulation_figure, triangulation_table, triangulation_text

__all__ = [
    "caveats_text",
    "completeness_table",
    "coverage_table",
    "coverage_text",
    "floor_text",
    "ledger_table",
    "not_counted_text",
    "scope_text",
    "sources_table",
    "support_text",
    "triangulation_figure",
    "triangulation_table",
    "triangulation_text",
    "weaknesses_text",
]
