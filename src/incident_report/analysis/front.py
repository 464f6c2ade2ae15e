"""The front of the report: its four numbers, and the quarter in at most ten dates."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from typing import Any

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.evidence import text
from incident_report.analysis.result import Outcome, result
from incident_report.analysis.timing import events
from incident_report.analysis.what_happened import series_of
from incident_report.data.signoff import sign_off

NUMBERS = 4
MOST = 10  # dates
ATTACKS = 5  # of them attacks
TOLD_SERIES = 2  # series among the numbers
_LARGEST = ("munition_count", "largest")
_BLANK: dict[str, Any] = {
    "date": pd.NaT, "text": pd.NA, "kind": "attack", "ids": "", "series": "", "place": "", "method": "",
    "low": pd.NA, "high": pd.NA, "first": "", "rivals": "", "disputed": False, "sources": "",
}  # fmt: skip


def told_series(ed: Edition) -> tuple[Any, ...]:
    """The series that the front tells of: those of which most attacks are counted or, where the rows deny that count,
    documented, in chart order; none that is not counted.
    """
    known = [s for s in ed.facts.edition.series if s.headline.known]
    largest = sorted(known, key=lambda s: -((s.documented if s.denied else s.headline).now or 0))[:TOLD_SERIES]
    return tuple(s for s in known if s in largest)


def _numbers(ed: Edition) -> Iterator[tuple[str, int | None, int | None, str, tuple[str, ...]]]:
    for s in told_series(ed):
        counted = s.headline.count_now
        yield s.series.id, counted.count, counted.count, counted.bound, counted.rows
    facts = ed.facts
    if facts.carried.harm:
        yield "killed", facts.deaths.low, facts.deaths.high, "exact", facts.deaths.rows
    if facts.us_deaths.ever:
        yield "us_killed", facts.us_deaths.low, facts.us_deaths.high, "exact", facts.us_deaths.rows
    if facts.wounded.ever:
        yield "wounded", facts.wounded.low, facts.wounded.high, "exact", facts.wounded.rows
    whole = facts.edition.all.documented.count_now
    if whole is not None:
        yield ed.campaign.all_series.id, whole.count, whole.count, whole.bound, whole.rows


@result
def numbers(ed: Edition) -> Outcome:
    """The front's numbers: the largest series, people killed, Americans killed; else people wounded, all attacks.

    Returns
    -------
    Result
        One row a number: key (a series id, ``killed``, ``us_killed``, ``wounded``), low, high (NA where no report
        tells), bound.
    """
    rows = list(_numbers(ed))[:NUMBERS]
    table = pd.DataFrame([r[:4] for r in rows], columns=["key", "low", "high", "bound"])
    return Outcome(table.astype({"low": "Int64", "high": "Int64"}), [i for r in rows for i in r[4]], value=len(rows))


@result
def chronicle(ed: Edition, *, most: int = MOST) -> Outcome:
    """The quarter in at most so many dates: its attacks that matter most, and dated events around them.

    Attacks are those that killed most, that are the first on file by a method or technique, and that used most
    munitions, at most `ATTACKS` of them; where dated events leave room, further ones, those with most munitions first.
    Of the dated events, those that the campaign marks for charts come first, then those that lie farthest from the
    dates already chosen, so that no stretch of the quarter goes untold.

    Returns
    -------
    Result
        By date: date, text (an event's label; NA for an attack, which the phrasebook words), kind (the event's, or
        ``attack``), ids (of the incidents, spaced), series (of an attack), place (as `Dataset.plain_place`), method,
        low, high (people killed), first, rivals (methods and techniques that are first on file; methods by other
        sources; spaced), disputed (another source gives another method, or only the article under test gives this
        one), sources.
    """
    room = most - len(events(ed, ed.quarter.window, marked=False))
    attacks = list(_attacks(ed, room))[:most]
    rows = [*attacks, *_events(ed, [a["date"] for a in attacks], most - len(attacks))]
    rows.sort(key=lambda r: r["date"])  # of one day an attack first, then what the campaign marks
    table = pd.DataFrame(rows, columns=list(_BLANK))
    table["date"] = pd.to_datetime(table["date"])
    ids = [i for one in table["ids"] for i in str(one).split()]
    return Outcome(table.astype({"text": "string", "low": "Int64", "high": "Int64"}), ids, value=len(table))


def _attacks(ed: Edition, room: int) -> Iterator[dict[str, Any]]:
    """Attacks that matter most, at most `ATTACKS`; others too where there is more room."""
    facts = ed.facts
    firsts = {f.incident_id: f for f in facts.techniques.firsts}
    deadly = {e.incident_id: e for e in facts.deaths.events}
    salvo = [c.value for c in facts.findings.of("largest") if (c.what, c.verdict) == _LARGEST]
    largest = ed.incidents(ed.quarter).sort_values(["munition_count", "incident_id"], ascending=[False, True])
    rows = ed.counted.set_index("incident_id", drop=False)
    # A first on file may be one that this edition lists and does not count.
    told = [i for i in dict.fromkeys([*list(deadly)[:3], *firsts, *salvo, *deadly]) if i in rows.index]
    every = dict.fromkeys([*told, *largest["incident_id"].astype(str)])
    order = list(every)[: max(room, min(ATTACKS, len(told) if len(every) > ATTACKS else len(every)))]
    series = series_of(rows, ed.campaign.series)
    rows = rows[["date", "place", "target_name", "attack_method", "sources"]]
    for ident in order:
        one, row = _BLANK.copy(), rows.loc[ident]
        one |= {
            "date": row["date"].date(), "ids": ident, "series": str(series[ident]),
            "place": ed.data.plain_place(text(row["place"])) or text(row["target_name"]),
            "method": str(row["attack_method"]), "sources": " ".join(row["sources"]),
        }  # fmt: skip
        if event := deadly.get(ident):
            one |= {"low": event.low, "high": event.high}
        if first := firsts.get(ident):
            one |= {
                "first": " ".join((*first.methods, *first.techniques)), "rivals": " ".join(first.rivals),
                "disputed": first.disputed,
            }  # fmt: skip
        yield one


def _events(ed: Edition, taken: list[date], most: int) -> Iterator[dict[str, Any]]:
    """Dated events, marked ones first, then whichever lies farthest from all that is told."""
    rows = events(ed, ed.quarter.window, marked=False).to_dict("records")
    left = [r | {"day": r["date"].date()} for r in rows]
    told = [*taken]
    for _ in range(max(0, most)):
        if not left:
            return
        gaps = [min((abs((r["day"] - t).days) for t in told), default=99) for r in left]
        # An event of a day already told is likely to tell of the same thing.
        chosen = max(zip(left, gaps, strict=True), key=lambda r: (r[1] > 0, r[0]["annotate"], r[1]))[0]
        left.remove(chosen)
        told.append(chosen["day"])
        event = {"date": chosen["day"], "text": chosen["label"], "kind": chosen["kind"], "sources": chosen["source"]}
        yield _BLANK | {k: v if k == "date" else str(v) for k, v in event.items()}


@dataclass(frozen=True)
class Imprint:
    """Who publishes, in what state, and on information up to when.

    Attributes
    ----------
    publisher : str
        As report.yml names it; else the authors.
    state : str
        ``draft``, ``in review`` or ``released``, as people have declared it.
    published : date or None
        Day of publication, once it is released.
    provisional : bool
        The newest quarter on file, whose rows may still change, or one with rows of a provisional release.
    tallies_to, incidents_to : date or None
        Last day of the headline counts of the quarter, and of what incidents were collected for.
    tallies_guessed : bool
        Whether nobody stated the last day of one of those counts.
    as_of : date or None
        Rows that came later are hidden; None shows all.
    series : tuple of SeriesFacts
        What the front tells of.
    """

    publisher: str
    state: str
    published: date | None
    provisional: bool
    tallies_to: date | None
    tallies_guessed: bool
    incidents_to: date | None
    as_of: date | None
    series: tuple[Any, ...]

    @property
    def compared(self) -> bool:
        """Whether any count of the front has one before it."""
        return any(s.headline.change is not None for s in self.series)


def front_fact(ed: Edition) -> Imprint:
    """The imprint of the edition."""
    signed = sign_off(ed.data, str(ed.quarter))
    tallies = [t for s in ed.campaign.series if (t := ed.tally(ed.quarter, s.id)) is not None]
    covered = ed.coverage(ed.quarter)
    return Imprint(
        ed.campaign.house.publisher or ", ".join(ed.campaign.authors), signed.status,
        signed.published if signed.signed else None,
        ed.newest or ed.facts.record.provisional > 0,
        max((t.window.end for t in tallies), default=None), any(t.unstated_end for t in tallies),
        covered.end if covered else None, ed.data.as_of,
        told_series(ed),
    )  # fmt: skip


@result
def by_area(ed: Edition) -> Outcome:
    """Where the front's series fell, one point a governorate and series: what the small map draws.

    Returns
    -------
    Result
        place, latitude, longitude (the governorate's label point, or else the middle of its sites), series, count;
        largest first. `value` is the number of their attacks without a governorate that can be drawn.
    """
    rows = ed.incidents(ed.quarter)
    rows = rows.assign(series=series_of(rows, ed.campaign.series))
    rows = rows[rows["series"].isin([s.series.id for s in told_series(ed)])]
    points = ed.data.places.set_index("governorate")[["latitude", "longitude"]].astype(float)
    sites = rows[["governorate", "latitude", "longitude"]].dropna(subset=["latitude", "longitude"])
    middle = sites.groupby("governorate", observed=True).mean().astype(float)
    points = points.combine_first(middle).reset_index(names="place")
    counted = (
        rows[["governorate", "series"]]
        .groupby(["governorate", "series"], observed=True)
        .size()
        .rename("count")
        .reset_index()
    )
    table = counted.rename(columns={"governorate": "place"}).merge(points, on="place")
    table = table.dropna(subset=["latitude", "longitude"])[["place", "latitude", "longitude", "series", "count"]]
    table = table.sort_values(["count", "place", "series"], ascending=[False, True, True], ignore_index=True)
    return Outcome(table, rows["incident_id"], value=len(rows) - int(table["count"].sum()))
