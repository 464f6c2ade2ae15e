"""Harm and effect: table, chart and the sentences that their tests allow."""

from __future__ import annotations

import math

import pandas as pd
from matplotlib import pyplot as plt
from matplotlib.axes import Axes

from incident_report.analysis.change import Verdict
from incident_report.analysis.comparability import Coverage, coverage
from incident_report.analysis.edition import Edition
from incident_report.analysis.harm import FIELDS, Harm, Share, harm, interception, share_trend
from incident_report.analysis.sophistication import filed
from incident_report.data.model import Series
from incident_report.present.phrase import count, escape, join, p_value, sentence, share
from incident_report.present.records import Column, Record, Trace, show_prose, show_table
from incident_report.present.sophistication.common import BASIS, attacks, chosen, line, shown, span_of, verdict
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
        title=_title(ed),
        columns={
            "series": Column("Series"),
            "quarter": Column("Quarter"),
            "attacks": Column("Attacks", "right"),
            "killed": Column("Killed", "right"),
            "us_killed": Column("US killed", "right"),
            "wounded": Column("Wounded", "right"),
            "us_wounded": Column("US wounded", "right"),
            "deadly": Column("With a death", "right"),
            "harmful": Column("With any casualty", "right"),
            "interval": Column("95% interval", "right"),
        },
        caption="In brackets after a sum: attacks that report the number. With a death, with any casualty: attacks, of"
        " those for which it is known; the interval is for the share with any casualty (Clopper and Pearson). One deadly"
        " attack can carry a sum, so attacks with a death stand beside it.",
        source=BASIS,
        wide=True,
        trace=_traces(ed, series),
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
        return f"No death in the {count(killed.known, 'documented attack', 'documented attacks')} in {ed.quarter.label} that report it"
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


def _traces(ed: Edition, series: str) -> list[Trace]:
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
    quarters, colours = shown(ed), series_colours(ed)
    with theme():
        figure, (left, right) = plt.subplots(1, 2, figsize=(WIDTH, 2.7), gridspec_kw={"width_ratios": (1.35, 1)})
        for i, one in enumerate(both):
            shift = (i - (len(both) - 1) / 2) * 0.3
            _shares(left, every[one.id], shift, colours[one.id], MARKERS[i], one.label)
        left.set_ylim(0, 1.12)
        left.set_yticks([0, 0.5, 1], ["none", "half", "all"])
        left.set_ylabel("Attacks with any casualty, of known")
        left.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2, handletextpad=0.4)
        _deaths(right, every[both[-1].id], colours[both[-1].id])
        for axis in (left, right):
            axis.set_xticks(range(len(quarters)), [f"Q{q.number}\n{q.year}" for q in quarters])
            axis.set_xlim(-0.6, max(len(quarters), 2) - 0.4)
    trend = share_trend(ed, both[0].id)
    return show_figure(
        figure,
        id="fig-harm",
        title=_figure_title(trend.verdict, both[0], ed),
        alt=_alt(every, both),
        data=pd.DataFrame([_raw(one, h) for one in both for h in every[one.id]]),
        caption="Left: attacks in which anybody was killed or wounded, of those for which it is known (the label), with 95%"
        " exact interval, dashed where fewer than ten are known. Right: people killed beside attacks that killed anybody,"
        f" {escape(both[-1].label[:1].lower() + both[-1].label[1:])}.",
        source=BASIS,
        n=attacks(sum(h.attacks for h in every[both[-1].id]), both[-1]),
        trace=_traces(ed, series),
    )


def _figure_title(found: Verdict, one: Series, ed: Edition) -> str:
    if coverage(ed, one.id, filed(ed)) is Coverage.CHANGED:
        return f"Share of {one.noun} with any casualty; documentation changed, so no trend is read"
    if found is Verdict.TOO_FEW:
        return f"Share of {one.noun} with any casualty: too few known to say how it moved"
    return f"Share of {one.noun} with any casualty: {found.value} over {len(filed(ed))} quarters"


def _shares(axis: Axes, found: list[Harm], shift: float, colour: str, marker: str, label: str) -> None:
    first = True
    for x, h in enumerate(found):
        part = h.any_casualty
        if not part.known:
            text = "none" if not h.attacks else "not\nknown"
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
            f"{part.part}/{part.known}", (x + shift, high), (0, 3), textcoords="offset points", ha="center", fontsize=7
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
            text = str(value) if h.sums["killed"].known else "?"
            axis.annotate(text, (x, value), (0, 2), textcoords="offset points", ha="center", fontsize=7, color=INK)
    top = max((h.sums["killed"].total for h in found), default=0)
    axis.set_ylim(0, max(top * 1.15, 1.2))
    axis.yaxis.get_major_locator().set_params(integer=True)
    axis.set_ylabel("Number")
    axis.legend(loc="upper center", bbox_to_anchor=(0.5, -0.2), ncols=2, handletextpad=0.4, columnspacing=0.8)


