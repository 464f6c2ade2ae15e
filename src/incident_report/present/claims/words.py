"""Why a claim has its verdict: one wording for each check."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from incident_report.analysis.change import Verdict as ChangeVerdict
from incident_report.analysis.claims import Tested
from incident_report.analysis.counts import DOCUMENTED
from incident_report.analysis.edition import Edition
from incident_report.analysis.verdicts import Verdict
from incident_report.data.conditions import describe
from incident_report.periods import Quarter
from incident_report.present.change import (
    VERDICT_WORDS,
    basis_name,
    comparison_words,
    ratio_words,
    support_words,
    tally_name,
)
from incident_report.present.labels import label
from incident_report.present.phrase import count, day, escape, join, number, p_value, sentence, share

Facts = Mapping[str, Any]
_ALONE = "The article is the only source on file, and it cannot confirm itself."


def why(ed: Edition, tested: Tested) -> str:
    """The reason for a verdict with its numbers, Markdown; what would settle it where it is open."""
    facts = tested.outcome.facts
    if facts.get("beyond"):
        return f"About days after this edition, up to {day(tested.about.end)}."
    text = [_no_file(facts) if "no_file" in facts else _WORDS[tested.check](ed, facts)]
    if tested.indirect and tested.verdict is Verdict.PARTLY:
        text.append(escape(tested.indirect))
    if tested.verdict is Verdict.UNTESTABLE:
        text.append(f"It would take {escape(tested.settle)}.")
    return " ".join(t for t in text if t)


def _no_file(facts: Facts) -> str:
    return f"No incidents file covers {Quarter.parse(facts['no_file']).words}: what happened is unknown, not nothing."


def _tally_sequence(ed: Edition, facts: Facts) -> str:
    parts = facts["parts"]
    text = []
    for p in facts["differs"]:
        text.append(f"The tally on file for {p['quarter'].label} is {p['tally']}, not {p['claimed']}.")
    missing = [p["quarter"].label for p in parts if p["tally"] is None]
    if missing:
        text.append(f"No tally is on file for {join(missing)}.")
    same = [p for p in parts if p["tally"] == p["claimed"]]
    if same:
        values = join([_tallied(p) for p in same])
        own = ", but that is the article's own count, which cannot confirm itself" if facts["own"] else ""
        text.append(f"{sentence([escape(tally_name(ed))])} on file says the same ({values}){own}.")
    known = [p for p in parts if p["documented"] is not None]
    if known:
        values = join([f"{p['documented']} ({p['quarter'].label})" for p in known])
        near, of = facts["near"], len(known)
        close = "close to" if near else "not close to"
        if of > 1:
            which = f"all {_number(of)}" if near == of else f"{_number(near)} of {_number(of)}" if near else "none"
            close = f"close to the claim in {which}" if near else "close to the claim in none of them"
        text.append(
            f"Documented incidents over the same days number {values}: {close}{'' if of > 1 else ' the claim'}."
        )
    else:
        text.append("No documented incidents can be set beside it.")
    return " ".join(text)


def _number(value: int) -> str:
    return count(value, "", "").strip()


def _tallied(p: Facts) -> str:
    return f"{p['tally']} in {p['quarter'].label}" + (f" to {day(p['end'], False)}" if p["end"] else "")


def _count_change(ed: Edition, facts: Facts) -> str:
    if not facts["tests"]:
        return "Neither a tally nor an incidents file covers both quarters."
    text = []
    for change in facts["tests"]:
        name = escape(sentence([basis_name(ed, change.basis)]))
        verdict = VERDICT_WORDS[change.verdict]
        if change.verdict is not ChangeVerdict.TOO_FEW:
            verdict = f"{verdict} ({ratio_words(change)}, {p_value(change.test.p)})"
        text.append(f"{name}: {comparison_words(ed, change)}, {verdict}.")
        if change.basis == DOCUMENTED and change.verdict in (ChangeVerdict.RISE, ChangeVerdict.FALL):
            text.append(support_words(ed, change))
    first, up = facts["tests"][0], facts["direction"] == "up"
    wanted = ChangeVerdict.RISE if up else ChangeVerdict.FALL
    if first.verdict is not wanted:
        if first.verdict is ChangeVerdict.TOO_FEW:
            return " ".join(t for t in text if t)
        way = "higher" if up else "lower"
        right_way = first.test.ratio > 1 if up else first.test.ratio < 1
        text.append(f"The rate is {way}, as claimed, but chance could explain it." if right_way
                    else f"The rate is not {way}.")  # fmt: skip
    return " ".join(t for t in text if t)


def _kinds_change(ed: Edition, facts: Facts) -> str:
    now, before = facts["now"], facts["before"]
    kind = escape(facts["column"].replace("_", " "))
    new = [escape(label(k).lower()) for k in now if k not in before]
    gone = [escape(label(k).lower()) for k in before if k not in now]
    attacks = facts["attacks"]
    if not attacks[0]:
        return f"No attack is documented for {facts['quarter'].words}, so there are no kinds to compare."
    text = (
        f"By {kind}, documented attacks are of {count(len(now), 'kind', 'kinds')} in {facts['quarter'].words}"
        f" ({count(attacks[0], 'attack', 'attacks')}) and of {count(len(before), 'kind', 'kinds')} in"
        f" {facts['baseline'].words} ({count(attacks[1], 'attack', 'attacks')})."
    )
    if new:
        text += f" New: {join(new)}."
    if gone:
        text += f" Gone: {join(gone)}."
    if attacks[0] > attacks[1]:
        text += " More attacks show more kinds by chance alone."
    return text


def _technique_seen(ed: Edition, facts: Facts) -> str:
    noun, name = escape(ed.find_series(facts["series"]).noun), escape(label(facts["technique"]).lower())
    if not facts["n"]:
        return f"No {noun} are documented on those days."
    if not facts["seen"]:
        verb = "names" if facts["known"] == 1 else "name"
        known = count(facts["known"], "report", "reports")
        return (
            f"No report of the {number(facts['n'])} documented {noun} of those days names this"
            f" technique ({name}); {known} {verb} any technique, and silence is not absence."
        )
    text = f"{sentence([count(facts['seen'], 'report', 'reports')])} of {number(facts['n'])} on {noun}"
    text += f" {'names' if facts['seen'] == 1 else 'name'} it ({name})."
    return f"{text} {_ALONE}" if facts["own"] else text


def _technique_change(ed: Edition, facts: Facts) -> str:
    noun = escape(ed.find_series(facts["series"]).noun)
    names = join([escape(label(t).lower()) for t in facts["techniques"]], "or")
    halves = []
    for i, q in enumerate(("quarter", "baseline")):
        n, known = facts["n"][i], facts["known"][i]
        part = share(facts["with"][i], known) if known else "none"
        halves.append(
            f"{part} in {facts[q].words} ({number(n)} documented, {number(known)} with any technique on record)"
        )
    text = f"{sentence([noun])} whose reports name {names}: {halves[0]}; {halves[1]}."
    if min(facts["known"]) < 10:
        text += " A comparison of shares needs ten with techniques on record in each quarter."
    return text


def _harm(fields: list[str]) -> str:
    return join([label(f).lower().replace("us ", "US ") for f in fields], "or")


def _none_reported(ed: Edition, facts: Facts) -> str:
    noun, singular = (
        escape(t) for t in (ed.find_series(facts["series"]).noun, ed.find_series(facts["series"]).singular)
    )
    harm = _harm(facts["fields"])
    if not facts["n"]:
        return f"No {noun} are documented on those days."
    if facts["some"]:
        return f"{sentence([count(facts['some'], singular, noun)])} on file caused some ({harm})."
    verb = "is" if facts["n"] == 1 else "are"
    text = f"{sentence([count(facts['n'], singular, noun)])} {verb} documented; no report gives any {harm}"
    if facts["known"] == facts["n"]:
        return f"{text}, and {'it says' if facts['n'] == 1 else 'all say'} outright that there were none."
    told = count(facts["known"], "says", "say") if facts["known"] else "none says"
    return f"{text}, and {told} outright that there were none."


def _last_with(ed: Edition, facts: Facts) -> str:
    noun = escape(ed.find_series(facts["series"]).noun)
    if facts["last"] is None:
        return f"No report on {noun} up to the claim's last day gives any {_harm([facts['field']])}."
    text = (
        f"Among documented {noun}, {_harm([facts['field']])} are last on file on {day(facts['last'])}"
        f" ({number(facts['value'])})."
    )
    if not facts["later"]:
        return f"{text} Nothing later is on file up to the claim's last day."
    later, silent = facts["later"], facts["silent"]
    told = f"{count(later - silent, 'says', 'say')} outright that there were none"
    if not silent:
        return f"{text} Of the reports on later attacks, {told}."
    quiet = f"{count(silent, 'does', 'do')} not say"
    of = count(later, "later report", "later reports")
    return f"{text} Of {of}, {f'{told} and ' if later > silent else ''}{quiet}."


def _silence_before(ed: Edition, facts: Facts) -> str:
    if not facts["first"]:
        return f"No such attack is documented on {day(facts['date'])}."
    if facts["begins"] is None:
        return f"No incidents file covers {day(facts['date'])}."
    singular = escape(ed.find_series(facts["series"]).singular)
    if facts["last"] is not None:
        return f"The one before on file was on {day(facts['last'])}, {facts['days']} days earlier ({singular})."
    return (
        f"The files reach back to {day(facts['begins'])}, {number(facts['days'])} days before, and hold no earlier"
        f" {singular}; what came before them lies outside the record."
    )


def _share_at_least(ed: Edition, facts: Facts) -> str:
    test = escape(describe(facts["test"]))
    if not facts["known"]:
        reports = count(facts["n"], "report", "reports")
        return f"None of {reports} says ({test})." if facts["n"] else "No attack is documented."
    chance = f", 95% interval {100 * facts['low']:.0f}% to {100 * facts['high']:.0f}%" if facts["known"] >= 10 else ""
    text = f"Of the reports that say, {share(facts['yes'], facts['known'])} have it so ({test}){chance}."
    silent = facts["n"] - facts["known"]
    if silent:
        verb = "does" if silent == 1 else "do"
        text += f" Another {count(silent, 'report', 'reports')} {verb} not say"
        text += f"; were they counted against it, the share would be {share(facts['yes'], facts['n'])}."
    return text


def _incident(ed: Edition, facts: Facts) -> str:
    if not facts["found"]:
        return f"No such incident is documented on {day(facts['date'])}."
    text = [f"{escape(facts['id'])}, {day(facts['on'])}: {_traits(facts)}."]
    if facts["on"] != facts["date"]:
        text.append(f"The record has {day(facts['on'], False)}, the claim {day(facts['date'], False)}.")
    if facts["own"]:
        text.append(_ALONE)
    if facts["outcome"] == "disputed":
        text.append("An authority denies that it happened.")
    if facts["summary"]:
        text.append(f"On file: {escape(facts['summary'])}")
    return " ".join(text)


def _traits(facts: Facts) -> str:
    words = {True: "as claimed", False: "not as claimed", None: "not reported"}
    return "; ".join(
        f"{escape(name.replace('_', ' ').replace('us ', 'US '))}: {_value(facts['values'][name])}"
        + ("" if answer else f" ({words[answer]})")
        for name, answer in facts["answers"].items()
    )


def _value(value: Any) -> str:
    if isinstance(value, tuple | list):
        return escape(join([label(v).lower() for v in value])) or "none on record"
    text = str(value)
    if not isinstance(value, str) and value is not None and not math.isnan(value):
        return number(float(value))
    if value is None or text in ("", "<NA>", "nan"):
        return "unknown"
    return escape(label(text).lower() if text.replace("_", "").islower() else text)


def _context_event(ed: Edition, facts: Facts) -> str:
    if not facts["found"]:
        return f"The dated events on file hold nothing like it around {day(facts['date'])}."
    text = f"On file under {day(facts['date'])}: {escape(facts['label'])}."
    return f"{text} {_ALONE}" if facts["own"] else text


def _in_order(ed: Edition, facts: Facts) -> str:
    events = facts["events"]
    found = [f"{escape(e['name'])} ({day(e['on'])})" for e in events if e["on"]]
    missing = [escape(e["name"]) for e in events if not e["on"]]
    text = [f"On file: {join(found)}." if found else "None of these events is on file."]
    if found and missing:
        text.append(f"Not on file: {join(missing)}.")
    if not facts["ordered"]:
        text.append("They did not come in this order.")
    alone = [escape(e["name"]) for e in events if e["own"]]
    if alone:
        text.append(f"From the article alone: {join(alone)}.")
    return " ".join(text)


def _posture_levels(ed: Edition, facts: Facts) -> str:
    if not facts["known"]:
        return "The posture table gives no such level up to this edition."
    steps = [f"{number(s[1])} ({day(s[0])})" for s in facts["steps"] if s]
    missing = [number(v) for v, s in zip(facts["levels"], facts["steps"], strict=True) if s is None]
    text = [f"The posture table has {join(steps)}." if steps else ""]
    if missing:
        known = join([f"{number(v)} ({day(d)})" for d, v in facts["known"]])
        text.append(f"It does not have {join(missing, 'or')} where claimed; it has {known}.")
    if facts.get("own"):
        text.append("It takes them from the article, which cannot confirm itself.")
    if facts["events"]:
        events = join([f"{escape(e['label'])} ({day(e['on'])})" for e in facts["events"]])
        text.append(f"Reported elsewhere: {events}.")
    return " ".join(t for t in text if t)


def _no_data(ed: Edition, facts: Facts) -> str:
    return escape(facts["reason"])


_WORDS: dict[str, Callable[[Edition, Facts], str]] = {
    "tally_sequence": _tally_sequence,
    "count_change": _count_change,
    "kinds_change": _kinds_change,
    "technique_seen": _technique_seen,
    "technique_change": _technique_change,
    "none_reported": _none_reported,
    "last_with": _last_with,
    "silence_before": _silence_before,
    "share_at_least": _share_at_least,
    "incident": _incident,
    "context_event": _context_event,
    "in_order": _in_order,
    "posture_levels": _posture_levels,
    "no_data": _no_data,
}
