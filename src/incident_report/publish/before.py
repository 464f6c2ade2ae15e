"""The edition before, found by itself: the last earlier one of the same campaign that stands in reports/. Light."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from incident_report.paths import REPORTS
from incident_report.publish import provenance
from incident_report.publish.places import campaign_name
from incident_report.publish.request import Request

BUNDLE = "data.zip"


def with_before(request: Request, folder: Path, quarter: str) -> Request:
    """The request with the edition before, where one is found and none was named or ruled out.

    An edition built to a place of its own (`out`) has no neighbours. It enters the report as an input, which its
    provenance lists, and not the name of the report's place.
    """
    if request.previous or request.alone or request.out is not None or "previous" in request.parameters:
        return request
    if not any(b"previous" in path.read_bytes() for path in request.chapters):
        return request  # no chapter asks for it
    return replace(request, before=last_before(REPORTS / campaign_name(folder), quarter))


def last_before(editions: Path, quarter: str) -> Path | None:
    """The folder of the latest earlier edition, of default settings, that is there with its data; None without one.

    An earlier build of the same edition is none: a report would then depend on how often it was built, and could
    not be built again from what it says it was made of.
    """
    names = (p.name for p in editions.iterdir()) if editions.is_dir() else ()
    for name in sorted((n for n in names if len(n) == len(quarter) and n < quarter), reverse=True):
        if _published(editions / name):
            return (editions / name).resolve()
    return None


def _published(folder: Path) -> bool:
    """Whether a folder is an edition of ours of that name, and its data are as they were published."""
    known = provenance.head(folder)
    listed = known.get("outputs") if known else None
    bundle = folder / BUNDLE
    if known is None or known.get("edition") != folder.name or not isinstance(listed, dict) or not bundle.is_file():
        return False
    return provenance.sha256(bundle) == listed.get(BUNDLE)
