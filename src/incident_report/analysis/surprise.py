"""All candidate findings of an edition, ranked by how much they surprise.

Surprise is counted in bits: minus the binary logarithm of a declared chance, namely that a campaign that goes on as
it has would give something as far out. Every candidate states its chance in the same way, so that none is on a fixed
menu: comparisons on both bases, what attacks are like (method, technique, place), the largest event and salvo,
silence at the end of the quarter, highest counts on file.

======== ====================================================================================================
kind     chance
======== ====================================================================================================
change   p of the comparison, adjusted as its verdict is
share    exact binomial: the attacks of one method, technique or place that fell into the quarter, out of all of
         that kind, where each falls into it with the quarter's share of the record (the smaller tail, doubled)
first    the same for what is first on file, one tail: none can fall before the first
largest  that the one largest attack on file falls into the quarter: its part of those that killed, or whose munitions
         are known
silence  that no attack falls into the last days of what is covered, each falling on any day alike
highest  one in the number of quarters counted
======== ====================================================================================================
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd
from scipy import special

from incident_report.analysis.change import ALPHA, Verdict
from incident_report.analysis.comparability import Support, main_series, support
from incident_report.analysis.comparisons import change_name
from incident_report.analysis.counts import BASES
from incident_report.analysis.doubted import Comparison, Doubted
from incident_report.analysis.edition import Edition
from incident_report.analysis.remember import kept_property
from incident_report.analysis.result import Outcome, Result, result, verdict_id
from incident_report.analysis.series_facts import compare
from incident_report.analysis.sophistication import filed
from incident_report.analysis.techniques import RESIDUAL, firsts
from incident_report.analysis.timing import dated

CHANGE, SHARE, FIRST, LARGEST, SILENCE, HIGHEST = "change", "share", "first", "largest", "silence", "highest"
KINDS = (CHANGE, SHARE, FIRST, LARGEST, SILENCE, HIGHEST)
NEWS = -math.log2(ALPHA)  # bits from which a finding is news
FEWEST_QUARTERS = 3  # fewer cannot make a highest
_SHARED = {"attack_method": "method", "techniques": "technique", "governorate": "place"}
COLUMNS = ["kind", "name", "series", "basis", "what", "value", "now", "before", "chance", "bits", "verdict", "disputed"]


@dataclass(frozen=True)
class Candidate(Doubted):
    """Something that a report could say of the quarter.

    Attributes
    ----------
    kind : str
        One of `KINDS`.
    name : str
        That of the key finding where it is one (``rockets.tally.baseline``, ``first.drone``), so that its
        robustness can be asked.
    series, basis : str
        What it counts; empty where it counts attacks of all kinds, or people.
    what, value : str
        What it is about (``method``, ``place``, ``killed``, ``munitions``, ``days``) and which, as coded.
    now, before : int
        The quarter's number, and the one that it is set against.
    chance : float
        As declared for the kind; 1 where the two cannot be compared.
    verdict : Verdict or str
    rows : tuple of str
    disputed : bool
        A source gives something else, or only the article under test gives this.
    """

    _ed: Edition
    kind: str
    name: str
    series: str
    basis: str
    what: str
    value: str
    now: int
    before: int
    chance: float
    verdict: Any
    rows: tuple[str, ...] = ()
    disputed: bool = False
    made: Comparison | None = None

    @property
    def bits(self) -> float:
        """How much it surprises."""
        return 0.0 if self.chance >= 1 else -math.log2(max(self.chance, 1e-12))

    @property
    def change(self) -> Comparison | None:
        """The comparison, where it is one."""
        return self.made

    @kept_property
    def robust(self) -> Result | None:
        """The verdict under every declared variant; None where it is no key finding."""
        from incident_report.analysis.robustness import examine

        return examine(self._ed, self.name)

    @property
    def news(self) -> bool:
        """Whether it may stand in a headline: surprising, with a verdict of its own, and nobody disputes it."""
        quiet = self.verdict in (Verdict.LEVEL, Verdict.TOO_FEW, Verdict.NOT_COMPARABLE)
        return self.bits > NEWS and not quiet and not self.disputed


def _changes(ed: Edition) -> Iterator[Candidate]:
    for basis in BASES:
        compared = compare(ed, basis=basis)
        for c in compared:
            chance = 1.0 if c.verdict is Verdict.NOT_COMPARABLE else c.p_adjusted
            yield Candidate(
                ed, CHANGE, change_name(ed, c.series, basis, c.kind), c.series, basis, "count", c.kind, c.count_now,
                c.count_before, chance, c.verdict, c.rows, made=Comparison(compared, c),
            )  # fmt: skip


def _shares(ed: Edition) -> Iterator[Candidate]:
    """Methods, techniques and places of the series that the record follows best, in the quarter and before."""
    series = main_series(ed)
    quarters, rows = filed(ed), ed.incidents(None, series)
    inside = rows["quarter"] == str(ed.quarter)
    if len(quarters) < 2 or not inside.any():
        return
    steady = support(ed.record(series), *quarters) is Support.STEADY
    part = float(inside.mean())
    for column, what in _SHARED.items():
        values = rows[column].explode()
        for value, own in values.groupby(values, sort=True):
            if str(value) in RESIDUAL:
                continue
            k, now = len(own), int(inside[own.index].sum())
            chance = min(1.0, 2 * min(_tail(now, k, part), _tail(k - now, k, 1 - part)))
            clear = Verdict.RISE if now > k * part else Verdict.FALL
            verdict = (clear if chance < ALPHA else Verdict.LEVEL) if steady else Verdict.NOT_COMPARABLE
            ids = tuple(rows.loc[own.index, "incident_id"].astype(str))
            yield Candidate(
                ed, SHARE, f"{what}.{value}", series, "documented", what, str(value), now, k - now,
                chance if steady else 1.0, verdict, ids,
            )  # fmt: skip


def _tail(at_least: int, of: int, part: float) -> float:
    return float(special.bdtrc(at_least - 1, of, part))


def _firsts(ed: Edition) -> Iterator[Candidate]:
    every = ed.counted
    part = float((every["quarter"] == str(ed.quarter)).mean()) if len(every) else 1.0
    # Where an incident that is listed and not counted came earlier, nothing is the first on file.
    for one in (f for f in firsts(ed).value if f.listed is None):
        for value in (*one.methods, *one.techniques):
            what = "method" if value in one.methods else "technique"
            column = "attack_method" if value in one.methods else "techniques"
            has = [value == v if isinstance(v, str) else value in v for v in every[column]]
            ids = tuple(every.loc[has, "incident_id"].astype(str))
            yield Candidate(
                ed, FIRST, f"first.{value}", "", "documented", what, value, len(ids), 0, part ** len(ids), "first",
                ids, one.disputed,
            )  # fmt: skip
    yield from _new_places(ed, part)


def _new_places(ed: Edition, part: float) -> Iterator[Candidate]:
    """Governorates that no earlier quarter on file has; no news where the record did not keep pace."""
    quarters = filed(ed)
    if len(quarters) < 2:
        return
    steady = support(ed.record(ed.campaign.all_series.id), *quarters) is Support.STEADY
    rows = ed.counted[["governorate", "quarter", "incident_id"]]
    rows = rows[rows["governorate"].fillna("") != ""]
    for place, own in rows.groupby("governorate", observed=True, sort=True):
        if set(own["quarter"].astype(str)) == {str(ed.quarter)}:
            ids = tuple(own["incident_id"].astype(str))
            yield Candidate(
                ed, FIRST, f"first.place.{place}", "", "documented", "place", str(place), len(ids), 0,
                part ** len(ids) if steady else 1.0, "first", ids,
            )  # fmt: skip


def _largest(ed: Edition) -> Iterator[Candidate]:
    """The one attack on file that killed most, and the one with most munitions, where it is the quarter's."""
    rows = ed.counted
    for column in ("killed", "munition_count"):
        known = rows[rows[column].notna() & (rows[column] > 0)]
        inside = known["quarter"] == str(ed.quarter)
        if not inside.any():
            continue
        top = int(known[column].max())
        holders = known[known[column] == top]
        now = int(known.loc[inside, column].max())
        alone = len(holders) == 1 and now == top and len(known) > 1
        before = int(known.loc[~inside, column].max()) if (~inside).any() else 0
        found = str(known.loc[inside & (known[column] == now), "incident_id"].iloc[0])
        yield Candidate(
            ed, LARGEST, f"largest.{column}", "", "documented", column, found, now, before,
            float(inside.mean()) if alone else 1.0, "largest" if alone else "not_largest",
            (found,),
        )  # fmt: skip


