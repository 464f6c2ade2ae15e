"""Each format's writer. What a writer needs is imported when it writes: whoever builds one format pays for one."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path
from threading import Event
from typing import Any

from incident_report.analysis.edition import Edition
from incident_report.publish import provenance
from incident_report.publish.collect import Found
from incident_report.publish.reuse import Kept

# Format -> module and function that write one file of the tree.
_FILES = {"pdf": ("pdf", "write_pdf"), "brief": ("pdf", "write_brief"), "docx": ("docx", "write_docx")}
KINDS = (*_FILES, "explore", "html")


def write(
    kinds: Sequence[str],
    document: Any,
    folder: Path,
    meta: Mapping[str, Any],
    records: Sequence[Found],
    edition: Edition,
    kept: Kept,
    beside: Sequence[Callable[[], None]] = (),
) -> None:
    """Write formats of a report into its folder, side by side: most of the work is Typst's and Pandoc's.

    The PDF takes longest. Until Typst has it, nothing else takes Python's time from it.

    Parameters
    ----------
    kinds : sequence of str
        Of `KINDS`.
    document : gather.Document
    kept : Kept
        What of PDF and Word file was made before.
    beside : sequence of callable
        What else can be done meanwhile.
    """
    coming, typesetting = {provenance.REPORTS[kind] for kind in kinds}, Event()
    if "pdf" not in kinds:
        typesetting.set()

    def written(kind: str) -> None:
        try:
            if kind != "pdf":
                typesetting.wait()
            _write(kind, document, folder, meta, records, edition, coming, kept, typesetting.set)
        finally:
            if kind == "pdf":
                typesetting.set()

    with ThreadPoolExecutor(len(kinds) + 1) as pool:
        begun = [pool.submit(written, kind) for kind in kinds]
        typesetting.wait()
        for job in beside:
            job()
    for one in begun:  # the first fault in the order of formats
        one.result()


def _write(
    kind: str,
    document: Any,
    folder: Path,
    meta: Mapping[str, Any],
    records: Sequence[Found],
    edition: Edition,
    coming: Collection[str],
    kept: Kept,
    typesetting: Callable[[], None],
) -> None:
    if kind == "html":
        from incident_report.publish.web import write_web

        write_web(document, folder, meta, records, edition, kept, coming)
        return
    if kind == "explore":
        from incident_report.publish.explorer import write_explorer

        marks = (str(meta.get(name) or "") for name in ("mark", "state"))
        mark = ". ".join(filter(None, marks))
        write_explorer(edition, folder / provenance.REPORTS[kind], meta.get("data", "data"), mark)
        return
    module, name = _FILES[kind]
    path = folder / provenance.REPORTS[kind]

    def made() -> bytes:
        writer = getattr(import_module(f"incident_report.publish.{module}"), name)
        told = {"typesetting": typesetting, "rehearsal": kept.rehearsal} if kind == "pdf" else {}
        writer(document.tree, path, meta=meta, resources=document.resources, **told)
        return path.read_bytes()

    path.write_bytes(kept.file(kind, document, meta, made))
