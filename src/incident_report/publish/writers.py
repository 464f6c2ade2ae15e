"""Each format's writer. What a writer needs is imported when it writes: whoever builds one format pays for one."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

from incident_report.publish import provenance
from incident_report.publish.collect import Found

Writer = Callable[[Any, Path, Mapping[str, Any], Sequence[Found]], None]


def writers() -> dict[str, Writer]:
    """Each format's writer; the web page last, since it links to the others."""

    def pdf(document: Any, folder: Path, meta: Mapping[str, Any], records: Sequence[Found]) -> None:
        from incident_report.publish.pdf import write_pdf

        write_pdf(document.tree, folder / provenance.REPORTS["pdf"], meta=meta, resources=document.resources)

    def docx(document: Any, folder: Path, meta: Mapping[str, Any], records: Sequence[Found]) -> None:
        from incident_report.publish.docx import write_docx

        write_docx(document.tree, folder / provenance.REPORTS["docx"], meta=meta, resources=document.resources)

    def brief(document: Any, folder: Path, meta: Mapping[str, Any], records: Sequence[Found]) -> None:
        from incident_report.publish.pdf import write_brief

        write_brief(document.tree, folder / provenance.REPORTS["brief"], meta=meta, resources=document.resources)

    def html(document: Any, folder: Path, meta: Mapping[str, Any], records: Sequence[Found]) -> None:
        from incident_report.publish.web import write_web

        write_web(document, folder, meta, records)

    return {"pdf": pdf, "brief": brief, "docx": docx, "html": html}
