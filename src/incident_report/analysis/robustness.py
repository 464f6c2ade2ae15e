"""Does a verdict survive its doubts? Every key finding again, over declared variants of data and rule.

A *kind* of doubt counts once, and holds only if every value in it holds. Plausible kinds are told apart from
stress kinds: a verdict that one plausible kind flips is fragile.
"""

from __future__ import annotations

import math
from collections.abc import Hashable, Iterator, Mapping, Sequence, Set
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

import numpy as np
import pandas as pd

from incident_report.analysis import variants
from incident_report.analysis.comparability import telling
from incident_report.analysis.edition import Edition
from incident_report.analysis.finding import (
    Finding,
    Said,
    Say,
    finding_named,
    findings,
    register_finding,
    register_findings,
)
from incident_report.analysis.kept import kept
from incident_report.analysis.left_out import left_out
from incident_report.analysis.remember import remembered
from incident_report.analysis.result import Outcome, Result, result, verdict_id
from incident_report.data.model import CONFIDENCE

PLAUSIBLE = (
    "window",  # days on which a count may have begun or ended
    "weak_rows",  # rows of low confidence, and those that a source contradicts, out
    "doubles",  # rows that may tell of one attack merged
    "single_row",  # each row out
    "single_day",  # each day's rows out
    "single_tracker",  # each tracker out, and each other one in the headline's place
    "unknowns",  # what reports do not tell taken as yes and as no
    "floor",  # a higher confidence floor
)
STRESS = (
    "whole_period",  # a tally that stops early read as the whole period's
    "other_prior",
    "other_test",
    "more_draws",
)
KINDS = (*PLAUSIBLE, *STRESS)
RULES = STRESS[1:]  # change the rule and not the data: they bear on a finding though its estimate stays


@dataclass(frozen=True)
class Robustness:
    """What a finding survives.

    Attributes
    ----------
    survives : tuple of str
        Kinds that bear on it and hold, plausible ones first.
    flips : mapping of kind -> row of the table
        The first variant of each kind that changes the verdict.
    untouched : tuple of str
        Kinds whose variants change nothing at all here, neither estimate nor p, or that have none.
    holds_for : tuple of date
        Possible last days of the counts compared for which the verdict stands; empty where they are stated.
    fails_for : tuple of date
        The others.
    """

    name: str
    said: Said
    survives: tuple[str, ...]
    flips: Mapping[str, Mapping[str, Any]]
    untouched: tuple[str, ...]
    holds_for: tuple[date, ...]
    fails_for: tuple[date, ...]

    @property
    def fragile(self) -> bool:
        """Whether one plausible kind of doubt flips the verdict."""
        return any(k in PLAUSIBLE for k in self.flips)

    @property
    def plausible_flips(self) -> tuple[str, ...]:
        """Plausible kinds that flip it."""
        return tuple(k for k in PLAUSIBLE if k in self.flips)

    @property
    def stress_flips(self) -> tuple[str, ...]:
        """Stress kinds that flip it."""
        return tuple(k for k in STRESS if k in self.flips)

    @property
    def against(self) -> tuple[str, ...]:
        """Every kind that flips it, without the whole period where a possible last day already does."""
        return tuple(k for k in KINDS if k in self.flips and not (k == "whole_period" and "window" in self.flips))

    @property
    def plausible_survives(self) -> tuple[str, ...]:
        """Plausible kinds that bear on it and hold."""
        return tuple(k for k in PLAUSIBLE if k in self.survives)


@dataclass(frozen=True)
class _Variant:
    kind: str
    label: str
    said: Said | None
    rows: int = 0  # that one left out stands for
    end: date | None = None  # of the counts compared, where it is moved


COLUMNS = (
    "kind", "plausible", "variant", "rows", "end", "estimate", "low", "high", "p_adjusted", "verdict", "holds",
)  # fmt: skip


