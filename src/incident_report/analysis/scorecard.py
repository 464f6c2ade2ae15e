"""Options against objectives: score ranges as marks, who leads on what, which cases matter, what to watch.

A score compares with now: 3 is as now, on a scale from 1 to 5. There is no total and no rank: weighing
objectives is the chooser's part.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Any

import pandas as pd

from incident_report.analysis.ageing import State, Statement, statement
from incident_report.analysis.edition import Edition
from incident_report.analysis.options import Option, read_options
from incident_report.analysis.reach import offered, share
from incident_report.analysis.remember import remembered
from incident_report.analysis.result import Outcome, result

CASES = 4  # options told at length in the body
TIED = 3  # more options than these on top, and none stands out
NOW = 3
_NO_REASON = Statement("", state=State.OPEN)  # of a signpost; it is shown nowhere


class Mark(Enum):
    """What a range of scores says against now."""

    MUCH_BETTER = "much_better"
    BETTER = "better"
    PERHAPS_BETTER = "perhaps_better"
    SAME = "same"
    OPEN = "open"  # either way
    PERHAPS_WORSE = "perhaps_worse"
    WORSE = "worse"
    MUCH_WORSE = "much_worse"


def mark(low: int, high: int) -> Mark:
    """The mark of a range.

    Examples
    --------
    >>> [mark(*r).value for r in [(4, 5), (4, 4), (3, 4), (3, 3), (2, 4), (2, 3), (2, 2), (1, 1)]]
    ['much_better', 'better', 'perhaps_better', 'same', 'open', 'perhaps_worse', 'worse', 'much_worse']
    """
    if low > NOW:
        return Mark.MUCH_BETTER if high == NOW + 2 else Mark.BETTER
    if high < NOW:
        return Mark.MUCH_WORSE if low == NOW - 2 else Mark.WORSE
    if low == high:
        return Mark.SAME
    if low == NOW:
        return Mark.PERHAPS_BETTER
    return Mark.PERHAPS_WORSE if high == NOW else Mark.OPEN


@dataclass(frozen=True)
class Objective:
    """What the chooser wants.

    Attributes
    ----------
    care : str
        Within a sentence: "keeping the mission at work".
    why : Statement
    anchors : tuple of str
        What levels 1 to 5 mean.
    """

    id: str
    label: str
    short: str
    care: str
    why: Statement
    anchors: tuple[str, ...]


@dataclass(frozen=True)
class Score:
    """One option on one objective.

    Attributes
    ----------
    low, high : int
        Over everybody who has scored.
    first : (int, int)
        The range in the campaign's file.
    scorers : int
        How many people have scored it.
    mark : Mark
    reason : Statement
    red : bool
        It hopes for better than now while a red assumption of the option bears on the objective.
    beyond : bool
        It stands higher than the option's reach over this edition's attacks allows.
    """

    option: Option
    objective: Objective
    low: int
    high: int
    first: tuple[int, int]
    scorers: int
    mark: Mark
    reason: Statement
    red: bool
    beyond: bool


@remembered
def objectives(ed: Edition) -> tuple[Objective, ...]:
    """The chooser's objectives in the file's order."""
    return tuple(_objectives(ed))


def _objectives(ed: Edition) -> Iterator[Objective]:
    for o in (ed.data.options or {}).get("objectives", ()):
        yield Objective(
            o["id"], o["label"], o["short"], o["care"], statement(ed, o["why"]),
            tuple(str(o["anchors"][k]) for k in sorted(o["anchors"])),
        )  # fmt: skip


@remembered
def scores(ed: Edition) -> tuple[Score, ...]:
    """Every score, option by option."""
    return tuple(_score(ed, o, w) for o in read_options(ed) for w in objectives(ed))


def score_range(ed: Edition, option: Option, objective: str) -> tuple[int, int, int]:
    """Lowest and highest score that anybody gives an option on an objective, and how many people scored it."""
    raw = option.raw["scores"][objective]
    every = [(int(raw["low"]), int(raw["high"])), *_others(ed).get((option.id, objective), ())]
    return min(low for low, _ in every), max(high for _, high in every), len(every)


@remembered
def _others(ed: Edition) -> Mapping[tuple[str, str], Sequence[tuple[int, int]]]:
    """What further people gave: by option and objective, lowest and highest."""
    rows, found = ed.data.scores, defaultdict(list)
    for option, objective, low, high in zip(*(rows[n] for n in ("option", "objective", "low", "high")), strict=True):
        found[option, objective].append((int(low), int(high)))
    return found


def _score(ed: Edition, option: Option, objective: Objective) -> Score:
    raw = option.raw["scores"][objective.id]
    low, high, scorers = score_range(ed, option, objective.id)
    needs = next(o for o in (ed.data.options or {})["objectives"] if o["id"] == objective.id).get("needs_reach", {})
    found = share(ed, option, ed.campaign.all_series)
    beyond = any(high >= level and found.high <= part * found.n for level, part in needs.items()) and found.n > 0
    red = high > NOW and objective.id in option.red_on
    return Score(
        option, objective, low, high, (raw["low"], raw["high"]), scorers, mark(low, high),
        statement(ed, raw, "reason"), red, beyond,
    )  # fmt: skip


@result
def scorecard(ed: Edition) -> Outcome:
    """Every option on every objective: the range, its mark, reason, evidence and owner.

    Returns
    -------
    Result
        One row an option and objective: option, group, objective, low, high, mark (an id of `Mark`),
        reason (NA where it is not current), sources, incidents, scorers, red, beyond. `value` is a
        tuple of `Score` in the same order.
    """
    made = scores(ed)
    table = pd.DataFrame(
        [
            {
                "option": s.option.id, "group": s.option.group, "objective": s.objective.id, "low": s.low,
                "high": s.high, "mark": s.mark.value, "reason": s.reason.text if s.reason.current else None,
                "sources": " ".join(s.reason.sources), "incidents": " ".join(s.reason.incidents),
                "scorers": s.scorers, "red": s.red, "beyond": s.beyond,
            }
            for s in made
        ]
    )  # fmt: skip
    return Outcome(table, dict.fromkeys(s.option.id for s in made), value=made)


@dataclass(frozen=True)
class Lead:
    """What scores highest on one objective.

    Attributes
    ----------
    surest : tuple of Score
        The highest even at its worst; empty where none is better than now at its best, or more than
        `TIED` options share the place.
    boldest : Score or None
        An option that could end up higher than those, and could end up worse.
    """

    objective: Objective
    surest: tuple[Score, ...]
    boldest: Score | None
    tied: int = 0

    @property
    def alone(self) -> tuple[Option, ...]:
        """Options that no other shares the lead with."""
        sole = [*(self.surest if len(self.surest) == 1 else ()), self.boldest]
        return tuple(s.option for s in sole if s)

    @property
    def costs(self) -> tuple[Objective, ...]:
        """What a sole surest option makes worse for sure."""
        if len(self.surest) != 1:
            return ()
        return worse(self.surest[0].option)


def worse(option: Option) -> tuple[Objective, ...]:
    """Objectives that an option makes worse even at its best."""
    return tuple(s.objective for s in scores(option._ed) if s.option.id == option.id and s.high < NOW)


def better(option: Option) -> tuple[Objective, ...]:
    """Objectives that an option makes better even at its worst."""
    return tuple(s.objective for s in scores(option._ed) if s.option.id == option.id and s.low > NOW)


def leads(made: Sequence[Score]) -> tuple[Lead, ...]:
    """For every objective what scores highest: at its worst, and at its best."""
    return tuple(_lead(o, [s for s in made if s.objective == o]) for o in dict.fromkeys(s.objective for s in made))


def _lead(objective: Objective, on: Sequence[Score]) -> Lead:
    worst, best = [(s.low, s.high) for s in on], [(s.high, s.low) for s in on]
    sure, hope = max(worst), max(best)
    top = tuple(s for s, own in zip(on, worst, strict=True) if own == sure)
    alone = best.count(hope) == 1 and hope[0] > sure[1]
    led = len(top) if sure[1] > NOW else 0
    return Lead(objective, top if 0 < led <= TIED else (), on[best.index(hope)] if alone else None, led)


def cases(ed: Edition) -> tuple[Option, ...]:
    """Options worth half a page: aimed at what no other offered one is, or alone in the lead on an objective.

    Those that lead on most objectives come first; at most `CASES`, then in the file's order.
    """
    every, fresh = read_options(ed), _fresh(ed)
    alone = Counter(o.id for lead in leads(scores(ed)) for o in lead.alone)
    leading = [o for o in every if alone[o.id] and not o.baseline and o not in fresh]
    kept = [*fresh, *sorted(leading, key=lambda o: -alone[o.id])][:CASES]
    return tuple(o for o in every if o in kept)


def _fresh(ed: Edition) -> list[Option]:
    """Options aimed at attacked series that no offered one is aimed at."""
    given = offered(ed)
    aimed = {s for o in given for s in o.aimed_at}
    attacked = {s.id for s in ed.campaign.series if len(ed.incidents(ed.quarter, s.id))}
    return [o for o in read_options(ed) if o not in given and set(o.aimed_at) & attacked - aimed]


@result
def watch_list(ed: Edition) -> Outcome:
    """Signposts of all options with their state in this edition.

    Returns
    -------
    Result
        Columns option, signpost, state (an id of `Sign`), why, until (the last edition that it was written for,
        where that is past; else empty), sources, incidents. `value` is a tuple
        of (option, signpost) pairs in the same order.
    """
    made = tuple((o, s) for o in read_options(ed) for s in o.signposts)
    rows: list[dict[str, Any]] = [
        {
            "option": o.id, "signpost": s.text, "state": s.sign.value, "why": why.text if why.shown else None,
            "until": str(why.until) if why.dated else "", "sources": " ".join(why.sources),
            "incidents": " ".join(why.incidents),
        }
        for o, s in made
        for why in [s.why or _NO_REASON]
    ]  # fmt: skip
    return Outcome(pd.DataFrame(rows), dict.fromkeys(o.id for o, _ in made), value=made)


@result
def disagreement(ed: Edition) -> Outcome:
    """Where people who scored differ: one row an option and objective that more than one has scored.

    Returns
    -------
    Result
        Columns option, objective, scorers, low, high, first_low, first_high, apart (the largest distance
        between the middles of two people's ranges); the widest first.
    """
    rows = []
    for s in scores(ed):
        if others := _others(ed).get((s.option.id, s.objective.id)):
            middles = [sum(pair) / 2 for pair in (s.first, *others)]
            apart = max(middles) - min(middles)
            rows.append((s.option.id, s.objective.id, s.scorers, s.low, s.high, *s.first, apart))
    names = ["option", "objective", "scorers", "low", "high", "first_low", "first_high", "apart"]
    table = pd.DataFrame(rows, columns=names).sort_values("apart", ascending=False, kind="stable", ignore_index=True)
    return Outcome(table, dict.fromkeys(table["option"]), value=sorted(set(ed.data.scores["scorer"])))
