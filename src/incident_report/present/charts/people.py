"""One mark a person, by period and event."""

from __future__ import annotations

import textwrap
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import pandas as pd
from matplotlib.axes import Axes
from matplotlib.text import Annotation

from incident_report.present.charts.canvas import axes_of
from incident_report.present.theme import ACCENT, INK, MUTED, PALETTE, theme
from incident_report.present.upright import Undo, when_upright

_ROW = 0.36  # inches for a period
_LEAST = 30.0  # marks that a line holds at least, so that those of one event stand together
_MOST = 60  # marks that still can be told apart on a line; more become bars
_MOST_EVENTS = 400  # that are drawn apart
_GAP = 1.0  # of a mark, between two events
_BELOW, _NEAR = 0.3, 0.21  # of a line on a phone, from marks to their note; where lines are higher, to hold names
_STYLES: tuple[dict[str, Any], ...] = (  # solid, solid, hollow, faint: told apart without colour
    {"mfc": ACCENT, "mec": ACCENT},
    {"mfc": PALETTE[0], "mec": PALETTE[0]},
    {"mfc": "white", "mec": PALETTE[0]},
    {"mfc": "white", "mec": "#aab4be"},
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
        when_upright(
            ax, lambda undo: _narrow(ax, said, shown, _NEAR if named else _BELOW, undo), taller=2.3 if named else 1.5
        )
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


def _narrow(ax: Axes, said: Sequence[Annotation], shown: Mapping[str, Any], below: float, undo: Undo) -> None:
    """Smaller marks over the whole width, the notes below them, the key in lines."""
    width = ax.get_xlim()
    undo.append(partial(ax.set_xlim, *width))
    ax.set_xlim(width[0], width[1] / 1.4 + 1)
    for line in ax.lines:
        size = float(line.get_markersize())
        undo.append(partial(line.set_markersize, size))
        line.set_markersize(0.72 * size)
    for note in said:
        x, y = note.get_position()
        undo += [partial(note.set_position, (x, y)), partial(note.set_horizontalalignment, "right")]
        note.set_position((0.0, y + below))
        note.set_horizontalalignment("left")
    undo.append(partial(_key, ax, shown, len(shown)))
    _key(ax, shown, 1)


def _run(ax: Axes, at: float, y: int, count: int, style: Mapping[str, Any], longest: float) -> Any:
    """Marks of one kind, or one bar where so many would run together."""
    if longest > _MOST:
        return ax.barh(y, count, left=at, height=0.3, fc=style["mfc"], ec=style["mec"], lw=0.7)
    size = min(8.0, 0.8 * 72 * 4.0 / longest)
    places = [at + i + 0.5 for i in range(count)]
    return ax.plot(places, [y] * count, "o", ms=size, mew=1.0, clip_on=False, **style)[0]


def _name(ax: Axes, at: float, y: int, text: str, longest: float) -> None:
    right = at > 0.75 * longest
    ax.annotate(
        textwrap.shorten(text, 84, placeholder=" …"), (at, y), (0, 6.5), textcoords="offset points",
        ha="right" if right else "left", va="bottom", fontsize=7.5, color=INK,
    )  # fmt: skip
