"""Chapter 1: data and method."""

from incident_report.present.method.caveats import caveats_text
from incident_report.present.method.scope import (
    floor_text,
    ledger_table,
    not_counted_text,
    scope_text,
    support_text,
    weaknesses_text,
)
from incident_report.present.method.sources import completeness_table, sources_table

__all__ = [
    "caveats_text",
    "completeness_table",
    "floor_text",
    "ledger_table",
    "not_counted_text",
    "scope_text",
    "sources_table",
    "support_text",
    "weaknesses_text",
]
