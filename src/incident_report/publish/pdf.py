"""The report as an accessible PDF."""

from __future__ import annotations

import io
import re
import sys
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

import pikepdf

from incident_report.data.model import COLOURS, House
from incident_report.errors import BuildError, one_line
from incident_report.paths import FONTS, TEMPLATES
from incident_report.publish.ahead import chapters, settled
from incident_report.publish.front import front_pages
from incident_report.publish.page import house_of, logo_of
from incident_report.publish.rehearsal import Rehearsal
from nbtypst.ast import Node, nodes
from nbtypst.parts import Parts
from nbtypst.printed import printed
from nbtypst.typst_compile import TypstFailure, press
from nbtypst.typst_values import literal
from nbtypst.typst_writer import typst_source

_HOUSE = re.compile(r"^#let house = .*$", re.MULTILINE)


def write_pdf(
    document: Mapping[str, Any],
    out_path: Path,
    *,
    meta: Mapping[str, Any],
    resources: Mapping[str, bytes],
    typesetting: Callable[[], None] = lambda: None,
    rehearsal: Rehearsal | None = None,
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
    typesetting : callable
        Told when all that follows is mostly Typst's.
    rehearsal : Rehearsal, optional
        Ended before the pages are laid out; keeps what they were laid out from.

    Raises
    ------
    BuildError
        If Typst refuses the document, for example because a picture has no description.
    """
    _write(list(document["blocks"]), out_path, meta, resources, typesetting, rehearsal, lists=True)


def write_brief(
    document: Mapping[str, Any], out_path: Path, *, meta: Mapping[str, Any], resources: Mapping[str, bytes]
) -> None:
    """Write the two front pages by themselves, as `write_pdf` sets them.

    Raises
    ------
    BuildError
        If no chapter has a headline, or Typst refuses the document.
    """
    pages = front_pages(document["blocks"])
    if not pages:
        raise BuildError(f"{out_path.name}: no chapter has a headline (%%prose headline) to open a brief with")
    used = {node["c"][2][0] for node in nodes(pages) if node["t"] == "Image"}
    own = {path: content for path, content in resources.items() if path in used}
    _write(pages, out_path, {**meta, "colophon": ()}, own, lists=False)


def _write(
    blocks: list[Node],
    out_path: Path,
    meta: Mapping[str, Any],
    resources: Mapping[str, bytes],
    typesetting: Callable[[], None] = lambda: None,
    rehearsal: Rehearsal | None = None,
    *,
    lists: bool,
) -> None:
    template = in_house((TEMPLATES / "report.typ").read_text(encoding="utf-8"), house_of(meta))
    if house_of(meta).logo:
        resources = {**resources, house_of(meta).logo: logo_of(meta)}
    shown = printed(blocks)

    def source(blocks: list[Node]) -> str:
        return typst_source(blocks, meta, template=template, contents=lists, lists=lists)

    told: dict[str, None] = {}  # once, however often the pages are laid out
    try:
        with press(
            resources,
            font_paths=[FONTS],
            day=meta["date"],
            warn=told.setdefault,
            parts=Parts(shown, source),
        ) as laid_out:
            text, homes = source(shown), chapters(shown) if lists else []
            laid_out.put(text)
            typesetting()
            if rehearsal:
                rehearsal.end()
            with suppress(TypstFailure):  # it is mended for a PDF
                text = settled(text, homes, laid_out.ask)
            content, taken = laid_out.pdf(text)
            if text != taken:
                content, taken = laid_out.pdf(settled(taken, homes, laid_out.ask))
            if rehearsal:
                rehearsal.keep(taken, homes, resources, meta["date"])
    except TypstFailure as error:
        raise BuildError(f"{out_path.name}: {error}") from error
    for line in told:
        print(f"  {out_path.name}: {one_line(line, 300)}", file=sys.stderr, flush=True)
    out_path.write_bytes(packed(content))


def packed(content: bytes) -> bytes:
    """A PDF with its objects in streams: a third of the size, the same document (PDF/A-2 allows it)."""
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(content)) as made:
        made.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate, deterministic_id=True)
    return out.getvalue()


def in_house(template: str, house: House) -> str:
    """The template with the house's paper, colours and logo; every value is written as a Typst string."""
    values = {
        "paper": house.paper,
        **{name: house.colour(name) for name in COLOURS},
        "logo": house.logo,
        "logo-alt": house.logo_alt,
    }
    return _HOUSE.sub(lambda _: f"#let house = {literal(values)}", template, count=1)
