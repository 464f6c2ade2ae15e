"""The report as an accessible PDF."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from incident_report.errors import BuildError
from incident_report.paths import FONTS, TEMPLATES
from nbtypst.printed import printed
from nbtypst.typst_compile import TypstFailure, pdf
from nbtypst.typst_writer import typst_source


def write_pdf(
    document: Mapping[str, Any], out_path: Path, *, meta: Mapping[str, Any], resources: Mapping[str, bytes]
) -> None:
    """Write the numbered tree as PDF/UA-1 and PDF/A-2a.

    Parameters
    ----------
    document : mapping
        Pandoc's tree, cleaned, numbered and with its bibliography.
    meta : mapping
        What `cover` returns.
    resources : mapping
        Target of an image in the tree -> its bytes.

    Raises
    ------
    BuildError
        If Typst refuses the document, for example because a picture has no description.
    """
    template = (TEMPLATES / "report.typ").read_text(encoding="utf-8")
    source = typst_source(printed(list(document["blocks"])), meta, template=template, contents=True, lists=True)
    try:
        content = pdf(source, resources, font_paths=[FONTS], day=meta["date"])
    except TypstFailure as error:
        raise BuildError(f"report.pdf: {error}") from error
    out_path.write_bytes(content)
