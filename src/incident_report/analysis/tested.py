"""One test of the family of trends as a fact: its verdict, why there is none, and what would flip it."""

from __future__ import annotations

from dataclasses import dataclass

from incident_report.analysis.change import Verdict
from incident_report.analysis.edition import Edition
from incident_report.analysis.remember import kept_property
from incident_report.analysis.result import Result
from incident_report.analysis.robustness import Robustness, examine
from incident_report.analysis.trends import Trend, trend_tests
from incident_report.periods import Period


@dataclass(frozen=True)
class Tested:
    """One test out of the family of trends, with its doubts."""

    tests: Result
    name: str

    @property
    def trend(self) -> Trend | None:
        """The test; None where it cannot be made."""
        return next((t for t in self.tests.value if t.name == self.name), None)

    @property
    def verdict(self) -> Verdict:
        """Its verdict, adjusted with the family; where none can be made, there is too little to say."""
        return self.trend.verdict if self.trend else Verdict.TOO_FEW

    @property
    def because(self) -> tuple[str, ...]:
        """Why there is no verdict of its own test, as for `Change`."""
        return self.trend.because if self.trend else ("few",)

    @property
    def quarters(self) -> tuple[Period, ...]:
        """Quarters that it compares."""
        return self.trend.quarters if self.trend else ()

    @property
    def n(self) -> int:
        """Attacks that it rests on."""
        return self.trend.n if self.trend else 0

    @kept_property
    def examined(self) -> Result | None:
        """The same under every declared doubt; None where there is nothing to examine."""
        return examine(self.tests.edition, self.name)

    @property
    def found(self) -> Robustness | None:
        """What it survives and what flips it."""
        return self.examined.value if self.examined is not None else None

    @property
    def fragile(self) -> bool:
        """Whether one plausible kind of doubt flips the verdict."""
        return self.found is not None and self.found.fragile


def tested(ed: Edition, series: str, name: str) -> Tested:
    """One test by name, such as ``munitions.trend``."""
    return Tested(trend_tests(ed, series=series), name)
