"""Specification curve: one verdict under every declared variant."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.ticker import FixedLocator, FuncFormatter, NullLocator

from incident_report.present.charts.canvas import axes_of, canvas
from incident_report.present.theme import GRID, INK, MUTED, PALETTE, theme

HELD, FLIPPED = PALETTE[0], PALETTE[1]
STEP, GAP = 1.0, 1.6  # between variants, and more between kinds
INCHES = 0.082  # a variant
TICKS = (0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100)


def specification(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    labels: Mapping[str, str] | None = None,
    verdicts: Mapping[str, str] | None = None,
    groups: tuple[str, str] = ("", ""),
    reported: str = "as_reported",
    neutral: float = 1.0,
    log: bool = True,
) -> Axes:
    """A dot a variant with its interval, sorted within its kind; what changes the verdict stands out.

    Parameters
    ----------
    table : DataFrame
        As `analysis.robustness.robustness` gives it: kind, plausible, estimate, low, high, verdict, holds.
        Kinds keep the table's order, plausible ones above stress ones, filled above hollow. Variants that
        come out alike are drawn once, those without an estimate as a cross at the edge.
    labels, verdicts : mapping of id -> text, optional
        Kinds, at the left; verdicts, beside the first variant of each kind that flips.
    groups : (str, str)
        Heads of the plausible and the stress kinds.
    neutral : float
        Where nothing would have changed: 1 for ratios, 0 for differences; a line.
    log : bool
        Ratios read best on a logarithmic axis; taken where all estimates are above 0.

    Returns
    -------
    Axes

    Examples
    --------
    >>> table = pd.DataFrame({
    ...     "kind": ["as_reported", "window", "window"], "plausible": True, "estimate": [2.6, 2.5, 2.8],
    ...     "low": [1.2, 1.2, 1.3], "high": [5.7, 5.5, 6.1], "verdict": "rise", "holds": True,
    ... })
    >>> ax = specification(table)
    >>> [t.get_text() for t in ax.get_yticklabels()]
    ['as_reported', 'window']
    """
    every = _apart(table).assign(estimate=lambda t: t["estimate"].where(np.isfinite(t["estimate"])))
    drawn = every.dropna(subset=["estimate"])
    named = labels or {}
    with theme():
        ax = axes_of(ax, height=_height(table))
        log = log and bool((drawn["estimate"] > 0).all())
        reach = _reach(drawn, neutral, log)
        ax.axvline(neutral, color=INK, lw=0.9, zorder=1)
        for value in drawn.loc[drawn["kind"] == reported, "estimate"]:
            ax.axvline(value, color=MUTED, lw=0.8, ls=(0, (4, 3)), zorder=1)
        ticks: dict[float, str] = {}
        heads = {True: groups[0], False: groups[1]}
        at = 0.0
        for kind, plausible, part in _blocks(every, reported):
            if kind != reported and (head := heads.pop(plausible, "")):
                ticks[at] = head
                at += GAP
            ticks[at + STEP * (len(part) - 1) / 2] = str(named.get(kind, kind))
            at = _block(ax, part, at, plausible, reach, verdicts or {}) + GAP
        _scale(ax, reach, log)
        ax.set_ylim(at, -GAP)
        ax.set_yticks(list(ticks), list(ticks.values()))
        for name in ax.get_yticklabels():
            if name.get_text() in groups:
                name.set(style="italic", color=MUTED)
        ax.tick_params(axis="y", length=0)
        ax.grid(visible=False)
        ax.grid(visible=True, axis="x", color=GRID, lw=0.5)
    return ax


def _blocks(every: pd.DataFrame, reported: str) -> Iterator[tuple[str, bool, pd.DataFrame]]:
    """Each kind, whether it is drawn as plausible, and its variants by their estimate; plausible kinds first."""
    for plausible in (True, False):
        for kind, part in every[every["plausible"] == plausible].groupby("kind", sort=False):
            yield str(kind), kind == reported or plausible, part.sort_values("estimate", kind="stable")


def _block(
    ax: Axes, part: pd.DataFrame, at: float, plausible: bool, reach: tuple[float, float], said: Mapping[str, str]
) -> float:
    """Draw the variants of one kind, with the verdict of the first that flips; where the last one ends."""
    flagged = False
    for row in part.to_dict("records"):
        end = _variant(ax, row, at, plausible, *reach)
        if not row["holds"] and not flagged:
            flagged, text = True, str(said.get(row["verdict"], row["verdict"]))
            ax.annotate(
                text, (end, at), (5, 0), textcoords="offset points", va="center", fontsize=7, color=FLIPPED,
                zorder=2.5, bbox={"fc": "white", "ec": "none", "pad": 0.6},  # over every line, under every mark
            )  # fmt: skip
        at += STEP
    return at


def _scale(ax: Axes, reach: tuple[float, float], log: bool) -> None:
    if log:
        ax.set_xscale("log")
        ax.xaxis.set_major_locator(FixedLocator([t for t in TICKS if reach[0] <= t <= reach[1]]))
        ax.xaxis.set_minor_locator(NullLocator())
    ax.xaxis.set_major_formatter(FuncFormatter(lambda v, _: f"{round(v, 6):g}".replace("-", "\N{EN DASH}")))
    ax.set_xlim(*reach)


def specifications(table: pd.DataFrame, *, titles: Mapping[str, str] | None = None, **options: Any) -> list[Axes]:
    """One curve below the other, each as tall as it needs.

    Parameters
    ----------
    table : DataFrame
        As `analysis.curves.curves` gives it: as for `specification`, with finding and neutral.
    titles : mapping of finding -> text, optional
    **options
        For `specification`.
    """
    parts = list(table.groupby("finding", sort=False))
    heights = [_height(part) for _, part in parts]
    panels = canvas(len(parts), height=sum(heights), gridspec_kw={"height_ratios": heights})
    for ax, (finding, part) in zip(panels, parts, strict=True):
        specification(part, ax, neutral=float(part["neutral"].iloc[0]), **options)
        with theme():
            ax.set_title((titles or {}).get(str(finding), str(finding)))
    return list(panels)


def _apart(table: pd.DataFrame) -> pd.DataFrame:
    """Variants that come out alike once: in the six digits of their CSV, which are more than a chart shows."""
    printed = table[["estimate", "low", "high"]].astype(float).map("{:.6g}".format)
    return table[~table[["kind", "verdict"]].join(printed).duplicated()]


def _height(table: pd.DataFrame) -> float:
    """Inches that a curve needs."""
    every = _apart(table)
    return 0.7 + INCHES * (len(every) * STEP + GAP * every["kind"].nunique() + 2 * GAP)


def _variant(ax: Axes, row: Mapping[Any, Any], at: float, plausible: bool, left: float, right: float) -> float:
    """Draw one variant; where its mark ends."""
    colour = HELD if row["holds"] else FLIPPED
    if np.isnan(row["estimate"]):  # nothing left to measure: a cross at the edge
        ax.plot([left], [at], "x", ms=4, color=colour, mew=1.1, zorder=3, clip_on=False)
        return left
    low, high = (float(np.clip(row[side], left, right)) for side in ("low", "high"))
    if np.isfinite(low) and np.isfinite(high):
        ax.plot([low, high], [at, at], color=colour, lw=0.9, alpha=0.75, zorder=2, solid_capstyle="butt")
    mark = "o" if row["holds"] else "D"
    face = colour if plausible else "white"
    ax.plot([row["estimate"]], [at], mark, ms=3.4, mfc=face, mec=colour, mew=0.9, zorder=3)
    return high if np.isfinite(high) else float(row["estimate"])


def _reach(rows: pd.DataFrame, neutral: float, log: bool) -> tuple[float, float]:
    """The axis: every estimate, and limits as far as four times the estimates' own reach."""
    estimates = [*rows["estimate"].astype(float), neutral]
    low, high = min(estimates), max(estimates)
    limits = rows[["low", "high"]].astype(float).to_numpy()
    limits = limits[np.isfinite(limits)]
    if log:
        limits = limits[limits > 0]
        left = max(low / 4, min([low, *limits]))
        right = min(high * 4, max([high, *limits]))
        return left / 1.15, right * 1.6  # room for the verdict's word
    width = max(high - low, 1e-6)
    left = max(low - 2 * width, min([low, *limits]))
    right = min(high + 2 * width, max([high, *limits]))
    return left - 0.08 * (right - left), right + 0.3 * (right - left)
