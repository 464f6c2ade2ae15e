"""Methods and techniques by quarter with the day each was first documented, and what is only reported."""

from __future__ import annotations

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from incident_report.analysis.edition import Edition
from incident_report.analysis.techniques import METHOD, ReportedUse, Use, reported, uses
from incident_report.periods import Quarter
from incident_report.present.labels import label
from incident_report.present.phrase import count, day, escape, join, sentence
from incident_report.present.records import Column, Record, Trace, show_prose, show_table
from incident_report.present.sophistication.common import BASIS, shown
from incident_report.present.theme import INK, MUTED, PALETTE, WIDTH, show_figure, theme

_FUNCTION = "incident_report.analysis.techniques"
_ROW = 0.205  # inches


def techniques_figure(ed: Edition) -> Record:
    """Matrix of methods and techniques by quarter; what is only reported stands apart with open marks."""
    found, told, quarters = uses(ed), reported(ed), shown(ed)
    if not found:
        return show_prose("fig-techniques", f"No attack is documented up to {ed.quarter.words}.")
    told = [r for r in told if r.item.quarter in quarters]
    lines = len(found) + len(told) + 2 + bool(told)
    with theme():
        figure, axis = plt.subplots(figsize=(WIDTH, _ROW * lines + 0.45))
        _matrix(axis, found, told, quarters)
    new = _new(found, ed) if len(quarters) > 1 else []
    title = (
        f"First documented in {ed.quarter.label}: {join([label(u.value).lower() for u in new])}"
        if new
        else f"Methods and techniques documented up to {ed.quarter.label}"
    )
    return show_figure(
        figure,
        id="fig-techniques",
        title=title,
        alt=_alt(found, told, quarters),
        data=_data(found, told),
        caption="Circles: documented attacks, area by number; a dot is none in a quarter that was collected. Ringed:"
        " the quarter of the first documented attack, whose day stands at the right. A technique’s dot says that no row"
        " carries the tag, not that it was not used."
        + (
            " Diamonds: reported without naming attacks, so not coded and not counted (see @tab-reported)."
            if told
            else ""
        ),
        source=f"{BASIS} One attack can carry several techniques.",
        n=count(len(ed.incidents()), "documented attack", "documented attacks"),
        trace=[
            Trace(f"{_FUNCTION}.uses", {"value": u.value}, u.rows, f"{u.total}; first {u.first or 'none counted'}")
            for u in found
        ],
    )


def _new(found: list[Use], ed: Edition) -> list[Use]:
    """Uses first documented in the edition's quarter; the residual class names no technique."""
    return [u for u in found if u.first and Quarter.of(u.first) == ed.quarter and u.value != "other"]


def _matrix(axis: Axes, found: list[Use], told: list[ReportedUse], quarters: tuple[Quarter, ...]) -> None:
    most = max((n for u in found for n in u.counts.values()), default=1) or 1
    width = len(quarters)
    y, kind = 0, ""
    axis.text(width - 0.2, 0, "First documented", ha="left", va="center", fontsize=7.5, weight="bold", color=MUTED)
    for use in found:
        if use.kind != kind:
            kind = use.kind
            _heading(axis, y, "Method" if kind == METHOD else "Technique (tag)")
            y += 1
        axis.text(-0.75, y, label(use.value), ha="right", va="center", fontsize=7.5)
        for x, quarter in enumerate(quarters):
            _cell(axis, x, y, use.counts[quarter], most, use.first is not None and Quarter.of(use.first) == quarter)
        axis.text(width - 0.2, y, _first(use), ha="left", va="center", fontsize=7.5, color=INK)
        y += 1
    if told:
        axis.axhline(y - 0.5, color=MUTED, linewidth=0.6, linestyle=(0, (3, 2)))
        _heading(axis, y, "Reported, not coded")
        y += 1
        for one in told:
            axis.text(-0.75, y, one.item.label, ha="right", va="center", fontsize=7.5, style="italic")
            x = quarters.index(one.item.quarter)
            axis.plot(x, y, "D", markersize=6, color=PALETTE[1], markerfacecolor="white", markeredgewidth=1.2)
            axis.text(width - 0.2, y, "no attack named", ha="left", va="center", fontsize=7.5, color=MUTED)
            y += 1
    axis.set_ylim(y - 0.4, -0.6)
    axis.set_xlim(-3.4, width + 2.0)
    axis.xaxis.tick_top()
    axis.set_xticks(range(width), [q.label for q in quarters])
    axis.set_yticks([])
    axis.grid(False)
    axis.tick_params(axis="x", length=0)
    for side in axis.spines.values():
        side.set_visible(False)


def _heading(axis: Axes, y: float, text: str) -> None:
    axis.text(-0.75, y, text, ha="right", va="center", fontsize=7.5, weight="bold", color=MUTED)


def _cell(axis: Axes, x: float, y: float, number: int, most: int, first: bool) -> None:
    if number == 0:
        axis.plot(x, y, ".", markersize=2.5, color=MUTED)
        return
    size = 4.5 + 9.5 * (number / most) ** 0.5  # diameter in points: area grows with the number
    axis.plot(x, y, "o", markersize=size, color=PALETTE[0], alpha=0.9, markeredgewidth=0)
    if first:
        axis.plot(x, y, "o", markersize=size + 4, color=PALETTE[1], markerfacecolor="none", markeredgewidth=1.2)
    axis.annotate(
        str(number), (x, y), (size / 2 + (4 if first else 2), 0), textcoords="offset points", va="center", fontsize=7.5
    )


