"""The fact `options`: what sentences, story and conditions read of the policy options."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from incident_report.analysis.ageing import Statement, statement, to_look_at
from incident_report.analysis.edition import Edition
from incident_report.analysis.options import Option, Rating, read_options
from incident_report.analysis.reach import Share, aims, gaps, offered, packages, reach, share, sure, together
from incident_report.analysis.remember import kept_property
from incident_report.analysis.result import Result
from incident_report.analysis.scorecard import (
    Lead,
    Objective,
    Score,
    better,
    cases,
    disagreement,
    leads,
    objectives,
    scorecard,
    watch_list,
    worse,
)
from incident_report.periods import Period

if TYPE_CHECKING:
    from incident_report.analysis.robustness import Robustness


@dataclass(frozen=True)
class AimedAt:
    """How many of the options offered are aimed at a series, by its fact's name: ``aimed_at.convoys``."""

    made: Result

    def __getattr__(self, name: str) -> int:
        if not name.startswith("_"):
            rows = self.made.table
            for fact, offered_ in zip(rows["fact"], rows["offered"], strict=True):
                if fact == name:
                    return int(offered_)
        raise AttributeError(f"there is no series {name!r}")


@dataclass(frozen=True)
class Package:
    """Options that make sense together, and what they reach as one."""

    id: str
    label: str  # within a sentence
    options: tuple[Option, ...]
    why: Statement
    reach: Share


