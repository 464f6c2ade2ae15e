"""One mark a person, by period and event."""

from __future__ import annotations

import itertools
import textwrap
from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from incident_report.present.charts.canvas import axes_of
from incident_report.present.theme import ACCENT, INK, MUTED, PALETTE, theme
from incident_report.present.upright import Undo, when_upright

_ROW = 0.36  # inches for a period
_BAR = 0.3  # of a line, a bar's height
_LEAST = 30.0  # marks that a line holds at least, so that those of one event stand together
_MOST = 60  # marks that still can be told apart on a line; more become bars
_MOST_EVENTS = 400  # that are drawn apart
_GAP = 1.0  # of a mark, between two events
_STEP, _NAME, _KEY = 0.54, 0.146, 0.2  # inches on a phone: from marks to the next, a line of a name, one of the key
_TOP, _BELOW = 0.25, 0.3  # of a step: above the first marks, and from marks to their note
_STYLES: tuple[dict[str, Any], ...] = (  # solid, solid, hollow, faint (3.3:1 on white): told apart without colour
    {"mfc": ACCENT, "mec": ACCENT},
    {"mfc": PALETTE[0], "mec": PALETTE[0]},
    {"mfc": "white", "mec": PALETTE[0]},
    {"mfc": "white", "mec": "#84909c"},
)


def people(
    table: pd.DataFrame,
    ax: Axes | None = None,
    *,
    x: str = "period",
    event: str = "incident_id",
    kind: str = "who",
    value: str = "count",
    periods: Mapping[str, str],
    kinds: Mapping[str, str],
    notes: Mapping[str, str] | None = None,
    named: Mapping[str, str] | None = None,
) -> Axes:
    """A line of marks a period, one mark a person, the marks of one event side by side; above 60 a line, bars.

    Parameters
    ----------
    table : DataFrame
        `x`, `event`, `kind`, `value`; events in the order in which they are drawn.
    periods : mapping of period -> text
        From top to bottom; a period without rows stays empty.
    kinds : mapping of kind -> text
        At most four, in the order in which an event's marks stand.
    notes : mapping of period -> text, optional
        At the right end of the line.
    named : mapping of event -> text, optional
        Events to name, above their marks.

    Examples
    --------
    >>> rows = pd.DataFrame({"period": ["Q3"] * 2, "incident_id": ["a", "b"], "who": ["dead"] * 2, "count": [1, 5]})
    >>> ax = people(rows, periods={"Q3": "Q3 2020"}, kinds={"dead": "Killed"}, named={"b": "28 Sept"})
    >>> [len(line.get_xdata()) for line in ax.lines], ax.texts[0].get_text()
    ([1, 5], '28 Sept')
    """
    order, lines, named, notes = list(kinds), list(periods), named or {}, notes or {}
    rows = table[table[x].isin(lines)]
    if rows[event].nunique() > _MOST_EVENTS:  # thinner than a line: all people of a period and kind together
        rows, named = rows.groupby([x, kind], sort=False, as_index=False)[value].sum().assign(**{event: ""}), {}
    groups = [(str(p), str(i), g) for (p, i), g in rows.groupby([x, event], sort=False)]
    ends: dict[str, float] = {}
    starts = []
    for period, _, group in groups:
        starts.append(ends.get(period, 0.0))
        ends[period] = starts[-1] + float(group[value].sum()) + _GAP
    longest = max([_LEAST, *ends.values()])
    used: dict[str, Any] = {}
    said: list[Annotation] = []
    with theme():
        ax = axes_of(ax, height=0.45 + _ROW * len(periods))
        for (period, ident, group), start in zip(groups, starts, strict=True):
            at, y = start, lines.index(period)
            for one in sorted(group.to_dict("records"), key=lambda r: order.index(r[kind])):
                drawn = _run(ax, at, y, int(one[value]), _STYLES[order.index(one[kind])], longest)
                used.setdefault(one[kind], drawn)
                at += int(one[value])
            if ident in named:
                _name(ax, start, y, named[ident], longest)
        for y, period in enumerate(periods):
            text = notes.get(period, "")
            said.append(
                ax.annotate(text, (1.0, y), xycoords=("axes fraction", "data"), ha="right", va="center", color=MUTED)
            )
        ax.set_yticks(range(len(periods)), list(periods.values()))
        ax.set(ylim=(len(periods) - 0.45, -0.75), xlim=(-1, longest * 1.4), xticks=[])
        ax.grid(visible=False)
        ax.spines[:].set_visible(False)
        shown = _worth_a_key(used, kinds)
        _key(ax, shown, len(shown))
        when_upright(ax, lambda undo: _narrow(ax, said, shown, undo))
    return ax


