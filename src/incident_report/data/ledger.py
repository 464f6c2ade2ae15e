"""Where faults are collected while a folder is read, with a bound: rubbish must not fill the memory."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import replace

from incident_report.data.model import Fault
from incident_report.data.report import kind_of

MOST_FAULTS = 400_000  # 20,000 rows with every cell wrong are still listed one by one
MOST_ALIKE = 1_000  # warnings of a kind in a file; the rest are counted


class TooManyFaults(Exception):
    """The folder has more faults than anybody reads; the ledger holds them up to here."""


class Ledger:
    """The faults of one reading, in the order in which they were found."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self._alike: Counter[tuple[str | None, ...]] = Counter()
        self._last: dict[tuple[str | None, ...], int] = {}  # where the last that is kept of a full kind stands
        self._more: Counter[int] = Counter()  # of its kind, not kept, by where it stands
        self.failed = False

    def append(self, fault: Fault) -> None:
        """Take a fault; of warnings of a kind in a file the first thousand, with how many more there were.

        Raises
        ------
        TooManyFaults
            When the ledger is full; its last line then says so.
        """
        if fault.severity == "warning":
            self._warn(fault)
            return
        self.failed = True
        self._keep(fault)

    def _warn(self, fault: Fault) -> None:
        kind = kind_of(fault)
        self._alike[kind] += 1
        if self._alike[kind] <= MOST_ALIKE:
            self._last[kind] = len(self._faults)
            self._keep(fault)
            return
        self._more[self._last[kind]] += 1 + fault.more

    def _keep(self, fault: Fault) -> None:
        if len(self._faults) < MOST_FAULTS:
            self._faults.append(fault)
            return
        if len(self._faults) == MOST_FAULTS:
            words = f"and at least 1 fault more: more than {MOST_FAULTS:,} were found, and the check stopped here"
            self._faults.append(Fault(fault.file, words, line=fault.line))
            self.failed = True
        raise TooManyFaults

    def extend(self, faults: list[Fault]) -> None:
        """Take several."""
        for fault in faults:
            self.append(fault)

    def __iter__(self) -> Iterator[Fault]:
        for at, fault in enumerate(self._faults):
            yield replace(fault, more=fault.more + self._more[at]) if at in self._more else fault
