"""Scope, counting rule, and what was left out, in words and a table."""

from __future__ import annotations

from typing import Any

from incident_report.analysis import quality
from incident_report.analysis.edition import Edition
from incident_report.present.phrase import count, escape, join, sentence, share, span
from incident_report.present.records import Column, Record, Trace, show_prose, show_table

_FUNCTION = "incident_report.analysis.quality"


def scope_text(ed: Edition) -> Record:
    """What the campaign covers and which quarters have data."""
    have = [q for q in ed.quarters if ed.has_incidents_file(q)]
    lacking = [q.label for q in ed.quarters if not ed.has_incidents_file(q)]
    window = ed.coverage(ed.quarter)
    total = len(ed.incidents())
    lines = [
        escape(ed.campaign.scope),
        f"This edition reports on {ed.quarter.words}" + (f", {span(window.start, window.end)}" if window else "") + ".",
        f"The file of documented incidents holds {count(total, 'attack', 'attacks')} that this edition"
        f" counts, from {have[0].words} to {have[-1].words}."
        if len(have) > 1
        else f"The file of documented incidents holds {count(total, 'attack', 'attacks')} that this"
        " edition counts, all from this quarter.",
        f"For {join(lacking)} there is no file: the number of attacks then is unknown, not zero." if lacking else "",
    ]
    return show_prose(
        "txt-scope",
        sentence(lines),
        trace=[
            Trace(
                "incident_report.analysis.edition.Edition.incidents",
                {},
                ed.incidents()["incident_id"],
                str(total),
            )
        ],
    )


def floor_text(ed: Edition) -> Record:
    """What the confidence floor leaves out."""
    row = quality.ledger(ed).iloc[-1]
    if ed.confidence_floor == "low":
        text = "No attack is left out for weak sourcing: the confidence floor of this edition is *low*."
    else:
        text = (
            f"The confidence floor of this edition is *{ed.confidence_floor}*: in {ed.quarter.words}"
            f" {count(int(row['below_floor']), 'attack falls', 'attacks fall')} below it and"
            f" {'is' if row['below_floor'] == 1 else 'are'} listed but not counted."
        )
    return show_prose("txt-floor", text, trace=[Trace(f"{_FUNCTION}.ledger", {"quarter": ed.quarter})])


def ledger_table(ed: Edition) -> Record:
    """Every row of every file: counted, or listed and why not."""
    data = quality.ledger(ed)
    columns = {
        "quarter": Column("Quarter"),
        "listed": Column("Listed", "right"),
        "found_before_launch": Column("Found before launch", "right"),
        "disputed": Column("Disputed", "right"),
        "below_floor": Column("Below floor", "right"),
        "counted": Column("Counted", "right"),
        "high": Column("of these: high", "right"),
        "medium": Column("medium", "right"),
        "low": Column("low", "right"),
    }
    last = data.iloc[-1]
    return show_table(
        data,
        id="tab-ledger",
        title=f"{int(last['counted'])} of the {int(last['listed'])} rows listed for {ed.quarter.label} are counted"
        if last["listed"]
        else f"No row is listed for {ed.quarter.label}",
        columns=columns,
        caption="Rows of the incident files by what became of them; counted attacks by confidence."
        " *High* means that two outlets carried the report, *medium* one reputable outlet, *low* one weak or"
        " partisan one.",
        source="Documented incidents.",
        trace=[Trace(f"{_FUNCTION}.ledger", {"confidence_floor": ed.confidence_floor}, ed.listed["incident_id"])],
    )


def not_counted_text(ed: Edition) -> Record:
    """The rows of this quarter that are listed but not counted, one by one."""
    rows = quality.not_counted(ed)
    outcome = rows[rows["outcome"] != "carried_out"]
    if (ed.listed["quarter"] == str(ed.quarter)).sum() == 0:
        text = f"No attack is listed for {ed.quarter.words}, so none is left out of the count."
    elif outcome.empty:
        text = f"Every attack listed for {ed.quarter.words} was carried out, as far as the sources say."
    else:
        items = [
            f"{escape(row.incident_id)} ({escape(row.place)}, {row.reason}) {_cite(row.sources)}"
            for row in outcome.itertuples()
        ]
        text = (
            f"Listed for {ed.quarter.words} but not counted: {join(items)}. An attack found before launch harmed"
            " nobody, and one that an authority denies may not have happened; both stay in the table so that"
            " a reader can count them in."
        )
    return show_prose(
        "txt-not-counted",
        text,
        trace=[Trace(f"{_FUNCTION}.not_counted", {"quarter": ed.quarter}, rows["incident_id"])],
    )


def support_text(ed: Edition) -> Record:
    """How well this quarter's incidents are sourced."""
    s = quality.support(ed, ed.quarter)
    if s.incidents == 0:
        text = f"No attack is counted for {ed.quarter.words}, so there are no sources to weigh."
    else:
        text = (
            f"Of the {count(s.incidents, 'attack', 'attacks')} counted for {ed.quarter.words}, the number resting on"
            f" two or more sources is {share(s.two_or_more_sources, s.incidents)}; with at least one source graded A or"
            f" B, {share(s.with_reliable, s.incidents)}; with sources graded D or lower alone,"
            f" {share(s.only_weak, s.incidents)}. Two outlets are not always two witnesses: many relay one official"
            " statement."
        )
    return show_prose("txt-support", text, trace=[Trace(f"{_FUNCTION}.support", {"quarter": ed.quarter})])


def weaknesses_text(ed: Edition) -> Record | None:
    """The known weaknesses of the data, as their curators state them."""
    items = ed.campaign.known_weaknesses
    if not items:
        return None
    stated = Trace("incident_report.data.load.load", {"file": "report.yml", "key": "known_weaknesses"})
    return show_prose("txt-weaknesses", "\n".join(f"- {escape(item)}" for item in items), trace=[stated])


def _cite(sources: Any) -> str:
    return f"[{'; '.join('@' + s for s in sources)}]" if sources else ""
