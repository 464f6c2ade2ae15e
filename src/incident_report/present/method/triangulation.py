"""Trackers that counted over shared days: a chart, a table and a paragraph on how far apart they are."""

from __future__ import annotations

import math
from collections.abc import Sequence

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.lines import Line2D

from incident_report.analysis.edition import Edition
from incident_report.analysis.rates import garwood
from incident_report.analysis.triangulation import Sighting, contradictions, left_out, shared_windows
from incident_report.present.change import short_day
from incident_report.present.phrase import count, escape, join, number, sentence, span
from incident_report.present.records import Column, Record, Trace, show_prose, show_table
from incident_report.present.theme import NEUTRAL, WIDTH, series_colours, show_figure, theme

_SHARED = "incident_report.analysis.triangulation.shared_windows"
_NONE = "No two trackers counted the same kind of attack over shared days, so their counts cannot be set side by side."


def _name(ed: Edition, tracker: str) -> str:
    return str(ed.campaign.trackers.get(tracker, tracker))


def _label(ed: Edition, series: str) -> str:
    return next((s.label for s in ed.series if s.id == series), series.replace("_", " ").capitalize())


def _dates(s: Sighting) -> str:
    years = s.window.start.year != s.window.end.year
    start = short_day(s.window.start) + (f" {s.window.start.year}" if years else "")
    return f"{start} – {short_day(s.window.end)} {s.window.end.year}"


def _count(s: Sighting) -> str:
    return {"at_least": "at least ", "about": "about "}.get(s.bound, "") + number(s.count)


def _traces(groups: dict[str, list[Sighting]]) -> list[Trace]:
    return [
        Trace(_SHARED, {"series": f, "tally": s.tally_id}, (s.tally_id, *s.rows), f"{s.count} against {s.documented}")
        for f, group in groups.items()
        for s in group
    ]


def triangulation_figure(ed: Edition) -> Record | None:
    """Every tracker's count with interval beside what is documented over the same days."""
    groups = shared_windows(ed)
    if not groups:
        return None  # the text says so
    colours = series_colours(ed)
    sizes = [len(g) for g in groups.values()]
    with theme():
        figure, grid = plt.subplots(
            len(groups),
            1,
            figsize=(WIDTH, 0.7 + 0.18 * sum(sizes) + 0.4 * len(groups)),
            squeeze=False,
            height_ratios=[n + 0.6 for n in sizes],
        )
        for axes, (series, group) in zip(grid.flat, groups.items(), strict=True):
            _panel(axes, ed, group, colours.get(series, NEUTRAL))
            axes.set_title(_label(ed, series))
        handles = [
            Line2D([], [], ls="-", marker="o", color=NEUTRAL, mfc=face, mec=NEUTRAL, ms=5.5, label=text)
            for face, text in (("white", "Published count"), (NEUTRAL, "Documented in the same days"))
        ]
        figure.legend(handles=handles, loc="outside upper left", ncols=2)
    every = [s for g in groups.values() for s in g]
    return show_figure(
        figure,
        id="fig-triangulation",
        title=sentence(
            [
                f"{count(len(every), 'published count', 'published counts')} over shared days, each beside what is"
                " documented in exactly its window"
            ]
        ),
        alt="Dot-and-interval chart of published counts by tracker and window, each beside the documented count. "
        + " ".join(_alt(ed, f, g) for f, g in groups.items()),
        caption="Windows are shared where two trackers' windows have at least half of the shorter one's days in common."
        " Lines are exact 95% intervals; an arrow marks a count published as *at least*.",
        source=f"Published counts [{'; '.join('@' + s for s in sorted({s.source for s in every}))}]; documented"
        " incidents of this edition.",
        n=sentence([_left_out(ed)]),
        data=_frame(groups),
        trace=_traces(groups),
    )


