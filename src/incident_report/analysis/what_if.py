"""What if one thing were otherwise? The report's own findings again with one setting changed, side by side."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd

from incident_report.analysis import variants
from incident_report.analysis.counts import BASES, Count
from incident_report.analysis.edition import Edition
from incident_report.analysis.finding import Said, findings
from incident_report.analysis.names import day_of, is_number, known
from incident_report.analysis.options import read_options
from incident_report.analysis.result import Outcome, Result, result, verdict_id
from incident_report.analysis.rubric import rubric
from incident_report.analysis.scorecard import objectives
from incident_report.analysis.selection import chosen
from incident_report.analysis.tradeoffs import DRAWS, First, acceptability, first, ranges, smaa
from incident_report.data.model import CONFIDENCE, TEXT

FARTHEST = 45  # days by which a quarter's boundary may move: half a quarter
CLAIM = "claim."  # findings about what an article says of the whole campaign on days of the calendar
COLUMNS = (
    "of", "name", "base", "changed", "before", "after", "flips", "base_low", "base_high", "changed_low", "changed_high"
)  # fmt: skip


@dataclass(frozen=True)
class WhatIf:
    """What a change does.

    Attributes
    ----------
    setting : str
        The parameter that was changed.
    flips : tuple of str
        Findings, or options, whose verdict changes.
    unsaid : tuple of str
        Findings on which nothing can be said after the change.
    out, into : tuple of str
        Incidents that are counted before and not after, and the other way round.
    """

    setting: str
    flips: tuple[str, ...]
    unsaid: tuple[str, ...]
    out: tuple[str, ...] = ()
    into: tuple[str, ...] = ()


@dataclass(frozen=True)
class _Line:
    """One number before and after; `said` are the two verdicts, none for a count."""

    of: str
    name: str
    base: tuple[float, float, float]
    changed: tuple[float, float, float]
    said: tuple[Any, Any] = field(default=(None, None))

    @property
    def flips(self) -> bool | None:
        """Whether the verdict changes; None where there is none to change, or none after the change."""
        before, after = self.said
        return None if before is None or after is None else bool(before != after)


@result
def what_if(
    ed: Edition,
    rows: Result | pd.DataFrame | None = None,
    *,
    floor: str = "",
    without_sources: str | Sequence[str] = "",
    boundary: int = 0,
    merge_doubles: bool = False,
    tally_end: str = "",
    rubric_weights: Mapping[str, float] | None = None,
    option_weights: Mapping[str, float] | None = None,
) -> Outcome:
    """The report's counts and findings as they are, and with one setting changed.

    Parameters
    ----------
    ed : Edition
    rows : table of incidents, optional
        Only these are counted, as from `where` or ``x.selection``. Whether a change can be read from the record
        at all is judged by the whole record, since rows that were not chosen are not missing.
    floor : str
        Another confidence floor: ``low``, ``medium`` or ``high``.
    without_sources : str or list of str
        Kinds of sources, such as ``partisan``, or ids: incidents that rest on these alone are out, and so are the
        counts that they published.
    boundary : int
        Days by which every quarter begins later (or earlier, where negative), at most 45. Rows go by their coded
        date.
    merge_doubles : bool
        Rows that may tell of an attack that another row tells of are out.
    tally_end : str
        Day on which the headline tracker's counts of the edition's quarter end, such as ``2020-09-20``.
    rubric_weights : mapping of dimension -> number, optional
        Weights in the composite; a dimension that is not named weighs 1, as in the report.
    option_weights : mapping of objective -> number, optional
        Weights of the objectives; one that is not named weighs 1.

    Returns
    -------
    Result
        One row a count of the edition's quarter (`of` is ``count``), then one a finding: `name`, `base` and `changed`
        (attacks; a finding's own estimate), `before` and `after` (verdicts, NA where nothing can be said), `flips`,
        then the limits of both where they have any. Findings about single claims and about published counts are left
        out where `rows` or `boundary` is given, as these cannot be cut. For `option_weights` one row an option (`of` is
        ``option``): the share of draws in which it comes first over all weightings, and with these weights; its
        verdict is ``first`` where no other option comes first more often. `value` is a `WhatIf`.

    Raises
    ------
    ValueError
        If not exactly one setting is given, or for a value that does not exist; the message names the parameter.

    Examples
    --------
    >>> what_if(ed, floor="high").flips  # doctest: +SKIP
    ('rockets.documented.baseline',)
    """
    given = {
        "rows": rows, "floor": floor, "without_sources": without_sources, "boundary": boundary,
        "merge_doubles": merge_doubles, "tally_end": tally_end, "rubric_weights": rubric_weights,
        "option_weights": option_weights,
    }  # fmt: skip
    wanted = [k for k, v in given.items() if _is_given(v)]
    if len(wanted) != 1:
        named = " and ".join(wanted) or "none"
        raise ValueError(f"what_if changes one setting at a time; given {named}; there are {', '.join(given)}")
    [setting] = wanted
    if option_weights is not None:
        return _outcome(setting, list(_options(ed, option_weights)), rows=[o.id for o in read_options(ed)])
    changed = _CHANGES[setting](ed, given[setting])
    own = setting in ("rows", "boundary")
    lines = [*_counts(ed, changed, BASES[1:] if own else BASES), *_findings(ed, changed, own)]
    before, after = (e.counted["incident_id"].astype(str) for e in (ed, changed))
    out, into = (tuple(a[~a.isin(set(b))]) for a, b in ((before, after), (after, before)))
    return _outcome(setting, lines, after, out, into)


def _outcome(
    setting: str, lines: Sequence[_Line], rows: Iterable[str], out: tuple[str, ...] = (), into: tuple[str, ...] = ()
) -> Outcome:
    table = pd.DataFrame(
        [
            (
                n.of,
                n.name,
                n.base[0],
                n.changed[0],
                *(verdict_id(v) or None for v in n.said),
                n.flips,
                *n.base[1:],
                *n.changed[1:],
            )
            for n in lines
        ],
        columns=list(COLUMNS),
    ).astype({"of": TEXT, "name": TEXT, "before": TEXT, "after": TEXT, "flips": "boolean"})
    flips = tuple(n.name for n in lines if n.flips)
    unsaid = tuple(n.name for n in lines if n.said[0] is not None and n.said[1] is None)
    return Outcome(table, rows, value=WhatIf(setting, flips, unsaid, out, into))


def _counts(ed: Edition, changed: Edition, bases: Sequence[str]) -> Iterator[_Line]:
    """Counts of the edition's quarter, as far as either side has one."""
    for basis in bases:
        for series in ed.series:
            now, then = (e.record(series.id).count(e.quarter, basis) for e in (ed, changed))
            if (now.count, then.count) != (None, None):
                yield _Line("count", f"{series.fact}.{basis}", _counted(now), _counted(then))


def _counted(made: Count) -> tuple[float, float, float]:
    return (math.nan if made.count is None else made.count, *made.limits)


def _findings(ed: Edition, changed: Edition, own: bool) -> Iterator[_Line]:
    """What the report finds; of our own rows alone where what others counted and wrote cannot be cut."""
    for name, finding in findings(ed).items():
        base = finding.say(ed)
        assert base is not None  # findings() lists none that says nothing
        if not (own and (base.tallies or name.startswith(CLAIM))):
            said = finding.say(changed)
            verdicts = (base.verdict, None if said is None else said.verdict)
            yield _Line("finding", name, _numbers(base), _numbers(said), verdicts)


def _numbers(said: Said | None) -> tuple[float, float, float]:
    return (math.nan,) * 3 if said is None else (said.estimate, said.low, said.high)


def _options(ed: Edition, given: Mapping[str, float]) -> Iterator[_Line]:
    """How often each option comes first over all weightings, and with these weights."""
    weights = _weights("option_weights", given, [o.id for o in objectives(ed)])
    ids = [o.id for o in read_options(ed)]
    base = acceptability(ed).value[: len(ids)]  # then with objectives left out
    fixed = np.array([weights.get(o.id, 1.0) for o in objectives(ed)])
    changed = [first(float(share)) for share in smaa(*ranges(ed), draws=DRAWS, fixed=fixed)]
    for name, old, new in zip(ids, base, changed, strict=True):
        verdicts = (_rank(old, base), _rank(new, changed))
        yield _Line("option", name, (old.share, old.low, old.high), (new.share, new.low, new.high), verdicts)


def _rank(one: First, every: Sequence[First]) -> str:
    """Whether no other comes first more often, as far as draws can tell."""
    return "first" if one.high >= max(f.low for f in every) else "behind"


def _sources(ed: Edition, given: str | Sequence[str]) -> frozenset[str]:
    table = ed.data.sources
    kinds, ids = sorted(table["kind"].dropna().unique()), table["source_id"]
    asked = [known("without_sources", g, [*kinds, *ids]) for g in ([given] if isinstance(given, str) else given)]
    return frozenset(table.loc[table["kind"].isin(asked) | ids.isin(asked), "source_id"])


def _days(given: int) -> int:
    if isinstance(given, bool) or not isinstance(given, int) or abs(given) > FARTHEST:
        raise ValueError(f"boundary is {given!r}; give whole days from -{FARTHEST} to {FARTHEST}")
    return given


def _ended(ed: Edition, given: str) -> Edition:
    end = day_of("tally_end", given)
    counts = [t for s in ed.series if (t := ed.tally(ed.quarter, s.id))]
    if not counts:
        raise ValueError(f"tally_end: the headline tracker has no count of {ed.quarter}, so there is no end to move")
    if not counts[0].window.start <= end <= ed.quarter.end:
        raise ValueError(f"tally_end is {end}; give a day from {counts[0].window.start} to {ed.quarter.end}")
    return variants.moved(ed, tuple(t.tally_id for t in counts), None, end)


def _reweighted(ed: Edition, given: Mapping[str, float]) -> Edition:
    rules = rubric(ed)
    weights = _weights("rubric_weights", given, rules.composite if rules else ())
    return variants.reweighted(ed, tuple(sorted(weights.items())))


def _is_given(value: Any) -> bool:
    """Whether a setting is changed: 0 and an empty text or list change nothing; of rows and weights any are given."""
    return bool(value) if isinstance(value, str | int | float | list | tuple) else value is not None


def _weights(parameter: str, given: Mapping[str, float], names: Iterable[str]) -> dict[str, float]:
    there = list(names)
    if not isinstance(given, Mapping) or not given:
        raise ValueError(f"{parameter} must name a weight, as {{{next(iter(there), 'name')!r}: 2}}")
    weights = {known(parameter, name, there): value for name, value in given.items()}
    for name, value in weights.items():
        if not is_number(value) or not 0 <= value < math.inf:
            raise ValueError(f"{parameter}: {name} is {value!r}; give a number from 0")
    if set(weights) == set(there) and not any(weights.values()):
        raise ValueError(f"{parameter} are all 0; give at least one above it")
    return {name: float(value) for name, value in weights.items()}


_CHANGES: Mapping[str, Callable[[Edition, Any], Edition]] = {
    "rows": lambda ed, rows: variants.part(ed, frozenset(chosen(ed, rows)["incident_id"])),
    "floor": lambda ed, floor: variants.floored(ed, known("floor", floor, CONFIDENCE)),
    "without_sources": lambda ed, given: variants.without_sources(ed, _sources(ed, given)),
    "boundary": lambda ed, days: variants.shifted(ed, _days(days)),
    "merge_doubles": lambda ed, _: variants.without(ed, frozenset(variants.doubles(ed))),
    "tally_end": _ended,
    "rubric_weights": _reweighted,
}
