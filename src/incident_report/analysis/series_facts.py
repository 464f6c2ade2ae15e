"""Facts of the series: what a tally and the record say of each, and the verdict that a headline may use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from incident_report.analysis.by_period import REFERENCES, frame, quarterly
from incident_report.analysis.change import Verdict
from incident_report.analysis.comparisons import changes
from incident_report.analysis.counts import BASES, DOCUMENTED, TALLY
from incident_report.analysis.doubted import Comparison, Doubted, Level
from incident_report.analysis.edition import Edition
from incident_report.analysis.names import Named
from incident_report.analysis.remember import kept_property
from incident_report.analysis.result import Outcome, Result, result
from incident_report.data.model import Series
from incident_report.periods import Period

_KINDS = Named("kind", {k: k for k in REFERENCES})
_APART = Verdict.NOT_COMPARABLE
_COMPARED = [
    "series", "basis", "kind", "now", "days", "against", "before", "days_before", "ratio", "low", "high", "p",
    "p_adjusted", "verdict",
]  # fmt: skip


@result
def counts(ed: Edition, *, series: str = "", basis: str = "") -> Outcome:
    """Counts by period with exact limits, one row a series, basis and period.

    Parameters
    ----------
    series : str
        Id of one series; empty takes all.
    basis : str
        ``tally`` or ``documented``; empty takes both, never added together.

    Returns
    -------
    Result
        Columns series, basis, period, start, end, days, count (Int64), bound, low, high (Garwood, 95 %),
        per_30_days and its limits; an unknown count is NA, not 0. `value` is a tuple of `Count`.
    """
    bases = (basis,) if basis else BASES
    wanted = [ed.find_series(series).id] if series else [s.id for s in ed.series]
    made = tuple(c for s in wanted for b in bases for c in quarterly(ed, b, s))
    return Outcome(frame(list(made)), [r for c in made for r in c.rows], value=made)


@result
def compare(ed: Edition, *, series: str = "", basis: str = "", kind: str = "") -> Outcome:
    """The quarter against earlier ones: rate ratio, exact interval, p adjusted by Holm, one verdict each.

    Parameters
    ----------
    series, basis : str
        As for `counts`.
    kind : str
        ``baseline``, ``year_so_far`` or ``year_before``; empty takes all. The adjustment is over the
        whole family of the basis either way.

    Returns
    -------
    Result
        One row a comparison; `value` is a tuple of `Change`. With a single comparison its verdict is
        the result's.
    """
    bases = (basis,) if basis else BASES
    wanted = [ed.find_series(series).id] if series else [s.id for s in ed.series]
    kinds = (_KINDS[kind],) if kind else REFERENCES
    made = tuple(c for b in bases for c in changes(ed, b) if c.series in wanted and c.kind in kinds)
    table = pd.DataFrame(
        [
            {
                "series": c.series, "basis": c.basis, "kind": c.kind, "now": c.count_now, "days": c.now.days,
                "against": " ".join(map(str, c.quarters_before)), "before": c.count_before,
                "days_before": c.days_before, "ratio": c.test.ratio, "low": c.test.low, "high": c.test.high,
                "p": c.test.p, "p_adjusted": c.p_adjusted, "verdict": c.verdict.value,
                "because": " ".join(c.because),
            }
            for c in made
        ],
        columns=_COMPARED,
    )  # fmt: skip
    verdict = made[0].verdict if len(made) == 1 else None
    return Outcome(table, [r for c in made for r in c.rows], verdict, made)


@dataclass(frozen=True)
class SeriesFacts(Doubted):
    """What the report knows of one series.

    Attributes
    ----------
    tally, documented : Level
        The headline tracker's published counts and our own rows, never mixed.
    noun, singular, label : str
        As the campaign names the series.
    """

    series: Series
    tally: Level
    documented: Level

    @property
    def noun(self) -> str:
        """Plural, for sentences."""
        return self.series.noun

    @property
    def singular(self) -> str:
        """Singular, for sentences."""
        return self.series.singular

    @property
    def label(self) -> str:
        """For charts and tables."""
        return self.series.label

    @property
    def headline(self) -> Level:
        """The basis that a headline rests on: the tally where the quarter has one, else the record."""
        return self.tally if self.tally.known else self.documented

    @property
    def apart(self) -> bool:
        """Whether there are two counts that cannot be compared."""
        return self.headline.counted_in_either and self.headline.change is not None and self.verdict is _APART

    @property
    def other(self) -> Level:
        """The kind of count that the headline does not rest on."""
        return self.documented if self.tally.known else self.tally

    @property
    def longest(self) -> Level:
        """The kind of count that knows most periods, which a chart of the whole record shows; else the headline's."""
        return max((self.headline, self.other), key=lambda level: sum(c.count is not None for c in level.counts))

    @property
    def basis(self) -> str:
        """``tally`` or ``documented``: what the headline rests on."""
        return self.headline.basis

    @property
    def verdict(self) -> Verdict:
        """The headline's verdict."""
        return self.headline.verdict

    @kept_property
    def within(self) -> Result:
        """Tests of whether documented attacks came evenly within the quarter, and what they say together."""
        from incident_report.analysis.within import within_quarter  # costs half a second to load

        return within_quarter(self.headline.compared.edition, series=self.series.id)

    @kept_property
    def levels(self) -> Result:
        """When the documented rate changed, as mass by quarter under every declared prior."""
        from incident_report.analysis.changepoint import change_points

        return change_points(self.headline.compared.edition, series=self.series.id)

    @property
    def change(self) -> Comparison | None:
        """The headline's comparison with the baseline; None where it cannot be made."""
        return self.headline.change