def _panel(axes: Axes, ed: Edition, group: Sequence[Sighting], colour: str) -> None:
    for i, s in enumerate(group):
        low, high = s.limits
        shown_high = garwood(s.count)[1]
        y = -i + 0.15
        axes.plot([low, shown_high], [y, y], color=colour, lw=1.4, zorder=2)
        if math.isinf(high):
            axes.plot([shown_high], [y], marker=">", ms=4.5, color=colour, zorder=3)
        axes.plot([s.count], [y], "o", ms=5.5, mfc="white", mec=colour, mew=1.3, zorder=4)
        if s.documented is not None:
            low, high = garwood(s.documented)
            axes.plot([low, high], [-i - 0.17] * 2, color=colour, lw=1.4, alpha=0.55, zorder=2)
            axes.plot([s.documented], [-i - 0.17], "o", ms=5, color=colour, zorder=4, clip_on=False)
        ours = "unknown" if s.documented is None else number(s.documented)
        axes.annotate(
            f"{_count(s)} v {ours}",
            (1.01, -i),
            xycoords=("axes fraction", "data"),
            va="center",
            fontsize=7.5,
            annotation_clip=False,
        )
    axes.set_yticks([-i for i in range(len(group))], [f"{_name(ed, s.tracker)}, {_dates(s)}" for s in group])
    axes.set_ylim(-len(group) + 0.4, 0.6)
    axes.set_xlim(left=0)
    axes.grid(visible=True, axis="x")
    axes.grid(visible=False, axis="y")


def _alt(ed: Edition, series: str, group: Sequence[Sighting]) -> str:
    """The largest count, and the one furthest from what is documented in its days."""
    largest = max(group, key=lambda s: (s.count, s.tally_id))
    counted = [s for s in group if s.documented is not None]
    text = f"{_label(ed, series)}: {count(len(group), 'count', 'counts')}, the largest {_said(ed, largest)}"
    if counted:
        apart = max(counted, key=lambda s: (abs(s.count - (s.documented or 0)), s.tally_id))
        text += f"; furthest apart {_said(ed, apart)}" if apart is not largest else ", which is also the furthest apart"
    return f"{text}."


def _said(ed: Edition, s: Sighting) -> str:
    ours = "an unknown number" if s.documented is None else number(s.documented)
    return f"{_name(ed, s.tracker)}'s {_count(s)} against {ours} documented ({_dates(s)})"


def _frame(groups: dict[str, list[Sighting]]) -> pd.DataFrame:
    return pd.DataFrame(
        [
            {
                "series": f,
                "tally_id": s.tally_id,
                "tracker": s.tracker,
                "start": s.window.start.isoformat(),
                "end": s.window.end.isoformat(),
                "count": s.count,
                "bound": s.bound,
                "low": s.limits[0],
                "high": s.limits[1],
                "documented": s.documented,
                "scope": s.scope,
                "source": s.source,
            }
            for f, group in groups.items()
            for s in group
        ]
    )


def _left_out(ed: Edition) -> str:
    out = left_out(ed)
    parts = [
        (out["alone"], "with no other tracker over the same days"),
        (out["other_unit"], "of munitions or devices, which are not attacks"),
        (out["later"], "whose window runs past this edition"),
    ]
    kept = [f"{count(n, 'count', 'counts')} {why}" for n, why in parts if n]
    return f"left out: {join(kept)}." if kept else ""


def triangulation_table(ed: Edition) -> Record | None:
    """The same counts as a table, with what each tracker says it counted."""
    groups = shared_windows(ed)
    if not groups:
        return None  # the text says so
    rows = [
        {
            "series": _label(ed, f) if i == 0 else "",
            "tracker": f"{escape(_name(ed, s.tracker))} [@{s.source}]",
            "window": _dates(s),
            "count": _count(s),
            "documented": "unknown" if s.documented is None else number(s.documented),
            "scope": s.scope,
        }
        for f, group in groups.items()
        for i, s in enumerate(group)
    ]
    return show_table(
        pd.DataFrame(rows),
        id="tab-triangulation",
        web_only=True,
        title="What each tracker counted, beside the incidents documented in exactly its window",
        columns={
            "series": Column("Series", width=0.13),
            "tracker": Column("Tracker", width=0.17),
            "window": Column("Window", width=0.2),
            "count": Column("Count", "right", 0.08),
            "documented": Column("Documented", "right", 0.11),
            "scope": Column("Scope, as the tracker says", width=0.31),
        },
        caption="*At least* and *about* are as published. Trackers count overlapping sets of attacks, so their"
        " counts must not be added.",
        source="Sources as cited in the table.",
        n=sentence([_left_out(ed)]),
        markdown=("tracker",),
        csv=_frame(groups),
        trace=_traces(groups),
    )


