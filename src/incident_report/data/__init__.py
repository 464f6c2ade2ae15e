"""Loading and checking a campaign folder.

- ``load(folder, as_of=None)``: a Dataset, or DataError with every fault;
- ``check(folder, as_of=None)``: (Dataset or None, faults), never an exception for what a file holds;
- ``format_faults(faults, as_json=False, folder="")``: for people or for machines;
- ``format_errors(faults, folder="")``: the errors alone, as lines, for a command that cannot go on;
- ``campaign_files(folder)``: the closed set of the campaign's files, by name, each checked;
- ``new_quarter(folder, quarter)``: starts a quarter file, returns (path, reminders);
- ``folders``: which campaign folder, which quarters are in it; it needs no pandas;
- ``codebook(folder)``: the text of data/README.md; ``refresh_package(folder)`` lists new quarter files;
- ``read_package(folder)``: the schema, with ``labels(table, field)``;
- ``to_csl(sources, say)``, ``to_bibtex``, ``to_ris`` likewise: the sources for reference managers.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from incident_report.data.codebook_page import codebook, refresh_package
    from incident_report.data.export import to_bibtex, to_csl, to_ris
    from incident_report.data.known import campaign_files
    from incident_report.data.loader import check, load
    from incident_report.data.model import Campaign, DataError, Dataset, Fault, Series
    from incident_report.data.newquarter import new_quarter
    from incident_report.data.package import Package, default_package, read_package
    from incident_report.data.report import format_errors, format_faults

# Name -> module that holds it. Imported when asked for: whether a build is due is asked without pandas.
_HOMES = {
    "codebook": "codebook_page",
    "refresh_package": "codebook_page",
    "to_bibtex": "export",
    "to_csl": "export",
    "to_ris": "export",
    "campaign_files": "known",
    "check": "loader",
    "load": "loader",
    "Campaign": "model",
    "DataError": "model",
    "Dataset": "model",
    "Fault": "model",
    "Series": "model",
    "new_quarter": "newquarter",
    "Package": "package",
    "default_package": "package",
    "read_package": "package",
    "format_errors": "report",
    "format_faults": "report",
}

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
    "to_ris",
]


def __getattr__(name: str) -> Any:
    """A name of the public face, from the module that holds it."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
