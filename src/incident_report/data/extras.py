"""The documents that a campaign may leave out: rubric, options, claims."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import replace
from typing import Any

from incident_report.data.campaign import fact_names
from incident_report.data.cells import Hints
from incident_report.data.claims import claims_faults, incidents_in
from incident_report.data.documents import read_document
from incident_report.data.files import Folder
from incident_report.data.model import Campaign, Fault
from incident_report.data.options import incidents_cited, options_faults
from incident_report.data.package import Package
from incident_report.data.rubric import rubric_faults
from incident_report.data.shape import Names

NAMES = ("sophistication", "policy_options", "claims")
# The check, and the incidents that the document names.
_CHECKS: dict[str, tuple[Callable[[Any, Names], list[Fault]], Callable[[Any], Iterable[tuple[str, str]]]]] = {
    "sophistication": (rubric_faults, lambda doc: ()),
    "policy_options": (options_faults, incidents_cited),
    "claims": (claims_faults, incidents_in),
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
    document = read_document(folder, file) if folder.exists(file) else None
    if document is None or campaign is None or sources is None:
        return None
    faults = _judged(name, document.value, _names(package, campaign, sources), incidents)
    for fault in faults:
        line = document.line_of(fault.column) if fault.column else 1
        folder.report(replace(fault, file=file, line=line))
    return None if any(f.severity == "error" for f in faults) else dict(document.value)


def _names(package: Package, campaign: Campaign, sources: Collection[str]) -> Names:
    """What a document may name."""
    fields = package.tables["incidents"].fields
    return Names(
        columns=[f.name for f in fields],
        enums={f.name: [c.value for c in f.categories] for f in fields if f.categories},
        sources=sources,
        series=[*(s.id for s in campaign.series), campaign.all_series.id],
        facts=fact_names(campaign),
    )


def _judged(name: str, doc: Any, names: Names, incidents: Collection[str] | None) -> list[Fault]:
    """What the module that knows a document says of it; a sound one may name incidents that no file holds."""
    check, named = _CHECKS[name]
    try:
        faults = check(doc, names)
        return faults if faults or incidents is None else list(_lost(named(doc), incidents))
    except (TypeError, ValueError, KeyError, AttributeError, IndexError, RecursionError) as error:
        # A shape that the schema lets through and the checks did not foresee is still the file's fault.
        return [Fault("", f"cannot be understood: {str(error)[:160]}")]


def _lost(named: Iterable[tuple[str, str]], incidents: Collection[str]) -> Iterator[Fault]:
    """Warn of incidents that a document names and no file holds (as where a file is taken away)."""
    hint = Hints()
    for where, ident in named:
        if ident not in incidents:
            message = f"is not in any quarter file{hint(str(ident), incidents)}"
            yield Fault("", message, None, where, str(ident), "warning")
