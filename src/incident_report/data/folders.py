"""Questions about a campaign folder; they live in `incident_report.folders`, which needs no pandas."""

from incident_report.folders import as_of_day, available, chosen_quarter, data_folder, shown

__all__ = ["as_of_day", "available", "chosen_quarter", "data_folder", "shown"]
