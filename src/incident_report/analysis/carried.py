"""What the record carries at all: which fields some row tells, and so what a report can speak of."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.names import known
from incident_report.analysis.remember import kept_with
from incident_report.analysis.result import Outcome, Result, result
from incident_report.analysis.techniques import tells

FIELDS = (
    "target_category", "attack_method", "techniques", "munition_count", "killed", "wounded", "attributed_to",
    "claimed_by",
)  # fmt: skip
HARM = ("killed", "wounded")
ENOUGH = 0.5  # share of rows of which a kind of target must be told before targets are compared


@result
def carried(ed: Edition, *, field: str) -> Outcome:
    """For how many of all counted attacks up to the edition's quarter a field is told.

    Parameters
    ----------
    field : str
        Of `FIELDS`. A kind or method that is `other` says nothing.

    Returns
    -------
    Result
        field, told, attacks; `value` is how many tell it.

    Raises
    ------
    ValueError
        If there is no such field; names those that there are.
    """
    known("field", field, FIELDS)
    rows = ed.incidents(None, ed.campaign.all_series.id)
    number = int(tells(rows, field).sum())
    table = pd.DataFrame([(field, number, len(rows))], columns=["field", "told", "attacks"])
    return Outcome(table, rows["incident_id"], value=number)


@dataclass(frozen=True)
class CarriedFact:
    """What a report on this record can speak of.

    Attributes
    ----------
    only_deadly : bool
        Whether the record holds deadly attacks alone, as report.yml says: a share of deadly attacks means nothing.
    """

    _ed: Edition
    only_deadly: bool

    def told(self, field: str) -> Result:
        """For how many attacks a field is told: looked for when it is asked for."""
        return kept_with(self, field, lambda: carried(self._ed, field=field))

    def tells(self, field: str) -> bool:
        """Whether any row tells a field; where there is no row, none is missed."""
        return not self.attacks or self.told(field).value > 0

    @property
    def attacks(self) -> int:
        """Counted attacks of all quarters up to the edition's."""
        return int(self.told("target_category")["attacks"].iloc[0])

    @property
    def never(self) -> tuple[str, ...]:
        """Fields that no row tells; none where there is no row."""
        return tuple(field for field in FIELDS if not self.tells(field))

    @property
    def methods(self) -> bool:
        """Whether any row tells how it was done."""
        return self.tells("attack_method")

    @property
    def targets(self) -> bool:
        """Whether enough rows tell what kind of target was attacked."""
        return not self.attacks or self.told("target_category").value >= ENOUGH * self.attacks

    @property
    def harm(self) -> bool:
        """Whether any row tells how many people were killed or wounded."""
        return any(map(self.tells, HARM))

    @property
    def danger(self) -> bool:
        """Whether any row tells of harm, of a method or technique, or of how much was fired."""
        return any(map(self.tells, (*HARM, "attack_method", "techniques", "munition_count")))

    @property
    def authors(self) -> bool:
        """Whether any row says who attacked, or who is suspected."""
        return self.tells("attributed_to")

    @property
    def claims(self) -> bool:
        """Whether any row tells of a claim."""
        return self.tells("claimed_by")

    @property
    def shares(self) -> bool:
        """Whether a share of attacks that hurt somebody can mean anything."""
        return self.harm and not self.only_deadly


def carried_fact(ed: Edition) -> CarriedFact:
    """What the edition's record carries."""
    return CarriedFact(ed, ed.campaign.only_deadly)