def _silence(ed: Edition) -> Iterator[Candidate]:
    """Days without an attack at the end of what the record covers of the quarter."""
    window = ed.coverage(ed.quarter)
    rows = dated(ed, window=window) if window else ed.counted.head(0)
    if window is None or not len(rows):
        return
    quiet = (window.end - rows["date"].max().date()).days
    chance = (1 - quiet / window.days) ** len(rows) if quiet else 1.0
    verdict = "silent" if chance < ALPHA else "not_silent"
    last = tuple(rows.loc[rows["date"] == rows["date"].max(), "incident_id"].astype(str))
    yield Candidate(ed, SILENCE, "silence", "", "documented", "days", "", quiet, len(rows), chance, verdict, last)


def _highest(ed: Edition) -> Iterator[Candidate]:
    for series in ed.facts.edition.series:
        level = series.headline
        counts = [c for c in level.since() if c is not None] if level.known else []
        if len(counts) < FEWEST_QUARTERS:
            continue
        alone = counts[-1] > max(counts[:-1])
        yield Candidate(
            ed, HIGHEST, f"highest.{series.series.fact}", series.series.id, level.basis, "count", "", counts[-1],
            max(counts[:-1]), 1 / len(counts) if alone else 1.0, "highest" if alone else "not_highest",
        )  # fmt: skip


