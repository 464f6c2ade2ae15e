"""The criteria matrix: scores as a chart with numbers, and as a table with reasons."""

from __future__ import annotations

import pandas as pd
from matplotlib import pyplot as plt

from incident_report.analysis.edition import Edition
from incident_report.analysis.reach import reaches, read_options
from incident_report.analysis.tradeoffs import DOUBT, Scores, scores
from incident_report.present.options.common import JUDGED, capital, none_listed, shade, wrapped
from incident_report.present.phrase import count, escape, join, sentence
from incident_report.present.records import Column, Record, Trace, show_prose, show_table
from incident_report.present.theme import INK, MUTED, WIDTH, show_figure, theme

_SCORES = "incident_report.analysis.tradeoffs.scores"


def criteria_text(ed: Edition) -> Record:
    """Which criteria there are, which are judged and which computed."""
    table = scores(ed)
    if table is None:
        return none_listed("txt-criteria")
    doc = ed.data.options or {}
    judged = [escape(c.short) for c in table.criteria if not c.computed]
    computed = [escape(c.short) for c in table.criteria if c.computed]
    dropped = [escape(c.short) for c in table.dropped]
    lines = [
        f"Each option is scored on {count(len(table.criteria), 'criterion', 'criteria')}, from {table.scale[0]} to"
        f" {table.scale[1]}: {escape(doc['scale']['meaning'])}",
        capital(f"{_are(judged)} the {JUDGED.lower()}, with reasons in @tab-criteria: {join(judged)}."),
        capital(f"{_are(computed)} computed from the documented attacks: {join(computed)}.") if computed else "",
        capital(f"{_are(dropped)} left out, since no attack is counted: {join(dropped)}.") if dropped else "",
        "Options need not exclude one another: several could be pursued at once.",
    ]
    return show_prose("txt-criteria", sentence(lines), trace=_trace(table))


def _are(names: list[str]) -> str:
    return f"{count(len(names), 'criterion is', 'criteria are')}"


def criteria_figure(ed: Edition) -> Record | None:
    """Options by criteria: a disc whose size and shade follow the score, with the score in it."""
    table = scores(ed)
    if table is None:
        return None
    options = {o.id: o.label for o in read_options(ed)}
    n, m = table.values.shape
    low, high = table.scale
    unsure = {r.option.id for r in reaches(ed) if r.total.unknown}
    with theme():
        figure, ax = plt.subplots(figsize=(WIDTH, 0.65 + 0.24 * n))
        for i in range(n):
            for j, criterion in enumerate(table.criteria):
                value = table.values[i, j]
                part = (value - low) / (high - low)
                colour = shade(part)
                open_ = criterion.computed and table.options[i] in unsure
                ax.scatter(j, i, s=160 + 140 * part, color=colour, edgecolor=MUTED, linewidth=0.4,
                           marker="s" if criterion.computed else "o")  # fmt: skip
                text = number(value, criterion.computed) + ("?" if open_ else "")
                ax.text(j, i, text, ha="center", va="center", fontsize=7.5, color=INK)
        heads = [wrapped(capital(c.short) + (" (data)" if c.computed else ""), 11) for c in table.criteria]
        ax.set_xticks(range(m), heads)
        ax.xaxis.tick_top()
        ax.tick_params(axis="x", length=0)
        ax.set_yticks(range(n), [wrapped(options[o], 30) for o in table.options])
        ax.set_xlim(-0.6, m - 0.4)
        ax.set_ylim(n - 0.4, -0.6)
        ax.grid(visible=False)
        for side in ("left", "bottom"):
            ax.spines[side].set_visible(False)
    return show_figure(
        figure,
        id="fig-criteria",
        title=_title(table, options),
        alt=_alt(table, options),
        data=_frame(table),
        caption=f"Larger and darker is better, from {low} to {high}. Round marks: {JUDGED.lower()}."
        + (" Square marks: computed from the documented attacks." if any(c.computed for c in table.criteria) else "")
        + (
            " A question mark: fields leave open which attacks are covered, and the score stands at the middle of what"
            " is possible."
            if unsure and any(c.computed for c in table.criteria)
            else ""
        ),
        source="The campaign's file of policy options; documented incidents for what is computed.",
        trace=_trace(table),
    )


