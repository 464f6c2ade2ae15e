"""Loading and checking a campaign folder.

- ``load(folder, as_of=None)``: a Dataset, or DataError with every fault;
- ``check(folder, as_of=None)``: (Dataset or None, faults), never an exception for what a file holds;
- ``format_faults(faults, as_json=False)``: for people or for machines.
"""

from incident_report.data.load import check, load
from incident_report.data.model import Campaign, DataError, Dataset, Fault, Series
from incident_report.data.package import Package, project_package
from incident_report.data.report import format_faults

__all__ = [
    "Campaign",
    "DataError",
    "Dataset",
    "Fault",
    "Package",
    "Series",
    "check",
    "format_faults",
    "load",
    "project_package",
]