@remembered
def _examined(edition: Edition, name: str) -> tuple[pd.DataFrame, Robustness]:
    finding = finding_named(edition, name)
    if finding is None:
        raise ValueError(f"there is no finding {name!r}; there are {', '.join(sorted(findings(edition)))}")
    base = finding.say(edition)
    assert base is not None  # there is no finding that says nothing
    made = kept(edition, f"robustness {name}", lambda: _gone_through(edition, finding, base))
    table = [row | {"end": pd.NaT if row["end"] is None else pd.Timestamp(row["end"])} for row in made["rows"]]
    return pd.DataFrame(table, columns=list(COLUMNS)), _summary(name, base, set(made["touched"]), table[1:])


def _gone_through(edition: Edition, finding: Finding, base: Said) -> dict[str, Any]:
    """Every variant that bears on a finding, and the kinds that do, as JSON can hold it."""
    made = [v for v in _variants(edition, finding, base) if _speaks(v, base) and (v.end or _bears(v, base))]
    rows = [_row(_Variant("as_reported", "", base), base), *(_row(v, base) for v in made)]
    return {"rows": rows, "touched": sorted({v.kind for v in made if _bears(v, base)})}


def _summary(name: str, base: Said, touched: Set[str], rows: Sequence[dict[str, Any]]) -> Robustness:
    flips = {row["kind"]: row for row in reversed(rows) if not row["holds"]}  # the first of its kind stays
    moved = [row for row in rows if not pd.isna(row["end"])]
    fails = {row["end"].date() for row in moved if not row["holds"]}
    in_order = partial(sorted, key=KINDS.index)
    return Robustness(
        name,
        base,
        tuple(in_order(touched - flips.keys())),
        {k: flips[k] for k in in_order(flips)},
        tuple(in_order(set(KINDS) - touched)),
        tuple(sorted({row["end"].date() for row in moved} - fails)),
        tuple(sorted(fails)),
    )


@result
def robustness(ed: Edition, *, finding: str) -> Outcome:
    """One finding under every declared variant: its specification curve.

    Parameters
    ----------
    finding : str
        Name out of `findings`: ``rockets.tally.baseline``, ``munitions.trend``, ``first.drone``.

    Returns
    -------
    Result
        One row a variant that changes anything, the reported one (kind ``as_reported``) first: kind, plausible,
        variant, rows (that one left out stands for), end (of the counts compared, where moved), estimate, low,
        high, p_adjusted, verdict, holds. `value` is a `Robustness`.

    Raises
    ------
    ValueError
        If there is no such finding, naming those that there are.
    """
    table, found = _examined(ed, finding)
    return Outcome(table, found.said.tallies, found.said.verdict, found)


@result
def overview(ed: Edition) -> Outcome:
    """Every key finding with what it survives and what flips it, one row each.

    Returns
    -------
    Result
        finding, verdict, fragile, survives, flips, untouched (kinds, spaced).
    """
    made = kept(ed, "overview", lambda: [_line(_examined(ed, name)[1]) for name in findings(ed)])
    columns = ["finding", "verdict", "fragile", "survives", "flips", "untouched"]
    return Outcome(pd.DataFrame(made, columns=columns), ed.counted["incident_id"])


def _line(r: Robustness) -> tuple[Any, ...]:
    spaced = map(" ".join, (r.survives, r.flips, r.untouched))
    return r.name, verdict_id(r.said.verdict), r.fragile, *spaced


def examine(ed: Edition, finding: str) -> Result | None:
    """`robustness`, or None where the edition has no such finding."""
    return robustness(ed, finding=finding) if finding_named(ed, finding) else None


def _speaks(v: _Variant, base: Said) -> bool:
    """Without its tracker a finding may say nothing at all; that is no other answer."""
    silent = v.said is None or ("coverage_unknown" in v.said.because and "coverage_unknown" not in base.because)
    return not (v.kind == "single_tracker" and silent)


def _holds(said: Said | None, base: Said) -> bool:
    return said is not None and bool(said.verdict == base.verdict)


def _bears(v: _Variant, base: Said) -> bool:
    """Whether a variant bears on the finding: one that changes nothing, neither estimate nor p, does not."""
    said = v.said
    if v.kind in RULES or said is None:
        return True
    pairs = ((said.estimate, base.estimate), (said.p_adjusted, base.p_adjusted))
    same = all(a == b or (math.isnan(a) and math.isnan(b)) for a, b in pairs)
    return said.verdict != base.verdict or said.because != base.because or not same


