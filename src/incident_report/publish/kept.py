"""What of the report before stands as it is when only some formats are asked for."""

from __future__ import annotations

import shutil

from incident_report.publish import provenance
from incident_report.publish.around import FILES, web_parts
from incident_report.publish.due import unlike
from incident_report.publish.request import Request
from incident_report.publish.swap import Stage


def outdated(stage: Stage, request: Request) -> bool:
    """Whether the page that was carried over does not link to all that will lie beside it."""
    if not (stage.report / provenance.REPORTS["html"]).is_file():
        return False
    before = (provenance.head(stage.place.report) or {}).get("outputs") or {}
    coming = {name for kind, name in provenance.REPORTS.items() if kind in request.only}
    return {*provenance.outputs(stage.report), *coming} & set(FILES) != set(before) & set(FILES)


def keep(stage: Stage, request: Request, inputs_sha256: str) -> dict[str, str]:
    """Carry over what was not asked for, if it was built from the very same inputs and is as it was built.

    Returns
    -------
    dict
        Hashes of the figures that stay where they are; empty where they are written anew or not vouched for.
    """
    place = stage.place
    before = provenance.head(place.report)
    if before is None or before["inputs_sha256"] != inputs_sha256:
        return {}
    listed, figures = before.get("outputs") or {}, before.get("figures") or {}
    for kind, name in provenance.REPORTS.items():
        names = [name, *(web_parts(listed) if kind == "html" else ())]
        if kind not in request.only and not unlike(place.report, listed, names):
            for one in names:
                (stage.report / one).parent.mkdir(exist_ok=True)
                shutil.copyfile(place.report / one, stage.report / one)
    if "figures" in request.only or unlike(place.figures, figures, list(figures)):
        return {}
    if not place.apart and figures:
        shutil.copytree(place.figures, stage.figures)
    return figures
