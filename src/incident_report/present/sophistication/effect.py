"""Harm and interception in words, as far as what is known and the tests allow."""

from __future__ import annotations

import math

from incident_report.analysis.change import Verdict
from incident_report.analysis.comparability import support
from incident_report.analysis.edition import Edition
from incident_report.analysis.harm import Harm, Share, harm, interception, share_trend
from incident_report.analysis.sophistication import filed
from incident_report.periods import Quarter
from incident_report.present.phrase import count, escape, join, number, p_value, sentence, share
from incident_report.present.records import Record, Trace, show_prose
from incident_report.present.sophistication.common import chosen, span_of, verdict
from incident_report.present.sophistication.harm import harm_traces

_FUNCTION = "incident_report.analysis.harm"


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
            f"Attacks that killed or wounded somebody: {share(part.part, part.known)} for which that is known"
            + (f"; {count(silent, 'attack does', 'attacks do')} not say." if silent else ".")
        )
    one = chosen(ed, series)
    if ed.incidents(None, one.id).empty or len(filed(ed)) < 2 or not part.known:
        return show_prose(record, sentence(lines), role="observation", trace=harm_traces(ed, series))
    trend = share_trend(ed, one.id)
    over = f"over the quarters {span_of(filed(ed))}"
    if support(ed, one.id, *filed(ed)).changed:
        told = (
            f"For {escape(one.noun)} no trend in that share is read, because documentation did not keep pace with the"
            " tallies."
        )
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
    if unknown and trend.test is not None and "Cochran" in told:
        told += f" The series has {count(unknown, 'attack', 'attacks')} that {'does' if unknown == 1 else 'do'} not say"
        if trend.silent_as_none is None or math.isnan(trend.silent_as_none.p):
            told += "."
        else:
            told += (
                f"; counted as attacks without casualties they give {p_value(trend.silent_as_none.p)} by the same test."
            )
    return show_prose(record, sentence(lines), told, role="observation", trace=harm_traces(ed, series))


def _series_of(shares: dict[Quarter, Share]) -> str:
    return join([f"{s.part} of {s.known} in {q.label}" for q, s in shares.items() if s.known])


def _people(now: Harm, field: str, us_field: str, ed: Edition) -> str:
    found, us = now.sums[field], now.sums[us_field]
    if not found.known:
        return f"No documented attack in {ed.quarter.label} says how many people were {field}."
    people = count(found.total, "person was", "people were") if found.total else "nobody was"
    where = f", in {count(found.positive, 'attack', 'attacks')}" if found.total else ""
    text = (
        f"In {ed.quarter.label}, {people} reported {field}{where}."
        f" Documented attacks that state the number: {number(found.known)} of {number(now.attacks)}."
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
    held = share(total.known, total.attacks) if total.known else f"none of {number(total.attacks)}"
    text = f"Documented attacks up to {ed.quarter.label} that state whether munitions were intercepted: {held}"
    if total.known:
        values = join([f"“{escape(k)}” {'once' if v == 1 else f'{v} times'}" for k, v in total.values.items()])
        text += f" ({values}; {now.known or 'none'} of them in {ed.quarter.label})"
    text += "."
    if total.known < 10 or total.known * 2 < total.attacks:
        text += " So few cannot carry a share: reports mention an interception when it is news."
    trace = Trace(f"{_FUNCTION}.interception", {"series": every}, total.rows, held)
    return show_prose(record, text, role="caveat", trace=[trace])
