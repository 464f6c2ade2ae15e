"""A chart as PNG, for what shows no SVG; made where it is asked for, since few ask."""

from __future__ import annotations

from incident_report.errors import BuildError
from incident_report.paths import FONTS
from nbtypst.typst_compile import TypstFailure, png_of

DOTS = 200.0  # an inch of the printed page


def png(svg: bytes) -> bytes:
    """A chart as PNG, its text in the report's own fonts.

    Raises
    ------
    BuildError
        If it cannot be drawn.
    """
    try:
        return png_of(svg, None, ppi=DOTS, font_paths=[FONTS])
    except TypstFailure as error:
        raise BuildError(f"a chart cannot be drawn as PNG: {error}") from error
