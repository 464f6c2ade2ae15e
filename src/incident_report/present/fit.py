"""What has no room on a chart steps back: labels along the axis evenly, numbers at points by their weight."""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import partial
from typing import Any

from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.text import Text

NUMBER = "number"  # label of a text that may step back: the number beside a point
_SIDE, _ABOVE = 3.0, 1.0  # points that two texts keep apart
_STEPS = (0.0, 4.0, -4.0)  # points that a number beside its point may stand higher, to have room
_OVER = 2 / 3  # of a number's size, from the axis line to its middle at least: a third is the figure, the rest is room
Undo = list[Callable[[], object]]


@contextmanager
def fitted(figure: Figure) -> Iterator[Figure]:
    """The figure without labels that would meet others; afterwards it is as it was.

    Of the labels along an axis every second, third … stays, counted back from the last. Of the numbers at
    points the last stays, then the highest and the lowest, then the later before the earlier; one at the side of
    its point stands a little higher or lower before it steps back.

    Examples
    --------
    >>> from incident_report.present.charts import canvas
    >>> [ax] = canvas(width=2, height=1)
    >>> ax.set_xticks(range(9), [f"Q{i % 4 + 1} 2020" for i in range(9)]) and None
    >>> with fitted(ax.figure):
    ...     sum(t.get_visible() for t in ax.get_xticklabels()) < 9
    True
    """
    undo: Undo = []
    try:
        _laid_out(figure)
        for axes in figure.axes:
            _make_room(axes, undo)
        yield figure
    finally:
        for step in reversed(undo):
            step()


def _laid_out(figure: Figure) -> None:
    """Put every part in its place; nothing is drawn where the layout can be asked for it."""
    engine = figure.get_layout_engine()
    figure.draw_without_rendering() if engine is None else engine.execute(figure)


def number(axes: Axes, text: str, at: tuple[float, float], offset: tuple[float, float], **look: Any) -> Text:
    """The number beside a point, `offset` printer's points away; one that steps back where there is no room."""
    return axes.annotate(text, at, offset, textcoords="offset points", label=NUMBER, **look)


def _make_room(axes: Axes, undo: Undo) -> None:
    low, high = sorted(axes.get_xlim())
    ticks = [t.label1 for t in axes.xaxis.get_major_ticks() if low <= t.get_loc() <= high]
    _thin([t for t in ticks if t.get_visible() and t.get_text().strip()], undo)
    numbers = [t for t in axes.texts if t.get_label() == NUMBER and t.get_visible()]
    _hide_lesser(numbers, list(filter(Text.get_text, axes.get_yticklabels())), undo)


def _thin(labels: list[Text], undo: Undo) -> None:
    boxes = [t.get_window_extent() for t in labels]
    side = _SIDE / 72 * labels[0].get_figure().dpi if labels else 0.0  # type: ignore[union-attr]
    for step in range(1, len(labels) + 1):
        kept = list(range(len(labels) - 1, -1, -step))[::-1]
        if all(boxes[b].x0 - boxes[a].x1 >= side for a, b in itertools.pairwise(kept)):
            break
    else:
        return
    _hide((t for i, t in enumerate(labels) if i not in set(kept)), undo)


def _hide_lesser(numbers: list[Text], fixed: list[Text], undo: Undo) -> None:
    if not numbers:
        return
    tall = sorted(numbers, key=lambda t: float(t.xy[1]))  # type: ignore[attr-defined]
    order = dict.fromkeys([numbers[-1], tall[-1], tall[0], *reversed(numbers)])
    scale = numbers[0].get_figure().dpi / 72  # type: ignore[union-attr]
    kept: list[Any] = [t.get_window_extent() for t in fixed]
    for text in order:
        if not _placed(text, kept, scale, undo):
            _hide([text], undo)


def _placed(text: Any, kept: list[Any], scale: float, undo: Undo) -> bool:
    """Whether a number has room, which from now on it keeps."""
    x, y = text.xyann
    for step in _STEPS if text.get_va() == "center" else _STEPS[:1]:
        text.xyann = (x, max(y + step, _least(text, scale)))
        box = text.get_window_extent()
        if not any(_meet(box, other, scale) for other in kept):
            undo.append(partial(setattr, text, "xyann", (x, y)))
            kept.append(box)
            return True
    text.xyann = (x, y)
    return False


def _least(text: Any, scale: float) -> float:
    """Points that a number at the side of its point stands higher at least, so that the axis line does not cross it."""
    axes = text.axes
    if text.get_va() != "center" or not axes.spines["bottom"].get_visible():
        return -math.inf
    over = axes.transData.transform(text.xy)[1] - axes.bbox.y0
    return float(_OVER * text.get_fontsize() - over / scale)


def _meet(one: Any, other: Any, scale: float) -> bool:
    across = min(one.x1, other.x1) - max(one.x0, other.x0) > -_SIDE * scale
    return bool(across and min(one.y1, other.y1) - max(one.y0, other.y0) > -_ABOVE * scale)


def _hide(texts: Iterable[Text], undo: Undo) -> None:
    for text in texts:
        undo.append(partial(text.set_visible, True))
        text.set_visible(False)
