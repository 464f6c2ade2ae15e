"""Checks of claims about counts, harm and methods; each is called by its name in claims.yml.

Every check takes the edition, the days that the claim is about, and its arguments, and returns an
`Outcome`. Unknown is never taken for no, and the article's own text never confirms itself.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

import pandas as pd

from incident_report.analysis import change as changes
from incident_report.analysis.comparability import Support, support
from incident_report.analysis.counts import DOCUMENTED, TALLY, count
from incident_report.analysis.coverage import FULL, coverage
from incident_report.analysis.edition import Edition
from incident_report.analysis.rates import clopper_pearson
from incident_report.analysis.verdicts import Outcome, Span, Verdict, flagged, independent, register, until
from incident_report.data.conditions import matches
from incident_report.periods import Quarter

ENOUGH = 0.9  # share of reports that must say 'none' before 'none' is taken as shown
FEWEST = 10  # attacks with a technique on record, per quarter, before shares are compared


@register
def tally_sequence(edition: Edition, about: Span, series: str, counts: Mapping[str, int]) -> Outcome:
    """The headline tracker counted so many in each quarter, and documented incidents come close to it.

    A tally cannot confirm itself: supported only where documented incidents over the same days lie
    between 0.8 and 1.25 times every figure; partly where they do for some.
    """
    parts: list[dict[str, Any]] = []
    for name, claimed in counts.items():
        quarter = Quarter.parse(name)
        tally, beside = edition.tally(quarter, series), coverage(edition, quarter, series)
        documented = beside.documented if beside else None
        parts.append(
            {
                "quarter": quarter,
                "claimed": int(claimed),
                "tally": tally.count if tally else None,
                "end": tally.window.end if tally and tally.partial else None,
                "documented": documented,
                "near": documented is not None and claimed * FULL <= documented <= claimed / FULL,
                "rows": beside.rows if beside else (),
                "source": tally.source if tally else "",
            }
        )
    ids = tuple(str(i) for p in parts for i in p["rows"])
    sources = independent(edition, [p["source"] for p in parts])
    differs = [p for p in parts if p["tally"] is not None and p["tally"] != p["claimed"]]
    near = [p for p in parts if p["near"]]
    if differs:
        verdict = Verdict.NOT if len(differs) == len(parts) else Verdict.PARTLY
    elif len(near) == len(parts):
        verdict = Verdict.SUPPORTED
    else:
        verdict = Verdict.PARTLY if near else Verdict.UNTESTABLE
    facts = {"parts": parts, "differs": differs, "near": len(near), "own": not sources, "series": series}
    return Outcome(verdict, facts, ids, (TALLY, DOCUMENTED), sources)


@register
def count_change(edition: Edition, about: Span, series: str, quarter: str, baseline: str, direction: str) -> Outcome:
    """One quarter had a higher (or lower) rate than another, by the exact test; tally first, rows second."""
    wanted = changes.Verdict.RISE if direction == "up" else changes.Verdict.FALL
    against = changes.Verdict.FALL if direction == "up" else changes.Verdict.RISE
    tests: list[changes.Change] = []
    for basis in (TALLY, DOCUMENTED):
        now = count(edition, Quarter.parse(quarter), series, basis)
        before = count(edition, Quarter.parse(baseline), series, basis)
        if now.count is None or before.count is None:
            continue
        test, judged = changes.compare((now.count, now.days), (before.count, before.days))
        tests.append(changes.Change(series, basis, "claim", now, (before,), test, test.p, judged))
    rows = tuple(r for t in tests for r in t.rows)
    kept = support(edition, series, Quarter.parse(quarter), Quarter.parse(baseline))
    facts = {"tests": tests, "series": series, "direction": direction, "support": kept.value}
    bases = tuple(t.basis for t in tests)
    if not tests:
        return Outcome(Verdict.UNTESTABLE, facts)
    first, rest = tests[0], tests[1:]
    ratio = first.test.ratio
    right_way = ratio > 1 if direction == "up" else ratio < 1  # NaN (no attack in either) is neither
    on_rows = first.basis == DOCUMENTED
    if first.verdict is changes.Verdict.TOO_FEW or (on_rows and kept is Support.THIN and not right_way):
        verdict = Verdict.UNTESTABLE
    elif not right_way:
        verdict = Verdict.NOT
    elif first.verdict is wanted and not any(t.verdict is against for t in rest):
        # Rows alone cannot carry a trend that a change in what was recorded would also give.
        verdict = Verdict.PARTLY if on_rows and kept is not Support.STEADY else Verdict.SUPPORTED
    else:
        verdict = Verdict.PARTLY
    return Outcome(verdict, facts, rows, bases)


@register
def kinds_change(edition: Edition, about: Span, column: str, quarter: str, baseline: str) -> Outcome:
    """More kinds of target (or method) in one quarter than in another.

    Never more than partly supported: the more attacks, the more kinds turn up by chance alone.
    """
    now, before = (_quarter_rows(edition, Quarter.parse(q), "all", about.end) for q in (quarter, baseline))
    if now is None or before is None:
        return Outcome(Verdict.UNTESTABLE, {"no_file": quarter if now is None else baseline})
    kinds = [sorted({v for v in rows[column] if v}) for rows in (now, before)]
    facts = {
        "now": kinds[0],
        "before": kinds[1],
        "quarter": Quarter.parse(quarter),
        "baseline": Quarter.parse(baseline),
        "attacks": (len(now), len(before)),
        "column": column,
    }
    verdict = Verdict.PARTLY if len(kinds[0]) > len(kinds[1]) else Verdict.NOT
    return Outcome(verdict, facts, _ids(now, before), (DOCUMENTED,))


@register
def technique_seen(edition: Edition, about: Span, technique: str, series: str, quarter: str) -> Outcome:
    """A technique is on record for at least one attack."""
    rows = _quarter_rows(edition, Quarter.parse(quarter), series, about.end)
    if rows is None:
        return Outcome(Verdict.UNTESTABLE, {"no_file": quarter})
    rows = rows[rows["date"] >= pd.Timestamp(about.start)]
    seen = flagged(rows, [technique in t for t in rows["techniques"]])
    sources = independent(edition, [s for ids in seen["sources"] for s in ids])
    facts = {
        "technique": technique,
        "series": series,
        "n": len(rows),
        "known": int(sum(bool(t) for t in rows["techniques"])),
        "seen": len(seen),
        "own": not sources,
    }
    if seen.empty:
        return Outcome(Verdict.UNTESTABLE, facts, _ids(rows), (DOCUMENTED,))
    verdict = Verdict.SUPPORTED if sources else Verdict.PARTLY
    return Outcome(verdict, facts, _ids(seen), (DOCUMENTED,), sources)


@register
def technique_change(
    edition: Edition, about: Span, techniques: Sequence[str], series: str, quarter: str, baseline: str
) -> Outcome:
    """Some techniques had a larger share, among attacks with any technique on record, than before."""
    pair = [_quarter_rows(edition, Quarter.parse(q), series, about.end) for q in (quarter, baseline)]
    if pair[0] is None or pair[1] is None:
        return Outcome(Verdict.UNTESTABLE, {"no_file": quarter if pair[0] is None else baseline})
    known = [flagged(rows, [bool(t) for t in rows["techniques"]]) for rows in pair if rows is not None]
    with_it = [sum(bool(set(techniques) & set(t)) for t in rows["techniques"]) for rows in known]
    facts = {
        "techniques": list(techniques),
        "series": series,
        "quarter": Quarter.parse(quarter),
        "baseline": Quarter.parse(baseline),
        "n": tuple(len(rows) for rows in pair if rows is not None),
        "known": tuple(len(rows) for rows in known),
        "with": tuple(with_it),
    }
    ids = _ids(*(rows for rows in pair if rows is not None))
    if min(len(rows) for rows in known) < FEWEST:
        return Outcome(Verdict.UNTESTABLE, facts, ids, (DOCUMENTED,))
    low, _ = clopper_pearson(with_it[0], len(known[0]))
    _, high = clopper_pearson(with_it[1], len(known[1]))
    if low > high:  # the intervals lie apart
        verdict = Verdict.SUPPORTED
    else:
        more = with_it[0] / len(known[0]) > with_it[1] / len(known[1])
        verdict = Verdict.PARTLY if more else Verdict.NOT
    return Outcome(verdict, facts, ids, (DOCUMENTED,))


@register
def none_reported(edition: Edition, about: Span, series: str, quarter: str, fields: Sequence[str]) -> Outcome:
    """No attack of a series did this harm: every report says none, or nearly every and no other says more."""
    rows = _quarter_rows(edition, Quarter.parse(quarter), series, about.end)
    if rows is None:
        return Outcome(Verdict.UNTESTABLE, {"no_file": quarter})
    known = rows[list(fields)].notna().all(axis=1)
    some = rows[(rows[list(fields)].fillna(0) > 0).any(axis=1)]
    facts = {"n": len(rows), "known": int(known.sum()), "some": len(some), "fields": list(fields), "series": series}
    if len(some):
        return Outcome(Verdict.NOT, facts, _ids(some), (DOCUMENTED,), _cited(edition, some))
    if not known.any():
        return Outcome(Verdict.UNTESTABLE, facts, _ids(rows), (DOCUMENTED,))
    verdict = Verdict.SUPPORTED if known.mean() >= ENOUGH else Verdict.PARTLY
    return Outcome(verdict, facts, _ids(rows), (DOCUMENTED,))


@register
def last_with(edition: Edition, about: Span, field: str, series: str, date: str) -> Outcome:
    """The last attack with this harm, up to the end of the claim's days, was on that date."""
    rows = until(edition.incidents(None, series), about.end)
    hit = rows[rows[field].fillna(0) > 0]
    day = pd.Timestamp(date)
    later = rows[rows["date"] > (hit["date"].max() if len(hit) else pd.Timestamp(0))]
    silent = int(later[field].isna().sum())
    facts: dict[str, Any] = {
        "date": day.date(),
        "last": hit["date"].max().date() if len(hit) else None,
        "later": len(later),
        "silent": silent,
        "field": field,
        "series": series,
    }
    if hit.empty:
        return Outcome(Verdict.UNTESTABLE, facts, (), (DOCUMENTED,))
    last = hit[hit["date"] == hit["date"].max()]
    facts["value"] = int(last[field].sum())
    if facts["last"] != day.date():
        verdict = Verdict.NOT
    else:
        told = not len(later) or (len(later) - silent) / len(later) >= ENOUGH
        verdict = Verdict.SUPPORTED if told and _cited(edition, last) else Verdict.PARTLY
    return Outcome(verdict, facts, _ids(last), (DOCUMENTED,), _cited(edition, last))