def candidates(ed: Edition) -> tuple[Candidate, ...]:
    """Every candidate, most surprising first; ties by kind, then by name."""
    made: Iterable[Candidate] = (
        c for source in (_changes, _shares, _firsts, _largest, _silence, _highest) for c in source(ed)
    )
    return tuple(sorted(made, key=lambda c: (-c.bits, KINDS.index(c.kind), c.name)))


@result
def surprise(ed: Edition) -> Outcome:
    """All candidate findings of the edition, most surprising first.

    Returns
    -------
    Result
        kind, name, series, basis, what, value, now, before, chance, bits, verdict, disputed; `value` is a tuple of
        `Candidate` in the same order.
    """
    made = candidates(ed)
    rows = [
        (c.kind, c.name, c.series, c.basis, c.what, c.value, c.now, c.before, c.chance, c.bits, verdict_id(c.verdict),
         c.disputed)
        for c in made
    ]  # fmt: skip
    return Outcome(pd.DataFrame(rows, columns=COLUMNS), [r for c in made for r in c.rows], value=made)


@dataclass(frozen=True)
class FindingsFact:
    """The edition's findings, most surprising first.

    Attributes
    ----------
    made : Result
    """

    made: Result

    @property
    def every(self) -> tuple[Candidate, ...]:
        """All candidates."""
        found: tuple[Candidate, ...] = self.made.value
        return found

    @property
    def news(self) -> tuple[Candidate, ...]:
        """What may stand in a headline; of comparisons, only those of the count that headlines rest on."""
        facts = self.made.edition.facts.edition
        bases = {s.series.id: s.basis for s in (*facts.series, facts.all)}
        return tuple(c for c in self.every if c.news and (c.kind != CHANGE or c.basis == bases[c.series]))

    def of(self, kind: str) -> tuple[Candidate, ...]:
        """Candidates of one kind."""
        return tuple(c for c in self.every if c.kind == kind)

    def about(self, name: str) -> Candidate | None:
        """One candidate by its name; None where the edition has none of that name."""
        return next((c for c in self.every if c.name == name), None)


def findings_fact(ed: Edition) -> FindingsFact:
    """Findings of the edition."""
    return FindingsFact(surprise(ed))
