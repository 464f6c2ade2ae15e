"""What facts say of their doubts: a comparison with what its verdict survives, and whatever rests on one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

from incident_report.analysis.change import Change, Verdict
from incident_report.analysis.comparisons import change_name
from incident_report.analysis.counts import Count
from incident_report.analysis.remember import kept_property
from incident_report.analysis.result import Result
from incident_report.data.model import Series
from incident_report.periods import Period

if TYPE_CHECKING:
    from incident_report.analysis.robustness import Robustness


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
    def denied(self) -> bool:
        """Whether more attacks are documented than the counts' fall would leave: a tally that the rows deny."""
        return "rows_deny" in self.because

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

    @kept_property
    def robust(self) -> Result | None:
        """The verdict under every declared variant; None for a comparison that is no key finding."""
        from incident_report.analysis.robustness import examine  # what it needs costs half a second to load

        return examine(self.compared.edition, self.name)


@dataclass(frozen=True)
class Level(Doubted):
    """One series on one basis: its counts and the comparison with the baseline.

    Attributes
    ----------
    counts : Result
        Every period so far.
    change, year_so_far : Comparison or None
        Against the baseline and the year so far; None where there is nothing to compare.
    """

    series: Series
    basis: str
    period: str
    baseline: str
    counts: Result
    compared: Result

    @kept_property
    def change(self) -> Comparison | None:
        """Against the baseline; None where either side is unknown."""
        return self.against("baseline")

    @kept_property
    def year_so_far(self) -> Comparison | None:
        """Against the quarters of the year before this one; None where there are none that are known."""
        return self.against("year_so_far")

    def against(self, kind: str) -> Comparison | None:
        """The comparison of a kind; None where it cannot be made."""
        return next((Comparison(self.compared, c) for c in self.compared if c.kind == kind), None)

    @property
    def verdict(self) -> Verdict:
        """Of the comparison with the baseline; where none can be made, the two are not comparable."""
        return self.change.verdict if self.change else Verdict.NOT_COMPARABLE

    @property
    def counted(self) -> bool:
        """Whether there is anything to tell of the quarter: an attack, or a comparison."""
        return bool(self.change or self.now)

    @property
    def counted_in_either(self) -> bool:
        """Whether an attack is counted in the quarter or in the baseline."""
        return bool(self.now or (self.change and self.change.count_before))

    @property
    def known(self) -> bool:
        """Whether the quarter has a count on this basis."""
        return self.now is not None

    @property
    def now(self) -> int | None:
        """The quarter's count; None is unknown, not zero."""
        return self.of(self.period)

    @property
    def before(self) -> int | None:
        """The baseline's count."""
        return self.of(self.baseline) if self.baseline else None

    @property
    def count_now(self) -> Count | None:
        """The quarter's count with its window and limits."""
        return next((c for c in self.counts if c.period == self.period and c.count is not None), None)

    def of(self, period: str) -> int | None:
        """The count of a period such as ``2020Q1``; None is unknown.

        Raises
        ------
        ValueError
            If the text is no period.
        """
        Period.parse(period)
        return next((c.count for c in self.counts if c.period == period), None)

    def since(self, period: str = "") -> list[int | None]:
        """Counts from a period (default: the first known) to the quarter's, in order."""
        counts_ = list(self.counts)
        if not period:
            period = next((c.period for c in counts_ if c.count is not None), self.period)
        return [c.count for c in counts_ if period <= c.period <= self.period]
