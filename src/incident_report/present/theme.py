"""One look for every chart, and the one function that turns a matplotlib figure into a record."""

from __future__ import annotations

import functools
import io
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import replace
from typing import Any

import matplotlib
import pandas as pd
from matplotlib import font_manager
from matplotlib import pyplot as plt
from matplotlib.backends.backend_svg import FigureCanvasSVG
from matplotlib.figure import Figure
from matplotlib.text import Text

from incident_report.analysis.edition import Edition
from incident_report.paths import FONTS, SEAL
from incident_report.present.fit import fitted
from incident_report.present.records import Record, Trace, closed, frame_json
from incident_report.present.typefaces import FAMILIES
from incident_report.present.upright import upright, wants_upright

WIDTH = 6.3  # inches: the text block of the printed page, so charts print at their own size
MIN_POINTS = 7.0  # smallest chart text at print size
INK = "#1f2933"
MUTED = "#52606d"  # 6.2:1 on white
GRID = "#d9dee3"
ACCENT = "#8c2d04"
# Okabe-Ito hues, darkened until text in them reaches 4.5:1 on white.
PALETTE = ("#0a5a94", "#b3470a", "#0b6b4f", "#7b3f8c", "#6b5900", "#8a1c4a")
NEUTRAL = "#3e4c59"
MARKERS = ("o", "s", "D", "^", "v", "P")

SANS, ARABIC = "Report Sans", "Report Arabic"
_FACES = (  # family, file, weight; Arabic has one face, which stands for both weights
    (SANS, "NotoSans-Regular", 400),
    (SANS, "NotoSans-Bold", 700),
    (SANS, "NotoSans-Italic", 400),
    (SANS, "NotoSans-BoldItalic", 700),
    (ARABIC, "NotoNaskhArabic-Regular", 400),
    (ARABIC, "NotoNaskhArabic-Regular", 700),
)

_RC: dict[Any, Any] = {
    "font.family": [SANS, ARABIC],
    "font.size": 8.0,
    "axes.titlesize": 8.5,
    "axes.titleweight": "bold",
    "axes.titlelocation": "left",
    "axes.labelsize": 8.0,
    "axes.labelcolor": INK,
    "axes.edgecolor": MUTED,
    "axes.linewidth": 0.6,
    "axes.spines.top": False,
    "axes.spines.right": False,
    "axes.grid": True,
    "axes.grid.axis": "y",
    "axes.axisbelow": True,
    "axes.unicode_minus": False,  # the fonts hold no minus sign
    "grid.color": GRID,
    "grid.linewidth": 0.6,
    "text.color": INK,
    "text.parse_math": False,  # a dollar sign is one; a log axis needs a plain formatter
    "xtick.color": INK,
    "ytick.color": INK,
    "xtick.labelsize": 7.5,
    "ytick.labelsize": 7.5,
    "xtick.major.size": 2.5,
    "ytick.major.size": 0,
    "legend.fontsize": 7.5,
    "legend.frameon": False,
    "lines.linewidth": 1.4,
    "lines.markersize": 4.5,
    "hatch.linewidth": 0.5,
    "figure.figsize": (WIDTH, 2.9),
    "figure.dpi": 100,
    "figure.constrained_layout.use": True,
    "svg.fonttype": "none",
    "svg.hashsalt": "incident-report",
    # matplotlib counts these two among the user's own matters and leaves them out of its defaults.
    "timezone": "UTC",
    "date.epoch": "1970-01-01T00:00:00",
}
# Where charts are shown, not how they look.
_USERS = {"backend", "backend_fallback", "interactive", "toolbar", "savefig.directory"}


def series_colours(edition: Edition) -> dict[str, str]:
    """Series id -> colour; a series keeps its colour in every chart, `all` is neutral."""
    colours = {s.id: PALETTE[i % len(PALETTE)] for i, s in enumerate(edition.campaign.series)}
    return {**colours, edition.campaign.all_series.id: NEUTRAL}


@contextmanager
def theme() -> Iterator[None]:
    """The chart theme; every chart function draws inside it.

    It starts from matplotlib's own defaults and from our own font files: neither a private style file
    nor the machine's fonts change a chart.
    """
    _use_own_fonts()
    wanted = {**matplotlib.rcParamsDefault, **_RC}
    with matplotlib.rc_context():
        # Only what differs: checking all three hundred values costs some milliseconds a chart.
        different = {k: v for k, v in wanted.items() if k not in _USERS and matplotlib.rcParams[k] != v}
        matplotlib.rcParams.update(different)
        yield


@functools.cache
def _own_fonts() -> tuple[font_manager.FontEntry, ...]:
    return tuple(
        replace(font_manager.ttfFontProperty(font_manager.get_font(FONTS / f"{file}.ttf")), name=family, weight=weight)
        for family, file, weight in _FACES
    )


