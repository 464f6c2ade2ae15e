"""How dangerous: whether attacks hurt anybody, how much is fired at once, and what reports do not tell."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from incident_report.analysis.casualties import hurt, intercepted
from incident_report.analysis.change import Verdict
from incident_report.analysis.comparability import main_series
from incident_report.analysis.edition import Edition
from incident_report.analysis.harm import Interception, Munitions, Share, munitions
from incident_report.analysis.result import Outcome, Result, result
from incident_report.analysis.robustness import Robustness
from incident_report.analysis.rubric import rubric, scored
from incident_report.analysis.series_facts import SeriesFacts
from incident_report.analysis.sophistication import components, filed, signs
from incident_report.analysis.techniques import tells
from incident_report.analysis.tested import Tested, tested
from incident_report.analysis.trends import BASELINE, OVER_TIME, comparable
from incident_report.data.model import Series
from incident_report.periods import Period

THIN = 0.1  # a field known for fewer than this share of attacks cannot show a change
_TOLD = {  # field -> the column that says whether it is known
    "attack_method": "attack_method", "date": "date_precision", "place": "place", "munition_count": "munition_count",
    "killed": "killed", "wounded": "wounded", "us_killed": "us_killed", "intercepted": "intercepted",
}  # fmt: skip


@result
def salvos(ed: Edition, *, series: str = "") -> Outcome:
    """Munitions of every documented attack of a series whose reports give the number.

    Parameters
    ----------
    series : str
        Id; empty takes the series that the record follows best.

    Returns
    -------
    Result
        period, date, incident_id, munitions; by date. `value` is a tuple of `Munitions`, one a quarter
        with a file.
    """
    chosen = main_series(ed, series)
    rows = ed.incidents(None, chosen)
    rows = rows[rows["munition_count"].notna()]
    table = pd.DataFrame(
        {
            "period": rows["quarter"].astype(str),
            "date": rows["date"],
            "incident_id": rows["incident_id"],
            "munitions": rows["munition_count"],
        }
    ).reset_index(drop=True)
    every = tuple(m for q in filed(ed) if (m := munitions(ed, q, chosen)) is not None)
    return Outcome(table, table["incident_id"], value=every)


@result
def silences(ed: Edition, *, period: str = "", series: str = "all") -> Outcome:
    """For how many documented attacks of a period each field is known: what reports tell, and what not.

    Returns
    -------
    Result
        field, label (of a rubric's dimension, else empty), known, attacks; best known first. Fields are
        those that some row on file knows, and the rubric's dimensions on which sources remark only when
        it is unusual. `value` is a tuple of `Told`.
    """
    quarter = ed.asked(period)
    every = ed.incidents(None, series)
    inside = every["quarter"].astype(str) == str(quarter)
    answers = {(field, ""): _known(every, column) for field, column in _TOLD.items()}
    answers = {names: known for names, known in answers.items() if known.any()} | _remarked(ed, series)
    found = [Told(*names, int(known[inside.to_numpy()].sum()), int(inside.sum())) for names, known in answers.items()]
    found.sort(key=lambda t: -t.known)
    table = pd.DataFrame([vars(t) for t in found], columns=["field", "label", "known", "attacks"])
    return Outcome(table, every.loc[inside, "incident_id"], value=tuple(found))


@dataclass(frozen=True)
class Told:
    """For how many of a period's attacks a field is known."""

    field: str
    label: str
    known: int
    attacks: int

    @property
    def share(self) -> float | None:
        """Known of all; None where there is no attack."""
        return self.known / self.attacks if self.attacks else None


def _remarked(ed: Edition, series: str) -> dict[tuple[str, str], pd.Series]:
    """By id and label, whether sources remark on a dimension that they name only when it is unusual."""
    rules = rubric(ed)
    if rules is None:
        return {}
    asked = [d for d in rules.dimensions if d.one_sided]
    levels = scored(ed, series, [d.id for d in asked]).set_index("incident_id")
    levels = levels.reindex(ed.incidents(None, series)["incident_id"])
    return {(d.id, d.label): levels[d.id].notna() for d in asked}


def _known(rows: pd.DataFrame, column: str) -> pd.Series:
    return rows[column] == "day" if column == "date_precision" else tells(rows, column)


@result
def levels(ed: Edition, *, series: str = "") -> Outcome:
    """Documented attacks of the quarter at each level of the rubric, with those of which nothing is known.

    Returns
    -------
    Result
        As `components`, of the edition's quarter and without ids; `dimension` by its label.
    """
    rules, chosen = rubric(ed), main_series(ed, series)
    names = {d.id: d.label for d in rules.dimensions} if rules else {}
    table = components(ed, chosen)
    table = table[table["quarter"] == str(ed.quarter)].drop(columns="rows").reset_index(drop=True)
    table["dimension"] = table["dimension"].map(names)
    return Outcome(table, ed.incidents(ed.quarter, chosen)["incident_id"])


@result
def rubric_weights(ed: Edition, *, series: str = "") -> Outcome:
    """The sign of the composite's trend under random weights, over the quarters that can be compared.

    Returns
    -------
    Result
        rising, falling, clear (more than 1.96 standard errors from zero), runs; empty without a rubric or
        with fewer than three such quarters. `value` is a `Signs` or None.
    """
    chosen = main_series(ed, series)
    found = signs(ed, chosen, comparable(ed, chosen))
    table = pd.DataFrame([vars(found)] if found else [], columns=["rising", "falling", "clear", "runs"])
    return Outcome(table, ed.incidents(None, chosen)["incident_id"], value=found)


# ---- facts --------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class HarmFact:
    """How many of the quarter's attacks hurt anybody, and whether anything was shot down.

    Attributes
    ----------
    over_time : Tested
        The share of attacks that hurt somebody, of the series that the record follows best.
    series : Series
    """

    made: Result
    americans: Result
    stopped: Result
    over_time: Tested
    series: Series

    @property
    def verdict(self) -> Verdict:
        """Of the share over the quarters that can be compared."""
        return self.over_time.verdict

    @property
    def found(self) -> Robustness | None:
        """What that verdict survives and what flips it."""
        return self.over_time.found

    @property
    def fragile(self) -> bool:
        """Whether one plausible kind of doubt flips that verdict."""
        return self.over_time.fragile

    @property
    def share(self) -> Share:
        """The quarter's attacks by whether anybody was hurt; none at all without a file."""
        return self.made.value or Share(0, 0, 0, ())

    @property
    def us(self) -> Share:
        """The same for Americans."""
        return self.americans.value or Share(0, 0, 0, ())

    @property
    def known(self) -> bool:
        """Whether reports of any attack say."""
        return self.share.known > 0

    @property
    def interception(self) -> Interception:
        """What reports say of interception."""
        found: Interception = self.stopped.value
        return found


def harm_fact(ed: Edition) -> HarmFact:
    """Harm of the edition's quarter."""
    series = ed.find_series(main_series(ed))
    over_time = tested(ed, series.id, "casualties.trend")
    return HarmFact(hurt(ed), hurt(ed, who="us"), intercepted(ed), over_time, series)


@dataclass(frozen=True)
class SalvosFact:
    """How many munitions an attack used, for the series that the record follows best.

    Attributes
    ----------
    attacks : SeriesFacts
        The series, with its own counts and verdict.
    lately, over_time : Tested
        Munitions per attack against the baseline, and over the quarters that can be compared.
    """

    made: Result
    attacks: SeriesFacts
    period: str
    lately: Tested
    over_time: Tested

    @property
    def main(self) -> Tested:
        """What sentences rest on: the trend where it can be tested, else the baseline where that can."""
        none = Verdict.TOO_FEW, Verdict.NOT_COMPARABLE
        tested = next((t for t in (self.over_time, self.lately) if t.verdict not in none), None)
        return tested or (self.lately if self.over_time.verdict is Verdict.TOO_FEW else self.over_time)

    @property
    def verdict(self) -> Verdict:
        """Of `main`."""
        return self.main.verdict

    @property
    def because(self) -> tuple[str, ...]:
        """Of `main`."""
        return self.main.because

    @property
    def quarters(self) -> tuple[Period, ...]:
        """Compared by `main`."""
        return self.main.quarters

    @property
    def found(self) -> Robustness | None:
        """What that verdict survives and what flips it."""
        return self.main.found

    @property
    def fragile(self) -> bool:
        """Whether one plausible kind of doubt flips that verdict."""
        return self.main.fragile

    def of(self, period: str) -> Munitions | None:
        """A quarter's munitions per attack; None where it has no file."""
        return next((m for m in self.made.value if str(m.quarter) == period), None)

    @property
    def now(self) -> Munitions | None:
        """The edition's quarter; None without a file."""
        return self.of(self.period)

    @property
    def known(self) -> bool:
        """Whether reports of any attack of the quarter give a number."""
        return self.now is not None and bool(self.now.values)

    @property
    def told(self) -> tuple[Munitions, ...]:
        """Quarters in which the number is known for some attack."""
        return tuple(m for m in self.made.value if m.values)


def salvos_fact(ed: Edition) -> SalvosFact:
    """Munitions per attack of the best documented series."""
    facts: Any = ed.facts
    series = ed.find_series(main_series(ed))
    pair = [tested(ed, series.id, f"munitions.{kind}") for kind in (BASELINE, OVER_TIME)]
    return SalvosFact(salvos(ed), facts[series.fact], str(ed.quarter), *pair)


@dataclass(frozen=True)
class SilencesFact:
    """What the quarter's reports tell and what not."""

    made: Result

    def of(self, field: str) -> Told | None:
        """One field; None where the campaign never knows it."""
        return next((t for t in self.made.value if t.field == field), None)

    @property
    def fields(self) -> tuple[Told, ...]:
        """Every field, best known first."""
        found: tuple[Told, ...] = self.made.value
        return found

    @property
    def thin(self) -> tuple[str, ...]:
        """Fields known for fewer than a tenth of the attacks."""
        return tuple(t.field for t in self.fields if t.share is not None and t.share < THIN)

    @property
    def blind(self) -> tuple[Told, ...]:
        """Fields that no report of the quarter tells."""
        return tuple(t for t in self.fields if t.attacks and not t.known)


def silences_fact(ed: Edition) -> SilencesFact:
    """What the reports of the edition's quarter do not tell."""
    return SilencesFact(silences(ed))