def criteria_table(ed: Edition) -> Record | None:
    """Options by criteria with the reason for every judged score."""
    table = scores(ed)
    if table is None:
        return None
    options = read_options(ed)
    judged = [c for c in table.criteria if not c.computed]
    if not judged:
        return None
    data = pd.DataFrame(
        [
            {
                "option": o.label,
                **{c.id: f"{o.raw['scores'][c.id]['score']}: {o.raw['scores'][c.id]['reason']}" for c in judged},
            }
            for o in options
        ]
    )
    return show_table(
        data,
        id="tab-criteria",
        web_only=True,
        title=f"Scores and the reason for each: {JUDGED.lower()}",
        columns={
            "option": Column("Option", width=0.13),
            **{c.id: Column(c.label, width=0.87 / len(judged)) for c in judged},
        },
        caption=f"Every score in this table is the {JUDGED.lower()}; it may be off by"
        f" {count(int(DOUBT), 'point', 'points')} either way.",
        source="The campaign's file of policy options.",
        csv=_frame(table),
        wide=True,
        trace=_trace(table),
    )


def scale_table(ed: Edition) -> Record | None:
    """What the ends of the scale mean on each criterion, and who scores it."""
    table = scores(ed)
    if table is None:
        return None
    low, high = table.scale
    data = pd.DataFrame(
        {
            "criterion": [c.label for c in table.criteria],
            "low": [c.low for c in table.criteria],
            "high": [c.high for c in table.criteria],
            "by": ["Data" if c.computed else "Analyst" for c in table.criteria],
        }
    )
    return show_table(
        data,
        id="tab-scale",
        web_only=True,
        title="What the ends of the scale mean on each criterion",
        columns={
            "criterion": Column("Criterion", width=0.24),
            "low": Column(f"{low} means", width=0.33),
            "high": Column(f"{high} means", width=0.33),
            "by": Column("Scored by", width=0.1),
        },
        source="The campaign's file of policy options.",
        trace=_trace(table),
    )


def number(value: float, computed: bool) -> str:
    """Judged scores are whole; computed ones have one decimal."""
    return f"{value:.1f}" if computed else f"{value:.0f}"


def _trace(table: Scores) -> list[Trace]:
    return [Trace(_SCORES, {"criteria": ", ".join(c.id for c in table.criteria)}, table.options)]


def _frame(table: Scores) -> pd.DataFrame:
    return pd.DataFrame(
        [
            (o, c.id, "data" if c.computed else "analyst", table.values[i, j], table.low[i, j], table.high[i, j])
            for i, o in enumerate(table.options)
            for j, c in enumerate(table.criteria)
        ],
        columns=["option", "criterion", "basis", "score", "low", "high"],
    )


def _title(table: Scores, options: dict[str, str]) -> str:
    if len(table.options) == 1:
        return f"{options[table.options[0]]} on {count(len(table.criteria), 'criterion', 'criteria')}"
    best = table.values.max(axis=0)
    ahead = [o for i, o in enumerate(table.options) if (table.values[i] >= best - 1e-9).all()]
    if not ahead:
        return "No option scores highest on every criterion"
    names = join([options[o] for o in ahead])
    return f"{names} {'scores' if len(ahead) == 1 else 'score'} highest on every criterion"


def _alt(table: Scores, options: dict[str, str]) -> str:
    n, m = table.values.shape
    size = f"{count(n, 'option', 'options')} by {count(m, 'criterion', 'criteria')}"
    text = [f"Matrix of {size} with a score in each cell."]
    if n == 1:
        return f"Row of {count(m, 'score', 'scores')} for one option, {options[table.options[0]]}."
    low, high = table.scale
    tops = [(int((table.values[i] >= high - 1e-9).sum()), options[o]) for i, o in enumerate(table.options)]
    lows = [(int((table.values[i] <= low + 1e-9).sum()), options[o]) for i, o in enumerate(table.options)]
    for what, found in (("highest", tops), ("lowest", lows)):
        most = max(k for k, _ in found)
        if most:
            text.append(
                f"The {what} score stands most often for {join([x for k, x in found if k == most])}"
                f" ({count(most, 'criterion', 'criteria')}{' each' if sum(k == most for k, _ in found) > 1 else ''})."
            )
    return " ".join(text)
