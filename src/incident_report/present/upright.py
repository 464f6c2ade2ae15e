"""A chart upright, for a phone: the same figure with its panels below each other and its long labels broken."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.gridspec import GridSpec
from matplotlib.text import Text

PHONE = 3.4  # inches: at 350 CSS pixels, the column of a phone, its letters are half as large again
_ROOM = 0.4  # of the width, at most, for the names at the left
_LETTER = 0.53  # of the size of the type: the width of a letter of Noto Sans, on average
_LINE = 1.25  # of the size of the type: the height of a line
_LEADING = 0.03  # inches between two names
_FLATTER = 0.8  # of its height, a panel of a row that is now as wide as the row was
_FRAME = 0.45  # inches for a panel's title and edges
HOOK, TALLER = "_report_upright", "_report_taller"  # what a chart form leaves on its Axes
Undo = list[Callable[[], object]]


def wants_upright(figure: Figure) -> bool:
    """Whether a figure is so wide that a phone would have to shrink it or to let it scroll."""
    return bool(figure.get_size_inches()[0] > 1.2 * PHONE)


@contextmanager
def upright(figure: Figure) -> Iterator[Figure]:
    """The figure in its narrow form; afterwards it is as it was.

    Panels that stood beside each other stand below each other, a little flatter; names at the left
    and notes that would not fit are broken into lines, and the panel grows where names need more room.

    Examples
    --------
    >>> from incident_report.present.charts import canvas
    >>> panels = canvas(1, 2, height=2)
    >>> with upright(panels[0].figure) as narrow:
    ...     narrow.get_size_inches().tolist()
    [3.4, 3.2]
    >>> panels[0].figure.get_size_inches().tolist()
    [6.3, 2.0]
    """
    undo: Undo = []
    width, height = figure.get_size_inches()
    undo.append(partial(figure.set_size_inches, width, height))
    try:
        inches = _stacked(figure, float(height), undo)
        titles, asked = [], []
        for axes in figure.axes:
            _broken_names(axes, undo)
            titles.append(_broken_notes(axes, undo))
            asked.append(getattr(axes, HOOK, lambda _: None)(undo))
        spots = [a.get_subplotspec() for a in figure.axes]
        rows = [0 if s is None or len(inches) == 1 else s.rowspan.start for s in spots]
        for axes, row, own, more in zip(figure.axes, rows, asked, titles, strict=True):
            inches[row] = max(own or inches[row] * getattr(axes, TALLER, 1.0), _needed(axes)) + more
        if len(inches) > 1:
            spots[0].get_gridspec().set_height_ratios(inches)  # type: ignore[union-attr]
        figure.set_size_inches(PHONE, sum(inches))
        yield figure
    finally:
        for step in reversed(undo):
            step()


def when_upright(axes: Axes, change: Callable[[Undo], float | None], taller: float = 1.0) -> None:
    """Say what more a chart form has to change on its panel for a phone.

    Parameters
    ----------
    change : callable
        Changes the panel, and adds to the list that it is given what takes each change back; the inches that
        the panel then takes, where it can tell.
    taller : float
        How much higher than in the wide form the panel is.
    """
    setattr(axes, HOOK, change)
    setattr(axes, TALLER, taller)


def _stacked(figure: Figure, height: float, undo: Undo) -> list[float]:
    """Panels below each other in reading order; inches by row."""
    placed = {a: spot for a in figure.axes if (spot := a.get_subplotspec()) is not None}
    panels, spots = list(placed), list[Any](placed.values())
    if not spots or spots[0].get_gridspec().ncols == 1:
        return [height]
    ratios = list(spots[0].get_gridspec().get_height_ratios())
    flatter = _FLATTER if len(ratios) == 1 else 1.0
    inches = [flatter * height * sum(ratios[s.rowspan.start : s.rowspan.stop]) / sum(ratios) for s in spots]
    rows = GridSpec(len(panels), 1, figure=figure)
    for at, (axes, spot) in enumerate(zip(panels, spots, strict=True)):
        axes.set_subplotspec(rows[at])
        undo.append(partial(axes.set_subplotspec, spot))
        if at and axes.get_shared_y_axes().joined(axes, panels[0]):
            axes.tick_params(axis="y", labelleft=True)  # what the panel to its left said for it
            undo.append(partial(axes.tick_params, axis="y", labelleft=False))
    return inches


def _broken_names(axes: Axes, undo: Undo) -> None:
    """Names at the left in lines that leave the panel most of the width."""
    labels = axes.get_yticklabels()
    before = [t.get_text() for t in labels]
    if not any(text.strip() for text in before):
        return
    letters = max(8, int(_ROOM * PHONE * 72 / (_LETTER * float(labels[0].get_fontsize()))))
    after = [textwrap.fill(" ".join(text.split()), letters) for text in before]
    ticks, styles = axes.get_yticks(), [(t.get_fontweight(), t.get_color(), t.get_fontstyle()) for t in labels]

    def put(texts: list[str]) -> None:
        limits = axes.get_ylim()
        axes.set_yticks(ticks, texts)
        axes.set_ylim(*limits)
        for label, (weight, colour, style) in zip(axes.get_yticklabels(), styles, strict=True):
            label.set(fontweight=weight, color=colour, style=style)

    if after != before:
        put(after)
        undo.append(partial(put, before))


def _needed(axes: Axes) -> float:
    """Inches that a panel needs so that its names, in their lines, keep clear of each other."""
    labels = axes.get_yticklabels()
    lines = [t.get_text().count("\n") + 1 for t in labels]
    if max(lines, default=1) == 1:
        return 0.0
    low, high = sorted(axes.get_ylim())
    pairs = zip(itertools.pairwise(axes.get_yticks()), itertools.pairwise(lines), strict=True)
    line = _LINE * float(labels[0].get_fontsize()) / 72
    units = [((one + other) / 2 * line + _LEADING) / abs(b - a) for (a, b), (one, other) in pairs if a != b]
    return max(units, default=0.0) * (high - low) + _FRAME


def _broken_notes(axes: Axes, undo: Undo) -> float:
    """Title, notes and entries of the key that are long for a phone, in lines; inches more for the title."""
    key, more = axes.get_legend(), 0.0
    own = [t for t in axes.get_children() if isinstance(t, Text)]
    for text in [*own, *(key.get_texts() if key else ())]:
        if not text.get_text().strip():
            continue
        size = float(text.get_fontsize())
        letters = max(12, int(0.6 * PHONE * 72 / (_LETTER * size)))
        before = text.get_text()
        if max(map(len, before.split("\n"))) > letters:
            text.set_text(textwrap.fill(" ".join(before.split()), letters))
            undo.append(partial(text.set_text, before))
            if text in own and text not in axes.texts:
                more += (text.get_text().count("\n") - before.count("\n")) * _LINE * size / 72
    return more
