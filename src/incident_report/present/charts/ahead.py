"""Past counts as dots and the coming one as a bar."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib.axes import Axes

from incident_report.present.charts.canvas import axes_of, without_scale
from incident_report.present.fit import number
from incident_report.present.theme import MUTED, PALETTE, theme


def ahead(
    past: Sequence[float | None],
    likely: tuple[float, float],
    wide: tuple[float, float],
    labels: Sequence[str],
    ax: Axes | None = None,
    *,
    colour: str = PALETTE[0],
    title: str = "",
) -> Axes:
    """Dots for the past, then a bar from the lower to the upper end of the likely range.

    Parameters
    ----------
    past : sequence of float
        Counts so far, oldest first; None where there is none, which a dash says.
    likely, wide : pair of float
        The bar, and the thin line behind it; the ends of both are written.
    labels : sequence of str
        One a dot, and one for the bar.

    Examples
    --------
    >>> ax = ahead([19, 11, 27], (11, 37), (7, 46), ["Q1", "Q2", "Q3", "Q4"])
    >>> [t.get_text() for t in ax.texts]
    ['19', '11', '27', '7', '46', '11–37']
    """
    at = len(past)
    with theme():
        ax = axes_of(ax)
        known = [(x, float(value)) for x, value in enumerate(past) if value is not None]
        for x in sorted(set(range(at)) - {x for x, _ in known}):
            ax.annotate("–", (x, 0), (0, 3), textcoords="offset points", ha="center", color=MUTED)
        ax.plot(
            [x for x, _ in known],
            [value for _, value in known],
            "o",
            ms=6,
            color=colour,
            mec="white",
            mew=1.2,
            zorder=3,
            clip_on=False,
        )
        for x, value in known:
            number(ax, f"{value:,.0f}", (x, value), (0, 7), ha="center", color=colour)
        ax.plot([at, at], list(wide), color=colour, lw=1, zorder=1)
        for end in sorted(set(wide)):
            number(ax, f"{end:,.0f}", (at - 0.17, end), (-3, 0), ha="right", va="center", color=MUTED, fontsize=7)
        tall = max(likely[1] - likely[0], 0.15)
        ax.bar([at], [tall], bottom=likely[0], width=0.34, color=colour, alpha=0.55, zorder=2)
        text = f"{likely[0]:,.0f}–{likely[1]:,.0f}"
        middle = (likely[0] + likely[1]) / 2  # beside the bar: above the line it would read as the line's range
        number(ax, text, (at + 0.17, middle), (4, 0), ha="left", va="center", color=colour, fontweight="bold")
        ax.set(ylim=(0, 1.15 * max([*(value for _, value in known), wide[1], 1])), xlim=(-0.5, at + 0.95))
        ax.set_xticks(range(at + 1), list(labels))
        without_scale(ax)
        if title:
            ax.set_title(title, color=colour)
    return ax