def _alt(every: dict[str, list[Harm]], both: list[Series]) -> str:
    parts = []
    for one in both:
        told = [f"{h.quarter.label} {_part(h.any_casualty)}" for h in every[one.id] if h.any_casualty.known]
        if told:
            parts.append(f"{one.noun}: {join(told)}")
    deaths = join(
        [f"{h.sums['killed'].total} in {h.quarter.label}" for h in every[both[-1].id] if h.sums["killed"].known]
    )
    left = (
        f"Dots with intervals show attacks with any casualty of those known, for {'; '.join(parts)}." if parts else ""
    )
    return f"{left} Bars show people killed beside attacks that killed: deaths were {deaths or 'not reported'}."


def harm_text(ed: Edition, series: str = "") -> Record:
    """Deaths, wounded, and whether the share of attacks with casualties moved."""
    every = ed.campaign.all_series
    now = harm(ed, ed.quarter, every.id)
    record = "txt-soph-harm"
    if now is None or now.attacks == 0:
        return show_prose(record, f"No attack is documented in {ed.quarter.words}.")
    lines = [_people(now, "killed", "us_killed", ed), _people(now, "wounded", "us_wounded", ed)]
    part = now.any_casualty
    if part.known:
        silent = part.attacks - part.known
        lines.append(
            f"Somebody was killed or wounded in {share(part.part, part.known)} attacks for which that is known"
            + (f"; {count(silent, 'attack does', 'attacks do')} not say." if silent else ".")
        )
    one = chosen(ed, series)
    if ed.incidents(None, one.id).empty or len(filed(ed)) < 2:
        return show_prose(record, sentence(lines), role="observation", trace=_traces(ed, series))
    trend = share_trend(ed, one.id)
    over = f"over the quarters {span_of(filed(ed))}"
    if coverage(ed, one.id, filed(ed)) is Coverage.CHANGED:
        told = f"For {escape(one.noun)} no trend in that share is read, because documentation did not keep pace with the tallies."
    elif trend.verdict is Verdict.TOO_FEW:
        told = f"For {escape(one.noun)} there are too few known to say whether that share moved {over}."
    elif trend.test is None or math.isnan(trend.test.p):
        told = f"For {escape(one.noun)} that share is the same in every quarter {span_of(filed(ed))}."
    else:
        told = (
            f"For {escape(one.noun)} that share shows {verdict(trend.verdict)} {over} (Cochran–Armitage test,"
            f" {p_value(trend.test.p)}): {_series_of(trend.shares)}."
        )
    unknown = sum(s.attacks - s.known for s in trend.shares.values())
    if unknown and trend.test is not None:
        told += f" The series has {count(unknown, 'attack', 'attacks')} that {'does' if unknown == 1 else 'do'} not say"
        if trend.silent_as_none is None or math.isnan(trend.silent_as_none.p):
            told += "."
        else:
            told += (
                f"; counted as attacks without casualties they give {p_value(trend.silent_as_none.p)} by the same test."
            )
    return show_prose(record, sentence(lines), told, role="observation", trace=_traces(ed, series))


def _series_of(shares: dict) -> str:
    return join([f"{s.part} of {s.known} in {q.label}" for q, s in shares.items() if s.known])


def _people(now: Harm, field: str, us_field: str, ed: Edition) -> str:
    found, us = now.sums[field], now.sums[us_field]
    if not found.known:
        return f"No documented attack in {ed.quarter.label} says how many people were {field}."
    people = count(found.total, "person was", "people were")
    where = f", in {count(found.positive, 'attack', 'attacks')}" if found.total else ""
    text = (
        f"In {ed.quarter.label} {people} reported {field}{where}; {found.known} of"
        f" {count(now.attacks, 'documented attack', 'documented attacks')} {'states' if found.known == 1 else 'state'} the number."
    )
    if us.known:
        them = "none was" if us.total == 0 else count(us.total, "person was", "people were")
        text += f" Of US personnel {them} reported {field} ({count(us.known, 'attack states', 'attacks state')} it)."
    return text


def interception_text(ed: Edition) -> Record:
    """How rarely interception is reported, and whether a share can be read from it."""
    every = ed.campaign.all_series.id
    total, now = interception(ed, every), interception(ed, every, ed.quarter)
    record = "txt-soph-interception"
    if not total.attacks:
        return show_prose(record, f"No attack is documented up to {ed.quarter.words}.")
    held = share(total.known, total.attacks)
    if not total.known:
        text = f"None of the {count(total.attacks, 'documented attack', 'documented attacks')} says whether munitions were intercepted."
    else:
        values = join(
            [f"“{escape(k)}” {count(v, 'time', 'times').replace('one time', 'once')}" for k, v in total.values.items()]
        )
        text = (
            f"Whether munitions were intercepted is stated for {held} documented attacks up to {ed.quarter.label}"
            f" ({values}; {now.known or 'none'} of them in {ed.quarter.label})."
        )
    if total.known < 10 or total.known * 2 < total.attacks:
        text += " So few cannot carry a share: reports mention an interception when it is news."
    trace = Trace(f"{_FUNCTION}.interception", {"series": every}, total.rows, held)
    return show_prose(record, text, role="caveat", trace=[trace])