@dataclass(frozen=True)
class OptionsFact:
    """The campaign's options in one edition; what reads statements is worked out when asked for.

    Attributes
    ----------
    reached, aims : Result
        Attacks that each option bears on; what the options offered are aimed at.
    """

    _ed: Edition
    reached: Result
    aims: Result

    @property
    def known(self) -> bool:
        """Whether the campaign declares options."""
        return bool(self.every)

    @property
    def every(self) -> tuple[Option, ...]:
        """All options, group by group."""
        return read_options(self._ed)

    @property
    def article(self) -> tuple[Option, ...]:
        """Those that the article raises."""
        return tuple(o for o in self.every if o.article)

    @property
    def added(self) -> tuple[Option, ...]:
        """Those that the project added to the article's; none where no article stands behind the campaign."""
        return tuple(o for o in self.every if o not in self.offered)

    @property
    def offered(self) -> tuple[Option, ...]:
        """The article's, or all where no article stands behind the campaign."""
        return offered(self._ed)

    def of(self, id: str) -> Option:
        """An option by its id.

        Raises
        ------
        LookupError
            If there is no such option.
        """
        for option in self.every:
            if option.id == id:
                return option
        raise LookupError(f"there is no option {id!r}; there are {', '.join(o.id for o in self.every)}")

    def reach(self, option: Option | str, series: str = "") -> Share:
        """Reach of an option over a series by its id, or over all attacks."""
        chosen = self.of(option) if isinstance(option, str) else option
        return share(self._ed, chosen, self._ed.find_series(series or self._ed.campaign.all_series.id))

    @property
    def aimed_at(self) -> AimedAt:
        """Options offered that are aimed at each series: ``options.aimed_at.convoys == 0``."""
        return AimedAt(self.aims)

    @property
    def unaimed(self) -> int:
        """Documented attacks in no series that an option offered is aimed at."""
        return int(self.aims.value[0])

    @property
    def attacks(self) -> int:
        """Documented attacks of the quarter."""
        return int(self.aims.value[1])

    @property
    def gaps(self) -> tuple[Any, ...]:
        """Series with documented attacks that none of the options offered is aimed at, largest first.

        None where no option offered is aimed at any documented kind: then aims tell nothing apart.
        """
        return tuple(self._ed.facts[name] for name in gaps(self.aims.table))

    @kept_property
    def found(self) -> Robustness | None:
        """What the largest gap survives and what would change it."""
        from incident_report.analysis.robustness import examine

        made = examine(self._ed, "options.gap")
        return made.value if made is not None else None

    @property
    def fragile(self) -> bool:
        """Whether one plausible kind of doubt makes another kind of attack the largest gap, or none."""
        return self.found is not None and self.found.fragile

    @property
    def met(self) -> tuple[Any, ...]:
        """Series with documented attacks that options offered are aimed at, largest first."""
        rows = self.aims.table
        rows = rows[(rows["offered"] > 0) & (rows["attacks"] > 0)].sort_values("attacks", ascending=False)
        return tuple(self._ed.facts[name] for name in rows["fact"])

    def series(self, most: int) -> tuple[Any, ...]:
        """Series with most documented attacks, at most so many, in the campaign's order; none without options."""
        rows = self.aims.table[self.aims.table["attacks"] > 0] if self.known else self.aims.table.head(0)
        rows = rows.sort_values("attacks", ascending=False, kind="stable")
        return tuple(self._ed.facts[name] for name in rows.head(most).sort_index()["fact"])

    def sure(self, series: str) -> tuple[Option, ...]:
        """Options offered that bear on more than half of a series for sure."""
        return sure(self._ed, series)

    def fillers(self, series: str) -> tuple[Option, ...]:
        """The project's options that are aimed at a series."""
        return tuple(o for o in self.added if series in o.aimed_at)

    @property
    def objectives(self) -> tuple[Objective, ...]:
        """What the chooser wants."""
        return objectives(self._ed)

    @kept_property
    def card(self) -> Result:
        """Every option on every objective."""
        return scorecard(self._ed)

    def scores(self, option: Option) -> tuple[Score, ...]:
        """Scores of one option, in the objectives' order."""
        return tuple(s for s in self.card.value if s.option.id == option.id)

    @property
    def leads(self) -> tuple[Lead, ...]:
        """What scores highest on each objective."""
        return leads(self.card.value)

    def lead(self, objective: str) -> Lead:
        """The same for one objective by its id."""
        for found in self.leads:
            if found.objective.id == objective:
                return found
        raise LookupError(f"there is no objective {objective!r}; there are {', '.join(o.id for o in self.objectives)}")

    @property
    def cases(self) -> tuple[Option, ...]:
        """Options told at length."""
        return cases(self._ed)

    @property
    def others(self) -> tuple[Option, ...]:
        """All other options."""
        told = self.cases
        return tuple(o for o in self.every if o not in told)

    def better(self, option: Option) -> tuple[Objective, ...]:
        """What an option makes better even at its worst."""
        return better(option)

    def worse(self, option: Option) -> tuple[Objective, ...]:
        """What an option makes worse even at its best."""
        return worse(option)

    @property
    def red(self) -> tuple[Option, ...]:
        """Options with an assumption that does not hold on present evidence."""
        return tuple(o for o in self.every if o.weakest.rating is Rating.RED)

    @kept_property
    def watch(self) -> Result:
        """Signposts with their state."""
        return watch_list(self._ed)

    @kept_property
    def aged(self) -> int:
        """Statements on the options that do not hold as they stand."""
        return int((to_look_at(self._ed)["file"] == "policy_options.yml").sum())

    @kept_property
    def disagreement(self) -> Result:
        """Where people who scored differ."""
        return disagreement(self._ed)

    @property
    def together(self) -> Result:
        """Reach of options that make sense together."""
        return packages(self._ed)

    @property
    def packages(self) -> tuple[Package, ...]:
        """The same, over all attacks, for sentences."""
        made = []
        for raw in (self._ed.data.options or {}).get("packages", ()):
            members = tuple(self.of(o) for o in raw["options"])
            why = statement(self._ed, raw["why"])
            made.append(Package(raw["id"], raw["label"], members, why, together([self.reach(o) for o in members])))
        return tuple(made)

    @property
    def chooser(self) -> str:
        """Who chooses."""
        return str((self._ed.data.options or {}).get("chooser", ""))

    @property
    def owners(self) -> tuple[str, ...]:
        """Whose judgement statements and scores are: the campaign's authors."""
        return self._ed.campaign.authors

    @property
    def scorers(self) -> int:
        """How many people have scored."""
        return 1 + len(set(self._ed.data.scores["scorer"]))

    @property
    def written_for(self) -> Period:
        """The edition whose evidence statements and scores rest on."""
        return Period.parse((self._ed.data.options or {})["written_for"])

    @property
    def sources(self) -> tuple[str, ...]:
        """The article, as a citation takes it."""
        return (self._ed.campaign.article,) if self.article and self._ed.campaign.article else ()

    @property
    def article_name(self) -> str:
        """How sentences call the article."""
        return self._ed.campaign.article_name or ""


def options_fact(ed: Edition) -> OptionsFact:
    """The options in the edition's quarter."""
    return OptionsFact(ed, reach(ed), aims(ed))
