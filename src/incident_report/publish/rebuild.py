"""Build a published report again, from its own data.zip, and compare the bytes."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any, TextIO

from incident_report.data.archive import read_archive, unpack
from incident_report.data.edition_zip import originals
from incident_report.errors import BuildError
from incident_report.paths import NOTEBOOKS, ROOT
from incident_report.publish import provenance
from incident_report.publish.inputs import KINDS, PUBLIC, changed
from incident_report.publish.report import build
from incident_report.publish.request import Request
from incident_report.publish.verify import BUNDLE
from incident_report.publish.versions import recorded_release

_SHARED = ("quarter", "baseline", "data_folder", "confidence_floor", "as_of", "previous", "audience", "language")


def rebuild(report: Path, stream: TextIO = sys.stderr, notebooks: Path = NOTEBOOKS) -> list[str]:
    """Build a report again in a temporary place.

    The campaign comes from the report's data.zip, the parameters from its provenance.json, notebooks and
    code from this project as it is installed.

    Parameters
    ----------
    report : Path
        Folder of a report that `verify` finds whole.
    notebooks : Path
        Where the chapters lie.

    Returns
    -------
    list of str
        One line for each output that has other bytes, with what is known of the reason.

    Raises
    ------
    BuildError, UsageError, DataError
        If it cannot be built.
    """
    known = provenance.read(report)
    if known is None:
        raise BuildError(f"{report}: holds no {provenance.NAME}")
    with tempfile.TemporaryDirectory(prefix="incident-report-") as folder:
        campaign, out = Path(folder, "campaign"), Path(folder, "report")
        unpack(originals(read_archive(report / BUNDLE)), campaign)
        build(replace(_request(known, campaign, out), notebooks=notebooks, fresh=True), stream=stream)
        again = provenance.read(out)
        assert again is not None
        return list(_differences(known, again))


def _request(known: Mapping[str, Any], campaign: Path, out: Path) -> Request:
    parameters = known.get("parameters")
    if not isinstance(parameters, Mapping) or not all(isinstance(v, str) for v in parameters.values()):
        raise BuildError(f"{provenance.NAME}: its parameters cannot be read")
    previous = parameters.get("previous", "")
    if previous and not (ROOT / previous).exists():
        raise BuildError(f"the previous edition {previous!r} is not here, so the report cannot be built again")
    outputs, figures = known["outputs"], known.get("figures") or {}
    return Request(
        quarter=parameters.get("quarter", ""),
        baseline=parameters.get("baseline", ""),
        data=str(campaign),
        confidence_floor=parameters.get("confidence_floor", "low"),
        as_of=parameters.get("as_of", ""),
        previous=(ROOT / previous).resolve() if previous else None,
        only=(*(k for k, n in provenance.REPORTS.items() if n in outputs), *(["figures"] if figures else [])),
        png=any(str(name).endswith(".png") for name in figures),
        out=out,
        parameters={k: v for k, v in parameters.items() if k not in _SHARED},
        name=parameters.get("data_folder", ""),
        audience=parameters.get("audience", PUBLIC),
        language=parameters.get("language", ""),
        release=recorded_release(known),
    )


def _differences(known: Mapping[str, Any], again: Mapping[str, Any]) -> list[str]:
    reason = _reason(known, again)
    lines = []
    for kind in ("outputs", "figures"):
        one, other = (_own(found.get(kind) or {}) for found in (known, again))
        prefix = "figures/" if kind == "figures" else ""
        for name in sorted({*one, *other}):
            if name not in other:
                lines.append(f"{prefix}{name}: is not built any more{reason}")
            elif one.get(name) != other[name]:
                lines.append(f"{prefix}{name}: has other bytes when it is built again{reason}")
    return lines


def _own(listed: Mapping[str, str]) -> dict[str, str]:
    """Outputs without the figures, which have a list of their own wherever they stand."""
    return {name: value for name, value in listed.items() if not name.startswith("figures/")}


def _reason(known: Mapping[str, Any], again: Mapping[str, Any]) -> str:
    """What differs between the inputs of the two builds."""
    one, other = ({kind: found.get(kind) for kind in KINDS} for found in (known, again))
    names = [name.removeprefix("code/") for name in changed(one, other)]
    if not names:
        return ""
    more = f" and {len(names) - 3} more" if len(names) > 3 else ""
    return f"; another {', '.join(names[:3])}{more}"
