"""Harm and effect: table, chart and the sentences that their tests allow."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes
from matplotlib.ticker import MaxNLocator

from incident_report.analysis.change import Verdict
from incident_report.analysis.comparability import support
from incident_report.analysis.edition import Edition
from incident_report.analysis.harm import FIELDS, Harm, Share, harm, share_trend
from incident_report.analysis.sophistication import filed
from incident_report.data.model import Series
from incident_report.present.phrase import count, escape, join
from incident_report.present.records import Column, Record, Trace, show_prose, show_table
from incident_report.present.sophistication.common import BASIS, attacks, chosen, line, shown
from incident_report.present.theme import HATCHES, INK, MARKERS, MUTED, WIDTH, series_colours, show_figure, theme

_FUNCTION = "incident_report.analysis.harm"


def _series(ed: Edition, series: str) -> list[Series]:
    """The series followed, then all attacks; one of them where they are the same."""
    one, every = chosen(ed, series), ed.campaign.all_series
    return [one] if one.id == every.id else [one, every]


def _all(ed: Edition, one: Series) -> list[Harm]:
    return [h for q in shown(ed) if (h := harm(ed, q, one.id)) is not None]


def harm_table(ed: Edition, series: str = "") -> Record:
    """Killed and wounded with how many attacks report them, and attacks with any casualty."""
    made, raw = [], []
    fields = [f for f in FIELDS if not f.startswith("us_") or ed.data.incidents[f].notna().any()]
    for one in _series(ed, series):
        for i, h in enumerate(_all(ed, one)):
            low, high = h.any_casualty.limits
            made.append(
                {
                    "series": one.label if i == 0 else "",
                    "quarter": h.quarter.label,
                    "attacks": str(h.attacks),
                    **{f: _sum(h, f) for f in FIELDS},
                    "deadly": _part(h.any_death),
                    "harmful": _part(h.any_casualty),
                    "interval": "–" if math.isnan(low) else f"{low:.2f}–{high:.2f}",
                }
            )
            raw.append(_raw(one, h))
    return show_table(
        pd.DataFrame(made),
        id="tab-harm",
        web_only=True,
        title=_title(ed),
        columns={
            "series": Column("Series"),
            "quarter": Column("Quarter"),
            "attacks": Column("Attacks", "right"),
            "killed": Column("Killed", "right"),
            **({"us_killed": Column("US killed", "right")} if "us_killed" in fields else {}),
            "wounded": Column("Wounded", "right"),
            **({"us_wounded": Column("US wounded", "right")} if "us_wounded" in fields else {}),
            "deadly": Column("With a death", "right"),
            "harmful": Column("With any casualty", "right"),
            "interval": Column("95% interval", "right"),
        },
        caption="In brackets after a sum: attacks that report the number. With a death, with any casualty: attacks, of"
        " those for which it is known; the interval is for the share with any casualty (Clopper and Pearson). One"
        " deadly attack can carry a sum, so attacks with a death stand beside it.",
        source=BASIS,
        wide=True,
        trace=harm_traces(ed, series),
        csv=pd.DataFrame(raw),
    )


def _title(ed: Edition) -> str:
    every = harm(ed, ed.quarter, ed.campaign.all_series.id)
    if every is None or every.attacks == 0:
        return f"Harm by documented attacks up to {ed.quarter.label}"
    killed, deadly = every.sums["killed"], every.any_death
    if killed.known == 0:
        return f"No documented attack in {ed.quarter.label} says whether anybody was killed"
    if killed.total == 0:
        told = count(killed.known, "documented attack that states", "documented attacks that state")
        return f"No death in the {told} it, {ed.quarter.label}"
    return (
        f"{count(killed.total, 'death', 'deaths').capitalize()} in"
        f" {count(deadly.part, 'documented attack', 'documented attacks')} in {ed.quarter.label}"
    )


def _sum(h: Harm, field: str) -> str:
    found = h.sums[field]
    return f"{found.total} ({found.known})" if found.known else "–"


def _part(found: Share) -> str:
    return f"{found.part} of {found.known}" if found.known else "–"


def _raw(one: Series, h: Harm) -> dict[str, object]:
    row: dict[str, object] = {"series": one.id, "quarter": str(h.quarter), "attacks": h.attacks}
    for field in FIELDS:
        row |= {field: h.sums[field].total if h.sums[field].known else None, f"{field}_known": h.sums[field].known}
    for name, found in (("any_death", h.any_death), ("any_casualty", h.any_casualty)):
        low, high = found.limits
        row |= {name: found.part, f"{name}_known": found.known, f"{name}_low": low, f"{name}_high": high}
    return row


def harm_traces(ed: Edition, series: str) -> list[Trace]:
    """Every sum and share of the table, with the incidents behind it."""
    made = []
    for one in _series(ed, series):
        for h in _all(ed, one):
            params = {"series": one.id, "quarter": h.quarter}
            for field in FIELDS:
                found = h.sums[field]
                made.append(Trace(f"{_FUNCTION}.harm", {**params, "field": field}, found.rows, str(found.total)))
            value = f"{h.any_casualty.part} of {h.any_casualty.known}"
            made.append(Trace(f"{_FUNCTION}.harm", {**params, "field": "any_casualty"}, h.any_casualty.rows, value))
    return made


def harm_figure(ed: Edition, series: str = "") -> Record:
    """Share of attacks with any casualty with exact intervals, and deaths beside attacks with a death."""
    both = _series(ed, series)
    every = {one.id: _all(ed, one) for one in both}
    if not any(h.attacks for found in every.values() for h in found):
        return show_prose("fig-harm", f"No attack is documented up to {ed.quarter.words}.")
    if not any(h.any_casualty.known or h.any_death.known for found in every.values() for h in found):
        return show_prose("fig-harm", "No documented attack says whether anybody was killed or wounded.")
    quarters, colours = shown(ed), series_colours(ed)
    # Without anything known of the wounded, deaths alone can be shown.
    deaths_only = not any(h.any_casualty.known for found in every.values() for h in found)
    which, what = ("any_death", "a death") if deaths_only else ("any_casualty", "any casualty")
    with theme():
        figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 2.1), gridspec_kw={"width_ratios": (1.35, 1)})
        for i, one in enumerate(both):
            shift = (i - (len(both) - 1) / 2) * 0.3
            _shares(left, every[one.id], which, shift, colours[one.id], MARKERS[i], one.label)
        left.set_ylim(0, 1.12)
        left.set_yticks([0, 0.5, 1], ["none", "half", "all"])
        left.set_ylabel(f"With {what}, of known")
        if left.get_legend_handles_labels()[0]:
            left.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2, handletextpad=0.4)
        _deaths(right, every[both[-1].id], colours[both[-1].id])
        for axis in (left, right):
            axis.set_xticks(range(len(quarters)), [f"Q{q.number}\n{q.year}" for q in quarters])
            axis.set_xlim(-0.6, max(len(quarters), 2) - 0.4)
    trend = share_trend(ed, both[0].id, which)
    return show_figure(
        figure,
        id="fig-harm",
        title=_figure_title(trend.verdict, both[0], ed, what),
        alt=_alt(every, both, which, what),
        data=pd.DataFrame([_raw(one, h) for one in both for h in every[one.id]]),
        caption=f"Left: attacks in which anybody was killed{'' if deaths_only else ' or wounded'}, of those for"
        " which that is known (label), with 95% exact interval, dashed where fewer than ten are known, a question mark"
        " where none is. Right: people killed beside attacks that killed anybody,"
        f" {escape(both[-1].label[:1].lower() + both[-1].label[1:])}.",
        source=BASIS,
        n=attacks(sum(h.attacks for h in every[both[-1].id]), both[-1]),
        trace=harm_traces(ed, series),
    )


def _figure_title(found: Verdict, one: Series, ed: Edition, what: str) -> str:
    if support(ed, one.id, *filed(ed)).changed:
        return f"Share of {one.noun} with {what}; documentation changed, so no trend is read"
    if len(filed(ed)) < 2:
        return f"Attacks with {what} and people killed in {ed.quarter.label}"
    if found is Verdict.TOO_FEW:
        return f"Share of {one.noun} with {what}: too few known to say how it moved"
    return f"Share of {one.noun} with {what}: {found.value} over {len(filed(ed))} quarters"


def _shares(axis: Axes, found: list[Harm], which: str, shift: float, colour: str, marker: str, label: str) -> None:
    first = True
    for x, h in enumerate(found):
        part: Share = getattr(h, which)
        if not part.known:
            text = "none" if not h.attacks else "?"
            axis.text(x + shift, 0.02, text, ha="center", va="bottom", fontsize=7, color=MUTED)
            continue
        low, high = part.limits
        axis.plot([x + shift] * 2, [low, high], color=colour, **line(part.known))
        axis.plot(
            x + shift, part.part / part.known, marker, color=colour, clip_on=False,
            label=label if first else None, linestyle="",
        )  # fmt: skip
        first = False
        axis.annotate(
            f"{part.part}/{part.known}",
            (x + shift, high),
            (0, 3 if shift <= 0 else 10),
            textcoords="offset points",
            ha="center",
            fontsize=7,
        )


def _deaths(axis: Axes, found: list[Harm], colour: str) -> None:
    for shift, hatch, face, name in (
        (-0.2, "", colour, "People killed"),
        (0.2, HATCHES[1], "white", "Attacks that killed"),
    ):
        values = [h.sums["killed"].total if name.startswith("People") else h.any_death.part for h in found]
        xs = [x + shift for x in range(len(found))]
        axis.bar(xs, values, 0.36, color=face, hatch=hatch, edgecolor=colour, linewidth=0.8, label=name)
        for x, value, h in zip(xs, values, found, strict=True):
            text = str(value) if h.sums["killed"].known else "?" if h.attacks else "none"
            axis.annotate(text, (x, value), (0, 2), textcoords="offset points", ha="center", fontsize=7, color=INK)
    top = max((h.sums["killed"].total for h in found), default=0)
    axis.set_ylim(0, max(top * 1.15, 1.2))
    axis.yaxis.set_major_locator(MaxNLocator(integer=True))
    axis.set_ylabel("Number")
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2, handletextpad=0.4, columnspacing=0.8)


def _alt(every: dict[str, list[Harm]], both: list[Series], which: str, what: str) -> str:
    parts = []
    for one in both:
        shares = [(h.quarter.label, getattr(h, which)) for h in every[one.id]]
        told = [f"{quarter} {_part(found)}" for quarter, found in shares if found.known]
        if told:
            parts.append(f"{one.noun}: {join(told)}")
    deaths = join(
        [f"{h.sums['killed'].total} in {h.quarter.label}" for h in every[both[-1].id] if h.sums["killed"].known]
    )
    left = f"Dots with intervals show attacks with {what} of those known, for {'; '.join(parts)}." if parts else ""
    return f"{left} Bars show people killed beside attacks that killed: deaths were {deaths or 'not reported'}."