def _row(v: _Variant, base: Said) -> dict[str, Any]:
    said = v.said or Said(None)
    return {
        "kind": v.kind, "plausible": v.kind not in STRESS, "variant": v.label, "rows": v.rows,
        "end": None if v.end is None else v.end.isoformat(), "estimate": said.estimate, "low": said.low,
        "high": said.high, "p_adjusted": said.p_adjusted, "verdict": verdict_id(said.verdict),
        "holds": _holds(v.said, base),
    }  # fmt: skip


def _variants(ed: Edition, finding: Finding, base: Said) -> Iterator[_Variant]:
    if finding.tallies:
        yield from _counted_otherwise(ed, finding.say, base)
    alike = finding.rows(ed) if finding.rows else np.arange(len(ed.counted))
    if (alike >= 0).any() or finding.fills or finding.tallies:
        yield from _reported_otherwise(ed, finding, alike)
    for kind, rules in finding.stress.items():
        for label, rule in rules.items():
            yield _Variant(kind, label, rule(ed))


def _counted_otherwise(ed: Edition, say: Say, base: Said) -> Iterator[_Variant]:
    """What others published: over other days, without a tracker, by another one, read as the whole period."""
    for doubt in variants.doubts(ed):
        own = bool(set(doubt.ids) & set(base.tallies))
        for start, end in doubt.windows:
            label = f"{' '.join(doubt.ids)} {start}/{end}"
            said = base if (start, end) == doubt.best else say(variants.moved(ed, doubt.ids, start, end))
            yield _Variant("window", label, said, end=end if own else None)
    for tracker in sorted({t.tracker for t in ed.published if t.tally_id in telling(ed)}):
        yield _Variant("single_tracker", f"without {tracker}", say(variants.without_tracker(ed, tracker)))
        if tracker != ed.campaign.headline_tracker:
            yield _Variant("single_tracker", f"only {tracker}", say(variants.headlined(ed, tracker)))
    if (whole := variants.whole_periods(ed)) is not None:
        yield _Variant("whole_period", "", say(whole))


def _reported_otherwise(ed: Edition, finding: Finding, alike: np.ndarray) -> Iterator[_Variant]:
    """The record without some of its rows, with its unknowns filled, at a higher floor."""
    say = finding.say
    for label, ids in variants.weak(ed).items():
        yield _Variant("weak_rows", label, say(variants.without(ed, ids)), len(ids))
    pairs = variants.doubles(ed)
    for one in pairs if len(pairs) > 1 else ():
        yield _Variant("doubles", one, say(variants.without(ed, frozenset([one]))), 1)
    if pairs:
        yield _Variant("doubles", " ".join(pairs), say(variants.without(ed, frozenset(pairs))), len(pairs))
    yield from _left_out(ed, finding.say, alike)
    for label, fill in finding.fills.items():
        yield _Variant("unknowns", label, say(fill(ed)))
    for floor in CONFIDENCE[CONFIDENCE.index(ed.confidence_floor) + 1 :]:
        above = variants.floored(ed, floor)
        if len(above.counted):  # a floor that no row reaches leaves no record, and so no doubt of what it says
            yield _Variant("floor", floor, say(above))


def _left_out(ed: Edition, say: Say, alike: np.ndarray) -> Iterator[_Variant]:
    """Each row out, and each day's rows; what takes as many rows of each kind out is asked once."""
    said: dict[Hashable, Said | None] = {}
    for one in left_out(ed, alike):
        if one.alike not in said:
            said[one.alike] = say(variants.without(ed, one.ids))
        yield _Variant(one.kind, one.label, said[one.alike], one.rows)


__all__ = [
    "KINDS", "PLAUSIBLE", "STRESS", "Finding", "Robustness", "Said", "examine", "findings", "overview",
    "register_finding", "register_findings", "robustness",
]  # fmt: skip
