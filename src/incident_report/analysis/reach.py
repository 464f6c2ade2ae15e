"""Which of the period's attacks each policy option can bear on: for sure, perhaps, or not, with the reason.

An attack is out of an option's reach only where one of the option's declared reasons holds for it; every
other attack is counted as one that it bears on or could. The upper bound is therefore proven, as far as
the reasons are granted. Reach is what an option can touch at all; it says nothing of effect.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.options import Option, read_options
from incident_report.analysis.remember import remembered
from incident_report.analysis.result import Outcome, result
from incident_report.data.conditions import matches
from incident_report.data.model import Series

BOUNDS = ["option", "group", "article", "series", "attacks", "yes", "could", "out", "low", "high"]


@dataclass(frozen=True)
class Share:
    """Documented attacks of one series against one option, or several together.

    Attributes
    ----------
    series : str
    n : int
        Counted documented attacks.
    yes, could : tuple of str
        Ids of attacks that it bears on, and of those for which that is not excluded.
    out : mapping of id -> reason
    """

    series: str
    n: int
    yes: tuple[str, ...]
    could: tuple[str, ...]
    out: Mapping[str, str] = field(default_factory=dict)

    @property
    def low(self) -> int:
        """Attacks that it bears on at least."""
        return len(self.yes)

    @property
    def high(self) -> int:
        """Attacks that it bears on at most."""
        return len(self.yes) + len(self.could)


def share(ed: Edition, option: Option, series: Series) -> Share:
    """Attacks of one series that the option bears on, could bear on, and cannot bear on."""
    return _share(ed, option.id, series.id)


@remembered
def _share(ed: Edition, option: str, series: str) -> Share:
    whole, ids = _whole(ed, option), set(ed.incidents(ed.quarter, series)["incident_id"])
    yes, could = (tuple(i for i in some if i in ids) for some in (whole.yes, whole.could))
    return Share(series, len(ids), yes, could, {i: why for i, why in whole.out.items() if i in ids})


@remembered
def _whole(ed: Edition, option: str) -> Share:
    """Of all attacks of the quarter: whether an option bears on one does not depend on which others are asked about."""
    rows = ed.incidents(ed.quarter)
    reach = next(o.raw["reach"] for o in read_options(ed) if o.id == option)
    yes = matches(rows, reach["bears_on"], ed.campaign.series).fillna(False)
    out: dict[str, str] = {}
    for rule in reach["excluded"]:
        hit = matches(rows, rule["where"], ed.campaign.series).fillna(False) & ~yes
        out = {**{i: rule["why"] for i in rows.loc[hit, "incident_id"]}, **out}  # the first reason counts
    ids = rows["incident_id"]
    could = tuple(i for i in ids[~yes] if i not in out)
    return Share("", len(rows), tuple(ids[yes]), could, out)


def together(shares: list[Share]) -> Share:
    """The union: an attack that one of several options bears on, or could."""
    yes = set[str]().union(*(s.yes for s in shares))
    could = set[str]().union(*(s.could for s in shares)) - yes
    return Share(shares[0].series, shares[0].n, tuple(sorted(yes)), tuple(sorted(could)))


@result
def reach(ed: Edition) -> Outcome:
    """Attacks that each option bears on, by series, with bounds.

    Returns
    -------
    Result
        One row an option and series (the campaign's own, then the series of all): option, group, article
        (raised by the article), series, attacks, yes, could, out, low (= yes) and high (= yes + could).
        `value` is a tuple of `Share` in the same order.
    """
    made = [(o, share(ed, o, s)) for o in read_options(ed) for s in ed.series]
    rows = [(o.id, o.group, o.article, s.series, s.n, s.low, len(s.could), len(s.out), s.low, s.high) for o, s in made]
    ids = ed.incidents(ed.quarter)["incident_id"]
    return Outcome(pd.DataFrame(rows, columns=BOUNDS), ids, value=tuple(s for _, s in made))


@result
def exclusions(ed: Edition) -> Outcome:
    """Why attacks lie outside an option's reach: one row an option and reason.

    Returns
    -------
    Result
        Columns option, why, attacks, incidents (ids, spaced).
    """
    rows = []
    for option in read_options(ed):
        found = share(ed, option, ed.campaign.all_series)
        for why in dict.fromkeys(found.out.values()):
            ids = [i for i, w in found.out.items() if w == why]
            rows.append((option.id, why, len(ids), " ".join(sorted(ids))))
    table = pd.DataFrame(rows, columns=["option", "why", "attacks", "incidents"])
    return Outcome(table, [i for r in rows for i in r[3].split()], value=len(rows))


@result
def packages(ed: Edition) -> Outcome:
    """The union of reach of options that make sense together, over every series with documented attacks.

    Returns
    -------
    Result
        One row a package and series: package, options (spaced), series, attacks, low, high.
    """
    options = {o.id: o for o in read_options(ed)}
    rows, seen = [], []
    for package in (ed.data.options or {}).get("packages", ()):
        for series in ed.series:
            found = together([share(ed, options[o], series) for o in package["options"]])
            if not found.n:
                continue
            seen += [*found.yes, *found.could]
            members = " ".join(package["options"])
            rows.append((package["id"], members, series.id, found.n, found.low, found.high))
    names = ["package", "options", "series", "attacks", "low", "high"]
    return Outcome(pd.DataFrame(rows, columns=names), seen)


def offered(ed: Edition) -> tuple[Option, ...]:
    """The article's options; all of them in a campaign that no article stands behind."""
    every = read_options(ed)
    return tuple(o for o in every if o.article) or every


def sure(ed: Edition, series: str) -> tuple[Option, ...]:
    """Options offered that bear on more than half of a series for sure."""
    found = ed.find_series(series)
    return tuple(o for o in offered(ed) if 2 * (s := share(ed, o, found)).low > s.n)


def gaps(aimed: pd.DataFrame) -> list[str]:
    """Facts of the series, as `aims` has them, that have attacks and that nothing offered is aimed at, largest first.

    None where nothing offered is aimed at any series with attacks: then aims tell nothing apart.
    """
    rows = aimed[aimed["attacks"] > 0]
    if not (rows["offered"] > 0).any():
        return []
    rows = rows[rows["offered"] == 0].sort_values("attacks", ascending=False, kind="stable")
    return [str(name) for name in rows["fact"]]


@result
def aims(ed: Edition) -> Outcome:
    """What options are aimed at: one row a series, with the attacks that nothing offered is aimed at.

    Returns
    -------
    Result
        Columns series, fact, attacks, offered (options of the article that are aimed at it), added (the
        project's). `value` is (attacks in no series that an offered option is aimed at, all attacks).
    """
    given, rows = offered(ed), ed.incidents(ed.quarter)
    added = [o for o in read_options(ed) if o not in given]
    table = pd.DataFrame(
        [
            (
                s.id, s.fact, len(ed.incidents(ed.quarter, s.id)), sum(s.id in o.aimed_at for o in given),
                sum(s.id in o.aimed_at for o in added),
            )
            for s in ed.campaign.series
        ],
        columns=["series", "fact", "attacks", "offered", "added"],
    )  # fmt: skip
    aimed = {s for o in given for s in o.aimed_at}
    inside = set[str]().union(*(ed.incidents(ed.quarter, s)["incident_id"] for s in aimed))
    left = list(rows.loc[~rows["incident_id"].isin(inside), "incident_id"])
    return Outcome(table, left, value=(len(left), len(rows)))
