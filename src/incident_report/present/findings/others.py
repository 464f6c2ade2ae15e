"""Candidates on harm, sophistication, options and what comes next."""

from __future__ import annotations

from incident_report.analysis import outlook as outlooks
from incident_report.analysis.counts import DOCUMENTED, TALLY
from incident_report.analysis.edition import Edition
from incident_report.analysis.harm import FEWEST_FOR_A_SHARE, Harm, Share, Sum, harm
from incident_report.present.change import tally_name
from incident_report.present.findings.rules import Finding
from incident_report.present.phrase import count, escape, join, likelihood, number, sentence, share
from incident_report.present.records import Trace


def harm_finding(ed: Edition) -> list[Finding]:
    """How many people were hurt, and how many of the attacks say."""
    now = harm(ed, ed.quarter, ed.campaign.all_series.id)
    if now is None or now.attacks == 0 or not (now.any_casualty.known or now.any_death.known):
        return []
    killed, wounded = now.sums["killed"], now.sums["wounded"]
    hurt = now.any_casualty if now.any_casualty.known else now.any_death
    parts = [
        f"{_hurt(hurt, 'hurt' if hurt is now.any_casualty else 'killed')}{_unsaid(hurt.attacks - hurt.known)}.",
        "" if wounded.known else "None says how many were wounded.",
        _us_harm(now),
        _before(ed),
    ]
    return [
        Finding(
            topic="harm",
            weight=75 if killed.total else 65,
            headline=_harm_headline(killed, wounded),
            text=sentence(parts),
            basis="documented incidents",
            confidence=_harm_confidence(hurt),
            see="@sec-how-dangerous",
            trace=(
                Trace(
                    "incident_report.analysis.harm.harm", {"quarter": ed.quarter}, hurt.rows, f"{killed.total} killed"
                ),
            ),
        )
    ]


def _harm_headline(killed: Sum, wounded: Sum) -> str:
    if not wounded.known:
        people = count(killed.total, "person", "people")
        return f"Reports name {people} killed." if killed.total else "No report names anybody killed."
    if killed.total + wounded.total == 0:
        return "No report names anybody killed or wounded."
    dead = count(killed.total, "person", "people") if killed.total else "nobody"
    return f"Reports name {dead} killed and {number(wounded.total) if wounded.total else 'nobody'} wounded."


def _harm_confidence(hurt: Share) -> str:
    if hurt.usable:
        return "moderate for the sums, which leave out what was not reported"
    if hurt.known < FEWEST_FOR_A_SHARE:
        return "low, because so few attacks have reports that say"
    return "low, because most reports do not say"


def _us_harm(now: Harm) -> str:
    killed, wounded = now.sums["us_killed"], now.sums["us_wounded"]
    if killed.known == 0:
        return ""
    if killed.total + wounded.total == 0:
        if killed.known == 1:
            return "The one attack whose reports speak of US casualties had none."
        return f"None of the {number(killed.known)} attacks whose reports speak of US casualties had any."
    return f"Among them: {number(killed.total)} US killed and {number(wounded.total)} US wounded."


def _hurt(hurt: Share, verb: str) -> str:
    """``Of the 37 attacks whose reports say, 10 hurt somebody (27%, …)``."""
    if hurt.known == 1:
        return f"The one attack whose reports say {verb} {'somebody' if hurt.part else 'nobody'}"
    some = f"{number(hurt.part)} {verb} somebody" if hurt.part else f"none {verb} anybody"
    low, high = hurt.limits
    percent = f" ({100 * hurt.part / hurt.known:.0f}%, {_percents(low, high)})" if hurt.known >= 10 else ""
    return f"Of the {number(hurt.known)} attacks whose reports say, {some}{percent}"


def _percents(low: float, high: float) -> str:
    return f"95% interval {100 * low:.0f}% to {100 * high:.0f}%"


def _unsaid(attacks: int) -> str:
    return f"; of {count(attacks, 'further attack', 'further attacks')} the reports do not say" if attacks else ""


def _before(ed: Edition) -> str:
    before = harm(ed, ed.baseline, ed.campaign.all_series.id) if ed.baseline else None
    if before is None or ed.baseline is None or before.sums["killed"].known + before.sums["wounded"].known == 0:
        return ""
    sums = {name: before.sums[name] for name in ("killed", "wounded") if before.sums[name].known}
    if not sum(s.total for s in sums.values()):
        return f"For {ed.baseline.words} they name nobody."
    return f"For {ed.baseline.words} they name {join([f'{number(s.total)} {name}' for name, s in sums.items()])}."


def options_finding(ed: Edition) -> list[Finding]:
    """How much of the record is of a kind that nothing offered is aimed at."""
    fact = ed.facts.options
    if not fact.gaps:
        return []
    gap = fact.gaps[0]
    return [
        Finding(
            topic="options",
            weight=50,
            headline=f"No option offered is aimed at {gap.noun}.",
            text=f"They are {share(gap.documented.now, fact.attacks)} documented attacks.",
            basis="documented incidents and the declared aims of the options",
            confidence="moderate for the share, because the record is uneven",
            see="@sec-what-can-be-done",
            trace=(Trace("incident_report.analysis.reach.aims", {}, fact.aims.rows, str(fact.unaimed)),),
        )
    ]


def _how_likely(p: float) -> str:
    """``is unlikely``, ``has a roughly even chance``."""
    word = likelihood(p)
    return f"has {'a ' if word.startswith('roughly') else ''}{word}" if word.endswith("chance") else f"is {word}"


def outlook_finding(ed: Edition) -> list[Finding]:
    """The range for the next quarter of the series whose tally, or record, is largest."""
    made = outlooks.outlooks(ed, TALLY) or outlooks.outlooks(ed, DOCUMENTED)
    made = tuple(o for o in made if (o.now.count or 0) > 0 and o.series != ed.campaign.all_series.id)
    if not made or len(made[0].past) < 2:
        return []
    first = max(made, key=lambda o: (o.now.count or 0, o.series))
    low, high = first.range(80)
    p = first.chance_of_more()
    noun = escape(ed.find_series(first.series).noun)
    basis = escape(tally_name(ed)) if first.basis == TALLY else "documented incidents"
    rate = "a higher daily rate than" if first.now.partial else "more than"
    target = first.quarter
    return [
        Finding(
            topic="outlook",
            weight=45,
            headline=f"For {target.label} the model expects between {number(low)} and {number(high)} {noun}.",
            text=(
                f"That is the 80% range of the stated model, with a median of {number(first.median())}; {rate} this"
                f" quarter's {_how_likely(p)} ({100 * p:.0f}%)."
            ),
            basis=f"{basis} of {count(len(first.past), 'quarter', 'quarters')}",
            confidence="low, because so few quarters hardly test the model"
            if len(first.past) < 8
            else "low, because the model knows past counts and nothing else",
            see="@sec-what-next",
            trace=(
                Trace(
                    "incident_report.analysis.outlook.outlook",
                    {"series": first.series, "basis": first.basis},
                    first.rows,
                ),
            ),
        )
    ]
