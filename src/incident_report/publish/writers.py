"""Each format's writer. What a writer needs is imported when it writes: whoever builds one format pays for one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from incident_report.analysis.edition import Edition
from incident_report.publish import provenance
from incident_report.publish.collect import Found

# Format -> module and function that write one file of the tree.
_FILES = {"pdf": ("pdf", "write_pdf"), "brief": ("pdf", "write_brief"), "docx": ("docx", "write_docx")}
KINDS = (*_FILES, "explore", "html")  # the web page last, since it links to the others


def write(
    kind: str, document: Any, folder: Path, meta: Mapping[str, Any], records: Sequence[Found], edition: Edition
) -> None:
    """Write one format of a report into its folder.

    Parameters
    ----------
    kind : str
        Of `KINDS`.
    document : gather.Document
    """
    if kind == "html":
        from incident_report.publish.web import write_web

        write_web(document, folder, meta, records, edition)
        return
    if kind == "explore":
        from incident_report.publish.explorer import write_explorer

        write_explorer(edition, folder / provenance.REPORTS[kind], meta.get("data", "data"))
        return
    module, name = _FILES[kind]
    writer = getattr(import_module(f"incident_report.publish.{module}"), name)
    writer(document.tree, folder / provenance.REPORTS[kind], meta=meta, resources=document.resources)
