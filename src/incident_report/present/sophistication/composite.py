"""The composite after its components, and what random weights do to its trend."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from incident_report.analysis.change import Verdict
from incident_report.analysis.comparability import Coverage
from incident_report.analysis.edition import Edition
from incident_report.analysis.rubric import rubric, scored
from incident_report.analysis.sophistication import (
    WEIGHTINGS,
    Weightings,
    component_trends,
    composite,
    composite_trend,
    filed,
    weightings,
)
from incident_report.present.phrase import count, escape, interval, join, number, p_value, sentence
from incident_report.present.records import Record, Trace, show_prose
from incident_report.present.sophistication.common import (
    BASIS,
    attacks,
    chosen,
    line,
    names,
    nothing,
    shown,
    signed,
    span_of,
    verdict,
)
from incident_report.present.theme import INK, MARKERS, MUTED, PALETTE, WIDTH, series_colours, show_figure, theme

_FUNCTION = "incident_report.analysis.sophistication"
STABLE = 0.95  # share of weightings with one sign from which the trend does not hang on the weights


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
        figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 2.6), gridspec_kw={"width_ratios": (1, 1.25)})
        _dots(left, table, series_colours(ed)[one.id])
        _lines(right, means, [rules.find(d).label for d in rules.composite], quarters)
        top = max([0.5, *(1.15 * v for v in table["high"].dropna()), *(1.1 * v for v in means.max().dropna())])
        for axis in (left, right):
            axis.set_ylim(0, min(1.0, math.ceil(top * 10) / 10))
    data = table.merge(means.add_prefix("mean_").rename_axis("quarter").reset_index(), on="quarter")
    last = table.iloc[-1]
    trend = composite_trend(ed, one.id)
    told = trend.drift.verdict.value if trend and trend.coverage_all is not Coverage.CHANGED else "trend cannot be read"
    return show_figure(
        figure,
        id="fig-composite",
        title=f"Composite of {one.noun}, 0 to 1: {told} over {len(filed(ed))} quarters"
        if len(filed(ed)) >= 3
        else f"Composite of {one.noun}, from 0 (lowest) to 1 (highest)",
        alt=_alt(table, means, one.noun, quarters),
        data=data,
        caption=f"Left: mean over documented attacks of the mean of {names(rules.find(d).label for d in rules.composite)},"
        " each scaled from 0 (lowest level) to 1 (highest), with 95% bootstrap interval; dashed where it rests on"
        " fewer than ten attacks. Right: the means that enter it.",
        source=f"{BASIS} {escape(one.label)}.",
        n=f"{int(last['known'])} of {attacks(int(last['attacks']), one)} in {ed.quarter.label} have"
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
    for x, row in enumerate(table.itertuples()):
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
    values = join([f"{r.mean:.2f} in {r.quarter[4:]} {r.quarter[:4]} (n = {r.known})" for r in known.itertuples()])
    now = means.loc[quarters[-1]].dropna()
    parts = join([f"{label.lower()} {v:.2f}" for label, v in now.items()])
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
        for r in table.itertuples()
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
    if Coverage.CHANGED in (trend.coverage_pair, trend.coverage_all):
        lines.append("No trend is read from it, because documentation did not keep pace with the tallies.")
        return show_prose(record, sentence(lines), role="observation", trace=_traces(ed, one.id, table))
    if move is None:
        lines.append("There is no earlier quarter to compare it with." if len(quarters) < 2 else "")
    elif move.verdict is Verdict.TOO_FEW:
        lines.append(
            f"Against {ed.baseline.label} there are too few to say ({move.n_now} and {move.n_before} attacks)."
        )
    else:
        lines.append(
            f"Against {ed.baseline.label} there is {verdict(move.verdict)} (difference {signed(move.difference)},"
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


def _over(drift, complete, quarters) -> str:
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


def weightings_figure(ed: Edition, series: str = "") -> Record:
    """Histograms of the difference and the slope over random weightings."""
    if (empty := nothing(ed, "fig-weightings", series)) is not None:
        return empty
    one = chosen(ed, series)
    made = weightings(ed, one.id)
    assert made is not None
    panels = []
    if made.differences.size:
        panels.append((f"{ed.quarter.label} less {ed.baseline.label}", made.differences))
    if made.slopes.size:
        panels.append((f"Change per quarter, {filed(ed)[0].label} to {ed.quarter.label}", made.slopes))
    if not panels:
        return show_prose("fig-weightings", "There are too few quarters with known attacks to weigh a trend.")
    with theme():
        figure, axes = plt.subplots(1, len(panels), figsize=(WIDTH if len(panels) > 1 else 4, 2.3), squeeze=False)
        for axis, (label, values) in zip(axes.flat, panels, strict=True):
            _histogram(axis, label, values)
        axes.flat[0].set_ylabel("Weightings")
    data = pd.DataFrame({"weighting": np.arange(1, WEIGHTINGS + 1)})
    for name, values in (("difference", made.differences), ("slope", made.slopes)):
        if values.size:
            data[name] = values
    signs = join([f"{_signs(values)} for “{label}”" for label, values in panels])
    return show_figure(
        figure,
        id="fig-weightings",
        title=f"The composite's trend under {number(WEIGHTINGS)} random weightings: {_headline(panels)}",
        alt=f"{'Histograms' if len(panels) > 1 else 'Histogram'} of the composite's change under {number(WEIGHTINGS)}"
        f" random weightings, with a line at zero: {signs}.",
        data=data,
        caption="Weights are drawn evenly from all possible ones (flat Dirichlet). Bars show how many give each change; the"
        " sign alone does not make a change clear.",
        source=f"{BASIS} {escape(one.label)}.",
        n=attacks(made.n, one),
        trace=_weight_traces(made, one.id),
    )


def _signs(values: np.ndarray) -> str:
    return f"{number(int((values > 0).sum()))} above and {number(int((values < 0).sum()))} below zero"


def _headline(panels: list[tuple[str, np.ndarray]]) -> str:
    kinds = {_kind(values) for _, values in panels}
    if kinds == {"stable"}:
        return "its sign hardly depends on them"
    return "its sign depends on them" if kinds == {"open"} else "its sign depends on them in part"


def _kind(values: np.ndarray) -> str:
    return "stable" if max((values > 0).mean(), (values < 0).mean(), (values == 0).mean()) >= STABLE else "open"


def _histogram(axis: Axes, label: str, values: np.ndarray) -> None:
    reach = max(float(np.abs(values).max()), 0.01) * 1.1
    edges = np.linspace(-reach, reach, 41)  # zero is an edge, so no bar straddles it
    for side, colour, hatch in ((values < 0, PALETTE[1], "///"), (values > 0, PALETTE[0], "")):
        axis.hist(values[side], edges, color=colour, hatch=hatch, edgecolor="white", linewidth=0.3)
    if (same := int((values == 0).sum())) > 0:
        axis.bar(0, same, edges[1] - edges[0], color=MUTED)
    axis.axvline(0, color=INK, linewidth=0.9)
    axis.set_xlabel(label)
    axis.xaxis.set_major_formatter(lambda value, _: signed(value))
    axis.set_xlim(-reach, reach)
    axis.set_ylim(0, axis.get_ylim()[1] * 1.2)
    for x, side, where in ((0.02, values < 0, "left"), (0.98, values > 0, "right")):
        word = "negative" if where == "left" else "positive"
        text = f"{word} under {number(int(side.sum()))}"
        axis.text(x, 0.97, text, transform=axis.transAxes, ha=where, va="top", fontsize=7.5)


def _weight_traces(made: Weightings, series: str) -> list[Trace]:
    value = f"difference: {_signs(made.differences)}; slope: {_signs(made.slopes)}"
    return [Trace(f"{_FUNCTION}.weightings", {"series": series, "runs": WEIGHTINGS}, [], value)]


def weightings_text(ed: Edition, series: str = "") -> Record:
    """How the sign of the trend behaves when the weights change."""
    record = "txt-soph-weightings"
    if (empty := nothing(ed, record, series)) is not None:
        return empty
    one, quarters, rules = chosen(ed, series), filed(ed), rubric(ed)
    made = weightings(ed, one.id)
    assert made is not None and rules is not None
    if not (made.differences.size or made.slopes.size):
        return show_prose(record, "There are too few quarters with known attacks to weigh a trend.")
    lines = []
    if made.differences.size:
        lead = f"the composite’s difference from {ed.baseline.label}"
        lines.append(_said(lead, made.differences, made.clear_differences))
    if made.slopes.size:
        lines.append(_said(f"its slope over the quarters {span_of(quarters)}", made.slopes, made.clear_slopes))
    text = f"Under {number(WEIGHTINGS)} random weightings of its dimensions, {'; '.join(lines)}."
    if len(made.dimensions) < 2:
        text += (
            f" Only {names(rules.find(d).label for d in made.dimensions)} has any known level, so the weights change"
            " nothing."
        )
    trend = composite_trend(ed, one.id)
    if trend and trend.coverage_all is Coverage.CHANGED:
        text += " That is the behaviour of what was documented, which did not keep pace with the tallies."
    return show_prose(record, text, role="observation", trace=_weight_traces(made, one.id))


def _said(lead: str, values: np.ndarray, clear: int) -> str:
    up, down, total = int((values > 0).sum()), int((values < 0).sum()), values.size
    if up == down == 0:
        return f"{lead} is zero under every one"
    if max(up, down) == total:
        text = f"{lead} is {'positive' if up else 'negative'} under every one"
    else:
        text = f"{lead} is positive under {number(up)} and negative under {number(down)}"
    if clear == 0:
        return f"{text}, but never larger than scatter between attacks could make it (1.96 standard errors)"
    return f"{text}, and larger than scatter between attacks would easily make it (1.96 standard errors) under {number(clear)}"
