"""Where faults are collected while a folder is read, with a bound: rubbish must not fill the memory."""

from __future__ import annotations

from collections.abc import Iterator

from incident_report.data.model import Fault

MOST_FAULTS = 400_000  # 20,000 rows with every cell wrong are still listed one by one


class TooManyFaults(Exception):
    """The folder has more faults than anybody reads; the ledger holds them up to here."""


class Ledger:
    """The faults of one reading, in the order in which they were found."""

    def __init__(self) -> None:
        self._faults: list[Fault] = []
        self.failed = False

    def append(self, fault: Fault) -> None:
        """Take a fault.

        Raises
        ------
        TooManyFaults
            When the ledger is full; its last line then says so.
        """
        self.failed = self.failed or fault.severity == "error"
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
        return iter(self._faults)
