"""An empty chart in the project's look."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.backends.backend_agg import FigureCanvasAgg
from matplotlib.figure import Figure

from incident_report.present.theme import WIDTH, theme


def canvas(rows: int = 1, columns: int = 1, *, height: float = 2.9, width: float = WIDTH, **options: Any) -> np.ndarray:
    """Axes of a new figure, as an array of ``rows * columns``.

    The figure is none of pyplot's: a notebook does not show it twice, and nothing has to be closed.

    Parameters
    ----------
    height, width : float
        Inches; the printed page holds `WIDTH`.
    **options
        For `Figure.subplots`, such as ``sharey=True`` or ``gridspec_kw``.

    Examples
    --------
    >>> [ax] = canvas(height=2)
    >>> line = ax.plot([1, 2], [3, 5])
    >>> ax.figure.get_size_inches().tolist()
    [6.3, 2.0]
    """
    with theme():
        grid = sheet(height=height, width=width).subplots(rows, columns, squeeze=False, **options)
    return np.asarray(grid).ravel()


def sheet(*, height: float = 2.9, width: float = WIDTH) -> Figure:
    """The empty figure of a `canvas`, for a chart form that divides it otherwise."""
    with theme():
        figure = Figure(figsize=(width, height), layout="constrained")
        FigureCanvasAgg(figure)
    return figure


def axes_of(ax: Axes | None, **options: Any) -> Axes:
    """The Axes given, or a new one."""
    found: Axes = canvas(**options)[0] if ax is None else ax
    return found


def below(ax: Axes, places: Sequence[str], labels: Mapping[str, str] | None) -> None:
    """Name the places along the axis: each by its label, or as it is called."""
    ax.set_xticks(range(len(places)), [str((labels or {}).get(p, p)) for p in places])


def without_scale(ax: Axes) -> None:
    """Leave the scale out: numbers stand at the points."""
    ax.set_yticks([])
    ax.tick_params(length=0)
    ax.spines["left"].set_visible(False)
    ax.grid(visible=False)


def floats(values: pd.Series) -> np.ndarray:
    """Numbers with NaN where one is not known."""
    return np.asarray(values.astype("Float64").to_numpy(float, na_value=float("nan")))
