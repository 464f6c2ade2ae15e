"""Attacks against munitions per attack: two measures that can move in opposite directions."""

from __future__ import annotations

import math

import numpy as np
import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from incident_report.analysis.change import Verdict
from incident_report.analysis.comparability import Support, support
from incident_report.analysis.edition import Edition
from incident_report.analysis.harm import Munitions, Pairing, munitions, munitions_drift, pairings
from incident_report.analysis.sophistication import filed
from incident_report.present.change import VERDICT_LABELS
from incident_report.present.phrase import escape, interval, join, number, p_value, sentence
from incident_report.present.records import Record, Trace, show_prose
from incident_report.present.sophistication.common import (
    BASIS,
    chosen,
    line,
    part_of,
    shown,
    signed,
    span_of,
    verdict,
)
from incident_report.present.theme import INK, MUTED, WIDTH, series_colours, show_figure, theme

_FUNCTION = "incident_report.analysis.harm"


def munitions_figure(ed: Edition, series: str = "") -> Record:
    """Attacks per quarter with exact intervals beside munitions per attack, every attack a dot."""
    one = chosen(ed, series)
    found = [m for q in shown(ed) if (m := munitions(ed, q, one.id)) is not None]
    if not any(m.values for m in found):
        text = f"The number of munitions is not known for any documented {escape(one.singular)}."
        return show_prose("fig-munitions", text)
    colour, known = series_colours(ed)[one.id], sum(len(m.values) for m in found)
    with theme():
        figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 2.1))
        _attacks(left, found, colour)
        _spread(right, found, colour)
        for axis in (left, right):
            axis.set_xticks(range(len(found)), [f"Q{m.quarter.number}\n{m.quarter.year}" for m in found])
            axis.set_xlim(-0.6, max(len(found), 2) - 0.4)
    return show_figure(
        figure,
        id="fig-munitions",
        title=_title(ed, one.noun, one.id),
        alt=_alt(found, one.noun),
        data=_data(found),
        caption="Left: documented attacks with 95% exact interval (Garwood). Right: every grey dot is an attack with a"
        " known number of munitions or devices (logarithmic scale); the large dot is their mean with 95% bootstrap"
        " interval (dashed: fewer than ten attacks), the bar their median.",
        source=f"{BASIS} {escape(one.label)}.",
        n=f"number known for {part_of(known, sum(m.attacks.count or 0 for m in found), one)}",
        trace=_traces(found, one.id),
    )


def _attacks(axis: Axes, found: list[Munitions], colour: str) -> None:
    for x, m in enumerate(found):
        low, high = m.attacks.limits
        axis.plot([x, x], [low, high], color=colour, linewidth=1.4)
        axis.plot(x, m.attacks.count or 0, "o", color=colour, clip_on=False)
        axis.annotate(str(m.attacks.count), (x, high), (0, 3), textcoords="offset points", ha="center", fontsize=7.5)
    axis.set_ylim(0, max(m.attacks.limits[1] for m in found) * 1.15)
    axis.set_ylabel("Documented attacks")


def _spread(axis: Axes, found: list[Munitions], colour: str) -> None:
    top = max(max(m.values) for m in found if m.values)
    for x, m in enumerate(found):
        if not m.values:
            axis.text(x, 1.02, "none known", ha="center", va="bottom", fontsize=7, color=MUTED)
            continue
        for value in sorted(set(m.values)):  # dots of one value side by side, so that none hides another
            many = m.values.count(value)
            reach = min(0.3, 0.035 * many)
            places = np.linspace(-reach, reach, many) if many > 1 else [0.0]
            axis.plot(
                [x - 0.08 + p for p in places], [max(value, 0.8)] * many, ".", color=MUTED, markersize=3, alpha=0.7
            )
        axis.plot([x - 0.38, x + 0.22], [max(m.median, 0.8)] * 2, color=INK, linewidth=0.9)
        if not math.isnan(m.low):
            axis.plot([x + 0.34] * 2, [m.low, m.high], color=colour, **line(len(m.values)))
        axis.plot(x + 0.34, m.mean, "o", color=colour)
        axis.annotate(
            number(m.mean, 1), (x + 0.34, m.mean if math.isnan(m.high) else m.high), (0, 3),
            textcoords="offset points", ha="center", fontsize=7.5,
        )  # fmt: skip
    axis.set_yscale("log")
    limit = max(top * 1.5, 4)
    axis.set_ylim(0.75, limit)
    steps = [v for v in (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 5000, 10000) if v < limit]
    axis.set_yticks(steps, [number(v) for v in steps])
    axis.minorticks_off()
    axis.set_ylabel("Munitions per attack")


def _title(ed: Edition, noun: str, series: str) -> str:
    pairs = pairings(ed, series)
    if not pairs or support(ed, series, *filed(ed)).changed:
        return f"Attacks and munitions per attack, {noun}"
    pair = pairs[-1]
    since = f"since {pair.before.quarter.label}"
    attacks, munitions = VERDICT_LABELS[pair.attacks_verdict], VERDICT_LABELS[pair.munitions.verdict]
    return f"Attacks: {attacks} {since}; munitions per attack: {munitions}"