def _use_own_fonts() -> None:
    """Put our faces into matplotlib's list, under names of our own: a system font of the same family would win."""
    own, manager = _own_fonts(), font_manager.fontManager
    if tuple(manager.ttflist[: len(own)]) != own:
        # Where this is set, matplotlib finds no fonts but those in its own folder.
        os.environ.pop("MPL_IGNORE_SYSTEM_FONTS", None)
        manager.ttflist = [*own, *(f for f in manager.ttflist if f.name not in (SANS, ARABIC))]


def smallest_text(figure: Figure) -> float:
    """Size in points of the smallest visible text of a figure."""
    sizes = [float(t.get_fontsize()) for t in figure.findobj(Text) if t.get_text().strip() and t.get_visible()]
    return min(sizes, default=float("inf"))


def figure_content(figure: Figure, id: str) -> dict[str, Any]:
    """A figure as a record holds it: SVG, wide and for a phone, width and height in inches.

    Raises
    ------
    ValueError
        If the chart is too wide for the page, or a text is smaller than 7 points.
    """
    width, height = figure.get_size_inches()
    if width > WIDTH + 0.01:
        raise ValueError(f"{id}: {width:.2f} in wide, the page holds {WIDTH}")
    if (size := smallest_text(figure)) < MIN_POINTS:
        raise ValueError(f"{id}: text of {size:g} pt is below {MIN_POINTS:g} pt")
    with theme():  # signs of numbers and widths of hatches are settled when a figure is written
        with fitted(figure):
            drawn = {"svg": _svg(figure, id)}
        if wants_upright(figure) and not by_hand():
            with upright(figure) as narrow, fitted(narrow):
                drawn["svg_narrow"] = _svg(narrow, f"{id}-narrow")
    return {**drawn, "width": round(float(width), 3), "height": round(float(height), 3)}


def by_hand() -> bool:
    """Whether a person runs the notebook, who sees the wide form; that for phones is made where a report is built."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    return hasattr(shell, "kernel") and SEAL not in os.environ


def figure_svg(figure: Figure) -> str:
    """A figure as it stands, wide, whatever its size: for a look at it."""
    with theme(), fitted(figure):
        return _svg(figure, "shown")


def _svg(figure: Figure, salt: str) -> str:
    """The figure with its text as text, in the fonts that page and PDF bring: it can be searched and copied."""
    svg = io.StringIO()
    with matplotlib.rc_context({"svg.hashsalt": salt, "svg.fonttype": "none"}), _canvas(figure) as canvas:
        canvas.print_svg(svg, metadata={"Date": None, "Creator": None})
    return svg.getvalue().replace(f"'{SANS}', '{ARABIC}'", FAMILIES)


@contextmanager
def _canvas(figure: Figure) -> Iterator[FigureCanvasSVG]:
    """What writes a figure on white, laid out and drawn once: `savefig` draws it once more, to lay it out."""
    before, dpi, face = figure.canvas, figure.dpi, figure.get_facecolor()
    try:
        figure.set_facecolor("white")
        yield FigureCanvasSVG(figure)
    finally:
        figure.set_canvas(before)
        figure.set_dpi(dpi)
        figure.set_facecolor(face)


def show_figure(
    figure: Figure,
    *,
    id: str,
    title: str,
    alt: str,
    data: pd.DataFrame,
    caption: str = "",
    source: str = "",
    n: str = "",
    trace: Sequence[Trace] = (),
    web_only: bool = False,
) -> Record:
    """A figure record; closes the matplotlib figure.

    Parameters
    ----------
    figure : Figure
        Drawn inside `theme()`, at most `WIDTH` inches wide.
    id : str
        ``fig-…``, unique in the report.
    title : str
        States the finding (plain text).
    alt : str
        One to three sentences on what is seen: trend and extreme values (plain text, computed).
    caption, source, n : Markdown
    web_only : bool
        As for `records.show_table`.
    data : DataFrame
        What is drawn, with intervals and n; published as CSV.

    Raises
    ------
    ValueError
        If alt is empty, the chart is too wide, or a text is smaller than 7 points.
    """
    if not alt.strip():
        raise ValueError(f"{id}: a figure needs an alt text")
    drawn = figure_content(figure, id)
    plt.close(figure)
    content = {
        "id": id,
        "title": title,
        "alt": " ".join(alt.split()),
        "caption": caption,
        "source": source,
        "n": closed(n),
        **drawn,
        "web_only": web_only,
        "data": frame_json(data),
        "trace": [t.as_json() for t in trace],
    }
    return Record("figure", content, data)
