"""Appendix: incidents, revisions, glossary, how to reproduce."""

from incident_report.present.appendix.incidents import incidents_table
from incident_report.present.appendix.reproduce import corrections_table, parameters_table
from incident_report.present.appendix.revisions import revisions_table, since_text

__all__ = ["corrections_table", "incidents_table", "parameters_table", "revisions_table", "since_text"]
