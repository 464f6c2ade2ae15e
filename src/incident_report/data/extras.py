"""The documents that a campaign may leave out: rubric, options, claims."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator
from typing import Any

from incident_report.data.campaign import fact_names
from incident_report.data.cells import Hints
from incident_report.data.claims import claims_faults, incidents_in
from incident_report.data.documents import read_document
from incident_report.data.files import Folder
from incident_report.data.model import Campaign, Fault
from incident_report.data.options import options_faults, statements
from incident_report.data.package import Package
from incident_report.data.rubric import rubric_faults

NAMES = ("sophistication", "policy_options", "claims")
_CHECKS: dict[str, Callable[..., list[Fault]]] = {
    "sophistication": rubric_faults,
    "policy_options": options_faults,
    "claims": claims_faults,
}


def read_extra(
    folder: Folder,
    name: str,
    package: Package,
    campaign: Campaign | None,
    sources: Collection[str] | None,
    incidents: Collection[str] | None,
) -> dict[str, Any] | None:
    """One optional document, checked by the module that knows it.

    Parameters
    ----------
    folder : Folder
        It takes the faults.
    name : str
        One of `NAMES`.
    package : Package
    campaign, sources : Campaign and ids, or None
        None where report.yml or sources.csv could not be read: then only the syntax is checked.
    incidents : collection of str or None
        Ids of all rows; None where some could not be read.

    Returns
    -------
    dict or None
        None where there is no file, or where it cannot be used.
    """
    file = f"{name}.yml"
    if not folder.exists(file):
        return None
    document = read_document(folder, file)
    if document is None or campaign is None or sources is None:
        return None
    fields = package.tables["incidents"].fields
    known: dict[str, Any] = {
        "columns": [f.name for f in fields],
        "enums": {f.name: [c.value for c in f.categories] for f in fields if f.categories},
        "sources": sources,
    }
    if name != "sophistication":
        known["series"] = [*(s.id for s in campaign.series), campaign.all_series.id]
        known["facts"] = fact_names(campaign)
    try:
        faults = _CHECKS[name](document.value, **known)
        if incidents is not None and not faults and name != "sophistication":
            faults = list(_lost(name, document.value, incidents))
    except (TypeError, ValueError, KeyError, AttributeError, IndexError, RecursionError) as error:
        # A shape that the schema lets through and the checks did not foresee is still the file's fault.
        faults = [Fault(file, f"cannot be understood: {str(error)[:160]}")]
    for fault in faults:
        line = fault.line or (document.line_of(fault.column) if fault.column else 1)
        folder.report(Fault(file, fault.message, line, fault.column, fault.value, fault.severity))
    return None if any(f.severity == "error" for f in faults) else dict(document.value)


def _lost(name: str, doc: Any, incidents: Collection[str]) -> Iterator[Fault]:
    """Warn of incidents that a document names and no file holds (as where a file is taken away)."""
    hint = Hints()
    if name == "claims":
        named = list(incidents_in(doc))
    else:
        named = [(f"{at}.incidents", i) for at, statement in statements(doc) for i in statement.get("incidents", ())]
    for where, ident in named:
        if ident not in incidents:
            message = f"is not in any quarter file{hint(str(ident), incidents)}"
            yield Fault("", message, None, where, str(ident), "warning")