@register
def silence_before(edition: Edition, about: Span, series: str, date: str, days: int) -> Outcome:
    """No attack of a series for so many days before one; partly, if the record only reaches so far back."""
    day = pd.Timestamp(date)
    rows = edition.incidents(None, series)
    before, first = rows[rows["date"] < day], rows[rows["date"] == day]
    begins = _unbroken_since(edition, Quarter.of(day.date()))
    if begins is None or first.empty:
        return Outcome(Verdict.UNTESTABLE, {"first": len(first), "begins": begins, "date": day.date()})
    last = before["date"].max().date() if len(before) else None
    silent = (day.date() - (last or begins)).days
    facts = {"first": len(first), "begins": begins, "date": day.date(), "last": last, "days": silent}
    if last is not None:
        verdict = Verdict.SUPPORTED if silent >= days else Verdict.NOT
    else:
        verdict = Verdict.PARTLY if silent >= days else Verdict.UNTESTABLE
    return Outcome(
        verdict, {**facts, "series": series}, _ids(first, before[-1:]), (DOCUMENTED,), _cited(edition, first)
    )


@register
def share_at_least(
    edition: Edition, about: Span, series: str, quarter: str, test: Mapping[str, Any], share: float
) -> Outcome:
    """At least this share of a quarter's attacks pass a test; reports that do not say are left out."""
    rows = _quarter_rows(edition, Quarter.parse(quarter), series, about.end)
    if rows is None:
        return Outcome(Verdict.UNTESTABLE, {"no_file": quarter})
    answer = matches(rows, test, edition.campaign.series)
    known, yes = int(answer.notna().sum()), int(answer.sum()) if len(answer) else 0
    facts = {"n": len(rows), "known": known, "yes": yes, "share": share, "test": test}
    if not known:
        return Outcome(Verdict.UNTESTABLE, facts, _ids(rows), (DOCUMENTED,))
    low, high = clopper_pearson(yes, known)
    unknown = len(rows) - known
    facts |= {"low": low, "high": high, "worst": yes / len(rows)}
    if yes / known < share:
        verdict = Verdict.NOT
    else:  # supported only if it would hold even with every silent report counted against it
        verdict = Verdict.SUPPORTED if low > share and (not unknown or yes / len(rows) >= share) else Verdict.PARTLY
    return Outcome(verdict, facts, _ids(rows), (DOCUMENTED,))


def _quarter_rows(edition: Edition, quarter: Quarter, series: str, end: date) -> pd.DataFrame | None:
    """Counted incidents of a quarter up to the claim's last day; None where the quarter has no file."""
    if not edition.has_incidents_file(quarter):
        return None
    return until(edition.incidents(quarter, series), end)


def _unbroken_since(edition: Edition, quarter: Quarter) -> date | None:
    """First day of the run of covered quarters that ends with `quarter`."""
    begins = None
    while (covered := edition.coverage(quarter)) is not None:
        begins = covered.start
        if covered.start != quarter.start:
            break
        quarter = quarter.shift(-1)
        before = edition.coverage(quarter)
        if before is not None and before.end != quarter.end:
            break
    return begins


def _ids(*frames: pd.DataFrame) -> tuple[str, ...]:
    return tuple(i for frame in frames for i in frame["incident_id"])


def _cited(edition: Edition, rows: pd.DataFrame) -> tuple[str, ...]:
    return independent(edition, [s for ids in rows["sources"] for s in ids])
