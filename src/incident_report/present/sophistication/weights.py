"""What random weights do to the composite's trend."""

from __future__ import annotations

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from incident_report.analysis.edition import Edition
from incident_report.analysis.rubric import rubric
from incident_report.analysis.sophistication import WEIGHTINGS, Weightings, composite_trend, filed, weightings
from incident_report.present.phrase import escape, join, number
from incident_report.present.records import Record, Trace, show_prose
from incident_report.present.sophistication.common import (
    BASIS,
    attacks,
    before,
    chosen,
    names,
    nothing,
    signed,
    span_of,
)
from incident_report.present.theme import INK, MUTED, PALETTE, WIDTH, show_figure, theme

_FUNCTION = "incident_report.analysis.sophistication"
STABLE = 0.95  # share of weightings with one sign from which the trend does not hang on the weights


def weightings_figure(ed: Edition, series: str = "") -> Record:
    """Histograms of the difference and the slope over random weightings."""
    if (empty := nothing(ed, "fig-weightings", series)) is not None:
        return empty
    one = chosen(ed, series)
    made = weightings(ed, one.id)
    assert made is not None
    panels = []
    if made.differences.size:
        panels.append((f"{ed.quarter.label} less {before(ed)}", made.differences))
    if made.slopes.size:
        panels.append((f"Change per quarter, {filed(ed)[0].label} to {ed.quarter.label}", made.slopes))
    if not panels:
        return show_prose("fig-weightings", "There are too few quarters with known attacks to weigh a trend.")
    with theme():
        figure, axes = plt.subplots(1, len(panels), figsize=(WIDTH if len(panels) > 1 else 4, 1.9), squeeze=False)
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
        web_only=True,
        title=f"The composite's trend under {number(WEIGHTINGS)} random weightings: {_headline(panels, made)}",
        alt=f"{'Histograms' if len(panels) > 1 else 'Histogram'} of the composite's change under {number(WEIGHTINGS)}"
        f" random weightings, with a line at zero: {signs}.",
        data=data,
        caption="Weights are drawn evenly from all possible ones (flat Dirichlet). Bars show how many give each change;"
        " the sign alone does not make a change clear.",
        source=f"{BASIS} {escape(one.label)}.",
        n=attacks(made.n, one),
        trace=_weight_traces(made, ed, one.id),
    )


def _signs(values: np.ndarray) -> str:
    return f"{number(int((values > 0).sum()))} above and {number(int((values < 0).sum()))} below zero"


def _headline(panels: list[tuple[str, np.ndarray]], made: Weightings) -> str:
    if made.clear_differences == made.clear_slopes == 0:
        return "never beyond the scatter between attacks"
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
        axis.hist(values[side], list(edges), color=colour, hatch=hatch, edgecolor="white", linewidth=0.3)
    if (same := int((values == 0).sum())) > 0:
        axis.bar(0, same, edges[1] - edges[0], color=MUTED)
    axis.axvline(0, color=INK, linewidth=0.9)
    axis.set_xlabel(label)
    axis.xaxis.set_major_formatter(lambda value, _: signed(value))
    axis.set_xlim(-reach, reach)
    axis.set_ylim(0, axis.get_ylim()[1] * 1.2)
    axis.locator_params(axis="x", nbins=5)
    axis.locator_params(axis="y", nbins=3)
    for x, side, where in ((0.02, values < 0, "left"), (0.98, values > 0, "right")):
        word = "negative" if where == "left" else "positive"
        text = f"{word} under {number(int(side.sum()))}"
        axis.text(x, 0.97, text, transform=axis.transAxes, ha=where, va="top", fontsize=7.5)


def _weight_traces(made: Weightings, ed: Edition, series: str) -> list[Trace]:
    rows = ed.incidents(None, series)["incident_id"].tolist()
    value = f"difference: {_signs(made.differences)}; slope: {_signs(made.slopes)}"
    return [Trace(f"{_FUNCTION}.weightings", {"series": series, "runs": WEIGHTINGS}, rows, value)]


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
        lead = f"the composite’s difference from {before(ed)}"
        lines.append(_said(lead, made.differences, made.clear_differences))
    if made.slopes.size:
        whose = "its" if lines else "the composite’s"
        lines.append(_said(f"{whose} slope over the quarters {span_of(quarters)}", made.slopes, made.clear_slopes))
    text = f"Under {number(WEIGHTINGS)} random weightings of the dimensions, {'; '.join(lines)}."
    if len(made.dimensions) < 2:
        text += (
            f" Only {names(rules.find(d).label for d in made.dimensions)} has any known level, so the weights change"
            " nothing."
        )
    trend = composite_trend(ed, one.id)
    if trend and trend.coverage_all.changed:
        text += " That is the behaviour of what was documented, which did not keep pace with the tallies."
    return show_prose(record, text, role="observation", trace=_weight_traces(made, ed, one.id))


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
    return (
        f"{text}, and larger than scatter between attacks would easily make it (1.96 standard errors) under"
        f" {number(clear)}"
    )