def _alt(found: list[Munitions], noun: str) -> str:
    number_of = join([f"{m.attacks.count} in {m.quarter.label}" for m in found])
    means = join([f"{m.mean:.1f} in {m.quarter.label}" for m in found if m.values])
    top = max((m for m in found if m.values), key=lambda m: (max(m.values), m.quarter))
    return (
        f"Two panels. Dots with intervals: documented {noun} were {number_of}. Dots on a logarithmic scale: the mean of"
        f" munitions per attack was {means}; the largest single attack used {max(top.values)}, in {top.quarter.label}."
    )


def _data(found: list[Munitions]) -> pd.DataFrame:
    return pd.DataFrame(
        {
            "quarter": [str(m.quarter) for m in found],
            "attacks": [m.attacks.count for m in found],
            "attacks_low": [m.attacks.limits[0] for m in found],
            "attacks_high": [m.attacks.limits[1] for m in found],
            "known": [len(m.values) for m in found],
            "mean": [m.mean for m in found],
            "mean_low": [m.low for m in found],
            "mean_high": [m.high for m in found],
            "median": [m.median for m in found],
            "values": [";".join(str(v) for v in m.values) for m in found],
        }
    )


def _traces(found: list[Munitions], series: str) -> list[Trace]:
    return [
        Trace(
            f"{_FUNCTION}.munitions",
            {"series": series, "quarter": m.quarter},
            m.rows,
            f"{m.attacks.count} attacks" + (f", mean {m.mean:.1f}" if m.values else ""),
        )
        for m in found
    ]


def munitions_text(ed: Edition, series: str = "") -> Record:
    """How attacks and munitions per attack moved, together or apart, as far as tests tell."""
    one, record = chosen(ed, series), "txt-soph-munitions"
    now = munitions(ed, ed.quarter, one.id)
    if now is not None and not now.attacks.count:
        return show_prose(record, f"No {escape(one.singular)} is documented in {ed.quarter.words}.")
    if now is None or not now.values:
        return show_prose(
            record, f"In {ed.quarter.label} the number of munitions is not known for any {escape(one.singular)}."
        )
    known, total = len(now.values), now.attacks.count or 0
    lines = [
        f"In {ed.quarter.label} the number of munitions is known for {part_of(known, total, one)}: "
        + (f"{number(now.mean)}" if known == 1 else f"{number(now.mean, 1)} on average")
        + (
            f" ({interval(now.low, now.high)}), with a median of {number(now.median, 1)}"
            if not math.isnan(now.low)
            else ""
        )
        + "."
    ]
    pairs = pairings(ed, one.id)
    if support(ed, one.id, *filed(ed)).changed and pairs:
        lines.append("Neither measure is compared over time, because documentation did not keep pace with the tallies.")
    else:
        lines += [_paired(p, _unchecked(ed, one.id, p)) for p in pairs]
        if pairs:
            lines.append("P-values of these comparisons are adjusted for their number (Holm).")
        drift = munitions_drift(ed, one.id)
        if len(filed(ed)) >= 3 and drift.verdict is not Verdict.TOO_FEW and not math.isnan(drift.tau):
            lines.append(
                f"Attack by attack, munitions show {verdict(drift.verdict)} over the quarters {span_of(filed(ed))}"
                f" (Kendall’s tau {signed(drift.tau)}, {p_value(drift.p)}; {drift.n} attacks)."
            )
    found = [m for q in filed(ed) if (m := munitions(ed, q, one.id)) is not None]
    return show_prose(record, sentence(lines), role="observation", trace=_traces(found, one.id))


def _unchecked(ed: Edition, series: str, pair: Pairing) -> bool:
    pair_of = [pair.before.quarter, ed.quarter]
    return support(ed, series, *pair_of) is Support.UNKNOWN


def _paired(pair: Pairing, unchecked: bool) -> str:
    """One comparison: both measures, whether they moved apart, and whether coverage was checked."""
    a, m, then = pair.attacks_verdict, pair.munitions, pair.before
    moves = (Verdict.RISE, Verdict.FALL)
    if m.verdict is Verdict.TOO_FEW:
        told = f"too few known numbers to say for munitions per attack ({m.n_now} and {m.n_before})"
    else:
        told = (
            f"{verdict(m.verdict)} in munitions per attack ({number(m.before, 1)} to {number(m.now, 1)},"
            f" permutation test {p_value(m.p)})"
        )
    text = (
        f"Against {then.quarter.label} there is {verdict(a)} in attacks"
        f" ({then.attacks.count} to {pair.now.attacks.count}, {p_value(pair.attacks_p)}) and {told}"
        if a is not Verdict.TOO_FEW
        else f"Against {then.quarter.label} there are too few attacks to say ({then.attacks.count} and"
        f" {pair.now.attacks.count}), and {'' if m.verdict is Verdict.TOO_FEW else 'there is '}{told}"
    )
    if a in moves and m.verdict in moves:
        text += ": the two moved in opposite directions" if a is not m.verdict else ": the two moved the same way"
    if unchecked:
        text += "; no pair of tallies shows whether documentation kept pace between the two"
    return f"{text}."
