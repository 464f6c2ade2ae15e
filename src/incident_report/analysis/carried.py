"""What the record carries at all: which fields some row tells, and so what a report can speak of."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from incident_report.analysis.edition import Edition
from incident_report.analysis.result import Outcome, Result, result
from incident_report.analysis.techniques import RESIDUAL

FIELDS = (
    "target_category", "attack_method", "techniques", "munition_count", "killed", "wounded", "attributed_to",
    "claimed_by",
)  # fmt: skip
ENOUGH = 0.5  # share of rows of which a kind of target must be told before targets are compared


@result
def carried(ed: Edition) -> Outcome:
    """For how many of all counted attacks up to the edition's quarter each field is told.

    Returns
    -------
    Result
        field, told, attacks; in the order of `FIELDS`. A kind or method that is `other` says nothing.
    """
    rows = ed.incidents(None, ed.campaign.all_series.id)
    told = {field: int(_told(rows[field]).sum()) for field in FIELDS}
    made = [(field, number, len(rows)) for field, number in told.items()]
    return Outcome(pd.DataFrame(made, columns=["field", "told", "attacks"]), rows["incident_id"], value=told)


def _told(values: pd.Series) -> pd.Series:
    if values.dtype == object:
        return values.map(len) > 0
    return values.notna() & ~values.isin(RESIDUAL)


@dataclass(frozen=True)
class CarriedFact:
    """What a report on this record can speak of.

    Attributes
    ----------
    only_deadly : bool
        Whether the record holds deadly attacks alone, as report.yml says: a share of deadly attacks means nothing.
    """

    made: Result
    only_deadly: bool

    @property
    def attacks(self) -> int:
        """Counted attacks of all quarters up to the edition's."""
        return int(self.made["attacks"].max() or 0)

    @property
    def never(self) -> tuple[str, ...]:
        """Fields that no row tells; none where there is no row."""
        return tuple(field for field, told in self.made.value.items() if not told) if self.attacks else ()

    @property
    def methods(self) -> bool:
        """Whether any row tells how it was done."""
        return "attack_method" not in self.never

    @property
    def targets(self) -> bool:
        """Whether enough rows tell what kind of target was attacked."""
        return not self.attacks or self.made.value["target_category"] >= ENOUGH * self.attacks

    @property
    def harm(self) -> bool:
        """Whether any row tells how many people were killed or wounded."""
        return not {"killed", "wounded"} <= set(self.never)

    @property
    def danger(self) -> bool:
        """Whether any row tells of harm, of a method or technique, or of how much was fired."""
        return not {"killed", "wounded", "attack_method", "techniques", "munition_count"} <= set(self.never)

    @property
    def authors(self) -> bool:
        """Whether any row says who attacked, or who is suspected."""
        return "attributed_to" not in self.never

    @property
    def claims(self) -> bool:
        """Whether any row tells of a claim."""
        return "claimed_by" not in self.never

    @property
    def shares(self) -> bool:
        """Whether a share of attacks that hurt somebody can mean anything."""
        return self.harm and not self.only_deadly


def carried_fact(ed: Edition) -> CarriedFact:
    """What the edition's record carries."""
    return CarriedFact(carried(ed), ed.campaign.only_deadly)
