"""Take the records out of executed notebooks."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path
from typing import Any

from incident_report.data.spreadsheet import csv_bytes
from incident_report.errors import BuildError
from incident_report.present.records import MIME


@dataclass(frozen=True)
class Found:
    """A record where it was found."""

    notebook: str  # file name without suffix
    cell: str  # cell id
    kind: str  # figure, table or prose
    content: Mapping[str, Any]

    @property
    def id(self) -> str:
        """Unique in the report."""
        return str(self.content["id"])

    def csv(self) -> bytes:
        """The data behind a figure or table: UTF-8, comma, LF; no cell that a spreadsheet would run."""
        data = self.content["data"]
        return csv_bytes([data["columns"], *data["rows"]])


def collect(executed: Mapping[Path, Any]) -> list[Found]:
    """Every record of the executed notebooks, in reading order.

    Raises
    ------
    BuildError
        If an id occurs twice; both places are named.
    """
    found: list[Found] = []
    for path, node in executed.items():
        for cell in node.cells:
            for output in cell.get("outputs", ()):
                content = output.get("data", {}).get(MIME)
                if content is not None:
                    found.append(Found(path.stem, str(cell.get("id", "")), content["kind"], content))
    places: dict[str, Found] = {}
    faults = []
    for one in found:
        first = places.setdefault(one.id, one)
        if first is not one:
            faults.append(
                f"{one.notebook}: cell {one.cell}: the id {one.id!r} was already used in "
                f"{first.notebook}, cell {first.cell}"
            )
    if faults:
        raise BuildError(*faults)
    return found


def held(records: Iterable[Found], name: str) -> list[Any]:
    """What the contents of all records hold under a name, such as ``trace``."""
    return list(chain.from_iterable(one.content.get(name, ()) for one in records))
