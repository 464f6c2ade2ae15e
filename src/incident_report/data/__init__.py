"""Loading and validating a campaign folder."""

from incident_report.data.load import load
from incident_report.data.model import Campaign, DataError, Dataset, Fault, Series

__all__ = ["Campaign", "DataError", "Dataset", "Fault", "Series", "load"]
