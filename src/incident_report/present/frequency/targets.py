"""What was attacked and how, and who claimed it."""

from __future__ import annotations

import textwrap

from matplotlib import pyplot as plt
from matplotlib.colors import LinearSegmentedColormap

from incident_report.analysis.edition import Edition
from incident_report.analysis.places import claims_of_responsibility, cross
from incident_report.analysis.rates import clopper_pearson
from incident_report.periods import Quarter
from incident_report.present.labels import label
from incident_report.present.phrase import count, escape, join, number, sentence, share
from incident_report.present.records import Column, Record, Trace, show_prose, show_table
from incident_report.present.theme import INK, WIDTH, show_figure, theme

_CROSS = "incident_report.analysis.places.cross"
_CLAIMS = "incident_report.analysis.places.claims_of_responsibility"
_SHADES = LinearSegmentedColormap.from_list("blues", ["#f3f5f7", "#7fabd0", "#08375c"])


def _wrapped(text: str) -> str:
    """Header lines of at most twelve letters where words allow it."""
    return "\n".join(textwrap.wrap(text, 12, break_long_words=False))


def _pair(target: str, method: str) -> str:
    """``Logistics convoys, roadside bomb``; the residual classes in words of their own."""
    whom = "other targets" if target == "other" else label(target)
    how = "other or unrecorded methods" if method == "other" else label(method).lower()
    return f"{whom} attacked by {how}"


def targets_figure(ed: Edition) -> Record:
    """Heat map of target by method for the edition's quarter, with the numbers in the cells."""
    rows = ed.incidents(ed.quarter)
    table = cross(rows)
    if table.empty:
        return show_prose("txt-targets", f"No attack is documented in {ed.quarter.words}, so targets cannot be shown.")
    with theme():
        figure, axes = plt.subplots(figsize=(WIDTH, 0.7 + 0.24 * len(table)))
        top = max(int(table.to_numpy().max()), 1)
        axes.pcolormesh(table.to_numpy(), cmap=_SHADES, vmin=0, vmax=top, edgecolors="white", linewidth=1.5)
        for y, (_, line) in enumerate(table.iterrows()):
            for x, value in enumerate(line):
                axes.text(
                    x + 0.5,
                    y + 0.5,
                    number(int(value)) if value else "–",
                    ha="center",
                    va="center",
                    color="white" if value > 0.5 * top else INK,
                    fontsize=8,
                )
            axes.text(
                len(table.columns) + 0.15, y + 0.5, number(int(line.sum())), va="center", fontsize=8, fontweight="bold"
            )
        axes.text(len(table.columns) + 0.15, -0.35, "All", va="center", fontsize=7.5, fontweight="bold")
        axes.set_xticks([i + 0.5 for i in range(len(table.columns))], [_wrapped(label(c)) for c in table.columns])
        axes.set_yticks([i + 0.5 for i in range(len(table))], [label(i) for i in table.index])
        axes.xaxis.tick_top()
        axes.set_ylim(len(table), 0)
        axes.set_xlim(0, len(table.columns) + 0.6)
        axes.grid(visible=False)
        axes.tick_params(length=0)
        for spine in axes.spines.values():
            spine.set_visible(False)
    most, target, method = max((int(table.loc[t, m]), str(t), str(m)) for t in table.index for m in table.columns)
    return show_figure(
        figure,
        id="fig-targets",
        title=f"Most frequent in {ed.quarter.label}: {_pair(str(target), str(method))}, {share(most, len(rows))}"
        if int((table == most).to_numpy().sum()) == 1
        else f"No pairing of target and method stands alone in {ed.quarter.label}: {most} at most, of {len(rows)}",
        alt=f"Heat map of documented attacks in {ed.quarter.label} by target and method. Targets: "
        + join([f"{label(str(t))} {number(int(table.loc[t].sum()))}" for t in table.index])
        + ". Methods: "
        + join([f"{label(str(m))} {number(int(table[m].sum()))}" for m in table.columns])
        + ".",
        caption="Each cell is a count of documented attacks; the darker, the more. Bold: all methods together.",
        source="Documented incidents of this edition.",
        n=sentence([count(len(rows), "attack", "attacks")]),
        data=table.reset_index(),
        trace=[
            Trace(
                _CROSS,
                {"target_category": t, "attack_method": m},
                rows.loc[(rows["target_category"] == t) & (rows["attack_method"] == m), "incident_id"],
                number(int(table.loc[t, m])),
            )
            for t in table.index
            for m in table.columns
            if table.loc[t, m]
        ],
    )


def responsibility_table(ed: Edition) -> Record | None:
    """Claimed against unclaimed, by name of group and quarter."""
    table = claims_of_responsibility(ed)
    if table.empty:
        return None  # the text says so
    quarters = [c for c in table.columns if c not in ("claimant", "total", "rows")]
    shown_quarters = quarters[-8:]
    shown = table.assign(claimant=[c or "No claim recorded" for c in table["claimant"]])
    for q in [*shown_quarters, "total"]:
        shown[q] = [number(int(v)) if v else "–" for v in table[q]]
    claimed = int(table.loc[table["claimant"] != "", "total"].sum())
    everything = int(table["total"].sum())
    part = 0.55 / (len(shown_quarters) + 1)
    return show_table(
        shown,
        id="tab-claims-of-responsibility",
        web_only=True,
        title=f"A claim of responsibility is recorded for {share(claimed, everything)} documented attacks"
        if claimed
        else "No claim of responsibility is recorded",
        columns={
            "claimant": Column("Claimed by", width=0.45),
            **{q: Column(Quarter.parse(q).label, "right", part) for q in shown_quarters},
            "total": Column("All", "right", part),
        },
        caption="Names as the claims gave them. An empty field means that the sources used mention no claim, not"
        " that none was made.",
        source="Documented incidents of this edition.",
        csv=table.drop(columns="rows"),
        trace=[
            Trace(_CLAIMS, {"claimant": r["claimant"]}, r["rows"], str(r["total"])) for r in table.to_dict("records")
        ],
    )


def responsibility_text(ed: Edition) -> Record:
    """Claimed against unclaimed in the edition's quarter."""
    rows = ed.incidents(ed.quarter)
    claimed = rows[rows["claimed_by"] != ""]
    if rows.empty:
        return show_prose(
            "txt-responsibility", f"No attack is documented in {ed.quarter.words}, so there is none to claim."
        )
    low, high = clopper_pearson(len(claimed), len(rows))
    limits = f", 95% interval {100 * low:.0f} to {100 * high:.0f}%" if len(rows) >= 10 else ""
    if claimed.empty:
        text = (
            f"No source used here mentions a claim for any of the {count(len(rows), 'attack', 'attacks')}"
            f" documented in {ed.quarter.words}."
        )
        text = text.replace("any of the one attack", "the one attack")
    else:
        names = sorted(set(claimed["claimed_by"]))
        text = (
            f"In {ed.quarter.words}, a claim of responsibility is recorded for {share(len(claimed), len(rows))}"
            " documented"
            f" attacks{limits}, by {count(len(names), 'name', 'names')}: {join([escape(n) for n in names])}."
            " A name may be a front for another group; it is not an attribution."
        )
    return show_prose(
        "txt-responsibility",
        text,
        trace=[Trace(_CLAIMS, {"quarter": ed.quarter}, claimed["incident_id"], str(len(claimed)))],
        role="observation",
    )