def triangulation_text(ed: Edition) -> Record:
    """How far apart the trackers are, measured by one ruler, and why that may be."""
    groups = shared_windows(ed)
    if not groups:
        return show_prose("txt-triangulation", _NONE, role="observation")
    paragraphs = [_distance(ed, f, group) for f, group in groups.items()]
    every = [s for g in groups.values() for s in g]
    scopes = {f: len({s.scope for s in g}) for f, g in groups.items()}
    bounds = sum(s.bound == "at_least" for s in every)
    rough = sum(s.bound == "about" for s in every)
    reasons = [
        "they state different scopes" if max(scopes.values()) > 1 else "",
        f"{count(bounds, 'count is a lower bound', 'counts are lower bounds')}" if bounds else "",
        f"{count(rough, 'count is rounded', 'counts are rounded')}" if rough else "",
        "their windows are shared only in part" if any(len({s.window for s in g}) > 1 for g in groups.values()) else "",
    ]
    kept = [r for r in reasons if r]
    clashes = [pair for g in groups.values() for pair in contradictions(g)]
    if kept:
        paragraphs.append(f"Reasons on record why the trackers differ: {join(kept)}.")
    if clashes:
        inner, outer = clashes[0]
        pairs = count(len(clashes), "pair of counts contradicts itself", "pairs of counts contradict each other")
        paragraphs.append(
            f"{pairs.capitalize()} outright: {escape(_name(ed, inner.tracker))} has {number(inner.count)} for"
            f" {span(inner.window.start, inner.window.end)},"
            f" which {escape(_name(ed, outer.tracker))}'s {number(outer.count)} for"
            f" {span(outer.window.start, outer.window.end)} should contain."
        )
    else:
        paragraphs.append("No tracker counts more in a part of a window than another counts in the whole of it.")
    return show_prose("txt-triangulation", *paragraphs, trace=_traces(groups), role="observation")


def _distance(ed: Edition, series: str, group: Sequence[Sighting]) -> str:
    label = escape(_label(ed, series))
    trackers = join(sorted({escape(_name(ed, s.tracker)) for s in group}))
    head = f"**{label}.** {count(len(group), 'count', 'counts').capitalize()} by {trackers} share days."
    known = [s for s in group if not math.isnan(s.ratio)]
    if len(known) < 2:
        return f"{head} Too few of them can be set beside documented incidents to say how far apart they are."
    low, high = min(known, key=lambda s: (s.ratio, s.tally_id)), max(known, key=lambda s: (s.ratio, s.tally_id))
    if high.ratio - low.ratio < 0.05:
        return (
            f"{head} Against the incidents documented in each one's own days, all stand at about"
            f" {number(low.ratio, 1)} tallied for each documented."
        )
    return (
        f"{head} Against the incidents documented in each one's own days, they run from {_ratio(ed, low)} to"
        f" {_ratio(ed, high)}."
    )


def _ratio(ed: Edition, s: Sighting) -> str:
    bound = {"at_least": "at least ", "about": "about "}.get(s.bound, "")
    return (
        f"{number(s.ratio, 1)} tallied for each documented ({escape(_name(ed, s.tracker))},"
        f" {span(s.window.start, s.window.end)}:"
        f" {bound}{number(s.count)} against {number(s.documented or 0)})"
    )
