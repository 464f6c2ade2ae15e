"""Appendix: incidents, revisions, glossary, how to reproduce."""

from incident_report.present.appendix.incidents import incidents_table
from incident_report.present.appendix.reproduce import corrections_table, parameters_table

__all__ = ["corrections_table", "incidents_table", "parameters_table"]