def series_facts(ed: Edition, series: str) -> SeriesFacts:
    """Facts of one series by its id."""
    one = ed.find_series(series)
    baseline = str(ed.baseline) if ed.baseline else ""

    def level(basis: str) -> Level:
        return Level(
            one,
            basis,
            str(ed.quarter),
            baseline,
            counts(ed, series=series, basis=basis),
            compare(ed, series=series, basis=basis),
        )

    return SeriesFacts(one, level(TALLY), level(DOCUMENTED))


@dataclass(frozen=True)
class EditionFacts:
    """The edition itself: its period, what it is compared with, who is behind it."""

    period: Period
    baseline: Period | None
    previous: Period
    next: Period
    title: str
    actors: str
    targets: str
    country: str
    tracker: str  # the headline tracker's name as printed; empty where there is none
    tracker_in_full: str  # with the first name, where the tracker is called by an author's family name
    sources: tuple[str, ...]  # source ids of the headline tallies so far
    series: tuple[SeriesFacts, ...]  # in chart order, without the series of all
    all: SeriesFacts
    cutoff: date | None  # day of the latest dated source behind what the edition says

    def earlier(self, most: int) -> list[Period]:
        """The quarters before the edition's, the last one first."""
        return [self.period.shift(-n) for n in range(1, most + 1)]

    @property
    def drawn(self) -> tuple[SeriesFacts, ...]:
        """Series that one chart may set side by side: those with a headline tally, or all where none has one."""
        return tuple(s for s in self.series if s.tally.known) or self.series


def edition_facts(ed: Edition) -> EditionFacts:
    """What prose needs to know of the edition and its campaign."""
    campaign = ed.campaign
    facts: Any = ed.facts
    tracker = campaign.headline_tracker or ""
    name = str(campaign.trackers.get(tracker, tracker))
    sources = tuple(sorted({t.source for q in ed.quarters for x in ed.series if (t := ed.tally(q, x.id)) is not None}))
    return EditionFacts(
        ed.quarter,
        ed.baseline,
        ed.quarter.shift(-1),
        ed.quarter.shift(1),
        campaign.title,
        campaign.actors,
        campaign.targets,
        campaign.country,
        name,
        _in_full(ed, name, sources),
        sources,
        tuple(facts[s.fact] for s in campaign.series),
        facts[campaign.all_series.fact],
        ed.data.information_cutoff(ed.quarter.end),
    )


def _in_full(ed: Edition, name: str, sources: tuple[str, ...]) -> str:
    """A tracker's name as at first mention: that of the author of its tallies whose family name it is."""
    rows = ed.data.sources
    written = rows.loc[rows["source_id"].isin(sources), "author"] if "author" in rows else ()
    for author in sorted({a for authors in written if isinstance(authors, tuple) for a in authors}):
        family, _, given = author.partition(", ")
        if given and family == name:
            return f"{given} {family}"
    return name


@dataclass(frozen=True)
class RecordFacts:
    """The documented record of the quarter: how many rows, how sourced."""

    counted: Result

    @property
    def attacks(self) -> int:
        """Counted attacks of the quarter."""
        return len(self.counted)

    @property
    def provisional(self) -> int:
        """Those of them that a provisional release gave, which a final one may change or withdraw."""
        return int(self.counted["provisional"].sum())


@result
def incidents(ed: Edition, *, period: str = "", series: str = "all") -> Outcome:
    """Counted incidents of one period and series.

    Parameters
    ----------
    period : str
        Such as ``2020Q3``; empty takes the edition's.

    Raises
    ------
    ValueError
        If the period has no incidents file: unknown is not zero.
    """
    rows = ed.incidents(ed.asked(period), series).reset_index(drop=True)
    return Outcome(rows, rows["incident_id"], value=len(rows))


@result
def counted(ed: Edition) -> Outcome:
    """Which incidents of the edition's quarter are counted, and which of them are provisional.

    Returns
    -------
    Result
        incident_id, provisional (bool: a provisional release gave it).
    """
    rows = ed.incidents(ed.quarter, "all")
    open_ = rows["provisional"].eq("yes") if "provisional" in rows else pd.Series(False, index=rows.index)
    table = pd.DataFrame({"incident_id": rows["incident_id"], "provisional": open_}).reset_index(drop=True)
    return Outcome(table, table["incident_id"], value=len(table))


def record_facts(ed: Edition) -> RecordFacts:
    """The record of the edition's quarter."""
    return RecordFacts(counted(ed))
