"""What facts say of their doubts: a comparison with what its verdict survives, and whatever rests on one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from typing import Any

from incident_report.analysis.change import Change
from incident_report.analysis.key_findings import change_name
from incident_report.analysis.result import Result
from incident_report.analysis.robustness import Robustness, examine


class Doubted:
    """A fact whose verdict is that of a comparison, its `change`."""

    @property
    def change(self) -> Comparison | None:
        """The comparison; None where it cannot be made."""
        raise NotImplementedError

    @property
    def because(self) -> tuple[str, ...]:
        """What keeps the verdict from being a test's; ``no_count`` where a side is unknown."""
        return self.change.because if self.change else ("no_count",)

    @property
    def robust(self) -> Result | None:
        """The verdict under every declared variant; None where it is no key finding."""
        return self.change.robust if self.change else None

    @property
    def found(self) -> Robustness | None:
        """What it survives, as one object."""
        return self.robust.value if self.robust is not None else None

    @property
    def fragile(self) -> bool:
        """Whether one plausible kind of doubt flips the verdict."""
        return self.found is not None and self.found.fragile

    @property
    def survives(self) -> tuple[str, ...]:
        """Kinds of doubt that bear on it and under which it holds."""
        return self.found.survives if self.found else ()

    @property
    def flips(self) -> Mapping[str, Mapping[str, Any]]:
        """Kinds of doubt that change it, each with the first variant that does."""
        return self.found.flips if self.found else {}

    @property
    def holds_for(self) -> tuple[date, ...]:
        """Possible last days of the counts for which it stands; empty where they are stated."""
        return self.found.holds_for if self.found else ()


@dataclass(frozen=True)
class Comparison(Doubted):
    """One comparison with what its verdict survives; everything of a `Change` can be asked of it.

    Attributes
    ----------
    compared : Result
        That holds the comparison.
    made : Change
    """

    compared: Result
    made: Change

    def __getattr__(self, name: str) -> Any:
        if name.startswith("_") or name in ("compared", "made"):
            raise AttributeError(name)
        return getattr(self.made, name)

    @property
    def change(self) -> Comparison:
        """Itself."""
        return self

    @property
    def because(self) -> tuple[str, ...]:
        """What keeps the verdict from being a test's."""
        return self.made.because

    @property
    def name(self) -> str:
        """Of the finding: ``rockets.tally.baseline``."""
        return change_name(self.compared.edition, self.made.series, self.made.basis, self.made.kind)

    @cached_property
    def robust(self) -> Result | None:
        """The verdict under every declared variant; None for a comparison that is no key finding."""
        return examine(self.compared.edition, self.name)
