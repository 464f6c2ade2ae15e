"""Chapter 5, first half: the article's claims against the data."""

from incident_report.present.claims.table import summary, table

__all__ = ["summary", "table"]
