"""The chart of options by series: covered share, interval, and what the fields leave open."""

from __future__ import annotations

from collections.abc import Sequence

from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from incident_report.analysis.edition import Edition
from incident_report.analysis.reach import Reach, Share, reaches, table
from incident_report.present.options.common import FEWEST, covered, reach_trace, weighted_base, wrapped
from incident_report.present.options.reach import reach_source
from incident_report.present.phrase import count, escape, join
from incident_report.present.records import Record
from incident_report.present.theme import GRID, INK, MUTED, WIDTH, series_colours, show_figure, theme

PANELS = 4  # series panels that fit beside the one for all attacks


def reach_figure(ed: Edition) -> Record | None:
    """Options by series: covered share with its interval, one panel a series; None below ten attacks."""
    found = reaches(ed)
    if not found or found[0].total.n < FEWEST:
        return None
    order = [s for s in found[0].by_series if s.n >= FEWEST]
    shown = sorted(order, key=lambda s: -s.n)[:PANELS]
    panels = ["all", *(s.series for s in order if s in shown)]
    weighted = found[0].weighted is not None and weighted_base(ed, found[0].weighted) >= FEWEST
    columns = len(panels) + weighted
    colours = series_colours(ed)
    labels = [wrapped(r.option.label, 27) for r in found]
    with theme():
        figure, axes = plt.subplots(1, columns, sharey=True, squeeze=False, figsize=(WIDTH, 0.7 + 0.31 * len(found)))
        for ax, name in zip(axes[0], panels, strict=False):
            shares = [next(s for s in (r.total, *r.by_series) if s.series == _id(ed, name)) for r in found]
            series = ed.find_series(_id(ed, name))
            _panel(ax, f"{wrapped(series.label, 15)}\n{shares[0].n} documented", [_cell(s) for s in shares],
                   colours[series.id], hollow=False)  # fmt: skip
        if weighted:
            cells = [(w.share, w.low, w.high, w.most) for r in found if (w := r.weighted)]
            head = f"Tallied series,\nweighted to\n{_tallied(found[0])} tallied"
            _panel(axes[0][-1], head, cells, INK, hollow=True)
        axes[0][0].set_yticks(range(len(found)), labels)
        axes[0][0].set_ylim(len(found) - 0.45, -0.6)
    left_out = [ed.find_series(s.series).label for s in found[0].by_series if s.series not in panels and s.n]
    notes = [
        "Dots are the share of attacks that the option's filter covers, lines 95% intervals; no line where the"
        " definition of the series alone decides.",
        "A pale bar runs to what the share would be if every attack for which the fields do not tell were covered."
        if any(r.total.unknown for r in found)
        else "",
        "Filled dots are documented attacks; hollow ones are weighted to published tallies, with bounds that hold at"
        " 95% or more." if weighted else "Filled dots are documented attacks.",
        f"Too few attacks, or no room, for a panel: {escape(join(left_out))}; see @tab-reach."
        if left_out
        else "",
    ]  # fmt: skip
    return show_figure(
        figure,
        id="fig-reach",
        title=_title(found),
        alt=_alt(ed, found),
        data=table(ed),
        caption=" ".join(n for n in notes if n),
        n=f"n = {found[0].total.n} documented attacks, {ed.quarter.label}.",
        source=reach_source(ed, found),
        trace=reach_trace(ed, found),
    )


def _id(ed: Edition, name: str) -> str:
    return ed.campaign.all_series.id if name == "all" else name


def _cell(share: Share) -> tuple[float | None, float, float, float | None]:
    return share.share, share.low, share.high, share.most


def _tallied(reach: Reach) -> int:
    return sum(t.count for t in reach.weighted.tallies) if reach.weighted else 0


def _panel(
    ax: Axes, title: str, cells: Sequence[tuple[float | None, float, float, float | None]], colour: str, *, hollow: bool
) -> None:
    for row, (share, low, high, most) in enumerate(cells):
        if share is not None and most is not None and most > share:
            ax.barh(row, most - share, left=share, height=0.5, color=GRID, edgecolor="none", zorder=1)
        if high > low:
            ax.plot([low, high], [row, row], color=colour, linewidth=1.4, solid_capstyle="butt", zorder=2)
        if share is None:
            continue
        ax.plot(share, row, marker="o", markersize=5, color=colour, zorder=3, clip_on=False,
                markerfacecolor="white" if hollow else colour, markeredgewidth=1.2)  # fmt: skip
        side = "right" if share > 0.85 else "left" if share < 0.08 else "center"
        ax.annotate(f"{100 * share:.0f}", (share, row), (-3 if side == "right" else 0, 5.5), ha=side, va="bottom",
                    textcoords="offset points", fontsize=7, color=INK)  # fmt: skip
    ax.set_title(title, fontsize=7.5, fontweight="normal", color=colour, loc="left")
    ax.set_xlim(-0.04, 1.04)
    ax.set_xticks([0, 0.5, 1], ["0", "50", "100%"], color=MUTED)
    ax.grid(axis="x")
    ax.grid(axis="y", visible=False)
    ax.spines["left"].set_visible(False)


def _title(found: Sequence[Reach]) -> str:
    wide = [r for r in found if (r.total.share or 0) > 0.5]
    total = count(len(found), "option", "options")
    if len(found) == 1:
        return f"{found[0].option.label}: could touch {covered(found[0].total)} documented attacks"
    if not wide:
        return f"None of {total} is known to reach more than half of the documented attacks"
    verb = "reaches" if len(wide) == 1 else "reach"
    few = count(len(wide), "", "").strip().capitalize()
    return f"{few} of {total} {verb} more than half of the documented attacks"


def _alt(ed: Edition, found: Sequence[Reach]) -> str:
    ranked = sorted(found, key=lambda r: (-(r.total.share or 0), r.option.id))
    top, low = ranked[0], ranked[-1]
    text = (
        f"Dot chart of {count(len(found), 'option', 'options')} against the share of documented attacks of"
        f" {ed.quarter.label} that each could touch. {top.option.label} stands highest with"
        f" {covered(top.total)} attacks"
    )
    if len(found) == 1:
        text = f"Dot chart of one option, {top.option.label}: it could touch {covered(top.total)} documented attacks"
    else:
        text += f" and {low.option.label} lowest with {covered(low.total)}"
    open_ = [r for r in found if r.total.unknown]
    more = (
        f" For {count(len(open_), 'option', 'options')} a pale bar shows attacks for which the fields do not tell."
        if open_
        else ""
    )
    return f"{text}.{more}"
