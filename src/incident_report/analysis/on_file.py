"""The fact `on_file`: what the record, its evidence and dated events say of one statement, and by whom."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import chain
from typing import Any

import pandas as pd

from incident_report.analysis.comparability import Support, support
from incident_report.analysis.comparisons import find_change
from incident_report.analysis.counts import DOCUMENTED, TALLY, Count
from incident_report.analysis.coverage import FULL, coverage, disjoint_sums
from incident_report.analysis.edition import Edition
from incident_report.analysis.exact import rarefied
from incident_report.analysis.rates import clopper_pearson
from incident_report.analysis.remember import remembered
from incident_report.analysis.told import ENOUGH, Answer, Standing, Told, examined, standing_of
from incident_report.data.conditions import matches
from incident_report.periods import Period

FEWEST = 10  # attacks with a technique on record, per quarter, before shares are compared


@dataclass(frozen=True)
class OnFile(Told):
    """The same of statements about many attacks: counts, shares, kinds.

    Examples
    --------
    >>> ed.facts.on_file.cell("IQ-20200903-1", "attack_method", "drone").standing  # doctest: +SKIP
    <Standing.DENIED: 'denied'>
    """

    def counted(self, series: str, quarter: str, figure: int) -> Answer:
        """Whether a tally's figure is on file, and how near others come: near is no proof of the same attacks."""
        q = Period.parse(quarter)
        tally, beside = self._ed.tally(q, series), coverage(self._ed, q, series)
        if tally is None:
            return Answer(Standing.OPEN, "tally", {"quarter": q, "tally": None})
        sums = _sums(self._ed)
        sums = sums[(sums["series"] == series) & (sums["period"] == quarter) & (sums["together"] * FULL > figure)]
        documented = beside.documented if beside else None
        if tally.count != figure:
            standing = Standing.DENIED
        elif len(sums):
            standing = Standing.DISPUTED
        elif documented is not None and FULL * figure <= documented <= figure / FULL:
            standing = Standing.PART
        else:
            standing = Standing.BORNE_OUT if self.independent([tally.source]) else Standing.ALONE
        named = sums.replace({"tracker": dict(self._ed.campaign.trackers)}).sort_values("together")
        more = next(iter(named.to_dict("records")[-1:]), None)
        values = {"quarter": q, "tally": tally, "documented": documented, "more": more}
        return Answer(standing, "tally", values, beside.rows if beside else (tally.tally_id,),
                      estimate=float(documented or 0))  # fmt: skip

    def more(self, series: str, quarter: str, baseline: str) -> Answer:
        """Whether one quarter has a higher count than another: as described first, as a rate second.

        Borne out where both the tally and a record that kept pace have the higher count; the verdict on the
        rate is that of the report on the quarter against the other, and stands beside it.
        """
        q, b = Period.parse(quarter), Period.parse(baseline)
        then = self._ed.against(q, b)
        kept = support(self._ed.record(series), q, b)
        tallies, rows = [[self._ed.record(series).count(x, basis) for x in (q, b)] for basis in (TALLY, DOCUMENTED)]
        rate = find_change(then, series, TALLY) or find_change(then, series, DOCUMENTED)
        by_tally, by_rows = _higher(tallies), _higher(rows) if kept is Support.STEADY else None
        others = (by_rows, by_tally and self._published(series, q, b))
        standing = standing_of(True in others, by_tally is True, False in (by_tally, by_rows))
        values = {"quarter": q, "baseline": b, "series": self._ed.find_series(series), "tallies": tallies,
                  "documented": rows, "kept": kept.value, "rate": rate}  # fmt: skip
        ids = tuple(chain.from_iterable(c.rows for c in (*tallies, *rows)))
        ratio = (rows[0].count or 0) / max(rows[1].count or 0, 1)
        return Answer(standing, "more", values, ids, estimate=ratio, p=rate.p_adjusted if rate else math.nan)

    def _published(self, series: str, *quarters: Period) -> bool:
        """Whether somebody besides the article published a count of one of these quarters."""
        return bool(self.independent([t.source for q in quarters if (t := self._ed.tally(q, series))]))

    def none(self, series: str, quarter: str, *columns: str) -> Answer:
        """Whether no attack of a series did this harm: somebody besides the article has to say so of nearly each."""
        rows = self._rows(quarter, series, *columns, "sources")
        by_row = self._harmless(rows, columns)
        some = rows[(rows[list(columns)].fillna(0) > 0).any(axis=1)]
        stand = Counter(by_row.values())
        told, alone = stand[Standing.BORNE_OUT], stand[Standing.ALONE]
        if len(some):
            standing = Standing.DENIED
        elif len(rows) and told >= ENOUGH * len(rows):
            standing = Standing.BORNE_OUT
        else:
            standing = Standing.PART if told else Standing.ALONE if alone else Standing.OPEN
        values = {"n": len(rows), "told": told, "alone": alone, "some": len(some), "by_row": by_row,
                  "silent": len(rows) - told - alone - len(some)}  # fmt: skip
        estimate = told / len(rows) if len(rows) else math.nan
        return Answer(standing, "none", values, tuple(some["incident_id"] if len(some) else by_row), estimate=estimate)

    def share(self, quarter: str, test: Mapping[str, Any], least: float, series: str = "") -> Answer:
        """Whether at least this share of a quarter's attacks pass a test, with every silent report against it."""
        every = self._ed.campaign.all_series.id
        rows = self._rows(quarter, series or every, *self._ed.whole.counted.columns[1:])
        answer = matches(rows, test, self._ed.campaign.series)
        known, yes = int(answer.notna().sum()), int(answer.sum()) if len(answer) else 0
        values = {"n": len(rows), "known": known, "yes": yes, "silent": len(rows) - known}
        if not known:
            return Answer(Standing.OPEN, "share", values)
        low, _ = clopper_pearson(yes, known)
        if yes < least * known:
            standing = Standing.DENIED
        else:
            standing = Standing.BORNE_OUT if low > least and yes >= least * len(rows) else Standing.PART
        return Answer(standing, "share", values, tuple(rows["incident_id"]), estimate=yes / known)

    def kinds(self, column: str, quarter: str, baseline: str) -> Answer:
        """Whether a quarter's attacks are of more kinds than another's, at equal numbers of attacks (rarefaction)."""
        pair = [self._rows(q, self._ed.campaign.all_series.id, column) for q in (quarter, baseline)]
        counts = [tuple(Counter(rows[column]).values()) for rows in pair]
        sizes = [*map(sum, counts)]
        values: dict[str, Any] = {"kinds": [*map(len, counts)], "attacks": sizes, "equal": min(sizes)}
        if not min(sizes):
            return Answer(Standing.OPEN, "kinds", values | {"at_equal": None})
        now, before = (rarefied(c, min(sizes)) for c in counts)
        values |= {"at_equal": [now.mean, before.mean]}
        if now.mean <= before.mean:
            standing = Standing.DENIED
        else:  # clear only where 1.96 standard deviations of either do not reach the other
            apart = now.mean - before.mean > 1.96 * math.hypot(now.sd, before.sd)
            standing = Standing.BORNE_OUT if apart else Standing.PART
        ids = tuple(pd.concat([rows["incident_id"] for rows in pair]))
        return Answer(standing, "kinds", values, ids, estimate=now.mean - before.mean)

    def more_often(self, techniques: Sequence[str], series: str, quarter: str, baseline: str) -> Answer:
        """Whether techniques have a larger share, among attacks with any on record, than before."""
        pair = [self._rows(q, series, "techniques") for q in (quarter, baseline)]
        told = [[*filter(None, rows["techniques"])] for rows in pair]
        having = [sum(not set(techniques).isdisjoint(t) for t in ts) for ts in told]
        n, known = [*map(len, pair)], [*map(len, told)]
        values = {"having": having, "n": n, "known": known, "needed": FEWEST}
        ids = tuple(pd.concat([rows["incident_id"] for rows in pair]))
        if min(known) < FEWEST:
            return Answer(Standing.OPEN, "techniques", values, ids)
        shares = [h / k for h, k in zip(having, known, strict=True)]
        (low, _), (_, high) = (clopper_pearson(h, k) for h, k in zip(having, known, strict=True))
        standing = Standing.BORNE_OUT if low > high else Standing.PART if shares[0] > shares[1] else Standing.DENIED
        return Answer(standing, "techniques", values, ids, estimate=shares[0] - shares[1])

    def _harmless(self, rows: pd.DataFrame, columns: Sequence[str]) -> dict[Any, Standing]:
        """`_no_harm` by row; once for all with the same values and sources of which nobody looked up a cell."""
        looked_up, alike, found = examined(self._ed), {}, {}
        for ident, *values in rows[["incident_id", *columns, "sources"]].itertuples(index=False):
            key = ident if ident in looked_up else tuple(map(str, values))
            if key not in alike:
                alike[key] = self._no_harm(str(ident), columns)
            found[ident] = alike[key]
        return found

    def _no_harm(self, incident_id: str, columns: Sequence[str]) -> Standing:
        """The weakest standing of zero over some columns; open where a source disputes it."""
        order = [Standing.BORNE_OUT, Standing.ALONE]
        found = [self.cell(incident_id, c, 0).standing for c in columns]
        return max(found, key=order.index) if all(s in order for s in found) else Standing.OPEN


def on_file(ed: Edition) -> OnFile:
    """What the edition has on file, up to its last day."""
    return OnFile(ed, last_known_day(ed))


def last_known_day(ed: Edition) -> date:
    """The last day that an edition can say something about."""
    return min(ed.quarter.end, ed.data.as_of) if ed.data.as_of else ed.quarter.end


@remembered
def _sums(edition: Edition) -> pd.DataFrame:
    return disjoint_sums(edition).table


def _higher(pair: Sequence[Count]) -> bool | None:
    now, before = (c.count for c in pair)
    return None if now is None or before is None else now > before
