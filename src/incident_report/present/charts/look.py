"""How an edition's series look in every chart: one colour and one name each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import dropwhile
from typing import Any

import pandas as pd

from incident_report.analysis.what_happened import OTHER
from incident_report.present.theme import NEUTRAL, series_colours
from incident_report.present.words import words_of


@dataclass(frozen=True)
class Look:
    """Colours and names of an edition's series, and the phrasebook's words for labels.

    Attributes
    ----------
    colours, labels : dict of series id -> colour, name
        In chart order; attacks of no series under ``other``.
    """

    edition: Any
    colours: dict[str, str]
    labels: dict[str, str]

    def say(self, phrase: str, *values: Any) -> str:
        """A phrase of the phrasebook, for a label."""
        return words_of(self.edition).phrase(phrase, *values)

    def label(self, value: Any, *columns: str) -> str:
        """An enumeration's value as the campaign's schema names it: the first of these columns that knows it."""
        return self.say("label", value, *columns)

    def pair(self, target: Any, method: Any, means: bool = True) -> str:
        """Target and method as one label, an unrecorded one in words; without the method where none is told."""
        cells = ((target, "target_category"), (method, "attack_method"))
        known = [self.say("not_recorded") if pd.isna(value) else self.label(value, column) for value, column in cells]
        return self.say("pair", *known, means)

    @property
    def groups(self) -> dict[str, str]:
        """Groups of the policy options as the campaign names them."""
        return {str(g["id"]): str(g["label"]) for g in (self.edition.data.options or {}).get("groups", ())}

    def option(self, option: Any) -> str:
        """An option's name, with a word where the article does not raise it."""
        return self.say("option_name", option.label, option in self.edition.facts.options.added)

    def doubts(self, table: pd.DataFrame) -> dict[str, Any]:
        """How `specifications` names the kinds of doubt, verdicts and findings of a table."""
        facts = self.edition.facts
        names = {f: self.say("finding_label", facts.edition, facts.options, f) for f in dict.fromkeys(table["finding"])}
        return {
            "titles": names,
            "labels": {k: self.say("doubt", k) for k in dict.fromkeys(table["kind"])},
            "verdicts": {v: self.say("verdict_label", v) for v in dict.fromkeys(table["verdict"]) if v},
            "groups": (self.say("plausible_doubts"), self.say("stress_doubts")),
        }

    @property
    def breaks(self) -> tuple[str, ...]:
        """Periods before which the making of the record changed."""
        return tuple(str(b.period) for b in self.edition.facts.method.breaks)

    def trackers(self, table: pd.DataFrame) -> dict[str, str]:
        """Those who counted and over how many days, a word a line, for the places along an axis."""
        names = self.edition.campaign.trackers
        told = {id: (str(names.get(id, id)), int(days)) for id, days in table[["tracker", "days"]].to_numpy()}
        return {id: "\n".join([*name.split(), self.say("over_days", days)]) for id, (name, days) in told.items()}

    def published(self, row: Mapping[Any, Any]) -> str:
        """A count as it was published, for a label: at least 19, about 10."""
        return self.say("dot_number", row["tallied"], row["bound"])

    @property
    def step(self) -> int:
        """Days of a column of `charts.stack`: a month is shown day by day, what is longer by week."""
        return 1 if self.edition.quarter.unit == "month" else 7

    def periods(self, most: int = 8) -> dict[str, str]:
        """The last periods and what stands below the axis for each."""
        return {str(q): self.say("quarter_label", q) for q in self.edition.quarters[-max(most, 1) :]}

    def months(self, most: int = 4) -> dict[str, str]:
        """The last periods, from the first that the front's series are counted for, by their months.

        One that nobody counted keeps its place, so that no line joins what does not follow each other; another
        year stands below its months.
        """
        told, now = self.edition.facts.front.series, self.edition.quarter
        recent = self.edition.quarters[-max(most, 1) :]
        shown = dropwhile(lambda q: all(s.headline.of(str(q)) is None for s in told), recent)
        return {str(q): self.say("months_then", q, now).replace(" ", "\n") for q in shown}


def look(ed: Any) -> Look:
    """Colours and names for an edition's charts."""
    colours = {**series_colours(ed), OTHER: NEUTRAL}
    words = words_of(ed)
    labels = {s.id: words.term(s.label) for s in ed.series}
    return Look(ed, colours, {**labels, OTHER: words.phrase("other_attacks")})
