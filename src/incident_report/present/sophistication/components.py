"""Components first: how many attacks stood at each level, with what is not known drawn beside them."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.patches import Patch

from incident_report.analysis.change import Verdict
from incident_report.analysis.comparability import support
from incident_report.analysis.edition import Edition
from incident_report.analysis.rubric import Dimension, rubric, same_day_by_chance
from incident_report.analysis.sophistication import ComponentTrend, component_trends, components, filed
from incident_report.data.model import Series
from incident_report.present.phrase import escape, join, number, p_value, sentence, share
from incident_report.present.records import Column, Record, Trace, show_prose, show_table
from incident_report.present.sophistication.common import (
    BASIS,
    attacks,
    chosen,
    each,
    names,
    nothing,
    part_of,
    shown,
    signed,
    span_of,
    verdict,
)
from incident_report.present.theme import INK, MUTED, WIDTH, show_figure, theme

# One hue from light to dark, because levels are ordered; the number in each piece carries it without colour.
RAMP = ("#d3e3f1", "#93bbdc", "#4a88bb", "#0a5a94", "#06365a", "#031c30")
_FUNCTION = "incident_report.analysis.sophistication"


def components_figure(ed: Edition, series: str = "") -> Record:
    """Small multiples: a panel a dimension, a bar a quarter, pieces by level, unknown hatched on top."""
    if (empty := nothing(ed, "fig-components", series)) is not None:
        return empty
    one, rules = chosen(ed, series), rubric(ed)
    assert rules is not None
    table = components(ed, one.id)
    quarters = [str(q) for q in shown(ed)]
    columns = min(3, len(rules.dimensions))
    lines = math.ceil(len(rules.dimensions) / columns)
    with theme():
        figure, axes = plt.subplots(lines, columns, figsize=(WIDTH, 2.25 * lines), squeeze=False, sharey=True)
        for axis, dimension in zip(axes.flat, rules.dimensions, strict=False):
            _panel(axis, dimension, table[table["dimension"] == dimension.id], quarters, ed)
        for axis in axes.flat[len(rules.dimensions) :]:
            axis.set_visible(False)
        for row in axes:
            row[0].set_ylabel("Share of attacks")
    silent = _silent(table, rules.dimensions, str(ed.quarter))
    title = f"What is known of {one.noun}, by dimension"
    if silent:
        what = silent[0].label.lower() if len(silent) == 1 else f"{len(silent)} of {len(rules.dimensions)} dimensions"
        title += f": nothing on {what} in {ed.quarter.label}"
    return show_figure(
        figure,
        id="fig-components",
        title=title,
        alt=_alt(table, rules.dimensions, ed, one),
        data=table.drop(columns="rows").astype({"level": object}),
        caption="Each bar holds all documented attacks of its quarter; pieces carry the number of attacks, hatched is"
        " not known. Above a bar: known of all. Bars of fewer than ten attacks have a dashed outline.",
        source=f"{BASIS} {escape(one.label)}.",
        n=attacks(int(table.drop_duplicates("quarter")["attacks"].sum()), one),
        trace=_traces(table, one),
    )


def _panel(axis: Axes, dimension: Dimension, table: pd.DataFrame, quarters: list[str], ed: Edition) -> None:
    used: dict[str, Patch] = {}
    for x, quarter in enumerate(quarters):
        rows = table[table["quarter"] == quarter]
        total = int(rows["attacks"].iloc[0])
        if total == 0:
            axis.text(x, 0.03, "none", ha="center", va="bottom", fontsize=7, color=MUTED)
            continue
        bottom = 0.0
        for row in each(rows):
            if row.count == 0:
                continue
            height = row.count / total
            unknown = pd.isna(row.level)
            colour = "white" if unknown else RAMP[int(row.level)]
            style: dict[str, Any] = {"edgecolor": MUTED, "linewidth": 0.5, "hatch": "////" if unknown else ""}
            axis.bar(x, height, 0.72, bottom, color=colour, **style)
            if height >= 0.12:
                box = {"facecolor": "white", "edgecolor": "none", "pad": 0.8} if unknown else None
                ink = "white" if not unknown and int(row.level) >= 2 else INK
                y = bottom + height / 2
                axis.text(x, y, str(row.count), ha="center", va="center", fontsize=7, color=ink, bbox=box)
            used.setdefault(row.label, Patch(facecolor=colour, label=row.label, **style))
            bottom += height
        if total < 10:
            axis.bar(x, 1, 0.84, color="none", edgecolor=INK, linewidth=0.9, linestyle=(0, (2, 2)))
        known = int(rows["known"].iloc[0])
        axis.text(x, 1.03, f"{known}/{total}", ha="center", va="bottom", fontsize=7, color=INK)
    order = [*(v.label for v in dimension.levels), "Unknown"]
    axis.set_title(dimension.label, fontsize=8, pad=14)
    axis.set_ylim(0, 1.0)
    axis.set_yticks([0, 0.5, 1], ["0", "½", "all"])
    axis.grid(False)
    axis.set_xlim(-0.6, max(len(quarters), 3) - 0.4)
    axis.set_xticks(range(len(quarters)), [f"{q[4:]}\n{q[:4]}" for q in quarters])
    handles = [used[name] for name in order if name in used]
    axis.legend(
        handles=handles, loc="upper left", bbox_to_anchor=(-0.05, -0.31), fontsize=7, handlelength=1.1,
        handleheight=0.8, borderaxespad=0, labelspacing=0.25, handletextpad=0.5,
    )  # fmt: skip


def _silent(table: pd.DataFrame, dimensions: tuple[Dimension, ...], quarter: str) -> list[Dimension]:
    rows = table[table["quarter"] == quarter].drop_duplicates("dimension").set_index("dimension")
    silent = set(rows.index[(rows["known"] == 0) & (rows["attacks"] > 0)])
    return [d for d in dimensions if d.id in silent]


def _alt(table: pd.DataFrame, dimensions: tuple[Dimension, ...], ed: Edition, one: Series) -> str:
    parts = []
    now = table[table["quarter"] == str(ed.quarter)]
    for d in dimensions:
        rows = now[(now["dimension"] == d.id) & now["level"].notna()]
        known, total = int(rows["known"].iloc[0]), int(rows["attacks"].iloc[0])
        top = rows.sort_values(["count", "level"], ascending=[False, True]).iloc[0]
        told = f", most often {top['label'].lower()} ({top['count']})" if known else ""
        parts.append(f"{d.label.lower()} known for {known} of {total}{told}")
    return (
        f"Stacked bars, one panel a dimension and one bar a quarter, of documented {one.noun}."
        f" In {ed.quarter.label}: {'; '.join(parts)}."
    )


def _traces(table: pd.DataFrame, one: Series) -> list[Trace]:
    made = []
    for (quarter, dimension), rows in table.groupby(["quarter", "dimension"], sort=False):
        known = rows[rows["level"].notna()]
        ids = [i for found in known["rows"] for i in found]
        value = f"{int(rows['known'].iloc[0])} of {int(rows['attacks'].iloc[0])} known"
        params = {"series": one.id, "quarter": quarter, "dimension": dimension}
        made.append(Trace(f"{_FUNCTION}.components", params, ids, value))
    return made


def components_table(ed: Edition, series: str = "") -> Record:
    """The same as numbers: attacks at each level, of those known."""
    if (empty := nothing(ed, "tab-components", series)) is not None:
        return empty
    one, rules = chosen(ed, series), rubric(ed)
    assert rules is not None
    table, quarters = components(ed, one.id), [str(q) for q in shown(ed)]
    made = []
    for dimension in rules.dimensions:
        part = table[table["dimension"] == dimension.id]
        if not part["known"].any():
            cells = {q: str(int(part[part["quarter"] == q]["attacks"].iloc[0])) for q in quarters}
            made.append({"dimension": dimension.label, "level": "Unknown", **cells})
            continue
        for i, (number_, label) in enumerate([*((v.number, v.label) for v in dimension.levels), (None, "Unknown")]):
            row = {"dimension": dimension.label if i == 0 else "", "level": label}
            for quarter in quarters:
                at = part[part["quarter"] == quarter]
                hit = at[at["level"].isna()] if number_ is None else at[at["level"] == number_]
                row[quarter] = _cell(hit.iloc[0], number_ is None)
            made.append(row)
    return show_table(
        pd.DataFrame(made),
        id="tab-components",
        web_only=True,
        title=f"Documented {one.noun} at each level, of those known",
        columns={
            "dimension": Column("Dimension"),
            "level": Column("Level"),
            **{q: Column(f"{q[4:]} {q[:4]}", "right") for q in quarters},
        },
        caption="Attacks at the level, of the attacks known on that dimension, with 95% exact interval (Clopper and"
        " Pearson) where ten or more are known. Unknown counts attacks on which the coded fields are silent.",
        source=f"{BASIS} {escape(one.label)}.",
        trace=_traces(table, one),
        csv=table.drop(columns="rows").astype({"level": object}),
    )


def _cell(row: pd.Series, unknown: bool) -> str:
    if unknown:
        return str(int(row["count"]))
    known = int(row["known"])
    if known == 0:
        return "–"
    text = f"{int(row['count'])} of {known}"
    return f"{text} ({100 * row['low']:.0f}–{100 * row['high']:.0f}%)" if known >= 10 else text


def components_text(ed: Edition, series: str = "") -> Record:
    """A sentence or two a dimension, chosen by what is known and by the tests."""
    if (empty := nothing(ed, "txt-soph-components", series)) is not None:
        return empty
    one, quarters = chosen(ed, series), filed(ed)
    trends = component_trends(ed, one.id)
    table = components(ed, one.id)
    total = trends[0].attacks
    if total == 0:
        return show_prose("txt-soph-components", f"No {escape(one.singular)} is documented in {ed.quarter.words}.")
    silent = [t for t in trends if t.known == 0]
    rare = [t for t in trends if t.known and t.dimension.one_sided]
    told = [t for t in trends if t.known and not t.dimension.one_sided]
    first = [f"{ed.quarter.label} has {attacks(total, one)}."]
    if silent:
        first.append(f"The coded fields say nothing of {names(t.dimension.label for t in silent)}.")
    for t in rare:
        first.append(
            f"{escape(t.dimension.label)} is known for {share(t.known, total)} of them; sources remark on it only"
            " when it is unusual, so no share or trend is read from it."
        )
    lines = [sentence(first), *(_told(t, table, ed, one) for t in told)]
    changed = support(ed, one.id, *quarters).changed
    if changed:
        lines.append(
            "No trend is read from these levels: documentation did not keep pace with the tallies, so a change among"
            " documented attacks may be a change in what was documented."
        )
    elif trend := _trend(told, ed):
        lines.append(trend)
    return show_prose("txt-soph-components", *lines, role="observation", trace=_traces(table, one))


def _told(t: ComponentTrend, table: pd.DataFrame, ed: Edition, one: Series) -> str:
    rows = table[
        (table["quarter"] == str(ed.quarter)) & (table["dimension"] == t.dimension.id) & table["level"].notna()
    ]
    top = rows[rows["count"] == rows["count"].max()]
    labels = join([f"“{escape(v)}”" for v in top["label"]])
    of = "all" if t.known == t.attacks else share(t.known, t.attacks)
    lead = f"**{escape(t.dimension.label)}** is known for {of}"
    held = share(int(top["count"].iloc[0]), t.known)
    if len(top) == 1:
        return f"{lead}; the most common level is {labels}, with {held}."
    return f"{lead}; the most common levels are {labels}, with {held} each."


def _trend(told: list[ComponentTrend], ed: Edition) -> str:
    lines = []
    pairs = [t for t in told if t.shift is not None]
    if pairs and ed.baseline:
        lines.append(_verdicts(f"Against {ed.baseline.label}", [(t, t.shift) for t in pairs], "p"))
    quarters = filed(ed)
    if len(quarters) >= 3 and told:
        lines.append(_verdicts(f"Over the quarters {span_of(quarters)}", [(t, t.drift) for t in told], "tau"))
    made = [test for t in told for test in (t.shift, t.drift) if test is not None]
    if any(test.verdict is not Verdict.TOO_FEW for test in made):
        lines.append("The tests are adjusted for the number of dimensions.")
    return " ".join(lines)


def _verdicts(lead: str, tests: list, kind: str) -> str:
    parts = []
    for value in (Verdict.RISE, Verdict.FALL):
        for t, test in tests:
            if test.verdict is value:
                detail = f"Kendall’s tau {signed(test.tau)}, " if kind == "tau" else ""
                parts.append(f"{verdict(value)} in {names([t.dimension.label])} ({detail}{p_value(test.p)})")
    still = [t.dimension.label for t, test in tests if test.verdict is Verdict.LEVEL]
    few = [t.dimension.label for t, test in tests if test.verdict is Verdict.TOO_FEW]
    if still:
        parts.append(f"no detectable change in {names(still)}")
    if few:
        parts.append(f"too few known attacks to say for {names(few)}")
    return f"{lead} there {'is' if parts and not parts[0].startswith('too') else 'are'} {join(parts)}."


def coordination_text(ed: Edition) -> Record:
    """Attacks that share a day, against what chance would give."""
    record, rules = "txt-soph-coordination", rubric(ed)
    if rules is None or "same_day_same_method" not in (rules.derived or {}):
        return show_prose(record)
    made = same_day_by_chance(ed, ed.quarter)
    if made is None:
        return show_prose(record, f"Too few attacks in {ed.quarter.label} have a known day to look for shared days.")
    text = (
        f"In {ed.quarter.label}, {part_of(made.observed, made.n, ed.campaign.all_series)} with a known day shared it"
        " with another by the same method at another place. Had each fallen on any day of the quarter alike,"
        f" {number(made.expected, 1)} would have on average"
    )
    if made.observed == 0:
        text += ": no shared day hints at coordination."
    elif made.p < 0.05:
        text += (
            f" ({p_value(made.p)} for as many or more by chance). Chance hardly explains that many. Coordination is one"
            " reading; a shared news report is another."
        )
    else:
        text += f" ({p_value(made.p)} for as many or more by chance). Shared days are no sign of coordination here."
    trace = Trace(
        "incident_report.analysis.rubric.same_day_by_chance", {"quarter": ed.quarter}, made.rows, str(made.observed)
    )
    return show_prose(record, text, role="inference", trace=[trace])
