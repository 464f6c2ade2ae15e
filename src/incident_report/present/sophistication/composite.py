"""The composite after its components, and what random weights do to its trend."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from incident_report.analysis.change import Verdict
from incident_report.analysis.edition import Edition
from incident_report.analysis.rubric import rubric, scored
from incident_report.analysis.shifts import Drift
from incident_report.analysis.sophistication import (
    component_trends,
    composite,
    composite_trend,
    filed,
)
from incident_report.periods import Quarter
from incident_report.present.change import VERDICT_LABELS
from incident_report.present.phrase import count, escape, interval, join, number, p_value, sentence
from incident_report.present.records import Record, Trace, show_prose
from incident_report.present.sophistication.common import (
    BASIS,
    before,
    chosen,
    each,
    line,
    names,
    nothing,
    part_of,
    shown,
    signed,
    span_of,
    verdict,
)
from incident_report.present.theme import MARKERS, MUTED, PALETTE, WIDTH, series_colours, show_figure, theme

_FUNCTION = "incident_report.analysis.sophistication"


def composite_figure(ed: Edition, series: str = "") -> Record:
    """Composite per quarter with its bootstrap interval, beside the means of its components."""
    if (empty := nothing(ed, "fig-composite", series)) is not None:
        return empty
    one, rules = chosen(ed, series), rubric(ed)
    assert rules is not None
    quarters = [str(q) for q in shown(ed)]
    table = composite(ed, one.id).set_index("quarter").loc[quarters].reset_index()
    if not table["known"].any():
        least = count(rules.minimum_known, "known dimension", "known dimensions")
        return show_prose("fig-composite", f"No attack has the {least} that a composite needs.")
    means = _means(ed, one.id, quarters)
    with theme():
        figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 2.0), gridspec_kw={"width_ratios": (1, 1.25)})
        _dots(left, table, series_colours(ed)[one.id])
        _lines(right, means, [rules.find(d).label for d in rules.composite], quarters)
        top = max([0.5, *(1.15 * v for v in table["high"].dropna()), *(1.1 * v for v in means.max().dropna())])
        for axis in (left, right):
            axis.set_ylim(0, min(1.0, math.ceil(top * 10) / 10))
            axis.locator_params(axis="y", nbins=4)
    data = table.merge(means.add_prefix("mean_").rename_axis("quarter").reset_index(), on="quarter")
    last = table.iloc[-1]
    what = names(rules.find(d).label for d in rules.composite)
    trend = composite_trend(ed, one.id)
    told = VERDICT_LABELS[trend.drift.verdict] if trend and not trend.coverage_all.changed else "trend cannot be read"
    return show_figure(
        figure,
        id="fig-composite",
        title=f"Composite of {one.noun}, 0 to 1: {told} over {len(filed(ed))} quarters"
        if len(filed(ed)) >= 3
        else f"Composite of {one.noun}, from 0 (lowest) to 1 (highest)",
        alt=_alt(table, means, one.noun, quarters),
        data=data,
        caption=f"Left: mean over documented attacks of the mean of {what}, each scaled from 0 (lowest level) to 1"
        " (highest), with 95% bootstrap interval; dashed where it rests on"
        " fewer than ten attacks. Right: the means that enter it.",
        source=f"{BASIS} {escape(one.label)}.",
        n=f"{part_of(int(last['known']), int(last['attacks']), one)} in {ed.quarter.label} with"
        f" {count(rules.minimum_known, 'dimension', 'dimensions')} known or more",
        trace=_traces(ed, one.id, table),
    )


def _means(ed: Edition, series: str, quarters: list[str]) -> pd.DataFrame:
    """Mean level of each composite dimension, 0 to 1; index quarters, one column a dimension label."""
    rules = rubric(ed)
    assert rules is not None
    table = scored(ed, series)
    made = {}
    for name in rules.composite:
        dimension = rules.find(name)
        made[dimension.label] = table.groupby("quarter")[name].mean().astype("Float64") / dimension.top
    return pd.DataFrame(made).reindex(quarters).astype(float)


def _dots(axis: Axes, table: pd.DataFrame, colour: str) -> None:
    for x, row in enumerate(each(table)):
        if row.known == 0:
            axis.text(x, 0.02, "none", ha="center", va="bottom", fontsize=7, color=MUTED)
            continue
        if not math.isnan(row.low):
            axis.plot([x, x], [row.low, row.high], color=colour, **line(row.known))
        axis.plot(x, row.mean, "o", color=colour)
        above = row.mean if math.isnan(row.high) else row.high
        axis.annotate(f"n = {row.known}", (x, above), (0, 4), textcoords="offset points", ha="center", fontsize=7)
    _quarters(axis, list(table["quarter"]))
    axis.set_ylabel("Composite, 0 to 1")


def _lines(axis: Axes, means: pd.DataFrame, labels: list[str], quarters: list[str]) -> None:
    ends = []
    for i, label in enumerate(labels):
        values = means[label].to_numpy(float)
        colour = PALETTE[i % len(PALETTE)]
        axis.plot(
            range(len(quarters)), values, marker=MARKERS[i % len(MARKERS)], color=colour, linewidth=1.2, clip_on=False
        )
        known = np.flatnonzero(~np.isnan(values))
        if known.size:
            ends.append((values[known[-1]], known[-1], label, colour))
    _quarters(axis, quarters)
    axis.set_ylabel("Mean level, 0 to 1")
    spread_labels(axis, ends, len(quarters) - 1)


def spread_labels(axis: Axes, ends: list[tuple[float, int, str, str]], last: int) -> None:
    """Direct labels at the right edge, pushed apart by at least a line's height."""
    axis.set_xlim(-0.4, last + 0.25)
    gap, floor = 0.075, -1.0
    for value, _, label, colour in sorted(ends):
        floor = max(value, floor + gap)
        axis.annotate(
            label, (last + 0.25, floor), (2, 0), xycoords="data", textcoords="offset points", va="center",
            fontsize=7.5, color=colour, annotation_clip=False,
        )  # fmt: skip