def _first(use: Use) -> str:
    if use.first is None:
        return f"listed {day(use.listed)}, not counted" if use.listed else ""
    return f"{day(use.first)}{' *' if use.listed else ''}"


def _alt(found: list[Use], told: list[ReportedUse], quarters: tuple[Quarter, ...]) -> str:
    last = quarters[-1]
    now = sorted((u for u in found if u.kind == METHOD and u.counts[last]), key=lambda u: (-u.counts[last], u.value))
    parts = join([f"{label(u.value).lower()} {u.counts[last]}" for u in now]) or "no attack"
    text = (
        f"Matrix of {count(len(found), 'method or technique', 'methods and techniques')} by"
        f" {count(len(quarters), 'quarter', 'quarters')}, with circles sized by the number of documented attacks."
        f" In {last.label} by method: {parts}."
    )
    if told:
        text += f" Below, open diamonds mark {count(len(told), 'technique', 'techniques')} reported but not coded."
    return text


def _data(found: list[Use], told: list[ReportedUse]) -> pd.DataFrame:
    rows = [
        {
            "kind": u.kind,
            "value": u.value,
            "quarter": str(q),
            "attacks": n,
            "first_documented": u.first.isoformat() if u.first else "",
            "first_id": u.first_id,
            "listed_earlier": u.listed.isoformat() if u.listed else "",
            "listed_id": u.listed_id,
        }
        for u in found
        for q, n in u.counts.items()
    ]
    rows += [{"kind": "reported", "value": r.item.id, "quarter": str(r.item.quarter), "attacks": None} for r in told]
    frame = pd.DataFrame(rows)
    return frame.assign(attacks=frame["attacks"].astype("Int64")).fillna({c: "" for c in frame.columns[4:]})


def techniques_text(ed: Edition) -> Record:
    """What is new in the quarter, and listed rows that came earlier than the first counted one."""
    found, quarters = uses(ed), shown(ed)
    if not found:
        return show_prose("txt-soph-techniques")
    new = _new(found, ed)
    lines = []
    if len(quarters) < 2:
        lines.append(f"{ed.quarter.label} is the first quarter with a file, so nothing can be called new.")
    elif new:
        first = join(
            [f"{escape(label(u.value).lower())} ({day(u.first)}, {escape(u.first_id)})" for u in new if u.first]
        )
        lines.append(f"Documented for the first time in {ed.quarter.label}: {first}.")
    else:
        lines.append(f"No method or technique is documented for the first time in {ed.quarter.label}.")
    early = [u for u in found if u.listed and Quarter.of(u.listed) >= quarters[0]]
    for date, ids in sorted({(u.listed, u.listed_id) for u in early if u.listed}):
        what = join([escape(label(u.value).lower()) for u in early if u.listed_id == ids])
        lines.append(f"\\* An earlier incident ({what}) is listed but not counted: {escape(ids)} of {day(date)}.")
    lines.append("First documented is not first used: the files start at their own first day and are incomplete.")
    return show_prose(
        "txt-soph-techniques",
        sentence(lines),
        role="observation",
        trace=[Trace(f"{_FUNCTION}.uses", {"value": u.value}, [u.first_id], str(u.first)) for u in new],
    )


def reported_table(ed: Edition) -> Record:
    """What sources report of a quarter without naming attacks: apart from the matrix, never counted."""
    told = reported(ed)
    if not told:
        return show_prose("tab-reported", "No source’s report of techniques without named attacks is recorded.")
    table = pd.DataFrame(
        {
            "label": [r.item.label for r in told],
            "wording": [r.item.wording for r in told],
            "quarter": [r.item.quarter.label for r in told],
            "coded": [", ".join(r.coded) or ("none" if r.item.technique else "no such field") for r in told],
        }
    )
    coded = sum(bool(r.coded) for r in told)
    return show_table(
        table,
        id="tab-reported",
        title=f"Reported, not coded: {count(len(told), 'technique', 'techniques')} without named attacks",
        columns={
            "label": Column("Technique", width=0.2),
            "wording": Column("What the source reports", width=0.56),
            "quarter": Column("Quarter", width=0.1),
            "coded": Column("Coded rows", width=0.14),
        },
        source="; ".join(dict.fromkeys(f"[@{r.item.source}]" for r in told)) + ".",
        caption="A source reports these of the quarter without saying which attacks used them. They raise no score and"
        " enter no count." + (" Rows that carry the tag by now are named." if coded else " No row carries such a tag."),
        trace=[
            Trace(f"{_FUNCTION}.reported", {"id": r.item.id, "place": r.item.place}, r.coded, r.item.source)
            for r in told
        ],
        csv=pd.DataFrame(
            {
                "id": [r.item.id for r in told],
                "quarter": [str(r.item.quarter) for r in told],
                "dimension": [r.item.dimension for r in told],
                "wording": [r.item.wording for r in told],
                "source": [r.item.source for r in told],
                "place": [r.item.place for r in told],
                "coded": [";".join(r.coded) for r in told],
            }
        ),
    )
