"""Fan charts: past counts, and ranges for the next quarter."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D
from matplotlib.patches import Patch
from matplotlib.ticker import MaxNLocator

from incident_report.analysis.backtest import cases
from incident_report.analysis.counts import DOCUMENTED, TALLY, Count
from incident_report.analysis.coverage import coverages
from incident_report.analysis.edition import Edition
from incident_report.analysis.outlook import ALTERNATIVE, MAIN, Outlook, outlooks, quarters_apart
from incident_report.analysis.predictive import AVERAGED, LEVELS
from incident_report.periods import Quarter
from incident_report.present.change import basis_name, short_day, tally_name
from incident_report.present.outlook.common import nothing, source, trace
from incident_report.present.phrase import join, number, sentence
from incident_report.present.records import Record
from incident_report.present.theme import INK, MUTED, NEUTRAL, WIDTH, series_colours, show_figure, theme

_SHADES = {95: 0.14, 80: 0.26, 50: 0.42}
_MOST = 8  # past quarters drawn


def ranges_figure(ed: Edition, half_life: float = AVERAGED) -> Record:
    """Documented incidents: past quarters and the ranges for the next."""
    return _figure(ed, DOCUMENTED, "fig-outlook", half_life) or nothing(ed, DOCUMENTED, "txt-outlook-none")


def tally_figure(ed: Edition, half_life: float = AVERAGED) -> Record:
    """Headline tallies: past quarters and the ranges for the next."""
    return _figure(ed, TALLY, "fig-outlook-tallies", half_life) or nothing(ed, TALLY, "txt-outlook-tallies-none")


def _figure(ed: Edition, basis: str, id: str, half_life: float) -> Record | None:
    made = outlooks(ed, basis, half_life)
    if not made:
        return None
    colours = series_colours(ed)
    rows = math.ceil(len(made) / 2)
    with theme():
        figure, grid = plt.subplots(rows, 2 if len(made) > 1 else 1, figsize=(WIDTH, 0.45 + 1.65 * rows), squeeze=False)
        for axes, one in zip(grid.flat, made, strict=False):
            _panel(axes, ed, one, colours[one.series], half_life)
        for axes in list(grid.flat)[len(made) :]:
            axes.set_visible(False)
        _legend(figure, basis, any(len(o.past) > 1 for o in made))
    return show_figure(
        figure,
        id=id,
        web_only=basis == DOCUMENTED and bool(outlooks(ed, TALLY, half_life)),  # the table has both
        title=_title(ed, basis, made),
        alt=_alt(ed, basis, made),
        caption=f"Shaded: 50%, 80% and 95% ranges for the whole of {made[0].quarter.label} from the gamma-Poisson"
        " model; the line in the fan is the middle of the prediction. Beside it the 95% range and the middle from the"
        " negative binomial model. Thin grey lines: the 95% range that the gamma-Poisson model would have given for"
        " each past quarter from those before it. Scales differ between panels.",
        source=source(ed, basis),
        data=_data(made, half_life),
        trace=[trace(o) for o in made],
    )


def _panel(axes: Axes, ed: Edition, one: Outlook, colour: str, half_life: float) -> None:
    first = max(0, len(one.past) - _MOST)
    origin = Quarter.parse(one.past[first].period)
    place = {c.period: quarters_apart(origin, Quarter.parse(c.period)) for c in one.past[first:]}
    last, end = place[one.now.period], quarters_apart(origin, one.quarter)
    highest = [1, one.range(95)[1], one.range(95, ALTERNATIVE)[1], *(c.count or 0 for c in one.past[first:])]
    for case in cases(one.past, half_life):
        if case.model == MAIN and case.observed.period in place:
            low, high = case.range(95)
            highest.append(high)
            x = place[case.observed.period]
            axes.plot([x, x], [low, high], color=MUTED, lw=0.9, alpha=0.8, zorder=1)
    now = float(one.now.count or 0)
    for level in sorted(LEVELS, reverse=True):
        low, high = one.range(level)
        axes.fill([last, end, end], [now, low, high], color=colour, alpha=_SHADES[level], lw=0, zorder=2)
    axes.plot([last, end], [now, one.median()], color=colour, lw=1.0, zorder=3)
    top = max(highest)
    for counted in one.past[first:]:
        _dot(axes, place[counted.period], counted, colour, top)
    for x in sorted(set(range(end)) - set(place.values())):
        axes.annotate("unknown", (x, 0), (0, 3), textcoords="offset points", ha="center", fontsize=7, color=MUTED)
    _numbers(axes, end, one, colour, top)
    aside = end + 0.95
    low, high = one.range(95, ALTERNATIVE)
    axes.plot([aside, aside], [low, high], color=NEUTRAL, lw=1.4, zorder=3)
    axes.plot([aside], [one.median(ALTERNATIVE)], marker="D", ms=4, color=NEUTRAL, zorder=4, ls="none", clip_on=False)
    axes.annotate(
        number(high), (aside, high), (0, 2.5), textcoords="offset points", ha="center", fontsize=7, color=NEUTRAL
    )
    axes.set_title(ed.find_series(one.series).label)
    axes.set_ylim(0, 1.14 * top)
    axes.set_xlim(-0.6, end + 1.35)
    axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
    axes.yaxis.set_major_formatter(lambda value, _: number(value))
    step = math.ceil((end + 1) / 6)
    ticks = [i for i in range(end + 1) if (end - i) % step == 0]
    labels = {place[c.period]: c for c in one.past[first:]}
    axes.set_xticks(ticks, [_tick(origin.shift(i), labels.get(i)) for i in ticks])


def _tick(quarter: Quarter, counted: Count | None) -> str:
    text = f"Q{quarter.number}\n{quarter.year}"
    if counted is not None and counted.partial and counted.window:
        text += f"\nto {short_day(counted.window.end)}"
    return text


def _dot(axes: Axes, x: int, counted: Count, colour: str, top: float) -> None:
    hollow = counted.basis == TALLY
    value = float(counted.count or 0)
    axes.plot(
        [x], [value], marker="o", ms=5.5, mfc="white" if hollow else colour, mec=colour, mew=1.3, ls="none", zorder=5,
        clip_on=False,
    )  # fmt: skip
    up = 0 if value > 0.04 * top else 4  # clear of the axis
    axes.annotate(
        number(value), (x, value), (-5, up), textcoords="offset points", ha="right", va="center", fontsize=7.5,
        color=INK, zorder=6,
    )  # fmt: skip


def _numbers(axes: Axes, x: int, one: Outlook, colour: str, top: float) -> None:
    """Ends of the 95% range and the middle, beside the fan; those that would collide are left to the table."""
    low, high = one.range(95)
    ticks = {high: "bottom", one.median(): "center", low: "top"}
    drawn: list[int] = []
    for value in (one.median(), high, low):
        if all(abs(value - d) > 0.11 * top for d in drawn):
            drawn.append(value)
            axes.annotate(
                number(value), (x, value), (3, 0), textcoords="offset points", ha="left", fontsize=7.5, color=colour,
                va="center" if value else "bottom", fontweight="bold" if ticks[value] == "center" else "normal",
            )  # fmt: skip


def _legend(figure: plt.Figure, basis: str, past: bool) -> None:
    face = "white" if basis == TALLY else NEUTRAL
    name = "published tally" if basis == TALLY else "documented incidents"
    handles = [
        Line2D([], [], marker="o", ls="none", mfc=face, mec=NEUTRAL, ms=5.5, label=sentence([name])),
        *(Patch(color=NEUTRAL, alpha=_SHADES[level], lw=0, label=f"{level}% range") for level in LEVELS),
        Line2D([], [], marker="D", color=NEUTRAL, ms=4, lw=1.4, label="Alternative, 95%"),
    ]
    if past:
        handles.append(Line2D([], [], color=MUTED, lw=0.9, alpha=0.8, label="Past prediction, 95%"))
    figure.legend(
        handles=handles, loc="outside upper left", ncols=6, handlelength=1.1, columnspacing=1.0, handletextpad=0.5,
        fontsize=7.2, borderaxespad=0,
    )  # fmt: skip


def _title(ed: Edition, basis: str, made: Sequence[Outlook]) -> str:
    thin = {c.series for c in coverages(ed) if c.level == "thin"} if basis == DOCUMENTED else set()
    own = [o for o in made if o.series not in (ed.campaign.all_series.id, *thin)] or list(made)
    parts = [f"{_span(*o.range(80))} {ed.find_series(o.series).noun}" for o in own[:2]]
    name = "documented" if basis == DOCUMENTED else f"in {tally_name(ed)}"
    return f"80% range for {made[0].quarter.label}: {join(parts)} {name}"


def _span(low: int, high: int) -> str:
    if low == high:
        return number(low) if low else "no"
    return f"{number(low)} to {number(high)}"


def _alt(ed: Edition, basis: str, made: Sequence[Outlook]) -> str:
    clauses = []
    for o in made:
        label = ed.find_series(o.series).label
        low, high = o.range(95)
        counts = [c.count or 0 for c in o.past]
        top = o.past[counts.index(max(counts))]
        clauses.append(
            f"{label}: highest so far {number(max(counts))} ({top.label}), last {number(counts[-1])};"
            f" middle of the prediction {number(o.median())}, 95% range {number(low)} to {number(high)}"
        )
    head = f"Fan charts of {basis_name(ed, basis)} by quarter with ranges for {made[0].quarter.label}."
    return f"{head} {'. '.join(clauses)}."


def _data(made: Sequence[Outlook], half_life: float) -> pd.DataFrame:
    rows = []
    for o in made:
        past = {(c.observed.period, c.model): c for c in cases(o.past, half_life)}
        for model in (MAIN, ALTERNATIVE):
            head: dict[str, str | int | None] = {"series": o.series, "basis": o.basis, "model": model}
            for c in o.past:
                case = past.get((c.period, model))
                limits = _limits({level: case.range(level) for level in LEVELS} if case else {})
                known = {"quarter": c.period, "days": c.days, "count": c.count, "median": None}
                rows.append({**head, **known, **limits})
            limits = _limits({level: o.range(level, model) for level in LEVELS})
            new = {"quarter": str(o.quarter), "days": o.days, "count": None, "median": o.median(model)}
            rows.append({**head, **new, **limits})
    return pd.DataFrame(rows).astype({"count": "Int64", "median": "Int64"})


def _limits(ranges: Mapping[int, tuple[int, int]]) -> dict[str, int | None]:
    pairs = {level: ranges.get(level, (None, None)) for level in LEVELS}
    return {f"{side}_{level}": pair[i] for level, pair in pairs.items() for i, side in enumerate(("low", "high"))}
