"""A calendar of documented attacks: a column a week, a row a weekday."""

from __future__ import annotations

from datetime import date, timedelta

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.colors import ListedColormap

from incident_report.analysis.edition import Edition
from incident_report.analysis.timing import daily, dated
from incident_report.periods import Window
from incident_report.present.frequency.timeline import undated
from incident_report.present.phrase import day, join, number, span
from incident_report.present.records import Record, Trace, show_prose
from incident_report.present.theme import INK, MUTED, WIDTH, show_figure, theme

_DAILY = "incident_report.analysis.timing.daily"
_STEPS = ("#f3f5f7", "#bcd3e6", "#7fabd0", "#3f80b5", "#0a5a94", "#08375c")  # 0, 1, 2, 3, 4, 5 and more


def calendar_figure(ed: Edition, weeks_shown: int = 53) -> Record:
    """A calendar heat map of documented attacks: a column a week, a row a weekday, the count in the cell."""
    last = ed.quarter.end
    first = max(ed.quarters[0].start, last - timedelta(days=7 * weeks_shown - 1))
    monday = first - timedelta(days=first.weekday())
    counts = daily(ed, window=Window(first, last))
    if counts.sum() == 0:
        return show_prose("txt-calendar", f"No attack with a known day is documented from {span(first, last)}.")
    weeks = ((last - monday).days // 7) + 1
    table = np.full((7, weeks), np.nan)
    covered = [stamp.date() for stamp in pd.DatetimeIndex(counts.index)]
    for here, value in zip(covered, counts, strict=True):
        offset = (here - monday).days
        table[offset % 7, offset // 7] = value
    with theme():
        figure, axes = plt.subplots(figsize=(WIDTH, max(1.5, 7 * min(WIDTH / (weeks + 5), 0.2) + 0.75)))
        axes.pcolormesh(
            np.arange(weeks + 1),
            np.arange(8),
            np.minimum(table, 5),
            cmap=ListedColormap(_STEPS),
            vmin=-0.5,
            vmax=5.5,
            edgecolors="white",
            linewidth=0.8,
        )
        for weekday, week in zip(*np.nonzero(np.nan_to_num(table)), strict=True):
            value = int(table[weekday, week])
            axes.text(
                week + 0.5,
                weekday + 0.52,
                str(value),
                ha="center",
                va="center",
                fontsize=7,
                color="white" if value >= 3 else INK,
            )
        for offset in range((last - first).days + 1):
            here = first + timedelta(days=offset)
            if here not in covered:
                where = (here - monday).days
                axes.plot(where // 7 + 0.5, where % 7 + 0.5, marker="x", ms=2.5, color=MUTED, mew=0.6)
        _months(axes, first, last, monday)
        axes.set_yticks(np.arange(7) + 0.5, ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"])
        axes.set_ylim(7, 0)
        axes.set_xlim(0, weeks)
        axes.grid(visible=False)
        for side in ("left", "bottom"):
            axes.spines[side].set_visible(False)
        axes.tick_params(length=0)
    quiet, busy = int((counts == 0).sum()), int((counts > 1).sum())
    top = counts[counts == counts.max()]
    peak = f"The most on one day is {number(int(counts.max()))}, " + (
        f"on {join([day(d.date()) for d in top.index])}." if len(top) <= 4 else f"on {number(len(top))} days."
    )
    return show_figure(
        figure,
        id="fig-calendar",
        title=f"Attacks are documented on {number(len(counts) - quiet)} of {number(len(counts))} days"
        + (f", more than one on {number(busy)} of them" if busy else ", never more than one"),
        alt=f"Calendar heat map of documented attacks, {span(first, last)}, a column a week and a row a weekday;"
        f" darker is more. {peak}",
        caption="The number in a cell is that day's documented attacks of all kinds; empty cells had none, a cross"
        " marks a day without a file.",
        source="Documented incidents of this edition.",
        n=undated(ed, Window(first, last)),
        data=pd.DataFrame({"date": [d.date().isoformat() for d in counts.index], "documented": counts.to_numpy()}),
        trace=[
            Trace(
                _DAILY,
                {"window": f"{first} {last}"},
                dated(ed, "all", Window(first, last))["incident_id"],
                str(int(counts.sum())),
            )
        ],
    )


def _months(axes: Axes, first: date, last: date, monday: date) -> None:
    ticks: list[float] = []
    labels: list[str] = []
    here = first.replace(day=1)
    while here <= last:
        start = max(here, first)
        ticks.append((start - monday).days // 7 + 0.5)
        labels.append(f"{start:%b}" + (f"\n{start.year}" if not labels or start.month == 1 else ""))
        if start > first:
            offset = (start - monday).days
            week, weekday = divmod(offset, 7)
            xs, ys = (
                ([week, week], [7, 0]) if weekday == 0 else ([week, week, week + 1, week + 1], [7, weekday, weekday, 0])
            )
            axes.plot(xs, ys, color=MUTED, lw=0.7, clip_on=False)
        here = (here.replace(day=28) + timedelta(days=4)).replace(day=1)
    if len(ticks) > 1 and ticks[1] - ticks[0] < 2:  # a month's last days leave no room for its name
        del ticks[0], labels[0]
        labels[0] = labels[0] if "\n" in labels[0] else f"{labels[0]}\n{(first + timedelta(days=31)).year}"
    axes.set_xticks(ticks, labels, ha="left")