def _quarters(axis: Axes, quarters: list[str]) -> None:
    axis.set_xticks(range(len(quarters)), [f"{q[4:]}\n{q[:4]}" for q in quarters])
    axis.set_xlim(-0.5, max(len(quarters), 2) - 0.5)


def _alt(table: pd.DataFrame, means: pd.DataFrame, noun: str, quarters: list[str]) -> str:
    known = table[table["known"] > 0]
    values = join([f"{r.mean:.2f} in {r.quarter[4:]} {r.quarter[:4]} (n = {r.known})" for r in each(known)])
    now = means.loc[quarters[-1]].dropna()
    parts = join([f"{str(label).lower()} {v:.2f}" for label, v in now.items()])
    right = f" The right panel's lines end at {parts}." if parts else ""
    return f"Dots with intervals: the composite of documented {noun} is {values}, on a scale from 0 to 1.{right}"


def _traces(ed: Edition, series: str, table: pd.DataFrame) -> list[Trace]:
    rows = scored(ed, series)
    return [
        Trace(
            f"{_FUNCTION}.composite",
            {"series": series, "quarter": r.quarter},
            rows.loc[rows["quarter"] == r.quarter, "incident_id"].tolist(),
            "" if math.isnan(r.mean) else f"{r.mean:.2f}",
        )
        for r in each(table)
    ]


def composite_text(ed: Edition, series: str = "") -> Record:
    """The composite's level and trend, in words that the tests and the coverage allow."""
    record = "txt-soph-composite"
    if (empty := nothing(ed, record, series)) is not None:
        return empty
    one, rules, quarters = chosen(ed, series), rubric(ed), filed(ed)
    trend = composite_trend(ed, one.id)
    assert rules is not None and trend is not None
    table = composite(ed, one.id)
    now = table.iloc[-1]
    what = names(rules.find(d).label for d in rules.composite)
    if now["known"] == 0:
        least = count(rules.minimum_known, "dimension", "dimensions")
        text = f"No {escape(one.singular)} documented in {ed.quarter.label} has {least} known, so it has no composite."
        return show_prose(record, text)
    lines = [
        f"On equal weights the composite of {what} averages {number(now['mean'], 2)} in {ed.quarter.label}"
        f" on a scale from 0 to 1"
        + (f" ({interval(now['low'], now['high'], 2)})." if not math.isnan(now["low"]) else ".")
    ]
    move, drift = trend.shift, trend.drift
    if trend.coverage_pair.changed or trend.coverage_all.changed:
        lines.append("No trend is read from it, because documentation did not keep pace with the tallies.")
        return show_prose(record, sentence(lines), role="observation", trace=_traces(ed, one.id, table))
    if move is None:
        lines.append("There is no earlier quarter to compare it with." if len(quarters) < 2 else "")
    elif move.verdict is Verdict.TOO_FEW:
        lines.append(f"Against {before(ed)} there are too few to say ({move.n_now} and {move.n_before} attacks).")
    else:
        lines.append(
            f"Against {before(ed)} there is {verdict(move.verdict)} (difference {signed(move.difference)},"
            f" permutation test {p_value(move.p)}; {move.n_now} and {move.n_before} attacks)."
        )
    if len(quarters) >= 3:
        lines.append(_over(trend.drift, trend.complete_drift, quarters))
    if drift.verdict in (Verdict.RISE, Verdict.FALL):
        moved = [
            t.dimension.label
            for t in component_trends(ed, one.id)
            if t.dimension.id in rules.composite and t.drift.verdict is drift.verdict
        ]
        if moved:
            alone = len(moved) == 1
            lines.append(
                f"Of its components, {'only ' if alone else ''}{names(moved)} {'shows' if alone else 'show'} the same"
                " by test."
            )
        else:
            lines.append("None of its components shows the same by test.")
    return show_prose(record, sentence(lines), role="observation", trace=_traces(ed, one.id, table))


def _over(drift: Drift, complete: Drift, quarters: tuple[Quarter, ...]) -> str:
    over = f"Over the quarters {span_of(quarters)}"
    if drift.verdict is Verdict.TOO_FEW:
        return f"{over} there are too few known attacks in too few quarters to speak of a trend."
    if math.isnan(drift.tau):
        return f"{over} every attack has the same composite."
    text = f"{over} there is {verdict(drift.verdict)} (Kendall’s tau {signed(drift.tau)}, {p_value(drift.p)})"
    if complete.verdict is drift.verdict:
        return f"{text}; attacks with every dimension known show the same."
    if complete.verdict is Verdict.TOO_FEW:
        return f"{text}; too few attacks have every dimension known to check this on them alone."
    return f"{text}, but attacks with every dimension known show {verdict(complete.verdict)}."
