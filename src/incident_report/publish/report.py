"""Build one edition: check, run, gather, write, publish."""

from __future__ import annotations

import hashlib
import json
import shutil
import sys
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path
from typing import Any, TextIO

from incident_report.analysis.edition import Edition
from incident_report.analysis.open import open_edition
from incident_report.data.fingerprint import data_files
from incident_report.data.folders import as_of_day, chosen_quarter, data_folder
from incident_report.errors import BuildError, UsageError
from incident_report.paths import ROOT
from incident_report.publish import provenance
from incident_report.publish.absent import drop_absent
from incident_report.publish.bundle import bundle, write_zip
from incident_report.publish.collect import Found, collect
from incident_report.publish.cover import cover
from incident_report.publish.environment import kernel_environment
from incident_report.publish.figures import write_figures, write_json
from incident_report.publish.request import Places, Request, inside, places
from incident_report.publish.swap import staged

CACHE = ROOT / ".cache"
_NAMES = {"html": "report.html", "pdf": "report.pdf", "docx": "report.docx"}


def build(request: Request, stream: TextIO = sys.stderr) -> Path:
    """Build an edition and return the folder it is in.

    Raises
    ------
    UsageError, DataError
        Before any notebook runs; nothing is written.
    BuildError
        While running or rendering; what stood in the folder before stands there still.
    """
    from incident_report.publish.parameters import assign
    from incident_report.publish.run import run_notebooks

    folder = data_folder(request.data)
    quarter = chosen_quarter(request.quarter, folder)
    edition = _open(request, folder, quarter)
    _check_previous(request.parameters.get("previous", ""))
    notebooks = sorted(request.notebooks.glob("[0-9][0-9]_*.ipynb"))
    if not notebooks:
        raise BuildError(f"{request.notebooks}: there is no chapter (NN_name.ipynb)")
    shared = {
        "edition": quarter,
        "baseline": request.baseline,
        "data_folder": inside(folder),
        "confidence_floor": request.confidence_floor,
        "as_of": request.as_of,
    }
    values = assign(notebooks, shared, request.parameters)
    origin = _origin(shared, request.parameters, folder, notebooks)
    place = places(folder, quarter, request.out)
    env = kernel_environment(CACHE, _epoch(edition.quarter.end))
    executed = {p: drop_absent(n) for p, n in run_notebooks(values, env=env, stream=stream).items()}
    records = collect(executed)
    _publish(request, edition, executed, records, origin, place)
    return place.report


def _check_previous(path: str) -> None:
    """Read the previous edition before any notebook does, so that its absence is one line."""
    from incident_report.data.predecessor import read_previous, read_previous_incidents

    try:
        read_previous(path)
        read_previous_incidents(path)
    except ValueError as error:
        raise BuildError(str(error)) from None


def _publish(
    request: Request,
    edition: Edition,
    executed: Mapping[Path, Any],
    records: Sequence[Found],
    origin: dict[str, Any],
    place: Places,
) -> None:
    from incident_report.publish.gather import gather

    png = tuple(request.only) == ("figures",)  # `make figures`; a report comes without
    with staged(place.report) as stage:
        labels: Mapping[str, str] = {}
        if set(request.only) & set(_NAMES):
            document = gather(executed, edition)
            labels = document.labels
            for name, write in _writers().items():
                if name in request.only:
                    write(document, stage / _NAMES[name], cover(edition))
        write_zip(stage / "data.zip", bundle(edition, records))
        write_json(stage / "provenance.json", _provenance(origin, edition, records, labels))
        _keep(stage, place.report, request.only)
        if "figures" in request.only and request.out is not None:
            (stage / "figures").mkdir()
            write_figures(records, stage / "figures", str(edition.quarter), png=png)
    if "figures" in request.only and request.out is None:
        with staged(place.figures) as stage:
            write_figures(records, stage, str(edition.quarter), png=png)


def _writers() -> dict[str, Callable[[Any, Path, Mapping[str, Any]], None]]:
    def html(document: Any, path: Path, meta: Mapping[str, Any]) -> None:
        from incident_report.publish.html import write_html

        write_html(document.tree, path, meta=meta, resources=document.resources)

    def pdf(document: Any, path: Path, meta: Mapping[str, Any]) -> None:
        from incident_report.publish.pdf import write_pdf

        write_pdf(document.tree, path, meta=meta, resources=document.resources)

    def docx(document: Any, path: Path, meta: Mapping[str, Any]) -> None:
        from incident_report.publish.docx import write_docx

        write_docx(document.tree, path, meta=meta, resources=document.resources)

    return {"pdf": pdf, "html": html, "docx": docx}


def _open(request: Request, folder: Path, quarter: str) -> Edition:
    as_of_day(request.as_of)
    try:
        return open_edition(
            str(folder),
            edition=quarter,
            baseline=request.baseline,
            confidence_floor=request.confidence_floor,
            as_of=request.as_of,
        )
    except ValueError as error:
        raise UsageError(str(error)) from None


def _origin(
    shared: Mapping[str, str], chosen: Mapping[str, str], folder: Path, notebooks: Sequence[Path]
) -> dict[str, Any]:
    """Everything that the report is a function of."""
    inputs = {
        "parameters": {**shared, **chosen},
        "data": provenance.hashes(data_files(folder), folder),
        "notebooks": provenance.hashes(notebooks, notebooks[0].parent),
        "code": provenance.hashes(provenance.code_files(), ROOT),
        "versions": provenance.versions(),
    }
    text = json.dumps(inputs, sort_keys=True).encode()
    return {"inputs_sha256": hashlib.sha256(text).hexdigest(), **inputs, "git": provenance.revision()}


def _provenance(
    origin: dict[str, Any], edition: Edition, records: Sequence[Found], labels: Mapping[str, str]
) -> dict[str, Any]:
    wanted = {r for one in records for t in one.content.get("trace", ()) for r in t["rows"]}
    return {
        "edition": str(edition.quarter),
        "title": edition.campaign.title,
        **origin,
        "predictions": [p for one in records for p in one.content.get("predictions", ())],
        "records": provenance.record_index(records, labels),
        "rows": provenance.row_index(edition.data, wanted),
    }


def _keep(stage: Path, old: Path, only: Sequence[str]) -> None:
    """Carry over the formats that were not asked for, if they were built from the very same inputs."""
    try:
        before = json.loads((old / "provenance.json").read_text("utf-8"))["inputs_sha256"]
    except (OSError, ValueError, KeyError):
        return
    if before == json.loads((stage / "provenance.json").read_text("utf-8"))["inputs_sha256"]:
        for key, name in _NAMES.items():
            if key not in only and (old / name).exists():
                shutil.copyfile(old / name, stage / name)


def _epoch(day: date) -> int:
    return max(0, int(datetime.combine(day, time(), UTC).timestamp()))
