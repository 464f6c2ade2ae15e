"""Loading and checking a campaign folder.

- ``load(folder, as_of=None)``: a Dataset, or DataError with every fault;
- ``check(folder, as_of=None)``: (Dataset or None, faults), never an exception for what a file holds;
- ``format_faults(faults, as_json=False, folder="")``: for people or for machines;
- ``format_errors(faults, folder="")``: the errors alone, as lines, for a command that cannot go on;
- ``campaign_files(folder)``: the closed set of the campaign's files, by name, each checked;
- ``new_quarter(folder, quarter)``: starts a quarter file, returns (path, reminders);
- ``codebook(folder)``: the text of data/README.md; ``refresh_package(folder)`` lists new quarter files;
- ``read_package(folder)``: the schema, with ``labels(table, field)``;
- ``to_csl(sources)``, ``to_bibtex(sources)``: the sources for reference managers.
"""

from incident_report.data.codebook import codebook, refresh_package
from incident_report.data.export import to_bibtex, to_csl
from incident_report.data.known import campaign_files
from incident_report.data.load import check, load
from incident_report.data.model import Campaign, DataError, Dataset, Fault, Series
from incident_report.data.newquarter import new_quarter
from incident_report.data.package import Package, default_package, read_package
from incident_report.data.report import format_errors, format_faults

__all__ = [
    "Campaign",
    "DataError",
    "Dataset",
    "Fault",
    "Package",
    "Series",
    "campaign_files",
    "check",
    "codebook",
    "default_package",
    "format_errors",
    "format_faults",
    "load",
    "new_quarter",
    "read_package",
    "refresh_package",
    "to_bibtex",
    "to_csl",
]