def _worth_a_key(used: Mapping[str, Any], kinds: Mapping[str, str]) -> dict[str, Any]:
    """Kinds that are drawn, by their text; none where only the first is, which needs no key."""
    return {text: used[k] for k, text in kinds.items() if k in used} if used.keys() - [*kinds][:1] else {}


def _key(ax: Axes, shown: Mapping[str, Any], columns: int) -> None:
    if shown:
        ax.legend(
            shown.values(), shown.keys(), loc="upper left", bbox_to_anchor=(0, 0), ncols=columns, borderaxespad=0,
            handletextpad=0.2, columnspacing=1.2, handlelength=1.2, fontsize=7.5, frameon=False,
        )  # fmt: skip


def _narrow(ax: Axes, said: Sequence[Annotation], shown: Mapping[str, Any], undo: Undo) -> float:
    """Smaller marks over the whole width, the notes below them, the key in lines; the inches that this takes."""

    def change(put: Callable[..., object], before: Any, now: Any) -> None:
        put(now)
        undo.append(partial(put, before))

    names = [t for t in list[Any](ax.texts) if t not in said]
    at = _lower(names, len(said))
    left, right = ax.get_xlim()
    change(ax.set_xlim, (left, right), (left, right / 1.4 + 1))
    change(partial(ax.set_yticks, labels=[t.get_text() for t in ax.get_yticklabels()]), ax.get_yticks(), at)
    change(ax.set_ylim, ax.get_ylim(), (max(at, default=0) + 0.55, -_TOP))
    for line in list[Any](ax.lines):
        y = line.get_ydata()
        change(line.set_ydata, y, [at[y[0]]] * len(y))
        change(line.set_markersize, line.get_markersize(), 0.72 * line.get_markersize())
    for bar in list[Any](ax.patches):
        change(bar.set_y, bar.get_y(), at[round(bar.get_y() + _BAR / 2)] - _BAR / 2)
    for name in names:
        change(partial(setattr, name, "xy"), name.xy, (name.xy[0], at[name.xy[1]]))
    for row, note in enumerate(said):
        change(note.set_position, note.get_position(), (0.0, at[row] + _BELOW))
        change(note.set_horizontalalignment, "right", "left")
    change(partial(_key, ax, shown), len(shown), 1)
    low, high = ax.get_ylim()
    return _STEP * (low - high) + _KEY * (len(shown) + 0.5)


def _lower(names: Sequence[Any], rows: int) -> list[float]:
    """Where lines of marks stand, each lower by the lines of its own names: where there is none there is no room."""
    lines = [0] * rows
    for name in names:
        lines[name.xy[1]] = max(lines[name.xy[1]], name.get_text().count("\n") + 1)
    return [row + _NAME / _STEP * above for row, above in enumerate(itertools.accumulate(lines))]


def _run(ax: Axes, at: float, y: int, count: int, style: Mapping[str, Any], longest: float) -> Any:
    """Marks of one kind, or one bar where so many would run together."""
    if longest > _MOST:
        return ax.barh(y, count, left=at, height=_BAR, fc=style["mfc"], ec=style["mec"], lw=0.7)
    size = min(8.0, 0.8 * 72 * 4.0 / longest)
    places = [at + i + 0.5 for i in range(count)]
    return ax.plot(places, [y] * count, "o", ms=size, mew=1.0, clip_on=False, **style)[0]


def _name(ax: Axes, at: float, y: int, text: str, longest: float) -> None:
    right = at > 0.75 * longest
    ax.annotate(
        textwrap.shorten(text, 84, placeholder=" …"), (at, y), (0, 6.5), textcoords="offset points",
        ha="right" if right else "left", va="bottom", fontsize=7.5, color=INK,
    )  # fmt: skip
